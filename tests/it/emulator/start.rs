//! Where a long output is taken up.

use ostler::tui::emulator::start::{modes, sane};

#[test]
fn it_begins_where_the_screen_is_cleared() {
    assert_eq!(sane(b"31mhalf\nline\x1b[2Jafter\x1b[2J"), 12);
    assert_eq!(sane(b"31mhalf\nline"), 8);
    assert_eq!(sane(b"no end of a line"), 0);
}

#[test]
fn modes_of_the_start_are_kept() {
    let head =
        b"old\x1b[?9h\x1bc\x1b[?1049h\x1b[1;1Htext\x1b[31m\x1b[?1h\x1b[?1000;1006h\x1b[>1u\x1b[?25";
    assert_eq!(modes(head), b"\x1b[?1049h\x1b[?1h\x1b[?1000;1006h\x1b[>1u");
}
