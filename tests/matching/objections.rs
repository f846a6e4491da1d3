//! What sends a case to a person although the sender's own domain stands for a state, and what does not.

use docket::core::judging::matching::{Case, CaseFile, Decision, Match, Sender, Source};

use super::{REGISTER, named};

const PAPER: &str = "Voluntary input to the regional review of the Global Compact for Migration\nObjective 1: data.";

fn answer(address: &str, subject: &str, body: &str, file: &str, page: &str) -> Match {
    let case = Case {
        from: Sender { display: String::new(), address: address.to_owned() },
        subject: subject.to_owned(),
        body: body.to_owned(),
        attachments: vec![CaseFile { filename: file.to_owned(), first_page_text: page.to_owned() }],
        ..Case::default()
    };
    REGISTER.match_case(&case, "unece")
}

/// A mail of Estonia's ministry whose document names nobody.
fn cover(body: &str) -> Match {
    answer("mari@mfa.ee", "GCM", body, "a.docx", PAPER)
}

fn left(answer: &Match, why: &str) {
    assert_eq!(answer.decision, Decision::Review, "{answer:#?}");
    assert!(answer.reason.contains(why), "{}", answer.reason);
}

#[test]
fn a_domain_alone_decides_where_nothing_speaks_against_it() {
    assert_eq!(named(&cover("Please find attached our input.")), ["EST"]);
    assert_eq!(named(&cover("Please find attached our input in Russian. The annex is not yet translated.")), ["EST"]);
}

#[test]
fn a_denial_goes_to_a_person_in_whatever_words() {
    left(&cover("This is not the input of Estonia."), "not the state’s own");
    left(&cover("Ceci n'est pas une contribution officielle."), "not the state’s own");
    left(&cover("Das ist kein Beitrag Estlands."), "the state’s own");
    left(&cover("Это не материалы Эстонии."), "not the state’s own");
    left(&cover("Under no circumstances would this be Estonia's contribution, nor is it meant so."), "deny");
    // Also where the document bears the state's letterhead.
    let paper = format!("REPUBLIC OF ESTONIA\nMinistry of Foreign Affairs\n{PAPER}");
    left(&answer("mari@mfa.ee", "GCM", "This is not the input of Estonia.", "a.docx", &paper), "not the state’s own");
    let draft = "This is not the final version of the input of Estonia.";
    assert_eq!(named(&answer("mari@mfa.ee", "GCM", draft, "a.docx", &paper)), ["EST"]);
}

#[test]
fn mail_for_another_goes_to_a_person() {
    left(&cover("I forward the input of the Ministry of Interior of Latvia."), "passes on");
    left(&cover("At the request of Latvia we are passing on the attached."), "passes on");
    left(&cover("We forward it for a partner."), "somebody else");
    left(&cover("The Latvian side wishes this to be registered."), "names another state");
    let paper = format!("REPUBLIC OF ESTONIA\nMinistry of Foreign Affairs\n{PAPER}");
    let thanks = "Please find our input. Latvia was consulted.";
    assert_eq!(named(&answer("mari@mfa.ee", "GCM", thanks, "a.docx", &paper)), ["EST"]);
}

#[test]
fn a_subject_and_a_file_name_may_call_it_another_s() {
    left(&answer("mari@mfa.ee", "Fwd: Latvian input", "", "a.docx", PAPER), "subject");
    left(&answer("mari@mfa.ee", "GCM", "", "Latvia_input.docx", PAPER), "file");
    left(&answer("mari@mfa.ee", "GCM", "", "GCM_input_LV_final.docx", PAPER), "file");
    // A language, an annex, and a name that the document's own letterhead refutes.
    assert_eq!(named(&answer("mari@mfa.ee", "GCM", "", "GCM_input_EN_final.docx", PAPER)), ["EST"]);
    assert_eq!(named(&answer("mari@mfa.ee", "GCM", "", "agreement_Latvia.docx", PAPER)), ["EST"]);
    let paper = format!("REPUBLIC OF ESTONIA\nMinistry of Foreign Affairs\n{PAPER}");
    assert_eq!(named(&answer("mari@mfa.ee", "GCM", "", "GCM_input_DE_final.docx", &paper)), ["EST"]);
}

