//! How many of the other accounts were busy at once: what a test of a bound looks at.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

use super::account::Account;

/// The accounts that have a request under way, and the most there ever were.
#[derive(Debug, Default)]
pub struct Load(Mutex<Count>);

#[derive(Debug, Default)]
struct Count {
    busy: BTreeMap<String, usize>,
    most: usize,
}

impl Load {
    /// A request in that account; it ends when the guard is dropped. The sandbox's own account is only the way to others.
    pub fn enter(&self, account: &Account) -> Busy<'_> {
        if !account.is_own() {
            let mut count = self.lock();
            *count.busy.entry(account.id().to_owned()).or_default() += 1;
            count.most = count.most.max(count.busy.len());
        }
        Busy { load: self, account: account.clone() }
    }

    /// As a test reads it.
    pub fn json(&self) -> Value {
        json!({ "accounts_at_once": self.lock().most })
    }

    fn lock(&self) -> MutexGuard<'_, Count> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request under way.
pub struct Busy<'a> {
    load: &'a Load,
    account: Account,
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        let mut count = self.load.lock();
        if let Some(requests) = count.busy.get_mut(self.account.id()) {
            *requests -= 1;
            if *requests == 0 {
                count.busy.remove(self.account.id());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_accounts_not_requests() {
        let load = Load::default();
        let account = |id| Account::parse(id).expect("twelve digits");
        let (a, b) = (account("222222222222"), account("333333333333"));
        let (first, second) = (load.enter(&a), load.enter(&a));
        drop(first);
        let own = load.enter(&Account::default());
        assert_eq!(load.json()["accounts_at_once"], 1);
        let third = load.enter(&b);
        drop((own, second, third));
        load.enter(&b);
        assert_eq!(load.json()["accounts_at_once"], 2);
    }
}
