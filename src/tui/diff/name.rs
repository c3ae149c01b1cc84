//! The names of files as git writes them in a patch.

/// Returns the path at the end of a line: without `a/` or `b/`, and without quotes and the escapes within them.
pub(super) fn path(text: &str, prefix: &str) -> Option<String> {
    // A path with spaces is followed by a tab.
    let text = text.trim_end_matches('\t');
    match text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
        Some(quoted) => unquoted(quoted).strip_prefix(prefix).map(str::to_owned),
        None => text.strip_prefix(prefix).map(str::to_owned),
    }
}

/// Returns the new path of `a/old b/new`, as far as that can be told.
pub(super) fn second(paths: &str) -> String {
    let at = paths.rfind(" b/").or_else(|| paths.rfind(" \"b/"));
    let found = at.and_then(|at| path(&paths[at + 1..], "b/"));
    found.unwrap_or_else(|| paths.to_owned())
}

fn unquoted(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        match rest.next() {
            Some(first @ b'0'..=b'3') => {
                // Three octal digits are a byte.
                let digits = [Some(first), rest.next(), rest.next()].into_iter().flatten();
                bytes.push(digits.fold(0, |byte: u8, digit| (byte << 3) | (digit & 7)));
            }
            Some(b'n') => bytes.push(b'\n'),
            Some(b't') => bytes.push(b'\t'),
            Some(other) => bytes.push(other),
            None => {}
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
