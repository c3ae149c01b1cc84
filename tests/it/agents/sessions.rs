//! Attempts that go on with the conversation of the one before.

use ostler::agents::command::{Placeholders, fill};
use ostler::agents::prompt::{Context, compose};
use ostler::agents::session::resumed;
use ostler::core::account::{Account, Cost, Figure, Usage};
use ostler::core::phase::{ChosenBy, Launch, StartFrom};
use ostler::core::policy::RetryMode;
use ostler::core::{Attempt, AttemptId, AttemptOutcome, FailureClass, Workstream};

use super::commands::agent;
use super::prompts::{attempt, plan, workstream};

/// What an attempt of `aider` with this conversation came to.
fn ran(id: u32, session: Option<&str>, outcome: AttemptOutcome) -> Attempt {
    let session = session.map(str::to_owned);
    let mut attempt = attempt(id, "aider", outcome, "429 Too Many Requests");
    attempt.started = Some(attempt.begun);
    attempt.account = Account { session, ..Account::default() };
    attempt
}

fn launch(mode: RetryMode) -> Launch {
    Launch {
        attempt: AttemptId(9),
        tier: 0,
        mode,
        from: if mode == RetryMode::Clean { StartFrom::Clean } else { StartFrom::Current },
        chosen: ChosenBy::Policy,
        note: None,
        entrants: Vec::new(),
        prompt: None,
    }
}

fn goes_on(state: &Workstream, launch: &Launch) -> Option<String> {
    let mut agent = agent(&["aider", "{prompt_file}"]);
    agent.resume = vec!["--session".to_owned(), "{session}".to_owned()];
    resumed(&agent, state, launch).map(str::to_owned)
}

#[test]
fn the_last_conversation_of_the_same_agent_is_gone_on_with() {
    let failed = |class| AttemptOutcome::Failed(class);
    let limited = failed(FailureClass::RateLimit);
    let plain = launch(RetryMode::Plain);
    let after = |attempts: Vec<Attempt>, launch: &Launch| goes_on(&workstream(attempts), launch);
    let last = || vec![ran(1, Some("s1"), limited.clone()), ran(2, Some("s2"), limited.clone())];
    assert_eq!(after(last(), &plain), Some("s2".to_owned()));
    assert_eq!(after(last(), &launch(RetryMode::Feedback)), Some("s2".to_owned()));
    // A skipped tier was no attempt.
    let mut skipped = last();
    skipped.push(attempt(3, "copilot", AttemptOutcome::Skipped, "not found"));
    assert_eq!(after(skipped, &plain), Some("s2".to_owned()));
    for outcome in
        [AttemptOutcome::Stopped, AttemptOutcome::Succeeded, failed(FailureClass::HardTimeout)]
    {
        assert_eq!(after(vec![ran(1, Some("s1"), outcome)], &plain), Some("s1".to_owned()));
    }
}

#[test]
fn what_begins_anew_goes_on_with_nothing() {
    let limited = || AttemptOutcome::Failed(FailureClass::RateLimit);
    let plain = launch(RetryMode::Plain);
    let after = |attempts: Vec<Attempt>, launch: &Launch| goes_on(&workstream(attempts), launch);
    for mode in [RetryMode::Clean, RetryMode::Simpler, RetryMode::Compact(50)] {
        assert_eq!(after(vec![ran(1, Some("s1"), limited())], &launch(mode)), None, "{mode:?}");
    }
    let elsewhere = Launch { from: StartFrom::Attempt(AttemptId(1)), ..plain.clone() };
    assert_eq!(after(vec![ran(1, Some("s1"), limited())], &elsewhere), None);
    for class in [FailureClass::ContextOverflow, FailureClass::Refusal, FailureClass::Config] {
        let attempts = vec![ran(1, Some("s1"), AttemptOutcome::Failed(class))];
        assert_eq!(after(attempts, &plain), None, "{class}");
    }
    // One that was to go on, and never spoke of a conversation: it may be gone.
    let gone = vec![
        ran(1, Some("s1"), limited()),
        ran(2, None, AttemptOutcome::Failed(FailureClass::ExitCode)),
    ];
    assert_eq!(after(gone, &plain), None);
    // Another agent has worked since, or it is another's turn.
    let mut others = vec![ran(1, Some("s1"), limited()), ran(2, Some("s2"), limited())];
    others[1].agent = "copilot".into();
    assert_eq!(after(others, &plain), None);
    assert_eq!(
        after(vec![ran(1, Some("s1"), limited())], &Launch { tier: 1, ..plain.clone() }),
        None
    );
    assert_eq!(after(Vec::new(), &plain), None);
    // An agent that does not say how begins anew each time.
    let state = workstream(vec![ran(1, Some("s1"), limited())]);
    assert_eq!(resumed(&agent(&["aider"]), &state, &plain), None);
}

