//! Asking a supervisor.

use std::io;
use std::os::fd::AsRawFd as _;
use std::path::Path;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::UnixStream;
use tokio::time::timeout;

use super::protocol::{Answer, Ask, LINE_LIMIT};

/// Asks the supervisor behind this socket.
///
/// # Errors
///
/// If nobody answers within `limit`, or the socket cannot be reached.
pub async fn ask(socket: &Path, ask: &Ask, limit: Duration) -> io::Result<Answer> {
    timeout(limit, exchange(socket, ask)).await.unwrap_or_else(|_| {
        Err(io::Error::new(io::ErrorKind::TimedOut, "the supervisor did not answer"))
    })
}

async fn exchange(socket: &Path, ask: &Ask) -> io::Result<Answer> {
    let name = socket.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let dir = std::fs::File::open(socket.parent().unwrap_or(Path::new(".")))?;
    let stream = UnixStream::connect(format!("/proc/self/fd/{}/{name}", dir.as_raw_fd())).await?;
    if stream.peer_cred()?.uid() != rustix::process::geteuid().as_raw() {
        return Err(io::Error::new(
            io::ErrorKind::PermissionDenied,
            "the socket belongs to another user",
        ));
    }
    let (reader, mut writer) = stream.into_split();
    let mut bytes = serde_json::to_vec(ask)?;
    bytes.push(b'\n');
    writer.write_all(&bytes).await?;
    let mut line = Vec::new();
    BufReader::new(reader).take(LINE_LIMIT as u64).read_until(b'\n', &mut line).await?;
    Ok(serde_json::from_slice(&line)?)
}
