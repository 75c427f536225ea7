//! Every AWS account there is: the sandbox's own, and, where they were asked for, all others, each made when somebody
//! first comes to it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::Aws;
use super::caller::Scope;
use super::iam::store::{Entity, timestamp};
use super::s3::Owners;
use crate::sandbox::account::Account;
use crate::sandbox::message::{Answer, Request};
use crate::sandbox::{Accounts as Which, Options};

/// A role of another account that lets nobody in begins so, so that a test can meet one.
const CLOSED: &str = "closed-";

/// All accounts.
pub struct Accounts {
    own: Arc<Aws>,
    others: Mutex<BTreeMap<String, Arc<Aws>>>,
    owners: Owners,
    options: Options,
}

impl Accounts {
    /// The own account, empty, and nothing else yet.
    pub fn new(options: &Options) -> Self {
        let owners = Owners::default();
        let own = Arc::new(Aws::new(Account::default(), options, Arc::clone(&owners)));
        Self { own, others: Mutex::default(), owners, options: options.clone() }
    }

    /// The sandbox's own.
    pub fn own(&self) -> &Arc<Aws> {
        &self.own
    }

    /// The others that somebody has come to, by number.
    pub fn others(&self) -> Vec<(String, Arc<Aws>)> {
        self.lock().iter().map(|(id, aws)| (id.clone(), Arc::clone(aws))).collect()
    }

    /// An account, if there is such a one.
    pub fn get(&self, account: &Account) -> Option<Arc<Aws>> {
        if account.is_own() {
            return Some(Arc::clone(&self.own));
        }
        if self.options.accounts == Which::Own {
            return None;
        }
        let make = || Arc::new(Aws::new(account.clone(), &self.options, Arc::clone(&self.owners)));
        Some(Arc::clone(self.lock().entry(account.id().to_owned()).or_insert_with(make)))
    }

    /// The account that a bucket is in.
    pub fn of_bucket(&self, bucket: &str) -> Option<Arc<Aws>> {
        let owner = self.owners.lock().unwrap_or_else(PoisonError::into_inner).get(bucket).cloned()?;
        self.get(&owner)
    }

    /// The account of a role that somebody wants to assume. Another account's administrator role is there from the
    /// beginning, whatever it is called, and lets the sandbox's own administrator in.
    pub fn assumable(&self, account: &Account, role_arn: &str, principal: &str) -> Option<Arc<Aws>> {
        let home = self.get(account)?;
        let name = role_arn.rsplit('/').next().unwrap_or_default();
        let own = Account::default().admin_arn();
        if !account.is_own() && principal == own && !name.is_empty() && !name.starts_with(CLOSED) {
            let mut store = home.iam.store();
            if store.role_by_arn(role_arn).is_none() {
                store.roles.insert(name.to_owned(), administrator(name, role_arn, &own));
            }
        }
        Some(home)
    }

    /// Carries out one request, in the account that its access key is of.
    pub async fn answer(&self, request: &Request) -> Answer {
        let account = account_of(request);
        // A key of an account that is not there is a key that nobody has, which the own account says.
        let aws = self.get(&account).unwrap_or_else(|| Arc::clone(&self.own));
        aws.answer(self, request).await
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Arc<Aws>>> {
        self.others.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The account that a request's access key is of.
pub fn account_of(request: &Request) -> Account {
    Scope::of(request).and_then(|scope| Account::of_key(&scope.key_id)).unwrap_or_default()
}

fn administrator(name: &str, arn: &str, trusted: &str) -> Entity {
    let all = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#;
    Entity {
        name: name.to_owned(),
        path: "/".to_owned(),
        id: format!("AROASANDBOX{:010}", 0),
        arn: arn.to_owned(),
        description: "lets the sandbox's administrator in".to_owned(),
        created: timestamp(),
        tags: BTreeMap::new(),
        attached: Vec::new(),
        boundary: None,
        inline: BTreeMap::from([("Administrator".to_owned(), all.to_owned())]),
        trust: format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"AWS":"{trusted}"}},"Action":"sts:AssumeRole"}}]}}"#
        ),
        max_session: 3600,
        changed: Instant::now(),
    }
}
