//! How far a running agent says it is, read from its output while it is written.

use std::sync::Arc;

use serde_json::Value;

use super::classify::Reader;
use super::hopeless::{Hopeless, Watch};
use super::pattern::Groups;
use super::plain::{self, Piece, Splitter};
use super::retrying;
use super::rules::{Named, Rules, first};
use super::steps;
use super::tally::{Spot, Tally};
use super::waiting::Burst;
use crate::core::Account;
use crate::core::progress::{Progress, Source};
use crate::core::verdict::Evidence;

/// The most that is kept of a line whose end has not come, in bytes.
const LINE_LIMIT: usize = 256 * 1024;
/// The most remarks that one chunk yields; older ones are left out.
const REMARKS: usize = 8;
/// A progress text is cut after so many characters.
const TEXT: usize = 120;

/// What a chunk of output said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// The newest figure, from the best source that this output has had.
    pub progress: Option<Progress>,
    /// The agent's own words on what it is doing, oldest first; the same words in a row are given once.
    pub remarks: Vec<Evidence>,
    /// What shows that the agent will not come to an end by itself, the first time.
    pub hopeless: Option<Hopeless>,
}

/// Reads an agent's output chunk by chunk.
///
/// Lines that are written over (`\r`) count each time. It holds less than 300 KiB, whatever it is fed.
#[derive(Debug)]
pub struct Scanner {
    rules: Arc<Rules>,
    splitter: Splitter,
    line: Vec<u8>,
    /// Where the next chunk starts in the log.
    offset: u64,
    /// Where the current line starts in the log.
    start: u64,
    best: Option<Source>,
    last_remark: String,
    pub(super) burst: Burst,
    tally: Tally,
    watch: Watch,
}

impl Reader {
    /// Returns a scanner for output that starts `offset` bytes into the log.
    pub fn scanner(&self, offset: u64) -> Scanner {
        Scanner {
            rules: Arc::clone(&self.rules),
            splitter: Splitter::default(),
            line: Vec::new(),
            offset,
            start: offset,
            best: None,
            last_remark: String::new(),
            burst: Burst::default(),
            tally: Tally::default(),
            watch: Watch::default(),
        }
    }
}

impl Scanner {
    /// Takes the next bytes of the output and returns what they said.
    pub fn feed(&mut self, bytes: &[u8]) -> Findings {
        let mut findings = Findings::default();
        let mut splitter = std::mem::take(&mut self.splitter);
        splitter.feed(bytes, |upto, piece| self.take(upto as u64, &piece, &mut findings));
        self.splitter = splitter;
        self.offset += bytes.len() as u64;
        findings
    }

    /// Passes over what was written up to an offset.
    pub fn skip_to(&mut self, offset: u64) {
        (self.splitter, self.line) = (Splitter::default(), Vec::new());
        (self.offset, self.start) = (offset, offset);
    }

    /// Returns what the output has said that it took, and by which name it can be gone on with.
    pub fn account(&self) -> Account {
        self.tally.account()
    }

