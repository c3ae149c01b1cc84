//! Printing to a reader that may have gone away, which is no failure of the command.

use std::fmt::Arguments;
use std::io::{self, Write as _};

/// Prints a line.
pub fn line(text: Arguments<'_>) {
    let _gone = writeln!(io::stdout().lock(), "{text}");
}

/// Prints a line of warning.
pub fn warning(text: Arguments<'_>) {
    let _gone = writeln!(io::stderr().lock(), "{text}");
}
