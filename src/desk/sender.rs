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
        iso3::Iso3,
        judging::matching::{Match, Source},
    },
    filing::lines,
    store::{About, DOCKET, Event, Hold, KnownSender, Tx, intake_number},
};

/// Why a letter waits that rests on such a sender.
const HELD: &str = "Its sender was known by a decision that does not hold any more.";

impl Desk {
    /// From now on the sender's address counts as evidence for the state.
    pub(super) async fn remember(
        &self,
        tx: &mut Tx,
        case: &Case<'_>,
        decision: &OnRecord,
        states: &[Iso3],
    ) -> Result<String, DeskError> {
        let (Some(address), [iso3]) = (case.item.from_address.as_deref(), states) else {
            return Ok("The sender was not remembered: that needs one address and one state.".to_owned());
        };
        tx.know_sender(decision.id, *iso3, address).await?;
        let what = format!("{address} counts as evidence for {} from now on.", self.instance.name(*iso3));
        let about = About::message(case.entry.id);
        tx.record(Event { at: case.now, kind: "sender_known", about, actor: case.actor, what: what.clone() })?;
        Ok(what)
    }

    /// Says which senders are not known any more or are again, since a decision was put on record, and flags what was
    /// concluded on the former.
    pub(super) async fn settle_senders(
        &self,
        tx: &mut Tx,
        case: &Case<'_>,
        decision: &OnRecord,
    ) -> Result<Vec<String>, DeskError> {
        let mut said = Vec::new();
        let about = About::message(case.entry.id);
        for sender in tx.senders_known_by(case.item.id).await? {
            let before =
                decision.known.iter().any(|known| (known.iso3, &known.address) == (sender.iso3, &sender.address));
            if !before && sender.since < case.now && self.is_known(tx, &sender).await? {
                let what =
                    format!("{} counts as evidence for {} again.", sender.address, self.instance.name(sender.iso3));
                let event = Event { at: case.now, kind: "sender_known", about, actor: case.actor, what: what.clone() };
                tx.record(event)?;
                said.push(what);
            }
        }
        for sender in &decision.known {
            if self.is_known(tx, sender).await? {
                continue;
            }
            let what = format!("{} is no evidence for {} any more.", sender.address, self.instance.name(sender.iso3));
            let event = Event { at: case.now, kind: "sender_forgotten", about, actor: case.actor, what: what.clone() };
            tx.record(event)?;
            said.push(what);
            said.extend(self.flag(tx, case, sender).await?);
        }
        Ok(said)
    }

    /// Shows a person what the program has concluded on a sender since.
    async fn flag(&self, tx: &mut Tx, case: &Case<'_>, sender: &KnownSender) -> Result<Vec<String>, DeskError> {
        let mut said = Vec::new();
        for judged in tx.judged_since(&sender.address, sender.since, case.item.id).await? {
            let Ok(matched) = serde_json::from_str::<Match>(&judged.value) else { continue };
            if !matched.evidence.iter().any(|found| found.source == Source::Contact && found.iso3 == sender.iso3) {
                continue;
            }
            let question = format!(
                "Look at it again: its sender was known for {} by a decision on {} that does not hold any more.",
                self.instance.name(sender.iso3),
                case.number
            );
            let item = tx.item_row(judged.id).await?;
            let waiting = match &item.waiting {
                Some(waiting) => format!("{waiting} {question}"),
                None => question.clone(),
            };
            tx.keep_past(item.id, None, case.now).await?;
            tx.set_item(item.id, item.call_id, item.kind()?, Some(&waiting), item.duplicate_of).await?;
            let about = About::message(item.message_id);
            tx.say(lines::waits(&intake_number(judged.number), &question));
            tx.record(Event { at: case.now, kind: "flagged", about, actor: DOCKET, what: question })?;
            let number = format!("{}/{}", intake_number(judged.number), judged.n);
            let filed = tx.registration(item.duplicate_of.unwrap_or(item.id)).await?;
            let filed = filed.map(|filed| format!(" ({})", filed.reference)).unwrap_or_default();
            let mut sentence = format!("{number}{filed} was concluded on that, and waits for a person to look again");
            for letter in tx.hold_unsent(item.message_id, Hold::Sender, HELD).await? {
                let what = format!("Letter {letter} is held. {HELD}");
                let about = About { message: Some(item.message_id), ..About::letter(letter) };
                tx.record(Event { at: case.now, kind: "letter_moved", about, actor: DOCKET, what })?;
                tx.say(lines::held(letter, &intake_number(judged.number), HELD));
                sentence += "; its letter had not left and is held";
            }
            said.push(sentence + ".");
        }
        Ok(said)
    }
}
