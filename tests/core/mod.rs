//! What is pure: rules as tables, and promises as properties.

mod acknowledgement;
mod address;
mod allowance;
mod backoff;
mod deadline;
mod delivery;
mod duplicate;
mod item;
mod relevance;
mod reminder;
mod turn;
