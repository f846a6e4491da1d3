//! `docket` watches the mailbox to which governments send their written inputs, and keeps the intake log: who has
//! sent what, when, against which deadline, and what they were told.
//!
//! # The journey of one message
//! `mailbox` hands over raw bytes → `pipeline::receive` stores the original under an intake number → `pipeline::read`
//! has a child process parse and extract, judges the findings in `core`, and files entry and letters in one
//! transaction → `pipeline::post` sends what the outbox releases. A person decides through `desk`; the clock reminds
//! through `pipeline::remind`.
//!
//! # The layers
//! `main → cli → daemon → {pipeline, web}`; `pipeline → {mailbox, reading, store, mailer, oauth, letters, core}`;
//! `cli, web → desk → {store, letters, core}`. Imports go downward. `core` and `letters` are pure: no I/O, no clock,
//! no randomness. `tests/layers.rs` holds the rule.

pub mod causes;
pub mod cli;
pub mod clock;
pub mod config;
pub mod core;
pub mod daemon;
pub mod desk;
pub mod export;
pub mod extract;
pub mod failpoint;
pub mod files;
pub mod filing;
pub mod instance;
pub mod letters;
pub mod mailbox;
pub mod mailer;
pub mod memory;
pub mod net;
pub mod oauth;
pub mod oidc;
pub mod pipeline;
pub mod presence;
pub mod reading;
pub mod sandbox;
pub mod store;
pub mod watch;
pub mod web;
