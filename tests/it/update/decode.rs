//! Bytes of terminals: what they mean, whole, in pieces and broken.

use crossterm::event::{
    Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};
use ostler::tui::input::decode::{Decoder, unmarked_paste};
use proptest::prelude::*;

fn decode(bytes: &[u8]) -> Vec<Event> {
    let mut events = Vec::new();
    Decoder::default().feed(bytes, &mut events);
    events
}

fn key(code: KeyCode, modifiers: KeyModifiers) -> Event {
    Event::Key(KeyEvent::new(code, modifiers))
}

#[test]
fn keys_of_many_terminals() {
    const NONE: KeyModifiers = KeyModifiers::NONE;
    const CTRL: KeyModifiers = KeyModifiers::CONTROL;
    const ALT: KeyModifiers = KeyModifiers::ALT;
    const SHIFT: KeyModifiers = KeyModifiers::SHIFT;
    for (bytes, code, modifiers) in [
        ("a", KeyCode::Char('a'), NONE),
        ("R", KeyCode::Char('R'), NONE),
        ("é", KeyCode::Char('é'), NONE),
        ("漢", KeyCode::Char('漢'), NONE),
        ("🐎", KeyCode::Char('🐎'), NONE),
        ("\r", KeyCode::Enter, NONE),
        ("\t", KeyCode::Tab, NONE),
        ("\x7f", KeyCode::Backspace, NONE),
        ("\x03", KeyCode::Char('c'), CTRL),
        ("\x1a", KeyCode::Char('z'), CTRL),
        ("\0", KeyCode::Char(' '), CTRL),
        ("\x1d", KeyCode::Char(']'), CTRL),
        ("\x1bx", KeyCode::Char('x'), ALT),
        ("\x1bé", KeyCode::Char('é'), ALT),
        ("\x1b[A", KeyCode::Up, NONE),
        ("\x1bOB", KeyCode::Down, NONE),
        ("\x1b[1;5C", KeyCode::Right, CTRL),
        ("\x1b[H", KeyCode::Home, NONE),
        ("\x1b[1~", KeyCode::Home, NONE),
        ("\x1b[4~", KeyCode::End, NONE),
        ("\x1b[3~", KeyCode::Delete, NONE),
        ("\x1b[5~", KeyCode::PageUp, NONE),
        ("\x1b[6;2~", KeyCode::PageDown, SHIFT),
        ("\x1b[Z", KeyCode::BackTab, NONE),
        ("\x1bOP", KeyCode::F(1), NONE),
        ("\x1b[15~", KeyCode::F(5), NONE),
        ("\x1b[17~", KeyCode::F(6), NONE),
        ("\x1b[24~", KeyCode::F(12), NONE),
        ("\x1b[[A", KeyCode::F(1), NONE),
        ("\x1b[27u", KeyCode::Esc, NONE),
        ("\x1b[113;5u", KeyCode::Char('q'), CTRL),
        ("\x1b[9;2u", KeyCode::BackTab, SHIFT),
        ("\x1b[13;2u", KeyCode::Enter, SHIFT),
        ("\x1b[97:65;2u", KeyCode::Char('a'), SHIFT),
        ("\x1b[57400u", KeyCode::Char('1'), NONE),
        ("\x1b[27;5;9~", KeyCode::Tab, CTRL),
    ] {
        assert_eq!(decode(bytes.as_bytes()), [key(code, modifiers)], "{bytes:?}");
    }
}

#[test]
fn a_key_that_is_let_go_is_told_apart() {
    let kind = |bytes: &[u8]| match decode(bytes).as_slice() {
        [Event::Key(event)] => event.kind,
        other => panic!("{other:?}"),
    };
    assert_eq!(kind(b"\x1b[106;1:1u"), KeyEventKind::Press);
    assert_eq!(kind(b"\x1b[106;1:2u"), KeyEventKind::Repeat);
    assert_eq!(kind(b"\x1b[106;1:3u"), KeyEventKind::Release);
    assert_eq!(kind(b"\x1b[1;1:3A"), KeyEventKind::Release);
}

#[test]
fn the_mouse() {
    let event = |kind, modifiers| Event::Mouse(MouseEvent { kind, column: 9, row: 4, modifiers });
    let none = KeyModifiers::NONE;
    for (bytes, kind, modifiers) in [
        ("\x1b[<0;10;5M", MouseEventKind::Down(MouseButton::Left), none),
        ("\x1b[<0;10;5m", MouseEventKind::Up(MouseButton::Left), none),
        ("\x1b[<2;10;5M", MouseEventKind::Down(MouseButton::Right), none),
        ("\x1b[<32;10;5M", MouseEventKind::Drag(MouseButton::Left), none),
        ("\x1b[<64;10;5M", MouseEventKind::ScrollUp, none),
        ("\x1b[<65;10;5M", MouseEventKind::ScrollDown, none),
        ("\x1b[<81;10;5M", MouseEventKind::ScrollDown, KeyModifiers::CONTROL),
    ] {
        assert_eq!(decode(bytes.as_bytes()), [event(kind, modifiers)], "{bytes:?}");
    }
}

