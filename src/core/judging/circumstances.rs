//! What is known around a message when it is judged.

use jiff::civil::Date;

use super::matching::{Contact, Earlier, Register};
use crate::core::{
    calls::call::Call,
    mail::{automatic::Own, mail_loop::Turn},
    purpose::Topic,
};

/// What is known around a message.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances<'a> {
    /// The states.
    pub register: &'a Register,
    /// The calls that the mailbox receives for.
    pub calls: &'a [&'a Call],
    /// What these calls are about, in their order.
    pub topic: &'a Topic,
    /// What is ours.
    pub own: &'a Own,
    /// Domains from which colleagues forward what others sent them.
    pub colleagues: &'a [String],
    /// Contacts that a person entered or confirmed.
    pub contacts: &'a [Contact],
    /// What stands filed already from the addresses of its authors; nothing of colleagues and of ourselves.
    pub earlier: &'a [Earlier],
    /// The day of receipt: days that the message names are meant from there.
    pub on: Date,
    /// Whether it answers a letter of ours.
    pub answers: Answers,
    /// The letters that went lately to the address that an answer would go to; not asked for where there is a document.
    pub lately: &'a [Turn],
}

/// Whether a message answers a letter of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answers {
    /// It does not.
    Nothing,
    /// It does; with the place of the call that letter was about, where it is one of the calls at hand.
    Letter {
        /// The place of the call.
        call: Option<usize>,
        /// The letter had left only minutes before.
        at_once: bool,
    },
}

impl Answers {
    /// Whether it answers a letter that had left only minutes before.
    #[must_use]
    pub fn at_once(self) -> bool {
        matches!(self, Self::Letter { at_once: true, .. })
    }
}
