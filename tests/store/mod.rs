//! What the store promises, held against both databases.

mod after_intake;
mod answered;
mod calls;
mod columns;
mod decisions;
mod events;
mod leases;
mod letter_past;
mod letters;
mod log;
mod messages;
mod outsiders;
mod owners;
mod place;
mod places;
mod purge;
mod restored;
mod schema;
pub mod seed;
mod sending;
