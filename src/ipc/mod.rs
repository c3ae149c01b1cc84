//! What processes tell each other: facts about workstreams, and requests.

pub mod facts;
