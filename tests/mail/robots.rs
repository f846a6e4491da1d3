//! Programs that no header gives away: by a subject, by a short text, by how soon they answer; and people who write alike.

use docket::core::mail::{
    automatic::{Answerable, Beside, Own, answerable},
    message::parse,
};

fn judge(subject: &str, body: &str, beside: Beside) -> Answerable {
    let raw = format!(
        "From: Ana <ana@mfa.gov.example>\r\nTo: review@example.org\r\nSubject: {subject}\r\nContent-Type: text/plain; \
         charset=utf-8\r\n\r\n{body}\r\n"
    );
    answerable(&parse(raw.as_bytes()).expect("a message").message, &Own::default(), beside)
}

const NOTHING_FOUND: Beside = Beside { document: false, purpose: Some(false), at_once: false };
const DOCUMENT: Beside = Beside { document: true, purpose: Some(true), at_once: false };
const PURPOSE: Beside = Beside { document: false, purpose: Some(true), at_once: false };
const AT_ONCE: Beside = Beside { document: false, purpose: Some(false), at_once: true };

/// What servers and rules put before the subject they answer, in the languages of the states and some others.
const ANSWERS: [&str; 68] = [
    "Automatic reply: Receipt",
    "Auto: Receipt",
    "AUTOMATED RESPONSE - Receipt",
    "Autoreply: Receipt",
    "Out of Office: Receipt",
    "[EXTERNAL] Automatic reply: Receipt",
    "***SPAM*** Automatische Antwort: Receipt",
    "Réponse automatique : Receipt",
    "Absence du bureau : Receipt",
    "Automatische Antwort: Receipt",
    "Automatische Rückantwort: Receipt",
    "Abwesenheitsnotiz: Receipt",
    "Abwesend: Receipt",
    "Respuesta automática: Receipt",
    "Fuera de la oficina: Receipt",
    "Risposta automatica: Receipt",
    "Fuori ufficio: Receipt",
    "Resposta automática: Receipt",
    "Automatisch antwoord: Receipt",
    "Afwezig: Receipt",
    "Autosvar: Receipt",
    "Automatiskt svar: Receipt",
    "Frånvaro: Receipt",
    "Automatisk svar: Receipt",
    "Fravær: Receipt",
    "Sjálfvirkt svar: Receipt",
    "Automaattinen vastaus: Receipt",
    "Poissa: Receipt",
    "Automaatvastus: Receipt",
    "Automātiska atbilde: Receipt",
    "Automatinis atsakymas: Receipt",
    "Autoodpowiedź: Receipt",
    "Odpowiedź automatyczna: Receipt",
    "Automatická odpověď: Receipt",
    "Automatická odpoveď: Receipt",
    "Automatikus válasz: Receipt",
    "Házon kívül: Receipt",
    "Samodejni odgovor: Receipt",
    "Automatski odgovor: Receipt",
    "Аутоматски одговор: Receipt",
    "Автоматски одговор: Receipt",
    "Përgjigje automatike: Receipt",
    "Автоматичен отговор: Receipt",
    "Извън офиса: Receipt",
    "Răspuns automat: Receipt",
    "Αυτόματη απάντηση: Receipt",
    "Otomatik yanıt: Receipt",
    "Ofis dışında: Receipt",
    "Автоматический ответ: Receipt",
    "Автоответ: Receipt",
    "Автоматична відповідь: Receipt",
    "Аўтаматычны адказ: Receipt",
    "ავტომატური პასუხი: Receipt",
    "Ավտոմատ պատասխան: Receipt",
    "Avtomatik cavab: Receipt",
    "Автоматты жауап: Receipt",
    "Автоматтык жооп: Receipt",
    "Avtomatik javob: Receipt",
    "Ҷавоби худкор: Receipt",
    "Awtomatik jogap: Receipt",
    "תשובה אוטומטית: Receipt",
    "Tweġiba awtomatika: Receipt",
    "Freagra uathoibríoch: Receipt",
    "Automatesch Äntwert: Receipt",
    "Resposta automàtica: Receipt",
    "رد تلقائي: Receipt",
    "پاسخ خودکار: Receipt",
    "自动回复：Receipt",
];

/// The same of reports and receipts, in front and behind.
const REPORTS: [&str; 34] = [
    "Undeliverable: Reminder",
    "Mail delivery failed: returning message to sender",
    "Reminder (Delivery Status Notification (Failure))",
    "Re: Reminder - could not be delivered",
    "Non remis : Rappel",
    "Unzustellbar: Erinnerung",
    "Nicht zugestellt: Erinnerung",
    "No se puede entregar: Recordatorio",
    "Mancata consegna: Promemoria",
    "Não entregue: Lembrete",
    "Onbestelbaar: Herinnering",
    "Niedostarczone: Reminder",
    "Nedoručitelné: Reminder",
    "Kézbesíthetetlen: Reminder",
    "Nelivrabil: Reminder",
    "Teslim Edilemedi: Reminder",
    "Недоставлено: Напоминание",
    "Не доставлено: Нагадування",
    "Недоставимо: Reminder",
    "Kunde inte levereras: Reminder",
    "Toimitus epäonnistui: Reminder",
    "Read: Reminder",
    "Not read: Reminder",
    "Lu : Rappel",
    "Gelesen: Erinnerung",
    "Leído: Recordatorio",
    "Letto: Promemoria",
    "Gelezen: Herinnering",
    "Přečteno: Reminder",
    "Olvasva: Reminder",
    "Okundu: Reminder",
    "Прочитано: Напоминание",
    "Прочетено: Reminder",
    "Διαβάστηκε: Reminder",
];

