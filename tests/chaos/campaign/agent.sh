#!/bin/sh
# An agent that writes numbered lines, and notes beside its log what it has written and how it ends.
ws=$OSTLER_WORKSTREAM
a=$OSTLER_ATTEMPT
out=$CHAOS_ROUND/out
# The whole tree inherits the lock: an agent that finds it held has met another attempt's processes.
exec 9>>"$out/$ws.lock"
flock -n 9 || echo "$ws attempt $a (pid $$) met: $(tail -n 1 "$out/$ws.holder" 2>/dev/null)" >> "$out/collisions"
echo "attempt $a pid $$" >> "$out/$ws.holder"
echo "$ws $a $$" >> "$out/starts"
# Its log may be on a disk that is full for a while, and then takes a part of a line or nothing.
say() { until echo "$1" 2>>"$out/full"; do sleep 0.1; echo 2>>"$out/full"; done; }
count=20 fast=0.02 slow=0.1 code=0 nasty=none
[ -f "$CHAOS_ROUND/plan/$ws.$a" ] && . "$CHAOS_ROUND/plan/$ws.$a"
spin='while :; do sleep 0.3; done'
case $nasty in
    ignorer) sh -c "trap '' TERM HUP; $spin" & ;;
    session) setsid sh -c "$spin" & ;;
    daemon) (setsid sh -c "exec </dev/null >/dev/null 2>&1 9>&-; $spin" &) ;;
    forker) sh -c "trap '' TERM; while :; do (sleep 0.3 &); sleep 0.05; done" & ;;
    stopped) sleep 1000 & kill -STOP $! ;;
    stubborn) trap '' TERM ;;
    cleaned) (env -i CHAOS="$CHAOS_ROUND" setsid sh -c "exec 9>&-; $spin" "$CHAOS_ROUND" &) ;;
esac
echo "$a $$" >> work.txt
i=1
while [ "$i" -le "$count" ]; do
    say "L $a $i."
    echo "$i" >> "$out/$ws.$a.n"
    case $((i % 4)) in
        0) sleep "$slow" ;;
        2) sleep "$fast" ;;
    esac
    i=$((i + 1))
done
say "END $a $code."
echo "$code" >> "$out/$ws.$a.code"
exit "$code"
