//! Letters that have not been made, once what they say is otherwise.
//!
//! Promises that no letter leaves with a deadline, or with what an input comes to, of before; and that one whose facts cannot
//! be read stops nothing here: that is said where it is made.

use super::{
    by::FilingError,
    facts::Facts as Filed,
    letter::{call_facts, receipt, render},
};
use crate::{
    core::{calls::reminder, letter_kind::LetterKind, text::language::Language},
    instance::{Instance, OpenCall},
    letters::facts::{Corrected, Facts, Receipt},
    store::{Id, Tx},
};

/// Has the receipts about a submission that have not been made say what is so now: another input may have changed what
/// theirs comes to.
pub(super) async fn renew_receipts(tx: &mut Tx, instance: &Instance, about: &Filed) -> Result<(), FilingError> {
    let Some(call) = instance.call_now(tx, about.submission.call).await? else { return Ok(()) };
    for letter in tx.unmade_letters_about(about.submission.id).await? {
        let Ok(told) = serde_json::from_str::<Facts>(&letter.facts) else { continue };
        let Some(before) = told.receipt() else { continue };
        let Some(entry) = tx.entry(letter.number).await? else { continue };
        let (items, files) = (tx.items(entry.id).await?, tx.files(entry.id).await?);
        let named = match told.kind() {
            LetterKind::Acknowledgement => true,
            LetterKind::Correction => before.entries.iter().any(|entry| !entry.states.is_empty()),
            _ => false,
        };
        let (receipt, telling) = receipt(tx, &call, &entry, (&items, &files), (named, &letter.recipient)).await?;
        let places = |receipt: &Receipt| {
            let entries = receipt.entries.iter().map(|entry| (entry.reference.clone(), entry.states.clone()));
            entries.collect::<Vec<_>>()
        };
        // Whose input it is, is that message’s own affair: a decision about it drops its letter.
        if places(&receipt) != places(before) {
            continue;
        }
        let mut facts = match &told {
            Facts::Correction(corrected) => Facts::Correction(Corrected { receipt, ..corrected.clone() }),
            Facts::Acknowledgement(_) => Facts::Acknowledgement(receipt),
            _ => Facts::Received(receipt),
        };
        let no_input = |place: usize| before.entries.get(place).is_some_and(|entry| entry.no_input);
        facts.mark_no_input(&no_input);
        if facts == told {
            continue;
        }
        if reword(tx, instance, &call, &facts, (letter.id, &letter.language)).await? {
            tx.keep_names(letter.id, &telling).await?;
        }
    }
    Ok(())
}

/// Has the letters under a call that have not been made tell the deadline of now.
pub(super) async fn renew_letters_under(tx: &mut Tx, instance: &Instance, open: &OpenCall) -> Result<(), FilingError> {
    for (letter, facts, language) in tx.unmade_letters_under(open.known.id).await? {
        let Ok(mut facts) = serde_json::from_str::<Facts>(&facts) else { continue };
        let before = facts.clone();
        match &mut facts {
            Facts::Reminder(reminder) => {
                let deadline = open.own_deadline(reminder.state).unwrap_or_else(|| open.deadline.clone());
                reminder.call = call_facts(&open.call, &deadline);
                reminder.days_left = reminder::days_left(&deadline, instance.clock.now());
            }
            other => *other.call_mut() = call_facts(&open.call, &open.deadline),
        }
        if facts == before {
            continue;
        }
        reword(tx, instance, open, &facts, (letter, &language)).await?;
    }
    Ok(())
}

/// Has a letter say what its facts are now; `false` where it was made meanwhile.
async fn reword(
    tx: &mut Tx,
    instance: &Instance,
    open: &OpenCall,
    facts: &Facts,
    (letter, language): (Id, &str),
) -> Result<bool, FilingError> {
    let language = language.parse().unwrap_or(Language::En);
    let rendered = render(instance, open, facts, language, instance.clock.now())?;
    let facts = serde_json::to_string(facts)?;
    Ok(tx.reword_letter(letter, &facts, &rendered.template, (&rendered.subject, &rendered.body)).await?)
}
