//! What lies over the view: questions, lists, lines of input.

use tui_input::Input;

use super::{Form, Point, Rewrite};
use crate::core::event::{Request, Target};
use crate::core::outcome::Say;
use crate::core::{AgentName, WorkstreamId};
use crate::tui::action::Action;
use crate::tui::update::Order;

/// What a line of input is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A note for the next attempt, sent with this request's tier.
    RetryNote {
        /// The place in the chain, from 0.
        tier: Option<usize>,
    },
    /// A note for whoever an escalation goes to.
    EscalationNote {
        /// Where it goes.
        to: Target,
    },
    /// Characters for the agent.
    AgentInput,
    /// A search in the log.
    Search,
    /// A search in all logs.
    SearchAll,
    /// A filter of the list.
    Filter,
    /// A search in a change.
    SearchDiff,
    /// A time in the log.
    Time,
    /// A file into which the log is saved.
    Save,
}

/// What is chosen from a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// A request, sent when chosen.
    Send(Request),
    /// A note is asked for first, then a retry at this tier is sent.
    Note {
        /// The place in the chain, from 0.
        tier: Option<usize>,
    },
    /// A note is asked for first, then the escalation is sent.
    EscalationNote {
        /// Where it goes.
        to: Target,
    },
    /// The prompt is changed first, then a retry with it is sent.
    Rewrite {
        /// The place in the chain, from 0.
        tier: Option<usize>,
    },
    /// The tier is asked for next.
    Tier,
    /// This state of the files is compared with another, which is asked for next.
    CompareFrom(Point),
    /// These states of the files are compared.
    Compare(Point, Point),
    /// A shell is opened in the worktree.
    Shell,
    /// All these orders are given.
    All(Vec<Order>),
    /// This is done.
    Act(Action),
}

/// What lies over the view.
#[derive(Clone, Debug)]
pub enum Modal {
    /// The keys and what they do.
    Help {
        /// Lines scrolled.
        scroll: usize,
    },
    /// All actions, found by typing.
    Palette {
        /// What was typed.
        input: Input,
        /// The chosen one among those that match.
        selected: usize,
    },
    /// A question before something is ended.
    Confirm {
        /// What is asked, naming what ends and what stays.
        question: String,
        /// What is done on yes.
        then: Confirmed,
    },
    /// A line of text.
    Line {
        /// Of which workstream.
        workstream: WorkstreamId,
        /// What for.
        purpose: Purpose,
        /// What was typed.
        input: Input,
    },
    /// One of several.
    Choose {
        /// Of which workstream; none if it is about an agent.
        workstream: Option<WorkstreamId>,
        /// What is asked, in a few words.
        title: String,
        /// What there is to know before; may be empty.
        about: String,
        /// The choices and their labels.
        choices: Vec<(String, Choice)>,
        /// The chosen one.
        selected: usize,
    },
    /// A theme.
    Themes {
        /// The chosen one among those that there are.
        selected: usize,
        /// What was chosen before the list was opened.
        before: Option<String>,
    },
    /// A new workstream.
    New(Box<Form>),
    /// Another prompt for the next attempt.
    Rewrite(Box<Rewrite>),
    /// Why the selected workstream is where it is, or how the selected agent fares.
    Why {
        /// Lines scrolled.
        scroll: usize,
    },
}

/// What is done after a yes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Confirmed {
    /// A request to a workstream.
    Send(WorkstreamId, Request),
    /// The breaker of an agent does this.
    Breaker(AgentName, Say),
    /// All of these orders.
    All(Vec<Order>),
    /// Everything is stopped and the screen left.
    StopAllAndQuit,
    /// The log is written over this file.
    SaveOver(String),
}
