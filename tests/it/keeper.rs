//! The keeper with real processes: `/bin/sh` plays the agent.

mod bench;
mod clients;
mod ends;
mod guards;
mod runs;
mod survives;
