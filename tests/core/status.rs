//! The eight words for a state, and the count that is made of them.

use std::collections::BTreeSet;

use docket::core::{
    calls::{
        count::{ByStanding, Counted},
        law::{Extension, Law},
        said::{Said, Word},
        standing::Standing,
        status::{Party, StateStands, Status, status},
    },
    iso3::Iso3,
    submission::{AdditionKind, Filed, Held, ItemId, Legible, Place, Receipt, View, Withdrawal, stands},
};
use jiff::civil::{Date, date};

use super::{
    law::{END, act},
    submission::{annex, beside, hour, taken_back, unread, version},
};

fn iso3(code: &str) -> Iso3 {
    code.parse().unwrap()
}

fn law() -> Law {
    let held = Held::from(hour(0));
    let more = Extension {
        id: 1,
        state: iso3("NOR"),
        instant: hour(END + 100),
        authority: "the director".to_owned(),
        by: 1,
        held,
    };
    Law::new(vec![act(1, 20, -100)], vec![more]).unwrap()
}

fn said(word: Word, received: i64) -> Said {
    let receipt = Receipt { at: hour(received), number: 90, n: 1 };
    Said { state: iso3("FRA"), word, receipt, by: 1, held: Held::from(hour(received)) }
}

/// What is known: the parties with their facts, and what France said.
#[derive(Default)]
struct Known {
    parties: Vec<(Vec<Iso3>, Vec<Filed>, Vec<Withdrawal>)>,
    said: Vec<Said>,
    possible: bool,
}

impl Known {
    fn of(filed: Vec<Filed>) -> Self {
        Self::default().and(&["FRA"], filed)
    }

    fn and(mut self, states: &[&str], filed: Vec<Filed>) -> Self {
        self.parties.push((states.iter().map(|code| iso3(code)).collect(), filed, Vec::new()));
        self
    }

    fn back(mut self, hours: i64) -> Self {
        self.parties.last_mut().unwrap().2.push(taken_back(hours));
        self
    }

    fn said(mut self, word: Word, hours: i64) -> Self {
        self.said.push(said(word, hours));
        self
    }

    fn possibly(self) -> Self {
        Self { possible: true, ..self }
    }

    fn parties(&self, view: View) -> Vec<Party<'_>> {
        self.parties
            .iter()
            .map(|(states, filed, backs)| Party { reference: "", states, stands: stands(filed, backs, view) })
            .collect()
    }

    fn status(&self, code: &str, view: View) -> StateStands {
        status(iso3(code), &self.parties(view), &self.said, self.possible, &law(), view)
    }
}

