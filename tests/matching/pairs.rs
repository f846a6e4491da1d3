//! The envelope of one state around the document of another: no domain, note or subject makes it the envelope's.

use docket::core::judging::matching::{Case, CaseFile};
use encoding_rs::{WINDOWS_1251, WINDOWS_1252};

use super::{Prepared, REGISTER, development, named};

/// How many pairs are tried.
const PAIRS: usize = 1_473;

/// The envelope of the one with the documents of the other.
fn mixed(envelope: &Prepared, document: &Prepared, page: impl Fn(&str) -> String) -> Case {
    let files = document
        .case
        .attachments
        .iter()
        .map(|file| CaseFile { filename: file.filename.clone(), first_page_text: page(&file.first_page_text) });
    Case { attachments: files.collect(), ..envelope.case.clone() }
}

/// Pairs of development cases of different states, spread over all of them.
fn pairs(cases: &[Prepared]) -> Vec<(&Prepared, &Prepared)> {
    let one = |case: &&Prepared| case.expected.states().len() == 1 && !case.case.attachments.is_empty();
    let cases: Vec<&Prepared> = cases.iter().filter(one).collect();
    let all: Vec<(&Prepared, &Prepared)> = cases
        .iter()
        .flat_map(|envelope| cases.iter().map(move |document| (*envelope, *document)))
        .filter(|(envelope, document)| envelope.expected.states() != document.expected.states())
        .collect();
    let step = all.len() / PAIRS;
    all.into_iter().step_by(step.max(1)).take(PAIRS).collect()
}

/// Pairs that were decided for the envelope's state, or for one that is neither's; of those whose document is changed by
/// the way its pages are read, or of all.
fn decided_wrongly(page: impl Fn(&str) -> String, only_changed: bool) -> Vec<String> {
    let cases = development();
    let pairs = pairs(&cases);
    assert_eq!(pairs.len(), PAIRS);
    let wrong = pairs.into_iter().filter_map(|(envelope, document)| {
        let is_changed = |file: &CaseFile| page(&file.first_page_text) != file.first_page_text;
        if only_changed && !document.case.attachments.iter().any(is_changed) {
            return None;
        }
        let states = named(&REGISTER.match_case(&mixed(envelope, document, &page), "unece"));
        let wrong = !states.is_empty() && states != document.expected.states();
        wrong.then(|| format!("{} around {}: {states:?}", envelope.case.id, document.case.id))
    });
    wrong.collect()
}

#[test]
fn no_envelope_makes_another_s_document_its_own() {
    let wrong = decided_wrongly(str::to_owned, false);
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn nor_does_it_where_the_document_was_decoded_twice() {
    for encoding in [WINDOWS_1252, WINDOWS_1251] {
        let wrong = decided_wrongly(|page| encoding.decode_without_bom_handling(page.as_bytes()).0.into_owned(), true);
        assert!(wrong.is_empty(), "{}: {} are wrong:\n{}", encoding.name(), wrong.len(), wrong.join("\n"));
    }
}
