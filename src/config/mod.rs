//! What the configuration says, and what it means.
//!
//! A file becomes a tree in which every value knows where it stands (`node`); the tree is read into the form of the
//! file (`form`), with every mistake recorded; the forms of the project, the user and the defaults are laid over each
//! other and become a [`plan`]. Presets are read by serde instead ([`preset`]).

mod agent;
pub mod alerts;
mod contest;
pub mod draft;
pub mod duration;
mod extend;
pub mod finding;
mod form;
mod gather;
mod guards;
mod input;
pub mod keys;
mod leaves;
pub mod load;
mod name;
mod nearest;
mod node;
mod order;
mod pattern;
mod placeholder;
pub mod plan;
pub mod preset;
mod presets;
mod read;
mod response;
pub mod schema;
pub mod secret;
pub mod simulation;
pub mod skeleton;
mod source;
pub mod theme;
mod timing;
mod value;
pub mod watch;
mod workstream;

pub use finding::{Colour, ConfigErrors, Findings};
pub use load::{FILE, Loaded, load};
pub use presets::{Presets, presets};
pub use schema::schema;
pub use skeleton::{installed, skeleton};
pub use watch::{WatchError, Watcher, watch};
