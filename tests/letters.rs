//! What senders are told, letter by letter, and what no sender can make a letter say.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use docket::{
    config::Shipped,
    core::{
        calls::standing::Standing,
        file::{Format, Outcome, Role},
        iso3::Iso3,
        submission::{Becomes, Named},
        text::language::Language,
    },
    letters::{
        Letters, Rendered,
        facts::{CallFacts, EntryFacts, Facts, FileFacts, LetterKind, Query, Receipt, Reminder, Unread},
        format, sample,
    },
};
use insta::assert_snapshot;
use jiff::{
    Timestamp,
    civil::{date, time},
};
use proptest::prelude::*;

mod acts;
mod words;

fn shipped(path: &str) -> Option<String> {
    Shipped::embedded().text(path).expect("the shipped files are text")
}

/// The shipped templates with some of them replaced (`Some`) or taken away (`None`).
fn changed(changes: &[(&str, Option<&str>)]) -> Result<Letters, String> {
    let changes: BTreeMap<_, _> = changes.iter().copied().collect();
    let read = |path: &str| match changes.get(path) {
        Some(change) => change.map(str::to_owned),
        None => shipped(path),
    };
    Letters::load(&read).map_err(|problems| problems.to_string())
}

fn letters() -> &'static Letters {
    static LETTERS: LazyLock<Letters> =
        LazyLock::new(|| Letters::load(&shipped).expect("the shipped templates are good"));
    &LETTERS
}

fn name(state: Iso3, language: Language) -> String {
    let name = match (state.as_str(), language) {
        ("CHE", Language::Fr) => "Suisse",
        ("CHE", _) => "Switzerland",
        ("AUT", Language::Fr) => "Autriche",
        ("AUT", _) => "Austria",
        (other, _) => other,
    };
    name.to_owned()
}

fn render(facts: &Facts, language: Language) -> Rendered {
    letters().render(facts, language, &name).expect("the facts are complete")
}

/// The letter as text; no-break spaces shown as `~` and narrow ones as `^`, so that the snapshot can be read.
fn shown(facts: &Facts, language: Language) -> String {
    let letter = render(facts, language);
    format!("{}\n\n{}", letter.subject, letter.body).replace('\u{a0}', "~").replace('\u{202f}', "^")
}

fn usual(kind: LetterKind) -> Facts {
    sample::facts(kind).into_iter().next().expect("every kind has samples")
}

/// Late, too long, a second version, and each file with a trouble of its own.
fn troubled() -> Receipt {
    let outcomes = [Outcome::Encrypted, Outcome::NoText, Outcome::Damaged, Outcome::Unsupported, Outcome::TimedOut];
    let files = outcomes.into_iter().enumerate().map(|(index, outcome)| FileFacts {
        outcome,
        ..sample::file(
            &format!("{index}.pdf"),
            Format::Pdf,
            Role::Main,
            10_u64.pow(u32::try_from(index).unwrap_or(0) * 2),
        )
    });
    let mut receipt = sample::receipt();
    receipt.entries[0] = EntryFacts {
        version: Some(2),
        becomes: Some(Becomes::Replaces { former: Named { n: Some(1), received: Timestamp::UNIX_EPOCH } }),
        standing: Standing::Late,
        words: Some(5_312),
        files: files.collect(),
        ..receipt.entries[0].clone()
    };
    receipt
}

/// A forward with two inputs, one of them joint and received before.
fn forwarded() -> Receipt {
    let mut receipt = sample::receipt();
    receipt.entries[0].files.truncate(1);
    let joint = EntryFacts {
        reference: Some("GCM-ECE-2020-0008".to_owned()),
        states: ["AUT", "CHE"].map(|code| code.parse().expect("a code")).into(),
        duplicate: true,
        ..receipt.entries[0].clone()
    };
    receipt.entries.push(joint);
    receipt
}

