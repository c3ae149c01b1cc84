//! The part of a log that a pane shows when its lines are events that are made readable.
//!
//! An event takes any number of rows, or none. So a page begins at a row of an event, and what lies above it is found by
//! going back event by event.

use std::io;

use super::file::LogFile;
use super::line::{Writer, cells};
use super::page::{Form, LogPage, Top, Window, mark_found};
use super::read::{EVENT_CAP, LINE_CAP, Lines, RawLine, clip, read_at};
use super::sgr::{Sgr, StyledLine};
use super::stream::readable;
use crate::core::Stream;

/// The last page is looked for no further from the end than this, in bytes.
const TAIL: u64 = 4 * 1024 * 1024;
/// Events that take no row are passed over no further than this, in lines.
const REACH: u64 = 4096;
/// An event takes no more rows than this.
const MAX_ROWS: usize = 2000;
/// So many events are read at once on the way back.
const STEP: u64 = 32;

/// An event and its rows.
struct Shown {
    line: u64,
    rows: Vec<StyledLine>,
}

/// Returns the rows that a pane shows.
pub(super) fn page(
    log: &LogFile,
    top: Top,
    stream: Stream,
    window: &Window<'_>,
) -> io::Result<LogPage> {
    let (line, by) = match top {
        Top::End => return from_end(log, stream, window),
        Top::Line(line) => (line, 0),
        Top::Rows { line, rows } => (line, rows),
    };
    let line = (line as u64).min(log.index().lines().saturating_sub(1));
    let above = by.min(0).unsigned_abs();
    let mut before = if above > 0 { back(log, line, above, stream, window)? } else { Vec::new() };
    let found: usize = before.iter().map(|shown| shown.rows.len()).sum();
    let start = before.first().map_or(line, |shown| shown.line);
    let skip = found.saturating_sub(above) + by.max(0).unsigned_abs();
    let page = forward(log, (start, skip), &mut before, stream, window)?;
    // A page that is not full would only show less of the end.
    if page.at_end && page.lines.len() < window.rows && (start, skip) != (0, 0) {
        return from_end(log, stream, window);
    }
    Ok(page)
}

/// Returns the events before a line that take so many rows, oldest first; fewer where the log begins, or where there are
/// too many that take none.
fn back(
    log: &LogFile,
    line: u64,
    wanted: usize,
    stream: Stream,
    window: &Window<'_>,
) -> io::Result<Vec<Shown>> {
    let mut all: Vec<Shown> = Vec::new();
    let (mut found, mut first) = (0, line);
    while found < wanted && first > 0 && line - first < REACH {
        let from = first.saturating_sub(STEP);
        let mut lines = lines_at(log, from)?;
        let mut these = Vec::new();
        while lines.line < first {
            let at = lines.line;
            let Some(raw) = lines.next()? else { break };
            these.push(Shown { line: at, rows: styled(&raw, stream, window) });
        }
        found += these.iter().map(|shown| shown.rows.len()).sum::<usize>();
        these.append(&mut all);
        (all, first) = (these, from);
    }
    Ok(all)
}

/// Returns the page that begins so many rows below the beginning of an event; `before` are events from there on that
/// were read already.
fn forward(
    log: &LogFile,
    (start, skip): (u64, usize),
    before: &mut Vec<Shown>,
    stream: Stream,
    window: &Window<'_>,
) -> io::Result<LogPage> {
    let mut known = before.drain(..);
    let mut lines = lines_at(log, start)?;
    let mut page = LogPage { total: log.lines(), form: Form::Readable, ..LogPage::default() };
    let (mut skip, mut shown, mut passed) = (skip, start, 0);
    while page.lines.len() < window.rows && passed < REACH {
        let at = lines.line;
        let Some(raw) = lines.next()? else { break };
        let mut rows = match known.next() {
            Some(known) => known.rows,
            None => styled(&raw, stream, window),
        };
        passed += u64::from(rows.is_empty());
        if skip >= rows.len() && page.first.is_none() {
            skip -= rows.len();
            shown = at + 1;
            continue;
        }
        if page.first.is_none() {
            (page.first, page.row) = (usize::try_from(at).ok(), skip);
            rows.drain(..skip);
        }
        if page.lines.len() + rows.len() <= window.rows {
            shown = at + 1;
        }
        let number = usize::try_from(at).unwrap_or(usize::MAX);
        page.numbers.extend(rows.iter().map(|_| number));
        page.lines.append(&mut rows);
    }
    if page.first.is_none() {
        page.first = usize::try_from(shown).ok();
    }
    page.lines.truncate(window.rows);
    page.numbers.truncate(window.rows);
    page.at_end = lines.offset >= log.length() && shown >= lines.line;
    page.below = page.total.map(|total| total.saturating_sub(usize::try_from(shown).unwrap_or(0)));
    Ok(page)
}

