//! The form of `ostler.yaml`: what may be written in it.
//!
//! The same types read files and make the JSON Schema for editors, so the two cannot drift apart. They say what was
//! written and where; [`super::plan`] has what it means.

use schemars::JsonSchema;

use super::alerts::OscForm;
use super::duration::{Friendly, Limit};
use super::node::Node;
use super::plan::{KeyMode, OnSupervisorLoss};
use super::preset::PromptDelivery;
use super::read::{At, Named, OneOrMore, Read, Reading, over};
use super::response::On;
use super::value::{
    Argv, Bytes, Command, Contenders, Dollars, Output, Share, Threshold, Workstreams,
};
use crate::core::definition::{Expects, Order};
use crate::core::policy::Growth;
use crate::keeper::spec::Io;

/// Declares a map of the file with its keys, all of them optional.
macro_rules! form {
    ($(#[$meta:meta])* $name:ident {
        $($(#[$key_meta:meta])* $key:ident: $type:ty,)*
    }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, JsonSchema)]
        #[schemars(deny_unknown_fields)]
        pub(super) struct $name {
            $($(#[$key_meta])* pub $key: Option<At<$type>>,)*
            /// Whether something in it is wrong, so that what is missing may be there after all.
            #[schemars(skip)]
            pub wrong: bool,
        }

        impl Read for $name {
            fn read(node: &Node, into: &mut Reading<'_>) -> Option<Self> {
                let mut form = Self::default();
                let before = into.count();
                let known = [$(stringify!($key)),*];
                into.map(node, &known, |into, key, value| match key.name.as_str() {
                    $(stringify!($key) => form.$key = into.value(value),)*
                    _ => {}
                })?;
                form.wrong = into.count() > before;
                Some(form)
            }

            fn over(self, below: Self) -> Self {
                Self {
                    $($key: over(self.$key, below.$key),)*
                    wrong: self.wrong || below.wrong,
                }
            }
        }
    };
}

form! {
    /// How a project's coding agents are supervised. Every key is optional.
    Project {
        /// The branch, tag or commit that worktrees start from; without it, what is checked out.
        base: String,
        /// The folder in which worktrees are made, from the repository's root.
        worktrees: String,
        /// Untracked files that are copied into new worktrees, such as `.env`.
        copy: Vec<At<String>>,
        /// What may be used at the same time and in all.
        limits: Limits,
        /// The agents by name. An agent that is only named in a chain is made from the preset of that name.
        agents: Named<Agent>,
        /// The agents that work on a workstream, in the order in which they fall back. Without it, all of `agents`.
        chain: Vec<At<String>>,
        /// In which order the agents of a chain have their turn: `declared`, or `adaptive` for those first that are likely
        /// to do the work soon.
        order: Order,
        /// How often the next agent of a chain is asked whether it can work while another one works, so that it takes over at
        /// once; `off` for not at all.
        warm: Limit,
        /// So many of the first agents of a chain work side by side, each in a worktree of its own, and the first whose work
        /// passes the check wins. It takes as many slots. `off` for one agent at a time.
        race: Contenders,
        /// So many of the first agents of a chain work side by side, each in a worktree of its own, all to their end, and what
        /// more than half of them made wins; where they do not agree, you choose. `off` for one agent at a time.
        vote: Contenders,
        /// What is done about failures: failure class → responses, one per occurrence, the last one stays.
        on: On,
        /// How long attempts may take, for every agent that does not say otherwise.
        timeout: Timeout,
        /// How often an agent is tried again, for every agent that does not say otherwise.
        retry: Retry,
        /// The time between TERM and KILL, for every agent that does not say otherwise.
        grace: Friendly,
        /// The command that decides whether work is done (exit 0): text is run by `sh -c`, a list is program and
        /// arguments.
        check: Command,
        /// How long the check may take.
        check_timeout: Friendly,
        /// The pieces of work, or a folder or document that they are read from.
        workstreams: Workstreams,
        /// A folder of YAML, JSON or Markdown files with one workstream each, or a Markdown document with one `## `
        /// heading a workstream.
        workstreams_from: String,
        /// When an agent that fails is left alone for a while.
        breaker: Breaker,
        /// When all launches are held because one outside cause hits several workstreams.
        storm: Storm,
        /// What may be spent in an hour, over the whole project.
        budget: Budget,
        /// How you are told of what is wrong.
        alerts: Alerts,
        /// What happens to running work when its supervisor dies.
        on_supervisor_loss: OnSupervisorLoss,
        /// How long nobody may look after running work before that happens.
        supervisor_grace: Friendly,
        /// The theme of the screen: `dark`, `light`, `high-contrast`, `colour-blind`, `tritan`, `terminal-16`, `mono`, the name of a file in
        /// `~/.config/ostler/themes/` without its `.yaml`, or the path of one.
        theme: String,
        /// Keys that are bound otherwise: action → key or keys.
        keys: Named<OneOrMore<String>>,
        /// `strict`: no letter by itself ends anything, or even asks; Alt comes with it.
        key_mode: KeyMode,
    }
}

form! {
    /// What may be used at the same time and in all.
    Limits {
        /// Workstreams that work at the same time.
        parallel: u32,
        /// Attempts of one workstream until a person says go again.
        attempts: u32,
        /// How far agents and checks step back behind other programs for the processor: 0 (not at all) to 19.
        nice: u32,
        /// So many of the slots are kept for workstreams that have begun, so that a fallback finds a place.
        standby: u32,
        /// The least time between two starts, over the whole project.
        stagger: Friendly,
        /// Nothing starts with less free space than this where the state, the worktrees or the repository are; `0MB` for no
        /// such limit.
        min_free_disk: Bytes,
        /// Nothing starts with less memory available than this; `0MB` for no such limit.
        min_free_memory: Bytes,
    }
}

form! {
    /// When an agent that fails is left alone for a while.
    Breaker {
        /// It opens after so many failures in a row; with 0 it only opens when a person says so.
        failures: u32,
        /// It opens when attempts take more than so many times what they used to; in percent.
        slower: u32,
        /// It opens when less than this share of the checks passes.
        pass_rate: Share,
        /// What is measured counts from so many attempts on.
        enough: u32,
        /// To close it, a trial may take so many percent of what the slowest attempts used to take.
        recovered: u32,
        /// It opens when the processes of the agent take more than this share of all processors; 0 for no such limit.
        cpu: Share,
        /// It opens when they take more than this share of the memory; 0 for no such limit.
        memory: Share,
        /// For so long they may.
        strain: Friendly,
        /// How long it stays open the first time; each time in a row is twice as long.
        delay: Friendly,
        /// It never stays open longer than this.
        max_delay: Friendly,
    }
}

form! {
    /// When all launches are held because one outside cause hits several workstreams.
    Storm {
        /// So many workstreams must be hit; 0 for never.
        workstreams: u32,
        /// Within this time.
        window: Friendly,
        /// How long launches are held the first time; each time in a row is twice as long.
        hold: Friendly,
        /// They are never held longer than this at a time.
        max_hold: Friendly,
        /// A trial that has not failed by then has passed.
        trial: Friendly,
        /// The time between two launches afterwards.
        apart: Friendly,
    }
}

form! {
    /// What may be spent in an hour, over the whole project; what is not named has no limit.
    Budget {
        /// Attempts that begin.
        attempts: u32,
        /// Tokens, as far as agents tell them.
        tokens: u32,
        /// Dollars, as far as agents tell them.
        cost_usd: Dollars,
    }
}

form! {
    /// How you are told of what is wrong: from which severity on by which way. The screen shows all of it.
    Alerts {
        /// The terminal's bell: `low`, `medium`, `high`, `critical` or `off`.
        bell: Threshold,
        /// A notification of the terminal (OSC 9 and OSC 777; through tmux as well).
        osc: Threshold,
        /// Which of the two sequences: `both`, `osc9` or `osc777`.
        osc_form: OscForm,
        /// A notification of the desktop, by `notify-send`.
        desktop: Threshold,
        /// A program, with arguments, that gets each alert as JSON on its standard input.
        command: Argv,
        /// From which severity on that is run.
        command_from: Threshold,
        /// It is ended, with all that it started, after this long.
        command_timeout: Friendly,
        /// The least time between two times that the same alert is told.
        repeat: Friendly,
        /// Alerts that are told in a minute at most; the last one stands for all others. 0 for none at all.
        per_minute: u32,
        /// What is not acknowledged gets worse after this long, or never if `off`.
        escalate_after: Limit,
    }
}

form! {
    /// An agent: a preset and what is different from it.
    Agent {
        /// The preset it is made from; without it the one of the agent's own name, or else `command`.
        preset: String,
        /// Program and arguments. Placeholders: `{prompt}`, `{prompt_file}`, `{worktree}`, `{attempt_dir}`, `{workstream}`,
        /// `{model}`, `{files}`.
        command: Argv,
        /// How its output reaches the log: `file`, or `pty` for programs that need a terminal.
        io: Io,
        /// Variables that are set for it, on top of the preset's.
        env: Named<String>,
        /// How it gets its prompt: `argument` (by a placeholder in the command) or `stdin`.
        prompt: PromptDelivery,
        /// The model, for the placeholder `{model}`.
        model: String,
        /// A command that exits with 0 if the agent can work now.
        probe: Argv,
        /// The arguments by which a retry goes on with the conversation of the last attempt, whose name is `{session}`.
        /// They stand where the command says `{resume}`, or else at its end. An empty list: every attempt begins anew.
        resume: Vec<At<String>>,
        /// How long the probe may take.
        probe_timeout: Friendly,
        /// How long its attempts may take.
        timeout: Timeout,
        /// How often it is tried again and how long it waits in between.
        retry: Retry,
        /// The time between TERM and KILL.
        grace: Friendly,
        /// What it must leave behind to count as done when no check decides.
        expects: Expects,
        /// Files of its own that it leaves in the worktree, as git's ignore patterns, instead of the preset's: they are no
        /// change, and are not saved.
        leaves: Vec<At<String>>,
        /// What is done when this agent fails; each class given here replaces the project's.
        on: On,
        /// How its output is read; each key given here replaces the preset's.
        output: Output,
        /// Attempts of this agent at the same time.
        capacity: u32,
        /// Replicas at the same time, for `replica`.
        max_workers: u32,
        /// The variable that holds the key of its service, for `claude-api` and `openai-api`.
        api_key_env: String,
    }
}

form! {
    /// How long an attempt may take.
    Timeout {
        /// Warn after this long, or `off`.
        soft: Limit,
        /// End the attempt after this long.
        hard: Friendly,
        /// End the attempt after this long without evidence of progress, or `off`.
        idle: Limit,
    }
}

form! {
    /// How often an agent is tried again and how long it waits in between.
    Retry {
        /// Attempts after the first one, where a response is `retry` without a number.
        max: u32,
        /// How the wait grows.
        backoff: Growth,
        /// The first wait.
        delay: Friendly,
        /// No wait is longer.
        max_delay: Friendly,
        /// The share of a wait, from 0 to 1, that chance may take away.
        jitter: Share,
    }
}

form! {
    /// A piece of work.
    Workstream {
        /// Its name, also of its branch: letters, digits, `-`, `_` and `.`.
        id: String,
        /// Its title, for people.
        title: String,
        /// What is to be done.
        prompt: String,
        /// A file with what is to be done, from the folder of the file that names it.
        prompt_file: String,
        /// The files it is about, from the worktree's root.
        files: Vec<At<String>>,
        /// Its tasks.
        tasks: Vec<At<String>>,
        /// The workstreams that must be done before.
        after: Vec<At<String>>,
        /// Its agents, instead of the project's chain.
        chain: Vec<At<String>>,
        /// In which order its agents have their turn, instead of the project's.
        order: Order,
        /// The kind of work, such as `tests`; an `adaptive` order goes by how agents do work of this kind.
        kind: String,
        /// So many of its first agents work side by side, and the first whose work passes wins; `off` for none.
        race: Contenders,
        /// So many of its first agents work side by side, and what more than half of them made wins; `off` for none.
        vote: Contenders,
        /// Its check, instead of the project's.
        check: Command,
        /// How long its check may take.
        check_timeout: Friendly,
        /// Higher goes first among those that wait.
        priority: i32,
        /// What happens when no agent is left; other classes are set for agents or the project.
        on: On,
    }
}
