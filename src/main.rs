//! The program: keepers and gates first, since they must set nothing up; then what was typed.

use std::process::ExitCode;

use clap::Parser as _;
use ostler::cli::arguments::{self, Arguments};

fn main() -> ExitCode {
    if let Some(code) = ostler::keeper::enter(std::env::args_os()) {
        return code;
    }
    if let Some(code) = ostler::cli::colours::enter(std::env::args_os()) {
        return code;
    }
    match arguments::run(Arguments::parse()) {
        Ok(code) => code.into(),
        Err(failure) => {
            if !failure.text.is_empty() {
                ostler::cli::say::warning(format_args!("ostler: {}", failure.text.trim_end()));
            }
            failure.code.into()
        }
    }
}
