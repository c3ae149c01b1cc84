//! What attempts are told.

use ostler::agents::masked::Secrets;
use ostler::agents::prompt::{Context, HAND_OFF_LIMIT, Prompt, files};
use ostler::agents::steps::Step;
use ostler::config::plan::WorkstreamPlan;
use ostler::core::definition::{Definition, Exhausted, Order};
use ostler::core::phase::{ChosenBy, Launch, StartFrom};
use ostler::core::policy::RetryMode;
use ostler::core::verdict::{Evidence, Tree};
use ostler::core::{Account, Attempt, AttemptId, AttemptOutcome, FailureClass, Workstream};

use super::NOON;

pub(super) fn plan() -> WorkstreamPlan {
    WorkstreamPlan {
        order: Order::Declared,
        kind: None,
        id: "ws-03".into(),
        title: "Split the error module".to_owned(),
        prompt: "Move the error types into a module of their own.\n".to_owned(),
        files: ["src/error.rs", "src/lib.rs", "src/main.rs"].map(Into::into).to_vec(),
        tasks: ["move the types", "keep the re-exports"].map(Into::into).to_vec(),
        after: Vec::new(),
        chain: vec!["aider".into(), "copilot".into()],
        contest: None,
        check: None,
        exhausted: Exhausted::Escalate,
        priority: 0,
    }
}

pub(super) fn workstream(attempts: Vec<Attempt>) -> Workstream {
    let plan = plan();
    let definition = Definition {
        warm: None,
        order: Order::Declared,
        kind: None,
        id: plan.id,
        title: plan.title,
        tiers: Vec::new(),
        after: Vec::new(),
        check: None,
        max_attempts: 9,
        exhausted: Exhausted::Escalate,
        priority: 0,
    };
    let mut workstream = Workstream::new(definition, NOON);
    workstream.attempts = attempts;
    workstream
}

pub(super) fn attempt(id: u32, agent: &str, outcome: AttemptOutcome, reason: &str) -> Attempt {
    Attempt {
        transfer: None,
        id: AttemptId(id),
        tier: 0,
        contest: None,
        agent: agent.into(),
        begun: NOON,
        started: None,
        ended: None,
        outcome,
        reason: reason.to_owned(),
        evidence: Evidence::default(),
        exit: None,
        tree: Tree::default(),
        diff: None,
        log_bytes: 0,
        account: Account::default(),
        reset: None,
        keeper: None,
        process: None,
    }
}

fn tried() -> Workstream {
    let failed = AttemptOutcome::Failed;
    workstream(vec![
        attempt(1, "aider", failed(FailureClass::RateLimit), "429 Too Many Requests\nsecond line"),
        attempt(2, "copilot", AttemptOutcome::Skipped, "`copilot` was not found on PATH"),
        attempt(3, "aider", failed(FailureClass::CheckFailed), "error[E0433]: failed to resolve"),
        attempt(4, "aider", AttemptOutcome::Open, ""),
    ])
}

fn launch(mode: RetryMode, note: Option<&str>) -> Launch {
    Launch {
        attempt: AttemptId(4),
        tier: 0,
        mode,
        from: StartFrom::Current,
        chosen: ChosenBy::Policy,
        note: note.map(str::to_owned),
        entrants: Vec::new(),
        prompt: None,
    }
}

fn step(text: &str, is_done: bool) -> Step {
    Step { text: text.to_owned(), is_done }
}

fn prompt(plan: &WorkstreamPlan, state: &Workstream, launch: &Launch, context: &Context) -> Prompt {
    ostler::agents::prompt::compose(plan, state, launch, context)
}

fn compose(
    plan: &WorkstreamPlan,
    state: &Workstream,
    launch: &Launch,
    context: &Context,
) -> String {
    prompt(plan, state, launch, context).text
}

fn context() -> Context {
    Context {
        session: None,
        secrets: Secrets::default(),
        check: Some("cargo test -q".to_owned()),
        check_output: Some("error[E0433]: failed to resolve\n ```\n1 error\n".to_owned()),
        steps: vec![step("Move the types.", true), step("write a test", false)],
        progress: Some("3/10 splitting the module".to_owned()),
        overview: Some("modified src/error.rs (+8 −4)\n".to_owned()),
        diff: Some("-pub enum Error {\n+pub use kind::Error;\n".to_owned()),
        last_lines: vec!["Applied edit to src/error.rs".to_owned(), "Commit 478e154".to_owned()],
    }
}

#[test]
fn the_first_attempt_is_told_the_goal() {
    let workstream = workstream(Vec::new());
    insta::assert_snapshot!(compose(
        &plan(),
        &workstream,
        &launch(RetryMode::Plain, None),
        &context()
    ));
}

#[test]
fn a_later_attempt_is_told_what_was_tried() {
    let launch = launch(RetryMode::Feedback, Some("Mind the public names.\n"));
    insta::assert_snapshot!(compose(&plan(), &tried(), &launch, &context()));
}

#[test]
fn another_prompt_takes_the_place_of_the_workstreams_own() {
    let written = |mode| Launch {
        prompt: Some("Leave the types where they are.\n".to_owned()),
        ..launch(mode, None)
    };
    for mode in [RetryMode::Plain, RetryMode::Feedback] {
        let text = compose(&plan(), &tried(), &written(mode), &context());
        let goal = text.split("\n---\n").next().unwrap_or_default();
        assert!(goal.contains("\n\nLeave the types where they are.\n"), "{goal}");
        assert!(goal.contains("takes the place of what was asked before"), "{goal}");
        assert!(!text.contains(plan().prompt.trim()), "{text}");
    }
    let session = Context { session: Some("s1".to_owned()), ..context() };
    let text = compose(&plan(), &tried(), &written(RetryMode::Plain), &session);
    assert!(text.contains("Leave the types where they are."), "{text}");
    assert!(!text.contains(plan().prompt.trim()), "{text}");
}

