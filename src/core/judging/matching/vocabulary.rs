//! What the lists of words are asked: whether a folded word or line is an authority's, an input's, nobody's.
//!
//! Promises an answer about words alone; what they mean beside a state's name is for `claims`.

use std::{collections::HashSet, ops::Range, sync::LazyLock};

use aho_corasick::AhoCorasick;

use super::lists;
use crate::core::text::fold::{fold, is_unspaced};

/// Words, some of which may go on.
#[derive(Debug)]
pub(super) struct Words {
    whole: HashSet<&'static str>,
    stems: Vec<&'static str>,
}

impl Words {
    /// The words of a list.
    pub(super) fn of(list: &'static str) -> Self {
        let (stems, whole): (Vec<&str>, Vec<&str>) = list.split_whitespace().partition(|w| w.ends_with('*'));
        Self { whole: whole.into_iter().collect(), stems: stems.iter().map(|w| w.trim_end_matches('*')).collect() }
    }

    /// Whether it is one of them.
    pub(super) fn has(&self, word: &str) -> bool {
        self.whole.contains(word) || self.stems.iter().any(|stem| word.starts_with(stem))
    }
}

/// Phrases, found at the edges of words.
#[derive(Debug)]
pub(super) struct Phrases {
    automaton: AhoCorasick,
    goes_on: Vec<bool>,
}

impl Phrases {
    fn of(list: &str) -> Self {
        let phrases: Vec<&str> = list.split('|').map(str::trim).filter(|p| !p.is_empty()).collect();
        let automaton = AhoCorasick::new(phrases.iter().map(|p| p.trim_end_matches('*')))
            .expect("the lists are short and written here");
        Self { automaton, goes_on: phrases.iter().map(|p| p.ends_with('*')).collect() }
    }

    /// The first phrase of a folded text; of those that begin there the shortest.
    pub(super) fn find(&self, text: &str) -> Option<Range<usize>> {
        self.all(text).min_by_key(|r| (r.start, r.end))
    }

    /// The first phrase of a folded text; of those that begin there the longest.
    pub(super) fn longest(&self, text: &str) -> Option<Range<usize>> {
        self.all(text).min_by_key(|r| (r.start, std::cmp::Reverse(r.end)))
    }

    fn all<'t>(&'t self, text: &'t str) -> impl Iterator<Item = Range<usize>> + 't {
        self.automaton
            .find_overlapping_iter(text)
            .filter(|m| {
                let before = text[..m.start()].chars().next_back();
                let after = text[m.end()..].chars().next();
                before.is_none_or(|c| c == ' ' || is_unspaced(c))
                    && (self.goes_on[m.pattern().as_usize()] || after.is_none_or(|c| c == ' ' || is_unspaced(c)))
            })
            .map(|m| m.range())
    }

    fn any(&self, text: &str) -> bool {
        self.find(text).is_some()
    }
}

static AUTHORITY_LIST: LazyLock<Words> = LazyLock::new(|| Words::of(lists::AUTHORITY));
static MINISTRY_LIST: LazyLock<Words> = LazyLock::new(|| Words::of(lists::MINISTRY));
static GOVERNMENT_LIST: LazyLock<Words> = LazyLock::new(|| Words::of(lists::GOVERNMENT));
static OF_THE_STATE_LIST: LazyLock<Words> = LazyLock::new(|| Words::of(lists::OF_THE_STATE));
static INPUT_LIST: LazyLock<Words> = LazyLock::new(|| Words::of(lists::INPUT));
static BETWEEN_LIST: LazyLock<Words> = LazyLock::new(|| Words::of(lists::BETWEEN));
static ABROAD_LIST: LazyLock<Words> = LazyLock::new(|| Words::of(lists::ABROAD));
static FIELD_LIST: LazyLock<Words> = LazyLock::new(|| Words::of(lists::FIELD));
static ABOUT_LIST: LazyLock<Words> = LazyLock::new(|| Words::of(lists::ABOUT));
static AUTHORITY_UNSPACED_LIST: LazyLock<Phrases> = LazyLock::new(|| Phrases::of(lists::AUTHORITY_UNSPACED));
static INPUT_UNSPACED_LIST: LazyLock<Phrases> = LazyLock::new(|| Phrases::of(lists::INPUT_UNSPACED));
static PRIVATE_LIST: LazyLock<Phrases> = LazyLock::new(|| Phrases::of(lists::PRIVATE));
static CONSULTED_LIST: LazyLock<Words> = LazyLock::new(|| Words::of(lists::CONSULTED));
static ABOUT_THE_STATE_LIST: LazyLock<Phrases> = LazyLock::new(|| Phrases::of(lists::ABOUT_THE_STATE));
static ORGANISATION_LIST: LazyLock<Phrases> = LazyLock::new(|| Phrases::of(lists::ORGANISATION));
static GROUPS_LIST: LazyLock<Phrases> = LazyLock::new(|| Phrases::of(lists::GROUPS));
static BELOW_LIST: LazyLock<Phrases> = LazyLock::new(|| Phrases::of(lists::BELOW));
static TERRITORIES_LIST: LazyLock<Phrases> = LazyLock::new(|| Phrases::of(lists::TERRITORIES));
static DEPENDENCIES_LIST: LazyLock<Phrases> = LazyLock::new(|| Phrases::of(lists::DEPENDENCIES));
static TO_THE_PROGRAM_LIST: LazyLock<Phrases> = LazyLock::new(|| Phrases::of(lists::TO_THE_PROGRAM));
static FILE_VERBS_LIST: LazyLock<Phrases> = LazyLock::new(|| Phrases::of(lists::FILE_VERBS));
static FILE_AS_LIST: LazyLock<Phrases> = LazyLock::new(|| Phrases::of(lists::FILE_AS));
static JOINT_LIST: LazyLock<Phrases> = LazyLock::new(|| Phrases::of(lists::JOINT));
static HONORARY_LIST: LazyLock<Phrases> = LazyLock::new(|| Phrases::of(lists::HONORARY));
static PERSONAL_LIST: LazyLock<Phrases> = LazyLock::new(|| Phrases::of(lists::PERSONAL));
static THIS_MAIL_LIST: LazyLock<Phrases> = LazyLock::new(|| Phrases::of(lists::THIS_MAIL));
static AUTOMATIC_BODY_LIST: LazyLock<Phrases> = LazyLock::new(|| Phrases::of(lists::AUTOMATIC_BODY));

