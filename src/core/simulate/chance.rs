//! Chance that can be repeated.

use std::f64::consts::TAU;

/// A small generator (splitmix64, Steele and others 2014): the same seed gives the same numbers.
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// Returns the generator for a seed and what it is about.
    pub fn of(seed: u64, about: &[u64]) -> Self {
        let mut chance = Self(seed);
        for part in about {
            chance.0 = chance.next() ^ part.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        }
        chance
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Returns a number from 0 up to 1.
    pub fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Returns a number around 0, most often less than 1 away (Box and Muller 1958).
    pub fn normal(&mut self) -> f64 {
        let (one, other) = (1.0 - self.unit(), self.unit());
        (-2.0 * one.ln()).sqrt() * (TAU * other).cos()
    }

    /// Returns one of these, each as often as its weight says; none if all weigh nothing.
    pub fn pick<'a, T>(&mut self, from: &'a [(T, f64)]) -> Option<&'a T> {
        let whole: f64 = from.iter().map(|(_, weight)| weight).sum();
        let mut left = self.unit() * whole;
        let heavy = || from.iter().filter(|(_, weight)| *weight > 0.0);
        heavy()
            .find(|(_, weight)| {
                left -= weight;
                left < 0.0
            })
            .or_else(|| heavy().last())
            .map(|(item, _)| item)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_and_another_something_else() {
        let numbers = |seed, about: &[u64]| -> Vec<u64> {
            let mut chance = Chance::of(seed, about);
            (0..4).map(|_| chance.next()).collect()
        };
        assert_eq!(numbers(1, &[2, 3]), numbers(1, &[2, 3]));
        for other in [numbers(2, &[2, 3]), numbers(1, &[3, 2]), numbers(1, &[2])] {
            assert_ne!(numbers(1, &[2, 3]), other);
        }
    }

    #[test]
    fn draws_are_as_often_as_they_should_be() {
        let mut chance = Chance::of(1, &[]);
        let weights = [('a', 3.0), ('b', 0.0), ('c', 1.0)];
        let picked: Vec<char> = (0..4_000).filter_map(|_| chance.pick(&weights).copied()).collect();
        let count = |which| picked.iter().filter(|one| **one == which).count();
        assert!((2_850..3_150).contains(&count('a')) && count('b') == 0, "{}", count('a'));
        assert_eq!(chance.pick(&[('a', 0.0)]), None);
        let numbers: Vec<f64> = (0..4_000).map(|_| chance.normal()).collect();
        let mean = numbers.iter().sum::<f64>() / 4_000.0;
        let inside = numbers.iter().filter(|number| number.abs() < 1.0).count();
        assert!(mean.abs() < 0.05 && (2_600..2_860).contains(&inside), "{mean} {inside}");
    }
}
