#!/bin/sh
# Fails for the attempts that its plan names, after a moment.
echo "$OSTLER_WORKSTREAM $OSTLER_ATTEMPT $$" >> "$CHAOS_ROUND/out/checks"
sleep 0.4
for bad in $(cat "$CHAOS_ROUND/plan/$OSTLER_WORKSTREAM.check" 2>/dev/null); do
    [ "$bad" = "$OSTLER_ATTEMPT" ] && { echo "not yet"; exit 1; }
done
exit 0