#[test]
fn an_acknowledgement() {
    assert_snapshot!(shown(&usual(LetterKind::Acknowledgement), Language::En), @r"
    Received: GCM-ECE-2020-0007 – Contribution of Switzerland

    This is an automatic receipt. It confirms what the secretariat has received
    from you; it is not a reply to the contents.

    Call: Regional Review of the Global Compact for Migration
    Received: 30 September 2020, 23:56 (Geneva time, UTC+2)
    Your subject: Contribution of Switzerland
    Intake number: M-000123

    Reference: GCM-ECE-2020-0007
    Registered as the input of: Switzerland
    Received on time: the deadline is the end of 30 September 2020 (Geneva
    time).
    Length: 4,711 words were counted; the call asks for at most 5,000.

    Files, each with its size and SHA-256 checksum:

    1. Contribution of Switzerland.docx
       Word document, 35~kB
       e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855

    2. Note verbale 123.pdf
       PDF, 1.2~MB
       e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
       This file is a scan without text. It has been recorded as it is; nothing
       needs to be done.

    Please check these details. Corrections, missing files and new versions can
    be sent by replying to this message; a new version takes the place of the
    one before.

    Questions can be put to gcm-contact@example.org.

    UNECE and IOM secretariat of the regional review
    ");
}

#[test]
fn an_acknowledgement_in_french() {
    assert_snapshot!(shown(&usual(LetterKind::Acknowledgement), Language::Fr), @r"
    Bien reçu~: GCM-ECE-2020-0007 – Contribution of Switzerland

    Ceci est un accusé de réception automatique. Il confirme ce que le
    secrétariat a reçu de votre part et ne constitue pas une réponse sur le
    fond.

    Appel à contributions~: Examen régional du Pacte mondial sur les migrations
    Reçu le~: 30~septembre 2020 à 23~h~56 (heure de Genève, UTC+2)
    Votre objet~: Contribution of Switzerland
    Numéro d’arrivée~: M-000123

    Référence~: GCM-ECE-2020-0007
    Enregistrée comme contribution de~: Suisse
    Contribution reçue dans le délai, qui court jusqu’à la fin de la journée du
    30~septembre 2020 (heure de Genève).
    Longueur~: 4^711~mots ont été comptés^; l’appel en demande 5^000 au plus.

    Fichiers, avec leur taille et leur empreinte SHA-256~:

    1. Contribution of Switzerland.docx
       document Word, 35~ko
       e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855

    2. Note verbale 123.pdf
       PDF, 1,2~Mo
       e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
       Ce fichier est un document numérisé sans texte. Il a été enregistré tel
       quel^; aucune démarche n’est nécessaire.

    Nous vous prions de bien vouloir vérifier ces indications. Les corrections,
    les fichiers manquants et les nouvelles versions peuvent être envoyés en
    réponse à ce message^; une nouvelle version remplace la précédente.

    Pour toute question, vous pouvez écrire à gcm-contact@example.org.

    Secrétariat CEE-ONU et OIM de l’examen régional
    ");
}

#[test]
fn an_acknowledgement_of_a_troubled_input() {
    assert_snapshot!(shown(&Facts::Acknowledgement(troubled()), Language::En), @r"
    Received: GCM-ECE-2020-0007 – Contribution of Switzerland

    This is an automatic receipt. It confirms what the secretariat has received
    from you; it is not a reply to the contents.

    Call: Regional Review of the Global Compact for Migration
    Received: 30 September 2020, 23:56 (Geneva time, UTC+2)
    Your subject: Contribution of Switzerland
    Intake number: M-000123

    Reference: GCM-ECE-2020-0007
    Registered as the input of: Switzerland
    Recorded as version 2, which replaces version 1.
    Received after the deadline of 30 September 2020 (Geneva time). It has been
    recorded: late inputs are not refused.
    Length: the call asks for at most 5,000 words, and 5,312 were counted (a
    word processor may count slightly otherwise). The input has been recorded as
    it is. If you wish to send a shorter version, please reply to this message.

    Files, each with its size and SHA-256 checksum:

    1. 0.pdf
       PDF, 1~byte
       e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
       This file needs a password and could not be opened. Please send it again
       without a password.

    2. 1.pdf
       PDF, 100~bytes
       e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
       This file holds no text that can be read automatically; it may be a scan.
       If it is the input itself, please send it also as a Word document or as a
       PDF with text. If it is a covering letter, nothing needs to be done.

    3. 2.pdf
       PDF, 10~kB
       e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
       This file could not be opened; it may have been damaged on its way.
       Please send it again.

    4. 3.pdf
       PDF, 1~MB
       e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
       Files of this kind cannot be read automatically. If this one is part of
       the input, please send it also as a Word document or a PDF.

    5. 4.pdf
       PDF, 100~MB
       e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
       This file was recorded but not read automatically. A member of the
       secretariat will open it; nothing needs to be done.

    Please check these details. Corrections, missing files and new versions can
    be sent by replying to this message; a new version takes the place of the
    one before.

    Questions can be put to gcm-contact@example.org.

    UNECE and IOM secretariat of the regional review
    ");
}

#[test]
fn an_acknowledgement_of_a_troubled_input_in_french() {
    assert_snapshot!(shown(&Facts::Acknowledgement(troubled()), Language::Fr), @r"
    Bien reçu~: GCM-ECE-2020-0007 – Contribution of Switzerland

    Ceci est un accusé de réception automatique. Il confirme ce que le
    secrétariat a reçu de votre part et ne constitue pas une réponse sur le
    fond.

    Appel à contributions~: Examen régional du Pacte mondial sur les migrations
    Reçu le~: 30~septembre 2020 à 23~h~56 (heure de Genève, UTC+2)
    Votre objet~: Contribution of Switzerland
    Numéro d’arrivée~: M-000123

    Référence~: GCM-ECE-2020-0007
    Enregistrée comme contribution de~: Suisse
    Enregistrée comme version~2, qui remplace la version~1.
    Contribution reçue après l’expiration du délai, fixé au 30~septembre 2020
    (heure de Genève). Elle a été enregistrée~: les contributions tardives ne
    sont pas refusées.
    Longueur~: l’appel demande 5^000~mots au plus, et 5^312 ont été comptés (un
    traitement de texte peut donner un nombre légèrement différent). La
    contribution a été enregistrée telle quelle. Si vous souhaitez en envoyer
    une version plus courte, il suffit de répondre à ce message.

    Fichiers, avec leur taille et leur empreinte SHA-256~:

    1. 0.pdf
       PDF, 1~octet
       e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
       Ce fichier est protégé par un mot de passe et n’a pas pu être ouvert.
       Veuillez le renvoyer sans mot de passe.

    2. 1.pdf
       PDF, 100~octets
       e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
       Ce fichier ne contient pas de texte lisible automatiquement~: il s’agit
       peut-être d’un document numérisé. Si c’est la contribution elle-même,
       veuillez l’envoyer également au format Word ou en PDF comportant du
       texte. Si c’est une lettre d’accompagnement, aucune démarche n’est
       nécessaire.

    3. 2.pdf
       PDF, 10~ko
       e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
       Ce fichier n’a pas pu être ouvert^; il a peut-être été endommagé lors de
       l’envoi. Veuillez le renvoyer.

    4. 3.pdf
       PDF, 1~Mo
       e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
       Les fichiers de ce type ne peuvent pas être lus automatiquement. Si
       celui-ci fait partie de la contribution, veuillez l’envoyer également au
       format Word ou PDF.

    5. 4.pdf
       PDF, 100~Mo
       e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
       Ce fichier a été enregistré, mais n’a pas été lu automatiquement. Un
       membre du secrétariat l’ouvrira^; aucune démarche n’est nécessaire.

    Nous vous prions de bien vouloir vérifier ces indications. Les corrections,
    les fichiers manquants et les nouvelles versions peuvent être envoyés en
    réponse à ce message^; une nouvelle version remplace la précédente.

    Pour toute question, vous pouvez écrire à gcm-contact@example.org.

    Secrétariat CEE-ONU et OIM de l’examen régional
    ");
}

#[test]
fn an_acknowledgement_of_two_inputs() {
    assert_snapshot!(shown(&Facts::Acknowledgement(forwarded()), Language::En), @r"
    Received: GCM-ECE-2020-0007 and GCM-ECE-2020-0008 – Contribution of Switzerland

    This is an automatic receipt. It confirms what the secretariat has received
    from you; it is not a reply to the contents.

    Call: Regional Review of the Global Compact for Migration
    Received: 30 September 2020, 23:56 (Geneva time, UTC+2)
    Your subject: Contribution of Switzerland
    Intake number: M-000123

    Input 1 of 2

    Reference: GCM-ECE-2020-0007
    Registered as the input of: Switzerland
    Received on time: the deadline is the end of 30 September 2020 (Geneva
    time).
    Length: 4,711 words were counted; the call asks for at most 5,000.

    Files, each with its size and SHA-256 checksum:

    1. Contribution of Switzerland.docx
       Word document, 35~kB
       e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855

    Input 2 of 2

    Reference: GCM-ECE-2020-0008
    Registered as the joint input of: Austria and Switzerland
    The same input had been received before. It is recorded once, and nothing
    has changed.
    Received on time: the deadline is the end of 30 September 2020 (Geneva
    time).

    Files, each with its size and SHA-256 checksum:

    1. Contribution of Switzerland.docx
       Word document, 35~kB
       e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855

    Please check these details. Corrections, missing files and new versions can
    be sent by replying to this message; a new version takes the place of the
    one before.

    Questions can be put to gcm-contact@example.org.

    UNECE and IOM secretariat of the regional review
    ");
}

#[test]
fn a_neutral_receipt() {
    assert_snapshot!(shown(&usual(LetterKind::Received), Language::En), @r"
    Received: M-000123 – Contribution of Switzerland

    This is an automatic receipt. Your message has reached the secretariat, and
    a member of the secretariat will look at it. If it is registered under a
    reference, you will be told so in another message.

    Call: Regional Review of the Global Compact for Migration
    Received: 30 September 2020, 23:56 (Geneva time, UTC+2)
    Your subject: Contribution of Switzerland
    Intake number: M-000123

    Received on time: the deadline is the end of 30 September 2020 (Geneva
    time).
    Length: 4,711 words were counted; the call asks for at most 5,000.

    Files, each with its size and SHA-256 checksum:

    1. Contribution of Switzerland.docx
       Word document, 35~kB
       e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855

    2. Note verbale 123.pdf
       PDF, 1.2~MB
       e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
       This file is a scan without text. It has been recorded as it is; nothing
       needs to be done.

    Please check these details. Corrections and missing files can be sent by
    replying to this message.

    Questions can be put to gcm-contact@example.org; please quote the intake
    number.

    UNECE and IOM secretariat of the regional review
    ");
}

#[test]
fn a_neutral_receipt_in_french() {
    assert_snapshot!(shown(&usual(LetterKind::Received), Language::Fr), @r"
    Bien reçu~: M-000123 – Contribution of Switzerland

    Ceci est un accusé de réception automatique. Votre message est parvenu au
    secrétariat, dont un membre l’examinera. S’il est enregistré sous une
    référence, celle-ci vous sera communiquée dans un autre message.

    Appel à contributions~: Examen régional du Pacte mondial sur les migrations
    Reçu le~: 30~septembre 2020 à 23~h~56 (heure de Genève, UTC+2)
    Votre objet~: Contribution of Switzerland
    Numéro d’arrivée~: M-000123

    Contribution reçue dans le délai, qui court jusqu’à la fin de la journée du
    30~septembre 2020 (heure de Genève).
    Longueur~: 4^711~mots ont été comptés^; l’appel en demande 5^000 au plus.

    Fichiers, avec leur taille et leur empreinte SHA-256~:

    1. Contribution of Switzerland.docx
       document Word, 35~ko
       e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855

    2. Note verbale 123.pdf
       PDF, 1,2~Mo
       e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
       Ce fichier est un document numérisé sans texte. Il a été enregistré tel
       quel^; aucune démarche n’est nécessaire.

    Nous vous prions de bien vouloir vérifier ces indications. Les corrections
    et les fichiers manquants peuvent être envoyés en réponse à ce message.

    Pour toute question, vous pouvez écrire à gcm-contact@example.org, en
    rappelant le numéro d’arrivée.

    Secrétariat CEE-ONU et OIM de l’examen régional
    ");
}

#[test]
fn a_query_for_a_document() {
    assert_snapshot!(shown(&usual(LetterKind::Query), Language::En), @r"
    No document found: M-000124 – Input to the regional review

    This is an automatic message. Your message has reached the secretariat, but
    no document was found in it.

    Call: Regional Review of the Global Compact for Migration
    Received: 13 September 2020, 14:26 (Geneva time, UTC+2)
    Your subject: Input to the regional review
    Intake number: M-000124

    If a document should have been attached, please reply to this message with
    the document, preferably as a Word document or a PDF.

    If you did not mean to send a document, nothing needs to be done: a member
    of the secretariat reads your message.

    The deadline of the call is the end of 30 September 2020 (Geneva time);
    inputs that come later are recorded too.

    Questions can be put to gcm-contact@example.org; please quote the intake
    number.

    UNECE and IOM secretariat of the regional review
    ");
}

#[test]
fn a_query_for_what_a_link_points_to() {
    let Facts::Query(mut query) = usual(LetterKind::Query) else { panic!("not a query") };
    query.cloud_link = true;
    query.files = vec![sample::file("logo.png", Format::Image, Role::InlineImage, 4_096)];
    assert_snapshot!(shown(&Facts::Query(query), Language::Fr), @r"
    Document manquant~: M-000124 – Input to the regional review

    Ceci est un message automatique. Votre message est parvenu au secrétariat,
    mais aucun document n’y a été trouvé.

    Appel à contributions~: Examen régional du Pacte mondial sur les migrations
    Reçu le~: 13~septembre 2020 à 14~h~26 (heure de Genève, UTC+2)
    Votre objet~: Input to the regional review
    Numéro d’arrivée~: M-000124

    Votre message contient un lien vers un fichier. Pour des raisons de
    sécurité, les liens ne sont jamais ouverts. Veuillez répondre à ce message
    en y joignant le document lui-même, de préférence au format Word ou PDF.

    Les fichiers suivants accompagnaient votre message^; aucun n’est un document
    pouvant être retenu comme contribution~:

    1. logo.png
       image, 4~ko
       e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855

    Si vous n’aviez pas l’intention d’envoyer un document, aucune démarche n’est
    nécessaire~: un membre du secrétariat lira votre message.

    Le délai fixé par l’appel court jusqu’à la fin de la journée du 30~septembre
    2020 (heure de Genève)^; les contributions reçues plus tard sont également
    enregistrées.

    Pour toute question, vous pouvez écrire à gcm-contact@example.org, en
    rappelant le numéro d’arrivée.

    Secrétariat CEE-ONU et OIM de l’examen régional
    ");
}

#[test]
fn a_reminder() {
    assert_snapshot!(shown(&usual(LetterKind::Reminder), Language::En), @r"
    Reminder: inputs are due by 30 September 2020 – Regional Review of the Global Compact for Migration

    Dear Ms Anna Muster,

    This is a reminder of the call for inputs below. So far no input of your
    Government has been registered.

    Call: Regional Review of the Global Compact for Migration
    State: Switzerland
    Deadline: the end of 30 September 2020 (Geneva time), which is in 7 days.
    Send to: gcm-input@example.org
    Length: at most 5,000 words

    Please send the input as an attachment, preferably as a Word document or a
    PDF. A receipt is sent for every input.

    If the input has been sent in the meantime, please ignore this message. If
    it was sent and no receipt came, please write to gcm-contact@example.org.

    UNECE and IOM secretariat of the regional review

    This is an automatic message.
    ");
}

#[test]
fn a_reminder_in_french() {
    assert_snapshot!(shown(&usual(LetterKind::Reminder), Language::Fr), @r"
    Rappel~: contributions attendues jusqu’au 30~septembre 2020 – Examen régional du Pacte mondial sur les migrations

    Ms Anna Muster,

    Nous nous permettons de vous rappeler l’appel à contributions ci-dessous. À
    ce jour, aucune contribution de votre Gouvernement n’a été enregistrée.

    Appel à contributions~: Examen régional du Pacte mondial sur les migrations
    État~: Suisse
    Délai~: la fin de la journée du 30~septembre 2020 (heure de Genève), soit
    dans 7~jours.
    Adresse d’envoi~: gcm-input@example.org
    Longueur~: 5^000~mots au plus

    Nous vous prions de bien vouloir envoyer la contribution en pièce jointe, de
    préférence au format Word ou PDF. Chaque contribution donne lieu à un accusé
    de réception.

    Si la contribution a été envoyée entre-temps, veuillez ne pas tenir compte
    de ce message. Si elle a été envoyée et que vous n’avez pas reçu d’accusé de
    réception, veuillez écrire à gcm-contact@example.org.

    Secrétariat CEE-ONU et OIM de l’examen régional

    Ceci est un message automatique.
    ");
}

#[test]
fn a_neutral_receipt_names_no_state_even_where_the_facts_do_not() {
    for facts in sample::facts(LetterKind::Received) {
        let asked = |state: Iso3, _: Language| -> String { panic!("the letter asked for the name of {state}") };
        letters().render(&facts, Language::En, &asked).unwrap();
    }
}

/// The text of a receipt on one line.
fn in_one_line(receipt: Receipt, language: Language) -> String {
    render(&Facts::Received(receipt), language).body.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn what_was_not_read_is_said_and_nobody_is_asked_to_send_it_again() {
    let languages = [
        (
            Language::En,
            [
                "Your message has been recorded as it came. It could not be read automatically, so neither",
                "Only the header of your message could be taken in automatically, so neither",
                "This file was recorded but not read automatically.",
                "1. More files came with your message. They were recorded but could not be listed automatically.",
            ],
            ["damaged", "again", "0 bytes"],
            "nothing needs to be done.",
        ),
        (
            Language::Fr,
            [
                "Votre message a été enregistré tel qu’il est arrivé. Il n’a pas pu être lu automatiquement ; ni",
                "Seul l’en-tête de votre message a pu être pris en charge automatiquement ; ni",
                "Ce fichier a été enregistré, mais n’a pas été lu automatiquement.",
                "1. D’autres fichiers accompagnaient votre message. Ils ont été enregistrés, mais leur liste",
            ],
            ["endommagé", "renvoyer", "0 octet"],
            "aucune démarche n’est nécessaire.",
        ),
    ];
    let of_file = |file: FileFacts| {
        let mut receipt = sample::receipt();
        receipt.entries[0].files = vec![file];
        receipt
    };
    let killed = FileFacts { outcome: Outcome::NotRead, ..sample::file("a.pdf", Format::Pdf, Role::Main, 812) };
    let zip = FileFacts { role: Role::Container, format: Format::Zip, ..killed.clone() };
    let unlisted = FileFacts { name: None, sha256: String::new(), size: 0, role: Role::Ignored, ..killed.clone() };
    let whole = |unread| Receipt { unread: Some(unread), ..sample::receipt() };
    for (language, [kept, header_only, not_read, unlisted_said], untrue, nothing) in languages {
        for (receipt, said) in [
            (whole(Unread::Kept), kept),
            (whole(Unread::HeaderOnly), header_only),
            (of_file(killed.clone()), not_read),
            (of_file(zip.clone()), not_read),
            (of_file(unlisted.clone()), unlisted_said),
        ] {
            let text = in_one_line(receipt, language).replace('\u{a0}', " ");
            assert!(text.contains(said) && text.contains(nothing), "{said}: {text}");
            assert!(!untrue.iter().any(|untrue| text.contains(untrue)), "{text}");
        }
    }
}

#[test]
fn pages_without_text_are_told_with_their_numbers() {
    let told = |file: FileFacts, language| {
        let mut receipt = sample::receipt();
        receipt.entries[0].files = vec![file];
        in_one_line(receipt, language).replace('\u{a0}', " ")
    };
    let part = "Only a part of this file could be read automatically. A member of the secretariat will look at it.";
    for (failed, without_text, all, said) in [
        (&[2][..], &[][..], 3, "No text could be read on page 2 of 3."),
        (&[], &[2], 3, "No text could be read on page 2 of 3."),
        (&[60], &[2, 4, 5, 6], 1_000, "No text could be read on pages 2, 4–6 and 60 of 1,000."),
    ] {
        let file = FileFacts { pages_without_text: without_text.to_vec(), ..sample::in_part(all, failed) };
        let text = told(file.clone(), Language::En);
        assert!(text.contains(&format!("{part} {said}")), "{said}: {text}");
        // A blank page of what was read lacks nothing.
        let read = FileFacts { outcome: Outcome::Read, pages_failed: Vec::new(), ..file };
        assert!(!told(read, Language::En).contains("No text"), "{said}");
    }
    let french = told(sample::in_part(60, &[2, 4, 5]), Language::Fr);
    assert!(french.contains("l’examinera. Aucun texte n’a pu être lu aux pages 2 et 4–5 sur 60."), "{french}");
    let many: Vec<u32> = (1..=40).map(|n| 2 * n).collect();
    let text = told(sample::in_part(81, &many), Language::En);
    assert!(text.contains("on pages 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24 and … of 81."), "{text}");
    // Part of a text, and nobody knows of pages.
    let text = told(FileFacts { pages: None, ..sample::in_part(3, &[]) }, Language::En);
    assert!(text.contains(part) && !text.contains("No text"), "{text}");
}

#[test]
fn what_was_told_before_pages_were_kept_is_read() {
    let facts = Facts::Acknowledgement(sample::receipt());
    let mut of_old = serde_json::to_value(&facts).unwrap();
    for file in of_old.pointer_mut("/entries/0/files").unwrap().as_array_mut().unwrap() {
        let file = file.as_object_mut().unwrap();
        file.retain(|name, _| !name.starts_with("pages"));
        assert_eq!(file.len(), 6);
    }
    assert_eq!(serde_json::from_value::<Facts>(of_old).unwrap(), facts);
}

#[test]
fn each_standing_is_said_and_an_undetermined_one_is_not() {
    let say = |standing| {
        let mut receipt = sample::receipt();
        receipt.entries[0].standing = standing;
        render(&Facts::Acknowledgement(receipt), Language::En).body.replace('\n', " ")
    };
    assert!(say(Standing::OnTime).contains("Received on time"));
    assert!(say(Standing::ByGrace).contains("within the period of grace"));
    assert!(say(Standing::ByExtension).contains("within the extension"));
    assert!(say(Standing::Late).contains("Received after the deadline of 30 September 2020"));
    assert!(say(Standing::Late).contains("late inputs are not refused"));
    let undetermined = say(Standing::Undetermined);
    assert!(!undetermined.contains("on time") && !undetermined.contains("deadline"), "{undetermined}");
}

#[test]
fn a_deadline_that_ends_at_an_hour_is_told_by_that_hour_and_never_as_a_day() {
    let call = CallFacts { last_hour: Some(time(12, 0, 0, 0)), ..sample::call() };
    let receipt = |standing| {
        let mut receipt = Receipt { call: call.clone(), ..sample::receipt() };
        receipt.entries[0].standing = standing;
        Facts::Acknowledgement(receipt)
    };
    let told = [Standing::OnTime, Standing::ByGrace, Standing::Late].map(receipt).into_iter();
    // Of what is registered already nobody asks when it is due.
    let tells_when = |facts: &Facts| !matches!(facts, Facts::Query(query) if query.unreadable.is_some());
    let others =
        [LetterKind::Query, LetterKind::Reminder].into_iter().flat_map(sample::facts).filter(tells_when).map(|facts| {
            match facts {
                Facts::Query(query) => Facts::Query(Query { call: call.clone(), ..query }),
                Facts::Reminder(reminder) => Facts::Reminder(Reminder { call: call.clone(), ..reminder }),
                other => panic!("{other:?}"),
            }
        });
    let all: Vec<Facts> = told.chain(others).collect();
    for (language, moment, day) in [
        (Language::En, "30 September 2020, 12:00 (Geneva time, UTC+2)", "end of"),
        (Language::Fr, "30 septembre 2020 à 12 h 00 (heure de Genève, UTC+2)", "fin de la journée"),
    ] {
        let words = |facts: &Facts| render(facts, language).body.split_whitespace().collect::<Vec<_>>().join(" ");
        for facts in &all {
            let said = words(facts);
            assert!(said.contains(moment) && !said.contains(day), "{language}: {said}");
        }
        for standing in [Standing::ByExtension, Standing::Undetermined] {
            let said = words(&receipt(standing));
            assert!(!said.contains(moment) && !said.contains(day), "{language}: {said}");
        }
    }
}

#[test]
fn a_duplicate_is_not_called_a_new_version() {
    let mut receipt = sample::receipt();
    receipt.entries[0].duplicate = true;
    receipt.entries[0].version = Some(2);
    let body = render(&Facts::Acknowledgement(receipt), Language::En).body;
    assert!(body.contains("had been received before") && !body.contains("version 2"), "{body}");
}

#[test]
fn what_a_sender_wrote_is_never_a_template() {
    let mut receipt = sample::receipt();
    receipt.subject = Some("{{7*7}} {% include 'parts.txt.j2' %}".to_owned());
    receipt.entries[0].files[0].name = Some("{{ call.contact }}.docx".to_owned());
    receipt.entries[0].files[1].name = Some("{size} {subject.pdf".to_owned());
    let letter = render(&Facts::Acknowledgement(receipt), Language::En);
    assert!(letter.subject.contains("{{7*7}} {% include"), "{}", letter.subject);
    assert!(letter.body.contains("{{7*7}} {% include"), "{}", letter.body);
    assert!(letter.body.contains("1. {{ call.contact }}.docx"), "{}", letter.body);
    assert!(letter.body.contains("2. {size} {subject.pdf"), "{}", letter.body);
    let mut receipt = sample::receipt();
    receipt.subject = Some("{number} {day}".to_owned());
    let letter = render(&Facts::Received(receipt), Language::Fr);
    assert_eq!(letter.subject, "Bien reçu\u{a0}: M-000123 – {number} {day}");
    assert!(letter.body.contains("Votre objet\u{a0}: {number} {day}\n"), "{}", letter.body);
}

#[test]
fn a_name_cannot_add_lines_or_turn_the_text_round() {
    let mut receipt = sample::receipt();
    receipt.subject = Some("Input\r\nBcc: everyone@migration.int\u{2028}\u{202e}".to_owned());
    receipt.entries[0].files[0].name = Some(format!("a\n2. forged.pdf{}", "x".repeat(400)));
    let letter = render(&Facts::Acknowledgement(receipt), Language::En);
    assert_eq!(letter.subject, "Received: GCM-ECE-2020-0007 – Input Bcc: everyone@migration.int");
    assert!(letter.body.contains("\n1. a 2.\n   forged.pdfxxx"), "{}", letter.body);
    assert!(letter.body.contains("x…\n") && !letter.body.contains(&"x".repeat(200)), "{}", letter.body);
}

#[test]
fn a_language_without_a_letter_falls_back_to_english() {
    let own = [
        ("letters/es/query/subject.txt.j2", Some("Falta el documento: {{ number }}")),
        ("letters/es/query/body.txt.j2", Some("Recibido el {{ received | moment(call.zone) }}.")),
    ];
    let letters = changed(&own).unwrap();
    assert_eq!(letters.languages(), BTreeSet::from([Language::En, Language::Es, Language::Fr]));
    let query = letters.render(&usual(LetterKind::Query), Language::Es, &name).unwrap();
    assert_eq!((query.language, query.subject.as_str()), (Language::Es, "Falta el documento: M-000124"));
    assert_eq!(query.body, "Recibido el 13 de septiembre de 2020, 14:26 (Europe/Zurich, UTC+2).\n");
    for language in [Language::Es, Language::Zh] {
        let receipt = letters.render(&usual(LetterKind::Acknowledgement), language, &name).unwrap();
        assert_eq!(receipt, letters.render(&usual(LetterKind::Acknowledgement), Language::En, &name).unwrap());
        assert_eq!(receipt.language, Language::En);
    }
}

#[test]
fn the_version_names_every_text_that_took_part() {
    let version =
        |letters: &Letters| letters.render(&usual(LetterKind::Acknowledgement), Language::En, &name).unwrap().template;
    let before = version(letters());
    assert_eq!(before, version(letters()));
    let parts = shipped("letters/parts.txt.j2").unwrap();
    let [english, french] = ["en", "fr"].map(|code| shipped(&format!("letters/{code}/words.toml")).unwrap());
    for (path, text) in [
        ("letters/acknowledgement/subject.txt.j2", "Received"),
        ("letters/acknowledgement/body.txt.j2", "Received"),
        ("letters/en/acknowledgement/body.txt.j2", "Received"),
        ("letters/parts.txt.j2", &parts.replace("loop.index }}. ", "loop.index }} – ")),
        ("letters/en/parts.txt.j2", &parts.replace("loop.index }}. ", "loop.index }} – ")),
        ("letters/en/words.toml", &english.replace("on time", "in time")),
    ] {
        assert_ne!(before, version(&changed(&[(path, Some(text))]).unwrap()), "{path}");
    }
    for (path, text) in [
        ("letters/query/subject.txt.j2", "Other"),
        ("letters/fr/acknowledgement/body.txt.j2", "Reçu"),
        ("letters/fr/words.toml", &french.replace("dans le délai", "à temps")),
    ] {
        assert_eq!(before, version(&changed(&[(path, Some(text))]).unwrap()), "{path}");
    }
}

#[test]
fn bad_templates_are_named_with_file_and_line_all_at_once() {
    let parts = shipped("letters/parts.txt.j2").unwrap();
    let problems = changed(&[
        ("letters/fr/received/subject.txt.j2", Some("{{ numbre }}")),
        ("letters/query/body.txt.j2", Some("First\n{{ call.title }\n")),
        ("letters/reminder/body.txt.j2", None),
        ("letters/received/subject.txt.j2", None),
        ("letters/received/body.txt.j2", None),
        ("letters/fr/reminder/body.txt.j2", Some("{{ state }}\n{% if days_left == 0 %}\n\n{{ nothing }}\n{% endif %}")),
        ("letters/parts.txt.j2", Some(&parts.replace("\"format.\" ~ file.format", "\"formats.\" ~ file.format"))),
    ])
    .unwrap_err();
    assert_snapshot!(problems, @r"
    letters/fr/received/body.txt.j2: is missing; a letter has both a subject and a body
    letters/fr/reminder/body.txt.j2:4: undefined value: `nothing` is undefined
    letters/parts.txt.j2:94: invalid operation: there is no phrase “formats.docx”
    letters/query/body.txt.j2:2: syntax error: unexpected `}`, expected end of variable block
    letters/received/body.txt.j2: is missing, and every letter falls back to English
    letters/reminder/body.txt.j2: is missing; a letter has both a subject and a body
    ");
}

#[test]
fn dates_and_numbers_in_each_language() {
    let first = date(2020, 10, 1);
    let days = Language::ALL.map(|language| format::day(first, language).replace('\u{a0}', " "));
    assert_eq!(
        days,
        [
            "1 تشرين الأول/أكتوبر 2020",
            "1 October 2020",
            "1 de octubre de 2020",
            "1er octobre 2020",
            "1 октября 2020 года",
            "2020年10月1日"
        ]
    );
    let received = "2020-09-30T21:56:00Z".parse().unwrap();
    for (zone, language, expected) in [
        ("Europe/Zurich", Language::En, "30 September 2020, 23:56 (Geneva time, UTC+2)"),
        ("Europe/Zurich", Language::Fr, "30 septembre 2020 à 23 h 56 (heure de Genève, UTC+2)"),
        ("Africa/Addis_Ababa", Language::Fr, "1er octobre 2020 à 0 h 56 (heure d’Addis-Abeba, UTC+3)"),
        ("America/Santiago", Language::En, "30 September 2020, 18:56 (Santiago time, UTC-3)"),
        ("Asia/Kolkata", Language::En, "1 October 2020, 3:26 (Kolkata time, UTC+5:30)"),
        ("Europe/London", Language::En, "30 September 2020, 22:56 (London time, UTC+1)"),
        ("UTC", Language::En, "30 September 2020, 21:56 (UTC)"),
        ("No/Such_Zone", Language::En, "30 September 2020, 21:56 (UTC)"),
        ("Europe/Zurich", Language::Zh, "2020年9月30日23:56 (Europe/Zurich, UTC+2)"),
    ] {
        assert_eq!(format::moment(received, zone, language).replace('\u{a0}', " "), expected);
    }
    assert_eq!(format::number(1_234_567, Language::En), "1,234,567");
    assert_eq!(format::number(5_000, Language::Fr), "5\u{202f}000");
    assert_eq!(format::number(999, Language::Fr), "999");
    for (bytes, english, french) in [
        (0, "0 bytes", "0 octet"),
        (1, "1 byte", "1 octet"),
        (999, "999 bytes", "999 octets"),
        (1_500, "1 kB", "1 ko"),
        (999_999, "999 kB", "999 ko"),
        (1_240_000, "1.2 MB", "1,2 Mo"),
        (35 << 20, "36.7 MB", "36,7 Mo"),
        (2_000_000_000, "2 GB", "2 Go"),
    ] {
        let plain = |language| format::size(bytes, language).replace('\u{a0}', " ");
        assert_eq!((plain(Language::En).as_str(), plain(Language::Fr).as_str()), (english, french));
    }
    let three = ["A", "B", "C"].map(str::to_owned);
    assert_eq!(format::listed(&three, Language::En), "A, B and C");
    assert_eq!(format::listed(&three[..2], Language::Fr), "A et B");
    assert_eq!(format::listed(&[], Language::Fr), "");
}

/// Facts of any kind in which everything a stranger writes is `subject` and `file`.
fn strange(kind: LetterKind, subject: &str, file: &str) -> Vec<Facts> {
    let rename = |files: &mut Vec<FileFacts>| {
        files.truncate(3);
        for one in files {
            one.name = Some(file.to_owned());
        }
    };
    let mut all = sample::facts(kind);
    for facts in &mut all {
        match facts {
            Facts::Acknowledgement(receipt) | Facts::Received(receipt) => {
                receipt.subject = Some(subject.to_owned());
                receipt.entries.iter_mut().for_each(|entry| rename(&mut entry.files));
            }
            Facts::Query(query) => {
                query.subject = Some(subject.to_owned());
                rename(&mut query.files);
            }
            Facts::Reminder(reminder) => reminder.addressee = Some(subject.to_owned()),
            Facts::ExtensionGranted(granted) => {
                granted.addressee = Some(subject.to_owned());
                granted.answered.iter_mut().for_each(|answered| answered.subject = Some(subject.to_owned()));
            }
            Facts::DeadlineMoved(moved) => moved.addressee = Some(subject.to_owned()),
            Facts::Withdrawn(taken) => taken.answered.subject = Some(subject.to_owned()),
            Facts::Correction(corrected) => {
                corrected.receipt.subject = Some(subject.to_owned());
                corrected.receipt.entries.iter_mut().for_each(|entry| rename(&mut entry.files));
            }
        }
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_subject_or_file_name_breaks_a_letter(subject in any::<String>(), file in "\\PC*|[\\s{}%#'\"-]{0,300}|.{190,260}") {
        let letters = letters();
        for kind in LetterKind::ALL {
            for facts in strange(kind, &subject, &file) {
                for language in [Language::En, Language::Fr] {
                    let letter = letters.render(&facts, language, &name).unwrap();
                    prop_assert!(letter.subject.chars().count() <= 200);
                    prop_assert!(!letter.subject.chars().any(char::is_control));
                    prop_assert!(!letter.body.chars().any(|c| c.is_control() && c != '\n'));
                    for line in letter.body.lines().filter(|line| line.chars().count() > 76) {
                        let mark = line.trim_start().trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
                        prop_assert!(!mark.trim_start().contains(' '), "{line:?} could be broken");
                    }
                }
            }
        }
    }
}
