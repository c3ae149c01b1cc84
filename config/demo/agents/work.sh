# The work itself: every workstream's module, the file it changes, and the change.

module() {
    case $workstream in
        ws-01) echo price ;;
        ws-02) echo stock ;;
        ws-03) echo search ;;
        ws-04) echo export ;;
        ws-05) echo catalogue ;;
        ws-06) echo report ;;
        ws-07) echo discount ;;
        ws-08) echo receipt ;;
        ws-09) echo changelog ;;
        *) echo import ;;
    esac
}

file() {
    case $workstream in
        ws-05) echo data/books.csv ;;
        ws-09) echo CHANGELOG.md ;;
        *) echo "lib/$(module).sh" ;;
    esac
}

# change FILE SCRIPT...: edits a file by sed
change() {
    edited=$1
    shift
    sed "$@" "$edited" >"$edited.new" && cat "$edited.new" >"$edited" && rm -f "$edited.new"
}

# work VARIANT: makes the change; `wrong` makes one that the check does not pass
work() {
    case $workstream in
        ws-01) change lib/price.sh -e 's#echo $((\$1 \* 120 / 100))#echo $((($1 * 120 + 50) / 100))#' \
            -e 's#the price with VAT$#the price with VAT, rounded to whole pence#' ;;
        ws-02) holds lib/stock.sh 'reorder()' || cat >>lib/stock.sh <<'EOF'

# reorder FILE LIMIT TARGET: ISBN and count of what to order, for titles of which fewer than LIMIT are left
reorder() {
    awk -F, -v limit="$2" -v target="$3" \
        'NR > 1 && $5 + 0 < limit + 0 { print $1 "," target - $5 }' "$1"
}
EOF
            ;;
        ws-03) change lib/search.sh -e 's#index($2, word)#index(tolower($2), tolower(word))#' \
            -e 's#with WORD in their title$#with WORD in their title, in capitals or not#' ;;
        ws-04) cat >lib/export.sh <<'EOF'
# The catalogue for other programs.

# export_json FILE: one JSON object a line, quotes in titles escaped
export_json() {
    awk -F, 'NR > 1 {
        gsub(/"/, "\\\"", $2)
        printf "{\"isbn\":\"%s\",\"title\":\"%s\",\"pence\":%d}\n", $1, $2, $4
    }' "$1"
}
EOF
            ;;
        ws-05) { head -n 1 data/books.csv; tail -n +2 data/books.csv | sort -u -t , -k 1,1; } >data/books.new &&
            cat data/books.new >data/books.csv && rm -f data/books.new ;;
        ws-06) cat >lib/report.sh <<'EOF'
# What was sold.

# monthly FILE: month and pence, one month a line
monthly() {
    awk -F, 'NR > 1 { sold[substr($1, 1, 7)] += $4 } END { for (month in sold) print month, sold[month] }' "$1" | sort
}
EOF
            ;;
        ws-07) work_discount "${1:-right}" ;;
        ws-08) cat >lib/receipt.sh <<'EOF'
# What the customer takes home.

# receipt_line TITLE PENCE: one line of a receipt, 38 columns wide
receipt_line() {
    printf '%-30.30s %4d.%02d\n' "$1" $(($2 / 100)) $(($2 % 100))
}
EOF
            ;;
        ws-09) holds CHANGELOG.md 'Prices are rounded' || change CHANGELOG.md -e '/^## Next$/a\
\
- Prices are rounded to whole pence.\
- Sales are reported by month.\
- The catalogue can be exported with any title.' ;;
        *) work_import ;;
    esac
}

# The wrong variant takes 5 % off, as the prompt of an older version asked.
work_discount() {
    percent=10
    [ "$1" = right ] || percent=5
    cat >lib/discount.sh <<EOF
# Discounts.

# discount PENCE COUNT: the price of COUNT copies that cost PENCE together; $percent % off from three copies
discount() {
    if [ "\$2" -ge 3 ]; then
        echo \$((\$1 * $((100 - percent)) / 100))
    else
        echo "\$1"
    fi
}
EOF
}

work_import() {
    cat >lib/import.sh <<'EOF'
# The till's own format, from before 2009: ISBN in columns 1 to 13, pence in 14 to 20, title from 21.

# import_legacy FILE: the same as lines of data/books.csv, author and stock unknown
import_legacy() {
    awk '{ print substr($0, 1, 13) "," substr($0, 21) ",," substr($0, 14, 7) + 0 "," }' "$1"
}
EOF
}
