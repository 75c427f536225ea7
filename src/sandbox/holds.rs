//! Requests that stand still until a test lets them go: the moments in which it kills a run, interrupts it, or lets
//! another one pass.

use tokio::sync::watch;

/// How many requests have been stopped so far, and how many of them let go.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    stopped: usize,
    let_go: usize,
}

/// The requests standing still.
#[derive(Debug)]
pub struct Holds(watch::Sender<Count>);

impl Default for Holds {
    fn default() -> Self {
        Self(watch::Sender::new(Count::default()))
    }
}

impl Holds {
    /// Stands still until everything that was stopped is let go.
    pub async fn stand(&self) {
        let mut ticket = 0;
        self.0.send_modify(|count| {
            count.stopped += 1;
            ticket = count.stopped;
        });
        self.until(|count| count.let_go >= ticket).await;
    }

    /// Ends when a request stands still.
    pub async fn met(&self) {
        self.until(|count| count.stopped > count.let_go).await;
    }

    /// Lets everything go that stands still now.
    pub fn let_go(&self) {
        self.0.send_modify(|count| count.let_go = count.stopped);
    }

    async fn until(&self, there: impl FnMut(&Count) -> bool) {
        // Fails only when the sender is gone, and that is this very thing.
        let _ = self.0.subscribe().wait_for(there).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn stands_until_let_go() {
        let holds = Holds::default();
        tokio::join!(holds.stand(), async {
            holds.met().await;
            holds.let_go();
        });
        assert!(tokio::time::timeout(std::time::Duration::from_millis(10), holds.met()).await.is_err());
    }
}
