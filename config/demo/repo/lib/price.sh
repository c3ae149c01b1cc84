# Prices are whole pence; VAT is 20 %.

# gross NET: the price with VAT
gross() {
    echo $(($1 * 120 / 100))
}

# pounds PENCE: 1234 becomes 12.34
pounds() {
    printf '%d.%02d\n' $(($1 / 100)) $(($1 % 100))
}
