//! The prepared cases: never a wrong state, and the bars of recall, kind and review.

use std::collections::BTreeMap;

use docket::core::judging::matching::{Decision, Kind};

use super::{Prepared, REGISTER, development, named, strangers, traps, whose};

#[derive(Default)]
struct Count {
    cases: usize,
    wrong: usize,
    expected: usize,
    right: usize,
    kind: usize,
    review: usize,
}

impl Count {
    fn percent(part: usize, of: usize) -> f64 {
        let [part, of] = [part, of.max(1)].map(|n| f64::from(u32::try_from(n).expect("few cases")));
        100.0 * part / of
    }

    fn line(&self, what: &str) -> String {
        format!(
            "{what:32} {:4} cases, {} wrong, {:3} of {:3} decided right, kind right {:5.1} %, review {:5.1} %",
            self.cases,
            self.wrong,
            self.right,
            self.expected,
            Self::percent(self.kind, self.cases),
            Self::percent(self.review, self.cases),
        )
    }
}

/// Scores the cases as `score_match.py` does, prints the table, and names every wrong decision.
fn score(cases: &[Prepared]) -> Count {
    let mut all = Count::default();
    let mut groups: BTreeMap<String, Count> = BTreeMap::new();
    for prepared in cases {
        let answer = REGISTER.match_case(&prepared.case, "unece");
        let states = named(&answer);
        let expected = prepared.expected.states();
        let right = !states.is_empty() && states == expected;
        let wrong = !states.is_empty() && !right;
        let review = answer.decision == Decision::Review;
        let kind = answer.kind == prepared.expected.kind || (prepared.expected.kind == Kind::Ambiguous && review);
        if wrong {
            println!("WRONG {}: expected {expected:?}, got {states:?} by {:#?}", prepared.case.id, answer.evidence);
        } else if !kind || (!expected.is_empty() && !right) {
            println!(
                "left {}: expected {:?} {expected:?}, got {:?} {:?}",
                prepared.case.id, prepared.expected.kind, answer.decision, answer.kind
            );
        }
        let names = prepared.traps.iter().map(|t| format!("trap {t}"));
        let difficulty = std::iter::once(format!("difficulty {}", prepared.difficulty));
        let add = |count: &mut Count| {
            count.cases += 1;
            count.wrong += usize::from(wrong);
            count.expected += usize::from(!expected.is_empty());
            count.right += usize::from(right);
            count.kind += usize::from(kind);
            count.review += usize::from(review);
        };
        add(&mut all);
        difficulty.chain(names).for_each(|group| add(groups.entry(group).or_default()));
    }
    for (group, count) in &groups {
        println!("{}", count.line(group));
    }
    println!("{}", all.line("all"));
    all
}

#[test]
fn the_development_cases_reach_the_bars() {
    let all = score(&development());
    assert_eq!(all.cases, 150);
    assert_eq!(all.wrong, 0, "a wrong state is the worst failure");
    assert_eq!((all.right, all.expected), (128, 128));
    assert!(Count::percent(all.kind, all.cases) >= 97.0, "kind right: {} of {}", all.kind, all.cases);
    assert!(Count::percent(all.review, all.cases) <= 15.0, "left to a person: {} of {}", all.review, all.cases);
}

#[test]
fn the_traps_are_seen() {
    let all = score(&traps());
    assert_eq!(all.wrong, 0, "a wrong state is the worst failure");
    assert!(Count::percent(all.right, all.expected) >= 95.0, "decided right: {} of {}", all.right, all.expected);
    assert!(Count::percent(all.kind, all.cases) >= 97.0, "kind right: {} of {}", all.kind, all.cases);
}

/// Local authorities, organisations, spokesmen, embassies and their hosts, neighbours by name, forwards and threads in
/// eight languages, costumes.
#[test]
fn those_who_are_easily_taken_for_another_are_not() {
    let all = score(&strangers());
    assert!(all.cases > 500);
    assert_eq!(all.wrong, 0, "a wrong state is the worst failure");
    assert!(Count::percent(all.right, all.expected) >= 98.0, "decided right: {} of {}", all.right, all.expected);
    assert!(Count::percent(all.kind, all.cases) >= 98.0, "kind right: {} of {}", all.kind, all.cases);
}

/// Denials, mail for another, foreign and unknown letterheads, territories, look-alikes; sentences and lists in heads,
/// local words, misspelt and misread names.
#[test]
fn a_domain_is_evidence_and_no_verdict() {
    let all = score(&whose());
    assert!(all.cases > 140);
    assert_eq!(all.wrong, 0, "a wrong state is the worst failure");
    assert!(Count::percent(all.right, all.expected) >= 95.0, "decided right: {} of {}", all.right, all.expected);
    assert!(Count::percent(all.kind, all.cases) >= 95.0, "kind right: {} of {}", all.kind, all.cases);
}

#[test]
fn every_decision_quotes_what_it_rests_on() {
    for prepared in development().iter().chain(&traps()).chain(&strangers()) {
        let answer = REGISTER.match_case(&prepared.case, "unece");
        for state in named(&answer) {
            let quoted =
                answer.evidence.iter().any(|e| e.iso3.as_str() == state && e.weight >= 0.6 && !e.text.is_empty());
            assert!(quoted, "{}: nothing is quoted for {state}", prepared.case.id);
        }
        assert!(answer.evidence.windows(2).all(|w| w[0].weight >= w[1].weight), "the weightiest first");
        assert!((0.0..=1.0).contains(&answer.score));
    }
}

#[test]
fn the_roster_makes_the_kind() {
    let albania = development().into_iter().find(|p| p.expected.state.as_deref() == Some("ALB")).unwrap();
    assert_eq!(REGISTER.match_case(&albania.case, "unece").kind, Kind::MemberState);
    assert_eq!(REGISTER.match_case(&albania.case, "escap").kind, Kind::OutsideRegion);
}
