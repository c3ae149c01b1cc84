//! Several supervisors of one project, and what guards their agents.

mod admission;
mod breakers;
mod slots;

/// Nothing waits and nothing warns; breakers and limits are each test's own.
const QUICK: &str = "
grace: 300ms
timeout: { soft: off, hard: 5m, idle: off }
retry: { max: 0, backoff: none }
";
