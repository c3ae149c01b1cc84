. tests/assert.sh
. lib/import.sh
line=$(import_legacy data/till-2008.txt 2>&1 | awk 'NR == 1')
equal 'a line of the old till' '9780141439600,A Tale of Two Cities,,799,' "$line"
finish