/// “On behalf of”.
pub(super) static ON_BEHALF_OF: LazyLock<Phrases> = LazyLock::new(|| Phrases::of(lists::ON_BEHALF));

/// Phrases of a caller's own.
pub(super) fn phrases(list: &str) -> Phrases {
    Phrases::of(list)
}

/// Whether a folded word is one of an authority.
pub(super) fn authority_word(word: &str) -> bool {
    AUTHORITY_LIST.has(word)
        || ["minist", "miniszt", "raduneyt", "министр", "departement"].iter().any(|root| word.contains(root))
}

/// Whether a folded line names an authority.
pub(super) fn names_authority(line: &str) -> bool {
    line.split(' ').any(authority_word) || AUTHORITY_UNSPACED_LIST.any(line)
}

/// Whether a folded line names a ministry, a mission or the Government.
pub(super) fn names_ministry(line: &str) -> bool {
    // An administration has the root in it and may be a town's.
    line.split(' ').filter(|word| !word.starts_with("admin") && !word.starts_with("админ")).any(|word| {
        MINISTRY_LIST.has(word)
            || ["minist", "miniszt", "министр", "departement"].iter().any(|root| word.contains(root))
    }) || ["外交部", "大使馆"].iter().any(|w| line.contains(w))
        || line.split(' ').any(|word| GOVERNMENT_LIST.has(word))
            && line.split(' ').all(|word| GOVERNMENT_LIST.has(word) || OF_THE_STATE_LIST.has(word))
}

/// Whether a folded word is one for what is sent.
pub(super) fn input_word(word: &str) -> bool {
    INPUT_LIST.has(word)
}

/// Whether a folded text speaks of an input.
pub(super) fn names_input(text: &str) -> bool {
    text.split(' ').any(input_word) || INPUT_UNSPACED_LIST.any(text)
}

/// Whether a folded text of a script without spaces begins with the words of an input.
pub(super) fn begins_as_input(text: &str) -> bool {
    let rest = ["的", "联合", "共同", "自愿", "书面", "国家"]
        .iter()
        .fold(text, |rest, w| rest.strip_prefix(w).unwrap_or(rest));
    INPUT_UNSPACED_LIST.find(rest).is_some_and(|found| found.start == 0)
}

/// Whether a folded word may stand in a title before the state's name.
pub(super) fn between_word(word: &str) -> bool {
    BETWEEN_LIST.has(word) || word.chars().all(|c| c.is_ascii_digit())
}

/// Whether a folded text says of somebody what he is or does, as a sentence and no letterhead does.
pub(super) fn says_of(text: &str) -> bool {
    text.split(' ').any(|word| lists::SAYS_OF.split_whitespace().any(|verb| verb == word))
}

/// Whether a folded word names a form's field for the state.
pub(super) fn field_word(word: &str) -> bool {
    FIELD_LIST.has(word)
}

/// Whether a folded word before a name makes it a place or a topic.
pub(super) fn about_word(word: &str) -> bool {
    ABOUT_LIST.has(word)
}

/// Whether a folded text names someone who is no state.
pub(super) fn private(text: &str) -> bool {
    PRIVATE_LIST.any(text)
}

/// Where a folded text names someone who is no state, and who is not only one of those who were asked: “prepared in
/// consultation with municipalities and civil society”.
pub(super) fn speaker_in(text: &str) -> Option<Range<usize>> {
    let asked = |before: &str| before.split(' ').any(|word| CONSULTED_LIST.has(word));
    PRIVATE_LIST.find(text).filter(|found| !asked(&text[..found.start]))
}

