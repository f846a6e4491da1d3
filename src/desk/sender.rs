//! Senders whose address a person confirmed as a state's: known by a decision, and only as long as it stands.
//!
//! Promises that no reminder goes to such an address, and that what the program concluded on one that is not known any
//! more is shown to a person: it stays filed as it is, and a letter of it that has not left is held.

use super::{
    Desk, DeskError,
    case::{Case, OnRecord},
};
use crate::{
    core::{
        actor::Actor,
        event::{Event, Hold},
        iso3::Iso3,
        judging::matching::{Evidence, Source},
        question::Question,
    },
    filing::lines,
    store::{About, KnownSender, Tx, intake_number},
};

impl Desk {
    /// From now on the sender's address counts as evidence for the state. `None` where there is not one address and one state.
    pub(super) async fn remember(
        &self,
        tx: &mut Tx,
        case: &Case<'_>,
        decision: &OnRecord,
        states: &[Iso3],
    ) -> Result<Option<Event>, DeskError> {
        let (Some(address), [iso3]) = (case.item.from_address.as_deref(), states) else { return Ok(None) };
        tx.know_sender(decision.id, *iso3, address).await?;
        let event = Event::SenderKnown { address: address.to_owned(), state: *iso3 };
        tx.record(case.now, About::message(case.entry.id), case.actor, &event)?;
        Ok(Some(event))
    }

    /// Records which senders are not known any more or are again, since a decision was put on record, and flags what was
    /// concluded on the former: a sentence for each.
    pub(super) async fn settle_senders(
        &self,
        tx: &mut Tx,
        case: &Case<'_>,
        decision: &OnRecord,
    ) -> Result<(Vec<Event>, Vec<String>), DeskError> {
        let (mut events, mut said) = (Vec::new(), Vec::new());
        let about = About::message(case.entry.id);
        for sender in tx.senders_known_by(case.item.id).await? {
            let before =
                decision.known.iter().any(|known| (known.iso3, &known.address) == (sender.iso3, &sender.address));
            if !before && sender.since < case.now && self.is_known(tx, &sender).await? {
                let event = Event::SenderKnownAgain { address: sender.address, state: sender.iso3 };
                tx.record(case.now, about, case.actor, &event)?;
                events.push(event);
            }
        }
        for sender in &decision.known {
            if self.is_known(tx, sender).await? {
                continue;
            }
            let event = Event::SenderForgotten { address: sender.address.clone(), state: sender.iso3 };
            tx.record(case.now, about, case.actor, &event)?;
            events.push(event);
            said.extend(self.flag(tx, case, sender).await?);
        }
        Ok((events, said))
    }

    /// Shows a person what the program has concluded on a sender since.
    async fn flag(&self, tx: &mut Tx, case: &Case<'_>, sender: &KnownSender) -> Result<Vec<String>, DeskError> {
        let mut said = Vec::new();
        for judged in tx.judged_since(&sender.address, sender.since, case.item.id).await? {
            let by_contact = |found: &Evidence| found.source == Source::Contact && found.iso3 == sender.iso3;
            let unreadable = match judged.matched() {
                Ok(Some(matched)) if matched.evidence.iter().any(by_contact) => None,
                Ok(_) => continue,
                // It may have been, and a person looks.
                Err(why) => Some(why),
            };
            let event = Event::Flagged { state: sender.iso3, number: case.number.clone() };
            let question = self.told(case, &event);
            let item = tx.item_row(judged.item).await?;
            let asked = Question::SenderForgotten { state: sender.iso3, number: case.number.clone() };
            let waiting = item.waiting()?.and(asked);
            tx.keep_past(item.id, None, case.now).await?;
            tx.set_item(item.id, item.call_id, item.kind, Some(&waiting)).await?;
            tx.say(lines::waits(&intake_number(judged.number()), &question));
            tx.record(case.now, About::message(item.message_id), &Actor::Program, &event)?;
            let number = format!("{}/{}", intake_number(judged.number()), judged.n);
            let filed = tx.registration(item.id).await?;
            let filed = filed.map(|filed| format!(" ({})", filed.reference)).unwrap_or_default();
            let mut sentence = match unreadable {
                None => format!("{number}{filed} was concluded on that, and waits for a person to look again"),
                Some(why) => format!("{number}{filed} may have been concluded on that, and waits for a person: {why}"),
            };
            for letter in tx.hold_unsent(item.message_id, &Hold::Sender, case.now).await? {
                let about = About { message: Some(item.message_id), ..About::letter(letter) };
                tx.record(case.now, about, &Actor::Program, &Event::LetterHeld { letter, held: Hold::Sender })?;
                tx.say(lines::held(letter, &intake_number(judged.number()), &Hold::Sender.phrase().plain()));
                sentence += "; its letter had not left and is held";
            }
            said.push(sentence + ".");
        }
        Ok(said)
    }
}
