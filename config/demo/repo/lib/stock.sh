# What is on the shelves.

# low_stock FILE LIMIT: the titles of which fewer than LIMIT are left
low_stock() {
    awk -F, -v limit="$2" 'NR > 1 && $5 + 0 < limit + 0 { print $2 }' "$1"
}
