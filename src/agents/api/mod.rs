//! An agent of our own that asks a language model by its API and applies the edits in its reply.
//!
//! It runs as a program (`ostler agent claude-api`, `ostler agent openai-api`) under a keeper, like any other agent: it
//! reads the prompt and the files of the work, asks, and writes what it does to its standard output as JSON lines that
//! its presets read. Nothing in a reply is trusted: edits are read and checked whole, and then applied all or none.

pub mod apply;
pub mod ask;
pub mod claude;
pub mod client;
pub mod conflict_form;
pub mod conversation;
pub mod edit;
pub mod failure;
pub mod instructions;
pub mod listing;
pub mod mark;
pub mod mark_form;
pub mod material;
pub mod openai;
pub mod plan;
pub mod probe;
pub mod provider;
pub mod relative_path;
pub mod reply;
pub mod report;
pub mod reset;
pub mod root;
pub mod run;
pub mod said;
pub mod scope;
pub mod seed_form;
pub mod settings;
pub mod sse;
