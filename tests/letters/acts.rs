//! The letters that tell of acts: an extension, another deadline, a withdrawal, a correction; and what receipts say beside.

use docket::{
    core::{
        iso3::Iso3,
        submission::{AdditionKind, Becomes, Named},
        text::language::Language,
    },
    letters::{
        facts::{EntryFacts, Facts, Granted, LetterKind, Receipt},
        sample,
    },
};
use insta::assert_snapshot;
use jiff::Timestamp;

use super::{in_one_line, letters, name, render, shown, usual};

fn second(kind: LetterKind) -> Facts {
    sample::facts(kind).into_iter().nth(1).expect("there are two")
}

#[test]
fn an_extension() {
    assert_snapshot!(shown(&usual(LetterKind::ExtensionGranted), Language::En), @r"
    Extension granted until 9 October 2020 – Extension of the deadline

    An extension of the deadline has been granted for the call below.

    Call: Regional Review of the Global Compact for Migration
    Received: 13 September 2020, 14:26 (Geneva time, UTC+2)
    Your subject: Extension of the deadline
    Intake number: M-000125

    State: Switzerland
    Extended until: the end of 9 October 2020 (Geneva time)

    An input that is received until then counts as received in time.

    Questions can be put to gcm-contact@example.org.

    UNECE and IOM secretariat of the regional review
    ");
}

#[test]
fn an_extension_in_french() {
    assert_snapshot!(shown(&usual(LetterKind::ExtensionGranted), Language::Fr), @r"
    Délai prorogé~: 9~octobre 2020 – Extension of the deadline

    Le délai fixé par l’appel ci-dessous a été prorogé.

    Appel à contributions~: Examen régional du Pacte mondial sur les migrations
    Reçu le~: 13~septembre 2020 à 14~h~26 (heure de Genève, UTC+2)
    Votre objet~: Extension of the deadline
    Numéro d’arrivée~: M-000125

    État~: Suisse
    Prorogé jusqu’à~: la fin de la journée du 9~octobre 2020 (heure de Genève)

    Une contribution reçue jusque-là est considérée comme reçue à temps.

    Pour toute question, vous pouvez écrire à gcm-contact@example.org.

    Secrétariat CEE-ONU et OIM de l’examen régional
    ");
}

#[test]
fn another_deadline() {
    assert_snapshot!(shown(&usual(LetterKind::DeadlineMoved), Language::En), @r"
    New deadline: 9 October 2020 – Regional Review of the Global Compact for Migration

    Dear Ms Anna Muster,

    The deadline of the call for inputs below has been moved.

    Call: Regional Review of the Global Compact for Migration
    State: Switzerland
    New deadline: the end of 9 October 2020 (Geneva time)
    In place of: the end of 30 September 2020 (Geneva time)

    Inputs that come later are recorded too. If an input has been sent already,
    nothing needs to be done.

    Questions can be put to gcm-contact@example.org.

    UNECE and IOM secretariat of the regional review
    ");
}

#[test]
fn another_deadline_in_french() {
    assert_snapshot!(shown(&usual(LetterKind::DeadlineMoved), Language::Fr), @r"
    Nouvelle date limite~: 9~octobre 2020 – Examen régional du Pacte mondial sur les migrations

    Ms Anna Muster,

    La date limite de l’appel à contributions ci-dessous a été modifiée.

    Appel à contributions~: Examen régional du Pacte mondial sur les migrations
    État~: Suisse
    Nouvelle date limite~: la fin de la journée du 9~octobre 2020 (heure de
    Genève)
    Au lieu de~: la fin de la journée du 30~septembre 2020 (heure de Genève)

    Les contributions reçues plus tard sont également enregistrées. Si une
    contribution a déjà été envoyée, aucune démarche n’est nécessaire.

    Pour toute question, vous pouvez écrire à gcm-contact@example.org.

    Secrétariat CEE-ONU et OIM de l’examen régional
    ");
}

#[test]
fn a_withdrawal() {
    assert_snapshot!(shown(&usual(LetterKind::Withdrawn), Language::En), @r"
    Withdrawn: GCM-ECE-2020-0007 – Withdrawal of our contribution

    This confirms that the input below has been withdrawn.

    Call: Regional Review of the Global Compact for Migration
    Received: 13 September 2020, 14:26 (Geneva time, UTC+2)
    Your subject: Withdrawal of our contribution
    Intake number: M-000125

    Reference: GCM-ECE-2020-0007
    Registered as the input of: Switzerland
    Withdrawn is all that was received under this reference before 13 September
    2020, 14:26 (Geneva time, UTC+2). It stays on record, and is marked as
    withdrawn.

    A new input can be sent by replying to this message. If a withdrawal was not
    meant, please reply to this message, too.

    Questions can be put to gcm-contact@example.org.

    UNECE and IOM secretariat of the regional review
    ");
}

#[test]
fn a_withdrawal_in_french() {
    assert_snapshot!(shown(&usual(LetterKind::Withdrawn), Language::Fr), @r"
    Retrait enregistré~: GCM-ECE-2020-0007 – Withdrawal of our contribution

    Ceci confirme que la contribution ci-dessous a été retirée.

    Appel à contributions~: Examen régional du Pacte mondial sur les migrations
    Reçu le~: 13~septembre 2020 à 14~h~26 (heure de Genève, UTC+2)
    Votre objet~: Withdrawal of our contribution
    Numéro d’arrivée~: M-000125

    Référence~: GCM-ECE-2020-0007
    Enregistrée comme contribution de~: Suisse
    Est retiré tout ce qui avait été reçu sous cette référence avant le
    13~septembre 2020 à 14~h~26 (heure de Genève, UTC+2). Cela reste consigné,
    avec la mention du retrait.

    Une nouvelle contribution peut être envoyée en réponse à ce message. Si un
    retrait n’était pas voulu, veuillez également répondre à ce message.

    Pour toute question, vous pouvez écrire à gcm-contact@example.org.

    Secrétariat CEE-ONU et OIM de l’examen régional
    ");
}

#[test]
fn a_correction() {
    assert_snapshot!(shown(&usual(LetterKind::Correction), Language::En), @r"
    Correction: GCM-ECE-2020-0007 – Contribution of Switzerland

    This receipt replaces the one of 1 October 2020, 0:01 (Geneva time, UTC+2),
    which was not correct.

    That receipt said:

    Reference: GCM-ECE-2020-0008
    Registered as the input of: Austria

    What is recorded:

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
fn a_correction_in_french() {
    assert_snapshot!(shown(&usual(LetterKind::Correction), Language::Fr), @r"
    Rectification~: GCM-ECE-2020-0007 – Contribution of Switzerland

    Le présent accusé de réception remplace celui du 1er~octobre 2020 à 0~h~01
    (heure de Genève, UTC+2), qui était erroné.

    Celui-ci indiquait~:

    Référence~: GCM-ECE-2020-0008
    Enregistrée comme contribution de~: Autriche

    Ce qui est enregistré~:

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
fn another_deadline_within_a_day() {
    assert_snapshot!(shown(&second(LetterKind::DeadlineMoved), Language::En), @r"
    New deadline: 9 October 2020 – Regional Review of the Global Compact for Migration

    Dear Sir or Madam,

    The deadline of the call for inputs below has been moved.

    Call: Regional Review of the Global Compact for Migration
    State: Switzerland
    New deadline: 9 October 2020, 12:00 (Geneva time, UTC+2)
    In place of: 30 September 2020, 12:00 (Geneva time, UTC+2)

    Inputs that come later are recorded too. If an input has been sent already,
    nothing needs to be done.

    Questions can be put to gcm-contact@example.org.

    UNECE and IOM secretariat of the regional review
    ");
}

/// The receipt of one input that came to something, on one line.
fn said(named: bool, change: impl FnOnce(&mut EntryFacts)) -> String {
    let mut receipt = sample::receipt();
    change(&mut receipt.entries[0]);
    let facts = if named { Facts::Acknowledgement(receipt) } else { Facts::Received(receipt) };
    render(&facts, Language::En).body.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_neutral_receipt_says_what_is_so_with_its_reference() {
    let look = "a member of the secretariat will look at it";
    let told_later = "you will be told so in another message";
    let neutral = |reference: Option<&str>, asked| {
        said(false, |entry| {
            entry.states.clear();
            (entry.reference, entry.asked) = (reference.map(str::to_owned), asked);
        })
    };
    let registered = neutral(Some("GCM-ECE-2020-0009"), false);
    assert!(registered.contains("registered under the reference below") && registered.contains("GCM-ECE-2020-0009"));
    assert!(!registered.contains(look) && !registered.contains(told_later), "{registered}");
    let waits = neutral(None, true);
    assert!(waits.contains(look) && waits.contains(told_later) && !waits.contains("Reference:"), "{waits}");
    let nobody_is_asked = neutral(None, false);
    assert!(!nobody_is_asked.contains(look) && !nobody_is_asked.contains(told_later), "{nobody_is_asked}");
    let mut both = sample::receipt();
    let waiting = EntryFacts { reference: None, states: Vec::new(), ..both.entries[0].clone() };
    both.entries[0].states.clear();
    both.entries.push(waiting);
    let both = in_one_line(both, Language::En);
    assert!(both.contains("What has been registered so far bears a reference below. A member"), "{both}");
}

#[test]
fn nobody_is_said_to_look_where_nobody_is_asked() {
    for facts in sample::facts(LetterKind::Acknowledgement) {
        let Facts::Acknowledgement(mut receipt) = facts else { panic!("not a receipt") };
        receipt.entries.iter_mut().for_each(|entry| entry.asked = false);
        for (language, looks) in [(Language::En, "will"), (Language::Fr, "ouvrira"), (Language::Fr, "examinera")] {
            let body = render(&Facts::Acknowledgement(receipt.clone()), language).body;
            assert!(!body.contains(looks), "{body}");
        }
    }
}

#[test]
fn what_an_input_comes_to_is_said_as_it_is() {
    let other = |n| Named { n, received: Timestamp::from_second(1_600_000_000).unwrap() };
    let day = "13 September 2020, 14:26 (Geneva time, UTC+2)";
    for (becomes, version, words) in [
        (Becomes::Replaces { former: other(Some(1)) }, Some(3), "Recorded as version 3, which replaces version 1.".to_owned()),
        (Becomes::Replaces { former: other(None) }, Some(3), format!("which replaces what was received on {day}.")),
        (Becomes::Earlier { current: other(Some(1)) }, Some(2), "received earlier than version 1, which stays".to_owned()),
        (Becomes::UnderQuery { current: None }, Some(1), "It could not be read automatically. The time".to_owned()),
        (Becomes::UnderQuery { current: Some(other(Some(1))) }, Some(2), "version 1 stays the current one".to_owned()),
        (Becomes::Copy { of: other(Some(2)) }, None, "Recorded as the readable copy of version 2, whose time".to_owned()),
        (Becomes::Copy { of: other(None) }, None, format!("readable copy of what was received on {day}, which is")),
        (
            Becomes::Beside { kind: AdditionKind::Annex, to: Some(other(Some(2))) },
            None,
            "Registered with the input of: Switzerland Recorded as an annex. It stands beside version 2, and replaces nothing. Received".to_owned(),
        ),
        (
            Becomes::Beside { kind: AdditionKind::Translation, to: None },
            None,
            "Recorded as a translation. It replaces nothing. Received".to_owned(),
        ),
    ] {
        let text = said(true, |entry| (entry.version, entry.becomes) = (version, Some(becomes.clone())));
        assert!(text.contains(&words), "{becomes:?}: {text}");
        let beside = matches!(becomes, Becomes::Beside { .. });
        assert_eq!(text.contains("Length:"), !beside, "the limit is the input’s: {text}");
    }
    let body = said(true, |entry| (entry.in_body, entry.files) = (true, Vec::new()));
    assert!(body.contains("The text of the message itself has been recorded as the input."), "{body}");
}

#[test]
fn facts_of_before_are_read_and_others_fall_back_to_english() {
    let facts = serde_json::to_value(Facts::Acknowledgement(sample::receipt())).unwrap();
    let mut of_before = facts.clone();
    for entry in of_before["entries"].as_array_mut().unwrap() {
        let entry = entry.as_object_mut().unwrap();
        for new in ["becomes", "in_body", "asked"] {
            entry.remove(new);
        }
    }
    let read: Facts = serde_json::from_value(of_before).unwrap();
    let Some(Receipt { entries, .. }) = read.receipt() else { panic!("no receipt") };
    assert!(!entries[0].asked && !entries[0].in_body && entries[0].becomes.is_none());
    for kind in LetterKind::ALL {
        for facts in sample::facts(kind) {
            let kept = serde_json::to_string(&facts).unwrap();
            assert_eq!(serde_json::from_str::<Facts>(&kept).unwrap(), facts);
        }
        let letter = letters().render(&usual(kind), Language::Ru, &name).unwrap();
        assert_eq!(letter.language, Language::En);
    }
}

#[test]
fn the_letter_names_the_states_it_is_about_and_no_other() {
    let Facts::ExtensionGranted(granted) = usual(LetterKind::ExtensionGranted) else { panic!("no extension") };
    let only = |state: Iso3, language: Language| -> String {
        assert_eq!(state.as_str(), "CHE");
        name(state, language)
    };
    let granted = Facts::ExtensionGranted(Granted { states: vec!["CHE".parse().unwrap()], ..granted });
    assert!(letters().render(&granted, Language::En, &only).unwrap().body.contains("State: Switzerland"));
}
