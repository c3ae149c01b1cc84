//! What holds for every frame.
#![expect(clippy::unwrap_used, reason = "what the tests stand on must be there")]

use std::sync::Arc;

use ostler::core::progress::{Progress, Source};
use ostler::core::{AttemptOutcome, FailureClass, Timestamp};
use ostler::ipc::facts::{Facts, Next, WorkstreamFacts};
use ostler::tui::log::Top;
use ostler::tui::state::{Focus, Modal, Search, UiState};
use ostler::tui::view_model::{self, Scene, ViewModel};
use proptest::prelude::*;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use unicode_width::UnicodeWidthStr as _;

use super::fixture::{PHASES, attempt, facts, ui, workstream};
use crate::update::desk::VIEWS;

use super::picture::{draw, modals, model, page, scene, text, theme};

/// Says whether each pane's sides stand where they should, walking over the frame as a terminal does.
pub fn sides_stand(model: &ViewModel, buffer: &Buffer) -> Result<(), String> {
    for pane in &model.panes {
        for y in pane.area.y + 1..pane.area.bottom() - 1 {
            let mut stands = Vec::new();
            let mut x = 0;
            while x < buffer.area.width {
                let symbol = buffer[(x, y)].symbol();
                if matches!(symbol, "│" | "┃") {
                    stands.push(x);
                }
                x += u16::try_from(symbol.width().max(1)).unwrap();
            }
            for side in [pane.area.x, pane.area.right() - 1] {
                if !stands.contains(&side) {
                    return Err(format!("no side at {side}, {y}: {stands:?}\n{}", text(buffer)));
                }
            }
        }
    }
    Ok(())
}

/// Text that terminals disagree on, and any other.
fn noise() -> impl Strategy<Value = String> {
    let nasty = prop_oneof![
        Just("価格表のテスト".to_owned()),
        Just("שלום עולם".to_owned()),
        Just("لا إله مرحبا".to_owned()),
        Just("👨\u{200d}👩\u{200d}👧 👍\u{1f3fd} 🇩🇪 ❤\u{fe0f} 1\u{fe0f}\u{20e3}".to_owned()),
        Just(format!("a{}", "\u{301}".repeat(50))),
        Just("क्षि नमस्ते ក្រុម".to_owned()),
        Just("\x1b[31mred\x1b[2J\x1b]0;no end".to_owned()),
        Just("tab\tcr\rback\x08\u{202e}rtl\u{9b}".to_owned()),
        any::<String>(),
    ];
    proptest::collection::vec(nasty, 0..6).prop_map(|parts| parts.join(" "))
}

fn some_workstream() -> impl Strategy<Value = WorkstreamFacts> {
    let words = (noise(), noise(), noise(), "[a-z0-9.-]{1,20}");
    let numbers = (any::<u64>(), any::<u64>(), any::<u32>(), any::<u32>());
    (words, 0..PHASES.len(), numbers, any::<(bool, bool, bool)>()).prop_map(
        |((title, explain, reason, id), phase, (since, next, done, total), (slow, known, far))| {
            let mut one = workstream(&id, &title, PHASES[phase]);
            one.since = Timestamp(since);
            one.started = known.then_some(Timestamp(next));
            one.ended = known.then_some(Timestamp(since));
            one.begun = far.then_some(Timestamp(next));
            one.soft_at = Some(Timestamp(next));
            one.next = far.then_some(Next { what: "hard timeout", at: Timestamp(next) });
            one.slow = slow;
            one.progress = known.then(|| Progress {
                done,
                total,
                text: reason.clone(),
                source: Source::Output,
            });
            one.question = slow.then(|| reason.clone());
            one.trouble = far.then(|| explain.clone());
            one.explain = explain;
            one.tier = Some(usize::try_from(done % 5).unwrap());
            let outcome = AttemptOutcome::Failed(FailureClass::Network);
            one.attempts = vec![attempt(done, (0, &title), (50, None), outcome, &reason)];
            one
        },
    )
}

fn some_ui() -> impl Strategy<Value = UiState> {
    (any::<(bool, bool)>(), 0..VIEWS.len(), 0..10_usize, any::<usize>(), noise()).prop_map(
        |((zoom, log), view, modal, scroll, typed)| {
            let mut all = modals();
            let mut modal = (modal < all.len()).then(|| all.remove(modal).1);
            match &mut modal {
                Some(Modal::Help { scroll: at } | Modal::Why { scroll: at }) => *at = scroll,
                Some(Modal::Palette { input, selected }) => {
                    (*input, *selected) = (typed.clone().into(), scroll);
                }
                Some(Modal::Line { input, .. }) => *input = typed.clone().into(),
                Some(Modal::Confirm { question, .. }) => question.clone_from(&typed),
                Some(Modal::Choose { title, about, selected, .. }) => {
                    (*title, *about, *selected) = (typed.clone(), typed.clone(), scroll);
                }
                Some(Modal::Themes { selected, .. }) => *selected = scroll,
                Some(Modal::New(form)) => {
                    form.prompt.insert(&typed);
                    form.title = typed.clone().into();
                    form.field = form.field.beside(isize::try_from(scroll % 5).unwrap());
                    form.pointed = scroll;
                    form.files.push(typed.clone());
                    form.wrong = typed.lines().map(str::to_owned).collect();
                }
                Some(Modal::Rewrite(rewrite)) => {
                    rewrite.text.insert(&typed);
                    rewrite.asks = log;
                }
                None => {}
            }
            UiState {
                zoom,
                modal,
                view: VIEWS[view],
                focus: if log { Focus::Log } else { Focus::List },
                search: log.then_some(Search::of(&typed)),
                ..ui()
            }
        },
    )
}

proptest! {
    #[test]
    fn whatever_is_shown_stays_in_its_place(
        some in proptest::collection::vec(some_workstream(), 0..12),
        ui in some_ui(),
        size in (0_u16..170, 0_u16..50),
        log in proptest::collection::vec(noise(), 0..40),
        banner in proptest::option::of(noise()),
    ) {
        let workstreams = some.into_iter().map(Arc::new).collect();
        let facts = Facts { workstreams, banner, ..super::agents::fleet() };
        let window = view_model::log_window(&facts, &ui, size);
        let page = window.map(|window| page(log.join("\n").as_bytes(), Top::End, window));
        let scene = Scene { log: page.as_ref(), ..scene(&facts, &ui, size) };
        let model = view_model::project(&scene);

        // The buffer is larger than the frame, so that drawing beside it would show.
        let mut buffer = Buffer::filled(Rect::new(0, 0, 180, 60), Cell::new("#"));
        let area = Rect::new(0, 0, size.0, size.1);
        let cursor = ostler::tui::view::render(&model, &theme("dark"), area, &mut buffer);
        prop_assert!(cursor.is_none_or(|cursor| area.contains(cursor)));
        for at in buffer.area.positions().filter(|at| !area.contains(*at)) {
            prop_assert_eq!(buffer[at].symbol(), "#", "{:?} is beside the frame", at);
        }
        if model.dialog.is_none() && model.too_small.is_empty() {
            let (buffer, _) = draw(&model, &theme("dark"));
            prop_assert_eq!(sides_stand(&model, &buffer), Ok(()));
        }
    }

    #[test]
    fn a_smaller_screen_than_the_frame_is_left_alone(size in (0_u16..200, 0_u16..60)) {
        let model = model(&facts(), &ui(), (160, 48));
        let area = Rect::new(0, 0, size.0, size.1);
        let mut buffer = Buffer::empty(area);
        ostler::tui::view::render(&model, &theme("dark"), area, &mut buffer);
    }
}
