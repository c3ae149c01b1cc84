//! What must never happen, and what must always, whatever the world does.
//!
//! `PROPTEST_CASES=5000 cargo test --test it properties` looks harder.

mod fleet;
mod holds;

use ostler::core::event::{CheckOutcome, Target};
use ostler::core::explain::explain;
use ostler::core::fleet::{Blocked, Hold};
use ostler::core::phase::{Cut, DoneBy, PhaseWord};
use ostler::core::verdict::{EndedBy, Evidence, Exit, Verdict};
use ostler::core::{
    AttemptId, AttemptOutcome, Effect, Event, Intent, Phase, Request, Timestamp, Workstream,
};
use proptest::prelude::*;

use self::holds::{
    always, always_in_order, asked, ensure, holds, is_refused, judge, moods, runner,
};
use crate::world::story::Moment;
use crate::world::{Agents, run};

#[test]
fn one_process_at_most_lives_in_a_worktree_and_none_while_it_rests() {
    holds(|story| ensure(story.broken.is_empty(), || story.broken.join("\n")));
}

#[test]
fn nothing_is_spawned_after_a_stop_until_the_operator_says_go() {
    holds(|story| {
        let mut stopped = false;
        always_in_order(story, |moment| {
            if let Event::Operator(request) = &moment.event
                && !is_refused(moment)
            {
                match request {
                    Request::Stop | Request::Kill => stopped = true,
                    Request::Retry { .. }
                    | Request::Take { .. }
                    | Request::RetryWith { .. }
                    | Request::Escalate { to: Target::Next | Target::Tier(_), .. } => {
                        stopped = false;
                    }
                    // Where it goes back to, it would go on by itself or not, as before.
                    Request::Undo(_) => stopped = moment.after.intent == Intent::Stop,
                    Request::Escalate { to: Target::Person, .. }
                    | Request::Extend(_)
                    | Request::Input(_)
                    | Request::Accept
                    | Request::GiveUp => {}
                }
            }
            let spawns = asked(moment).any(|effect| matches!(effect, Effect::Spawn { .. }));
            ensure(!(stopped && spawns), || "spawned after a stop".to_owned())
        })
    });
}

#[test]
fn attempts_are_bounded_between_two_goes_of_the_operator() {
    holds(|story| {
        let mut allowed = 0;
        let mut go = 0;
        always_in_order(story, |moment| {
            let after = &moment.after;
            if after.spent != go {
                (allowed, go) = (0, after.spent);
            }
            allowed = allowed.max(after.definition.max_attempts.max(1) as usize);
            let made = after.attempts.len() - after.spent;
            ensure(made <= allowed, || format!("{made} attempts where {allowed} are allowed"))
        })
    });
}

