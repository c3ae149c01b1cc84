. tests/assert.sh
numbers=$(awk -F, 'NR > 1 { print $1 }' data/books.csv)
twice=$(echo "$numbers" | sort | uniq -d | paste -s -d ' ' -)
equal 'no book is listed twice' '' "$twice"
equal 'books are sorted by ISBN' "$(echo "$numbers" | sort | paste -s -d ' ' -)" "$(echo "$numbers" | paste -s -d ' ' -)"
finish
