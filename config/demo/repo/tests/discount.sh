. tests/assert.sh
. lib/discount.sh
equal 'one copy' 1000 "$(discount 1000 1)"
equal 'two copies' 2000 "$(discount 2000 2)"
equal 'three copies' 2700 "$(discount 3000 3)"
finish
