//! A preset that says only how it differs from another one.

use super::node::Node;
use super::preset::{Patterns, Preset, PresetRetry, PresetTimeout};
use crate::core::policy::Responses;

/// Puts what a preset says over another one; `node` is the file, which tells what was given.
pub(super) fn over(own: Preset, base: &Preset, node: &Node) -> Preset {
    let given = |key: &str| node.get(key).is_some();
    let base = base.clone();
    Preset {
        file: own.file,
        extends: own.extends,
        about: if given("about") { own.about } else { base.about },
        unavailable: own.unavailable.or(base.unavailable.filter(|_| !given("command"))),
        command: if given("command") { own.command } else { base.command },
        io: if given("io") { own.io } else { base.io },
        prompt: if given("prompt") { own.prompt } else { base.prompt },
        env: base.env.into_iter().chain(own.env).collect(),
        probe: own.probe.or(base.probe),
        probe_timeout: own.probe_timeout.or(base.probe_timeout),
        // Another command has other arguments.
        resume: own.resume.or(base.resume.filter(|_| !given("command"))),
        timeout: PresetTimeout {
            soft: own.timeout.soft.or(base.timeout.soft),
            hard: own.timeout.hard.or(base.timeout.hard),
            idle: own.timeout.idle.or(base.timeout.idle),
        },
        retry: PresetRetry {
            max: own.retry.max.or(base.retry.max),
            backoff: own.retry.backoff.or(base.retry.backoff),
            delay: own.retry.delay.or(base.retry.delay),
            max_delay: own.retry.max_delay.or(base.retry.max_delay),
            jitter: own.retry.jitter.or(base.retry.jitter),
        },
        grace: own.grace.or(base.grace),
        expects: own.expects.or(base.expects),
        leaves: [own.leaves, base.leaves].concat(),
        model: own.model.or(base.model),
        max_workers: own.max_workers.or(base.max_workers.filter(|_| !given("command"))),
        contends: own.contends.or(base.contends.filter(|_| !given("command"))),
        on: Responses(base.on.0.into_iter().chain(own.on.0).collect()),
        output: output(own.output, base.output, node.get("output")),
    }
}

/// The rules of both, the own ones first, since the first that matches a line names it.
fn output(own: Patterns, base: Patterns, node: Option<&Node>) -> Patterns {
    let given = |key: &str| node.and_then(|node| node.get(key)).is_some();
    Patterns {
        format: if given("format") { own.format } else { base.format },
        stream: own.stream.or(base.stream),
        success: [own.success, base.success].concat(),
        failure: [own.failure, base.failure].concat(),
        abort_on: [own.abort_on, base.abort_on].concat(),
        progress: [own.progress, base.progress].concat(),
        remark: [own.remark, base.remark].concat(),
        retrying: [own.retrying, base.retrying].concat(),
        waiting: [own.waiting, base.waiting].concat(),
        ignore: [own.ignore, base.ignore].concat(),
        recovered: [own.recovered, base.recovered].concat(),
        todo: [own.todo, base.todo].concat(),
        session: [own.session, base.session].concat(),
        usage: [own.usage, base.usage].concat(),
        tool: [own.tool, base.tool].concat(),
        attempt: [own.attempt, base.attempt].concat(),
        prompted: [own.prompted, base.prompted].concat(),
        message: if given("message") { own.message } else { base.message },
    }
}
