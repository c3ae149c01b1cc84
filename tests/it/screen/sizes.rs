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
    // Keys that could not be seen to do anything do nothing but leave.
    screen.type_in("x");
    screen.type_in("y");
    screen.resize(80, 24);
    screen.shows("Mend the fence");
    screen.key("j", "▸◐ b");
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
