//! Files, found by typing some of their letters.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// So many are listed.
const MOST: usize = 100;

/// Returns the files that match what was typed, the best first, without those that were chosen.
pub fn found<'a>(typed: &str, files: &'a [String], chosen: &[String]) -> Vec<&'a str> {
    let left = files.iter().filter(|file| !chosen.contains(file)).map(String::as_str);
    if typed.trim().is_empty() {
        return left.take(MOST).collect();
    }
    let pattern = Pattern::parse(typed, CaseMatching::Smart, Normalization::Smart);
    let mut matcher = Matcher::new(Config::DEFAULT.match_paths());
    let mut buffer = Vec::new();
    let mut scored: Vec<(u32, &str)> = left
        .filter_map(|file| {
            let score = pattern.score(Utf32Str::new(file, &mut buffer), &mut matcher)?;
            Some((score, file))
        })
        .collect();
    scored.sort_by_key(|(score, file)| (std::cmp::Reverse(*score), file.len()));
    scored.into_iter().take(MOST).map(|(_, file)| file).collect()
}
