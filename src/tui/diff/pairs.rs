//! Which of the lines that were added took the place of which that were removed.

/// Blocks with more comparisons than this are paired in their order.
const MOST: usize = 2_500;
/// Of a line that is longer, in bytes, only its beginning is looked at.
const LINE: usize = 500;
/// Lines of a pair have at least this share of their letters in common, in per cent.
const LEAST: usize = 40;

/// Returns the pairs, each by its places among the removed and the added lines, in the order of both. Those that are alike
/// are found so that all of them together have as much in common as can be.
pub(super) fn pairs(removed: &[&str], added: &[&str]) -> Vec<(usize, usize)> {
    if removed.len() * added.len() > MOST {
        return (0..removed.len().min(added.len())).map(|place| (place, place)).collect();
    }
    let before: Vec<Vec<&str>> = removed.iter().map(|line| words(line)).collect();
    let after: Vec<Vec<&str>> = added.iter().map(|line| words(line)).collect();
    let like = before.iter().map(|one| after.iter().map(|other| alike(one, other)).collect());
    let like: Vec<Vec<usize>> = like.collect();
    best(&like, added.len())
}

/// Finds the pairs with the highest sum, none of which cross.
fn best(like: &[Vec<usize>], columns: usize) -> Vec<(usize, usize)> {
    let at = |table: &[Vec<usize>], row: usize, column: usize| {
        table.get(row).and_then(|row| row.get(column)).copied().unwrap_or(0)
    };
    // The highest sum for what lies behind each place.
    let mut sums = vec![vec![0; columns + 1]; like.len() + 1];
    for row in (0..like.len()).rev() {
        for column in (0..columns).rev() {
            let this = at(like, row, column);
            let paired = if this > 0 { this + at(&sums, row + 1, column + 1) } else { 0 };
            let beside = at(&sums, row + 1, column).max(at(&sums, row, column + 1));
            if let Some(sum) = sums.get_mut(row).and_then(|row| row.get_mut(column)) {
                *sum = paired.max(beside);
            }
        }
    }
    let (mut row, mut column, mut found) = (0, 0, Vec::new());
    while row < like.len() && column < columns {
        let (this, sum) = (at(like, row, column), at(&sums, row, column));
        if this > 0 && sum == this + at(&sums, row + 1, column + 1) {
            found.push((row, column));
            (row, column) = (row + 1, column + 1);
        } else if sum == at(&sums, row + 1, column) {
            row += 1;
        } else {
            column += 1;
        }
    }
    found
}

/// Returns the words of a line in the order of the alphabet.
fn words(line: &str) -> Vec<&str> {
    let end = (0..=LINE.min(line.len())).rev().find(|end| line.is_char_boundary(*end));
    let begin = line.get(..end.unwrap_or(0)).unwrap_or_default();
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut words: Vec<&str> =
        begin.split(|c| !is_word(c)).filter(|word| !word.is_empty()).collect();
    words.sort_unstable();
    words
}

/// Says how much two lines have in common, from 1 to 100; 0 if that is too little.
fn alike(one: &[&str], other: &[&str]) -> usize {
    let letters = |words: &[&str]| words.iter().map(|word| word.len()).sum::<usize>();
    let (mut left, mut right) = (one.iter().peekable(), other.iter().peekable());
    let mut same = 0;
    while let (Some(here), Some(there)) = (left.peek(), right.peek()) {
        match here.cmp(there) {
            std::cmp::Ordering::Less => drop(left.next()),
            std::cmp::Ordering::Greater => drop(right.next()),
            std::cmp::Ordering::Equal => {
                same += here.len();
                left.next();
                right.next();
            }
        }
    }
    let share = (same * 200).checked_div(letters(one) + letters(other)).unwrap_or(0);
    if share >= LEAST { share } else { 0 }
}
