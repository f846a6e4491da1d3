//! What is pure: rules as tables, and promises as properties.

mod acknowledgement;
mod actor;
mod address;
mod allowance;
mod backoff;
mod coverage;
mod deadline;
mod decision;
mod delivery;
mod difference;
mod duplicate;
mod event;
mod histories;
mod item;
mod kin;
mod law;
mod letter_kind;
mod purpose;
mod question;
mod relevance;
mod reminder;
mod shingles;
mod silence;
mod state_status;
mod submission;
mod turn;
