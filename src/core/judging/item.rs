//! From a message and its files to items: the parts of it that each make one input.
//!
//! Most messages are one item. A message that carries others, as a colleague's forward does, is an item for each that
//! brought a document. Promises that every file of the message belongs to exactly one item, with one role.

use super::{
    duplicate::{content_key, renditions},
    matching::{Case, CaseFile, Contact, Sender},
};
use crate::core::{
    file::{File, Format, Outcome, Role},
    mail::{
        message::{Address, Message},
        quoting,
    },
    text::words,
};

/// Up to how many words a document beside another may be a note verbale.
const NOTE_VERBALE_WORDS: u64 = 400;
/// How much of a document the matcher sees.
const FIRST_PAGE_CHARS: usize = 6_000;

/// A part of a message that makes one input, or one letter to the secretariat.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Who wrote it: of what was forwarded, the original author.
    pub from: Option<Address>,
    /// Where the author wants answers.
    pub reply_to: Option<String>,
    /// Its subject.
    pub subject: Option<String>,
    /// Its text.
    pub body: String,
    /// It came inside another message, or below a forwarding line.
    pub forwarded: bool,
    /// Who passes it on inside a message of his own, unless a colleague does.
    pub passed_on_by: Option<Address>,
    /// The authors of the messages within, of which it has documents.
    pub within: Vec<Address>,
    /// The files, by their place in the message's list, with what each is for.
    pub files: Vec<(usize, Role)>,
    /// What holds its main text.
    pub main: MainText,
    /// Words that count.
    pub words: Option<u64>,
    /// What tells its content from any other.
    pub content_key: Option<String>,
}

/// What holds the main text of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MainText {
    /// The file at this place in the message's list.
    File(usize),
    /// The mail itself.
    Body,
    /// Nothing.
    Missing,
}

/// The items of a message. `by_colleague`: the sender forwards for others, so that an original quoted below a forwarding
/// line counts as the author. `automatic`: what it carries was returned, not sent.
#[must_use]
pub fn items(message: &Message, files: &[File], by_colleague: bool, automatic: bool) -> Vec<Item> {
    let mut left: Vec<usize> = (0..files.len()).collect();
    let mut items = Vec::new();
    if !automatic {
        for attached in &message.attached {
            let inside = format!("{}.", attached.path);
            let own: Vec<usize> = left.iter().copied().filter(|&i| files[i].path.starts_with(&inside)).collect();
            if !own.iter().any(|&i| files[i].format.is_document()) {
                continue;
            }
            left.retain(|i| !own.contains(i));
            items.push(Item {
                from: attached.from.clone(),
                subject: attached.subject.clone(),
                body: attached.body.clone(),
                forwarded: true,
                passed_on_by: (!by_colleague).then(|| message.from.clone().unwrap_or_default()),
                within: within(message, &inside, &own, files),
                ..item(&own, files)
            });
        }
    }
    let outer_matters = left.iter().any(|&i| files[i].format.is_document());
    if items.is_empty() || outer_matters {
        let original = if by_colleague { quoting::forwarded(&message.body) } else { None };
        let mut outer = item(&left, files);
        if let Some(original) = original {
            outer.from = Some(original.from);
            outer.subject = original.subject.or_else(|| message.subject.clone());
            outer.body = original.body;
            outer.forwarded = true;
        } else {
            outer.from.clone_from(&message.from);
            outer.reply_to = message.reply_to.iter().find_map(|address| address.address.clone());
            outer.subject.clone_from(&message.subject);
            outer.body.clone_from(&message.body);
        }
        items.insert(0, outer);
    } else if let Some(first) = items.first_mut() {
        first.files.extend(left.into_iter().map(|i| (i, aside(&files[i]))));
    }
    items
}

/// The authors of messages inside an attached one that brought some of its documents.
fn within(message: &Message, inside: &str, own: &[usize], files: &[File]) -> Vec<Address> {
    let deeper = message.attached.iter().filter(|attached| attached.path.starts_with(inside));
    let brings = |path: &str| {
        let below = format!("{path}.");
        own.iter().any(|&i| files[i].format.is_document() && files[i].path.starts_with(&below))
    };
    deeper.filter(|attached| brings(&attached.path)).filter_map(|attached| attached.from.clone()).collect()
}