#[test]
fn what_is_no_key_is_nothing() {
    for bytes in [
        "\x1b[?62;c",
        "\x1b[?2026;2$y",
        "\x1b]11;rgb:0000/0000/0000\x1b\\",
        "\x1b]11;rgb:0000/0000/0000\x07",
        "\x1bP>|xterm(370)\x1b\\",
        "\x1b_Gi=31;OK\x1b\\",
        "\x1b[I",
        "\x1b[O",
        "\x1b[M !!",
        "\x1b[<0;0;5M",
        "\x1b[<35;10;5M",
        "\x1b[99999999999;1u",
        "\x1b[57441u",
    ] {
        assert_eq!(decode(bytes.as_bytes()), [], "{bytes:?}");
        let after = decode(format!("{bytes}j").as_bytes());
        assert_eq!(after, [key(KeyCode::Char('j'), KeyModifiers::NONE)], "{bytes:?}");
    }
}

#[test]
fn broken_characters_are_left_out() {
    for bytes in [&b"\xff"[..], b"\x80", b"\xc3\x28", b"\xe2\x28\xa1", b"\xf8"] {
        let events = decode(bytes);
        assert!(events.len() <= 2, "{events:?}");
        assert!(events.iter().all(|event| matches!(event, Event::Key(_))));
    }
}

#[test]
fn a_paste_is_one_text_whatever_is_in_it() {
    let pasted = decode(b"\x1b[200~xX\ry\x1b[A\x03q\x1b[201~j");
    let text = Event::Paste("xX\ry\u{1b}[A\u{3}q".to_owned());
    assert_eq!(pasted, [text, key(KeyCode::Char('j'), KeyModifiers::NONE)]);
}

#[test]
fn a_paste_is_cut_where_it_is_too_long_and_its_end_is_still_found() {
    let mut bytes = b"\x1b[200~".to_vec();
    bytes.extend(std::iter::repeat_n(b'x', 1_000_000));
    bytes.extend(b"\x1b[201~q");
    let events = decode(&bytes);
    let [Event::Paste(text), last] = events.as_slice() else { panic!("{}", events.len()) };
    assert_eq!(text.len(), 64 * 1024);
    assert_eq!(*last, key(KeyCode::Char('q'), KeyModifiers::NONE));
}

#[test]
fn a_lone_esc_is_a_key_when_nothing_follows() {
    let mut decoder = Decoder::default();
    let mut events = Vec::new();
    decoder.feed(b"\x1b", &mut events);
    assert!(events.is_empty() && decoder.is_waiting());
    decoder.flush(&mut events);
    assert_eq!(events, [key(KeyCode::Esc, KeyModifiers::NONE)]);
    assert!(!decoder.is_waiting());
    events.clear();
    decoder.feed(b"[", &mut events);
    assert_eq!(events, [key(KeyCode::Char('['), KeyModifiers::NONE)], "typed after it");
}

/// Whatever a slow line cuts in two, and however late the rest comes, no letter is pressed that nobody typed.
#[test]
fn a_sequence_that_comes_in_pieces_presses_no_letters() {
    for bytes in ["\x1b[A", "\x1b[1;5C", "\x1b[<65;10;5M", "\x1b[200~xXyQ\x1b[201~", "\x1b[113;5u"]
    {
        for at in 1..bytes.len() {
            let mut decoder = Decoder::default();
            let mut events = Vec::new();
            for piece in [&bytes[..at], &bytes[at..]] {
                decoder.feed(piece.as_bytes(), &mut events);
                decoder.flush(&mut events);
            }
            let plain = |event: &&Event| {
                matches!(
                    event,
                    Event::Key(KeyEvent {
                        code: KeyCode::Char(_),
                        modifiers: KeyModifiers::NONE,
                        ..
                    })
                )
            };
            assert_eq!(events.iter().find(plain), None, "{bytes:?} cut at {at}: {events:?}");
        }
    }
}

#[test]
fn a_paste_that_is_not_marked_is_known_by_its_look() {
    assert!(is_pasted(&decode(b"cargo test\rquit xyz\r")));
    assert!(!is_pasted(&decode(b"jjjjjjjjjjjjjjjjjjjjkkkkkkkkkk")));
    assert!(!is_pasted(&decode(b"xy")));
    assert!(!is_pasted(&decode(
        b"\x1b[A\x1b[A\x1b[A\x1b[A\x1b[A\x1b[A\x1b[A\x1b[A\x1b[A\x1b[A\x1b[A\x1b[A"
    )));
    assert!(!is_pasted(&[]));
}

proptest! {
    #[test]
    fn pieces_mean_what_the_whole_means(
        bytes in prop::collection::vec(
            prop_oneof![any::<u8>(), Just(0x1b), Just(b'['), Just(b'M'), Just(b'~'), Just(b';')],
            0..200,
        ),
        cuts in prop::collection::vec(1_usize..10, 0..100),
    ) {
        let whole = decode(&bytes);
        let mut decoder = Decoder::default();
        let (mut events, mut rest) = (Vec::new(), &bytes[..]);
        for cut in cuts.into_iter().chain([bytes.len()]) {
            let (piece, after) = rest.split_at(cut.min(rest.len()));
            // A read of nothing but Ctrl-C is the one that means something of its own, in a paste.
            prop_assume!(piece != [0x03]);
            decoder.feed(piece, &mut events);
            rest = after;
        }
        prop_assert_eq!(events, whole);
    }
}

fn is_pasted(events: &[Event]) -> bool {
    unmarked_paste(events).is_some()
}
