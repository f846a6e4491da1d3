//! One entry: the message as it was read, its files, what speaks for which state, letters and history.
//!
//! Promises to number the states alike in all lists and marks of the page. Text past a limit of the page is left out, and
//! said to be.

use serde::Serialize;

use super::{
    around::Around,
    filters,
    highlight::{Passage, Stretch, Texts},
    no_page::NoPage,
    site::Site,
};
use crate::{
    core::{
        file::Role,
        iso3::Iso3,
        judging::matching::{Evidence, Source},
    },
    desk::view::{Entry, EntryFile, EntryItem},
};

/// Bytes of file text on one page.
const TEXT_LIMIT: usize = 400_000;
/// Characters that the desk gives of one file at most.
const FILE_LIMIT: usize = 20_000;

#[derive(Serialize)]
pub(super) struct EntryPage<'a> {
    entry: &'a Entry,
    colleagues: &'a [String],
    /// How many versions stand under the docket reference that was asked for.
    versions: usize,
    from: Vec<Stretch>,
    reply_to: Vec<Stretch>,
    subject: Vec<Stretch>,
    body: Vec<Stretch>,
    files: Vec<ShownFile<'a>>,
    items: Vec<ShownItem<'a>>,
}

#[derive(Serialize)]
struct ShownFile<'a> {
    file: &'a EntryFile,
    name: Vec<Stretch>,
    text: Vec<Stretch>,
    /// Shown without being asked for.
    open: bool,
    /// There is more text than the desk gives.
    cut: bool,
    /// The page is full: there is text, and it is not here.
    left_out: bool,
}

#[derive(Serialize)]
struct ShownItem<'a> {
    item: &'a EntryItem,
    place: String,
    candidates: Vec<Candidate<'a>>,
}

/// A state that evidence speaks for.
#[derive(Serialize)]
struct Candidate<'a> {
    number: usize,
    name: &'a str,
    iso3: Iso3,
    weight: f64,
    evidence: Vec<Found<'a>>,
}

#[derive(Serialize)]
struct Found<'a> {
    source: Source,
    text: &'a str,
    weight: f64,
    /// The id of its mark on the page.
    mark: Option<String>,
}

impl Site {
    /// One entry.
    ///
    /// # Errors
    /// A template fails.
    pub fn entry(&self, around: &Around, entry: &Entry) -> Result<String, NoPage> {
        self.render("entry.html", "", Some(&around.frame), &around.visitor, page(entry))
    }
}

pub(super) fn page(entry: &Entry) -> EntryPage<'_> {
    let mut texts = Texts::default();
    for (place, text) in
        [(Passage::From, &entry.from), (Passage::ReplyTo, &entry.reply_to), (Passage::Subject, &entry.subject)]
    {
        texts.add(place, text.as_deref().unwrap_or_default());
    }
    texts.add(Passage::Body, entry.body.trim_end());
    let mut room = TEXT_LIMIT;
    let mut left_out = Vec::new();
    for (i, file) in entry.files.iter().enumerate() {
        texts.add(Passage::FileName(i), file.name.as_deref().unwrap_or_default());
        let fits = room.checked_sub(file.text.len());
        left_out.push(fits.is_none());
        room = fits.unwrap_or(room);
        texts.add(Passage::FileText(i), if fits.is_some() { file.text.trim_end() } else { "" });
    }
    let mut numbered = Vec::new();
    let items = entry.items.iter().map(|item| item_of(item, entry, &mut numbered, &mut texts)).collect();
    let filed = entry.submission.iter().flat_map(|filed| &filed.places);
    EntryPage {
        colleagues: &entry.colleagues,
        versions: filed.filter(|place| place.version.is_some() && !place.repeats).count(),
        from: texts.runs(Passage::From),
        reply_to: texts.runs(Passage::ReplyTo),
        subject: texts.runs(Passage::Subject),
        body: texts.runs(Passage::Body),
        files: entry
            .files
            .iter()
            .enumerate()
            .map(|(i, file)| ShownFile {
                file,
                name: texts.runs(Passage::FileName(i)),
                text: texts.runs(Passage::FileText(i)),
                open: matches!(file.role, Role::Main | Role::CoverNote),
                cut: file.text.chars().count() >= FILE_LIMIT,
                left_out: left_out[i],
            })
            .collect(),
        items,
        entry,
    }
}

/// The weightiest candidate first; `numbered` holds the states in the order of their numbers on the page.
fn item_of<'a>(
    item: &'a EntryItem,
    entry: &'a Entry,
    numbered: &mut Vec<Iso3>,
    texts: &mut Texts<'a>,
) -> ShownItem<'a> {
    let weight_of = |iso3: Iso3| item.evidence.iter().filter(|e| e.iso3 == iso3).map(|e| e.weight).sum::<f64>();
    let mut states: Vec<(Iso3, f64)> = Vec::new();
    for Evidence { iso3, .. } in &item.evidence {
        if !states.iter().any(|(s, _)| s == iso3) {
            states.push((*iso3, weight_of(*iso3)));
        }
    }
    states.sort_by(|a, b| b.1.total_cmp(&a.1));
    let mut candidates = Vec::new();
    for (iso3, weight) in states {
        let number = numbered.iter().position(|s| *s == iso3).unwrap_or_else(|| {
            numbered.push(iso3);
            numbered.len() - 1
        }) + 1;
        let evidence = item.evidence.iter().filter(|e| e.iso3 == iso3).map(|e| Found {
            source: e.source,
            text: &e.text,
            weight: e.weight,
            mark: texts.mark(e.source, &e.text, number),
        });
        let name =
            entry.names.get(&iso3).or_else(|| item.states.iter().find(|(s, _)| *s == iso3).map(|(_, name)| name));
        candidates.push(Candidate {
            number,
            name: name.map_or("", String::as_str),
            iso3,
            weight,
            evidence: evidence.collect(),
        });
    }
    ShownItem { item, place: filters::place(&item.number), candidates }
}
