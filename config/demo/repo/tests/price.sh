. tests/assert.sh
. lib/price.sh
equal 'gross of 1000' 1200 "$(gross 1000)"
equal 'gross of 799 is rounded up' 959 "$(gross 799)"
equal 'gross of 1001 is rounded down' 1201 "$(gross 1001)"
equal 'pounds of 959' 9.59 "$(pounds 959)"
finish
