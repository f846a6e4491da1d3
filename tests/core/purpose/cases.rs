//! One word decides nothing, and plain orders win.

use docket::core::purpose::{Document, Kind, Letter};

use super::{document, judged, letter};

const INPUT: &str = "REPUBLIC OF ESTONIA\nMinistry of the Interior\nVoluntary input of Estonia to the regional review of \
                     the Global Compact for Migration\nObjective 1: Estonia publishes monthly statistics.\nObjective 23: \
                     Estonia works together with its neighbours.\nDuring the pandemic permits were prolonged by law.";
const TEMPLATE: &str = "Regional review of the Global Compact for Migration\nTemplate for voluntary inputs\nCountry: \
                        ..........\n1. Methodology\n[Please describe how the input was prepared.]\n2. Overall \
                        trends\n[Please describe the trends.]\n3. Next steps\n[Planned measures.]";
const OURS: &str = "United Nations Economic Commission for Europe and International Organization for Migration\nTo the \
                    Permanent Missions: call for inputs to the regional review of the Global Compact for \
                    Migration\nInputs of at most 5,000 words by 30 September 2020.";
const NOMINATION: &str = "REPUBLIC OF ESTONIA\nNomination of participants for the regional review of the Global Compact \
                          for Migration, 12 November 2020\nMs A, Mr B";
const RECEPTION: &str = "REPUBLIC OF ESTONIA\nPermanent Mission in Geneva\nThe Permanent Representative requests the \
                         pleasure of your company at a reception on the occasion of the National Day.";

const LONG_TITLE: &str = "Voluntary contribution of the Republic of Estonia and of its Ministry of the Interior to the regional \
                          review of the implementation of the Global Compact for Safe, Orderly and Regular Migration in the \
                          region\nMethodology\nObjective 1: Estonia publishes monthly statistics. Objective 23: Estonia works \
                          together with its neighbours.";
const PAYMENT: &str = "Contribution of Estonia – Global Compact for Migration\nOrder no. 2231 of 18 September 2020: EUR 25,000 \
                       to the account of the fund.";
const OTHER_REVIEW: &str = "National report of Estonia\nFourth cycle\nMethodology\nA group of the ministries wrote it in the \
                            spring, and asked the courts, the municipalities and the universities for advice.\nMigrants have \
                            the same access to the courts as citizens, in the spirit of the Global Compact for Migration.";
const AGEING: &str = "Contribution of Estonia to the regional review of the Madrid International Plan of Action on Ageing\n\
                      Methodology\nAgeing and migration belong together.";
const STUDY: &str = "University of Tartu\nA study on the implementation of the Global Compact for Migration in the Baltic \
                     states\nIt compares three countries.";

