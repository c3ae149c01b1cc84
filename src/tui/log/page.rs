//! The part of a log that a pane shows.

use std::io;

use vte::{Params, Parser, Perform};

use super::file::LogFile;
use super::finder::Finder;
use super::fold::{Fold, rows};
use super::line::{Cell, Writer};
use super::read::{LINE_CAP, Lines, RawLine, clip, read_at};
use super::sgr::{Attributes, LogSpan, Sgr, StyledLine};
use super::times::{self, LogTimes};
use crate::core::Stream;

/// The last page is looked for no further from the end than this, in bytes.
const TAIL: u64 = 1024 * 1024;

/// Where a page stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Top {
    /// It ends where the file ends.
    End,
    /// It begins with this line, from 0.
    Line(usize),
    /// It begins so many rows below the beginning of this line, or above it; for text this is the line itself.
    Rows {
        /// The line, from 0.
        line: usize,
        /// The rows.
        rows: isize,
    },
}

/// How a log is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// It is text.
    #[default]
    Text,
    /// It is a stream of events, which are made readable.
    Readable,
    /// It is a stream of events, which are shown as they were written.
    Raw,
}

/// What a pane can show.
#[derive(Clone, Copy, Debug)]
pub struct Window<'a> {
    /// Its rows.
    pub rows: usize,
    /// Its columns.
    pub width: usize,
    /// What becomes of longer lines.
    pub fold: Fold,
    /// What is marked as found.
    pub find: Option<&'a Finder>,
    /// What its lines are to be read as; none to show them as they are.
    pub stream: Option<Stream>,
    /// When its lines were written, if that stands beside them.
    pub times: Option<&'a LogTimes>,
}

impl Window<'_> {
    /// Turns a line into rows, at most so many, and the first of them gets its time.
    pub(super) fn rows(&self, cells: &[Cell], (raw, limit): (&RawLine, usize)) -> Vec<StyledLine> {
        let gutter = if self.times.is_some() { times::COLUMNS } else { 0 };
        let width = self.width.saturating_sub(gutter);
        rows(cells, (width, limit, self.fold), raw.whole)
    }

    /// Puts the time of a line before its rows.
    pub(super) fn timed(&self, mut rows: Vec<StyledLine>, at: u64) -> Vec<StyledLine> {
        let Some(known) = self.times else { return rows };
        let mut sgr = Sgr::default();
        sgr.attributes.insert(Attributes::DIM);
        let mut text = known.label(at);
        for row in &mut rows {
            let next = " ".repeat(times::COLUMNS);
            row.spans.insert(0, LogSpan { text: std::mem::replace(&mut text, next), sgr });
        }
        rows
    }
}

/// The part of a log that a pane shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogPage {
    /// Its rows from top to bottom, at most as many as the pane has.
    pub lines: Vec<StyledLine>,
    /// The number of the first line, from 0; none while lines are being counted.
    pub first: Option<usize>,
    /// How many rows of that line lie above the page.
    pub row: usize,
    /// How it is shown.
    pub form: Form,
    /// The lines there are; none while they are being counted.
    pub total: Option<usize>,
    /// The lines below the page; none while they are being counted.
    pub below: Option<usize>,
    /// Whether the page shows the end of the file.
    pub at_end: bool,
    /// The number of the line that each row is of; empty while lines are being counted.
    pub numbers: Vec<usize>,
}

/// Returns the page that begins with a line.
pub(super) fn page_at(log: &LogFile, line: u64, window: &Window<'_>) -> io::Result<LogPage> {
    let index = log.index();
    let total = index.lines();
    let line = line.min(total.saturating_sub(1));
    let (mut lines, mut sgr) = lines_at(log, line)?;
    let mut page = LogPage { total: log.lines(), ..LogPage::default() };
    page.first = Some(usize::try_from(line).unwrap_or(usize::MAX));
    let mut shown = line;
    while page.lines.len() < window.rows {
        let number = usize::try_from(lines.line).unwrap_or(usize::MAX);
        let Some(raw) = lines.next()? else { break };
        let styled = styled(&raw, &mut sgr, window);
        if page.lines.len() + styled.len() <= window.rows || page.lines.is_empty() {
            shown += 1;
        }
        page.numbers.extend(styled.iter().map(|_| number));
        page.lines.extend(styled);
    }
    page.lines.truncate(window.rows);
    page.numbers.truncate(window.rows);
    page.at_end = lines.offset >= log.length() && shown >= lines.line;
    page.below = page.total.map(|total| total.saturating_sub(usize::try_from(shown).unwrap_or(0)));
    Ok(page)
}

