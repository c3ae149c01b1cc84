//! The first frame, moving around, and looking closer.

use super::stage::{leave, open};

#[test]
fn the_first_frame_has_it_all() {
    for size in [(80, 24), (160, 48)] {
        let (project, screen) = open(size);
        let text = screen.text();
        let first = text.lines().next().unwrap();
        for words in ["ostler", "repo", "1 running", "1 waiting for you", "1 done"] {
            assert!(first.contains(words), "{text}");
        }
        for words in ["Mend the fence", "Paint the door", "Sweep the yard"] {
            assert!(text.contains(words), "{text}");
        }
        // The chain tells which were tried and failed, and which runs; the state is a mark and a word.
        assert!(screen.shows("Mend the fence").contains("bad✖ ▶slow good"), "{text}");
        for words in ["running", "escalated", "done", "a · log · slow · attempt 2", "following"]
        {
            assert!(text.contains(words), "{text}");
        }
        let last = text.lines().last().unwrap();
        for words in ["x stop", "e escalate", ": commands", "? help"] {
            assert!(last.contains(words), "{text}");
        }
        project.touch("go");
        screen.shows("2 done");
        leave(screen);
    }
}

#[test]
fn the_selection_moves_and_its_log_with_it() {
    let (_project, screen) = open((80, 24));
    screen.key("j", "▸◐ b");
    screen.shows("b · log · bad · attempt 1");
    screen.shows("broken");
    screen.key("j", "▸✔ c");
    screen.shows("all is well");
    // There is nothing below the last one.
    screen.key("j", "▸✔ c");
    screen.key("k", "▸◐ b");
    screen.key("g", "▸● a");
    screen.key("G", "▸✔ c");
    screen.key("1", "▸● a");
    screen.key("\x1b[B", "▸◐ b");
    screen.key("\x1b[A", "▸● a");
    screen.key("w", "▸◐ b");
    leave(screen);
}

#[test]
fn the_log_fills_the_screen_and_gives_it_back() {
    let (_project, screen) = open((80, 24));
    screen.type_in("\r");
    screen.hides("Paint the door");
    screen.shows("at work");
    screen.type_in("\r");
    screen.shows("Paint the door");
    screen.type_in("z");
    screen.hides("Paint the door");
    screen.type_in("\x1b");
    screen.shows("Paint the door");
    leave(screen);
}

#[test]
fn help_and_palette_know_every_key() {
    let (_project, screen) = open((80, 24));
    screen.key("?", "Keys");
    screen.shows("next workstream, or one line down in the log");
    screen.key("G", "end every agent, then leave; asks first");
    screen.type_in("\x1b");
    screen.hides("end every agent");
    // By its name, an action does what its key does.
    screen.key(":", "Commands");
    screen.type_in("next-wai");
    screen.until("one action", |text| {
        (text.contains("next-waiting") && !text.contains("retry-from")).then_some(())
    });
    screen.key("\r", "▸◐ b");
    // And closes without doing anything.
    screen.key(":", "Commands");
    screen.type_in("\x1b");
    screen.hides("Commands");
    screen.shows("▸◐ b");
    leave(screen);
}

#[test]
fn why_tells_the_reasons_and_the_places() {
    let (project, screen) = open((100, 40));
    screen.key("i", "Why a");
    let agent = project.agent("a").unwrap();
    for words in ["✖ failed", "exit_code: it exited with 7", ".worktrees/a", "ostler/a"] {
        screen.shows(words);
    }
    screen.shows(&format!("agent {}, keeper {}", agent.pid, agent.keeper));
    screen.type_in("\x1b");
    screen.hides("Why a");
    leave(screen);
}
