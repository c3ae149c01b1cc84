//! The live terminal of an agent: drawn, typed into, resized, left.

use ostler::core::phase::PhaseWord;

use super::stage::leave;
use crate::project::Project;
use crate::pty::Terminal;

/// A program that fills the screen, tells its size and its keys, and does what no program should.
const AGENT: &str = r#"
stty raw -echo min 1 time 0
draw() {
  printf '\033[2J\033[1;1H\033[44mBOARD\033[0m %s\033[3;3Hlast: %s\033[5;1H' "$(stty size)" "$last"
}
trap draw WINCH
printf '\033[?1049h\033[?1h\033]0;EVIL\007\033]52;c;aGFjaw==\007\033[?1003h\033[?1006h'
draw
while :; do
  key=$(dd bs=64 count=1 2>/dev/null | od -An -tx1 | tr -d ' \n')
  [ -n "$key" ] || continue
  last=$key
  # Keys that came together are read together.
  case $key in *7a) break ;; esac
  draw
done
printf '\033[?1049l'
echo x > x
"#;

fn open(size: (u16, u16)) -> (Project, Terminal) {
    let script: String =
        AGENT.lines().fold(String::new(), |all, line| all + "        " + line + "\n");
    let project = Project::new(&format!(
        "agents:\n  board:\n    io: pty\n    command:\n      - sh\n      - -c\n      - |\n{script}\nworkstreams:\n  - {{ id: a, title: Play, prompt: do it, chain: [board] }}\n"
    ));
    let screen = project.screen(size);
    project.until_running("a");
    screen.shows("running");
    project.until("its output", || project.log("a", 1).contains("BOARD").then_some(()));
    (project, screen)
}

#[test]
fn an_agent_is_driven_in_its_own_terminal() {
    let (project, mut screen) = open((160, 48));
    screen.key("A", "a · terminal · board · attempt 1");
    screen.shows("Ctrl-Q back to ostler  ");
    screen.shows("Play");
    // Every key is its: those that mean something here, arrows in its form, the mouse, a paste.
    screen.key("q", "last: 71");
    // It was told how large its pane is.
    screen.shows("BOARD 43 85");
    screen.key("Q", "last: 51");
    screen.key("\x03", "last: 03");
    screen.key("\x1b[A", "last: 1b4f41");
    screen.key("\x1b[200~hi\x1b[201~", "last: 6869");
    screen.key("\x1b[<0;80;5M", "last: 1b5b3c303b");
    let blue = screen.look(|cells| {
        let (rows, columns) = cells.size();
        let all =
            (0..rows.get()).flat_map(|row| (0..columns.get()).map(move |column| (row, column)));
        let mut letters = all.filter_map(|(row, column)| cells.cell(row, column));
        letters.any(|cell| cell.contents() == "B" && cell.bgcolor() != vt100::Color::Default)
    });
    assert!(blue, "{}", screen.text());
    assert!(screen.look(|cells| !cells.hide_cursor()));
    // A smaller screen makes a smaller terminal.
    screen.resize(120, 30);
    screen.until("smaller size", |text| {
        let found = text.contains("BOARD 25 ").then_some(());
        if found.is_none() {
            screen.type_in("w");
        }
        found
    });
    // Nothing of it reached the operator's terminal.
    let bytes = screen.bytes();
    for evil in [&b"EVIL"[..], b"]52;", b"\x1b[?1003h", b"\x1b[?1h"] {
        assert!(memchr::memmem::find(&bytes, evil).is_none(), "{evil:?}");
    }
    screen.type_in("\x11");
    screen.hides("Ctrl-Q back to ostler");
    screen.shows("a · log · board · attempt 1");
    // Back again, as it was.
    // The log says the same; what comes together with `A` is nobody's.
    screen.key("A", "Ctrl-Q back to ostler");
    screen.shows("last: 77");
    screen.type_in("z");
    project.until_phase("a", PhaseWord::Done);
    // What is typed after its end does nothing here.
    screen.shows("the agent has ended");
    screen.type_in("q");
    screen.type_in("Q");
    screen.type_in("\x11");
    screen.hides("the agent has ended");
    assert!(!screen.has_ended());
    // None of the keys is in the journal.
    let files = project.log_path("a", 1);
    let journal = files.ancestors().nth(3).unwrap().join("journal.jsonl");
    let journal = std::fs::read_to_string(journal).unwrap();
    assert!(!journal.contains("6869") && !journal.contains("\"input\""), "{journal}");
    leave(screen);
}

#[test]
fn a_small_screen_gives_it_all_its_room() {
    let (_project, screen) = open((80, 24));
    screen.key("A", "Ctrl-Q back to ostler");
    screen.shows("last:");
    screen.hides("Play");
    screen.key("x", "last: 78");
    screen.shows("BOARD 19 77");
    screen.type_in("\x11");
    screen.shows("Play");
    screen.key("x", "Stop a?");
    screen.type_in("n");
    screen.hides("Stop a?");
    leave(screen);
}

#[test]
fn an_agent_without_a_terminal_says_how_to_get_one() {
    let (_project, screen) = super::stage::open((100, 30));
    screen.key("A", "`io: pty` gives it one");
    leave(screen);
}

#[test]
fn a_detached_agent_is_driven_through_its_worker() {
    let (project, screen) = open((160, 48));
    screen.key("d", "detached");
    project.until("another owner", || screen.text().contains("⇄ detached").then_some(()));
    screen.key("A", "Ctrl-Q back to ostler");
    screen.shows("last:");
    // While it changes hands, what is typed may be lost; after that, nothing is.
    screen.until("first key", |text| {
        let found = text.contains("last: 61").then_some(());
        if found.is_none() {
            screen.type_in("a");
        }
        found
    });
    for (key, hex) in [("b", "62"), ("c", "63")] {
        screen.type_in(key);
        screen.until(key, |text| {
            text.lines().any(|it| it.contains("last: ") && it.contains(hex)).then_some(())
        });
    }
    screen.type_in("\x11");
    screen.shows("a · log · board · attempt 1");
    leave(screen);
}
