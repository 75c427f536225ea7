//! Waiting for what is eventually consistent: ask again, with growing pauses, up to a bound; never a fixed sleep.

use std::future::Future;
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use tokio::sync::watch;
use tokio::time::Instant;

use crate::error::{Error, Kind, Result};

/// The person's wish to stop, as every waiting place sees it.
#[derive(Clone, Debug)]
pub struct Stop(watch::Receiver<bool>);

impl Stop {
    /// A wish and the end that expresses it.
    pub fn new() -> (watch::Sender<bool>, Self) {
        let (sender, receiver) = watch::channel(false);
        (sender, Self(receiver))
    }

    /// Nobody will ever say stop.
    pub fn never() -> Self {
        Self::new().1
    }

    /// Whether to go on.
    ///
    /// # Errors
    /// The interruption, once it was asked for.
    pub fn check(&self) -> Result<()> {
        if *self.0.borrow() { Err(interrupted()) } else { Ok(()) }
    }

    /// Ends when the person says stop.
    pub async fn asked(&self) {
        let mut receiver = self.0.clone();
        if receiver.wait_for(|asked| *asked).await.is_err() {
            // The other end is gone: nobody can say stop any more.
            std::future::pending::<()>().await;
        }
    }

    async fn pause(&self, time: Duration) -> Result<()> {
        tokio::select! {
            () = tokio::time::sleep(time) => Ok(()),
            () = self.asked() => Err(interrupted()),
        }
    }
}

/// The error of a run that was told to stop.
pub fn interrupted() -> Error {
    Error::new(Kind::Interrupted, "interrupted")
}

/// One answer of something that is waited for.
#[derive(Debug)]
pub enum Progress<T, W> {
    /// It is there, or it failed for good.
    Done(T),
    /// Not yet; the reason is what is returned when the time is over.
    NotYet(W),
}

/// Asks until it is done or `bound` is over, with pauses from 0.2 s that grow by half up to 5 s. The bound is of asking and
/// pausing together; a question that is under way when it ends is not cut off, since it may write.
///
/// # Errors
/// `Ok(Err(reason))` is the last reason when the time is over; `Err` is an interruption.
pub async fn until<T, W, F>(stop: &Stop, bound: Duration, ask: impl FnMut() -> F) -> Result<std::result::Result<T, W>>
where
    F: Future<Output = Progress<T, W>>,
{
    asked(stop, growing(Duration::from_millis(200), Duration::from_secs(5)), Some(bound), ask).await
}

/// Asks for what takes hours, with pauses from 1 s that grow by half up to 5 minutes; without a bound, until it is done.
///
/// # Errors
/// As [`until`].
pub async fn patiently<T, W, F>(
    stop: &Stop,
    bound: Option<Duration>,
    ask: impl FnMut() -> F,
) -> Result<std::result::Result<T, W>>
where
    F: Future<Output = Progress<T, W>>,
{
    asked(stop, growing(Duration::from_secs(1), Duration::from_secs(300)), bound, ask).await
}

fn growing(first: Duration, longest: Duration) -> ExponentialBuilder {
    ExponentialBuilder::default().with_min_delay(first).with_factor(1.5).with_max_delay(longest).without_max_times()
}

async fn asked<T, W, F>(
    stop: &Stop,
    pauses: ExponentialBuilder,
    bound: Option<Duration>,
    mut ask: impl FnMut() -> F,
) -> Result<std::result::Result<T, W>>
where
    F: Future<Output = Progress<T, W>>,
{
    let (start, mut pauses) = (Instant::now(), pauses.build());
    loop {
        let reason = match ask().await {
            Progress::Done(value) => return Ok(Ok(value)),
            Progress::NotYet(reason) => reason,
        };
        let left = bound.map_or(Duration::MAX, |bound| bound.saturating_sub(start.elapsed()));
        match pauses.next() {
            Some(pause) if !left.is_zero() => stop.pause(pause.min(left)).await?,
            _ => return Ok(Err(reason)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn asks_again_until_it_is_there() {
        let mut asked = 0;
        let stop = Stop::never();
        let answer = until(&stop, Duration::from_secs(60), || {
            asked += 1;
            let done = asked == 4;
            async move { if done { Progress::Done("there") } else { Progress::NotYet(()) } }
        });
        assert_eq!(answer.await.expect("nobody interrupts"), Ok("there"));
    }

    #[tokio::test(start_paused = true)]
    async fn gives_up_within_the_bound() {
        let stop = Stop::never();
        let start = Instant::now();
        let answer = until(&stop, Duration::from_secs(30), || async { Progress::<(), _>::NotYet("still no role") });
        assert_eq!(answer.await.expect("nobody interrupts"), Err("still no role"));
        assert!(start.elapsed() <= Duration::from_secs(31) && start.elapsed() >= Duration::from_secs(29));
    }

    #[tokio::test(start_paused = true)]
    async fn the_bound_counts_the_time_of_the_questions_and_cuts_none_off() {
        let stop = Stop::never();
        for (bound, asked, ended) in [(0, 1, 60), (30, 1, 60), (100, 2, 120), (1000, 16, 1000)] {
            let (start, mut count) = (Instant::now(), 0);
            let answer = until(&stop, Duration::from_secs(bound), || {
                count += 1;
                async {
                    tokio::time::sleep(Duration::from_secs(60)).await;
                    Progress::<(), _>::NotYet(())
                }
            });
            assert_eq!(answer.await.expect("nobody interrupts"), Err(()));
            assert_eq!((count, start.elapsed().as_secs().abs_diff(ended) <= 30), (asked, true), "{bound} s");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_takes_hours_is_asked_for_seldom_and_without_end() {
        let (mut asked, stop) = (0, Stop::never());
        let start = Instant::now();
        let answer = patiently(&stop, None, || {
            asked += 1;
            let done = start.elapsed() >= Duration::from_secs(24 * 3600);
            async move { if done { Progress::Done(()) } else { Progress::NotYet(()) } }
        });
        assert_eq!(answer.await.expect("nobody interrupts"), Ok(()));
        assert!((280..310).contains(&asked), "{asked} times in a day");
    }

    #[tokio::test(start_paused = true)]
    async fn an_interruption_ends_the_waiting() {
        let (sender, stop) = Stop::new();
        let waiting = until(&stop, Duration::from_secs(600), || async { Progress::<(), _>::NotYet(()) });
        let (answer, ()) = tokio::join!(waiting, async {
            tokio::time::sleep(Duration::from_secs(1)).await;
            sender.send(true).expect("the waiting side listens");
        });
        assert_eq!(answer.expect_err("interrupted").kind, Kind::Interrupted);
    }
}