/// A case: its name, subject, own words and document, and what it is; whether it goes without a person.
type Case = (&'static str, &'static str, &'static str, &'static [&'static str], Kind, bool);

const CASES: &[Case] = &[
    ("an input", "Input of Estonia", "Attached.", &[INPUT], Kind::Input, true),
    (
        "thanks for more time",
        "Input of Estonia",
        "Thank you for granting us more time. Please find attached the input of Estonia.",
        &[INPUT],
        Kind::Input,
        true,
    ),
    (
        "the empty template beside it",
        "Input of Estonia",
        "Please find attached our input; your template is returned for reference.",
        &[INPUT, TEMPLATE],
        Kind::Input,
        true,
    ),
    ("our letter beside it", "Re: your call", "Please find attached our input.", &[INPUT, OURS], Kind::Input, true),
    (
        "a section on another convention",
        "Input of Estonia",
        "Please find attached the input of Estonia. A section on CEDAW was added at the wish of another ministry.",
        &[INPUT],
        Kind::Input,
        true,
    ),
    (
        "a question beside it",
        "Input of Estonia",
        "Please find attached the input of Estonia. Could you tell us whether the meeting is online?",
        &[INPUT],
        Kind::Input,
        true,
    ),
    (
        "a translation that will follow",
        "Input of Estonia",
        "Please find attached the input of Estonia. The English translation will follow next week.",
        &[INPUT],
        Kind::Input,
        true,
    ),
    (
        "names and an original that follow",
        "Estonia",
        "Here is what you asked for. The names of our participants will follow, and the signed original by courier.",
        &[INPUT],
        Kind::Input,
        true,
    ),
    (
        "an earlier subject",
        "Re: extension of the deadline",
        "We are grateful, and send you our input. Could you confirm receipt?",
        &[INPUT],
        Kind::Input,
        true,
    ),
    ("a question in the subject", "Input of Estonia, and a question", "Attached.", &[INPUT], Kind::Input, true),
    (
        "tables under the name of an input",
        "GCM",
        "Please find attached two tables to go with our input.",
        &["Tables\nYear Permits\n2019 200"],
        Kind::Addition,
        false,
    ),
    (
        "a study that names the call",
        "GCM regional review",
        "Please find attached the study of our university.",
        &[STUDY],
        Kind::OtherNote,
        false,
    ),
    (
        "an input at working level",
        "Input of Estonia",
        "Attached is the input as it stands at working level.",
        &[INPUT],
        Kind::Input,
        false,
    ),
    (
        "an order not to register it",
        "Input of Estonia",
        "Please find attached the input of Estonia. Please do not register it.",
        &[INPUT],
        Kind::Withdrawal,
        false,
    ),
    (
        "an order to delete",
        "Input of Estonia",
        "Please disregard and delete this message.",
        &[INPUT],
        Kind::Withdrawal,
        false,
    ),
    (
        "a working draft",
        "Estonia",
        "Attached is a working draft of our input, not yet approved. The approved text will come on 12 October.",
        &[INPUT],
        Kind::Announcement,
        false,
    ),
    (
        "a correction",
        "Re: Received: GCM-ECE-2020-0001",
        "Please use the attached file instead of the one sent yesterday.",
        &[INPUT],
        Kind::Correction,
        true,
    ),
    (
        "a correction that disregards the first",
        "Input of Estonia",
        "Please disregard our previous message. The corrected version of the input is attached.",
        &[INPUT],
        Kind::Correction,
        true,
    ),
    (
        "no correction",
        "Input of Estonia",
        "Please find attached the input of Estonia. It does not replace the joint input of the Baltic States.",
        &[INPUT],
        Kind::Input,
        true,
    ),
    (
        "an errand without a document",
        "Correction to the input of Estonia",
        "There is a mistake in paragraph 14 of our input. It should read: 24,210.",
        &[],
        Kind::Correction,
        false,
    ),
    (
        "a supplement",
        "Annex to the input of Estonia",
        "In addition to our input of last week please find attached the statistical annex.",
        &[INPUT],
        Kind::Addition,
        false,
    ),
    (
        "what no action is needed for",
        "Estonia",
        "We confirm that our input of 14 September (attached again) was received under GCM-ECE-2020-0007; no action needed.",
        &[INPUT],
        Kind::Withdrawal,
        false,
    ),
    (
        "what is to be thrown away",
        "Input of Estonia",
        "Wrong attachment earlier today; kindly bin it (copy enclosed). The right one follows tomorrow.",
        &[INPUT],
        Kind::Announcement,
        false,
    ),
    (
        "our template and our letter sent back beside it",
        "Input of Estonia",
        "Herewith our input. For ease of reference your letter and template are attached again.",
        &[LONG_TITLE, TEMPLATE],
        Kind::Input,
        true,
    ),
    (
        "a payment",
        "Contribution of Estonia to the GCM",
        "The confirmation is attached.",
        &[PAYMENT],
        Kind::OtherNote,
        false,
    ),
    (
        "another review",
        "Contribution of Estonia",
        "Please find attached our national report.",
        &[OTHER_REVIEW],
        Kind::Input,
        false,
    ),
    (
        "another review by its name",
        "Contribution of Estonia to the regional review",
        "Please find it attached.",
        &[AGEING],
        Kind::OtherNote,
        false,
    ),
    (
        "an article",
        "Input of Estonia",
        "We attach the article on our input that appeared in the press.",
        &[INPUT],
        Kind::OtherNote,
        false,
    ),
    ("a nomination", "Participants", "Please find our delegation attached.", &[NOMINATION], Kind::Nomination, false),
    ("a reception", "Invitation", "Invitation attached.", &[RECEPTION], Kind::OtherNote, false),
    ("an empty template", "Template", "Is this the right one?", &[TEMPLATE], Kind::Template, false),
    ("our own letter", "Your letter", "We received the attached letter.", &[OURS], Kind::OwnLetter, false),
    ("nothing but a document", "", "", &[INPUT], Kind::Input, true),
    ("an input elsewhere", "Invoice", "Invoice for the room.", &["Invoice 4711\nHotel"], Kind::OtherNote, false),
    ("a reply to the reminder", "Re: Reminder", "WILL SEND 5 OCTOBER", &[], Kind::Announcement, false),
    ("another reply to it", "Re: Reminder", "NO INPUT", &[], Kind::Declination, false),
];

#[test]
fn what_a_message_is() {
    let mut wrong = Vec::new();
    for (name, subject, own, texts, kind, alone) in CASES {
        let documents: Vec<Document<'_>> = texts.iter().map(|text| document("1.docx", text)).collect();
        let found = judged(&letter(subject, own, &documents));
        if found.kind != *kind || found.proposed == *alone {
            wrong.push(format!("{name}: {found:#?}"));
        }
        let quoted = found.evidence.iter().any(|evidence| evidence.speaks_for == found.kind);
        assert!(quoted || found.evidence.is_empty(), "{name} rests on nothing: {found:#?}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_footer_announces_no_document() {
    let footers = [
        "This e-mail and any attachments are confidential.",
        "Diese E-Mail und ihre Anhänge sind vertraulich.",
        "Ce message et toutes les pièces jointes sont confidentiels.",
        "Это сообщение и любые приложения к нему конфиденциальны.",
        "Este mensaje y sus archivos adjuntos son confidenciales.",
    ];
    for footer in footers {
        let own = format!("May we send our input on 2 October?\n\nKind regards\nOfficer\n\n{footer}");
        let found = judged(&letter("Question", &own, &[]));
        assert_eq!((found.kind, found.announces_document), (Kind::Question, None), "{footer}");
    }
    let thanks = judged(&letter("Re: call", "Thank you for your letter, received with the attachment.", &[]));
    assert_eq!(thanks.announces_document, None);
}

#[test]
fn a_missing_document_is_announced_in_ten_languages() {
    let said = [
        "Im Anhang finden Sie den Beitrag Deutschlands.",
        "Veuillez trouver en pièces jointes la contribution de la France.",
        "La contribution de la France figure en annexe du présent courriel.",
        "In allegato il contributo dell'Italia.",
        "In de bijlage vindt u de bijdrage van Nederland.",
        "W załączeniu wkład Polski.",
        "Segue em anexo a contribuição de Portugal.",
        "У прилогу достављамо допринос.",
        "Ülkemizin katkısı ektedir.",
        "Внесок України додається.",
        "Please find attached the input of Estonia.",
    ];
    for own in said {
        let found = judged(&letter("", own, &[]));
        assert_eq!((found.kind, found.proposed), (Kind::Input, true), "{own}");
        assert!(found.announces_document.is_some(), "{own}");
    }
}

#[test]
fn the_name_of_our_mailbox_is_no_word_of_the_call() {
    let own = "Dear gcm-input, your mailbox gcm-input@example.org is full. Open https://example.net/input now.";
    let found = judged(&Letter { from_state: false, ..letter("Mailbox full", own, &[]) });
    assert!(matches!(found.kind, Kind::Unrelated | Kind::Automatic), "{found:?}");
}

#[test]
fn what_a_program_wrote_is_never_registered_by_itself() {
    let documents = [document("input.docx", INPUT)];
    let found = judged(&Letter { automatic: true, ..letter("Input of Estonia", "Attached.", &documents) });
    assert_eq!((found.kind, found.proposed), (Kind::Input, true));
    let empty = judged(&Letter { automatic: true, ..letter("Input of Estonia", "Attached.", &[]) });
    assert_eq!((empty.kind, empty.proposed), (Kind::Automatic, false));
}

#[test]
fn a_mail_may_hold_the_input_itself() {
    let text = "The national plan on migration has seven aims, and each of them answers one objective of the Compact. "
        .repeat(12);
    let own = format!("Dear colleagues,\n\nhere is our written input to the regional review.\n\n{text}\n\nBest wishes");
    let found = judged(&letter("Iceland", &own, &[]));
    assert_eq!((found.kind, found.proposed, found.in_body), (Kind::Input, false, true));
    let chat = judged(&letter("Press release", &text, &[]));
    assert!(chat.proposed && !chat.in_body, "{chat:?}");
}

#[test]
fn an_answer_to_our_letter_brings_what_was_asked_for() {
    let text = format!(
        "Sweden\nQuestions and answers\nWhich objectives are most relevant? Objective 3 for information, objective 6 for \
         recruitment.\n{}",
        "Permits were prolonged, and courses went on at a distance during the pandemic. ".repeat(10)
    );
    let paper = [document("sv.docx", &text)];
    let quoted = "This is a reminder of the call for inputs. So far no input of your Government has been registered. A \
                  receipt is sent for every input.";
    let answer = letter("SV: Reminder", "Thank you. Here it is!", &paper);
    let found = judged(&Letter { quoted, ..answer });
    assert_eq!((found.kind, found.proposed), (Kind::Input, false), "{found:?}");
    assert!(judged(&answer).proposed, "nothing ties it to the call");
}

#[test]
fn a_short_input_may_stand_in_the_mail_itself() {
    let own = "Please find below the written contribution of Monaco to the regional review.\n\nCross-border workers are \
               treated equally (objective 6). The Principality pays for training and for the fight against trafficking \
               in Western Africa (objectives 2 and 10), and meets hate speech on social networks with courses at school \
               (objective 17).\n\nKind regards";
    let found = judged(&letter("Monaco", own, &[]));
    assert_eq!((found.kind, found.proposed, found.in_body), (Kind::Input, false, true), "{found:?}");
    let forgotten = "Please find attached the written contribution of Monaco to the regional review. We thank you for your \
                     patience, and we look forward to meeting all of you in November, when our experts will tell more \
                     about what was done in the country since the adoption of the Compact.\n\nKind regards";
    assert!(!judged(&letter("Monaco", forgotten, &[])).in_body);
}

#[test]
fn a_document_that_says_it_is_a_draft_is_asked() {
    let marks = [
        "DRAFT – NOT FOR REGISTRATION – for comments by line ministries by 5 October",
        "[DRAFT 12.09.2020]",
        "ENTWURF – nicht zur Registrierung",
        "Please do not register this version",
        "PROJET – document de travail, ne pas enregistrer",
        "ПРОЕКТ. Не для регистрации",
        "BORRADOR – no registrar",
        "BOZZA – documento di lavoro",
        "PROJEKT – wersja robocza",
        "NÁVRH – pracovní verze",
        "НАЦРТ – радна верзија",
        "NACRT – nije za registraciju",
        "ΣΧΕΔΙΟ – όχι για καταχώριση",
        "TASLAK – kayda alınmayacaktır",
        "ПРОЄКТ – не для реєстрації",
        "PROIECT – NU ESTE DESTINAT ÎNREGISTRĂRII",
        "CONCEPT",
        "PROJEKTAS",
        "PROJEKTS",
        "EELNÕU",
        "LUONNOS",
        "UTKAST",
        "مسودة – ليست للتسجيل",
        "草案",
    ];
    for mark in marks {
        for text in [format!("{mark}\n{INPUT}"), INPUT.replacen('\n', &format!("\n{mark}\n"), 3)] {
            let found = judged(&letter("Input of Estonia", "Please see attached.", &[document("input.docx", &text)]));
            assert!(!found.goes_by_itself(), "{mark}: {found:#?}");
        }
    }
    let translated = INPUT.replacen('\n', "\nMigration policy concept\n", 3);
    let found = judged(&letter("Input of Estonia", "Please see attached.", &[document("input.docx", &translated)]));
    assert!(found.goes_by_itself(), "a concept is a draft in other languages: {found:#?}");
    let headed = "Projet de loi\nDraft law on foreigners\n".to_owned();
    let text = format!("{INPUT}\n{headed}");
    let found = judged(&letter("Input of Estonia", "Please see attached.", &[document("input.docx", &text)]));
    assert!(found.goes_by_itself(), "a law that is drafted stands below: {found:#?}");
}

#[test]
fn a_file_named_a_draft_is_asked_and_its_name_told_as_it_is() {
    for name in
        ["DRAFT_input.docx", "Entwurf_Beitrag.docx", "Projet contribution.docx", "Input v0.3.docx", "Input_draft2.docx"]
    {
        let found = judged(&letter("Input of Estonia", "Please see attached.", &[document(name, INPUT)]));
        assert_eq!((found.kind, found.proposed), (Kind::Input, true), "{name}: {found:#?}");
        assert!(found.quoted().iter().any(|quoted| quoted.text == name), "{name}: {found:#?}");
    }
    let found = judged(&letter("Input of Estonia", "Please see attached.", &[document("Input EST v1.3.docx", INPUT)]));
    assert!(found.goes_by_itself(), "{found:#?}");
}

#[test]
fn what_is_taken_back_is_asked_in_many_languages() {
    let said = [
        "Просим считать направленные ранее материалы (прилагаются) отозванными.",
        "Prosimy o uznanie załączonego dokumentu za niebyły.",
        "Просимо вважати доданий внесок відкликаним.",
        "Vă rugăm să considerați retrasă contribuția atașată.",
        "Bereme zpět přiložený příspěvek.",
        "Vedämme liitteenä olevan kannanoton takaisin.",
        "Please consider the attached contribution withdrawn.",
        "Wir nehmen den beigefügten Beitrag zurück.",
        "Veuillez considérer la contribution ci-jointe comme retirée.",
        "Consideren retirada la contribución adjunta.",
        "Kérjük, egyelőre ne iktassák.",
        "Xahiş edirik hələ qeydiyyata almayasınız.",
    ];
    for own in said {
        let found = judged(&letter("GCM: input", own, &[document("input.docx", INPUT)]));
        assert_eq!(found.kind, Kind::Withdrawal, "{own}: {found:#?}");
    }
}

#[test]
fn the_same_words_are_told_once() {
    let found = judged(&letter("Draft input of Estonia", "Attached.", &[document("DRAFT_input.docx", INPUT)]));
    let told: Vec<String> = found.quoted().into_iter().map(|quoted| quoted.text).collect();
    let once = |text: &str| told.iter().filter(|told| *told == text).count() == 1;
    assert!(once("Draft input of Estonia") && once("DRAFT_input.docx"), "{told:?}");
}

#[test]
fn more_time_is_asked_for_until_a_day() {
    let asked = judged(&letter("GCM", "May we have an extension of the deadline until 7 October?", &[]));
    assert_eq!(asked.phrase(false).plain(), "a request for more time until 7 October 2020");
    let announced = judged(&letter("GCM", "We will send our input on 7 October.", &[]));
    assert_eq!(announced.phrase(false).plain(), "an announcement of an input by 7 October 2020");
}