#[test]
fn every_chain_ends() {
    runner(150)
        .run(&(any::<u64>(), moods()), |(seed, mood)| {
            let story = run(seed, mood, 3_000);
            let last = &story.moments.last().unwrap().after;
            let word = last.phase.word();
            let rests = story.rests && (word.is_final() || word == PhaseWord::Escalated);
            judge(&story, ensure(rests, || format!("it is still {word}")))?;
            let honest = mood.agents == Agents::Mixed || word != PhaseWord::Done;
            judge(&story, ensure(honest, || "done, although everything failed".to_owned()))
        })
        .unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn kill_comes_only_after_term_and_grace() {
    holds(|story| {
        let mut terms: Vec<(AttemptId, Timestamp)> = Vec::new();
        always_in_order(story, |moment| {
            let done = moment.effects.len() - moment.undone;
            for effect in moment.effects.iter().take(done).chain(&moment.resumed) {
                match effect {
                    Effect::Stop { attempt, grace } => terms.push((*attempt, moment.at + *grace)),
                    Effect::Kill(attempt) => {
                        let patient =
                            terms.iter().any(|(id, at)| id == attempt && *at <= moment.at);
                        ensure(patient || may_kill_at_once(moment), || {
                            "KILL without TERM and grace".to_owned()
                        })?;
                    }
                    _other => {}
                }
            }
            Ok(())
        })
    });
}

/// KILL needs no grace when the operator says so, when a start hung, and for what survived KILL before.
fn may_kill_at_once(moment: &Moment) -> bool {
    let again = match &moment.before.phase {
        Phase::Stopping(stopping) => stopping.killed,
        Phase::Lost { .. } => true,
        _other => false,
    };
    let hung = matches!(&moment.after.phase, Phase::Stopping(after) if after.cut == Cut::StartHung);
    again || hung || matches!(moment.event, Event::Operator(Request::Kill))
}

#[test]
fn an_agent_that_does_not_end_by_itself_fails_by_the_words_that_showed_it() {
    holds(|story| {
        let mut said: Option<(AttemptId, Evidence)> = None;
        always_in_order(story, |moment| {
            if let (Event::Hopeless { attempt, class, evidence }, Phase::Running(_)) =
                (&moment.event, &moment.before.phase)
                && moment.before != moment.after
            {
                let stops = moment.effects.iter().any(
                    |effect| matches!(effect, Effect::Stop { attempt: id, .. } if id == attempt),
                );
                let cut = matches!(&moment.after.phase, Phase::Stopping(it) if it.cut == Cut::Hopeless(*class));
                ensure(stops && cut, || "it was not ended".to_owned())?;
                said = Some((*attempt, evidence.clone()));
            }
            let Phase::Draining(draining) = &moment.before.phase else { return Ok(()) };
            let Some(Cut::Hopeless(class)) = draining.cut else { return Ok(()) };
            let left = !matches!(moment.after.phase, Phase::Draining(_));
            if !left || draining.ended.by == EndedBy::Itself || moment.before.intent != Intent::Run
            {
                return Ok(());
            }
            let attempt = moment.after.attempt(draining.launch.attempt);
            let kept = attempt.map(|it| (it.id, it.evidence.clone()));
            ensure(kept == said, || format!("{kept:?} is kept of {said:?}"))?;
            let wanted = AttemptOutcome::Failed(class);
            let failed =
                attempt.is_some_and(|it| it.outcome == wanted) || draining.ended.short_of.is_some();
            let operator = matches!(moment.event, Event::Operator(_));
            ensure(failed || operator, || format!("{attempt:?} did not fail as {class}"))
        })
    });
}

#[test]
fn nothing_is_idle_while_it_waits_for_the_operator() {
    holds(|story| {
        always(story, |moment| {
            let Phase::Running(running) = &moment.before.phase else { return Ok(()) };
            let idle = matches!(&moment.after.phase, Phase::Stopping(it) if it.cut == Cut::Idle);
            let looks = moment.effects.iter().any(|it| matches!(it, Effect::Inspect(_)));
            let waits = running.waiting.is_some();
            ensure(!(waits && (idle || looks)), || "it was taken for idle".to_owned())
        })
    });
}

#[test]
fn what_waits_for_a_machine_has_a_deadline() {
    holds(|story| {
        always(story, |moment| {
            let phase = &moment.after.phase;
            let word = phase.word();
            let waits_for_people =
                word.is_final() || matches!(word, PhaseWord::Queued | PhaseWord::Escalated);
            ensure(phase.deadline().is_some() != waits_for_people, || format!("{word} has none"))
        })
    });
}

#[test]
fn after_a_tick_the_next_deadline_lies_in_the_future() {
    holds(|story| {
        always(story, |moment| {
            let due = moment.after.deadline().is_some_and(|deadline| deadline <= moment.at);
            let ticked = matches!(moment.event, Event::Tick);
            ensure(!(ticked && due), || "due again at once".to_owned())
        })
    });
}

#[test]
fn reports_on_other_attempts_change_nothing() {
    holds(|story| {
        always(story, |moment| {
            let Some(attempt) = moment.event.attempt() else { return Ok(()) };
            let current = moment.before.phase.launch().map(|launch| launch.attempt);
            let silent = moment.effects.is_empty() && moment.before == moment.after;
            ensure(current == Some(attempt) || silent, || "a stale report did something".to_owned())
        })
    });
}

#[test]
fn a_report_that_comes_twice_acts_once() {
    holds(|story| {
        always(story, |moment| {
            let told = matches!(
                moment.event,
                Event::Active { .. }
                    | Event::Progressed { .. }
                    | Event::Remarked { .. }
                    | Event::Waiting { .. }
            );
            if moment.event.attempt().is_none() || told {
                return Ok(());
            }
            let mut again = moment.after.clone();
            let effects = again.step(&moment.event, moment.at);
            ensure(again == moment.after && effects.is_empty(), || "it acted twice".to_owned())
        })
    });
}

#[test]
fn attempt_numbers_only_grow() {
    holds(|story| {
        let mut last = AttemptId::default();
        always_in_order(story, |moment| {
            for effect in &moment.effects {
                if let Effect::Spawn { launch, .. } = effect {
                    ensure(launch.attempt > last, || format!("{} again", launch.attempt))?;
                    last = launch.attempt;
                }
            }
            let grows = moment.after.attempts.is_sorted_by(|one, next| one.id < next.id);
            ensure(grows, || "the attempts are not in order".to_owned())
        })
    });
}

#[test]
fn attempts_stand_at_a_tier_of_the_chain() {
    holds(|story| {
        always(story, |moment| {
            let tiers = moment.after.definition.tiers.len();
            let current = moment.after.current_tier();
            ensure(current < tiers, || format!("at {current} of {tiers}"))?;
            let launched = asked(moment).all(|effect| match effect {
                Effect::Spawn { launch, .. } => {
                    launch.tier < tiers && moment.after.attempt(launch.attempt).is_some()
                }
                _other => true,
            });
            ensure(launched, || "an attempt without a place or a record".to_owned())
        })
    });
}

#[test]
fn replaying_the_events_is_the_state() {
    holds(|story| {
        let events = story.moments.iter().map(|moment| (moment.at, &moment.event));
        let last = story.moments.last().map(|moment| &moment.after);
        ensure(Workstream::replay(events).as_ref() == last, || "it differs".to_owned())
    });
}

#[test]
fn states_and_events_survive_being_written_down() {
    holds(|story| {
        for moment in story.moments.iter().step_by(9) {
            let text = serde_json::to_string(&moment.after).map_err(|error| error.to_string())?;
            let back: Workstream =
                serde_json::from_str(&text).map_err(|error| format!("{error} in {text}"))?;
            ensure(back == moment.after, || format!("another state: {text}"))?;
        }
        for moment in story.moments.iter().step_by(3) {
            let text = serde_json::to_string(&moment.event).map_err(|error| error.to_string())?;
            let back: Event =
                serde_json::from_str(&text).map_err(|error| format!("{error} in {text}"))?;
            ensure(back == moment.event, || format!("another event: {text}"))?;
        }
        Ok(())
    });
}

#[test]
fn lost_never_starts_anything() {
    holds(|story| {
        always(story, |moment| {
            let starts = asked(moment).any(|effect| {
                matches!(effect, Effect::Spawn { .. } | Effect::Probe(_) | Effect::Prepare(_))
            });
            let lost = matches!(moment.before.phase, Phase::Lost { .. });
            ensure(!(lost && starts), || "something started in a lost worktree".to_owned())
        })
    });
}

#[test]
fn an_exit_is_final_only_when_the_whole_tree_is_gone() {
    holds(|story| {
        always(story, |moment| {
            let Event::Exited { ended, .. } = &moment.event else { return Ok(()) };
            if ended.tree.left == 0 || moment.before == moment.after {
                return Ok(());
            }
            let ends = matches!(moment.after.phase, Phase::Lost { .. } | Phase::Stopping(_));
            ensure(ends, || "it went on while processes were left".to_owned())
        })
    });
}

#[test]
fn done_needs_a_check_a_change_or_the_operator() {
    holds(|story| {
        always(story, |moment| {
            let Phase::Done(by) = &moment.after.phase else { return Ok(()) };
            let is_back = matches!(moment.event, Event::Operator(Request::Undo(_)));
            if is_back || matches!(moment.before.phase, Phase::Done(_)) {
                return Ok(());
            }
            let earned = match by {
                DoneBy::Check => moment.event_passed(),
                DoneBy::Agent => moment.agent_did_it(),
                DoneBy::Operator => matches!(moment.event, Event::Operator(Request::Accept)),
            };
            ensure(earned, || format!("done by {by:?} without a reason"))
        })
    });
}

impl Moment {
    fn event_passed(&self) -> bool {
        matches!(&self.event, Event::Checked { outcome: CheckOutcome::Passed, .. })
    }

    fn agent_did_it(&self) -> bool {
        let Phase::Draining(draining) = &self.before.phase else { return false };
        let Event::Saved { diff: Some(diff), .. } = &self.event else { return false };
        let ended = &draining.ended;
        self.before.definition.check.is_none()
            && ended.exit == Exit::Code(0)
            && ended.by == EndedBy::Itself
            && !matches!(ended.verdict, Verdict::Failure { .. })
            && diff.files > 0
    }
}

#[test]
fn intents_are_over_when_it_rests() {
    holds(|story| {
        always(story, |moment| {
            let intent = &moment.after.intent;
            let right = match moment.after.phase.word() {
                PhaseWord::Stopped => *intent == Intent::Stop,
                PhaseWord::Queued
                | PhaseWord::Probing
                | PhaseWord::Running
                | PhaseWord::Backoff
                | PhaseWord::Escalated
                | PhaseWord::Done
                | PhaseWord::Failed => *intent == Intent::Run,
                PhaseWord::Preparing
                | PhaseWord::Starting
                | PhaseWord::Stopping
                | PhaseWord::Draining
                | PhaseWord::Checking
                | PhaseWord::Lost => true,
            };
            ensure(right, || format!("{} wants to {}", moment.after.phase.word(), intent.word()))
        })
    });
}

#[test]
fn there_is_always_an_explanation() {
    holds(|story| {
        always(story, |moment| {
            let blocked = [None, Some(Blocked::Slot(1)), Some(Blocked::Held(Hold::Paused))];
            for blocked in &blocked {
                let text = explain(&moment.after, blocked.as_ref(), moment.at);
                let says = text.len() > 8 && !text.contains("  ") && !text.starts_with('?');
                ensure(says, || format!("“{text}”"))?;
            }
            for effect in asked(moment) {
                if let Effect::Notice(notice) = effect {
                    let text = notice.to_string();
                    ensure(!text.is_empty() && !text.contains('\n'), || format!("“{text}”"))?;
                }
            }
            Ok(())
        })
    });
}
