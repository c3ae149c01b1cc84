#!/bin/sh
# swift, one of the demo's agents: terse, counts its steps, commits what it has done, exits with 0 after some failures.
here=$(dirname "$0")
if [ "${1:-}" = --version ]; then
    echo 'swift 1.4.2'
    exit 0
fi
. "$here/lib.sh"
. "$here/plot.sh"
. "$here/work.sh"

# step N TEXT
step() {
    printf '%s %s\n' "$(colour '38;5;75' "[$1/6]")" "$2"
}

error() {
    printf '%s %s\n' "$(colour '1;38;5;196' 'swift: error:')" "$*" >&2
}

# scan: a figure that is written over
scan() {
    for percent in 12 37 58 81 100; do
        printf '\r%s' "$(colour '38;5;245' "      scanning $percent % of $(git ls-files | awk 'END { print NR }') files")"
        pause 0.25
    done
    printf '\r%s[K' "$esc"
}

think() {
    for dots in . .. ... ....; do
        printf '\r%s' "$(colour '38;5;141' "      waiting for the model $dots")"
        pause "$1"
    done
    printf '\r%s[K' "$esc"
}

# Waits as a tool does whose service has gone silent: it does not end when it is asked to, and neither does its child.
hang() {
    trap 'printf "swift: asked to end, but the request is still open\n" >&2' TERM
    (trap '' TERM; sleep 600) &
    child=$!
    while kill -0 "$child" 2>/dev/null; do
        wait "$child"
    done
}

begin() {
    printf '%s  model %s  %s\n' "$(colour '1;38;5;208' 'swift 1.4.2')" "$(colour '38;5;180' swift-mini)" \
        "$(colour '38;5;245' "attempt $attempt of $workstream")"
    printf '%s\n' "$(colour '38;5;245' "prompt: $(wc -c <"$prompt_file") bytes")"
    pause 0.8
    step 1 "reading $(file)"
    scan
}

finish_work() {
    step 2 "reading tests for $(module)"
    pause 1.2
    step 3 'planning the change'
    think 0.6
    step 4 "editing $(file)"
    work "$1"
    pause 1.4
    difference
    step 5 'running the tests'
    pause 1
    tests
    [ "$1" = right ] || printf '%s the tests of %s do not pass yet; trusting the plan\n' \
        "$(colour '38;5;220' 'swift: warning:')" "$(module)" >&2
    step 6 'committing'
    git add -A
    git -c user.name=swift -c user.email=swift@example.invalid commit -q -m "$(module): as asked" >/dev/null 2>&1
    pause 0.8
    printf '%s %s\n' "$(colour '1;38;5;78' 'swift: done,')" "$(git rev-parse --short HEAD)"
}

begin
case $(plot swift) in
    ok) finish_work right ;;
    wrong) finish_work wrong ;;
    slow)
        step 2 "reading tests for $(module)"
        printf '%s the model is slow today\n' "$(colour '38;5;220' 'swift: warning:')" >&2
        sleep "$slow"
        finish_work right
        ;;
    reset)
        step 2 "reading tests for $(module)"
        think 0.5
        printf '%s connection reset by peer, retrying in 1 s\n' "$(colour '38;5;220' 'swift: warning:')" >&2
        pause 1
        error 'connection reset by peer (os error 104) while reading the reply'
        exit 1
        ;;
    rate_limit)
        think 0.4
        error "429 Too Many Requests (rate_limit_error): 50 requests a minute; retry after $reset s"
        exit 1
        ;;
    auth)
        think 0.3
        error '401 authentication_error: invalid x-api-key'
        printf 'Set SWIFT_API_KEY, or run `swift login`.\n' >&2
        exit 0
        ;;
    overflow)
        step 2 "reading tests for $(module)"
        think 0.5
        error 'prompt is too long: 212408 tokens, 200000 at most'
        exit 1
        ;;
    hang)
        step 2 "reading tests for $(module)"
        think 0.5
        printf '%s\n' "$(colour '38;5;245' '      request sent, waiting for the first token')"
        hang
        ;;
esac
