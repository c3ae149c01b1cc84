. tests/assert.sh
. lib/search.sh
equal 'a word as written' '9780141441146 Jane Eyre' "$(search data/books.csv Eyre)"
equal 'a word in small letters' '9780141441146 Jane Eyre' "$(search data/books.csv jane)"
equal 'a word that no title has' '' "$(search data/books.csv zebra)"
finish
