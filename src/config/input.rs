//! The files that a configuration is read from, together with what is wrong in them.

use super::finding::Finding;
use super::node::Node;
use super::read::{At, Read, Reading};
use super::source::{Place, Sources};

/// What was read so far.
#[derive(Default)]
pub(super) struct Input {
    /// The files.
    pub sources: Sources,
    /// What is wrong in them.
    pub findings: Vec<Finding>,
}

impl Input {
    /// Reads a text as YAML. None means that it is wrong and that this was recorded.
    pub fn form<T: Read>(&mut self, name: &str, text: &str) -> Option<At<T>> {
        let (source, node) = self.tree(name, text)?;
        Reading::new(source, text, &mut self.findings).value(&node)
    }

    /// Reads the start of a text as YAML, and keeps all of it for messages.
    pub fn form_of_part<T: Read>(&mut self, name: &str, text: &str, part: &str) -> Option<At<T>> {
        let source = self.sources.add(name, text);
        let node = self.parse(source, part)?;
        Reading::new(source, text, &mut self.findings).value(&node)
    }

    /// Reads a text as a tree and returns its number among the files.
    pub fn tree(&mut self, name: &str, text: &str) -> Option<(usize, Node)> {
        let source = self.sources.add(name, text);
        self.parse(source, text).map(|node| (source, node))
    }

    fn parse(&mut self, source: usize, text: &str) -> Option<Node> {
        match Node::parse(text) {
            Ok(node) => {
                self.sources.keep_tree(source, node.clone());
                Some(node)
            }
            Err(error) => {
                let finding = Finding::error(error.message).maybe_help(error.help);
                let place = Place::new(source, &error.span.unwrap_or_default());
                self.findings.push(finding.at(place).label("here"));
                None
            }
        }
    }

    /// Records what is wrong.
    pub fn push(&mut self, finding: Finding) {
        self.findings.push(finding);
    }
}
