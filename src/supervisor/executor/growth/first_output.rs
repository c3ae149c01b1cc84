//! When an agent's first output was seen.

use crate::core::Timestamp;

/// When an agent's first output was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::supervisor::executor) enum FirstOutput {
    /// Nobody has looked at it from its beginning on; it may have been silent so far.
    Unseen,
    /// It was silent whenever it was looked at.
    Awaited,
    /// Then.
    At(Timestamp),
    /// There was output already when somebody first looked.
    Missed,
}

impl FirstOutput {
    /// Takes in that so many bytes are there, the last of them since then.
    #[must_use]
    pub(super) fn after(self, bytes: u64, at: Timestamp) -> Self {
        match self {
            Self::Unseen | Self::Awaited if bytes == 0 => Self::Awaited,
            Self::Unseen => Self::Missed,
            Self::Awaited => Self::At(at),
            Self::At(_) | Self::Missed => self,
        }
    }

    /// Returns when it was; none if that is not known.
    pub(super) fn at(self) -> Option<Timestamp> {
        match self {
            Self::At(at) => Some(at),
            Self::Unseen | Self::Awaited | Self::Missed => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_somebody_saw_begin_has_a_time() {
        let (early, late) = (Timestamp(1), Timestamp(2));
        let seen = |first: FirstOutput, looks: &[(u64, Timestamp)]| {
            looks.iter().fold(first, |first, (bytes, at)| first.after(*bytes, *at)).at()
        };
        assert_eq!(seen(FirstOutput::Awaited, &[(0, early), (5, late), (9, late)]), Some(late));
        assert_eq!(seen(FirstOutput::Awaited, &[(5, early), (9, late)]), Some(early));
        assert_eq!(seen(FirstOutput::Unseen, &[(5, early), (9, late)]), None);
        assert_eq!(seen(FirstOutput::Unseen, &[(0, early), (9, late)]), Some(late));
        assert_eq!(seen(FirstOutput::Awaited, &[(0, early)]), None);
    }
}
