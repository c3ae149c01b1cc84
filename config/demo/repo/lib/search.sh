# Finding a book.

# search FILE WORD: ISBN and title of the books with WORD in their title
search() {
    awk -F, -v word="$2" 'NR > 1 && index($2, word) { print $1 " " $2 }' "$1"
}
