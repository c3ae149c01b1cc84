# Sourced by the tests.
count=0
bad=0

# equal WHAT WANTED GOT
equal() {
    count=$((count + 1))
    if [ "$2" = "$3" ]; then
        printf 'ok %d - %s\n' "$count" "$1"
    else
        bad=$((bad + 1))
        printf 'not ok %d - %s: expected %s, got %s\n' "$count" "$1" "$2" "$3"
    fi
}

finish() {
    [ "$bad" -eq 0 ]
}
