//! What the lines of a page's head are by their shape: lines of a letterhead, sentences, or the rows of a list.
//!
//! Promises that a sentence and a state in a list of states are told from a letterhead by what every writer does: a
//! sentence ends with its stop, a list stands under its heading. In doubt a line is one of a letterhead.

use std::sync::LazyLock;

use super::{
    register::Register,
    vocabulary::{self as words, Phrases, phrases},
};
use crate::core::{iso3::Iso3, text::fold::Folded};

/// What a line is by its shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// A line as letterheads and titles are made of.
    Line,
    /// A sentence.
    Sentence,
    /// A state in a list of states.
    Row,
}

/// How many words a sentence has at least, and a line into which a reader of PDF ran a page's title.
const SENTENCE: usize = 6;

/// Words of the headings under which states are listed.
static HEADINGS: LazyLock<Phrases> = LazyLock::new(|| {
    phrases(
        "\
        countries | partners | partner states | origin | destination* | citizenship* | nationalit* | agreement* | table* | \
        annex* | list of | statistic* | figure* | residents* | arrivals* | visas* | consulates | participants | pays | \
        partenaires | origine* | accords | tableau* | annexe* | liste* | ressortissants* | страны | стран | странам | \
        государства | гражданств* | соглашен* | таблица* | приложение* | список | партнеры | происхождени* | назначени* | \
        lander | herkunft* | herkunftslander | staatsangehorig* | abkommen* | tabelle* | anhang* | paises | socios | \
        acuerdo* | nacionalidad* | tabla* | anexo* | lista* | paesi | accordi | cittadinanz* | tabella* | allegato* | \
        landen | herkomst* | nationaliteit* | overeenkomst* | tabel* | kraje | krajow | umowy | obywatelstw* | tabela* | \
        zemlje | drzave | drzavljan* | sporazum* | zeme | statni obcanstvi | dohody | orszagok | allampolgar* | ulkeler* | \
        uyruk* | anlasma* | tari | cetatenie | acorduri | страны | держав* | країни | громадянств* | угоди | البلدان | الدول | \
        جدول | 国家名单* | 原籍国* | χωρες | χωρων | lander | land | medborgarskap* | maat | kansalaisuus*",
    )
});

/// The shapes of a head's lines.
pub(super) fn shapes(register: &Register, lines: &[&str]) -> Vec<Shape> {
    let mut shapes: Vec<Shape> =
        lines.iter().map(|line| if is_sentence(line) { Shape::Sentence } else { Shape::Line }).collect();
    let bare: Vec<Option<Vec<Iso3>>> = lines.iter().map(|line| bare(register, line)).collect();
    let mut at = 0;
    while at < lines.len() {
        let run = bare[at..].iter().take_while(|states| states.is_some()).count();
        if run == 0 {
            at += 1;
            continue;
        }
        let mut states: Vec<&Vec<Iso3>> = bare[at..at + run].iter().flatten().collect();
        states.sort_unstable();
        states.dedup();
        let listed = at > 0 && (heads_a_list(lines[at - 1]) || states.len() > 2 && named_above(register, &lines[..at]));
        if listed {
            shapes[at..at + run].fill(Shape::Row);
        }
        at += run;
    }
    shapes
}

/// Whether a line is a sentence, or more than one: it ends with its stop, or has one within.
fn is_sentence(line: &str) -> bool {
    let count = line.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).count();
    let small = line.chars().any(char::is_lowercase) || !line.chars().any(char::is_uppercase);
    let end = line.trim_end_matches([' ', '”', '"', '»']);
    let body = end.trim_end_matches(['.', '!', '?', ';', '։', '؟']);
    let ends = body.len() < end.len() && ends_in_word(body);
    count >= SENTENCE && small && (ends || stops_within(line)) || body.ends_with('。') || end.ends_with('。')
}

/// Whether a sentence ends within a line.
pub(super) fn stops_within(line: &str) -> bool {
    line.match_indices(". ").any(|(at, _)| {
        let next = line[at + 2..].chars().find(|c| c.is_alphabetic());
        ends_in_word(&line[..at]) && next.is_some_and(char::is_uppercase)
    })
}

/// Whether a text ends in a word, and not in an abbreviation: T. C., Rep.
fn ends_in_word(text: &str) -> bool {
    text.chars().rev().take_while(|c| c.is_alphabetic()).count() > 3
}

/// The states of a line that holds nothing but a state's name, its bullet and its figures.
fn bare(register: &Register, line: &str) -> Option<Vec<Iso3>> {
    let folded = Folded::new(line);
    let text = folded.text();
    let mentions = register.names.mentions(&folded);
    let first = mentions.first()?;
    let others = [&text[..first.range.start], &text[first.range.end..]];
    let figures = |word: &str| word.is_empty() || word == "the" || word.chars().all(|c| c.is_ascii_digit());
    others.iter().all(|rest| rest.split(' ').all(figures)).then(|| first.name.states.clone())
}

fn heads_a_list(line: &str) -> bool {
    let folded = Folded::new(line);
    line.trim_end().ends_with([':', '：']) || HEADINGS.find(folded.text()).is_some() && !words::joint(folded.text())
}

fn named_above(register: &Register, lines: &[&str]) -> bool {
    lines.iter().any(|line| !register.names.mentions(&Folded::new(line)).is_empty())
}
