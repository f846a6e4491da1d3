//! All tests in one binary: one build, one link.

#![expect(
    clippy::unwrap_used,
    reason = "in a test, a surprise is a failure; clippy knows tests by their attribute alone"
)]
#![expect(clippy::disallowed_methods, reason = "a test reads and writes the files of its own folder")]

mod after_intake;
mod answered;
mod answers;
mod bad_configs;
mod bad_input;
mod causes;
mod chores;
mod cli;
mod config;
mod core;
mod crash;
mod daemon;
mod demo;
mod desk_histories;
mod dialogs;
mod extract;
mod faults;
mod fixture;
mod folded;
mod gone;
mod http;
mod imap;
mod import;
mod layers;
mod leases;
mod letters;
mod lost_maildir;
mod mail;
mod matching;
mod mbox;
mod modes;
mod mta;
mod oauth;
mod original;
mod place;
mod purpose;
mod reconcile;
mod recorded;
mod regions;
mod restored;
mod sandbox;
mod second_server;
mod silent;
mod stops;
mod store;
mod story;
mod supervised;
mod terminal;
mod users;
mod voices;
mod watch;
mod web;
mod whose;
