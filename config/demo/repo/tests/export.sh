. tests/assert.sh
. lib/export.sh
line=$(export_json data/books.csv | awk '/9780141199610/ { print; exit }')
equal 'quotes in a title' '{"isbn":"9780141199610","title":"The \"Pickwick\" Papers","pence":1199}' "$line"
finish
