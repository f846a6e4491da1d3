//! Which headings of the template an input answers.

use docket::{
    config::{Shipped, load_call},
    core::calls::coverage::{Answer, Headings, How},
};
use serde::Deserialize;

/// Papers of every shape, with the right answers.
const CASES: &str = include_str!("coverage/cases.toml");
/// The headings of the shipped call, as the cases name them.
const SHORT: [&str; 5] = ["P", "C", "L", "V", "K"];

const TEXT: &str = "Contribution of Spain

1. Avances desde 2018
Desde la adopción del Pacto, España ha puesto en marcha un plan nacional de migración con cien medidas concretas.

RETOS Y NECESIDADES
LESSONS LEARNED
Where people were asked before a rule was made, the rule was kept: this we would do again in every province.
Key findings: the plan has been carried out in nine of ten provinces, and people know where to ask for help.
Durante la pandemia de COVID-19 se prorrogaron de oficio las autorizaciones de residencia.";

fn headings() -> Headings {
    let wordings: Vec<(&str, Vec<String>)> = [
        ("progress", &["progress", "avances", "progrès"][..]),
        ("challenges", &["challenges", "retos", "gaps"]),
        ("lessons", &["lessons learned", "good practices"]),
        ("covid", &["covid 19", "pandemic*", "pandemi*"]),
        ("findings", &["key findings"]),
        ("resources", &["resources"]),
    ]
    .map(|(name, words)| (name, words.iter().map(|word| (*word).to_owned()).collect()))
    .to_vec();
    Headings::new(wordings.iter().map(|(name, words)| (*name, words.as_slice())))
}

/// The answer to a heading: how, the line, and its number.
fn answer(text: &str, heading: &str) -> Option<(How, String, usize)> {
    let answers = headings().answered(text);
    let Answer { found, .. } = answers.into_iter().find(|answer| answer.heading == heading).unwrap();
    found.map(|found| (found.how, found.line, found.paragraph))
}

#[test]
fn an_answer_stands_under_its_heading_and_quotes_it() {
    assert_eq!(headings().answered(TEXT).len(), 6, "each heading is there, found or not");
    let found = |heading| answer(TEXT, heading);
    assert_eq!(found("progress"), Some((How::Headed, "1. Avances desde 2018".to_owned(), 2)));
    assert_eq!(found("challenges"), None, "nothing stands below it but another heading");
    assert_eq!(found("lessons"), Some((How::Headed, "LESSONS LEARNED".to_owned(), 5)));
    let (how, line, paragraph) = found("findings").unwrap();
    assert_eq!((how, paragraph), (How::Headed, 7), "the text goes on behind it: {line}");
    let (how, line, paragraph) = found("covid").unwrap();
    assert_eq!((how, paragraph), (How::InPassing, 8));
    assert!(line.starts_with("Durante la pandemia"), "{line}");
    assert_eq!(found("resources"), None);
}

#[test]
fn an_empty_template_answers_nothing_and_a_heading_is_better_than_a_word_in_passing() {
    assert!(
        headings().answered("Progress\nChallenges\nLessons learned\nResources\n").iter().all(|a| a.found.is_none())
    );
    assert!(headings().answered("").iter().all(|answer| answer.found.is_none()));
    let text = "We made much progress in the last two years, and we are glad of it.\nProgress\nThe plan of the \
                government has been carried out in all provinces, and more will follow soon.";
    assert_eq!(answer(text, "progress"), Some((How::Headed, "Progress".to_owned(), 2)));
}

#[derive(Deserialize)]
struct Cases {
    case: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    #[serde(default)]
    held: bool,
    text: String,
    headed: Vec<String>,
    passing: Vec<String>,
    /// Of which the answer is known to be wrong.
    #[serde(default)]
    missed: Vec<String>,
    #[serde(default)]
    quotes: std::collections::BTreeMap<String, String>,
}

#[test]
fn papers_of_every_shape_answer_what_they_answer() {
    let call = load_call(&Shipped::embedded(), "unece-gcm-2020").unwrap();
    let named = call.template_headings();
    assert_eq!(named.len(), SHORT.len(), "the headings of the letter");
    let headings = Headings::new(named.iter().map(|(name, wordings)| (name.as_str(), wordings.as_slice())));
    let cases = toml::from_str::<Cases>(CASES).unwrap().case;
    assert_eq!(cases.len(), 40);
    let mut wrong = Vec::new();
    for case in &cases {
        let answers = headings.answered(&case.text);
        for (short, answer) in SHORT.iter().zip(&answers) {
            let holds = |list: &[String]| list.iter().any(|name| name == short);
            let right = match (holds(&case.headed), holds(&case.passing)) {
                (true, _) => Some(How::Headed),
                (_, true) => Some(How::InPassing),
                _ => None,
            };
            let found = answer.found.as_ref();
            let quote = case.quotes.get(*short);
            let misses = found.map(|found| found.how) != right
                || quote.is_some_and(|quote| found.is_none_or(|found| found.line != *quote));
            if misses != holds(&case.missed) {
                wrong.push(format!(
                    "{}{}: {short} is {right:?}, found {found:?}",
                    if case.held { "held, " } else { "" },
                    case.name
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {} answers:\n{}", wrong.len(), cases.len() * SHORT.len(), wrong.join("\n"));
}
