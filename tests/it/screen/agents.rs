//! The view of the agents, on a real project.

use super::stage::{leave, open};

#[test]
fn a_breaker_is_held_and_closed_by_key() {
    let (project, screen) = open((100, 40));
    screen.key("b", "Fleet");
    for words in ["Agents", "success", "1 of 3 workstreams", "all closed"] {
        screen.shows(words);
    }
    screen.key("j", "▸? slow");
    screen.key("O", "Hold slow?");
    screen.shows("What runs goes on: a");
    screen.key("y", "slow: it is held (the operator holds it)");
    screen.shows("slow ■ held");
    screen.shows("Nothing starts with it until you close its breaker.");
    let said = project.ok(&["breaker", "slow"]);
    assert!(said.contains("slow: it is held (the operator holds it)"), "{said}");
    // The same as by hand, and the screen hears of it.
    project.ok(&["breaker", "slow", "open"]);
    screen.shows("slow ✖ open");
    screen.key("c", "slow: its breaker is closed again");
    screen.shows("all closed");
    screen.key("i", "All that is remembered");
    screen.type_in("\x1b");
    screen.hides("All that is remembered");
    screen.key("\x1b", "Paint the door");
    leave(screen);
}
