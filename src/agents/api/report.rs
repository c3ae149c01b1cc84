//! What the agent tells: one JSON object a line, which its presets read.
//!
//! | type | keys |
//! | --- | --- |
//! | `start` | agent, model, message |
//! | `progress` | message: `[2/4] asking …` |
//! | `note` | message: something left out, cut or asked again |
//! | `wait` | message, class, reason, number, of, `delay_s`: it asks again by itself |
//! | `text` | text: a line of the model's reply |
//! | `attempt` | number, agent, outcome, message, `took_ms`, log, and more: what agents within an attempt do |
//! | `alive` | nothing: such an agent is at work |
//! | `result` | ok, message, files, sent, received; or what [`super::failure::Failure::line`] says |

use std::io::Write;
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::failure::{Failure, Tokens};
use crate::agents::masked::Secrets;

/// The steps of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Prompt and files are read.
    Reading,
    /// The model is asked.
    Asking,
    /// Its reply arrives.
    Receiving,
    /// The edits are applied.
    Applying,
}

/// How many steps there are.
const STEPS: u32 = 4;
/// Progress is told again after so many more bytes of a reply.
const PIECE: usize = 8 * 1024;
/// A line of a reply is told in pieces of so many characters at most.
const LINE: usize = 4096;

/// Writes what happens, without what is secret.
pub struct Report<'a> {
    out: &'a mut dyn Write,
    secrets: Secrets,
    /// The line of the reply that has not ended yet.
    line: String,
    received: usize,
    told: usize,
}

impl<'a> Report<'a> {
    /// Writes to `out`, and never one of `secrets`.
    pub fn new(out: &'a mut dyn Write, secrets: Vec<String>) -> Self {
        Self { out, secrets: Secrets::new(secrets), line: String::new(), received: 0, told: 0 }
    }

    /// Tells that the run begins.
    pub fn start(&mut self, agent: &str, model: &str, message: &str) {
        self.tell("start", json!({ "agent": agent, "model": model, "message": message }));
    }

    /// Tells which step it is at.
    pub fn step(&mut self, step: Step, words: &str) {
        let number = match step {
            Step::Reading => 1,
            Step::Asking => 2,
            Step::Receiving => 3,
            Step::Applying => 4,
        };
        self.aside(&format!("[{number}/{STEPS}] {words}"));
    }

    /// Tells what is good to know and no more.
    pub fn aside(&mut self, message: &str) {
        self.tell("progress", json!({ "message": message }));
    }

    /// Tells of something that was left out, cut or not as wished.
    pub fn note(&mut self, message: &str) {
        self.tell("note", json!({ "message": message }));
    }

    /// Tells that the request will be made again.
    pub fn wait(&mut self, failure: &Failure, wait: Duration, number: u32, of: u32) {
        let seconds = wait.as_secs_f64();
        let message =
            format!("{}; asking again in {seconds:.0} s ({number}/{of})", failure.message);
        self.tell(
            "wait",
            json!({
                "class": failure.class.word(),
                "message": message,
                "reason": failure.message,
                "number": number,
                "of": of,
                "delay_s": seconds,
            }),
        );
    }

    /// Tells a piece of the reply, line by line.
    pub fn received(&mut self, piece: &str) {
        self.received += piece.len();
        for part in piece.split_inclusive('\n') {
            self.line.push_str(part);
            if part.ends_with('\n') || self.line.len() >= LINE {
                self.end_line();
            }
        }
        if self.received >= self.told + PIECE {
            self.told = self.received;
            let tokens = super::conversation::bytes_as_tokens(self.received);
            self.step(Step::Receiving, &format!("received about {tokens} tokens"));
        }
    }

    /// Tells that a reply is over, be it whole or not.
    pub fn reply_over(&mut self) {
        self.end_line();
        (self.received, self.told) = (0, 0);
    }

    /// Tells that the work is done.
    pub fn done(&mut self, message: &str, files: &[String], tokens: Tokens) {
        self.tell(
            "result",
            json!({
                "ok": true,
                "message": message,
                "files": files,
                "sent": tokens.sent,
                "received": tokens.received,
            }),
        );
    }

    /// Tells why the work is not done.
    pub fn failed(&mut self, failure: &Failure) {
        let mut line = failure.line();
        line.insert("ok".to_owned(), json!(false));
        line.insert("sent".to_owned(), json!(failure.tokens.sent));
        line.insert("received".to_owned(), json!(failure.tokens.received));
        self.tell("result", Value::Object(line));
    }

    /// Returns a text without what is secret.
    pub fn masked(&self, text: &str) -> String {
        self.secrets.masked(text)
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        if !line.trim().is_empty() {
            self.tell("text", json!({ "text": line.trim_end() }));
        }
    }

    /// Tells something of this type, with these keys.
    pub fn tell(&mut self, kind: &str, keys: Value) {
        let mut line = Map::new();
        line.insert("type".to_owned(), json!(kind));
        if let Value::Object(keys) = keys {
            line.extend(keys.into_iter().map(|(key, value)| (key, self.mask(value))));
        }
        let text = format!("{}\n", Value::Object(line));
        // A log that cannot be written (its disk is full) changes nothing about the work.
        let _unwritten = self.out.write_all(text.as_bytes()).and_then(|()| self.out.flush());
    }

    fn mask(&self, value: Value) -> Value {
        match value {
            Value::String(text) => Value::String(self.masked(&text)),
            Value::Array(list) => list.into_iter().map(|item| self.mask(item)).collect(),
            other => other,
        }
    }
}

impl std::fmt::Debug for Report<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Report").field("received", &self.received).finish_non_exhaustive()
    }
}
