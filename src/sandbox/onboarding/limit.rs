//! The API's rate limit: so many requests of an organization in a window, and a 429 that says when the window turns.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How many requests of one organization, in what time.
#[derive(Clone, Copy, Debug)]
pub struct RateLimit {
    pub requests: usize,
    pub window: Duration,
}

/// The windows of all organizations.
#[derive(Debug)]
pub struct Limiter {
    limit: RateLimit,
    windows: Mutex<BTreeMap<String, (Instant, usize)>>,
}

impl Limiter {
    pub fn new(limit: RateLimit) -> Self {
        Self { limit, windows: Mutex::default() }
    }

    /// How many requests are left after this one; one that is turned away is told when the window turns, in whole
    /// seconds and never too few.
    pub fn admit(&self, org: &str) -> Result<usize, u64> {
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let window = windows.entry(org.to_owned()).or_insert((now, 0));
        if now >= window.0 + self.limit.window {
            *window = (now, 0);
        }
        if window.1 >= self.limit.requests {
            return Err((window.0 + self.limit.window - now).as_secs() + 1);
        }
        window.1 += 1;
        Ok(self.limit.requests - window.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_each_organization_for_itself() {
        let limiter = Limiter::new(RateLimit { requests: 2, window: Duration::from_secs(60) });
        let left = |org| limiter.admit(org);
        assert_eq!([left("1"), left("1"), left("2")], [Ok(1), Ok(0), Ok(1)]);
        assert!(left("1").is_err_and(|seconds| (1..=60).contains(&seconds)));
    }

    #[test]
    fn a_window_turns() {
        let limiter = Limiter::new(RateLimit { requests: 1, window: Duration::ZERO });
        assert!(limiter.admit("1").is_ok() && limiter.admit("1").is_ok());
    }
}