/// A case and what is known; the word, the standing, whether it counts, and which item is current.
type Row = (&'static str, Known, Status, Option<Standing>, bool, Option<i64>);

const OCTOBER: Option<Date> = Some(date(2020, 10, 5));

#[test]
#[expect(clippy::too_many_lines, reason = "it is the table of the rule")]
fn a_state_has_one_of_eight_words() {
    use Status::{Announced, Corrected, Declined, NothingReceived, PossiblyReceived, Received, UnderQuery, Withdrawn};
    let later = Word::Announced { day: OCTOBER };
    let on_time = Some(Standing::OnTime);
    let annexed = |received| Known::of(vec![version(1, 10), annex(2, received)]);
    let duplicate = beside(Place::Duplicate { of: ItemId(1) }, 2, 20);
    let copy = beside(Place::Rendition { of: ItemId(2) }, 3, 500);
    let opened = Filed { legible: Legible::Seen, ..unread(1, 10) };
    let again = Filed { content_key: Some("text 1".to_owned()), ..version(2, 20) };
    let table: Vec<Row> = vec![
        ("nothing", Known::default(), NothingReceived, None, false, None),
        ("on time", Known::of(vec![version(1, 10)]), Received, on_time, true, Some(1)),
        ("by grace", Known::of(vec![version(1, END)]), Received, Some(Standing::ByGrace), true, Some(1)),
        ("late", Known::of(vec![version(1, END + 2)]), Received, Some(Standing::Late), true, Some(1)),
        ("corrected", Known::of(vec![version(1, 10), version(2, 20)]), Corrected, on_time, true, Some(2)),
        ("corrected late", Known::of(vec![version(1, 10), version(2, END + 9)]), Corrected, on_time, true, Some(2)),
        (
            "late and corrected",
            Known::of(vec![version(1, END + 2), version(2, END + 9)]),
            Received,
            Some(Standing::Late),
            true,
            Some(2),
        ),
        ("sent twice", Known::of(vec![version(1, 10), again]), Received, on_time, true, Some(1)),
        ("a duplicate", Known::of(vec![version(1, 10), duplicate]), Received, on_time, true, Some(1)),
        ("with an annex", annexed(20), Received, on_time, true, Some(1)),
        ("with a late annex", annexed(END + 50), Received, on_time, true, Some(1)),
        ("an annex alone", Known::of(vec![annex(2, 10)]), NothingReceived, None, false, None),
        ("unreadable", Known::of(vec![unread(1, 10)]), UnderQuery, on_time, false, None),
        ("a person opened it", Known::of(vec![opened]), Received, on_time, true, Some(1)),
        ("revised, unreadable", Known::of(vec![version(1, 10), unread(2, 20)]), UnderQuery, on_time, true, Some(1)),
        (
            "and a late readable copy",
            Known::of(vec![version(1, 10), unread(2, 20), copy]),
            Corrected,
            on_time,
            true,
            Some(2),
        ),
        (
            "unreadable, then readable",
            Known::of(vec![unread(1, 10), version(2, END + 2)]),
            Received,
            Some(Standing::Late),
            true,
            Some(2),
        ),
        ("possible", Known::default().possibly(), PossiblyReceived, None, false, None),
        ("possible and announced", Known::default().said(later, 5).possibly(), PossiblyReceived, None, false, None),
        ("announced", Known::default().said(later, 5), Announced, None, false, None),
        (
            "announced, then declined",
            Known::default().said(later, 5).said(Word::Declined, 9),
            Declined,
            None,
            false,
            None,
        ),
        (
            "declined, and sent all the same",
            Known::of(vec![version(1, 10)]).said(Word::Declined, 15),
            Received,
            on_time,
            true,
            Some(1),
        ),
        ("withdrawn", Known::of(vec![version(1, 10)]).back(20), Withdrawn, None, false, None),
        (
            "withdrawn, with a word from before",
            Known::of(vec![version(1, 10)]).said(later, 5).back(20),
            Withdrawn,
            None,
            false,
            None,
        ),
        (
            "withdrawn and announced anew",
            Known::of(vec![version(1, 10)]).back(20).said(later, 20),
            Announced,
            None,
            false,
            None,
        ),
        (
            "withdrawn and sent anew",
            Known::of(vec![version(1, 10), version(2, 30)]).back(20),
            Received,
            on_time,
            true,
            Some(2),
        ),
        ("nothing to take back", Known::of(vec![annex(1, 10)]).back(20), NothingReceived, None, false, None),
    ];
    assert!(table.len() >= 24);
    let mut reached = BTreeSet::new();
    for (case, known, word, standing, counts, current) in table {
        let line = known.status("FRA", View::NOW);
        let item = line.current.map(|(_, row)| row);
        let judged = line.judged.map(|judged| judged.standing);
        assert_eq!((line.status, judged, line.counts, item), (word, standing, counts, current), "{case}");
        assert_eq!(line.day, (word == Announced).then_some(OCTOBER).flatten(), "{case}");
        reached.insert(word);
        assert_eq!(serde_json::to_value(word).unwrap(), word.word(), "{case}");
    }
    assert_eq!(reached, Status::ALL.into_iter().collect());
}

#[test]
fn a_joint_input_counts_for_each_of_its_states_and_corrects_none() {
    let known = Known::of(vec![version(1, 20)]).and(&["FRA", "ITA"], vec![version(2, 10)]);
    let france = known.status("FRA", View::NOW);
    assert_eq!((france.status, france.current), (Status::Received, Some((0, 1))), "the later one is current");
    assert_eq!(france.judged.unwrap().standing, Standing::OnTime);
    let italy = known.status("ITA", View::NOW);
    assert_eq!((italy.status, italy.current, italy.received), (Status::Received, Some((1, 2)), Some(hour(10))));
    let joint = Known::default().and(&["FRA", "NOR"], vec![version(1, END + 50)]);
    assert_eq!(joint.status("NOR", View::NOW).judged.unwrap().standing, Standing::Late, "France has no more time");
    let own = Known::default().and(&["NOR"], vec![version(1, END + 50)]);
    assert_eq!(own.status("NOR", View::NOW).judged.unwrap().standing, Standing::ByExtension);
}

#[test]
fn what_is_under_query_is_named_with_its_receipt() {
    let line = Known::of(vec![unread(1, END + 2)]).status("FRA", View::NOW);
    assert_eq!((line.current, line.queried, line.received), (None, Some((0, 1)), Some(hour(END + 2))));
    assert_eq!(line.judged.unwrap().standing, Standing::Late);
    let line = Known::of(vec![version(1, 10), unread(2, END + 2)]).status("FRA", View::NOW);
    assert_eq!((line.current, line.queried, line.received), (Some((0, 1)), Some((0, 2)), Some(hour(10))));
    assert_eq!(line.judged.unwrap().standing, Standing::OnTime);
}

#[test]
fn words_hold_from_when_they_were_known_and_received() {
    let mut known = Known::default().said(Word::Declined, 10);
    known.said[0].held = Held { since: hour(30), until: Some(hour(50)) };
    for (view, word) in [
        (View::NOW, Status::NothingReceived),
        (View::known_at(hour(40)), Status::Declined),
        (View::known_at(hour(30)), Status::NothingReceived),
        (View { received_before: hour(10), known_before: hour(40) }, Status::NothingReceived),
    ] {
        assert_eq!(known.status("FRA", view).status, word, "{view:?}");
    }
    assert_eq!(known.status("ITA", View::known_at(hour(40))).status, Status::NothingReceived, "it is no other's word");
}

#[test]
fn eighteen_of_fifty_six_is_the_count_of_the_states_that_count() {
    let translation = beside(Place::Addition { kind: AdditionKind::Translation, to: None }, 20, 30);
    let known = Known::of(vec![version(1, 10), version(2, 20), translation])
        .and(&["ITA"], vec![unread(3, 10)])
        .and(&["NOR", "SWE"], vec![version(4, END + 2)])
        .and(&["FRA", "ESP"], vec![version(5, END + 2)])
        .and(&["JPN"], vec![version(6, 10)])
        .and(&[], vec![version(7, 10)])
        .and(&["DEU"], vec![version(8, 10)])
        .back(20);
    let roster: Vec<Iso3> = ["DEU", "ESP", "FRA", "ITA", "NOR", "POL", "SWE"].map(iso3).to_vec();
    let possible = BTreeSet::from([iso3("POL"), iso3("FRA")]);
    let view = View::NOW;
    let (parties, law) = (known.parties(view), law());
    let counted =
        Counted { roster: &roster, parties: &parties, said: &known.said, possible: &possible, law: &law, view };
    let count = counted.count();
    assert_eq!((count.received, count.of, count.as_of, count.deadline), (4, 7, None, 1));
    let states: Vec<&str> =
        count.lines.iter().filter(|(_, line)| line.counts).map(|(state, _)| state.as_str()).collect();
    assert_eq!(states, ["ESP", "FRA", "NOR", "SWE"]);
    assert_eq!(count.standings, ByStanding { on_time: 1, late: 3, ..ByStanding::default() });
    assert_eq!((count.joint, count.apart), (vec![2, 3], vec![4, 5]), "each once, by place among the parties");
    assert_eq!(count.statuses[&Status::UnderQuery], 1);
    assert_eq!(count.statuses[&Status::Withdrawn], 1);
    assert_eq!(count.statuses[&Status::PossiblyReceived], 1);
    assert_eq!(count.statuses[&Status::Declined], 0);
    let view = View::as_of(hour(15));
    let parties = known.parties(view);
    let earlier = Counted { parties: &parties, view, ..counted }.count();
    assert_eq!((earlier.received, earlier.as_of), (2, Some(hour(15))), "France, and Germany that took it back later");
}
