#!/bin/sh
# steady, one of the demo's agents: wants a terminal, draws a bar, writes how far it is into the file $OSTLER_STATUS.
here=$(dirname "$0")
if [ "${1:-}" = --version ]; then
    echo 'steady 0.9 (2026-10-02)'
    exit 0
fi
. "$here/lib.sh"
. "$here/plot.sh"
. "$here/work.sh"

# bar N TEXT: of eight
bar() {
    drawn=$(awk -v n="$1" 'BEGIN { for (i = 1; i <= 8; i++) printf "%s", i <= n ? "██" : "░░" }')
    printf '\r%s[K%s %s/8 %s' "$esc" "$(colour 36 "$drawn")" "$1" "$2"
    [ -z "${OSTLER_STATUS:-}" ] || printf '%s/8 %s\n' "$1" "$2" >>"$OSTLER_STATUS"
}

say() {
    printf '\r%s[K%s %s\n' "$esc" "$(colour '1;36' steady)" "$*"
}

warn() {
    printf '\r%s[K%s %s\n' "$esc" "$(colour '1;33' '⚠ steady')" "$*"
}

bad() {
    printf '\r%s[K%s %s\n' "$esc" "$(colour '1;31' '✖ steady:')" "$*"
}

say "0.9 on $(git rev-parse --abbrev-ref HEAD), $(colour 2 "$(stty size 2>/dev/null || echo 'no terminal')")"
bar 0 'reading the prompt'
pause 1.2
bar 1 "reading $(file)"
pause 1.2
scenario=$(plot steady)
case $scenario in
    garbage)
        bar 2 'asking the model'
        pause 1.6
        warn 'the reply does not parse, asking again (1 of 2)'
        pause 1.2
        warn 'the reply does not parse, asking again (2 of 2)'
        pause 1
        bad 'the reply is not JSON: unexpected end of input at line 1 column 16'
        exit 1
        ;;
    crash)
        bar 2 'reading data/till-2008.txt'
        pause 1.6
        bar 3 'decoding the records'
        pause 1.2
        printf '\nsteady: lib/records.c:214: record_next: assertion failed\n' >&2
        ulimit -c 0
        kill -ABRT $$
        ;;
esac
bar 2 'asking the model'
pause 1.6
bar 3 'planning'
pause 1.4
say "plan: change $(colour 1 "$(file)"), then run the tests of $(module)"
bar 4 "editing $(file)"
work right
pause 1.4
printf '\n'
difference
bar 5 'running the tests'
pause 1.2
printf '\n'
tests
bar 6 'reading the difference'
pause 1.2
bar 7 'cleaning up'
pause 1
bar 8 'done'
printf '\n%s %s\n' "$(colour '1;32' '✔ steady: finished,')" "$(git diff --shortstat)"
