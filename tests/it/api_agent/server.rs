//! A small server that answers as it was told to.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use serde_json::{Value, json};

/// Stands for the mark until the request is known; one character, so that no piece of a reply divides it.
const MARK: char = '\u{a7}';

/// What the server does with one request.
#[derive(Clone, Debug)]
pub struct Answer {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: String,
    /// The connection ends before the body does.
    broken: bool,
}

/// One request as it came in.
#[derive(Clone, Debug)]
pub struct Asked {
    pub head: String,
    pub body: Value,
}

impl Answer {
    /// An error as JSON.
    pub fn error(status: u16, body: &Value) -> Self {
        let headers = vec![("content-type", "application/json".to_owned())];
        Self { status, headers, body: body.to_string(), broken: false }
    }

    /// An error of the Claude API.
    pub fn claude_error(status: u16, kind: &str, message: &str) -> Self {
        let error = json!({ "type": kind, "message": message });
        Self::error(status, &json!({ "type": "error", "error": error, "request_id": "req_1" }))
    }

    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    /// The connection ends after a part of the body.
    pub fn broken(mut self) -> Self {
        self.broken = true;
        self
    }

    pub fn page(body: &str) -> Self {
        let headers = vec![("content-type", "text/html".to_owned())];
        Self { status: 200, headers, body: body.to_owned(), broken: false }
    }

    fn stream(events: &[Value], end: &str) -> Self {
        let lines: Vec<String> = events.iter().map(|event| format!("data: {event}\n\n")).collect();
        let mut body = lines.concat();
        body.push_str(end);
        let headers = vec![("content-type", "text/event-stream; charset=utf-8".to_owned())];
        Self { status: 200, headers, body, broken: false }
    }

    /// A reply of the Claude API; `{mark}` in it becomes the mark of the request.
    pub fn claude(text: &str, stop: &str) -> Self {
        let mut events = vec![
            json!({ "type": "message_start", "message": { "usage": { "input_tokens": 100, "output_tokens": 1 } } }),
            json!({ "type": "ping" }),
            json!({ "type": "content_block_start", "index": 0, "content_block": { "type": "text", "text": "" } }),
        ];
        events.extend(pieces(text).map(|text| {
            json!({ "type": "content_block_delta", "delta": { "type": "text_delta", "text": text } })
        }));
        events.push(json!({ "type": "a_new_one", "text": "ignored" }));
        events.push(json!({ "type": "message_delta", "delta": { "stop_reason": stop }, "usage": { "output_tokens": 7 } }));
        events.push(json!({ "type": "message_stop" }));
        Self::stream(&events, "")
    }

    /// A reply of the `OpenAI` API.
    pub fn openai(text: &str, finish: &str) -> Self {
        let mut events: Vec<Value> = pieces(text)
            .map(|text| json!({ "choices": [{ "index": 0, "delta": { "content": text } }] }))
            .collect();
        events.push(json!({ "choices": [{ "index": 0, "delta": {}, "finish_reason": finish }] }));
        events.push(
            json!({ "choices": [], "usage": { "prompt_tokens": 90, "completion_tokens": 8 } }),
        );
        Self::stream(&events, "data: [DONE]\n\n")
    }

    /// A stream that breaks off with an error of its own.
    pub fn stream_error(kind: &str, message: &str) -> Self {
        let error = json!({ "type": "error", "error": { "type": kind, "message": message } });
        Self::stream(&[json!({ "type": "message_start", "message": {} }), error], "")
    }

    /// A stream with half an event in it.
    pub fn half_event() -> Self {
        Self::stream(&[], "data: {\"type\": \"mess\n\n")
    }
}

fn pieces(text: &str) -> impl Iterator<Item = String> {
    let characters: Vec<char> = text.replace("{mark}", &MARK.to_string()).chars().collect();
    characters.chunks(11).map(|piece| piece.iter().collect()).collect::<Vec<_>>().into_iter()
}

/// A server that gives its answers in turn, the last one again and again, until it is dropped.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<Asked>>>,
    over: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    pub fn new(answers: impl IntoIterator<Item = Answer>) -> Self {
        let answers: Vec<Answer> = answers.into_iter().collect();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (asked, over) = (Arc::<Mutex<Vec<Asked>>>::default(), Arc::<AtomicBool>::default());
        let (log, ended) = (Arc::clone(&asked), Arc::clone(&over));
        let thread = std::thread::spawn(move || {
            for connection in listener.incoming() {
                if ended.load(Ordering::Relaxed) {
                    return;
                }
                let Some(asked) = connection.ok().and_then(|it| Some((read(&it)?, it))) else {
                    continue;
                };
                let (request, connection) = asked;
                let mut log = log.lock().unwrap();
                let answer = &answers[log.len().min(answers.len() - 1)];
                let answer = answer.clone();
                log.push(request.clone());
                drop(log);
                // An agent that goes away early is none of the server's business.
                let _gone = write(connection, &answer, &request);
            }
        });
        Self { address, asked, over, thread: Some(thread) }
    }

    /// Returns the base URL for Claude; `/v1` behind it is the one for `OpenAI`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        let _woken = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ended = thread.join();
        }
    }
}

fn read(connection: &TcpStream) -> Option<Asked> {
    let mut reader = BufReader::new(connection);
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line == "\r\n" {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().ok()?;
        }
        head.push_str(&line);
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Asked { head, body: serde_json::from_slice(&body).ok()? })
}

fn write(mut connection: TcpStream, answer: &Answer, request: &Asked) -> std::io::Result<()> {
    let body = answer.body.replace(MARK, &mark(&request.body));
    write!(connection, "HTTP/1.1 {} Whatever\r\nconnection: close\r\n", answer.status)?;
    for (name, value) in &answer.headers {
        write!(connection, "{name}: {value}\r\n")?;
    }
    write!(connection, "content-length: {}\r\n\r\n", body.len())?;
    let end = if answer.broken { body.len() / 2 } else { body.len() };
    connection.write_all(&body.as_bytes()[..end])?;
    connection.flush()
}

/// Finds the mark in a request, as a model does.
pub fn mark(body: &Value) -> String {
    let text = body.to_string();
    let begins = text.match_indices("<<<").map(|(at, _)| &text[at..]);
    let mut marks = begins.filter(|rest| {
        rest.len() > 19 && rest.bytes().skip(3).take(16).all(|byte| byte.is_ascii_hexdigit())
    });
    marks.next().map_or_else(String::new, |rest| rest[..19].to_owned())
}
