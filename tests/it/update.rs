//! What inputs do: the action table, keys, dialogs, pastes and the mouse; bytes of a terminal; frames and their pace.
#![expect(clippy::expect_used, clippy::panic, reason = "what fails here fails the test")]

mod actions;
mod agents;
mod alerts;
mod audit;
mod canvas;
mod decode;
pub mod desk;
mod destructive;
mod dialogs;
mod diff_lines;
mod diffs;
mod farewell;
mod filtered;
mod forms;
mod found;
mod keys;
mod logs;
mod moves;
mod pace;
mod random;
mod together;
mod undone;
mod views;