/// Returns the page that ends where the file ends.
pub(super) fn page_from_end(log: &LogFile, window: &Window<'_>) -> io::Result<LogPage> {
    let all = match last_read(log, window)? {
        Some(all) => all,
        None => last_counted(log, window)?,
    };
    let mut page = LogPage { total: log.lines(), at_end: true, ..LogPage::default() };
    let mut first = 0;
    for (from_end, mut rows) in all.into_iter().rev() {
        let room = window.rows - page.lines.len();
        if room == 0 {
            break;
        }
        first = from_end;
        let mut kept = rows.split_off(rows.len().saturating_sub(room));
        if let Some(total) = page.total {
            let number = total.saturating_sub(from_end);
            page.numbers.splice(0..0, kept.iter().map(|_| number));
        }
        kept.append(&mut page.lines);
        page.lines = kept;
    }
    page.first = page.total.map(|total| total.saturating_sub(first));
    page.below = page.total.map(|_| 0);
    Ok(page)
}

/// The rows of the last lines, and which of them from the end each is, the last being 1.
type Last = Vec<(usize, Vec<StyledLine>)>;

/// Returns the last lines as they are found by reading back; none if they are too long for that and are all counted.
fn last_read(log: &LogFile, window: &Window<'_>) -> io::Result<Option<Last>> {
    let mut reach = 64 * 1024;
    let (bytes, starts, from) = loop {
        let from = log.length().saturating_sub(reach);
        let size = usize::try_from(log.length() - from).unwrap_or(0);
        let bytes = read_at(log.file(), from, size)?;
        let body = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
        let mut starts: Vec<usize> =
            memchr::memrchr_iter(b'\n', body).take(window.rows).map(|at| at + 1).collect();
        if starts.len() >= window.rows || from == 0 || reach >= TAIL {
            if starts.len() < window.rows && from > 0 && log.is_indexed() {
                return Ok(None);
            }
            if starts.len() < window.rows && !body.is_empty() {
                starts.push(0);
            }
            starts.reverse();
            break (bytes, starts, from);
        }
        reach *= 4;
    };
    let body = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
    let mut sgr = Sgr::default();
    if let Some(first) = starts.first() {
        carry(&body[..*first], &mut sgr);
    }
    let mut all = Last::new();
    for (place, start) in starts.iter().enumerate() {
        let stop = starts.get(place + 1).map_or(body.len(), |next| next - 1);
        let raw = clip(&body[*start..stop], LINE_CAP, from + *start as u64);
        all.push((starts.len() - place, styled(&raw, &mut sgr, window)));
    }
    Ok(Some(all))
}

/// Returns the last lines as they are found by their numbers.
fn last_counted(log: &LogFile, window: &Window<'_>) -> io::Result<Last> {
    let total = log.index().lines();
    let (mut lines, mut sgr) = lines_at(log, total.saturating_sub(window.rows as u64))?;
    let mut all = Last::new();
    loop {
        let from_end = usize::try_from(total.saturating_sub(lines.line)).unwrap_or(usize::MAX);
        let Some(raw) = lines.next()? else { return Ok(all) };
        all.push((from_end, styled(&raw, &mut sgr, window)));
    }
}

/// Returns the lines from one on, and how those before it left off.
fn lines_at(log: &LogFile, line: u64) -> io::Result<(Lines<'_>, Sgr)> {
    let mark = log.index().before(line);
    let mut lines = Lines::new(log.file(), log.index(), (mark.line, mark.offset), log.length());
    let mut sgr = Sgr::default();
    carry(&lines.skip_to(line)?, &mut sgr);
    Ok((lines, sgr))
}

/// Turns a line into rows.
fn styled(raw: &RawLine, sgr: &mut Sgr, window: &Window<'_>) -> Vec<StyledLine> {
    let mut cells = Writer::write(&raw.bytes, sgr);
    if let Some(finder) = window.find {
        mark_found(&mut cells, finder);
    }
    let limit = (window.rows / 2).max(4);
    window.timed(window.rows(&cells, (raw, limit)), raw.at)
}

pub(super) fn mark_found(cells: &mut [Cell], finder: &Finder) {
    let mut text = String::with_capacity(cells.len());
    let mut places = Vec::with_capacity(cells.len());
    for (place, cell) in cells.iter().enumerate().filter(|(_, cell)| cell.width > 0) {
        places.push((text.len(), place));
        text.push(cell.base);
        text.push_str(&cell.marks);
    }
    for found in finder.ranges(&text) {
        let from = places.partition_point(|(at, _)| *at < found.start);
        let to = places.partition_point(|(at, _)| *at < found.end);
        for (_, place) in places.get(from..to).unwrap_or_default() {
            cells[*place].sgr.attributes.insert(Attributes::FOUND);
        }
    }
}

/// Follows the colours through bytes that are not shown.
fn carry(bytes: &[u8], sgr: &mut Sgr) {
    if memchr::memchr(0x1b, bytes).is_some() {
        for line in bytes.split(|byte| *byte == b'\n') {
            if memchr::memchr(0x1b, line).is_some() {
                Parser::new().advance(&mut Carry(sgr), line);
            }
        }
    }
}

struct Carry<'a>(&'a mut Sgr);

impl Perform for Carry<'_> {
    fn csi_dispatch(&mut self, params: &Params, intermediates: &[u8], ignore: bool, action: char) {
        if action == 'm' && !ignore && intermediates.is_empty() {
            self.0.apply(params.iter());
        }
    }
}
