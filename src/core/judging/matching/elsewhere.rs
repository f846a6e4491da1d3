//! What says that something is another's without a name that the tables hold: a name in the sender's own language, a city, a
//! territory, another side or colleagues.
//!
//! Promises evidence that only speaks against, as every objection does, and none where the line names the sender's own state.

use std::{ops::Range, sync::LazyLock};

use super::{
    cities::capital_of,
    exonyms,
    names::Mention,
    objections::{Against, Objection},
    register::Register,
    vocabulary::{self as words, Words},
};
use crate::core::{iso3::Iso3, text::fold::Folded};

/// What a line says against its sender where it names another state in one of its own languages.
pub(super) fn of_exonym(register: &Register, sender: Iso3, line: &Folded<'_>) -> Option<Objection> {
    // What the tables name is for the other rules, and a line that names the sender's own state is its own.
    let mentions = register.names.mentions(line);
    let known = mentions.iter().any(|m| m.name.states.contains(&sender));
    let (states, at) = exonyms::another(sender, line).filter(|_| !known)?;
    if mentions.iter().any(|m| m.range.start < at.end && at.start < m.range.end) {
        return None;
    }
    Some(Objection::new(Against::Names, states, line.quote(0..line.text().len())))
}

/// The same of a line at the head of a document: a letterhead or a title, not whatever else it speaks of.
pub(super) fn of_head_in_tongue(register: &Register, sender: Iso3, line: &Folded<'_>) -> Option<Objection> {
    if exonyms::own(sender, line).is_none() && words::joint(line.text()) && exonyms::several(sender, line) {
        return Some(Objection::new(Against::Names, Vec::new(), line.quote(0..line.text().len())));
    }
    of_exonym(register, sender, line).filter(|_| words::names_authority(line.text()) || words::names_input(line.text()))
}

/// Whether a line is a title or a letterhead that names the sender's own state in its own language, and no other.
pub(super) fn own_title(sender: Iso3, line: &Folded<'_>) -> bool {
    exonyms::own(sender, line).is_some() && (words::names_authority(line.text()) || words::names_input(line.text()))
}

/// What a line of a letterhead says against its sender where it names a territory that is no member State.
pub(super) fn of_territory(line: &Folded<'_>, mentions: &[Mention<'_>]) -> Option<Objection> {
    let named = mentions.iter().flat_map(|m| m.name.states.clone()).collect();
    words::territory(line.text()).then(|| Objection::new(Against::Unknown, named, line.quote(0..line.text().len())))
}

/// What a line says that calls itself joint, where an organisation or a territory stands behind the “and”: “joint input by
/// Italy and the International Organization for Migration”.
pub(super) fn of_mixed_company(register: &Register, line: &Folded<'_>) -> Option<Objection> {
    let text = line.text();
    let joint = words::joint(text) && words::names_input(text);
    let mixed = register.names.mentions(line).iter().any(|mention| {
        let mut behind = text[mention.range.end..].split(' ').filter(|word| !word.is_empty());
        let and = behind.next().is_some_and(words::and_word);
        let company = behind.take(COMPANY).collect::<Vec<_>>().join(" ");
        let begins = |found: Option<Range<usize>>| {
            found.is_some_and(|found| company[..found.start].split_whitespace().count() < 3)
        };
        and && (begins(words::organisation_in(&company)) || begins(words::territory_in(&company)))
    });
    (joint && mixed).then(|| Objection::new(Against::Together, Vec::new(), line.quote(0..text.len())))
}

/// How many words behind an “and” may name who else it is.
const COMPANY: usize = 7;

/// What a line of a letterhead says against its sender by the city of its authority.
pub(super) fn of_city(line: &Folded<'_>) -> Option<Objection> {
    let (state, city) = capital_of(line.text())?;
    // “Vienna Declaration” and a person's name are no place; what stands alone or behind a comma is.
    let (before, after) = (line.text()[..city.start].trim_end(), &line.text()[city.end..]);
    let no_word = |text: &str| text.split(' ').all(|w| w.chars().count() < 3 || w.chars().all(|c| c.is_ascii_digit()));
    let behind_comma = line.between(before.len(), city.start).trim_start().starts_with(',');
    let alone = no_word(after) && (no_word(before) || behind_comma);
    alone.then(|| Objection::new(Against::Names, vec![state], line.quote(0..line.text().len())))
}

/// What a sentence says against its sender where it speaks of another side or of colleagues elsewhere, whose name the
/// tables need not know: “tekst strony czeskiej”, “le texte de nos collègues luxembourgeois”.
pub(super) fn of_actor(register: &Register, sender: Iso3, sentence: &Folded<'_>) -> Option<Objection> {
    let text = sentence.text();
    let words: Vec<&str> = text.split(' ').collect();
    let at = words.iter().enumerate().position(|(at, word)| {
        let before = &words[at.saturating_sub(3)..at];
        let beside = words[at.saturating_sub(1)..].iter().take(3);
        let ours = || beside.clone().any(|w| OURS.has(w));
        let greeted = || before.is_empty() || before.iter().any(|w| GREETS.has(w));
        SIDES.has(word) && !ours() || COLLEAGUES.has(word) && !greeted()
    })?;
    let own = register.names.mentions(sentence).iter().any(|m| m.name.states.contains(&sender))
        || exonyms::own(sender, sentence).is_some()
        || words[at..].iter().any(|word| words::authority_word(word));
    (!own).then(|| Objection::new(Against::ForSomebody, Vec::new(), sentence.quote(0..text.len())))
}

/// Another party to a matter, in the cases in which something is its.
static SIDES: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "\
        strony strane strany strani partii partea сторони стороны стороне страната страна стране страни боку бока тарапынын тараптын \
        pales πλευρας πλευρασ tarafinin tarafin terefinin terefin tarafining kolmi կողմի կողմից მხარის fel felnek puolen poole puse puses \
        sonu salies jantwa tarapynyn тарафи тарафининг чониби",
    )
});
/// Colleagues, who may be another state's.
static COLLEAGUES: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "\
        collegues homologues kollegen kollegin kollegu kolegow kolegov kolegum kolega kolegi kolegilor colegilor colegi colegii \
        colleghi colegas colega collega collegae kollegor kolleger kollegers kollegernes kollegoilta kollegoiden kolleegide kollegu kolegu \
        kolegy kolegite колегите колегата колегам колег колегов коллег коллегами συναδελφων meslektaslarimizin hemkarlarimizin \
        գործընկերների კოლეგების kollegaink counterparts counterpart",
    )
});
/// Words by which a side is the sender's own.
static OURS: LazyLock<Words> = LazyLock::new(|| {
    Words::of("nasz* nasi* nase* nasa* nasej наш* своеи своеі bizim musu meie nostra noastre noastra μας մեր ჩვენი")
});
/// Words of a greeting before those who are greeted.
static GREETS: LazyLock<Words> = LazyLock::new(|| {
    Words::of(
        "\
        dear esteemed cher* chere* liebe* sehr geehrte* werte* estimad* querid* apreciad* cari gentili egregi carissimi caros prezad* \
        estimats benvolguts stimati dragi szanowni drodzy vazeni mili postovan* dragi cijenjen* spostovani уважаем* дорог* шановн* вельмішаноўн* \
        паважан* уважени поштован* драги почитувани скъпи tisztelt kedves geachte beste kara kare kaere kjaere hyvat arvoisat lugupeetud \
        godatie cienijamie gerbiami sayin degerli hormetli hurmetli hurmatli αγαπητοι αξιοτιμοι հարգելի პატივცემულო ძვირფასო nderuar",
    )
});
