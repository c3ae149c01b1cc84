//! The word that somebody may have meant.

/// Returns the word that is most like this one, if one is like it at all.
pub(super) fn nearest<'a>(word: &str, among: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |text: &str| text.to_lowercase().replace(['-', '_', ' '], "");
    let scored = among
        .into_iter()
        .map(|other| (strsim::normalized_damerau_levenshtein(&plain(word), &plain(other)), other));
    let best = scored.max_by(|a, b| a.0.total_cmp(&b.0))?;
    (best.0 >= 0.6).then_some(best.1)
}

/// Asks whether the nearest word was meant, or else lists what there is.
pub(super) fn hint<'a>(
    word: &str,
    what: &str,
    among: impl IntoIterator<Item = &'a str> + Clone,
) -> Option<String> {
    if let Some(near) = nearest(word, among.clone()) {
        return Some(format!("did you mean `{near}`?"));
    }
    let list: Vec<String> = among.into_iter().map(|other| format!("`{other}`")).collect();
    (!list.is_empty()).then(|| format!("{what}: {}", list.join(", ")))
}
