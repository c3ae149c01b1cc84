//! A scope of its own for the keeper, below the manager of its user: where logins are killed as a whole, it outlives them.

use std::fs;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::complaint;

/// It is not waited for longer.
const LIMIT: Duration = Duration::from_secs(1);
/// The time between two looks.
const PACE: Duration = Duration::from_millis(5);

/// Moves this process into a scope of its own, if the user's manager does that within a second.
///
/// The manager is asked to move us rather than to start us (`systemd-run --scope`): whoever starts us needs to know that it
/// was done once, and a manager that answers late must not start a second keeper.
pub fn enter() {
    let name = format!("ostler-{}.scope", std::process::id());
    let until = Instant::now() + LIMIT;
    let mut asked = match ask(&name) {
        Ok(asked) => asked,
        Err(error) => {
            complaint::note(&format!("no scope of its own: busctl: {error}"));
            return;
        }
    };
    let moved = loop {
        // The answer comes before the move, so that is what is looked for.
        if is_in(&name) {
            break true;
        }
        let refused = matches!(asked.try_wait(), Ok(Some(status)) if !status.success());
        if refused || Instant::now() >= until {
            break false;
        }
        std::thread::sleep(PACE);
    };
    if !moved {
        complaint::note("no scope of its own: the user's manager did not make one in time");
    }
    // It is reaped here, so that no child is there that is not the agent's.
    drop(asked.kill());
    drop(asked.wait());
}

/// Asks the user's manager for a transient scope with this process in it.
fn ask(name: &str) -> std::io::Result<Child> {
    const MANAGER: [&str; 4] = [
        "org.freedesktop.systemd1",
        "/org/freedesktop/systemd1",
        "org.freedesktop.systemd1.Manager",
        "StartTransientUnit",
    ];
    let pid = std::process::id().to_string();
    let mut busctl = Command::new("busctl");
    busctl.args(["--user", "--quiet", "call"]).args(MANAGER);
    // A name, how it replaces others, two properties, and nothing beside it.
    busctl.args(["ssa(sv)a(sa(sv))", name, "fail", "2"]);
    busctl.args(["PIDs", "au", "1", &pid]);
    busctl.args(["CollectMode", "s", "inactive-or-failed", "0"]);
    busctl.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()
}

fn is_in(name: &str) -> bool {
    fs::read_to_string("/proc/self/cgroup").is_ok_and(|groups| groups.contains(name))
}
