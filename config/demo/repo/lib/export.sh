# The catalogue for other programs.

# export_json FILE: one JSON object a line
export_json() {
    awk -F, 'NR > 1 { printf "{\"isbn\":\"%s\",\"title\":\"%s\",\"pence\":%d}\n", $1, $2, $4 }' "$1"
}
