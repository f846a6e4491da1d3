//! What a party has filed under a call: the facts as they were held, and what follows from them.
//!
//! Promises that nothing is kept as truth but facts. What is current, what repeats what, what came too early to replace
//! anything, and which number a version bears, follows by a fold over the facts ([`stands`], [`settle`]), from wherever one
//! looks ([`View`]). The order is the receipt clock's ([`Receipt`]), never that of filing. What could not be read becomes
//! current only when a person has looked, or a readable copy stands beside it.

mod becomes;
mod filed;
mod held;
mod number;
mod party;
mod place;
mod receipt;
mod settled;
mod stands;

pub use self::{
    becomes::{Becomes, Named, becomes},
    filed::{Filed, Withdrawal},
    held::{Held, View},
    number::{Numbered, Told, numbers},
    party::PartyKey,
    place::{AdditionKind, ItemId, Legible, Place},
    receipt::Receipt,
    settled::{Settled, settle},
    stands::{Stands, Version, stands},
};
