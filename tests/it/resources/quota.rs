//! The user's share of the disk is used up, in the middle of everything.

use std::fs;

use ostler::core::phase::PhaseWord;

use super::shim;
use crate::project::{Project, Running, story};

/// Lets no byte into a journal while the switch is there.
const FULL: &str = r#"
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
ssize_t write(int fd, const void *bytes, size_t count) {
    static ssize_t (*real)(int, const void *, size_t);
    char link[64], path[4096];
    if (!real) *(void **)&real = dlsym(RTLD_NEXT, "write");
    if (access(SWITCH, F_OK) == 0) {
        snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
        ssize_t length = readlink(link, path, sizeof path - 1);
        path[length > 0 ? length : 0] = 0;
        if (strstr(path, "/journal.jsonl")) {
            errno = EDQUOT;
            return -1;
        }
    }
    return real(fd, bytes, count);
}
"#;

#[test]
fn nothing_is_decided_that_cannot_be_written_and_nothing_is_forgotten() {
    let project = Project::new(
        "
on: { exit_code: next }
agents:
  bad: { command: [sh, -c, 'while [ ! -e $HOME/go ]; do sleep 0.05; done; exit 3'] }
  good: { command: [sh, -c, 'echo x > x'] }
chain: [bad, good]
workstreams: [{ id: a, prompt: do it }]
",
    );
    let Some(library) = shim::build(&project, FULL) else { return };
    let mut command = project.command(&["up", "--headless"]);
    command.env("LD_PRELOAD", &library);
    let up = Running::start(command, &project.home);
    project.until_running("a");
    let ballast = project.state().join("ballast");
    project.until("ballast", || ballast.exists().then_some(()));
    project.touch("switch");
    project.touch("go");
    up.until_out("Disk quota exceeded (os error 122); nothing is decided for a until it can be");
    up.until_out("space that was kept for this was given up");
    assert!(!ballast.exists());
    // What is asked meanwhile is refused rather than forgotten.
    let refused = project.run(&["retry", "a"]);
    refused.expect(1, &["it cannot be written down, so nothing was done", "Disk quota exceeded"]);
    assert_eq!(project.replay("a").unwrap().phase.word(), PhaseWord::Running);
    fs::remove_file(project.home.join("switch")).unwrap();
    up.join().expect(0, &["1 done"]);
    let told = story(&project.replay("a").unwrap());
    assert_eq!(told, ["1 bad exit_code", "2 good succeeded"]);
}
