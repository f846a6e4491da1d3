//! The main text of what is filed: that of its main file, or of the mail itself.
//!
//! Promises that a text of which something is missing says so, and that where there is none it is said why.

use crate::{
    core::{
        file::{Outcome, Role, pages_in_words},
        submission::Filed,
    },
    store::{StoreError, Tx},
};

/// More than reading a message yields, in characters.
const ALL: usize = 20_000_000;

/// The main text of something that is filed.
#[derive(Clone, Debug)]
pub(super) struct MainText {
    /// The text; or why there is none, in words that go on after what it is.
    pub(super) text: Result<String, String>,
    /// The sender's name of its file; none where the mail itself is the text, or the file has no name.
    pub(super) file: Option<String>,
    /// What of it could not be read, in a sentence.
    pub(super) lacks: Option<String>,
}

/// The main text of a fact.
pub(super) async fn main_text(tx: &mut Tx, fact: &Filed) -> Result<MainText, StoreError> {
    let message = tx.item_row(fact.item.0).await?.message_id;
    let files = tx.files(message).await?;
    let Some(main) = files.into_iter().find(|file| file.item_id == Some(fact.item.0) && file.role == Role::Main) else {
        let body = tx.body(message).await?.unwrap_or_default();
        let body = if body.trim().is_empty() { Err("it has no text".to_owned()) } else { Ok(body) };
        return Ok(MainText { text: body, file: None, lacks: None });
    };
    let read = tx.file_texts(message, ALL).await?.remove(&main.n).unwrap_or_default();
    let lacks = (main.outcome == Outcome::Partial).then(|| match main.pages_failed.as_slice() {
        [] => "only a part of it could be read".to_owned(),
        failed => format!("{} could not be read", pages_in_words(failed)),
    });
    let text = if read.trim().is_empty() {
        let name = main.name.as_ref().map(|name| format!(" “{name}”")).unwrap_or_default();
        let detail = main.detail.unwrap_or_else(|| "It holds no text.".to_owned());
        Err(format!("its file{name} could not be read: {detail}"))
    } else {
        Ok(read)
    };
    Ok(MainText { text, file: main.name, lacks })
}
