//! How fast it is found whose an input is: the tables read and their automaton built, and cases of 5,000 words matched.
//!
//! `cargo bench --bench matching -- N` goes N times over the prepared cases (3 without it), on one core. Prints the figures
//! with their targets beside them; nothing fails by them: a machine has its own speed. How many of the cases are decided
//! right, by difficulty and trap, is printed by the test `matching::cases`.

#![expect(clippy::unwrap_used, reason = "a measurement that cannot go on has failed")]
#![expect(clippy::disallowed_methods, reason = "a measurement reads the files of the source and the time")]

use std::{fs, hint::black_box, time::Instant};

use docket::{
    config::Shipped,
    core::judging::matching::{Case, Decision},
    instance::read_register,
};

/// The words of a case.
const WORDS: usize = 5_000;
/// How often the tables are read; the median counts.
const READINGS: usize = 21;

fn main() {
    // Cargo adds `--bench` to the arguments.
    let rounds = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(3);
    let build = if cfg!(debug_assertions) { "a development build" } else { "a release build" };
    let shipped = Shipped::embedded();
    let mut readings: Vec<f64> = (0..READINGS)
        .map(|_| {
            let begun = Instant::now();
            black_box(read_register(&shipped).unwrap());
            begun.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    readings.sort_by(f64::total_cmp);
    println!("{build}");
    println!(
        "tables read, automaton built   {:8.1} ms, median of {READINGS} (target: under 50)",
        readings[READINGS / 2]
    );

    let register = read_register(&shipped).unwrap();
    let fillers = fillers();
    let mut cases = Vec::new();
    for file in ["tests/matching/eval_dev.jsonl", "tests/matching/traps.jsonl"] {
        let text = fs::read_to_string(file).unwrap();
        let read = text.lines().filter(|line| !line.trim().is_empty());
        cases.extend(read.map(|line| serde_json::from_str::<Case>(line).unwrap()));
    }
    for (case, n) in cases.iter_mut().zip(0..) {
        lengthen(case, &fillers[n % fillers.len()]);
    }
    let mut decided = 0_u32;
    let begun = Instant::now();
    for _ in 0..rounds {
        for case in &cases {
            let matched = black_box(register.match_case(black_box(case), "unece"));
            decided += u32::from(matched.decision == Decision::Matched);
        }
    }
    let seconds = begun.elapsed().as_secs_f64();
    let matched = u32::try_from(cases.len() * rounds).unwrap();
    println!(
        "cases of {WORDS} words, one core  {:8.0} a second, over {matched} (target: at least 500); {decided} decided",
        f64::from(matched) / seconds
    );
}

/// The texts of the demo's documents, in their languages: what stands below a letterhead.
fn fillers() -> Vec<Vec<String>> {
    let mut files: Vec<_> = fs::read_dir("config/demo/documents").unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|kind| kind == "txt"));
    files.sort();
    let words = |text: String| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    files.iter().map(|file| words(fs::read_to_string(file).unwrap())).filter(|words| !words.is_empty()).collect()
}

/// Brings a case to its length, in its first document or else its body.
fn lengthen(case: &mut Case, filler: &[String]) {
    let first = case.attachments.first_mut().map(|attachment| &mut attachment.first_page_text);
    let text = first.unwrap_or(&mut case.body);
    let missing = WORDS.saturating_sub(text.split_whitespace().count());
    for word in filler.iter().cycle().take(missing) {
        text.push(if word == "+" { '\n' } else { ' ' });
        text.push_str(word);
    }
}
