//! Texts without addresses, which are no words: a mailbox called “input” makes no letter an input.

/// A text without the addresses of people and pages, and without the names of our mailboxes.
pub(super) fn left_out(text: &str, is_mailbox: impl Fn(&str) -> bool) -> String {
    let mut out = String::with_capacity(text.len());
    for piece in text.split_inclusive(char::is_whitespace) {
        if piece.contains('@') || piece.contains("://") || piece.starts_with("www.") || is_mailbox(piece) {
            out.push(' ');
            out.extend(piece.chars().last().filter(|c| c.is_whitespace()));
        } else {
            out.push_str(piece);
        }
    }
    out
}
