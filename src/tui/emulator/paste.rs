//! Pasted text as an agent's terminal sends it.

use super::Modes;

/// Returns what a paste sends: marked as one where the agent asked for that, with Return at the ends of lines where not.
///
/// Control characters are left out, so that no text can end the paste and go on as keys.
pub fn encode(text: &str, modes: Modes) -> String {
    let marked = modes.contains(Modes::BRACKETED_PASTE);
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    let kept: String =
        lines.chars().filter(|c| matches!(c, '\n' | '\t') || !c.is_control()).collect();
    if marked { format!("\x1b[200~{kept}\x1b[201~") } else { kept.replace('\n', "\r") }
}
