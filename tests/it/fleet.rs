//! Several supervisors of one project, and what guards their agents.

mod admission;
mod breakers;
mod slots;
