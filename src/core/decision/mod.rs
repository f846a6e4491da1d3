//! What a person decides: the acts there are, what stands on record of them, and what they come to.
//!
//! An act is taken on one item, on one state or on one letter ([`Decision`]). Promises that whether it makes sense is told by
//! pure rules ([`place`], [`Refusal`]); that each has one text on record, which comes back as the same ([`Ruling`]); and that
//! what it comes to is kept as facts ([`Consequences`]), from which the sentences are made whenever they are read, for whoever
//! tries it, takes it or looks it up later.

mod act;
mod consequences;
mod kept;
mod plan;
mod refusal;
mod ruling;
mod sentence;

pub use self::{
    act::{Answered, CivilEnd, Decision, NotCivil, Order},
    consequences::{
        Consequences, ExtendedThen, FiledThen, LeavesThen, LetterThen, OfRoster, ReferenceIs, Roster, SaidThen,
        StateThen, WithdrawnThen,
    },
    kept::Act,
    plan::{Subject, Submitted, awaits, extension, place, to_take_back},
    refusal::Refusal,
    ruling::{NOT_AN_INPUT, Ruling},
};
