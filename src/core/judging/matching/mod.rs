//! Whose input is it: a case is matched to a member state on evidence, or left to a person.
//!
//! Promises to abstain rather than guess: a state is named only where independent kinds of evidence agree and nothing
//! strong speaks against it. Every answer carries what it rests on, quoted.

mod candidates;
mod case;
mod cities;
mod claims;
mod denials;
mod domains;
mod elsewhere;
mod evidence;
mod exonyms;
mod findings;
mod gather;
mod hands;
mod head;
mod hosts;
mod inflect;
mod lines;
mod lists;
mod loader;
mod lookalikes;
mod mending;
mod names;
mod note_verbale;
mod objections;
mod outcome;
mod punycode;
mod quoting;
pub mod register;
mod resembling;
mod score;
mod sender;
mod tables;
mod titles;
mod tongues;
mod vocabulary;
mod why;

pub use case::{Case, CaseFile, Contact, Earlier, Sender};
pub use evidence::{Evidence, Source};
pub use outcome::{Decision, Kind, Match};
pub use register::{Form, Register, State, TableProblem, Tables};
pub use why::Pleading;
