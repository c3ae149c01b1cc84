#!/bin/sh
# thorough, one of the demo's agents: talks a lot in true colour, reports its progress to the terminal (OSC 9;4).
here=$(dirname "$0")
if [ "${1:-}" = --version ]; then
    echo 'thorough 3.0.1'
    exit 0
fi
. "$here/lib.sh"
. "$here/plot.sh"
. "$here/work.sh"

# percent N
percent() {
    printf '%s]9;4;1;%s%s\\' "$esc" "$1" "$esc"
}

head_line() {
    printf '\n%s %s\n' "$(colour '1;38;2;255;175;95' '●')" "$(colour 1 "$1")"
}

prose() {
    printf '%s\n' "$(colour '38;2;168;168;180' "$1")"
    pause 0.9
}

percent 0
head_line "thorough 3.0.1 · $workstream · attempt $attempt"
prose "  I read the prompt ($(wc -l <"$prompt_file") lines) and look at the repository before I change anything."
percent 10
git log --oneline -n 3 | sed 's/^/    /'
head_line "Read $(file)"
[ ! -f "$(file)" ] || sed -n '1,8s/^/    /p' "$(file)"
pause 1.2
percent 25
case $(plot thorough) in
    refuse)
        prose '  The old format has no specification here, and two of its fields could mean prices or dates.'
        prose '  Guessing would write wrong prices into the catalogue without anybody noticing.'
        percent 40
        pause 1
        head_line 'result: error (refusal): I will not guess what columns 14 to 20 mean; somebody has to say'
        exit 1
        ;;
esac
prose "  What failed before may fail again: a 429 or an authentication_error is not mine to fix, so I only note it."
percent 40
head_line 'Plan'
prose "  1. change $(file)   2. run the tests of $(module)   3. read the difference once more"
percent 55
head_line "Edit $(file)"
work right
pause 1.5
difference
percent 75
head_line "Run sh tests/run.sh $(module)"
tests
pause 1.5
percent 90
head_line 'Review'
prose '  The change is small, the tests pass, nothing else is touched.'
percent 100
head_line "result: success ($(git diff --shortstat | sed 's/^ //'))"
printf '%s]9;4;0;%s\\' "$esc" "$esc"
