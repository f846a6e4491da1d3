//! What a message amounts to: its items, whose they are, what they are to the secretariat, and what is answered.

pub mod allowance;
pub mod answer;
pub mod duplicate;
pub mod item;
pub mod judgement;
pub mod matching;
pub mod relevance;
pub mod silence;
