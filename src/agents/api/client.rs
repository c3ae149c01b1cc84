//! One request to a service, and its streamed reply.

use std::io::Read as _;
use std::time::{Duration, SystemTime};

use ureq::config::Config;
use ureq::http::{HeaderMap, Response};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Body};

use super::conversation::Request;
use super::failure::Failure;
use super::reply::Reply;
use super::reset::Reset;
use super::said::{Around, Said};
use super::settings::Settings;
use super::sse::Decoder;
use crate::agents::plain;
use crate::core::FailureClass;

/// Names are looked up, and connections made, within this time.
const CONNECT: Duration = Duration::from_secs(20);
/// So much of an answer that is no stream is read, in bytes.
const ANSWER: u64 = 64 * 1024;

/// Asks a service.
#[derive(Debug)]
pub struct Client {
    agent: Agent,
    settings: Settings,
}

impl Client {
    /// A client that trusts whom the system trusts, takes proxies from the environment and follows no redirect: a key
    /// must not be carried elsewhere.
    pub fn new(settings: &Settings) -> Self {
        let tls = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build();
        let config: Config = Agent::config_builder()
            .tls_config(tls)
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_resolve(Some(CONNECT))
            .timeout_connect(Some(CONNECT))
            .timeout_per_read(Some(settings.silence))
            .timeout_per_write(Some(settings.silence))
            .timeout_recv_response(Some(settings.silence))
            .user_agent(concat!("ostler/", env!("CARGO_PKG_VERSION")))
            .build();
        Self { agent: config.new_agent(), settings: settings.clone() }
    }

    /// Asks once; `heard` is given each piece of the reply's text as it arrives.
    ///
    /// Whether the reply is whole is for [`Reply::whole`] to say.
    pub fn ask(&self, request: &Request, heard: &mut dyn FnMut(&str)) -> Result<Reply, Failure> {
        let settings = &self.settings;
        let provider = settings.provider;
        let body = provider.body(settings, request).to_string();
        let mut call = self
            .agent
            .post(provider.endpoint(&settings.base_url))
            .header("content-type", "application/json")
            .header("accept", "text/event-stream");
        for (name, value) in provider.headers() {
            call = call.header(*name, *value);
        }
        if let Some(key) = &settings.key {
            let (name, value) = provider.authorization(key);
            call = call.header(name, value);
        }
        let answer = call.send(body.as_bytes()).map_err(|error| self.unreached(&error))?;
        self.answer(answer, heard)
    }

    fn answer(
        &self,
        answer: Response<Body>,
        heard: &mut dyn FnMut(&str),
    ) -> Result<Reply, Failure> {
        let (parts, mut body) = answer.into_parts();
        let around = around(parts.status.as_u16(), &parts.headers);
        let kind = header(&parts.headers, "content-type").unwrap_or_default();
        if parts.status.is_success() && kind.starts_with("text/event-stream") {
            let reply = self.stream(&mut body, heard);
            return reply.map_err(|failure| Failure { request_id: around.request_id, ..failure });
        }
        let mut bytes = Vec::new();
        // What cannot be read of an answer that is an error anyway is as good as not said.
        let _cut = body.as_reader().take(ANSWER).read_to_end(&mut bytes);
        if !parts.status.is_success() {
            return Err(Said::of_body(&bytes).failure(around));
        }
        if let Some(said) = serde_json::from_slice(&bytes).ok().as_ref().and_then(Said::read) {
            return Err(said.failure(Around { status: None, ..around }));
        }
        let kind = plain::cut(kind, 60);
        let message = format!("the service answered with `{kind}` and not with a stream of events");
        let failure = Failure::new(FailureClass::InvalidResponse, message);
        Err(Failure { status: around.status, request_id: around.request_id, ..failure })
    }

    fn stream(&self, body: &mut Body, heard: &mut dyn FnMut(&str)) -> Result<Reply, Failure> {
        let provider = self.settings.provider;
        let mut reader = body.as_reader();
        let mut decoder = Decoder::default();
        let mut reply = Reply::default();
        let mut piece = [0; 8 * 1024];
        let mut take = |reply: &mut Reply, data: &str| {
            let before = reply.text.len();
            provider.event(reply, data)?;
            heard(&reply.text[before..]);
            Ok::<(), Failure>(())
        };
        while !reply.complete || reply.tokens.received == 0 {
            let length = match reader.read(&mut piece) {
                Ok(0) => break,
                Ok(length) => length,
                // The reply had come to its end; only its figures are missing.
                Err(_) if reply.complete => return Ok(reply),
                Err(error) => {
                    let failure = self.unreached(&ureq::Error::from(error));
                    return Err(Failure { tokens: reply.tokens, ..failure });
                }
            };
            let events = decoder.feed(&piece[..length]).map_err(|error| Failure {
                tokens: reply.tokens,
                ..Failure::new(FailureClass::InvalidResponse, error.to_string())
            })?;
            events.iter().try_for_each(|data| take(&mut reply, data))?;
        }
        if !reply.complete
            && let Some(data) = decoder.finish()
        {
            take(&mut reply, &data)?;
        }
        Ok(reply)
    }

    /// Returns the failure that an error on the way stands for.
    fn unreached(&self, error: &ureq::Error) -> Failure {
        let host = self.host();
        let class = match error {
            ureq::Error::BadUri(_) | ureq::Error::Http(_) | ureq::Error::InvalidProxyUrl => {
                FailureClass::Config
            }
            ureq::Error::Protocol(_) | ureq::Error::LargeResponseHeader(..) => {
                FailureClass::InvalidResponse
            }
            _ => FailureClass::Network,
        };
        let message = match error {
            ureq::Error::Timeout(ureq::Timeout::Connect | ureq::Timeout::Resolve) => {
                format!("{host} could not be reached within {} s", CONNECT.as_secs())
            }
            ureq::Error::Timeout(_) => {
                format!("{host} said nothing for {} s", self.settings.silence.as_secs())
            }
            ureq::Error::HostNotFound => {
                format!("the name of {host} is not known; are you online?")
            }
            ureq::Error::Io(error) => format!("the connection to {host} failed: {error}"),
            error => format!("the request to {host} failed: {error}"),
        };
        Failure::new(class, message)
    }

    fn host(&self) -> &str {
        let rest = self.settings.base_url.split_once("://").map_or("", |(_, rest)| rest);
        let host = rest.split('/').next().unwrap_or_default();
        host.rsplit_once('@').map_or(host, |(_, host)| host)
    }
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn around(status: u16, headers: &HeaderMap) -> Around {
    let id = header(headers, "request-id").or_else(|| header(headers, "x-request-id"));
    let reset = header(headers, "retry-after-ms").and_then(Reset::of_milliseconds);
    let reset =
        reset.or_else(|| Reset::of_header(header(headers, "retry-after")?, SystemTime::now()));
    Around {
        status: Some(status),
        request_id: id.map(|id| plain::cut(&plain::clean(id.as_bytes()), 100)),
        reset,
    }
}
