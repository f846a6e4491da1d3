//! What an entry is found by.
//!
//! Promises that who keeps its words and who looks for them in it see the same texts.

use jiff::tz::TimeZone;

use crate::{
    core::{iso3::Iso3, judging::matching::Form, text::language::Language},
    instance::Instance,
    store::{Id, StoreError, Tx, intake_number},
};

/// The texts by which an entry is found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoundBy {
    /// Numbers, references, senders, subjects, and the names of its states.
    pub heads: Vec<String>,
    /// Each file: its name, where it has one, and its text.
    pub files: Vec<(Option<String>, String)>,
    /// The text of the mail.
    pub body: String,
}

impl FoundBy {
    /// All of them.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let heads = self.heads.iter().map(String::as_str);
        let files = self.files.iter().flat_map(|(name, text)| name.iter().map(String::as_str).chain([text.as_str()]));
        heads.chain([self.body.as_str()]).chain(files)
    }
}

/// What a message is found by now; nothing where there is none.
///
/// # Errors
/// The database did not answer.
pub async fn found_by(tx: &mut Tx, instance: &Instance, message: Id) -> Result<FoundBy, StoreError> {
    let (head, files, items, under) = tx.searched(message).await?;
    let Some(head) = head else { return Ok(FoundBy::default()) };
    let today = instance.clock.now().to_zoned_datetime(TimeZone::UTC).date();
    let mut heads = vec![intake_number(head.number)];
    heads.extend([head.from_name, head.from_address, head.reply_to, head.subject].into_iter().flatten());
    heads.extend(items.into_iter().flat_map(|(subject, from)| [subject, from]).flatten());
    for (reference, iso3) in under {
        heads.push(reference);
        // A code that is none is said where the log shows it.
        if let Some(iso3) = iso3.and_then(|code| code.parse::<Iso3>().ok()) {
            let names =
                Language::ALL.iter().map(|language| instance.register.name(iso3, *language, today, Form::Short));
            heads.extend(names);
        }
    }
    heads.sort_unstable();
    heads.dedup();
    let mut named = Vec::new();
    for (path, name, text) in files {
        named.push((name.or_else(|| (!path.is_empty()).then_some(path)), text));
    }
    Ok(FoundBy { heads, files: named, body: head.body.unwrap_or_default() })
}
