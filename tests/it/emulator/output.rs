//! What an agent draws, and what it must not do.

use ostler::tui::clean::{Shape, shape, width};
use ostler::tui::emulator::{Emulator, Modes};
use ostler::tui::log::{Attributes, Ink};
use proptest::prelude::*;

fn shown(bytes: &[u8]) -> Vec<String> {
    let mut emulator = Emulator::new((20, 4));
    emulator.feed(bytes).unwrap();
    let lines = emulator.picture().unwrap().lines;
    lines.iter().map(|line| line.text().trim_end().to_owned()).collect()
}

#[test]
fn the_other_screen_is_left_without_a_trace() {
    assert_eq!(shown(b"one\x1b[?1049h\x1b[2J\x1b[2;3Htwo"), ["", "  two", "", ""]);
    assert_eq!(shown(b"one\x1b[?1049h\x1b[2J\x1b[2;3Htwo\x1b[?1049l"), ["one", "", "", ""]);
}

#[test]
fn wide_characters_and_marks_keep_their_columns() {
    assert_eq!(shown("日本|e\u{301}|".as_bytes()), ["日本|e\u{301}|", "", "", ""]);
    // Half of a wide character was written over.
    assert_eq!(shown("日本\x1b[1;2Hx".as_bytes())[0], " x本");
    assert_eq!(shown("\u{1f469}\u{200d}\u{1f467}|".as_bytes())[0], "\u{1f469}\u{1f467}|");
}

#[test]
fn colours_and_the_cursor_are_kept() {
    let mut emulator = Emulator::new((20, 4));
    emulator.feed(b"\x1b[1;38;2;1;2;3mrgb\x1b[0;7;44mblue\x1b[3;5H").unwrap();
    let picture = emulator.picture().unwrap();
    let spans = &picture.lines[0].spans;
    assert_eq!(spans[0].text, "rgb");
    assert_eq!(spans[0].sgr.fg, Ink::Rgb(1, 2, 3));
    assert!(spans[0].sgr.attributes.contains(Attributes::BOLD));
    assert_eq!(spans[1].sgr.bg, Ink::Indexed(4));
    assert!(spans[1].sgr.attributes.contains(Attributes::REVERSE));
    assert_eq!(picture.cursor, Some((4, 2)));
    emulator.feed(b"\x1b[?25l").unwrap();
    assert_eq!(emulator.picture().unwrap().cursor, None);
}

#[test]
fn questions_are_answered_and_nothing_else_leaves() {
    let mut emulator = Emulator::new((20, 4));
    emulator.feed(b"\x1b[2;3H\x1b[6n").unwrap();
    assert_eq!(emulator.replies(), "\x1b[2;3R");
    emulator.feed(b"\x1b[c").unwrap();
    assert!(emulator.replies().starts_with("\x1b[?"));
    // The clipboard, the title and the colours of the operator are nobody's business.
    emulator.feed(b"\x1b]52;c;?\x07\x1b]52;c;aGk=\x07\x1b]0;t\x07\x1b[21t\x1b]11;?\x07").unwrap();
    assert_eq!(emulator.replies(), "");
    emulator.feed(&b"\x1b[c".repeat(10_000)).unwrap();
    assert!(emulator.replies().len() <= 4096);
}

#[test]
fn modes_are_what_the_agent_asked_for() {
    let mut emulator = Emulator::new((20, 4));
    emulator.feed(b"\x1b[?1h\x1b[?2004h\x1b[?1002;1006h\x1b[>1u").unwrap();
    let modes = emulator.modes();
    for mode in [
        Modes::APP_CURSOR,
        Modes::BRACKETED_PASTE,
        Modes::MOUSE_DRAG,
        Modes::SGR_MOUSE,
        Modes::DISAMBIGUATE_ESC_CODES,
    ] {
        assert!(modes.contains(mode), "{mode:?}");
    }
}

#[test]
fn one_column_is_never_emulated() {
    let mut emulator = Emulator::new((0, 0));
    emulator.feed("日本語".as_bytes()).unwrap();
    emulator.resize((1, 1)).unwrap();
    emulator.feed("日本語".as_bytes()).unwrap();
}

/// Pieces of which hostile output is made.
fn piece() -> impl Strategy<Value = Vec<u8>> {
    let number = prop_oneof![0..5_u32, 0..200_u32, Just(65_535), Just(u32::MAX)];
    prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..40),
        (
            number.clone(),
            number,
            proptest::sample::select(b"ABCDEFGHJKLMPSTXZ@`abcdefghlmnqrstu".to_vec())
        )
            .prop_map(|(one, other, last)| {
                format!("\x1b[{one};{other}{}", char::from(last)).into_bytes()
            }),
        "[日本👩\u{200d}\u{301}\u{1f1e6}a-z\t]{0,30}".prop_map(String::into_bytes),
        proptest::sample::select(vec![
            b"\x1b[?1049h".to_vec(),
            b"\x1b[?1049l".to_vec(),
            b"\x1bc".to_vec(),
            b"\x1b[?6h".to_vec(),
            b"\x1b#8".to_vec(),
            b"\x1b(0".to_vec(),
            b"\x1b[?2026h".to_vec(),
            b"\x1b]0;unended".to_vec(),
        ]),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn hostile_output_stays_in_its_pane(
        pieces in proptest::collection::vec((piece(), 0..60_u16, 0..20_u16), 1..40),
    ) {
        let mut emulator = Emulator::new((40, 10));
        let mut size = (40, 10);
        for (bytes, columns, rows) in pieces {
            if columns % 7 == 0 {
                size = (columns.max(2), rows.max(1));
                if emulator.resize(size).is_err() {
                    emulator = Emulator::new(size);
                }
            }
            if emulator.feed(&bytes).is_err() {
                emulator = Emulator::new(size);
            }
            let Ok(picture) = emulator.picture() else { continue };
            prop_assert_eq!(picture.lines.len(), usize::from(size.1));
            for line in &picture.lines {
                let text = line.text();
                prop_assert!(width(&text) <= usize::from(size.0), "{:?}", text);
                prop_assert!(text.chars().all(|c| shape(c) != Shape::Nothing), "{:?}", text);
            }
        }
    }
}
