//! How a mail relates to what its party has sent before.

use docket::core::{
    judging::kin::{Arrived, Found, Kin, Mail, Relation, relation},
    purpose::{self, Evidence, Purpose},
    submission::{AdditionKind, ItemId, Legible},
    text::{
        language::Language::{self, En, Fr},
        shingles::Sketch,
    },
};
use jiff::civil::{Date, date};

use super::submission::hour;

const REFERENCE: &str = "GCM-ECE-2020-0007";

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

/// Item 1 stands, readable, of a thousand words in English; item 2 after it where that is asked for, unreadable.
#[derive(Clone, Copy)]
struct Before {
    queried: bool,
}

const READ: Before = Before { queried: false };
const QUERIED: Before = Before { queried: true };

/// What came: subject and text of the mail, name and text of its document, the language of that.
struct Came<'a> {
    subject: &'a str,
    body: &'a str,
    document: Option<(&'a str, &'a str, Language)>,
    answers: Option<&'a str>,
    purpose: Purpose,
}

impl<'a> Came<'a> {
    fn saying(subject: &'a str, body: &'a str) -> Self {
        Self { subject, body, document: None, answers: None, purpose: purpose(purpose::Kind::OtherNote, &[]) }
    }

    fn with(self, name: &'a str, text: &'a str, language: Language) -> Self {
        Self { document: Some((name, text, language)), purpose: purpose(purpose::Kind::Input, &[]), ..self }
    }

    fn answering(self, reference: &'a str) -> Self {
        Self { answers: Some(reference), ..self }
    }

    fn found(&self, before: Before) -> Found {
        let (old, none) = (Sketch::of(&text(1_000, "w")), Sketch::of(""));
        let (name, written, language) = self.document.unwrap_or(("", "", En));
        let new = Sketch::of(written);
        let kin = |item, sketch, legible| Kin {
            reference: REFERENCE,
            version: None,
            item: ItemId(item),
            legible,
            key: Some("the key"),
            received: hour(item),
            sketch,
            language: Some(En),
            asked_for: legible == Legible::Unread && self.answers == Some(REFERENCE),
        };
        let mut all = vec![kin(1, &old, Legible::Read)];
        all.extend(before.queried.then(|| Kin { key: None, ..kin(2, &none, Legible::Unread) }));
        let documents = [(name, written)];
        let documents = if self.document.is_some() { &documents[..] } else { &[] };
        let answers = self.answers.is_some();
        let mail = Mail { subject: self.subject, body: self.body, documents, answers, on: date(2020, 10, 1) };
        let arrived = Arrived {
            mail,
            purpose: &self.purpose,
            brings: self.document.is_some(),
            legible: if written.is_empty() { Legible::Unread } else { Legible::Read },
            key: Some("another"),
            sketch: &new,
            language: Some(language),
            answers: self.answers,
        };
        relation(arrived, &all)
    }

    fn relation(&self, before: Before) -> Relation {
        self.found(before).relation
    }
}

const ANNEX: Relation = Relation::Addition { kind: AdditionKind::Annex };
const TRANSLATION: Relation = Relation::Addition { kind: AdditionKind::Translation };
const COVER_LETTER: Relation = Relation::Addition { kind: AdditionKind::CoverLetter };

