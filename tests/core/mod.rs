//! What is pure: rules as tables, and promises as properties.

mod acknowledgement;
mod actor;
mod address;
mod allowance;
mod backoff;
mod deadline;
mod delivery;
mod duplicate;
mod event;
mod item;
mod purpose;
mod relevance;
mod reminder;
mod turn;
