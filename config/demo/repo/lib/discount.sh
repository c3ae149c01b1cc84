# Discounts.

# discount PENCE COUNT: the price of COUNT copies that cost PENCE together
discount() {
    echo "$1"
}