#[test]
fn a_text_relates_by_what_is_said_of_it_and_by_its_words() {
    let (revised, other, short) = (text(1_050, "w"), text(900, "x"), text(150, "x"));
    let piece = text(150, "w");
    let longer = format!("{} {}", text(1_000, "w"), text(300, "y"));
    let note =
        "The Permanent Mission presents its compliments to the Secretariat and has the honour to transmit the input.";
    // What the mail says, the name of the document, its text, its language; how it relates.
    let table: [(&str, &str, &str, Language, Relation); 33] = [
        ("", "input.docx", &revised, En, Relation::NewVersion),
        ("", "input.docx", &longer, En, Relation::NewVersion),
        ("", "input.docx", &other, En, Relation::Unclear),
        ("", "input.docx", &piece, En, Relation::Unclear),
        ("", "input.docx", "", En, Relation::NewVersion),
        ("Please find our revised input.", "input.docx", &revised, En, Relation::NewVersion),
        ("This text replaces the former one.", "input.docx", &other, En, Relation::NewVersion),
        ("This text replaces the former one.", "input.docx", &other, Fr, Relation::Unclear),
        ("The revised input, with its annexes.", "input.docx", &revised, En, Relation::NewVersion),
        ("Please find our revised input.", "input.docx", "", En, Relation::NewVersion),
        ("Please find the revised section 4.", "part.docx", &piece, En, Relation::Unclear),
        ("Corrigendum: the second line should read 7.", "corrigendum.docx", &short, En, Relation::Unclear),
        ("Once more the same document, unchanged.", "input.docx", &revised, En, Relation::Unclear),
        ("This is not a revised version.", "input.docx", &revised, En, Relation::Unclear),
        ("An annex to our input; it does not replace it.", "tables.docx", &short, En, ANNEX),
        ("The annex to our input in its revised version.", "annex.docx", &short, En, ANNEX),
        ("Annex to our input.", "annex.docx", &longer, En, Relation::Unclear),
        ("Annex to our input.", "annex.docx", "", En, ANNEX),
        ("", "Annex 1.docx", &short, En, ANNEX),
        ("", "Input with annexes.docx", &other, En, Relation::Unclear),
        ("A courtesy translation of our input.", "input_fr.docx", &other, Fr, TRANSLATION),
        ("A courtesy translation of our input.", "input.docx", &other, En, Relation::Unclear),
        ("Veuillez trouver la version française.", "contribution.docx", &other, Fr, TRANSLATION),
        ("Se adjunta la traducción no oficial.", "contribución.docx", &other, Fr, TRANSLATION),
        ("Направляем неофициальный перевод.", "доклад.docx", &other, Fr, TRANSLATION),
        ("نرفق ترجمة غير رسمية.", "input.docx", &other, Fr, TRANSLATION),
        ("兹附上非正式译文。", "意见.docx", &other, Fr, TRANSLATION),
        ("The signed note verbale.", "note.pdf", note, En, COVER_LETTER),
        ("", "scan.pdf", note, En, COVER_LETTER),
        ("The final version went yesterday; here is the signed note verbale.", "nv.pdf", note, En, COVER_LETTER),
        ("Ceci ne remplace pas notre contribution : l'annexe 3.", "annexe.docx", &short, Fr, ANNEX),
        ("Справка не заменяет доклад и дополнительна к нему.", "справка.docx", &short, Fr, ANNEX),
        ("作为我国意见的附件，不替代原意见。", "附件一.docx", &short, Fr, ANNEX),
    ];
    for (says, name, text, language, expected) in table {
        let came = Came::saying("Norway", says).with(name, text, language);
        assert_eq!(came.relation(READ), expected, "{says} {name}");
    }
}

#[test]
fn what_speaks_for_each_side_is_told() {
    let short = text(150, "x");
    let says = "Attached is a corrigendum. It does not replace our input.";
    let found = Came::saying("", says).with("list.docx", &short, En).found(READ);
    let told: Vec<_> = found.reasons.iter().map(|reason| (reason.speaks_for, reason.text.as_str())).collect();
    assert_eq!(found.relation, Relation::Unclear);
    assert_eq!(
        told,
        [
            (purpose::Kind::Correction, "Attached is a corrigendum."),
            (purpose::Kind::Addition, "It does not replace our input.")
        ]
    );
}

#[test]
fn a_readable_copy_is_proposed_and_a_change_in_it_is_asked() {
    let other = text(900, "x");
    let copy = Relation::Rendition { of: ItemId(2) };
    let came = |says| Came::saying("Re: Your document", says).with("input.pdf", &other, En);
    assert_eq!(came("").answering(REFERENCE).relation(QUERIED), copy, "of what came last, whatever was read before");
    assert_eq!(came("").relation(QUERIED), Relation::Unclear, "nothing says that it is a copy");
    let table = [
        ("The same document in a readable format.", copy.clone()),
        ("Le même document, dans un format lisible.", copy),
        ("The same document as PDF; we also updated the figures.", Relation::Unclear),
        ("This text replaces the former one.", Relation::NewVersion),
        ("", Relation::Unclear),
    ];
    for (says, expected) in table {
        let (none, new) = (Sketch::of(""), Sketch::of(&other));
        let document = [("input.pdf", other.as_str())];
        let mail = Mail { subject: "", body: says, documents: &document, answers: true, on: date(2020, 10, 1) };
        let input = purpose(purpose::Kind::Input, &[]);
        let arrived = |answers| Arrived {
            mail,
            purpose: &input,
            brings: true,
            legible: Legible::Read,
            key: Some("another"),
            sketch: &new,
            language: Some(En),
            answers,
        };
        let unread = |asked_for| Kin {
            reference: REFERENCE,
            version: Some(1),
            item: ItemId(2),
            legible: Legible::Unread,
            key: None,
            received: hour(2),
            sketch: &none,
            language: None,
            asked_for,
        };
        assert_eq!(relation(arrived(None), &[unread(false)]).relation, expected, "{says}");
        if says.is_empty() {
            let asked = relation(arrived(Some(REFERENCE)), &[unread(true)]).relation;
            assert_eq!(asked, Relation::Rendition { of: ItemId(2) }, "our letter asked for it");
        }
    }
}

