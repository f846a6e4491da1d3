//! How an item relates to what its party has sent before.

use docket::core::{
    judging::kin::{Arrived, Kin, Relation, relation},
    purpose::{self, Evidence, Purpose},
    submission::{AdditionKind, ItemId, Legible},
    text::shingles::Sketch,
};

use super::submission::hour;

fn text(words: usize, language: &str) -> String {
    (0..words).map(|n| format!("{language}{n}")).collect::<Vec<_>>().join(" ")
}

/// What a mail is for, with the words that say so.
fn purpose(kind: purpose::Kind, says: &[(purpose::Kind, &str)]) -> Purpose {
    let evidence = |&(speaks_for, text): &(purpose::Kind, &str)| Evidence {
        speaks_for,
        place: purpose::Place::Opening,
        weight: 3,
        text: text.to_owned(),
        observed: false,
    };
    Purpose {
        kind,
        proposed: true,
        evidence: says.iter().map(evidence).collect(),
        in_body: false,
        day: None,
        announces_document: None,
    }
}

/// Item 1 stands, readable, of a thousand words; item 2 after it where that is asked for, unreadable.
struct Before {
    queried: bool,
}

/// What came, with its text, what it is for, its titles and what it answers.
fn related(before: &Before, text_now: &str, purpose: &Purpose, titles: &[&str], answers: Option<&str>) -> Relation {
    let (old, none, new) = (Sketch::of(&text(1_000, "w")), Sketch::of(""), Sketch::of(text_now));
    let kin = |item, sketch, legible| Kin {
        reference: "GCM-ECE-2020-0007",
        version: None,
        item: ItemId(item),
        legible,
        key: Some("the key"),
        received: hour(item),
        sketch,
        asked_for: legible == Legible::Unread,
    };
    let mut all = vec![kin(1, &old, Legible::Read)];
    all.extend(before.queried.then(|| Kin { key: None, ..kin(2, &none, Legible::Unread) }));
    let legible = if text_now.is_empty() { Legible::Unread } else { Legible::Read };
    relation(Arrived { purpose, titles, legible, key: Some("another"), sketch: &new, answers }, &all)
}

#[test]
fn an_item_relates_by_its_words_and_its_text() {
    use purpose::Kind::{Addition, Correction, Input};
    let plain = purpose(Input, &[]);
    let corrects = purpose(Correction, &[(Correction, "This replaces our former input")]);
    let adds = |text| purpose(Addition, &[(Addition, text)]);
    let both = purpose(Addition, &[(Addition, "Annex to our input"), (Correction, "in its revised version")]);
    let before = &Before { queried: false };
    let (revised, other, short) = (text(1_050, "w"), text(900, "x"), text(150, "x"));
    let piece = text(150, "w");
    let longer = format!("{} {}", text(1_000, "w"), text(300, "y"));
    let annex = Relation::Addition { kind: AdditionKind::Annex };
    let translation = Relation::Addition { kind: AdditionKind::Translation };
    let cover_letter = Relation::Addition { kind: AdditionKind::CoverLetter };
    // The text, what the mail says, the title; a relation, or none where a person decides.
    let table: Vec<(&str, &str, Purpose, &str, Option<Relation>)> = vec![
        ("revised without a word", &revised, plain.clone(), "Input", Some(Relation::NewVersion)),
        ("longer without a word", &longer, plain.clone(), "Input", Some(Relation::NewVersion)),
        ("another text without a word", &other, plain.clone(), "Input", None),
        ("a piece of what stands", &piece, plain.clone(), "Input", None),
        ("a correction", &revised, corrects.clone(), "Input", Some(Relation::NewVersion)),
        ("a correction written anew", &other, corrects.clone(), "Input", Some(Relation::NewVersion)),
        ("a list of corrections", &short, corrects.clone(), "Corrigendum", None),
        ("an unreadable correction", "", corrects.clone(), "Input", Some(Relation::NewVersion)),
        ("unreadable without a word", "", plain.clone(), "Input", Some(Relation::NewVersion)),
        ("an unreadable annex", "", adds("Annex to our input"), "", Some(annex.clone())),
        ("unreadable with the title of an annex", "", plain.clone(), "Annex.pdf", None),
        ("an annex", &short, adds("Annex to our input"), "", Some(annex.clone())),
        ("a supplement without a kind", &short, adds("in addition to our input"), "", Some(annex.clone())),
        ("a translation", &other, adds("a courtesy translation of our input"), "", Some(translation.clone())),
        ("a translation of an annex", &short, adds("translation of the annex"), "", Some(translation.clone())),
        ("in French", &other, adds("traduction de courtoisie"), "", Some(translation.clone())),
        ("in Spanish", &other, adds("traducción no oficial"), "", Some(translation.clone())),
        ("in Russian", &other, adds("неофициальный перевод"), "", Some(translation.clone())),
        ("in Arabic", &other, adds("نرفق ترجمة غير رسمية"), "", Some(translation.clone())),
        ("in Chinese", &other, adds("兹附上非正式译文"), "", Some(translation.clone())),
        ("an annex that is a piece of it", &piece, adds("Annex to our input"), "", Some(annex.clone())),
        ("an annex that is the whole text", &longer, adds("Annex to our input"), "", None),
        ("an annex that corrects", &short, both.clone(), "", None),
        ("a cover letter by its title", &short, plain.clone(), "Cover letter.docx", Some(cover_letter.clone())),
        ("in French", &short, plain.clone(), "Lettre d’accompagnement.pdf", Some(cover_letter.clone())),
        ("a translation by its title", &other, plain.clone(), "Input, English version", Some(translation)),
        ("as long as an input, with annexes", &other, plain.clone(), "Input with annexes", None),
        ("revised, with annexes", &revised, plain.clone(), "Input with annexes", Some(Relation::NewVersion)),
    ];
    for (case, text, purpose, title, expected) in table {
        let related = related(before, text, &purpose, &[title], None);
        let clear = Some(related.clone()).filter(|related| !matches!(related, Relation::Unclear { .. }));
        assert_eq!(clear, expected, "{case}");
    }
    let Relation::Unclear { reasons } = related(before, &short, &both, &[], None) else { panic!("it is asked") };
    let told: Vec<&str> = reasons.iter().map(|reason| reason.text.as_str()).collect();
    assert_eq!(told, ["in its revised version", "Annex to our input"], "what speaks for each side");
}

