//! What processes tell each other: facts about workstreams, and requests.

pub mod client;
pub mod facts;
pub mod forecast;
pub mod protocol;
pub mod server;
pub mod touch;
