#!/bin/sh
# Runs the tests of the named modules, or of all: sh tests/run.sh [MODULE...]
cd "$(dirname "$0")/.." || exit 2
[ $# -gt 0 ] || set -- price stock search discount receipt export report catalogue changelog import
failed=0
for module in "$@"; do
    printf '# %s\n' "$module"
    sh "tests/$module.sh" || failed=$((failed + 1))
done
if [ "$failed" -gt 0 ]; then
    printf '%d of %d modules failed\n' "$failed" "$#"
    exit 1
fi
if [ $# -eq 1 ]; then echo 'all tests passed'; else printf 'all %d modules passed\n' "$#"; fi
