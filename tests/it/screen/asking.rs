//! Keys that decide: what they ask, what they name, and what they do.

use ostler::core::phase::PhaseWord;

use super::stage::{CONFIG, leave, open, open_with};
use crate::project::{left, story};

#[test]
fn a_stop_is_asked_for_and_names_what_it_ends() {
    let (project, screen) = open((100, 30));
    let agent = project.agent("a").unwrap();
    for no in ["n", "\x1b"] {
        screen.key("x", "Stop a?");
        screen.shows(&format!("slow (pid {}, attempt 2", agent.pid));
        screen.type_in(no);
        screen.hides("Stop a?");
        assert_eq!(project.agent("a"), Some(agent));
        assert!(left::is_alive(agent.pid, agent.start));
    }
    screen.key("x", "Stop a?");
    screen.type_in("y");
    let state = project.until_phase("a", PhaseWord::Stopped);
    assert!(!left::is_alive(agent.pid, agent.start));
    assert_eq!(story(&state), ["1 bad exit_code", "2 slow stopped"]);
    screen.shows("stopped");
    screen.key("i", "processes: 2 ended, 0 left");
    screen.type_in("\x1b");
    screen.hides("Why a");
    // What has ended cannot be stopped again, and says so.
    screen.key("x", "it has ended already");
    leave(screen);
}

#[test]
fn a_kill_is_asked_for_too() {
    let (project, screen) = open((80, 24));
    let agent = project.agent("a").unwrap();
    screen.key("X", "Kill a?");
    screen.type_in("\x1b");
    screen.hides("Kill a?");
    assert!(left::is_alive(agent.pid, agent.start));
    screen.key("X", "Kill a?");
    screen.type_in("y");
    project.until_phase("a", PhaseWord::Stopped);
    assert!(!left::is_alive(agent.pid, agent.start));
    leave(screen);
}

#[test]
fn a_retry_of_what_runs_is_asked_for_and_of_what_does_not_is_done() {
    let (project, screen) = open((80, 24));
    let agent = project.agent("a").unwrap();
    screen.key("r", "Retry a?");
    screen.type_in("n");
    screen.hides("Retry a?");
    assert_eq!(project.agent("a"), Some(agent));
    screen.key("r", "Retry a?");
    screen.type_in("y");
    let again =
        project.until("another attempt", || project.agent("a").filter(|it| it.attempt == 3));
    assert_ne!(again.pid, agent.pid);
    screen.shows("a · log · slow · attempt 3");
    screen.key("j", "▸◐ b");
    screen.type_in("r");
    project.until("another attempt", || {
        let state = project.replay("b")?;
        (state.attempts.len() == 2 && state.phase.word() == PhaseWord::Escalated).then_some(())
    });
    leave(screen);
}

#[test]
fn a_retry_may_choose_its_agent() {
    let (project, screen) = open((100, 30));
    screen.key("R", "Retry a ");
    screen.shows("1  bad (failed");
    screen.shows("3  good (not tried)");
    screen.type_in("j");
    screen.shows("▸ 3");
    screen.type_in("\r");
    let state = project.until_phase("a", PhaseWord::Done);
    assert_eq!(story(&state), ["1 bad exit_code", "2 slow stopped", "3 good succeeded"]);
    screen.shows("2 done");
    leave(screen);
}

#[test]
fn escalating_offers_where_to() {
    let (project, screen) = open((100, 30));
    screen.key("e", "Escalate a ");
    screen.shows("to good now, the next one");
    screen.shows("to you: it waits in the inbox");
    screen.type_in("\x1b");
    screen.hides("Escalate a ");
    assert!(project.agent("a").is_some());
    screen.key("e", "Escalate a ");
    screen.type_in("\r");
    let state = project.until_phase("a", PhaseWord::Done);
    assert_eq!(story(&state), ["1 bad exit_code", "2 slow stopped", "3 good succeeded"]);
    leave(screen);
}

#[test]
fn more_time_and_input_reach_the_agent() {
    let config = CONFIG.replace(
        "slow: { command: [sh, -c, 'echo at work; while [ ! -e $HOME/go ]; do sleep 0.1; done; echo x > x'] }",
        "slow: { command: [sh, -c, 'echo at work; read words; echo \"heard $words\"; echo x > x'], io: pty, timeout: { soft: 10m, hard: 20m } }",
    );
    let (project, screen) = open_with(&config, (100, 30));
    screen.key("t", "timeouts moved by 10:00");
    screen.key("m", "Send input to a");
    screen.type_in("good morning");
    screen.shows("good morning");
    screen.type_in("\r");
    project.until_phase("a", PhaseWord::Done);
    assert!(project.log("a", 2).contains("heard good morning"));
    leave(screen);
}

#[test]
fn what_is_pasted_presses_no_keys() {
    let (project, screen) = open((80, 24));
    let agent = project.agent("a").unwrap();
    screen.type_in("\x1b[200~xQ\ny\nrX\n\x1b[201~");
    screen.key("j", "▸◐ b");
    let text = screen.text();
    assert!(!text.contains("Stop") && !text.contains("Sure?"), "{text}");
    assert_eq!(project.agent("a"), Some(agent));
    // A terminal that does not mark what is pasted sends it all at once.
    screen.type_in("Quit x now or y later\n");
    screen.shows("pasted text is not taken for keys");
    assert_eq!(project.agent("a"), Some(agent));
    leave(screen);
}

#[test]
fn a_changed_configuration_shows_at_once_and_a_broken_one_says_so() {
    let (project, screen) = open((100, 40));
    project.configure(&format!(
        "{CONFIG}  - {{ id: d, title: Feed the hens, prompt: do it, chain: [good] }}\n"
    ));
    screen.shows("Feed the hens");
    project.until_phase("d", PhaseWord::Done);
    project.configure(&format!("{CONFIG}  - {{ id: e, promt: do it }}\n"));
    screen.shows("unknown key `promt`; the changed configuration is not used");
    screen.shows("Feed the hens");
    project.configure(CONFIG);
    screen.hides("the changed configuration is not used");
    leave(screen);
}
