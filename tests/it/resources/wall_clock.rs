//! The wall clock is set by a day while agents work.

use std::fs;

use ostler::core::phase::PhaseWord;

use super::shim;
use crate::project::{Project, Running, left, story};

/// Moves the wall clock of the programs that load it by the seconds in a file.
const SHIFT: &str = r#"
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <time.h>
int clock_gettime(clockid_t id, struct timespec *at) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real) *(void **)&real = dlsym(RTLD_NEXT, "clock_gettime");
    int result = real(id, at);
    long by = 0;
    FILE *file = id == CLOCK_REALTIME ? fopen(SWITCH, "r") : NULL;
    if (file) {
        if (fscanf(file, "%ld", &by) == 1) at->tv_sec += by;
        fclose(file);
    }
    return result;
}
"#;

#[test]
fn nobody_is_idle_and_nobody_is_busy_because_of_it() {
    let project = Project::without_config();
    let Some(library) = shim::build(&project, SHIFT) else { return };
    project.configure_as(
        "
grace: 300ms
timeout: { soft: off, hard: 5m, idle: 3s }
on: { idle_timeout: next }
agents:
  silent: { command: [sh, -c, 'echo at work; sleep 1000'] }
  still: { command: [sh, -c, 'echo at work; sleep 1000'] }
  talks: { command: [sh, -c, 'while [ ! -e $HOME/go ]; do echo at work; sleep 0.1; done; echo x > x'] }
workstreams:
  - { id: a, prompt: do it, chain: [silent, still] }
  - { id: b, prompt: do it, chain: [talks] }
",
    );
    let mut command = project.command(&["up", "--headless"]);
    command.env("LD_PRELOAD", &library);
    let up = Running::start(command, &project.home);
    let (first, busy) = (project.until_running("a"), project.until_running("b"));
    // Back by a day: what was written is of tomorrow, and silence is silence all the same.
    fs::write(project.home.join("switch"), "-86400").unwrap();
    let second =
        project.until("second attempt", || project.agent("a").filter(|it| it.attempt == 2));
    assert!(!left::is_alive(first.pid, first.start));
    assert_eq!(project.agent("b"), Some(busy));
    // Ahead by a day: what was written is of yesterday, and who talks is at work all the same.
    fs::write(project.home.join("switch"), "86400").unwrap();
    let ended = project.until_phase("a", PhaseWord::Escalated);
    assert!(!left::is_alive(second.pid, second.start));
    assert_eq!(story(&ended), ["1 silent idle_timeout", "2 still idle_timeout"]);
    assert_eq!(project.agent("b"), Some(busy));
    project.touch("go");
    up.join().expect(3, &["1 done", "1 escalated"]);
    assert_eq!(story(&project.replay("b").unwrap()), ["1 talks succeeded"]);
}
