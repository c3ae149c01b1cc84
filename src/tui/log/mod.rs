//! The file behind the log pane, read by offset and never held in memory.
//!
//! [`LogFile`] knows where lines begin, [`LogFile::page`] turns the visible ones into [`StyledLine`]s, [`LogSearch`] finds
//! text in all of them. Nothing here is a terminal: escape sequences are read for their colours and dropped.

mod events;
mod excerpt;
mod file;
mod finder;
mod fold;
mod hits;
mod index;
mod line;
mod page;
mod plain;
mod prefilter;
mod read;
mod search;
mod sgr;
mod stream;
mod times;

pub use excerpt::Excerpt;
pub use file::{LogFile, Refreshed};
pub use finder::{Case, Finder, complaint};
pub use fold::Fold;
pub use hits::{Direction, Hits};
pub use line::{style_line, style_said};
pub use page::{Form, LogPage, Top, Window};
pub use plain::{Written, plain_line, write_plain};
pub use search::LogSearch;
pub use sgr::{Attributes, Ink, LogSpan, Sgr, StyledLine};
pub use stream::{Said, readable};
pub use times::{LogTimes, Moment, WrittenAt};
