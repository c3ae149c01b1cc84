# What the customer takes home.

# receipt_line TITLE PENCE: one line of a receipt
receipt_line() {
    echo "$1 $2"
}
