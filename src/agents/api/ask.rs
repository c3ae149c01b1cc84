//! Asking until there is a reply, or no hope of one.

use std::time::Duration;

use super::client::Client;
use super::conversation::Request;
use super::failure::{Failure, Tokens};
use super::reply::Reply;
use super::report::Report;
use crate::core::FailureClass;

/// A longer wait is left to the supervisor, which has other agents.
pub const LONGEST: Duration = Duration::from_secs(60);

/// How often, and after which waits, a request is made again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// How often.
    pub retries: u32,
    /// The first wait when the service states none; it doubles.
    pub delay: Duration,
}

impl Patience {
    /// Returns the wait before the next request, after `made` further ones; none to give up.
    ///
    /// A stated time is kept to, or too long to wait for. A rate limit without one is given up: to guess would only make
    /// it worse.
    pub fn wait(&self, failure: &Failure, made: u32) -> Option<Duration> {
        if made >= self.retries {
            return None;
        }
        let stated = failure.reset.as_ref().map(super::reset::Reset::wait);
        let own = || self.delay.saturating_mul(2_u32.saturating_pow(made)).min(LONGEST);
        let wait = match (failure.class, stated) {
            (FailureClass::RateLimit | FailureClass::Overloaded, Some(stated)) => stated?,
            (FailureClass::Overloaded | FailureClass::Network, _) => own(),
            _ => return None,
        };
        (wait <= LONGEST).then_some(wait)
    }
}

/// Asks, and asks again where that helps; `spent` grows by what failed requests cost.
pub fn ask(
    client: &Client,
    request: &Request,
    patience: Patience,
    spent: &mut Tokens,
    report: &mut Report<'_>,
) -> Result<Reply, Failure> {
    let mut made = 0;
    loop {
        let outcome = client.ask(request, &mut |piece| report.received(piece));
        let outcome = outcome.and_then(Reply::whole);
        report.reply_over();
        let failure = match outcome {
            Ok(reply) => return Ok(reply),
            Err(failure) => failure,
        };
        let Some(wait) = patience.wait(&failure, made) else { return Err(failure) };
        *spent += failure.tokens;
        made += 1;
        report.wait(&failure, wait, made, patience.retries);
        std::thread::sleep(wait);
    }
}
