# The till's own format, from before 2009: ISBN in columns 1 to 13, pence in 14 to 20, title from 21.

# import_legacy FILE: the same as lines of data/books.csv, author and stock unknown
import_legacy() {
    echo "import: not written yet" >&2
    return 1
}
