//! Terminals of all sizes, and their changes.

use super::stage::{leave, open};

#[test]
fn it_follows_every_change_and_says_when_there_is_no_room() {
    let (project, screen) = open((160, 48));
    screen.resize(60, 16);
    screen.until("small screen", |text| {
        (text.lines().count() == 16 && text.contains("Mend the fence") && text.contains("? help"))
            .then_some(())
    });
    let agent = project.agent("a").unwrap();
    screen.resize(50, 10);
    screen.shows("60");
    screen.hides("Mend the fence");
    // What could not be seen to do anything does nothing: no question opens, and no selection moves.
    screen.type_in("jx");
    screen.resize(80, 24);
    screen.shows("Mend the fence");
    screen.shows("▸● a");
    screen.key("j", "▸◐ b");
    assert!(!screen.text().contains("Stop"), "{}", screen.text());
    assert_eq!(project.agent("a"), Some(agent));
    screen.resize(1, 1);
    screen.resize(200, 60);
    screen.shows("Sweep the yard");
    leave(screen);
}

#[test]
fn it_can_be_left_whatever_its_size() {
    let (_project, screen) = open((80, 24));
    screen.resize(20, 4);
    screen.hides("Mend the fence");
    leave(screen);
}
