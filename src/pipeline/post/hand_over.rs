//! Handing one letter over: into a folder, or to a mail server up to its answer to the final dot.
//!
//! Promises that it is committed that a letter leaves before it can, and that whoever slept since then writes no dot.

use tokio::time::sleep;

use super::{lanes::Post, outlet::Outlet};
use crate::{
    clock::Moment,
    core::{
        cause::Cause,
        event::{LeftBy, NotLeft},
    },
    failpoint,
    mailer::{Envelope, Folder, Handover, Smtp},
    pipeline::{PipelineError, login},
    store::{ClaimedLetter, LetterState},
};

/// What became of a letter.
pub(super) enum Handed {
    Left(LeftBy),
    Later(NotLeft),
    /// It waits for what is not its own fault, or perhaps is not.
    Waits(Cause, NotLeft),
    Refused(NotLeft),
    Uncertain(NotLeft),
}

impl Post {
    /// Hands one letter over; nothing where it must not leave.
    pub(super) async fn hand_over(
        &self,
        letter: &ClaimedLetter,
        bytes: Option<Vec<u8>>,
    ) -> Result<Option<Handed>, PipelineError> {
        if letter.state()? == LetterState::Sending && self.leaves_doubt() {
            return Ok(Some(Handed::Uncertain(NotLeft::Stopped)));
        }
        let Some(bytes) = bytes else { return Ok(None) };
        match &self.outlet {
            Outlet::Folder(folder) => self.by_folder(folder, letter, &bytes).await,
            Outlet::Smtp(smtp) => self.by_smtp(smtp, letter, &bytes).await,
        }
    }

    /// Commits that the letter leaves from now on. `false` if it must not: the claim was lost, a person took the letter
    /// back or stopped sending, or the program stops.
    async fn leaves(&self, letter: &ClaimedLetter) -> Result<bool, PipelineError> {
        if self.stops() {
            return Ok(false);
        }
        self.instance.attend().await?;
        let mut tx = self.instance.db.begin().await?;
        let mine = tx.letter_leaves(letter, self.instance.clock.now()).await?;
        failpoint::reached("before-leave-commit");
        tx.commit().await?;
        failpoint::reached("after-leave-commit");
        Ok(mine)
    }

    async fn by_folder(
        &self,
        folder: &Folder,
        letter: &ClaimedLetter,
        bytes: &[u8],
    ) -> Result<Option<Handed>, PipelineError> {
        if !self.leaves(letter).await? {
            return Ok(None);
        }
        let (watch, handed) = (&self.instance.watch, folder.hand_over(letter.id, bytes));
        Ok(Some(match handed {
            Ok(path) => {
                watch.letter_left(self.instance.clock.now());
                let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                Handed::Left(LeftBy::Folder { file })
            }
            Err(error) => {
                watch.letters_fail(self.instance.clock.now(), &error.to_string());
                Handed::Waits(Cause::Unreachable, NotLeft::NotWritten { why: error.to_string() })
            }
        }))
    }

    async fn by_smtp(
        &self,
        smtp: &Smtp,
        letter: &ClaimedLetter,
        bytes: &[u8],
    ) -> Result<Option<Handed>, PipelineError> {
        let return_path = self.instance.config.letters.return_path.as_deref();
        let envelope = Envelope { return_path, recipient: &letter.recipient };
        let written = tokio::select! {
            written = login::until_the_dot(&self.instance.tokens, smtp, envelope, bytes) => written,
            () = self.stopped() => return Ok(None),
        };
        let sent = match written {
            Ok(written) => {
                let began = Moment::now();
                if !self.leaves(letter).await? || self.slept_since(began) {
                    written.abandon();
                    return Ok(None);
                }
                written.dot(self.waited_enough()).await
            }
            Err(sent) => sent,
        };
        self.pause_after(&sent);
        self.tell(&sent);
        let cause = sent.cause();
        if keeps_waiting(&sent) {
            let what = format!("letter {} for {} waits", letter.id, letter.about());
            self.instance.watch.complain(&what, &sent.to_string(), self.instance.clock.now());
        }
        Ok(Some(match (sent.became(), cause) {
            (Ok(reply), _) => {
                failpoint::reached("after-250");
                Handed::Left(LeftBy::Server { reply: reply.to_string() })
            }
            (Err(why @ NotLeft::Unanswered { .. }), _) => Handed::Uncertain(why),
            (Err(why), Some(cause)) => Handed::Waits(cause, why),
            (Err(why @ (NotLeft::Refused { .. } | NotLeft::Impossible { .. })), None) => Handed::Refused(why),
            (Err(why), None) => Handed::Later(why),
        }))
    }

    /// Whether it may not be written that the letter is at its end: since it was said that it leaves it may be another's.
    /// After this nothing comes but the dot.
    fn slept_since(&self, began: Moment) -> bool {
        let unseen = self.instance.presence.out_of_sight_since(began);
        if let Some(unseen) = unseen {
            let seconds = unseen.as_secs();
            tracing::warn!(seconds, "a letter does not leave: nobody could see that this process works");
        }
        unseen.is_some()
    }

    /// Says why the answer to a letter is not waited for any longer, once the program has been stopping for so long.
    async fn waited_enough(&self) -> String {
        self.stopped().await;
        sleep(self.wait_at_stop()).await;
        "the program was stopped before the server answered".to_owned()
    }
}

/// Whether one letter is tried again for what was said of it; what was said before any letter is told of all of them.
fn keeps_waiting(sent: &Handover) -> bool {
    match sent {
        Handover::NotSent { phase, .. } => !phase.is_before_letters(),
        Handover::Transient { .. } => true,
        _ => false,
    }
}
