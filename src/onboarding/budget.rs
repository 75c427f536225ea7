//! The rate limit of the onboarding API, shared by everyone of one run who counts against it. The published windows are
//! kept without being told; what the answers say (`x-ratelimit-remaining`, 429 with `retry-after`) is kept on top.
//! Source: <https://developer.flexera.com/docs/page/rate-limiting>

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

/// Requests in a window, for an organization.
pub(super) const PER_ORGANIZATION: usize = 1000;
/// Requests in a window, for one principal within an organization.
pub(super) const PER_PRINCIPAL: usize = 500;
/// The published windows are minutes; where they begin is not told, so any minute is kept free of more.
const WINDOW: Duration = Duration::from_secs(60);
/// Waiting for somebody else's answer ends by itself: whoever was waited for may be gone.
const LONGEST_WAIT: Duration = Duration::from_secs(1);

/// What an answer said about the limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Heard {
    /// How many requests are left in the window.
    pub remaining: Option<usize>,
    /// The request was turned away; how long to wait, where that was said.
    pub turned_away: Option<Duration>,
}

/// Everything one request counts against.
#[derive(Clone, Debug)]
pub(super) struct Gate(Vec<Arc<Budget>>);

impl Gate {
    pub fn new(budgets: Vec<Arc<Budget>>) -> Self {
        Self(budgets)
    }

    /// Waits until a request may be sent; it counts as under way until the pass is handed back or dropped.
    pub async fn enter(&self) -> Pass<'_> {
        loop {
            // Registered before looking, so that an answer in between is not missed.
            let mut answers: Vec<_> = self.0.iter().map(|budget| Box::pin(budget.answered.notified())).collect();
            answers.iter_mut().for_each(|answer| {
                answer.as_mut().enable();
            });
            let now = Instant::now();
            let mut counts: Vec<MutexGuard<'_, Count>> = self.0.iter().map(|budget| budget.lock()).collect();
            let Some(until) = counts.iter_mut().filter_map(|count| count.closed_until(now)).max() else {
                counts.iter_mut().for_each(|count| count.begin(now));
                return Pass(&self.0);
            };
            drop(counts);
            tokio::select! {
                () = tokio::time::sleep_until(until) => {}
                _ = any(&mut answers) => {}
            }
        }
    }
}

