//! Where lines begin: a few places in a file, however long it grows.

/// A place is remembered after so many lines …
const LINES: u64 = 256;
/// … or so many bytes, whichever comes first.
const BYTES: u64 = 64 * 1024;
/// Beyond so many places every other one is forgotten and the distances double: at most 1 MiB in all.
const MAX_MARKS: usize = 64 * 1024;
/// Line feeds are counted, not looked at one by one, in blocks of this size.
const BLOCK: usize = 4096;

/// The beginning of a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Mark {
    /// The line's number, from 0.
    pub line: u64,
    /// Its first byte.
    pub offset: u64,
}

/// Where lines begin.
#[derive(Clone, Debug)]
pub(super) struct LineIndex {
    marks: Vec<Mark>,
    scanned: u64,
    feeds: u64,
    line_start: u64,
    spread: u64,
}

impl Default for LineIndex {
    fn default() -> Self {
        Self { marks: vec![Mark::default()], scanned: 0, feeds: 0, line_start: 0, spread: 1 }
    }
}

impl LineIndex {
    /// Takes the bytes that follow those taken before.
    pub fn feed(&mut self, bytes: &[u8]) {
        for block in bytes.chunks(BLOCK) {
            self.block(block);
        }
    }

    fn block(&mut self, block: &[u8]) {
        let last = self.marks.last().copied().unwrap_or_default();
        let feeds = memchr::memchr_iter(b'\n', block).count() as u64;
        let end = self.scanned + block.len() as u64;
        let due = self.feeds + feeds >= last.line + LINES * self.spread
            || end >= last.offset + BYTES * self.spread;
        if due {
            for at in memchr::memchr_iter(b'\n', block) {
                self.line_start = self.scanned + at as u64 + 1;
                self.feeds += 1;
                self.mark();
            }
        } else {
            self.feeds += feeds;
            if let Some(at) = memchr::memrchr(b'\n', block) {
                self.line_start = self.scanned + at as u64 + 1;
            }
        }
        self.scanned = end;
    }

    fn mark(&mut self) {
        let last = self.marks.last().copied().unwrap_or_default();
        if self.feeds < last.line + LINES * self.spread
            && self.line_start < last.offset + BYTES * self.spread
        {
            return;
        }
        self.marks.push(Mark { line: self.feeds, offset: self.line_start });
        if self.marks.len() > MAX_MARKS {
            self.spread *= 2;
            let mut place = 0_usize;
            self.marks.retain(|_| {
                place += 1;
                place % 2 == 1
            });
        }
    }

    /// Returns how many bytes were taken.
    pub fn scanned(&self) -> u64 {
        self.scanned
    }

    /// Returns how many lines there are in those bytes; one that does not end counts.
    pub fn lines(&self) -> u64 {
        self.feeds + u64::from(self.line_start < self.scanned)
    }

    /// Returns the last remembered place that is not behind the beginning of a line.
    pub fn before(&self, line: u64) -> Mark {
        let place = self.marks.partition_point(|mark| mark.line <= line);
        self.marks.get(place.saturating_sub(1)).copied().unwrap_or_default()
    }

    /// Returns the last remembered place that is not behind an offset.
    pub fn before_offset(&self, offset: u64) -> Mark {
        let place = self.marks.partition_point(|mark| mark.offset <= offset);
        self.marks.get(place.saturating_sub(1)).copied().unwrap_or_default()
    }

    /// Returns where a line begins, if that is remembered.
    pub fn exact(&self, line: u64) -> Option<u64> {
        let mark = self.before(line);
        (mark.line == line).then_some(mark.offset)
    }

    /// Returns how many places are remembered.
    pub fn places(&self) -> usize {
        self.marks.len()
    }
}
