. tests/assert.sh
entries=$(awk '/^## /{ here = ($2 == "Next") } here && /^- /{ n++ } END { print n + 0 }' CHANGELOG.md)
equal 'entries under Next' 3 "$entries"
finish