#[test]
fn a_simpler_attempt_is_told_to_do_less() {
    insta::assert_snapshot!(compose(
        &plan(),
        &tried(),
        &launch(RetryMode::Simpler, None),
        &Context::default()
    ));
    let small = WorkstreamPlan { files: Vec::new(), tasks: Vec::new(), ..plan() };
    let text = compose(&small, &tried(), &launch(RetryMode::Simpler, None), &Context::default());
    assert!(text.contains("make the smallest change that does the work"));
}

#[test]
fn a_simpler_attempt_is_given_half_of_the_files_and_of_the_open_tasks() {
    let tasks = ["move the types", "keep the re-exports", "update the tests", "mend the docs"];
    let plan = WorkstreamPlan { tasks: tasks.map(Into::into).to_vec(), ..plan() };
    let files = |mode| files(&plan, mode).len();
    assert_eq!([RetryMode::Plain, RetryMode::Feedback, RetryMode::Simpler].map(files), [3, 3, 2]);
    let text = compose(&plan, &tried(), &launch(RetryMode::Simpler, None), &context());
    let goal = text.split("# Hand-off").next().unwrap_or_default();
    let wanted =
        "- [x] move the types\n- [ ] keep the re-exports\n- [ ] update the tests\n\nWhat is marked";
    assert!(goal.contains(wanted), "{goal}");
    assert!(!goal.contains("mend the docs"), "{goal}");
}

#[test]
fn a_compact_hand_off_gives_up_its_parts_in_order_and_says_so() {
    let big = Context {
        diff: Some("+line\n".repeat(400)),
        last_lines: vec!["log".repeat(20); 10],
        check_output: Some("error\n".repeat(60)),
        ..context()
    };
    let told = |mode| prompt(&plan(), &tried(), &launch(mode, None), &big);
    let full = told(RetryMode::Feedback);
    assert_eq!(full.left_out, [""; 0]);
    let titles = |percent| {
        let Prompt { text, left_out } = told(RetryMode::Compact(percent));
        let parts: Vec<_> = text.lines().filter_map(|line| line.strip_prefix("## ")).collect();
        // What cannot be cut may take more; nothing else does.
        if percent >= 50 {
            assert!(text.len() <= full.text.len() * usize::from(percent) / 100 + 200, "{percent}");
        }
        assert!(left_out.iter().all(|part| text.contains(part.as_str())), "{text}");
        let (length, missing) = (text.len(), left_out.join("; "));
        format!("{percent:3} %: {length} bytes: {}\n       without {missing}", parts.join(" · "))
    };
    insta::assert_snapshot!([100, 90, 50, 40, 30, 20, 10, 1].map(titles).join("\n"));
}

#[test]
fn what_is_secret_is_in_no_hand_off() {
    let secrets =
        Secrets::new(["sk-12345".to_owned(), "short".to_owned(), "sk-1234567".to_owned()]);
    let said = "the key is sk-1234567, not sk-12345; it is short";
    assert_eq!(secrets.masked(said), "the key is [secret], not [secret]; it is short");
    assert_eq!(format!("{secrets:?}"), "Secrets(2)");
    let plan = WorkstreamPlan { prompt: "Take sk-12345 out of the code.".to_owned(), ..plan() };
    let context =
        Context { diff: Some("+let key = \"sk-12345\";".to_owned()), secrets, ..context() };
    let text = compose(&plan, &tried(), &launch(RetryMode::Feedback, None), &context);
    assert!(
        text.contains("Take sk-12345 out") && text.contains("+let key = \"[secret]\";"),
        "{text}"
    );
}

#[test]
fn a_plain_retry_and_one_from_the_start_get_the_same_prompt_as_the_first() {
    let first =
        compose(&plan(), &workstream(Vec::new()), &launch(RetryMode::Plain, None), &context());
    for mode in [RetryMode::Plain, RetryMode::Clean] {
        assert_eq!(compose(&plan(), &tried(), &launch(mode, None), &context()), first);
        let noted = compose(&plan(), &tried(), &launch(mode, Some("go on")), &context());
        assert!(noted.ends_with("## The operator says\n\ngo on\n"));
    }
}

#[test]
fn a_hand_off_is_limited_whatever_it_is_made_of() {
    let huge = "é".repeat(1 << 20);
    let context = Context {
        session: None,
        secrets: Secrets::default(),
        check: None,
        check_output: Some(huge.clone()),
        steps: vec![step(&huge, true)],
        progress: Some(huge.clone()),
        overview: Some(huge.clone()),
        diff: Some(huge.clone()),
        last_lines: vec![huge.clone(); 3],
    };
    let attempts = (1..4)
        .map(|id| attempt(id, "aider", AttemptOutcome::Failed(FailureClass::Crashed), &huge))
        .collect();
    let launch = launch(RetryMode::Feedback, Some(&huge));
    let text = compose(&plan(), &workstream(attempts), &launch, &context);
    assert!(text.len() < HAND_OFF_LIMIT + 10 * 1024, "{}", text.len());
    assert!(text.contains("more bytes are left out]"));
    assert!(text.contains("bytes before this are left out]"));
}
