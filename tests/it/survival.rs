//! Whoever dies: the agent works on, its log grows on, and somebody goes on with the policy.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

mod agent;
mod deaths;
mod heirs;
mod journals;
mod keepers;
mod owners;
mod watches;
