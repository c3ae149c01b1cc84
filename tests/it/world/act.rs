//! What people do at random moments.

#![expect(clippy::unwrap_used, reason = "it is a test")]

use ostler::core::event::Target;
use ostler::core::phase::StartFrom;
use ostler::core::{AttemptId, Event, Request};

use super::World;
use super::sample::{random_definition, random_guarded, secs};

impl World {
    pub(super) fn acts(&mut self) {
        let event = match self.rng.between(0, 19) {
            0 => {
                let mut definition = random_definition(&mut self.rng);
                if self.rng.chance(50) {
                    definition = self.workstream.definition.clone();
                    let keep = self.rng.between(1, definition.tiers.len() as u64);
                    definition.tiers.truncate(usize::try_from(keep).unwrap());
                }
                Event::Defined(Box::new(definition))
            }
            1..=3 => Event::Barred(Box::new(random_guarded(&mut self.rng, self.now))),
            _ => Event::Operator(self.random_request()),
        };
        self.deliver(event);
    }

    fn random_request(&mut self) -> Request {
        let tier = usize::try_from(self.rng.between(0, 5)).unwrap();
        let note = self.rng.chance(30).then(|| "mind the tests".to_owned());
        if let Some(last) = self.workstream.can_undo().filter(|_| self.rng.chance(15)) {
            return Request::Undo(Box::new(last.clone()));
        }
        match self.rng.between(0, 13) {
            0 | 1 => Request::Stop,
            2 => Request::Kill,
            3..=6 => {
                let any = AttemptId(u32::try_from(self.rng.between(1, 9)).unwrap());
                let from = self
                    .rng
                    .pick(&[StartFrom::Current, StartFrom::Clean, StartFrom::Attempt(any)])
                    .clone();
                Request::Retry { tier: self.rng.chance(40).then_some(tier), from, note }
            }
            7 => Request::Escalate { to: Target::Next, note },
            8 => Request::Escalate { to: Target::Tier(tier), note },
            9 => Request::Escalate { to: Target::Person, note },
            10 => Request::Extend(secs(self.rng.between(0, 120))),
            11 => Request::Input("y\n".to_owned()),
            12 => Request::Accept,
            _ => Request::GiveUp,
        }
    }
}
