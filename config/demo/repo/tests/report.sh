. tests/assert.sh
. lib/report.sh
equal 'pence by month' '2026-01 2797 2026-02 4395 2026-03 1299' "$(monthly data/orders.csv 2>&1 | paste -s -d ' ' -)"
finish
