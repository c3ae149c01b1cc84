//! The command line: one subcommand a file.

pub mod agent;
pub mod answer;
pub mod arguments;
pub mod attach;
pub mod check;
pub mod demo;
pub mod detach;
pub mod escalate;
pub mod failure;
pub mod headless;
pub mod hosted;
pub mod init;
pub mod kill;
pub mod log_file;
pub mod logs;
pub mod opened;
pub mod operate;
pub mod progress;
pub mod retry;
pub mod screen;
pub mod status;
pub mod stop;
pub mod table;
pub mod up;
pub mod worker;
