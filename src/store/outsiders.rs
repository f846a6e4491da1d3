//! The columns that hold an outsider's words: what senders wrote, their names and addresses, and what servers answered.
//!
//! Promises to be complete: a test holds it against the tables of both databases, where every column with text or bytes
//! stands here or among those that are ours alone. Whatever erases, exports or hides what came from outside goes by it.

/// Each table with its columns that hold an outsider's words, or a sentence that may quote them.
pub const OUTSIDERS: &[(&str, &[&str])] = &[
    // The domain of a sender.
    ("allowance", &["whose"]),
    ("attempt", &["detail"]),
    ("contact", &["name", "address"]),
    ("decision", &["answer_before", "consequences"]),
    // The salt goes with the payload: by it alone what was erased could be guessed from its commitment.
    ("event", &["payload", "salt"]),
    ("file", &["path", "name", "media_type", "text", "detail"]),
    ("finding", &["value"]),
    ("item", &["subject", "from_address", "waiting"]),
    ("item_past", &["waiting"]),
    ("known_sender", &["address"]),
    (
        "letter",
        &[
            "facts",
            "recipient",
            "recipient_name",
            "subject",
            "body",
            "reason",
            "bytes",
            "copy_reason",
            "to_mailbox",
            "fault",
        ],
    ),
    (
        "message",
        &[
            "state_reason",
            "rfc_message_id",
            "from_name",
            "from_address",
            "reply_to",
            "subject",
            "thread",
            "body",
            "answer_reason",
            "held",
        ],
    ),
    ("original_piece", &["bytes"]),
    // A file that is imported may be called by its subject.
    ("sighting", &["name", "reason", "after_reason"]),
    // A sender who is no state is known by the address.
    ("submission", &["party"]),
    // What stands in their mail, word by word.
    ("word", &["word"]),
];