#[test]
fn a_letterhead_that_is_not_the_sender_s_goes_to_a_person() {
    let head = |address: &str, head: &str| answer(address, "GCM", "", "a.docx", &format!("{head}\n{PAPER}"));
    left(&head("mari@mfa.ee", "Ministerul Afacerilor Externe"), "language");
    left(&head("mari@mfa.ee", "საგარეო საქმეთა სამინისტრო"), "language");
    left(&head("mari@mfa.ee", "Permanent Mission of Zubrowka"), "nobody knows");
    left(&head("mari@mfa.ee", "REPUBLIC OF LATIVA\nMinistry of the Interior"), "misspelt");
    left(&head("mari@mfa.ee", "RFPUBLICA MOLDOVA"), "nobody knows");
    assert_eq!(named(&head("mari@mfa.ee", "Siseministeerium")), ["EST"]);
    assert_eq!(named(&head("mari@mfa.ee", "Permanent Mission of Estonai")), ["EST"]);
    // Swedish is Finland's, too; Austria is no misspelt Australia.
    assert_eq!(named(&head("x@formin.fi", "Utrikesdepartementet")), ["FIN"]);
    left(&head("x@bmeia.gv.at", "AUSTRLIA\nMinistry of the Interior"), "misspelt");
}

#[test]
fn hosts_that_are_none_and_borrowed_names_are_look_alikes() {
    let paper = format!("GOVERNMENT OF ESTONIA\nMinistry of Foreign Affairs\nInput of Estonia\n{PAPER}");
    let body = "The Permanent Mission of Estonia presents its compliments and transmits the input of Estonia.";
    for address in [
        "x@siseministeerium.com",
        "x@vm.com",
        "x@xn--vm-ija.ee",
        "x@598871%mfa.ee",
        "x@[mfa.ee]",
        "x@mfa.ee@evil.example",
        "x@mfa-ee.org",
    ] {
        let answer = answer(address, "Input of Estonia", body, "a.docx", &paper);
        assert_eq!(answer.decision, Decision::Review, "{address}: {answer:#?}");
    }
    assert_eq!(named(&answer("x@mfa.ee.", "Input of Estonia", body, "a.docx", &paper)), ["EST"]);
}

#[test]
fn what_was_misread_is_mended_and_not_named_by_likeness() {
    let head = |address: &str, head: &str| answer(address, "GCM", "", "a.docx", head);
    left(&head("mari@mfa.ee", "MagyarorszÃ¡g\nKÃ¼lÃ¼gyminisztÃ©rium\nInput to the review"), "more than one state");
    left(&head("mari@mfa.ee", "R0MANIA\nMinisterul Afacerllor Externe\nInput to the review"), "more than one state");
    let misspelt = "REPUBLC OF ALBANA\nOur text on migration";
    assert_eq!(named(&head("arben@mfa.gov.al", misspelt)), ["ALB"]);
    let answer = head("arben@gmail.com", misspelt);
    assert_eq!(named(&answer), Vec::<String>::new());
}

#[test]
fn a_sentence_on_every_page_hides_no_letterhead() {
    let footer = "Sample text written for a trial; not a statement of any Government.";
    let page = format!(
        "{footer}\nROM\u{c2}NIA\nMinistry of Internal Affairs\nNational report of Romania on the Global Compact"
    );
    let romania = answer("post@mail.example", "Input", "Please find our input attached.", "a.docx", &page);
    let seen = romania.evidence.iter().any(|e| e.source == Source::Letterhead && e.iso3.as_str() == "ROU");
    assert!(seen, "{romania:#?}");
    let moldova = answer("post@mfa.gov.md", "Input", "Please find our input attached.", "a.docx", &page);
    assert_eq!(moldova.decision, Decision::Review, "{moldova:#?}");
}

#[test]
fn a_notice_in_brackets_is_not_the_sender_s_denial() {
    let body = |said: &str| cover(&format!("Please find attached the input of Estonia.\n\n{said}"));
    let notice = body("[External mail; this is\nnot a statement of the Government.]");
    assert_eq!(notice.decision, Decision::Matched, "{notice:#?}");
    left(&body("This is not a statement of the Government."), "not the state’s own");
    let swedish = answer("anna@regeringskansliet.se", "GCM", "Bifogat finner ni Sveriges bidrag.", "a.docx", PAPER);
    assert_eq!(swedish.decision, Decision::Matched, "{swedish:#?}");
}
