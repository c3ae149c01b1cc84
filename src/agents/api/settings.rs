//! What the agent is told by its arguments and its environment.

use std::path::PathBuf;
use std::time::Duration;

use super::failure::Failure;
use super::provider::Provider;
use crate::core::FailureClass;

/// What can be given as arguments; what is not given has a default.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// The model.
    pub model: Option<String>,
    /// The model's context, in tokens.
    pub context: Option<u64>,
    /// The longest reply, in tokens.
    pub max_output: Option<u32>,
    /// How often a request is made again.
    pub retries: u32,
    /// The first wait before that, when the service states none.
    pub delay: Duration,
    /// How long the service may be silent.
    pub silence: Duration,
    /// The variable that holds the key.
    pub key_variable: Option<String>,
    /// The declared files.
    pub files: Vec<PathBuf>,
}

/// What the agent works with.
#[derive(Clone, PartialEq, Eq)]
pub struct Settings {
    /// The service.
    pub provider: Provider,
    /// The model.
    pub model: String,
    /// The service's base URL.
    pub base_url: String,
    /// The key; none for a server that wants none.
    pub key: Option<String>,
    /// The model's context, in tokens.
    pub context: u64,
    /// The longest reply, in tokens, if one was given.
    pub max_output: Option<u32>,
    /// How often a request is made again.
    pub retries: u32,
    /// The first wait before that, when the service states none.
    pub delay: Duration,
    /// How long the service may be silent.
    pub silence: Duration,
    /// The declared files, relative to the worktree; none if any file may be changed.
    pub files: Vec<PathBuf>,
}

/// The variable that names the one which holds the key.
pub const KEY_VARIABLE: &str = "OSTLER_API_KEY_ENV";

impl Settings {
    /// Puts arguments and environment together; `variable` returns the value of a variable.
    pub fn new(
        provider: Provider,
        options: Options,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, Failure> {
        let variable = |name: &str| variable(name).filter(|value| !value.trim().is_empty());
        let model = options.model.or_else(|| variable(provider.model_variable()));
        let model = model.ok_or_else(|| {
            wrong(format!(
                "no model is set; write `model:` for the agent in ostler.yaml, or set {}",
                provider.model_variable()
            ))
        })?;
        let base_url = base(provider, &variable)?;
        let key = key(provider, options.key_variable, base_url.is_none(), &variable)?;
        Ok(Self {
            provider,
            model,
            base_url: base_url.unwrap_or_else(|| provider.base().to_owned()),
            key,
            context: options.context.unwrap_or_else(|| provider.context()),
            max_output: options.max_output,
            retries: options.retries,
            delay: options.delay,
            silence: options.silence,
            files: options.files,
        })
    }

    /// Returns the texts that must never be written anywhere.
    pub fn secrets(&self) -> Vec<String> {
        let user = self.base_url.split_once("://").and_then(|(_, rest)| {
            let (user, _) = rest.split('/').next()?.rsplit_once('@')?;
            Some(user.to_owned())
        });
        self.key.iter().cloned().chain(user).collect()
    }

    /// Returns the room for the prompt, in tokens.
    pub fn prompt_room(&self) -> u64 {
        let output = u64::from(self.max_output.unwrap_or_else(|| self.provider.output()));
        self.context.saturating_sub(output.min(self.context / 2))
    }
}

fn wrong(message: String) -> Failure {
    Failure::new(FailureClass::Config, message)
}

/// Returns the base URL that is set, if one is.
fn base(
    provider: Provider,
    variable: &impl Fn(&str) -> Option<String>,
) -> Result<Option<String>, Failure> {
    let set = provider.base_variables().iter().find_map(|name| Some((name, variable(name)?)));
    let Some((name, base)) = set else { return Ok(None) };
    let base = base.trim().trim_end_matches('/');
    if !base.starts_with("http://") && !base.starts_with("https://") {
        return Err(wrong(format!("{name} must begin with https:// or http://")));
    }
    Ok(Some(base.to_owned()))
}

/// Returns the key; a server of one's own may want none, unless a variable was named for it.
fn key(
    provider: Provider,
    named: Option<String>,
    is_own: bool,
    variable: &impl Fn(&str) -> Option<String>,
) -> Result<Option<String>, Failure> {
    let named = named.or_else(|| variable(KEY_VARIABLE));
    let needed = is_own || named.is_some() || provider == Provider::Claude;
    let name = named.unwrap_or_else(|| provider.key_variable().to_owned());
    let key = variable(&name).map(|key| key.trim().to_owned());
    if key.is_none() && needed {
        let message = format!("there is no key: set {name} where ostler is started");
        return Err(Failure::new(FailureClass::Auth, message));
    }
    if key.as_ref().is_some_and(|key| !key.bytes().all(|byte| byte.is_ascii_graphic())) {
        return Err(wrong(format!("the key in {name} holds characters that no key has")));
    }
    Ok(key)
}

impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings")
            .field("provider", &self.provider)
            .field("model", &self.model)
            .field("context", &self.context)
            .finish_non_exhaustive()
    }
}
