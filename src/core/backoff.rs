//! How long to wait before a retry.

use std::time::Duration;

use super::policy::{Growth, RetryPolicy};

/// Returns the wait before the retry that follows `failures` failures in a row (at least 1).
///
/// `seed` stands for chance: the same seed gives the same wait, so a replay waits as the original did.
pub fn delay(policy: &RetryPolicy, failures: u32, seed: u64) -> Duration {
    let failures = failures.max(1);
    let grown = match policy.backoff {
        Growth::None => Duration::ZERO,
        Growth::Linear => policy.delay.saturating_mul(failures),
        Growth::Exponential => {
            let factor = 1_u32.checked_shl(failures - 1).unwrap_or(u32::MAX);
            policy.delay.saturating_mul(factor)
        }
    };
    let capped = grown.min(policy.max_delay);
    let share = f64::from(policy.jitter.min(100)) / 100.0 * unit(seed);
    capped.mul_f64(1.0 - share)
}

/// Turns a seed into a number from 0 up to 1 (splitmix64, Steele and others 2014).
fn unit(seed: u64) -> f64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^= z >> 31;
    (z >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(backoff: Growth, jitter: u8) -> RetryPolicy {
        RetryPolicy {
            max: 2,
            backoff,
            delay: Duration::from_secs(5),
            max_delay: Duration::from_secs(30),
            jitter,
        }
    }

    #[test]
    fn grows_as_named_up_to_the_cap() {
        let waits = |growth| -> Vec<u64> {
            (1..=5).map(|n| delay(&policy(growth, 0), n, 7).as_secs()).collect()
        };
        assert_eq!(waits(Growth::None), [0, 0, 0, 0, 0]);
        assert_eq!(waits(Growth::Linear), [5, 10, 15, 20, 25]);
        assert_eq!(waits(Growth::Exponential), [5, 10, 20, 30, 30]);
    }

    #[test]
    fn chance_only_shortens_and_only_by_its_share() {
        for seed in 0..1000 {
            let wait = delay(&policy(Growth::Exponential, 50), 2, seed);
            assert!(wait <= Duration::from_secs(10) && wait >= Duration::from_secs(5), "{wait:?}");
        }
    }

    #[test]
    fn many_failures_do_not_overflow() {
        assert_eq!(delay(&policy(Growth::Exponential, 0), u32::MAX, 0), Duration::from_secs(30));
    }
}
