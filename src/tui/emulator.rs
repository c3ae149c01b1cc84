//! The terminal of an agent, emulated: its bytes become cells, and nothing of them goes further.
//!
//! Titles, bells, clipboards and colours of the agent's stay here. What the agent asks its terminal is answered by
//! [`Emulator::replies`], which goes to the agent alone. An emulator that panics is a pane that starts anew.

pub mod keys;
pub mod mouse;
pub mod paint;
pub mod paste;
pub mod start;

use std::cell::RefCell;
use std::fmt;
use std::rc::Rc;
use std::time::Instant;

use alacritty_terminal::Term;
use alacritty_terminal::event::{Event, EventListener, WindowSize};
use alacritty_terminal::grid::Dimensions;
use alacritty_terminal::term::{Config, Osc52, TermMode};
use alacritty_terminal::vte::ansi::Processor;

use super::terminal::contain;
use paint::Picture;

/// What the agent has asked of its terminal: how keys, pastes and the mouse are to be sent.
pub type Modes = TermMode;

/// Fewer columns and rows are never emulated: in one column, a wide character takes the emulator's memory without end.
const LEAST: (u16, u16) = (2, 1);
/// Lines that are kept above the screen, for when it becomes larger.
const HISTORY: usize = 200;
/// No more is answered, in bytes, between two looks at the answers: an agent that only asks must not drown in them.
const REPLIES: usize = 4096;

/// The emulator has panicked, and is of no use any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the emulation of the terminal has failed")]
pub struct Broken;

/// The terminal of an agent, emulated.
pub struct Emulator {
    term: Term<Listener>,
    parser: Processor,
    heard: Rc<RefCell<String>>,
}

impl Emulator {
    /// Returns an empty terminal of so many columns and rows.
    pub fn new(size: (u16, u16)) -> Self {
        let config = Config {
            scrolling_history: HISTORY,
            kitty_keyboard: true,
            osc52: Osc52::Disabled,
            ..Config::default()
        };
        let heard = Rc::new(RefCell::new(String::new()));
        let size = Size::of(size);
        let listener = Listener { heard: Rc::clone(&heard), size };
        Self { term: Term::new(config, &size, listener), parser: Processor::new(), heard }
    }

    /// Takes the next bytes of the agent's output.
    pub fn feed(&mut self, bytes: &[u8]) -> Result<(), Broken> {
        contain(|| self.parser.advance(&mut self.term, bytes)).ok_or(Broken)
    }

    /// Returns until when a synchronized update of the agent's holds back what it shows; none if none does.
    pub fn held_until(&self) -> Option<Instant> {
        self.parser.sync_timeout().sync_timeout()
    }

    /// Shows what a synchronized update holds back.
    pub fn release(&mut self) -> Result<(), Broken> {
        contain(|| self.parser.stop_sync(&mut self.term)).ok_or(Broken)
    }

    /// Gives it another size.
    pub fn resize(&mut self, size: (u16, u16)) -> Result<(), Broken> {
        contain(|| self.term.resize(Size::of(size))).ok_or(Broken)
    }

    /// Returns what is on it.
    pub fn picture(&self) -> Result<Picture, Broken> {
        contain(|| paint::paint(&self.term)).ok_or(Broken)
    }

    /// Returns how the agent wants its input.
    pub fn modes(&self) -> Modes {
        *self.term.mode()
    }

    /// Takes what is to be answered to the agent.
    pub fn replies(&mut self) -> String {
        self.heard.take()
    }
}

impl fmt::Debug for Emulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Emulator").field("modes", &self.modes()).finish_non_exhaustive()
    }
}

/// Hears what the terminal has to say, and keeps only its answers to the agent.
#[derive(Debug)]
struct Listener {
    heard: Rc<RefCell<String>>,
    size: Size,
}

impl EventListener for Listener {
    fn send_event(&self, event: Event) {
        let answer = match event {
            Event::PtyWrite(text) => text,
            Event::TextAreaSizeRequest(form) => form(WindowSize {
                num_lines: self.size.rows,
                num_cols: self.size.columns,
                cell_width: 0,
                cell_height: 0,
            }),
            // Whatever an agent wants of the operator's clipboard, title, bell or colours, it does not get.
            _kept_inside => return,
        };
        let mut heard = self.heard.borrow_mut();
        if heard.len() + answer.len() <= REPLIES {
            heard.push_str(&answer);
        }
    }
}

#[derive(Clone, Copy, Debug)]
struct Size {
    columns: u16,
    rows: u16,
}

impl Size {
    fn of((columns, rows): (u16, u16)) -> Self {
        Self { columns: columns.max(LEAST.0), rows: rows.max(LEAST.1) }
    }
}

impl Dimensions for Size {
    fn total_lines(&self) -> usize {
        self.screen_lines()
    }

    fn screen_lines(&self) -> usize {
        usize::from(self.rows)
    }

    fn columns(&self) -> usize {
        usize::from(self.columns)
    }
}
