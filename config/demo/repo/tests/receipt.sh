. tests/assert.sh
. lib/receipt.sh
equal 'a short title' 'Jane Eyre                         6.99' "$(receipt_line 'Jane Eyre' 699)"
equal 'a price below a pound' 'Bookmark                          0.50' "$(receipt_line Bookmark 50)"
finish
