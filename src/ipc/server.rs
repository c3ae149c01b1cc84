//! The socket of a supervisor.

use std::io;
use std::os::fd::AsRawFd as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;

use super::protocol::{Answer, Ask, LINE_LIMIT};

/// After nobody could be let in, the next one is let in after this long.
const PAUSE: Duration = Duration::from_millis(500);

/// A question and where its answer goes.
pub type Asked = (Ask, oneshot::Sender<Answer>);

/// A socket that is served for as long as this lives.
#[derive(Debug)]
pub struct Server {
    path: PathBuf,
    task: JoinHandle<()>,
    /// What was asked and is not answered yet.
    open: watch::Sender<usize>,
    asked: mpsc::UnboundedSender<Asked>,
}

impl Server {
    /// Binds `name` in `dir` and passes on all that is asked there.
    ///
    /// The socket is bound by way of the directory's descriptor, so the length of its path does not matter.
    pub fn bind(dir: &Path, name: &str, asked: mpsc::UnboundedSender<Asked>) -> io::Result<Self> {
        let (path, open) = (dir.join(name), watch::Sender::new(0));
        let task = listen(&path, &asked, &open)?;
        Ok(Self { path, task, open, asked })
    }

    /// Says whether the socket is there for others to find.
    pub fn is_in_place(&self) -> bool {
        self.path.symlink_metadata().is_ok()
    }

    /// Binds the same socket again, after it was removed.
    pub fn bind_again(&mut self) -> io::Result<()> {
        let task = listen(&self.path, &self.asked, &self.open)?;
        std::mem::replace(&mut self.task, task).abort();
        Ok(())
    }

    /// Waits until everything that was asked has been answered.
    pub async fn answered(&self) {
        // It fails only without a sender, and this is one.
        drop(self.open.subscribe().wait_for(|open| *open == 0).await);
    }

    /// Returns the socket's path.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
        drop(std::fs::remove_file(&self.path));
    }
}

/// Binds a socket and serves who connects there.
fn listen(
    path: &Path,
    asked: &mpsc::UnboundedSender<Asked>,
    open: &watch::Sender<usize>,
) -> io::Result<JoinHandle<()>> {
    drop(std::fs::remove_file(path));
    let handle = std::fs::File::open(path.parent().unwrap_or(Path::new(".")))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let listener = UnixListener::bind(format!("/proc/self/fd/{}/{name}", handle.as_raw_fd()))?;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
    let (asked, counted) = (asked.clone(), open.clone());
    Ok(tokio::spawn(async move {
        loop {
            let Ok((stream, _)) = listener.accept().await else {
                // No descriptor is free; who asks waits meanwhile.
                tokio::time::sleep(PAUSE).await;
                continue;
            };
            let own = rustix::process::geteuid().as_raw();
            if stream.peer_cred().is_ok_and(|peer| peer.uid() == own) {
                tokio::spawn(serve(stream, asked.clone(), counted.clone()));
            }
        }
    }))
}

async fn serve(
    stream: UnixStream,
    asked: mpsc::UnboundedSender<Asked>,
    open: watch::Sender<usize>,
) {
    let (reader, mut writer) = stream.into_split();
    let mut reader = BufReader::new(reader);
    let mut line = Vec::new();
    loop {
        line.clear();
        let mut limited = (&mut reader).take(LINE_LIMIT as u64);
        match limited.read_until(b'\n', &mut line).await {
            Ok(0) | Err(_) => return,
            Ok(_) => {}
        }
        open.send_modify(|open| *open += 1);
        let written = match answer(&line, &asked).await {
            None => Ok(()),
            Some(bytes) => writer.write_all(&bytes).await,
        };
        open.send_modify(|open| *open -= 1);
        if written.is_err() {
            return;
        }
    }
}

/// Passes on what is asked, and returns the line that answers it.
async fn answer(line: &[u8], asked: &mpsc::UnboundedSender<Asked>) -> Option<Vec<u8>> {
    let answer = match serde_json::from_slice(line) {
        Err(error) => Answer::Refused(format!("the request was not understood: {error}")),
        Ok(ask) => {
            let (sender, receiver) = oneshot::channel();
            // Nobody takes it any more, or nobody will.
            let taken = asked.send((ask, sender)).is_ok();
            if taken { receiver.await.unwrap_or(Answer::Elsewhere) } else { Answer::Elsewhere }
        }
    };
    let mut bytes = serde_json::to_vec(&answer).ok()?;
    bytes.push(b'\n');
    Some(bytes)
}
