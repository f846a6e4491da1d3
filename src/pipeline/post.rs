//! Posting: the outbox releases its letters, and each is handed over once.
//!
//! A letter is frozen (Message-ID, date and bytes) in one transaction and marked as leaving in another: for a folder
//! before it is written, for a mail server when the server has all of it but the final dot. After a crash between that
//! and the record of its leaving, it is uncertain, and the same bytes go once more or a person is asked, by the setting.
//! A mail server that cannot be talked to, or that refuses us whatever the letter, is left alone for a while, longer each
//! time, whatever waits for it; no letter is given up for that. A letter of which it is not clear whether the refusal is its
//! own waits until another has left: if it is refused once more then, it is.

mod course;
mod hand_over;
mod lanes;
mod outlet;
mod pauses;
mod record;
mod take;

pub use self::lanes::Post;
use self::{course::Turn, hand_over::Handed, lanes::InHand, outlet::Outlet, take::Taken};
use super::{Outcome, PipelineError};

/// How many letters are handed over before it is looked again whether that should go on.
const IN_A_ROW: usize = 16;

impl Post {
    /// Hands over the letter that is due longest, and after one that left those behind it, some in a row.
    ///
    /// # Errors
    /// The database did not answer. A letter that did not leave is given back, at the latest by the next step that finds the
    /// database there.
    pub async fn step(&self) -> Result<Outcome, PipelineError> {
        let turn = self.turn().await;
        if self.pauses() {
            return Ok(Outcome::Idle);
        }
        self.instance.attend().await?;
        self.give_back().await?;
        let Some(mut taken) = self.take().await? else {
            self.rest().await;
            return Ok(Outcome::Idle);
        };
        let _in_hand = InHand::one_more(&self.in_hand);
        for behind in (0..IN_A_ROW).rev() {
            let Taken { letter, bytes } = taken;
            let handed = match self.hand_over(&letter, bytes).await {
                Ok(Some(handed)) => handed,
                Ok(None) => {
                    self.astray().push(letter);
                    self.give_back().await?;
                    break;
                }
                Err(error) => {
                    self.astray().push(letter);
                    return Err(error);
                }
            };
            let goes_on = matches!((&turn, &handed), (Turn::Beside { .. }, Handed::Left(_)));
            let goes_on = goes_on && behind > 0 && !self.stops();
            let Some(next) = self.record(&letter, &handed, goes_on).await? else { break };
            taken = next;
        }
        self.go_on().await?;
        Ok(Outcome::Worked)
    }

    /// There will be no more letters: a connection that is kept for the next one is ended.
    pub async fn close(&self) {
        if let Outlet::Smtp(smtp) = &self.outlet {
            smtp.close().await;
        }
    }
}
