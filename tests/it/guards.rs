//! What guards a fleet, as folds over the outcome log: breakers, the storm brake, the budget.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

mod breakers;
mod conditions;
mod forecasts;
mod health;
pub mod log;
mod past;
mod random;
mod recovery;
mod spending;
mod standings;
mod storms;
mod strains;