#[test]
fn its_arguments_stand_where_the_command_says_or_at_its_end() {
    let session = |name: Option<&str>| Placeholders {
        prompt: "do it".to_owned(),
        session: name.map(str::to_owned),
        ..Placeholders::default()
    };
    let mut codex = agent(&["codex", "exec", "{resume}", "{prompt}"]);
    codex.resume = vec!["resume".to_owned(), "{session}".to_owned()];
    assert_eq!(
        fill(&codex, &session(Some("s1"))).unwrap(),
        ["codex", "exec", "resume", "s1", "do it"]
    );
    assert_eq!(fill(&codex, &session(None)).unwrap(), ["codex", "exec", "do it"]);
    let mut claude = agent(&["claude", "-p", "{prompt}"]);
    claude.resume = vec!["--resume={session}".to_owned()];
    assert_eq!(
        fill(&claude, &session(Some("s1"))).unwrap(),
        ["claude", "-p", "do it", "--resume=s1"]
    );
    assert_eq!(fill(&claude, &session(None)).unwrap(), ["claude", "-p", "do it"]);
}

#[test]
fn it_is_told_what_became_of_its_last_attempt() {
    let mut last = ran(1, Some("s1"), AttemptOutcome::Failed(FailureClass::CheckFailed));
    last.reason = "exit 101\nerror[E0433]: failed to resolve".to_owned();
    let state = workstream(vec![last]);
    let launch =
        Launch { note: Some("Mind the re-exports.".to_owned()), ..launch(RetryMode::Feedback) };
    let context = Context {
        check: Some("cargo test -q".to_owned()),
        check_output: Some("error[E0433]: failed to resolve\n".to_owned()),
        diff: Some("a long difference".to_owned()),
        session: Some("s1".to_owned()),
        ..Context::default()
    };
    insta::assert_snapshot!(compose(&plan(), &state, &launch, &context).text);
}

#[test]
fn figures_of_a_whole_conversation_are_those_since_the_last_attempt() {
    let told = |input, output, cost: f64| Usage {
        input_tokens: Some(input),
        output_tokens: Some(output),
        cost_usd: Cost::dollars(cost),
        tool_calls: 1,
    };
    let account = |session: &str, usage, of_session: &[Figure]| Account {
        session: Some(session.to_owned()),
        usage,
        of_session: of_session.to_vec(),
        ..Account::default()
    };
    let figures = |accounts: &[Account]| -> Vec<Usage> {
        let mut known: Vec<Account> = Vec::new();
        for account in accounts {
            let mut record = Account::default();
            record.update(account, known.iter());
            // Told again while it runs, or at its end.
            record.update(account, known.iter());
            known.push(record);
        }
        known.into_iter().map(|record| record.usage).collect()
    };
    let codex = &[Figure::Input, Figure::Output];
    let all = figures(&[
        account("s1", told(100, 10, 0.0), codex),
        account("s1", told(150, 30, 0.0), codex),
        account("s2", told(70, 7, 0.0), codex),
        account("s1", told(160, 31, 0.0), codex),
    ]);
    let inputs: Vec<_> = all.iter().map(|usage| usage.input_tokens.unwrap()).collect();
    assert_eq!(inputs, [100, 50, 70, 10]);
    assert_eq!(all[3].output_tokens, Some(1));
    let claude = &[Figure::Cost];
    let all = figures(&[
        account("s1", told(100, 10, 0.25), claude),
        account("s1", told(150, 30, 0.75), claude),
    ]);
    assert_eq!((all[1].input_tokens, all[1].cost_usd), (Some(150), Cost::dollars(0.5)));
}
