//! Tokens in place of passwords: asked for, kept, shown, renewed, and never seen.

mod journey;
mod keeper;
mod never_seen;

use docket::config::Key;
use jiff::Timestamp;

/// The user of all accounts.
const USER: &str = "alice";

fn key() -> Key {
    key_of('a')
}

fn key_of(digit: char) -> Key {
    digit.to_string().repeat(64).parse().unwrap()
}

fn noon() -> Timestamp {
    "2020-09-20T12:00:00Z".parse().unwrap()
}
