//! The program that fills the clipboard, chosen for where the operator sits.

use std::io::{self, Write as _};
use std::process::{Command, Stdio};

/// A program that takes the text on its standard input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Program {
    /// Its name.
    pub name: &'static str,
    /// Its arguments.
    pub arguments: &'static [&'static str],
}

/// When a program is of use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Within tmux, whose own buffer it fills, and the clipboard of whoever is attached.
    InTmux,
    /// Where this display is that of the operator.
    OnDisplay(&'static str),
    /// Where the operator sits at this machine.
    AtHome,
}

const KNOWN: &[(Wanted, Program)] = &[
    (Wanted::InTmux, Program { name: "tmux", arguments: &["load-buffer", "-w", "-"] }),
    (Wanted::OnDisplay("WAYLAND_DISPLAY"), Program { name: "wl-copy", arguments: &[] }),
    (
        Wanted::OnDisplay("DISPLAY"),
        Program { name: "xclip", arguments: &["-selection", "clipboard", "-in"] },
    ),
    (
        Wanted::OnDisplay("DISPLAY"),
        Program { name: "xsel", arguments: &["--clipboard", "--input"] },
    ),
    (Wanted::AtHome, Program { name: "pbcopy", arguments: &[] }),
    (Wanted::AtHome, Program { name: "clip.exe", arguments: &[] }),
];

/// Returns the programs that would fill the operator's clipboard, the best first.
///
/// Over ssh the displays of this machine are somebody else's, unless one was forwarded with the connection.
pub fn programs(environment: impl Fn(&str) -> Option<String>) -> Vec<Program> {
    let value = |name: &str| environment(name).filter(|value| !value.is_empty());
    let is_far = ["SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"].iter().any(|it| value(it).is_some());
    let is_of_use = |wanted: Wanted| match wanted {
        Wanted::InTmux => value("TMUX").is_some(),
        Wanted::OnDisplay(name) => value(name).is_some_and(|display| {
            !is_far || (name == "DISPLAY" && display.starts_with("localhost:"))
        }),
        Wanted::AtHome => !is_far,
    };
    KNOWN.iter().filter(|(wanted, _)| is_of_use(*wanted)).map(|(_, program)| *program).collect()
}

impl Program {
    /// Gives it the text and waits for its end.
    pub fn fill(self, text: &str) -> io::Result<()> {
        let mut child = Command::new(self.name)
            .args(self.arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        // One that reads no more says why by its status.
        let written =
            child.stdin.take().map_or(Ok(()), |mut input| input.write_all(text.as_bytes()));
        let status = child.wait()?;
        if status.success() { written } else { Err(io::Error::other(status.to_string())) }
    }
}
