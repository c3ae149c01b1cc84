//! An ssh server of our own on the loopback interface, for one user with one key.

use std::fmt::Write as _;
use std::fs::{self, OpenOptions};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use super::empty::Empty;
use crate::project::{LIMIT, Project, wait};
use crate::pty::Terminal;

/// An ssh server, which ends with this.
pub struct Server {
    dir: TempDir,
    port: u16,
    user: String,
    child: Child,
    _empty: Empty,
}

impl Server {
    /// Starts one; none, and a line that says why, where that is not possible.
    pub fn start() -> Option<Self> {
        let sshd = ["/usr/sbin/sshd", "/usr/local/sbin/sshd", "/usr/bin/sshd"];
        let Some(sshd) = sshd.into_iter().find(|path| Path::new(path).exists()) else {
            eprintln!("skipped: there is no sshd");
            return None;
        };
        let empty = Empty::share();
        let dir = tempfile::Builder::new().prefix("ostler-sshd-").tempdir().unwrap();
        for name in ["host", "key"] {
            let mut keygen = Command::new("ssh-keygen");
            keygen.args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(dir.path().join(name));
            assert!(keygen.status().unwrap().success());
        }
        let user = Command::new("id").arg("-un").output().unwrap().stdout;
        let user = String::from_utf8(user).unwrap().trim().to_owned();
        // Free a moment ago; whoever takes it in between makes this server end, and the test with it.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let place = dir.path().display();
        let config = format!(
            "Port {port}\nListenAddress 127.0.0.1\nHostKey {place}/host\nPidFile none\nUsePAM no\n\
             StrictModes no\nAuthorizedKeysFile {place}/key.pub\nPasswordAuthentication no\n\
             PermitRootLogin yes\nPrintMotd no\nPrintLastLog no\n"
        );
        fs::write(dir.path().join("config"), config).unwrap();
        let log =
            OpenOptions::new().create(true).append(true).open(dir.path().join("log")).unwrap();
        let mut command = Command::new(sshd);
        command.args(["-D", "-e", "-f"]).arg(dir.path().join("config"));
        let child = command.stdin(Stdio::null()).stderr(log).spawn().unwrap();
        let mut server = Self { dir, port, user, child, _empty: empty };
        let is_there = wait(LIMIT, || {
            let ended = server.child.try_wait().unwrap().is_some();
            let open = TcpStream::connect(("127.0.0.1", port)).is_ok();
            (ended || open).then_some(open && !ended)
        });
        if is_there == Some(true) && server.ssh().arg("true").status().unwrap().success() {
            return Some(server);
        }
        eprintln!("skipped: an sshd of our own does not let us in: {}", server.log());
        None
    }

    /// Opens a terminal in which the screen of a project runs on the other side.
    pub fn screen(&self, project: &Project, size: (u16, u16)) -> Terminal {
        let ostler = project.command(&[]);
        let mut line = format!("cd {} && exec env -i", quote(project.root.to_str().unwrap()));
        for (name, value) in ostler.get_envs() {
            if let Some(value) = value {
                let (name, value) = (name.to_string_lossy(), value.to_string_lossy());
                let _infallible = write!(line, " {}", quote(&format!("{name}={value}")));
            }
        }
        let _infallible = write!(line, " {}", quote(&ostler.get_program().to_string_lossy()));
        let mut ssh = self.ssh();
        ssh.arg("-tt").arg(line).env("TERM", "xterm-256color").current_dir(&project.home);
        Terminal::start(&ssh, size)
    }

    fn ssh(&self) -> Command {
        let mut ssh = Command::new("ssh");
        ssh.args(["-F", "none", "-p", &self.port.to_string(), "-i"])
            .arg(self.dir.path().join("key"));
        for option in [
            "BatchMode=yes",
            "IdentitiesOnly=yes",
            "StrictHostKeyChecking=no",
            "UserKnownHostsFile=/dev/null",
            "LogLevel=ERROR",
        ] {
            ssh.args(["-o", option]);
        }
        ssh.arg(format!("{}@127.0.0.1", self.user)).stdin(Stdio::null());
        ssh
    }

    fn log(&self) -> String {
        let path: PathBuf = self.dir.path().join("log");
        fs::read_to_string(path).unwrap_or_default().lines().last().unwrap_or_default().to_owned()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