fn item(own: &[usize], files: &[File]) -> Item {
    let roles = roles(own, files);
    let main = match roles.iter().find(|(_, role)| *role == Role::Main) {
        Some(&(i, _)) => MainText::File(i),
        None => MainText::Missing,
    };
    let (words, content_key) = match main {
        MainText::File(i) if files[i].reading.has_text() => {
            (files[i].reading.words, Some(content_key(&files[i].reading.text)))
        }
        MainText::File(i) => (None, Some(files[i].sha256.clone())),
        MainText::Body | MainText::Missing => (None, None),
    };
    Item {
        from: None,
        reply_to: None,
        subject: None,
        body: String::new(),
        forwarded: false,
        passed_on_by: None,
        within: Vec::new(),
        files: roles,
        main,
        words,
        content_key,
    }
}

/// What each file is for: the longest readable document that is no covering note is the main text.
fn roles(own: &[usize], files: &[File]) -> Vec<(usize, Role)> {
    let documents: Vec<usize> = own.iter().copied().filter(|&i| files[i].format.is_document()).collect();
    let main = main_document(&documents, files);
    own.iter()
        .map(|&i| {
            let file = &files[i];
            let role = match main {
                Some(main) if i == main => Role::Main,
                Some(main) if documents.contains(&i) => beside(file, &files[main]),
                _ => aside(file),
            };
            (i, role)
        })
        .collect()
}

fn main_document(documents: &[usize], files: &[File]) -> Option<usize> {
    let alone = documents.len() == 1;
    let rank = |i: usize| {
        let file = &files[i];
        let full = alone || !(is_cover_note(file) || is_named(file, ANNEX_NAMES));
        (full, file.reading.has_text(), file.reading.words.unwrap_or(0), file.size)
    };
    let longest = documents.iter().copied().max_by_key(|&i| rank(i))?;
    let text = &files[longest].reading.text;
    let word = documents.iter().copied().find(|&i| {
        let file = &files[i];
        matches!(file.format, Format::Docx | Format::Docm)
            && file.reading.outcome == Outcome::Read
            && renditions(&file.reading.text, text)
    });
    Some(word.unwrap_or(longest))
}

/// The role of a document beside the main one.
fn beside(file: &File, main: &File) -> Role {
    let same_name = stem(file) == stem(main) && file.format != main.format;
    if renditions(&file.reading.text, &main.reading.text) || (same_name && !file.reading.has_text()) {
        Role::Rendition
    } else if is_cover_note(file) {
        Role::CoverNote
    } else {
        Role::Annex
    }
}

/// The role of a file that is no document.
fn aside(file: &File) -> Role {
    match file.format {
        format if format.is_container() => Role::Container,
        Format::Smime => Role::Signature,
        Format::Image if file.inline => Role::InlineImage,
        Format::Xlsx | Format::Pptx | Format::Docx | Format::Docm | Format::Pdf | Format::Odt | Format::Rtf => {
            Role::Annex
        }
        _ => Role::Ignored,
    }
}

const COVER_NAMES: &[&str] = &[
    "note verbale",
    "note_verbale",
    "note-verbale",
    "noteverbale",
    "verbal",
    "cover",
    "letter",
    "lettre",
    "courrier",
    "carta",
    "нота",
    "письмо",
    "сопровод",
    "مذكرة",
    "照会",
    "普通照会",
];
const ANNEX_NAMES: &[&str] =
    &["annex", "appendix", "attachment", "anexo", "приложение", "allegato", "anlage", "مرفق", "ملحق", "附件"];
const COMPLIMENTS: &[&str] = &[
    "presents its compliments",
    "présente ses compliments",
    "свидетельствует свое уважение",
    "свидетельствует своё уважение",
    "saluda atentamente",
    "أطيب تحياتها",
    "致意",
];

