. tests/assert.sh
. lib/stock.sh
equal 'fewer than 1' 'Jane Eyre' "$(low_stock data/books.csv 1)"
equal 'what to order' '9780141441146,6' "$(reorder data/books.csv 1 6 2>&1)"
finish
