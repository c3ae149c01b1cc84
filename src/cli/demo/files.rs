//! wip
/// wip
#[derive(PartialEq)]
pub enum Mode {
    /// x
    File,
    /// y
    Program,
}
/// wip
pub struct DemoFile {
    /// p
    pub path: &'static str,
    /// c
    pub contents: &'static str,
    /// m
    pub mode: Mode,
}
/// wip
pub const FILES: &[DemoFile] = &[];
/// wip
pub fn config(_pace: f64) -> String {
    String::new()
}