#[test]
fn subjects_of_programs_are_known_in_all_languages() {
    for subject in ANSWERS.iter().chain(&REPORTS) {
        for beside in [NOTHING_FOUND, Beside::default()] {
            let found = judge(subject, "text", beside);
            assert!(!found.send && found.automatic, "{subject}: {}", found.reason);
        }
        let found = judge(subject, "text", DOCUMENT);
        assert!(found.send && !found.automatic, "a subject takes no document from its sender: {subject}");
    }
}

#[test]
fn people_may_begin_a_subject_like_a_program() {
    for subject in [
        "Zustellung des deutschen Beitrags",
        "Automatic weapons and migration",
        "Automatisk sagsbehandling og integration",
        "Otomatik kimlik doğrulama",
        "Re: Undeliverable promises of the Compact",
        "WG: Undeliverable: Beitrag",
        "Failed attempts at reform",
        "Reading: a list of sources",
        "Potwierdzenie stanowiska",
        "Rappel : votre question",
        "Remise : la contribution",
        "Recall of our input",
        "Ticket by unknown user",
    ] {
        let found = judge(subject, "Could you tell us when the meeting begins?", NOTHING_FOUND);
        assert!(found.send, "{subject}: {}", found.reason);
    }
}

#[test]
fn short_texts_of_programs_are_known() {
    for body in [
        "This is an automatic message. Your enquiry will be dealt with.",
        "Please do not reply to this e-mail.",
        "##- Please type your reply above this line -##\r\n\r\nYour request (55231) has been received.",
        "Votre message nous est bien parvenu. Merci de ne pas y répondre.",
        "Ihre Anfrage ist bei uns eingegangen und wird bearbeitet.",
        "Este es un mensaje automático, por favor no responda.",
        "Questo è un messaggio generato automaticamente.",
        "Levelét megkaptuk. Ez egy automatikus üzenet, kérjük, ne válaszoljon rá.",
        "Το παρόν είναι αυτοματοποιημένο μήνυμα.",
        "Ваше обращение поступило и зарегистрировано под № 20.",
        "Bu otomatik bir mesajdır, lütfen yanıtlamayınız.",
        "Ово је аутоматска порука.",
        "ეს არის ავტომატური შეტყობინება.",
        "Бұл автоматты хабарлама, жауап бермеңіз.",
        "هذه رسالة تلقائية، يرجى عدم الرد عليها.",
        "此邮件由系统自动发送，请勿回复。",
    ] {
        let found = judge("Our letter", body, NOTHING_FOUND);
        assert!(!found.send && found.automatic, "{body}: {}", found.reason);
        let unknown = judge("Our letter", body, Beside::default());
        assert!(!unknown.send && !unknown.automatic, "where nobody looked for a purpose, a person is asked: {body}");
        assert!(unknown.perhaps_automatic.is_some(), "{body}");
        for beside in [PURPOSE, DOCUMENT] {
            assert!(judge("Our letter", body, beside).send, "never where a purpose is found: {body}");
        }
    }
    let long = format!("This is an automatic message. {}", "And so on, and so forth. ".repeat(60));
    assert!(judge("Our letter", &long, NOTHING_FOUND).send, "a long text is no program's by one phrase");
}

#[test]
fn phrases_of_absence_silence_only_beside_haste() {
    for body in [
        "I am out of the office until Monday. For urgent matters write to my colleague.",
        "Je suis en congé jusqu’au 5 octobre ; je vous répondrai à mon retour.",
        "Ich bin derzeit nicht im Büro. In dringenden Fällen wenden Sie sich an die Zentrale.",
        "Нахожусь в отпуске до 5 октября, отвечу после возвращения.",
        "Sunt plecat din birou până luni. Pentru urgenţe contactaţi colegii.",
        "İzindeyim, döndüğümde yanıtlayacağım.",
        "შვებულებაში ვარ 5 ოქტომბრამდე.",
        "在休假期间，如有急事请联系我的同事。",
    ] {
        assert!(judge("Re: Receipt", body, AT_ONCE).automatic, "within minutes: {body}");
        assert!(judge("Re: Receipt", body, PURPOSE).send, "a person who will send it: {body}");
        for subject in ["Re: Receipt", "Our letter"] {
            let later = judge(subject, body, NOTHING_FOUND);
            assert!(
                !later.send && !later.automatic && later.perhaps_automatic.is_some(),
                "a person may say so: {body}"
            );
        }
    }
}

#[test]
fn haste_alone_silences_nobody_and_is_asked() {
    for body in ["Thank you!", "Merci, bien reçu.", "Примено, хвала.", "ok"] {
        let found = judge("Re: Receipt", body, AT_ONCE);
        assert!(found.send && !found.automatic, "{body}: {}", found.reason);
        assert!(found.perhaps_automatic.as_deref().is_some_and(|why| why.contains("within minutes")), "{body}");
        assert_eq!(judge("Re: Receipt", body, NOTHING_FOUND).perhaps_automatic, None, "{body}");
        assert_eq!(judge("Re: Receipt", body, Beside { at_once: true, ..PURPOSE }).perhaps_automatic, None, "{body}");
    }
    let long = "We have looked into the matter and find that it is not so simple. ".repeat(8);
    assert_eq!(
        judge("Re: Receipt", &long, AT_ONCE).perhaps_automatic,
        None,
        "nobody is long within minutes by program"
    );
}

#[test]
fn a_program_s_subject_and_a_purpose_leave_it_to_a_person() {
    let found = judge("Automatic reply: Reminder", "I will send it on 5 October.", PURPOSE);
    assert!(!found.send && !found.automatic && found.perhaps_automatic.is_some(), "{}", found.reason);
    assert!(judge("Out of office until Monday, will send then", "Ana", PURPOSE).send);
}
