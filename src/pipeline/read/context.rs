//! What the log knows around a message before it is judged: calls, contacts, what its authors have filed before, the letter
//! it answers, and those that went to its sender lately.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};

use crate::{
    core::{
        calls::call::Call,
        judging::{
            circumstances::{Answers, Circumstances},
            colleagues::is_colleague,
            judgement::authors,
            matching::{Contact, Earlier},
        },
        mail::{
            automatic::{Beside, Own, answerable, original_author},
            mail_loop::{self, LATELY, Turn},
            message::Message,
        },
    },
    instance::{Calls, Instance, OpenCall},
    pipeline::PipelineError,
    store::{Claimed, Tx},
};

/// How many microseconds after a letter of ours an answer comes at once: within five minutes, clocks a minute apart.
const AT_ONCE: std::ops::RangeInclusive<i64> = -60_000_000..=300_000_000;

/// What the log knows that matters to a message.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Around {
    mailbox: String,
    calls: Arc<Calls>,
    own: Own,
    contacts: Vec<Contact>,
    earlier: Vec<Earlier>,
    on: Date,
    answers: Answers,
    lately: Vec<Turn>,
}

impl Around {
    /// Gathers it in one moment of the log. What went to the sender lately matters only where there is no document.
    pub(super) async fn gather(
        tx: &mut Tx,
        instance: &Instance,
        claimed: &Claimed,
        message: &Message,
        document: bool,
    ) -> Result<Self, PipelineError> {
        let mailbox = claimed.mailbox.clone();
        let all = instance.calls();
        let calls = instance.among(&all, &mailbox);
        let own = instance.own(&mailbox);
        let on = claimed.received()?.to_zoned_datetime(TimeZone::UTC).date();
        let (mut contacts, mut earlier) = (Vec::new(), Vec::new());
        let renamed = original_author(message, &own).and_then(|author| author.address);
        for address in authors(message).into_iter().chain(renamed.map(|address| address.to_lowercase())) {
            contacts.extend(tx.contacts_with_address(&address, on).await?);
            // Colleagues send what is others'.
            if !is_colleague(&address, &instance.config.intake.colleagues) && !own.has(&address) {
                earlier.extend(tx.earlier_inputs(&address, claimed.id).await?);
            }
        }
        let mut answers = Answers::Nothing;
        for id in message.in_reply_to.iter().chain(&message.references) {
            if let Some(letter) = tx.letter_with_message_id(id).await? {
                let after = letter.sent_at.map(|sent| claimed.received().map(|at| at.as_microsecond() - sent));
                answers = Answers::Letter {
                    call: calls.iter().position(|open| Some(open.known.id) == letter.call),
                    at_once: after.transpose()?.is_some_and(|after| AT_ONCE.contains(&after)),
                };
                break;
            }
        }
        let mut lately = Vec::new();
        // Whatever its words are found to say: what went to whom an answer would go to at all.
        let beside = Beside { document: true, purpose: Some(true), at_once: false };
        if !document && let Some(recipient) = answerable(message, &own, beside).recipient {
            let day = SignedDuration::try_from(LATELY).unwrap_or(SignedDuration::MAX);
            let since = instance.clock.now().saturating_sub(day).unwrap_or(Timestamp::MIN);
            lately = tx.turns(&recipient, since).await?;
            let numbers = mail_loop::numbers(message.subject.as_deref().unwrap_or_default());
            for number in numbers.into_iter().chain(mail_loop::numbers(&message.body)) {
                if lately.is_empty() {
                    lately = tx.turns_about(number, since).await?;
                }
            }
        }
        Ok(Self { mailbox, calls: all, own, contacts, earlier, on, answers, lately })
    }

    /// The calls that its mailbox receives for, as they were when it was gathered.
    pub(super) fn calls(&self, instance: &Instance) -> Vec<Arc<OpenCall>> {
        instance.among(&self.calls, &self.mailbox)
    }

    /// What a judgement is made in.
    pub(super) fn circumstances<'b>(&'b self, instance: &'b Instance, calls: &'b [&'b Call]) -> Circumstances<'b> {
        Circumstances {
            register: &instance.register,
            calls,
            topic: self.calls.topic(&self.mailbox),
            own: &self.own,
            colleagues: &instance.config.intake.colleagues,
            contacts: &self.contacts,
            earlier: &self.earlier,
            on: self.on,
            answers: self.answers,
            lately: &self.lately,
        }
    }
}
