//! Where in a long output the emulation begins.

use memchr::memmem::{find_iter, rfind};

/// What clears the whole screen: whatever was before it does not matter any more.
const CLEARS: &[&[u8]] = &[b"\x1bc", b"\x1b[?1049h", b"\x1b[2J"];

/// Returns where in these bytes, which begin in the middle of an output, the emulation begins: at the first place that
/// clears the screen, else after the first line, so that it is not within a sequence.
pub fn sane(bytes: &[u8]) -> usize {
    let clears = CLEARS.iter().filter_map(|clear| find_iter(bytes, clear).next());
    let line = || memchr::memchr(b'\n', bytes).map(|at| at + 1);
    clears.min().or_else(line).unwrap_or(0)
}

/// Returns the modes that the start of an output asks for, such as the other screen, keys and mouse: programs do that
/// once, and where the middle was skipped it would be missed.
pub fn modes(head: &[u8]) -> Vec<u8> {
    let mut found = Vec::new();
    // What came before the last reset is over.
    let from = rfind(head, b"\x1bc").unwrap_or(0);
    for at in find_iter(&head[from..], b"\x1b[") {
        let rest = &head[from + at..];
        let parameters = rest[2..].iter().take_while(|byte| (0x20..=0x3f).contains(*byte)).count();
        let is_private = matches!(rest.get(2), Some(b'?' | b'>' | b'<' | b'='));
        if is_private && matches!(rest.get(2 + parameters), Some(b'h' | b'l' | b'u')) {
            found.extend_from_slice(&rest[..parameters + 3]);
        }
    }
    found
}
