//! What becomes of a log's bytes on their way to the output.

use std::fmt::Write as _;
use std::io::{self, Write};

use crate::core::Stream;
use crate::tui::log::{Attributes, Ink, Sgr, StyledLine, plain_line, readable, style_said};

/// A longer line is printed in parts, in bytes.
const HELD: usize = 1024 * 1024;

/// How bytes are printed.
#[derive(Clone, Copy, Debug)]
pub(super) enum Form {
    /// As they were written.
    Raw,
    /// Line by line as it looks, without what else would control a terminal.
    Cleaned(Colours),
    /// Events as lines that people read.
    Readable(Stream, Colours),
}

/// Whether the output shows colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Colours {
    Shown,
    None,
}

/// What becomes of a log's bytes on their way to the output.
#[derive(Debug)]
pub(super) struct Printer {
    form: Form,
    /// A line whose end has not come.
    held: Vec<u8>,
}

impl Printer {
    pub(super) fn new(form: Form) -> Self {
        Self { form, held: Vec::new() }
    }

    /// Prints the next bytes.
    pub(super) fn print(&mut self, bytes: &[u8], out: &mut impl Write) -> io::Result<()> {
        if matches!(self.form, Form::Raw) {
            return out.write_all(bytes);
        }
        // What a line looks like is known when it is whole; in parts, it would have torn sequences in it.
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.held.extend_from_slice(piece);
            if piece.ends_with(b"\n") || self.held.len() > HELD {
                let line = std::mem::take(&mut self.held);
                self.line(&line, out)?;
            }
        }
        Ok(())
    }

    /// Prints what has no end, since none will come.
    pub(super) fn end(mut self, out: &mut impl Write) -> io::Result<()> {
        let held = std::mem::take(&mut self.held);
        self.line(&held, out)
    }

    fn line(&self, line: &[u8], out: &mut impl Write) -> io::Result<()> {
        match self.form {
            Form::Raw => out.write_all(line),
            Form::Cleaned(colours) => text(line, colours, out),
            Form::Readable(stream, colours) => event(line, stream, colours, out),
        }
    }
}

fn text(line: &[u8], colours: Colours, out: &mut impl Write) -> io::Result<()> {
    let (line, end) = line.strip_suffix(b"\n").map_or((line, ""), |line| (line, "\n"));
    write!(out, "{}{end}", shown(&plain_line(line), colours).trim_end())
}

fn event(line: &[u8], stream: Stream, colours: Colours, out: &mut impl Write) -> io::Result<()> {
    let Some(said) = readable(stream, line) else { return text(line, colours, out) };
    for line in said {
        writeln!(out, "{}", shown(&style_said(&line), colours).trim_end())?;
    }
    Ok(())
}

fn shown(line: &StyledLine, colours: Colours) -> String {
    if colours == Colours::Shown { painted(line) } else { line.text() }
}

/// Writes a line with the colours of the terminal it goes to.
fn painted(line: &StyledLine) -> String {
    let mut text = String::new();
    for span in &line.spans {
        let codes = codes(span.sgr);
        if codes.is_empty() {
            text.push_str(&span.text);
        } else {
            let _infallible = write!(text, "\x1b[{}m{}\x1b[0m", codes.join(";"), span.text);
        }
    }
    text
}

fn codes(sgr: Sgr) -> Vec<String> {
    let attributes = [
        (Attributes::BOLD, "1"),
        (Attributes::DIM, "2"),
        (Attributes::ITALIC, "3"),
        (Attributes::UNDERLINE, "4"),
        (Attributes::REVERSE, "7"),
        (Attributes::STRIKE, "9"),
    ];
    let set = attributes.iter().filter(|(attribute, _)| sgr.attributes.contains(*attribute));
    let mut codes: Vec<String> = set.map(|(_, code)| (*code).to_owned()).collect();
    for (ink, place) in [(sgr.fg, 38), (sgr.bg, 48)] {
        match ink {
            Ink::Default => {}
            Ink::Indexed(index) => codes.push(format!("{place};5;{index}")),
            Ink::Rgb(r, g, b) => codes.push(format!("{place};2;{r};{g};{b}")),
        }
    }
    codes
}
