//! Whose input it is: the prepared cases, the reference tables, mutants, and the rules one by one.

mod cases;
mod mutants;
mod objections;
mod pairs;
mod rules;
mod tables;

use std::sync::LazyLock;

use docket::core::judging::matching::{Case, Decision, Kind, Match, Register, Tables};
use serde::Deserialize;

/// The tables as the program ships them.
pub(crate) const TABLES: Tables<'static> = Tables {
    member_states: include_str!("../../config/states/member_states.csv"),
    domain_evidence: include_str!("../../config/states/domain_evidence.csv"),
    shared_domains: include_str!("../../config/states/shared_domains.csv"),
    substate_domains: include_str!("../../config/states/substate_domains.csv"),
    ambiguous: include_str!("../../config/states/ambiguous.csv"),
    embedded_names: include_str!("../../config/states/embedded_names.csv"),
    dated_names: include_str!("../../config/states/dated_names.csv"),
};

/// The register they make.
pub(crate) static REGISTER: LazyLock<Register> =
    LazyLock::new(|| Register::load(&TABLES).expect("the shipped tables load"));

/// A prepared case with its answer.
#[derive(Clone, Deserialize)]
struct Prepared {
    #[serde(flatten)]
    case: Case,
    expected: Expected,
    difficulty: u8,
    traps: Vec<String>,
}

#[derive(Clone, Deserialize)]
struct Expected {
    state: Option<String>,
    #[serde(default)]
    states: Vec<String>,
    kind: Kind,
}

impl Expected {
    /// The states that must be named, by their codes.
    fn states(&self) -> Vec<String> {
        let mut states: Vec<String> = self.state.iter().chain(&self.states).cloned().collect();
        states.sort();
        states
    }
}

/// Cases as lines of JSON, all written for this project: 150 that the matcher was built against, 130 with traps, and 500
/// and more of those who are easily taken for a state, or for another one.
fn prepared(text: &str) -> Vec<Prepared> {
    text.lines().filter(|l| !l.trim().is_empty()).map(|l| serde_json::from_str(l).expect("a prepared case")).collect()
}

fn development() -> Vec<Prepared> {
    prepared(include_str!("eval_dev.jsonl"))
}

fn traps() -> Vec<Prepared> {
    prepared(include_str!("traps.jsonl"))
}

fn strangers() -> Vec<Prepared> {
    prepared(include_str!("strangers.jsonl"))
}

/// Cases in which an authority's domain is evidence and no verdict, and what was wrongly left to a person.
fn whose() -> Vec<Prepared> {
    prepared(include_str!("whose.jsonl"))
}

/// The states that an answer names; none where it leaves them open.
fn named(answer: &Match) -> Vec<String> {
    if answer.decision != Decision::Matched {
        return Vec::new();
    }
    let mut states: Vec<String> = answer.iso3.iter().chain(&answer.iso3s).map(ToString::to_string).collect();
    states.sort();
    states
}
