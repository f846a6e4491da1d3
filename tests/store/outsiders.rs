//! Whose words each column holds: every one with text or bytes is on one of two lists, on both databases.

use std::collections::BTreeSet;

use docket::store::OUTSIDERS;

use super::schema::schema;
use crate::fixture::{Database, both};

/// Each table with its columns that hold nothing but what is ours: words that the program chose, hashes, keys, what the
/// configuration says, and what the secretariat's own people wrote.
const OURS: &[(&str, &[&str])] = &[
    ("account", &["folded", "name", "role", "password"]),
    // What the configured issuer of logins calls the secretariat's own people.
    ("account_attested", &["issuer", "subject"]),
    ("account_link", &["hash"]),
    ("api_token", &["hash"]),
    ("attempt", &["outcome", "cause"]),
    ("call", &["code", "reference", "file_said"]),
    ("chore", &["name"]),
    ("contact", &["iso3", "role", "language", "valid_from", "valid_until"]),
    ("counter", &["scope"]),
    ("deadline_version", &["day", "time", "zone", "rule", "tzdb", "authority", "reason", "actor"]),
    ("decision", &["kind", "value", "actor", "reason", "letter_before", "iso3"]),
    ("earlier_original", &["sha256", "identity"]),
    // Numbers of words, which say nothing once the words are gone.
    ("entry_words", &["words"]),
    ("event", &["kind", "actor", "commitment"]),
    ("extension", &["iso3", "authority"]),
    (
        "file",
        &["sha256", "format", "role", "outcome", "engine", "pages_without_text", "language", "tried", "pages_failed"],
    ),
    ("finding", &["kind", "engine"]),
    // Whoever tries to log in writes this; it is gone after minutes, and no sender of mail is among them.
    ("failed_login", &["folded", "address"]),
    ("folder", &["name"]),
    ("instance", &["name"]),
    ("instance_secret", &["name", "secret"]),
    ("item", &["decision", "kind", "content_key"]),
    ("item_candidate", &["iso3"]),
    ("item_past", &["kind", "standing"]),
    ("known_sender", &["iso3"]),
    ("lease", &["name", "owner"]),
    (
        "letter",
        &[
            "occasion",
            "iso3",
            "step",
            "kind",
            "language",
            "template",
            "state",
            "lease_owner",
            "rfc_message_id",
            "copy_state",
            "held_for",
        ],
    ),
    ("letter_past", &["state"]),
    ("mailbox", &["name"]),
    (
        "message",
        &[
            "identity",
            "sha256",
            "clock",
            "silent",
            "state",
            "lease_owner",
            "relevance",
            "language",
            "header_only",
            "short",
            "way",
            "authority",
        ],
    ),
    ("oauth_token", &["account", "sealed", "origin"]),
    ("original", &["sha256"]),
    ("original_piece", &["sha256"]),
    ("owner", &["name", "place"]),
    ("place", &["kind", "legible", "content_key", "settled", "standing"]),
    ("roster", &["iso3", "policy", "reason"]),
    ("said", &["iso3", "word", "day"]),
    ("seen_answer", &["answer", "folder"]),
    // What our own people wrote; of the question only a hash.
    ("postponed", &["asked", "postponed_by", "reason"]),
    ("note", &["noted_by", "text", "struck_by"]),
    ("sending_stopped", &["stopped_by", "reason", "resumed_by"]),
    ("session", &["hash"]),
    ("sent_folder", &["name"]),
    ("sent_seen", &["name"]),
    ("sighting", &["disposition", "after_intake"]),
    ("submission", &["reference", "kind"]),
    ("submission_state", &["iso3"]),
    ("version", &["standing"]),
    ("word_place", &["entries"]),
];

fn columns<'a>(lists: &'a [(&str, &[&str])]) -> impl Iterator<Item = String> + use<'a> {
    lists.iter().flat_map(|(table, columns)| columns.iter().map(move |column| format!("{table}.{column}")))
}

both!(every_column_is_known_to_hold_ours_or_an_outsiders_words, async |db: Database| {
    let (outsiders, ours): (BTreeSet<_>, BTreeSet<_>) = (columns(OUTSIDERS).collect(), columns(OURS).collect());
    let twice: Vec<_> = outsiders.intersection(&ours).collect();
    assert!(twice.is_empty(), "these stand on both lists; whoever erases needs to know which it is: {twice:?}");
    let numbers = ["bigint", "double precision"];
    let there: BTreeSet<_> = schema(&db)
        .await
        .0
        .into_iter()
        .filter(|(_, _, kind, _)| !numbers.contains(&kind.as_str()))
        .map(|(table, column, ..)| format!("{table}.{column}"))
        .collect();
    let listed: BTreeSet<_> = outsiders.union(&ours).cloned().collect();
    let unknown: Vec<_> = there.difference(&listed).collect();
    assert!(
        unknown.is_empty(),
        "Nobody has said whose words these columns hold: {unknown:?}. What a sender wrote, or a server answered, goes on the \
         list OUTSIDERS in src/store/outsiders.rs, so that it is erased where it must be; what is ours alone on OURS here."
    );
    let gone: Vec<_> = listed.difference(&there).collect();
    assert!(gone.is_empty(), "these columns are not there any more: {gone:?}");
    assert!(there.len() > 100, "the tables are not there");
});
