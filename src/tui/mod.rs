//! The screen: keys become actions, actions change what is shown or become requests; facts become frames.

pub mod state;
