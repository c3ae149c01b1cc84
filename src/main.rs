//! ostler supervises coding agents.

use std::process::ExitCode;

fn main() -> ExitCode {
    if let Some(code) = ostler::keeper::enter(std::env::args_os()) {
        return code;
    }
    ExitCode::SUCCESS
}
