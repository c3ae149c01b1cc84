# What the demo's agents have in common. They are scripts, but everything around them is real: their processes, worktrees,
# edits, tests, exit codes and signals.
#
# OSTLER_DEMO_PACE stretches every wait (1 is normal, 0.1 ten times as fast), OSTLER_DEMO_RESET is the wait that a rate
# limit states, OSTLER_DEMO_SLOW how long a slow reply takes; both in seconds, and not stretched.
pace=${OSTLER_DEMO_PACE:-1}
reset=${OSTLER_DEMO_RESET:-6}
slow=${OSTLER_DEMO_SLOW:-15}
workstream=${OSTLER_WORKSTREAM:-ws-01}
attempt=${OSTLER_ATTEMPT:-1}
prompt_file=${1:-${OSTLER_PROMPT_FILE:-/dev/null}}
esc=$(printf '\033')

# pause SECONDS
pause() {
    sleep "$(awk -v s="$1" -v pace="$pace" 'BEGIN { printf "%.3f", s * pace }')"
}

# colour SGR TEXT...: prints without a line end
colour() {
    sgr=$1
    shift
    printf '%s[%sm%s%s[0m' "$esc" "$sgr" "$*" "$esc"
}

# holds FILE TEXT
holds() {
    awk -v text="$2" 'index($0, text) { found = 1; exit } END { exit !found }' "$1" 2>/dev/null
}

# difference: what has been changed, in colours
difference() {
    git --no-pager diff --no-ext-diff -U1 | awk -v esc="$esc" '
        /^(diff|index|---|\+\+\+)/ { next }
        /^@@/ { print esc "[36m" $0 esc "[0m"; next }
        /^\+/ { print esc "[32m" $0 esc "[0m"; next }
        /^-/ { print esc "[31m" $0 esc "[0m"; next }
        { print }' | head -n 24
}

# tests: runs those of the module that is worked on, in colours
tests() {
    sh tests/run.sh "$(module)" 2>&1 | awk -v esc="$esc" '
        /^ok/ { print "  " esc "[38;5;78m" $0 esc "[0m"; next }
        /^not ok/ { print "  " esc "[38;5;203m" $0 esc "[0m"; next }
        { print "  " $0 }'
}
