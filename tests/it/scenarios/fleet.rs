//! Who may go, and who waits for whom.