/// The first of several notifications.
async fn any<F: Future<Output = ()>>(answers: &mut [std::pin::Pin<Box<F>>]) {
    std::future::poll_fn(|context| {
        let ready = answers.iter_mut().any(|answer| answer.as_mut().poll(context).is_ready());
        if ready { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
}

/// A request under way.
pub(super) struct Pass<'a>(&'a [Arc<Budget>]);

impl Pass<'_> {
    /// Passes on what the answer said.
    pub fn heard(self, heard: Heard) {
        let now = Instant::now();
        self.0.iter().for_each(|budget| budget.lock().learn(now, heard));
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        for budget in self.0 {
            budget.lock().under_way -= 1;
            budget.answered.notify_waiters();
        }
    }
}

/// One limit, and who waits for it.
#[derive(Debug)]
pub(super) struct Budget {
    count: Mutex<Count>,
    answered: Notify,
}

impl Budget {
    pub fn new(limit: usize) -> Self {
        Self { count: Mutex::new(Count::new(limit)), answered: Notify::new() }
    }

    fn lock(&self) -> MutexGuard<'_, Count> {
        self.count.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The arithmetic; time comes in from outside.
#[derive(Debug)]
struct Count {
    limit: usize,
    /// When the requests of the last window were sent.
    sent: VecDeque<Instant>,
    under_way: usize,
    /// As the last answer said it.
    remaining: Option<usize>,
    paused_until: Option<Instant>,
}

impl Count {
    fn new(limit: usize) -> Self {
        Self { limit, sent: VecDeque::new(), under_way: 0, remaining: None, paused_until: None }
    }

    /// Until when nothing may be sent; `None` is now.
    fn closed_until(&mut self, now: Instant) -> Option<Instant> {
        while self.sent.front().is_some_and(|sent| *sent + WINDOW <= now) {
            self.sent.pop_front();
        }
        if let Some(until) = self.paused_until.filter(|until| *until > now) {
            return Some(until);
        }
        if self.sent.len() >= self.limit {
            return self.sent.front().map(|sent| *sent + WINDOW);
        }
        // No more at once than are left; when none is, one goes alone and finds out whether the window has turned.
        let open = self.under_way == 0 || self.remaining.is_none_or(|remaining| self.under_way < remaining);
        if open { None } else { Some(now + LONGEST_WAIT) }
    }

    fn begin(&mut self, now: Instant) {
        self.sent.push_back(now);
        self.under_way += 1;
    }

    fn learn(&mut self, now: Instant, heard: Heard) {
        if let Some(wait) = heard.turned_away {
            let until = now + wait;
            self.paused_until = Some(self.paused_until.map_or(until, |known| known.max(until)));
            self.remaining = Some(0);
        } else if heard.remaining.is_some() || self.paused_until.is_none_or(|until| until <= now) {
            // An answer without a word about the limit, after a pause: whoever counts says nothing, so nothing is known.
            self.remaining = heard.remaining;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn heard(remaining: usize) -> Heard {
        Heard { remaining: Some(remaining), turned_away: None }
    }

    fn turned_away(seconds: u32) -> Heard {
        Heard { remaining: None, turned_away: Some(SECOND * seconds) }
    }

    #[test]
    fn a_minute_never_holds_more_than_the_limit() {
        let (mut count, start) = (Count::new(2), Instant::now());
        for second in [0, 10] {
            assert_eq!(count.closed_until(start + SECOND * second), None);
            count.begin(start + SECOND * second);
        }
        assert_eq!(count.closed_until(start + SECOND * 20), Some(start + WINDOW));
        assert_eq!(count.closed_until(start + WINDOW), None, "the first has left the window");
        count.begin(start + WINDOW);
        assert_eq!(count.closed_until(start + WINDOW), Some(start + WINDOW + SECOND * 10));
    }

    #[test]
    fn no_more_go_at_once_than_the_other_side_has_left() {
        let (mut count, now) = (Count::new(100), Instant::now());
        count.learn(now, heard(2));
        count.begin(now);
        assert_eq!(count.closed_until(now), None);
        count.begin(now);
        assert!(count.closed_until(now).is_some(), "two are left and two are under way");
        count.under_way = 0;
        count.learn(now, heard(0));
        assert_eq!(count.closed_until(now), None, "one goes and finds out");
        count.begin(now);
        assert!(count.closed_until(now).is_some(), "and it goes alone");
    }

    #[test]
    fn who_is_turned_away_stops_everyone_until_the_window_turns() {
        let (mut count, now) = (Count::new(100), Instant::now());
        count.learn(now, turned_away(30));
        count.learn(now, turned_away(10));
        count.learn(now, Heard::default());
        assert_eq!(count.closed_until(now + SECOND), Some(now + SECOND * 30), "the longest counts");
        let after = now + SECOND * 30;
        assert_eq!(count.closed_until(after), None);
        count.begin(after);
        assert!(count.closed_until(after).is_some(), "one alone, first");
        count.learn(after, Heard::default());
        assert_eq!(count.closed_until(after), None, "its answer opens for all");
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_enters_waits_for_the_pause_of_another() {
        let budget = Arc::new(Budget::new(100));
        let (one, other) = (Gate::new(vec![Arc::clone(&budget)]), Gate::new(vec![budget]));
        one.enter().await.heard(turned_away(7));
        let start = Instant::now();
        drop(other.enter().await);
        assert_eq!(start.elapsed().as_secs(), 7);
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_lets_the_next_in_at_once() {
        let gate = Gate::new(vec![Arc::new(Budget::new(100))]);
        gate.enter().await.heard(heard(1));
        let first = gate.enter().await;
        let start = Instant::now();
        let second = async { drop(gate.enter().await) };
        let end = async {
            tokio::time::sleep(Duration::from_millis(50)).await;
            first.heard(heard(5));
        };
        tokio::join!(second, end);
        assert!(start.elapsed() < Duration::from_millis(60), "{:?}", start.elapsed());
    }
}
