//! What a message amounts to: its items, whose they are, what they are to the secretariat, and what is answered.

pub mod allowance;
pub mod answer;
pub mod answered;
mod asked;
pub mod beside;
pub mod circumstances;
pub mod colleagues;
pub mod duplicate;
pub mod item;
mod judged;
pub mod judgement;
pub mod kin;
pub mod matching;
mod meant;
pub mod relevance;
mod settling;
pub mod silence;
mod unseen;
pub mod which_call;
