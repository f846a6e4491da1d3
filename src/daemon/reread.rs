//! The calls while the daemon runs: their files are read again when they change and when a signal asks for it, and a
//! deadline that a command has set holds here, too.
//!
//! Promises that a wrong file takes nothing out of force: it is said, once for each state of the files, and stays a trouble
//! until they are right; and that a file which somebody is still writing is not taken for a whole one. What a moved deadline
//! touches is judged again.

use std::sync::Arc;

use crate::{
    core::{actor::Actor, event::Event},
    filing::{self, FilingError},
    instance::{Instance, RereadError},
    store::{About, StoreError},
    watch::Topic,
};

/// What was seen of the files of the calls.
#[derive(Debug)]
pub struct CallFiles {
    instance: Arc<Instance>,
    /// Their texts when they were last read; none before that.
    read: Option<Texts>,
    /// Their texts at the last look.
    seen: Option<Texts>,
}

/// The text of each file, where it has one.
type Texts = Vec<Option<String>>;

impl CallFiles {
    /// Nothing was seen of them yet.
    #[must_use]
    pub fn new(instance: Arc<Instance>) -> Self {
        Self { instance, read: None, seen: None }
    }

    /// Reads them again where they have changed and stand as they did at the last look, or where it is asked for. Whether
    /// other calls hold from now on.
    ///
    /// # Errors
    /// The database did not answer: the files are read again at the next look.
    pub async fn look(&mut self, asked: bool) -> Result<bool, FilingError> {
        let texts = self.instance.call_files();
        let stands_still = self.seen.replace(texts.clone()).as_ref() == Some(&texts);
        if !asked && (!stands_still || self.read.as_ref() == Some(&texts)) {
            return Ok(false);
        }
        let changed = match self.instance.reread_calls().await {
            Ok(changed) => changed,
            Err(RereadError::Store(error)) if error.is_temporary() => return Err(error.into()),
            Err(error) => {
                self.refuse(&error, self.read.as_ref() != Some(&texts)).await?;
                self.read = Some(texts);
                return Ok(false);
            }
        };
        self.read = Some(texts);
        self.instance.watch.clear(&Topic::Calls);
        if changed {
            tracing::info!("the calls were read again, and hold from now on as their files say");
        } else if asked {
            tracing::info!("the calls were read again, and are as they were");
        }
        self.judge().await?;
        Ok(changed)
    }

    /// Looks at what commands have set in the database. Whether other deadlines hold from now on.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn look_at_deadlines(&self) -> Result<bool, FilingError> {
        let changed = self.instance.look_at_deadlines().await?;
        self.judge().await?;
        Ok(changed)
    }

    async fn judge(&self) -> Result<(), FilingError> {
        let touched = filing::judge_what_is_due(&self.instance).await?;
        if touched > 0 {
            tracing::info!("a deadline was moved: {touched} inputs stand otherwise than before");
        }
        Ok(())
    }

    async fn refuse(&self, error: &RereadError, anew: bool) -> Result<(), StoreError> {
        let problems = match error {
            RereadError::Wrong(problems) => problems.0.iter().map(ToString::to_string).collect(),
            RereadError::Store(error) => vec![error.to_string()],
        };
        let now = self.instance.clock.now();
        let event = Event::CallsRefused { problems };
        let said = self.instance.in_words(&event.phrase());
        tracing::warn!("{said}");
        self.instance.watch.note(Topic::Calls, now, said);
        if anew {
            let mut tx = self.instance.db.begin().await?;
            tx.record(now, About::default(), &Actor::Program, &event)?;
            tx.commit().await?;
        }
        Ok(())
    }
}
