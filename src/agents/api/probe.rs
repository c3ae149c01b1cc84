//! Asking a service for one token, to learn whether it serves.

use super::client::Client;
use super::conversation::{Request, Role};
use super::failure::Failure;
use super::provider::Provider;
use super::settings::Settings;
use crate::core::FailureClass;

/// Asks for as little as the service gives; a reply that begins is enough.
pub fn probe(settings: &Settings) -> Result<(), Failure> {
    let least = match settings.provider {
        Provider::Claude => 1,
        // Models that think first refuse a smaller limit.
        Provider::OpenAi => 16,
    };
    let settings = Settings { max_output: Some(least), ..settings.clone() };
    let mut request = Request::default();
    request.say(Role::User, "Say OK.");
    match Client::new(&settings).ask(&request, &mut |_| ()) {
        Ok(reply) if reply.complete => Ok(()),
        Ok(reply) => reply.whole().map(drop),
        Err(Failure { class: FailureClass::OutputLimit | FailureClass::Refusal, .. }) => Ok(()),
        Err(failure) => Err(failure),
    }
}
