//! Who is next: in the file's order, so many at once in all, and a few at once in one account, whose limits they share.

use std::collections::{BTreeMap, VecDeque};

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;

/// AWS limits requests by account; more at once in one would only be throttled together.
const PER_ACCOUNT: usize = 4;

/// Those still to begin.
#[derive(Debug)]
pub struct Queue {
    waiting: VecDeque<Turn>,
    /// How many run in each account.
    busy: Vec<usize>,
}

/// One whose turn it is.
#[derive(Clone, Copy, Debug)]
struct Turn {
    place: usize,
    account: usize,
}

impl Queue {
    /// In this order; each with whatever tells its account from others.
    pub fn new(turns: impl IntoIterator<Item = (usize, String)>) -> Self {
        let mut accounts: BTreeMap<String, usize> = BTreeMap::new();
        let mut waiting = VecDeque::new();
        for (place, account) in turns {
            let new = accounts.len();
            waiting.push_back(Turn { place, account: *accounts.entry(account).or_insert(new) });
        }
        Self { waiting, busy: vec![0; accounts.len()] }
    }

    /// The first whose account has room.
    fn take(&mut self) -> Option<Turn> {
        let at = self.waiting.iter().position(|turn| self.busy[turn.account] < PER_ACCOUNT)?;
        let turn = self.waiting.remove(at)?;
        self.busy[turn.account] += 1;
        Some(turn)
    }

    fn give_back(&mut self, turn: Turn) {
        self.busy[turn.account] -= 1;
    }
}

/// Runs `job` for everyone in the queue, at most `limit` at once, and hands over each result as it comes.
pub async fn run<T>(mut queue: Queue, limit: usize, job: impl AsyncFn(usize) -> T, mut each: impl FnMut(usize, T)) {
    let mut running = FuturesUnordered::new();
    let job = &job;
    loop {
        while running.len() < limit
            && let Some(turn) = queue.take()
        {
            running.push(async move { (turn, job(turn.place).await) });
        }
        let Some((turn, result)) = running.next().await else { return };
        queue.give_back(turn);
        each(turn.place, result);
    }
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};
    use std::time::Duration;

    use super::*;

    fn turns(accounts: &[&str]) -> Queue {
        Queue::new(accounts.iter().enumerate().map(|(place, account)| (place, (*account).to_owned())))
    }

    #[test]
    fn one_account_does_not_hold_up_the_others() {
        let mut queue = turns(&["a", "a", "a", "a", "a", "a", "b"]);
        let mut taken = Vec::new();
        while let Some(turn) = queue.take() {
            taken.push(turn);
        }
        assert_eq!(taken.iter().map(|turn| turn.place).collect::<Vec<_>>(), [0, 1, 2, 3, 6]);
        queue.give_back(taken[2]);
        assert_eq!(queue.take().map(|turn| turn.place), Some(4));
        assert!(queue.take().is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn so_many_at_once_and_no_more_and_each_as_it_comes() {
        let (running, most, ended) = (Cell::new(0), Cell::new(0), RefCell::new(Vec::new()));
        let job = async |place: usize| {
            running.set(running.get() + 1);
            most.set(most.get().max(running.get()));
            // The first takes longest.
            tokio::time::sleep(Duration::from_millis(if place == 0 { 1000 } else { 10 })).await;
            running.set(running.get() - 1);
            place * 2
        };
        let each = |place, result| ended.borrow_mut().push((place, result));
        run(turns(&["a", "b", "c", "d", "e"]), 2, job, each).await;
        assert_eq!(most.get(), 2);
        assert_eq!(*ended.borrow(), [(1, 2), (2, 4), (3, 6), (4, 8), (0, 0)]);
    }
}