/// Returns the page that ends where the file ends.
fn from_end(log: &LogFile, stream: Stream, window: &Window<'_>) -> io::Result<LogPage> {
    let mut reach = 64 * 1024;
    loop {
        let from = log.length().saturating_sub(reach);
        let size = usize::try_from(log.length() - from).unwrap_or(0);
        let bytes = read_at(log.file(), from, size)?;
        let (rows, of, events) = last_rows(&bytes, from, stream, window);
        if rows.len() < window.rows && from > 0 {
            if reach < TAIL {
                reach *= 4;
                continue;
            }
            if let Some(page) = from_counted(log, stream, window)? {
                return Ok(page);
            }
        }
        let row = rows.len().saturating_sub(window.rows);
        let total = log.lines();
        return Ok(LogPage {
            lines: rows.into_iter().skip(row).collect(),
            numbers: total.map_or_else(Vec::new, |total| {
                of.iter().skip(row).map(|from_end| total.saturating_sub(*from_end)).collect()
            }),
            first: total.map(|total| total.saturating_sub(events)),
            row,
            form: Form::Readable,
            total,
            below: total.map(|_| 0),
            at_end: true,
        });
    }
}

/// Returns the page that ends where the file ends, as it is found by the numbers of lines; none while they are counted.
fn from_counted(log: &LogFile, stream: Stream, window: &Window<'_>) -> io::Result<Option<LogPage>> {
    let Some(total) = log.lines() else { return Ok(None) };
    let before = back(log, total as u64, window.rows, stream, window)?;
    let rows: Vec<(u64, StyledLine)> = before
        .into_iter()
        .flat_map(|shown| shown.rows.into_iter().map(move |row| (shown.line, row)))
        .collect();
    let above = rows.len().saturating_sub(window.rows);
    let first = rows.get(above).map_or(total as u64, |(line, _)| *line);
    let row = rows[..above].iter().rev().take_while(|(line, _)| *line == first).count();
    let number = |line: u64| usize::try_from(line).unwrap_or(usize::MAX);
    let (numbers, lines) =
        rows.into_iter().skip(above).map(|(line, row)| (number(line), row)).unzip();
    Ok(Some(LogPage {
        lines,
        numbers,
        first: Some(number(first)),
        row,
        form: Form::Readable,
        total: Some(total),
        below: Some(0),
        at_end: true,
    }))
}

/// Returns the rows of the last events that fill a page, for each row the place of its event from the end, and that of the
/// first of these events.
fn last_rows(
    bytes: &[u8],
    from: u64,
    stream: Stream,
    window: &Window<'_>,
) -> (Vec<StyledLine>, Vec<usize>, usize) {
    let body = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    let (mut end, mut events, mut first) = (body.len(), 0, 0);
    let (mut rows, mut of): (Vec<StyledLine>, Vec<usize>) = (Vec::new(), Vec::new());
    while rows.len() < window.rows && !body.is_empty() {
        let feed = memchr::memrchr(b'\n', &body[..end]);
        if feed.is_none() && from > 0 {
            break;
        }
        let start = feed.map_or(0, |feed| feed + 1);
        let raw = clip(&body[start..end], EVENT_CAP, from + start as u64);
        let mut these = styled(&raw, stream, window);
        events += 1;
        of.splice(0..0, these.iter().map(|_| events));
        if !these.is_empty() {
            first = events;
        }
        these.append(&mut rows);
        rows = these;
        let Some(feed) = feed else { break };
        end = feed;
    }
    (rows, of, first)
}

/// Returns the events from a line on.
fn lines_at(log: &LogFile, line: u64) -> io::Result<Lines<'_>> {
    let mark = log.index().before(line);
    let mut lines = Lines::events(log.file(), log.index(), (mark.line, mark.offset), log.length());
    lines.skip_to(line)?;
    Ok(lines)
}

/// Turns an event into rows; a line that is none is shown as it is.
fn styled(raw: &RawLine, stream: Stream, window: &Window<'_>) -> Vec<StyledLine> {
    let said = if raw.whole { readable(stream, &raw.bytes) } else { None };
    let Some(said) = said else {
        let shown = clip(&raw.bytes, LINE_CAP, raw.at);
        let shown = RawLine { whole: shown.whole && raw.whole, ..shown };
        let mut cells = Writer::write(&shown.bytes, &mut Sgr::default());
        mark(&mut cells, window);
        let limit = (window.rows / 2).max(4);
        return window.timed(window.rows(&cells, (&shown, limit)), raw.at);
    };
    let mut all = Vec::new();
    for line in &said {
        let mut cells = cells(line);
        mark(&mut cells, window);
        let limit = MAX_ROWS.saturating_sub(all.len());
        if limit == 0 {
            break;
        }
        all.append(&mut window.rows(&cells, (raw, limit)));
    }
    window.timed(all, raw.at)
}

fn mark(cells: &mut [super::line::Cell], window: &Window<'_>) {
    if let Some(finder) = window.find {
        mark_found(cells, finder);
    }
}
