//! How it goes with the mail server: who may go side by side, and when it is left alone.
//!
//! Promises that a server that cannot be talked to, or that refuses us whatever the letter, is asked by one letter at a time
//! and ever more rarely, and that what waits for it goes on as soon as one comes past.

use tokio::time::Instant;

use super::{
    course::{Course, Turn},
    lanes::Post,
    outlet::Outlet,
};
use crate::{
    core::cause::Cause,
    mailer::Handover,
    pipeline::{PipelineError, login},
};

impl Post {
    /// Waits for a turn: side by side with others once a letter has left, else alone, so that a login that would be
    /// refused is not tried several times at once.
    pub(super) async fn turn(&self) -> Turn<'_> {
        if self.course().proven {
            return Turn::Beside { _way: self.way.read().await };
        }
        let way = self.way.write().await;
        // A letter may have left meanwhile.
        if self.course().proven { Turn::Beside { _way: way.downgrade() } } else { Turn::Alone { _way: way } }
    }

    pub(super) fn pauses(&self) -> bool {
        self.course().until.is_some_and(|until| Instant::now() < until)
    }

    /// What a conversation says of the next ones. Where there was no login, the next letter would meet the same, and a login
    /// that is tried again with every letter ends in a locked account. Where we were refused behind it, one more letter shows
    /// at once whether that was about all of them. Whoever comes past that place shows that it is over.
    pub(super) fn pause_after(&self, sent: &Handover) {
        let mut course = self.course();
        let failing = course.at.is_some();
        if let Some(cause) = sent.cause().filter(|cause| cause.concerns_all()) {
            (course.at, course.proven) = (sent.stopped_at(), false);
            if failing || matches!(cause, Cause::Unreachable | Cause::Login) {
                course.leave_alone();
            }
        } else if course.at.is_none_or(|at| sent.stopped_at().is_none_or(|stopped| stopped > at)) {
            if failing {
                self.instance.watch.letters_can_leave(self.instance.clock.now());
            }
            let proven = course.proven || matches!(sent, Handover::Accepted { .. });
            *course = Course { proven, over: course.over || failing, ..Course::default() };
        }
    }

    /// What kept all letters from leaving is over: those that wait for it go on.
    pub(super) async fn go_on(&self) -> Result<(), PipelineError> {
        if !std::mem::take(&mut self.course().over) {
            return Ok(());
        }
        let mut tx = self.instance.db.begin().await?;
        tx.letters_go_on(self.instance.clock.now()).await?;
        Ok(tx.commit().await?)
    }

    /// What a conversation shows of all letters. Only what names nobody but us is repeated.
    pub(super) fn tell(&self, sent: &Handover) {
        let (watch, now) = (&self.instance.watch, self.instance.clock.now());
        match (sent, sent.trouble()) {
            (Handover::Accepted { .. }, _) => watch.letter_left(now),
            (Handover::NotSent { phase, .. }, Some(why)) if phase.is_before_letters() => watch.letters_fail(now, &why),
            (_, Some(why)) => watch.letters_refused(now, &why),
            (Handover::Permanent { .. }, None) if sent.cause().is_none() => watch.letter_refused(now),
            (Handover::Uncertain { .. }, None) => watch.letter_refused(now),
            (_, None) => {}
        }
    }

    /// There is no letter to hand over. Where none could leave, and none is there to be tried again, an empty
    /// conversation shows whether one could now.
    pub(super) async fn rest(&self) {
        let watch = &self.instance.watch;
        match &self.outlet {
            Outlet::Smtp(smtp) if watch.letters_in_doubt() => {
                let return_path = self.instance.config.letters.return_path.as_deref();
                match login::try_out(&self.instance.tokens, smtp, return_path).await {
                    Ok(()) => watch.letters_can_leave(self.instance.clock.now()),
                    Err(sent) => {
                        self.course().leave_alone();
                        self.tell(&sent);
                    }
                }
            }
            Outlet::Smtp(smtp) => smtp.rest().await,
            Outlet::Folder(folder) if watch.letters_in_doubt() && folder.try_out().is_ok() => {
                watch.letters_can_leave(self.instance.clock.now());
            }
            Outlet::Folder(_) => {}
        }
    }
}
