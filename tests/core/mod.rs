//! What is pure: rules as tables, and promises as properties.

mod acknowledgement;
mod actor;
mod address;
mod allowance;
mod asked;
mod backoff;
mod deadline;
mod decision;
mod delivery;
mod duplicate;
mod event;
mod item;
mod letter_kind;
mod passing;
mod purpose;
mod question;
mod relevance;
mod reminder;
mod silence;
mod turn;