    /// Returns how many bytes into the log it has come.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    pub(super) fn rules(&self) -> &Rules {
        &self.rules
    }

    fn take(&mut self, upto: u64, piece: &Piece<'_>, findings: &mut Findings) {
        if !self.rules.waiting.is_empty() {
            self.burst.take(piece);
        }
        match piece {
            Piece::Text(bytes) => {
                let room = LINE_LIMIT.saturating_sub(self.line.len());
                self.line.extend_from_slice(&bytes[..bytes.len().min(room)]);
            }
            Piece::Return => self.segment(findings),
            Piece::LineEnd => {
                self.segment(findings);
                self.start = self.offset + upto;
            }
            Piece::Command(command) => {
                if let Some(progress) = terminal(command) {
                    self.offer(progress, findings);
                }
            }
            Piece::Back | Piece::Control(..) => {}
        }
    }

    /// Reads what has been written since the last line end or return.
    fn segment(&mut self, findings: &mut Findings) {
        let line = std::mem::take(&mut self.line);
        let text = plain::clean(&line);
        if text.is_empty() {
            return;
        }
        let rules = Arc::clone(&self.rules);
        let parsed = rules.parse(&text);
        let Some(line) = rules.line(&text, parsed.as_ref()) else { return };
        let spot = Spot { offset: self.start, text: &text };
        self.tally.take(&rules, line, spot);
        let hopeless = self.watch.take(&rules, line, spot);
        findings.hopeless = findings.hopeless.take().or(hopeless);
        let plan = parsed.as_ref().and_then(|value| plan(&rules, value));
        let output = || {
            let rule = first(&rules.progress, line)?;
            figure(&rules.progress[rule].matcher.groups(line))
        };
        if let Some(progress) = plan.or_else(output) {
            self.offer(progress, findings);
        }
        if let Some(rule) = first(&rules.retrying, line) {
            let rule = &rules.retrying[rule];
            self.remark(rule, retrying::words(&rule.matcher.groups(line)), findings);
        } else if let Some(rule) = first(&rules.remark, line) {
            self.remark(&rules.remark[rule], rules.words(&text), findings);
        }
    }

    fn remark(&mut self, rule: &Named, words: String, findings: &mut Findings) {
        if words == self.last_remark {
            return;
        }
        self.last_remark.clone_from(&words);
        if findings.remarks.len() == REMARKS {
            findings.remarks.remove(0);
        }
        let offset = Some(self.start);
        findings.remarks.push(Evidence { rule: rule.name.clone(), line: words, offset });
    }

    fn offer(&mut self, progress: Progress, findings: &mut Findings) {
        if self.best.is_none_or(|best| progress.source <= best) {
            self.best = Some(progress.source);
            findings.progress = Some(progress);
        }
    }
}

/// Returns the figure to show: a better source is not replaced by a worse one.
pub fn prefer(shown: Option<Progress>, fresh: Progress) -> Progress {
    match shown {
        Some(shown) if shown.source < fresh.source => shown,
        Some(_) | None => fresh,
    }
}

/// Reads the terminal progress report `9;4;STATE;PERCENT`.
fn terminal(command: &[u8]) -> Option<Progress> {
    let mut parts = std::str::from_utf8(command).ok()?.strip_prefix("9;4;")?.split(';');
    let state = parts.next()?;
    let percent: u32 = parts.next()?.parse().ok()?;
    // 0 takes the report back and 3 knows no figure; 1, 2 and 4 are normal, failed and paused.
    let known = matches!(state, "1" | "2" | "4") && percent <= 100;
    known.then(|| Progress {
        done: percent,
        total: 100,
        text: String::new(),
        source: Source::Terminal,
    })
}

fn figure(groups: &Groups) -> Option<Progress> {
    let number = |name: &str| groups.get(name)?.trim().parse::<u32>().ok();
    let (done, total) = match (number("done"), number("total"), groups.get("percent")) {
        (Some(done), Some(total), _) => (done, total),
        (_, _, Some(percent)) => (percent.trim().parse::<f64>().ok()?.max(0.0) as u32, 100),
        (_, _, None) => return None,
    };
    let text = plain::cut(groups.get("text").unwrap_or_default().trim(), TEXT);
    (total > 0 && done <= total).then_some(Progress { done, total, text, source: Source::Output })
}

fn plan(rules: &Rules, value: &Value) -> Option<Progress> {
    let steps = steps::in_json(rules, value)?;
    let done = steps.iter().filter(|step| step.is_done).count();
    let next = steps.iter().find(|step| !step.is_done).map(|step| step.text.as_str());
    let total = u32::try_from(steps.len()).ok().filter(|total| *total > 0)?;
    Some(Progress {
        done: u32::try_from(done).ok()?,
        total,
        text: plain::cut(next.unwrap_or_default(), TEXT),
        source: Source::Plan,
    })
}