/// A note verbale or covering letter: by its name, by its sentence, or a scan of a page or two.
fn is_cover_note(file: &File) -> bool {
    let reading = &file.reading;
    let short = reading.words.is_none_or(|words| words <= NOTE_VERBALE_WORDS);
    let compliments = || {
        let text = reading.text.to_lowercase();
        COMPLIMENTS.iter().any(|sentence| text.contains(sentence))
    };
    let scan = reading.outcome == Outcome::NoText && reading.pages.is_some_and(|pages| pages <= 3);
    short && (is_named(file, COVER_NAMES) || scan || compliments())
}

fn is_named(file: &File, parts: &[&str]) -> bool {
    let name = file.name.as_deref().unwrap_or_default().to_lowercase();
    parts.iter().any(|part| name.contains(part))
}

fn stem(file: &File) -> Option<String> {
    let name = file.name.as_deref()?.to_lowercase();
    Some(name.rsplit_once('.').map_or(name.clone(), |(stem, _)| stem.to_owned()))
}

impl Item {
    /// Its mail itself holds the input.
    #[must_use]
    pub fn held_in_body(self) -> Self {
        let own = quoting::own_words(&self.body);
        let (words, content_key) = (Some(words::count(&own)), Some(content_key(&own)));
        Self { main: MainText::Body, words, content_key, ..self }
    }

    /// What the matcher is to judge.
    #[must_use]
    pub fn case(&self, id: &str, files: &[File], automatic: bool, contacts: Vec<Contact>) -> Case {
        let from = self.from.clone().unwrap_or_default();
        let mut attachments = self
            .files
            .iter()
            .filter(|(_, role)| matches!(role, Role::Main | Role::CoverNote | Role::Annex | Role::Rendition))
            .map(|&(i, _)| CaseFile {
                filename: files[i].name.clone().unwrap_or_default(),
                first_page_text: first_page(&files[i]),
            })
            .collect::<Vec<_>>();
        // An input in the mail itself is its own document.
        let held = (self.main == MainText::Body).then(|| CaseFile {
            filename: String::new(),
            first_page_text: quoting::own_words(&self.body).chars().take(FIRST_PAGE_CHARS).collect(),
        });
        attachments.extend(held);
        Case {
            id: id.to_owned(),
            from: sender(from),
            passed_on_by: self.passed_on_by.clone().map(sender),
            within: self.within.iter().cloned().map(sender).collect(),
            reply_to: self.reply_to.clone(),
            subject: self.subject.clone().unwrap_or_default(),
            body: self.body.clone(),
            attachments,
            automatic,
            contacts,
            ..Case::default()
        }
    }

    /// The outcome of reading its main text; `None` where there is no document.
    #[must_use]
    pub fn main_file<'a>(&self, files: &'a [File]) -> Option<&'a File> {
        match self.main {
            MainText::File(i) => files.get(i),
            MainText::Body | MainText::Missing => None,
        }
    }

    /// All its text, for words of the call: subject, mail, and the beginning of each document.
    #[must_use]
    pub fn all_text(&self, files: &[File]) -> String {
        let mut all = format!("{}\n{}\n", self.subject.as_deref().unwrap_or_default(), self.body);
        for &(i, _) in &self.files {
            all.push_str(files[i].name.as_deref().unwrap_or_default());
            all.push('\n');
            all.push_str(&first_page(&files[i]));
            all.push('\n');
        }
        all
    }
}

fn sender(address: Address) -> Sender {
    Sender { display: address.name.unwrap_or_default(), address: address.address.unwrap_or_default() }
}

fn first_page(file: &File) -> String {
    let reading = &file.reading;
    let begins = reading.letterhead.chars().take(40).collect::<String>();
    let repeated = reading.text.trim_start().starts_with(begins.trim());
    let head = if repeated { "" } else { reading.letterhead.as_str() };
    head.chars().chain("\n".chars()).chain(reading.text.chars()).take(FIRST_PAGE_CHARS).collect::<String>()
}
