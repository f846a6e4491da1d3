//! What a change comes to, and what an item comes to beside what stands.

use docket::core::submission::{
    AdditionKind, Becomes, Filed, ItemId, Named, Place, Told, View, becomes, settle, stands,
};

use super::{annex, beside, hour, taken_back, unread, version};

fn named(n: Option<u32>, received: i64) -> Named {
    Named { n, received: hour(received) }
}

/// What an item comes to where letters told the numbers of these versions.
fn comes_to(item: i64, filed: &[Filed], told: &[u32]) -> Becomes {
    becomes(ItemId(item), &stands(filed, &[], View::NOW), &|n| told.contains(&n))
}

#[test]
fn only_what_is_current_replaces_and_it_replaces_what_was_current() {
    let two = [version(1, 10), version(2, 20)];
    assert_eq!(comes_to(1, &two[..1], &[]), Becomes::First);
    assert_eq!(comes_to(2, &two, &[1]), Becomes::Replaces { former: named(Some(1), 10) });
    assert_eq!(comes_to(2, &two, &[]), Becomes::Replaces { former: named(None, 10) }, "a number nobody was told");
    assert_eq!(comes_to(1, &two, &[2]), Becomes::Earlier { current: named(Some(2), 20) });
    let around = [version(1, 10), unread(2, 20), version(3, 30)];
    assert_eq!(comes_to(3, &around, &[1, 2]), Becomes::Replaces { former: named(Some(1), 10) }, "not the unread one");
    assert_eq!(comes_to(2, &[unread(1, 10), version(2, 20)], &[1]), Becomes::First, "nothing that could be read");
}

#[test]
fn what_could_not_be_read_leaves_what_stands() {
    assert_eq!(comes_to(1, &[unread(1, 10)], &[]), Becomes::UnderQuery { current: None });
    let revised = [version(1, 10), unread(2, 20)];
    assert_eq!(comes_to(2, &revised, &[1]), Becomes::UnderQuery { current: Some(named(Some(1), 10)) });
    let place = Place::Rendition { of: ItemId(2) };
    let copy = [version(1, 10), unread(2, 20), beside(place, 3, 30)];
    assert_eq!(comes_to(3, &copy, &[2]), Becomes::Copy { of: named(Some(2), 20) });
    let damaged = Filed { place, ..unread(3, 30) };
    let copy = [version(1, 10), unread(2, 20), damaged];
    assert_eq!(comes_to(3, &copy, &[]), Becomes::UnderQuery { current: Some(named(None, 10)) });
    let latest = [unread(2, 20), beside(place, 3, 30), beside(place, 4, 40)];
    assert_eq!(comes_to(3, &latest, &[]), Becomes::Copy { of: named(None, 20) });
}

#[test]
fn what_stands_beside_says_for_which_version() {
    let filed = [version(1, 10), annex(2, 15), version(3, 20)];
    assert_eq!(comes_to(2, &filed, &[1]), Becomes::Beside { kind: AdditionKind::Annex, to: Some(named(Some(1), 10)) });
    assert_eq!(comes_to(2, &filed[1..2], &[]), Becomes::Beside { kind: AdditionKind::Annex, to: None });
    let again = Filed { content_key: Some("text 1".to_owned()), ..version(2, 15) };
    assert_eq!(comes_to(2, &[version(1, 10), again], &[1]), Becomes::Repeats { version: named(Some(1), 10) });
    let by_word = beside(Place::Duplicate { of: ItemId(1) }, 2, 15);
    assert_eq!(comes_to(2, &[version(1, 10), by_word.clone()], &[1]), Becomes::Repeats { version: named(Some(1), 10) });
    assert_eq!(comes_to(2, &[by_word], &[]), Becomes::Kept, "of nothing that stands");
    for place in [Place::Withdrawal, Place::Recall, Place::Correspondence] {
        assert_eq!(comes_to(2, &[version(1, 10), beside(place, 2, 15)], &[1]), Becomes::Kept, "{place:?}");
    }
    assert_eq!(comes_to(7, &filed, &[1]), Becomes::Kept, "what is not there");
    let back = [version(1, 10)];
    let stands = stands(&back, &[taken_back(20)], View::NOW);
    assert_eq!(becomes(ItemId(1), &stands, &|_| true), Becomes::Kept, "taken back");
}

#[test]
fn what_an_item_comes_to_has_one_text() {
    for (becomes, text) in [
        (Becomes::First, r#"{"is":"first"}"#),
        (
            Becomes::Replaces { former: named(Some(1), 0) },
            r#"{"is":"replaces","former":{"n":1,"received":"2020-09-01T00:00:00Z"}}"#,
        ),
        (Becomes::UnderQuery { current: None }, r#"{"is":"under_query"}"#),
        (
            Becomes::Beside { kind: AdditionKind::CoverLetter, to: Some(named(None, 0)) },
            r#"{"is":"beside","kind":"cover_letter","to":{"received":"2020-09-01T00:00:00Z"}}"#,
        ),
    ] {
        assert_eq!(serde_json::to_string(&becomes).unwrap(), text);
        assert_eq!(serde_json::from_str::<Becomes>(text).unwrap(), becomes);
    }
}

#[test]
fn a_text_that_was_received_earlier_takes_the_place_of_the_one_that_stood() {
    let late = Filed { n: Some(1), ..version(2, 20) };
    let early = Filed { id: 3, n: None, content_key: late.content_key.clone(), ..version(3, 10) };
    let (before, after) = ([late.clone()], [late, early]);
    let (before, after) = (stands(&before, &[], View::NOW), stands(&after, &[], View::NOW));
    let there = settle(&before, &after, &[]);
    assert_eq!((there.took_place, there.gave_way), (vec![], vec![ItemId(2)]));
    assert_eq!((there.numbers, there.current), (vec![(3, 1)], Some(ItemId(3))), "no letter told number 1");
    let told = settle(&before, &after, &[Told { n: 1, item: Some(ItemId(2)) }]);
    assert_eq!(told.numbers, [(3, 2)], "number 1 was told of another");
    let back = settle(&after, &before, &[]);
    assert_eq!((back.took_place, back.gave_way, back.numbers), (vec![ItemId(2)], vec![], vec![(2, 1)]));
}
