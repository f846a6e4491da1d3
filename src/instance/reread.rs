//! Reading the calls again while the program runs, and what others have set in the database meanwhile.
//!
//! Promises that calls which are wrong change nothing: those that were read before stay in force, and all that is wrong is
//! said. The rest of the configuration is read at the start alone.

use std::sync::{Arc, PoisonError};

use super::{
    For, Instance,
    calls::{Calls, OpenCall},
    known,
    reference::{DatedCall, Topics, dated},
};
use crate::{
    config::{Config, ConfigProblems, Problem, load_call},
    store::StoreError,
};

/// Why the calls were not read again.
#[derive(Debug, thiserror::Error)]
pub enum RereadError {
    /// Their files are wrong.
    #[error(transparent)]
    Wrong(#[from] ConfigProblems),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Instance {
    /// The text of each call's file as it stands now; none where it cannot be read.
    #[must_use]
    pub fn call_files(&self) -> Vec<Option<String>> {
        let text = |open: &Arc<OpenCall>| self.shipped.text(&format!("calls/{}.toml", open.call.code)).ok().flatten();
        self.calls().iter().map(text).collect()
    }

    /// Reads the calls again and works with them from now on; whether any of them is another. A deadline that a file sets
    /// anew is an act.
    ///
    /// # Errors
    /// A file is wrong, or the database did not answer. Then nothing has changed.
    pub async fn reread_calls(&self) -> Result<bool, RereadError> {
        let (mut read, mut problems) = (Vec::new(), Vec::new());
        for open in &*self.calls() {
            match load_call(&self.shipped, &open.call.code) {
                Ok(call) => read.push(call),
                Err(ConfigProblems(found)) => problems.extend(found),
            }
        }
        let mut ready: Vec<DatedCall> = Vec::new();
        for call in &read {
            match dated(call, &self.register) {
                Ok(call) => ready.push(call),
                Err(error) => {
                    let file = self.shipped.place(&format!("calls/{}.toml", call.code));
                    problems.push(Problem::of_file(&file, error.to_string(), None));
                }
            }
        }
        if !problems.is_empty() {
            return Err(ConfigProblems(problems).into());
        }
        let topics = Topics::of_all(&Config { calls: read, ..self.config.clone() });
        let now = self.clock.now();
        let mut tx = self.db.begin().await?;
        let mut calls = Vec::new();
        for call in ready {
            calls.push(known(&mut tx, call, For::Work, now).await?);
        }
        tx.commit().await?;
        Ok(self.work_with(Calls::new(calls, topics)))
    }

    /// Looks whether another process has set a deadline or granted an extension, and works with it from now on.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn look_at_deadlines(&self) -> Result<bool, StoreError> {
        let calls = self.calls();
        let mut tx = self.db.snapshot().await?;
        let mut now = Vec::new();
        for open in &*calls {
            now.push(open.under(tx.law(open.known.id).await?));
        }
        if calls.iter().zip(&now).all(|(before, now)| **before == *now) {
            return Ok(false);
        }
        let config = Config { calls: now.iter().map(|open| open.call.clone()).collect(), ..self.config.clone() };
        Ok(self.work_with(Calls::new(now, Topics::of_all(&config))))
    }

    fn work_with(&self, calls: Calls) -> bool {
        let mut held = self.calls.write().unwrap_or_else(PoisonError::into_inner);
        let other = **held != calls;
        *held = Arc::new(calls);
        other
    }
}
