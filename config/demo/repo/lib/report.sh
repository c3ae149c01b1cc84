# What was sold.

# monthly FILE: month and pence, one month a line
monthly() {
    echo "report: not written yet" >&2
    return 1
}