#[test]
fn a_mail_without_a_text_is_what_it_says() {
    let announced = |day: Option<Date>| Relation::Announced { day };
    let table: [(&str, &str, Relation); 20] = [
        ("Recall: Input", "Ola Nordmann would like to recall the message, \"Input\".", Relation::Recall),
        ("Rappel : notre envoi", "Avez-vous reçu notre envoi ?", Relation::Correspondence),
        ("Input", "Please disregard our text of 4 September.", Relation::Withdrawal),
        ("", "La prie de considérer comme nul et non avenu le document du 4.", Relation::Withdrawal),
        ("", "Просим считать направленный текст недействительным и отозвать его.", Relation::Withdrawal),
        ("", "请将其视为未提交。", Relation::Withdrawal),
        ("", "Please do not disregard our text.", Relation::Correspondence),
        ("", "We have decided not to submit a contribution.", Relation::Declined),
        ("", "Nous avons décidé de ne pas présenter de contribution.", Relation::Declined),
        (
            "",
            "The full text will be sent by Friday, 30 October 2020, at the latest.",
            announced(Some(date(2020, 10, 30))),
        ),
        (
            "",
            "We cannot send the text by 16 October, but will send the text by 5 November.",
            announced(Some(date(2020, 11, 5))),
        ),
        ("", "سيقدم النص الكامل في موعد أقصاه ٥ كانون الأول/ديسمبر 2020.", announced(Some(date(2020, 12, 5)))),
        ("", "完整文本将于2020年11月25日前提交。", announced(Some(date(2020, 11, 25)))),
        ("", "The full text will follow.", announced(None)),
        ("", "May we still send a revised version?", Relation::Correspondence),
        ("Re: GCM-ECE-2020-0007", "Thank you very much.\n\nKind regards,\nOla Nordmann", Relation::Thanks),
        ("Re: receipt", "Merci beaucoup.\n\n> Toute version révisée sera envoyée avant le 15.", Relation::Thanks),
        (
            "Re: receipt",
            "Thank you. Please note that Kari Hansen is the contact from now on.",
            Relation::Correspondence,
        ),
        ("Re: receipt", "Thank you, but the name of our Ministry is wrong.", Relation::Correspondence),
        ("", "In paragraph 2, “last year” should read “1 July 2020”.", Relation::Unclear),
    ];
    for (subject, body, expected) in table {
        assert_eq!(Came::saying(subject, body).relation(READ), expected, "{subject} {body}");
    }
}

#[test]
fn what_stands_alone_or_is_the_same_text_needs_no_words() {
    use purpose::Kind::{Addition, Input};
    let sketch = Sketch::of(&text(100, "w"));
    let (input, adds) = (purpose(Input, &[]), purpose(Addition, &[(Addition, "annex to our input")]));
    let arrived = |purpose, body| Arrived {
        mail: Mail {
            subject: "English version",
            body,
            documents: &[("input.docx", "w0")],
            answers: false,
            on: date(2020, 10, 1),
        },
        purpose,
        brings: true,
        legible: Legible::Read,
        key: Some("key"),
        sketch: &sketch,
        language: Some(En),
        answers: None,
    };
    let related = |arrived, kin: &[Kin<'_>]| relation(arrived, kin).relation;
    assert_eq!(related(arrived(&input, ""), &[]), Relation::Alone { adds: None }, "it was not taken for one");
    let annex = Some(AdditionKind::Annex);
    let alone =
        Arrived { mail: Mail { subject: "", ..arrived(&adds, "An annex to our input").mail }, ..arrived(&adds, "") };
    assert_eq!(related(alone, &[]), Relation::Alone { adds: annex });
    let same = Kin {
        reference: REFERENCE,
        version: Some(1),
        item: ItemId(4),
        legible: Legible::Read,
        key: Some("key"),
        received: hour(1),
        sketch: &sketch,
        language: Some(En),
        asked_for: false,
    };
    assert_eq!(related(arrived(&input, ""), &[same]), Relation::Same { of: ItemId(4), exactly: true });
    let other = Kin { key: Some("read by another program"), ..same };
    assert_eq!(related(arrived(&input, ""), &[other]), Relation::Same { of: ItemId(4), exactly: false });
    let corrected = Sketch::of(&text(1_000, "w").replace("w500 ", "x500 "));
    let changed = Arrived { sketch: &corrected, ..arrived(&input, "This revised text replaces the former one.") };
    let whole = Kin { sketch: &Sketch::of(&text(1_000, "w")), ..other };
    assert_eq!(related(changed, &[whole]), Relation::NewVersion, "a figure in a long text is a correction");
    let around = Arrived { sketch: whole.sketch, ..changed };
    assert_eq!(related(around, &[whole]), Relation::Unclear, "nothing in it is new");
    let corrects = arrived(&input, "This revised text replaces the former one.");
    assert_eq!(related(corrects, &[same]), Relation::Unclear, "nothing in it is another");
}
