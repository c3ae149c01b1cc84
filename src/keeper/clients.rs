//! Who is connected to a keeper.

use std::io::{ErrorKind, Read as _, Write as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags};

use super::complaint;
use super::files::SOCKET;
use super::protocol::{LINE, Message, Request};

/// The most clients at a time.
const MOST: usize = 16;
/// How long no client is taken after one could not be, for want of descriptors.
const PAUSE: Duration = Duration::from_secs(1);

/// The socket and the clients at it.
#[derive(Debug)]
pub struct Clients {
    /// Where they connect.
    listener: UnixListener,
    /// They.
    connected: Vec<Client>,
    /// The number of the next one.
    next_id: u64,
    /// When to look again for new ones.
    paused: Option<Instant>,
}

/// Names a client for an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientId(u64);

/// A client.
#[derive(Debug)]
struct Client {
    id: ClientId,
    stream: UnixStream,
    /// The start of a line.
    partial: Vec<u8>,
    /// It is to be forgotten.
    gone: bool,
}

impl Clients {
    /// Makes the socket in the working directory, by its bare name: a path of any length will do.
    pub fn bind() -> std::io::Result<Self> {
        match std::fs::remove_file(SOCKET) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let listener = UnixListener::bind(SOCKET)?;
        listener.set_nonblocking(true)?;
        Ok(Self { listener, connected: Vec::new(), next_id: 0, paused: None })
    }

    /// Tells whether nobody is connected.
    pub fn is_empty(&self) -> bool {
        self.connected.is_empty()
    }

    /// Returns when there is something to do without being woken by the socket.
    pub fn next(&self) -> Option<Instant> {
        self.paused
    }

    /// Adds what to wait for.
    pub fn wants<'a>(&'a self, to: &mut Vec<PollFd<'a>>) {
        if self.paused.is_none() {
            to.push(PollFd::new(&self.listener, PollFlags::IN));
        }
        to.extend(self.connected.iter().map(|it| PollFd::new(&it.stream, PollFlags::IN)));
    }

    /// Takes new clients and greets them.
    pub fn accept(&mut self, now: Instant, greeting: &[Message]) {
        if self.paused.is_some_and(|at| now < at) {
            return;
        }
        self.paused = None;
        loop {
            match self.listener.accept() {
                Ok((stream, _)) => self.take(stream, greeting),
                Err(error) if error.kind() == ErrorKind::WouldBlock => return,
                Err(error)
                    if matches!(
                        error.kind(),
                        ErrorKind::Interrupted | ErrorKind::ConnectionAborted
                    ) => {}
                Err(error) => {
                    complaint::note(&format!("a client cannot be taken: {error}"));
                    self.paused = Some(now + PAUSE);
                    return;
                }
            }
        }
    }

    /// Reads what the clients ask; what is no request comes with the reason.
    pub fn requests(&mut self) -> Vec<(ClientId, Result<Request, String>)> {
        let mut requests = Vec::new();
        for client in &mut self.connected {
            client.read(&mut requests);
        }
        requests
    }

    /// Answers a client.
    pub fn answer(&mut self, to: ClientId, message: &Message) {
        if let Some(client) = self.connected.iter_mut().find(|it| it.id == to) {
            client.send(message);
        }
    }

    /// Tells all clients.
    pub fn tell(&mut self, message: &Message) {
        for client in &mut self.connected {
            client.send(message);
        }
    }

    /// Forgets who has left or does not read.
    pub fn sweep(&mut self) {
        self.connected.retain(|it| !it.gone);
    }

    /// Takes one client, if it is the same user and there is room.
    fn take(&mut self, stream: UnixStream, greeting: &[Message]) {
        let user = rustix::process::geteuid();
        let same =
            rustix::net::sockopt::socket_peercred(&stream).is_ok_and(|peer| peer.uid == user);
        if !same || stream.set_nonblocking(true).is_err() {
            return;
        }
        let id = ClientId(self.next_id);
        self.next_id += 1;
        let mut client = Client { id, stream, partial: Vec::new(), gone: false };
        if self.connected.len() >= MOST {
            let reason = format!("{MOST} clients are connected already");
            client.send(&Message::Refused { reason });
            return;
        }
        for message in greeting {
            client.send(message);
        }
        self.connected.push(client);
    }
}

impl Client {
    /// Reads up to a line's length; the rest comes with the next look, so that nobody takes all the time.
    fn read(&mut self, requests: &mut Vec<(ClientId, Result<Request, String>)>) {
        let mut chunk = [0; 4096];
        while self.partial.len() < LINE {
            match self.stream.read(&mut chunk) {
                Ok(0) => {
                    self.gone = true;
                    break;
                }
                Ok(read) => self.partial.extend_from_slice(&chunk[..read]),
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => {
                    self.gone = true;
                    break;
                }
            }
        }
        let mut done = 0;
        while let Some(end) = memchr::memchr(b'\n', &self.partial[done..]) {
            let request = serde_json::from_slice(&self.partial[done..done + end])
                .map_err(|error| format!("this is no request: {error}"));
            requests.push((self.id, request));
            done += end + 1;
        }
        self.partial = self.partial.split_off(done);
        if self.partial.len() >= LINE {
            self.send(&Message::Refused { reason: format!("a line is longer than {LINE} bytes") });
            self.gone = true;
        }
    }

    /// Sends at once or never: who does not read is not waited for.
    fn send(&mut self, message: &Message) {
        let Ok(mut line) = serde_json::to_vec(message) else {
            return;
        };
        line.push(b'\n');
        if !matches!(self.stream.write(&line), Ok(written) if written == line.len()) {
            self.gone = true;
        }
    }
}