#[test]
fn a_readable_copy_that_answers_our_letter_is_proposed() {
    use purpose::Kind::{Correction, Input};
    let before = &Before { queried: true };
    let (plain, other) = (purpose(Input, &[]), text(900, "x"));
    let own = Some("GCM-ECE-2020-0007");
    let copy = Relation::Rendition { of: ItemId(2) };
    assert_eq!(related(before, &other, &plain, &[], own), copy);
    let unclear = |relation| matches!(relation, Relation::Unclear { .. });
    assert!(unclear(related(before, &other, &plain, &[], None)), "it answers nothing");
    assert!(unclear(related(before, &other, &plain, &[], Some("GCM-ECE-2020-0008"))), "it answers another letter");
    assert_eq!(related(before, "", &plain, &[], own), Relation::NewVersion, "it cannot be read either");
    let corrects = purpose(Correction, &[]);
    assert_eq!(related(before, &other, &corrects, &[], own), Relation::NewVersion, "a correction has its own date");
    assert!(unclear(related(&Before { queried: false }, &other, &plain, &[], own)), "nothing was asked for");
}

#[test]
fn what_stands_alone_or_is_the_same_text_needs_no_words() {
    use purpose::Kind::{Addition, Input};
    let sketch = Sketch::of(&text(100, "w"));
    let (input, adds) = (purpose(Input, &[]), purpose(Addition, &[(Addition, "Cover letter to our input")]));
    let arrived = |purpose| Arrived {
        purpose,
        titles: &["English version"],
        legible: Legible::Read,
        key: Some("key"),
        sketch: &sketch,
        answers: None,
    };
    assert_eq!(relation(arrived(&input), &[]), Relation::Alone { adds: None }, "a title alone makes no addition");
    assert_eq!(relation(arrived(&adds), &[]), Relation::Alone { adds: Some(AdditionKind::CoverLetter) });
    let same = Kin {
        reference: "GCM-ECE-2020-0007",
        version: Some(1),
        item: ItemId(4),
        legible: Legible::Read,
        key: Some("key"),
        received: hour(1),
        sketch: &sketch,
        asked_for: false,
    };
    assert_eq!(relation(arrived(&adds), &[same]), Relation::Same { of: ItemId(4) });
    let without = Kin { key: None, ..same };
    let arrived = Arrived { key: None, ..arrived(&input) };
    assert_eq!(relation(arrived, &[without]), Relation::NewVersion, "no key is no equal key");
}
