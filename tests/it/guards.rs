//! What guards a fleet, as folds over the outcome log: breakers, the storm brake, the budget.

mod breakers;
mod forecasts;
mod health;
mod log;
mod random;
mod spending;
mod storms;
