//! The sequence by which a terminal is asked to fill the clipboard, wrapped for what lies between.

use crossterm::Command as _;
use crossterm::clipboard::CopyToClipboard;

use crate::tui::terminal::Dialect;

/// Terminals take no more text than this at once, in bytes; some less.
pub const MOST: usize = 74_994;

/// GNU screen passes no longer strings on than this, in bytes.
const PART: usize = 240;

/// Returns what asks the terminal to put this into the clipboard; none if it is too long, or the terminal shows such
/// sequences as text.
///
/// Through tmux it is sent twice: tmux itself takes the first if its `set-clipboard` is on, and passes the second on if
/// its `allow-passthrough` is.
pub fn sequences(text: &str, environment: impl Fn(&str) -> Option<String>) -> Option<Vec<u8>> {
    let is_set = |name: &str| environment(name).is_some_and(|value| !value.is_empty());
    let kind = environment("TERM").unwrap_or_default();
    let may_show_it = !kind.is_empty() && Dialect::of(&kind) != Some(Dialect::Xterm);
    if text.len() > MOST || may_show_it {
        return None;
    }
    let mut plain = String::new();
    CopyToClipboard::to_clipboard_from(text).write_ansi(&mut plain).ok()?;
    let (in_tmux, in_screen) = (is_set("TMUX"), is_set("STY"));
    if in_tmux && in_screen {
        // Which is the inner one is not known, and it shows what is wrapped for the other.
        return Some(plain.into_bytes());
    }
    if in_tmux {
        let inner = plain.replace('\x1b', "\x1b\x1b");
        return Some(format!("{plain}\x1bPtmux;{inner}\x1b\\").into_bytes());
    }
    if in_screen {
        let bare = plain.trim_end_matches("\x1b\\").to_owned() + "\x07";
        let parts = bare.as_bytes().chunks(PART);
        return Some(parts.flat_map(|part| [b"\x1bP", part, b"\x1b\\"].concat()).collect());
    }
    Some(plain.into_bytes())
}
