//! What is known beside a message itself when it is judged whether it may be answered.

/// What only its files, its purpose and our letters tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Beside {
    /// It brings a document that a government may send as its text.
    pub document: bool,
    /// Whether a purpose was found in its words, such as an announcement, a refusal or a question; nothing where nobody
    /// looked for one.
    pub purpose: Option<bool>,
    /// It answers a letter of ours that had left only minutes before.
    pub at_once: bool,
}
