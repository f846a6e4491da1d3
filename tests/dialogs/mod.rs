//! Scripted dialogues with servers that do not do what they should.

mod after;
mod bearer;
mod clamd;
pub mod clamd_peer;
mod copies;
mod giver;
mod imap;
mod peace;
mod refusals;
mod short;
pub mod smtp_peer;
pub mod smtp_phases;
pub mod smtp_post;
mod smtp_run;
mod smtp_tls;

pub use smtp_peer::Peer;
pub use smtp_post::{instance as office_with, letter};

/// A letter that a mail server has taken.
pub async fn letter_that_left(db: &crate::fixture::Database) -> docket::store::Id {
    let peer = smtp_peer::Peer::start(|_, _| None).await;
    let instance = smtp_post::instance(db, &peer, |_| {}).await;
    let id = smtp_post::letter(db, "a").await;
    let post = docket::pipeline::Post::new(instance);
    while post.step().await.unwrap() == docket::pipeline::Outcome::Worked {}
    id
}
