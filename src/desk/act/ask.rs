//! Asking the sender for a document that can be read.

use super::{Taken, Tell};
use crate::{
    core::{
        decision::{Act, LetterThen, Refusal},
        judging::answer::{Answer, Fate, Letter, answer},
        letter_kind::LetterKind,
        phrase::Phrase,
        question::{Missing, Question},
        submission::Legible,
    },
    desk::{Desk, DeskError, case::Case},
    filing::By,
    store::Tx,
};

impl Desk {
    /// Asks the sender; what is asked of a person about the item stays so. A receipt that had not left is decided again.
    pub(super) async fn ask_sender(&self, tx: &mut Tx, case: &Case<'_>) -> Result<Taken, DeskError> {
        if !case.order.letter {
            return Err(self.refused_on(case, &Refusal::IsTheLetter));
        }
        let place = tx.place_of(case.item.id).await?;
        if place.as_ref().is_some_and(|(_, filed)| filed.legible != Legible::Unread) {
            return Err(self.refused_on(case, &Refusal::NothingToAsk { number: case.number.clone() }));
        }
        let cannot = |why: Phrase| self.refused_on(case, &Refusal::CannotAsk { number: case.number.clone(), why });
        let waiting = case.item.waiting()?;
        let elsewhere =
            |question: &Question| matches!(question, Question::NoDocument { missing: Missing::Elsewhere, .. });
        let link = waiting.iter().any(elsewhere);
        let query = match self.answering(tx, case).await? {
            None => return Err(cannot(Phrase::of("consequence.letter.erased"))),
            Some(found) => answer(&[Fate::WithoutDocument { link }], &found.answerable, None, found.by_colleague),
        };
        let query = match query {
            Answer::Silence(why) => return Err(cannot(why.phrase())),
            // Its document is there: only that is asked for which can be read.
            Answer::Letter(_) if place.is_some() => Answer::Letter(Letter::ReadableCopy { item: case.item.id }),
            other @ Answer::Letter(_) => other,
        };
        let decision = self.put_act(tx, case, Act::AskSender).await?;
        if decision.stopped.iter().any(|(_, letter)| *letter != LetterKind::Query) {
            self.answer_anew(tx, case, None, By::Person(decision.id)).await?;
        }
        let asked = self.answer_anew(tx, case, Some(query), By::Person(decision.id)).await?;
        match &asked {
            LetterThen::Leaves { .. } | LetterThen::Held { .. } => {}
            LetterThen::None { why } => return Err(cannot(why.phrase())),
            other => return Err(cannot(other.phrase().unwrap_or_else(|| Phrase::of("silence.no_address")))),
        }
        let mut taken = Taken::new(decision, Tell::Nothing);
        taken.to.letter = asked;
        taken.to.asked = waiting.iter().cloned().collect();
        Ok(taken)
    }
}
