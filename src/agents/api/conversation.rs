//! What is said to a model.

/// Who said something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// We did.
    User,
    /// The model did.
    Model,
}

/// One turn of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// Who said it.
    pub role: Role,
    /// What was said.
    pub text: String,
}

/// What is said to a model, from the beginning.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// What holds for the whole conversation.
    pub system: String,
    /// The turns, ours first.
    pub turns: Vec<Turn>,
}

impl Request {
    /// Adds a turn.
    pub fn say(&mut self, role: Role, text: impl Into<String>) {
        self.turns.push(Turn { role, text: text.into() });
    }

    /// Returns about how many tokens it is.
    pub fn tokens(&self) -> u64 {
        let turns = self.turns.iter().map(|turn| tokens_of(&turn.text) + 4);
        tokens_of(&self.system) + turns.sum::<u64>()
    }
}

/// Returns about how many tokens a text is: one for three bytes, which is more than code and prose really have.
pub fn tokens_of(text: &str) -> u64 {
    bytes_as_tokens(text.len())
}

/// Returns about how many tokens so many bytes of text are.
pub fn bytes_as_tokens(bytes: usize) -> u64 {
    (bytes as u64).div_ceil(3)
}
