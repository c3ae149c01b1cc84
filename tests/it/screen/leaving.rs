//! to be written
use crate::project::Project;

#[test]
fn try_it() {
    let project = Project::new(
        "
on: { exit_code: next }
agents:
  slow: { command: [sh, -c, 'n=0; while [ ! -e $HOME/go ]; do n=$((n+1)); echo line $n; sleep 0.1; done; echo x > x'] }
  bad: { command: [sh, -c, 'echo broken; exit 7'] }
workstreams:
  - { id: a, title: Do A, prompt: do it, chain: [bad, slow] }
  - { id: b, title: Do B, prompt: do it, chain: [slow] }
  - { id: c, title: Do C, prompt: do it, chain: [bad] }
",
    );
    for size in [(80, 24), (160, 48)] {
        let mut screen = project.screen(size);
        screen.shows("line 5");
        println!("{}", screen.text());
        screen.type_in("q");
        println!("{:?}", screen.join());
        screen.assert_restored();
        println!("{}", screen.text());
    }
    let mut screen = project.screen((80, 24));
    screen.shows("line 5");
    for key in ["?", "\x1b", ":", "\x1b", "i", "\x1b", "x", "\x1b", "e", "\x1b", "E", "\x1b", "Q"] {
        let before = screen.text();
        screen.type_in(key);
        std::thread::sleep(std::time::Duration::from_millis(700));
        println!("{key:?}\n{}", screen.text());
    }
    screen.type_in("y");
    println!("{:?}", screen.join());
    screen.assert_restored();
    println!("{}", screen.text());
}
