//! Which variables hold secrets, by their names.

/// How the names of variables end that hold secrets.
const ENDINGS: [&str; 4] = ["_KEY", "_TOKEN", "_SECRET", "PASSWORD"];

/// Says whether a variable of this name holds a secret.
pub fn is_secret(variable: &str) -> bool {
    let name = variable.to_ascii_uppercase();
    ENDINGS.iter().any(|end| name.ends_with(end))
}