/// Where a folded text speaks about the state, not for it.
pub(super) fn about_the_state_in(text: &str) -> Option<Range<usize>> {
    ABOUT_THE_STATE_LIST.find(text)
}

/// Whether a folded line names a mission elsewhere by another word than those of an authority.
pub(super) fn represents(line: &str) -> bool {
    line.split(' ').any(|word| matches!(word, "delegation" | "representation" | "representative"))
}

/// Whether a folded line names an office that stands in another state.
pub(super) fn abroad(line: &str) -> bool {
    represents(line) || line.split(' ').any(|word| ABROAD_LIST.has(word))
}

/// Whether a folded line names an honorary consul or a former official.
pub(super) fn honorary(line: &str) -> bool {
    HONORARY_LIST.any(line)
}

/// Whether an official speaks for himself in a folded text.
pub(super) fn personal(text: &str) -> bool {
    PERSONAL_LIST.any(text)
}

/// Whether a folded text names an organisation of states.
pub(super) fn organisation(text: &str) -> bool {
    ORGANISATION_LIST.any(text)
}

/// Whether a folded text names a group of states.
pub(super) fn group(text: &str) -> bool {
    GROUPS_LIST.any(text)
}

/// Whether a folded line names a ministry before the organisation that is in its name: “Ministry of Foreign Affairs, European
/// Union and Cooperation”.
pub(super) fn ministry_of_organisation(line: &str) -> bool {
    ORGANISATION_LIST.find(line).is_some_and(|found| names_ministry(&line[..found.start]))
}

/// Whether a folded text names an authority below the state.
pub(super) fn below(text: &str) -> bool {
    // “In the field of migration” has the word for a region in it.
    BELOW_LIST
        .all(text)
        .any(|found| !(text[found.clone()].starts_with("област") && text[..found.start].ends_with("в ")))
}

/// Whether a folded text names a territory that is no member State and has ministries of its own.
pub(super) fn territory(text: &str) -> bool {
    TERRITORIES_LIST.any(text)
}

/// Whether a folded text names a part of a state that speaks for itself: a dependency, an island, an autonomous region.
pub(super) fn dependency(text: &str) -> bool {
    DEPENDENCIES_LIST.any(text)
}

/// Where it does.
pub(super) fn territory_in(text: &str) -> Option<Range<usize>> {
    TERRITORIES_LIST.find(text).or_else(|| BELOW_LIST.find(text))
}

/// Where a folded text names an organisation of states.
pub(super) fn organisation_in(text: &str) -> Option<Range<usize>> {
    ORGANISATION_LIST.find(text)
}

/// Whether a folded word is one for “and”.
pub(super) fn and_word(word: &str) -> bool {
    "and et y e und u и و 和 及 与 og och ja ve та і i oraz si dhe".split(' ').any(|and| and == word)
}

/// Whether a folded text speaks of several states together.
pub(super) fn joint(text: &str) -> bool {
    JOINT_LIST.any(text)
}

/// Whether a subject is a mail program's.
pub(super) fn automatic_subject(subject: &str) -> bool {
    let folded = fold(subject);
    let begins = |prefix: &str| match folded.strip_prefix(prefix) {
        Some(rest) => rest.is_empty() || rest.starts_with(' ') || prefix.chars().any(is_unspaced),
        None => false,
    };
    let label = subject.split_once([':', '：']).map(|(label, _)| fold(label));
    lists::AUTOMATIC_SUBJECT.split('|').map(str::trim).any(begins)
        || label.is_some_and(|label| lists::RECEIPT.split('|').any(|word| word.trim() == label))
}

/// Whether a folded body is a mail program's.
pub(super) fn automatic_body(body: &str) -> bool {
    AUTOMATIC_BODY_LIST.any(body)
}

/// The words by which a folded text addresses the program: a phrase for machines, or a verb that would have the text
/// filed as somebody's.
pub(super) fn to_the_program(text: &str) -> Option<Range<usize>> {
    if let Some(found) = TO_THE_PROGRAM_LIST.find(text) {
        return Some(found);
    }
    let object = FILE_AS_LIST.find(text)?;
    let from = cut(text, object.start.saturating_sub(80));
    let verb = FILE_VERBS_LIST.find(&text[from..object.start])?;
    Some(from + verb.start..object.end)
}

/// Where a folded text asks to have itself filed, up to which it may name as whose.
pub(super) fn asks_to_file(text: &str) -> Option<Range<usize>> {
    let mut from = 0;
    while let Some(object) = text.get(from..).and_then(|rest| THIS_MAIL_LIST.find(rest)) {
        let (start, end) = (from + object.start, from + object.end);
        let before = cut(text, start.saturating_sub(60));
        if let Some(verb) = FILE_VERBS_LIST.find(&text[before..start]) {
            return Some(before + verb.start..cut(text, end + 80));
        }
        from = end;
    }
    None
}

/// The place, or the next at which a character begins.
fn cut(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}
