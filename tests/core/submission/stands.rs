//! What stands of a submission, and what is current, by the receipt clock.

use docket::core::submission::{AdditionKind, Filed, Held, ItemId, Legible, Place, View, stands};

use super::{annex, beside, hour, taken_back, unread, version};

/// The current item, and the one under query.
fn current(filed: &[Filed], view: View) -> (Option<i64>, Option<i64>) {
    let stands = stands(filed, &[], view);
    let item = |version: Option<&docket::core::submission::Version<'_>>| version.map(|version| version.filed.item.0);
    (item(stands.current()), item(stands.queried()))
}

#[test]
fn what_could_not_be_read_never_replaces_what_could() {
    let seen = Filed { legible: Legible::Seen, ..unread(2, 20) };
    let copy = |of, received| beside(Place::Rendition { of: ItemId(of) }, 3, received);
    let unread_copy = Filed { legible: Legible::Unread, ..copy(2, 30) };
    for (case, filed, expected) in [
        ("the readable one stands", vec![version(1, 10), unread(2, 20)], (Some(1), Some(2))),
        ("in whatever order it was filed", vec![unread(2, 20), version(1, 10)], (Some(1), Some(2))),
        ("an unreadable first one is no input that stands", vec![unread(1, 10)], (None, Some(1))),
        ("what came before the current one asks nothing", vec![unread(1, 10), version(2, 20)], (Some(2), None)),
        ("a person has opened it", vec![version(1, 10), seen], (Some(2), None)),
        ("a readable copy", vec![version(1, 10), unread(2, 20), copy(2, 30)], (Some(2), None)),
        ("a copy that cannot be read", vec![version(1, 10), unread(2, 20), unread_copy], (Some(1), Some(2))),
        ("a copy has the date of its version", vec![unread(1, 10), version(2, 20), copy(1, 30)], (Some(2), None)),
        ("a copy of nothing", vec![version(1, 10), copy(9, 30)], (Some(1), None)),
    ] {
        assert_eq!(current(&filed, View::NOW), expected, "{case}");
    }
}

#[test]
fn the_latest_receipt_is_current_whatever_was_filed_first_or_numbered_last() {
    let found_later = Filed { n: Some(2), held: Held::from(hour(90)), ..version(2, 5) };
    assert_eq!(current(&[version(1, 10), found_later], View::NOW), (Some(1), None));
    let (one, other) = (version(1, 10), version(2, 10));
    assert_eq!(current(&[other, one], View::NOW), (Some(2), None), "of two at once the lower number came first");
}

#[test]
fn equal_texts_are_one_version_that_was_received_first() {
    let again = |item, received| Filed { content_key: Some("text 1".to_owned()), ..version(item, received) };
    let filed = [again(4, 5), version(2, 20), version(1, 10), again(3, 30)];
    let all = stands(&filed, &[], View::NOW);
    let seen: Vec<(i64, Vec<i64>)> = all
        .versions
        .iter()
        .map(|version| (version.filed.item.0, version.repeated.iter().map(|filed| filed.item.0).collect()))
        .collect();
    assert_eq!(seen, [(4, vec![1, 3]), (2, vec![])]);
    assert_eq!(all.current().unwrap().filed.item, ItemId(2), "what is sent again replaces nothing");
    let without: Vec<Filed> = (5..7).map(|n| Filed { content_key: None, ..version(n, n) }).collect();
    assert_eq!(stands(&without, &[], View::NOW).versions.len(), 2, "without a key nothing is the same");
}

#[test]
fn what_is_taken_back_counts_no_more_and_may_be_sent_again() {
    let again = Filed { content_key: Some("text 1".to_owned()), ..version(2, 30) };
    let filed = [version(1, 10), annex(3, 12), again];
    let all = stands(&filed, &[taken_back(20)], View::NOW);
    assert_eq!(all.withdrawn, Some(hour(20)));
    assert!(all.versions[0].withdrawn && !all.versions[0].counts());
    assert_eq!(all.current().unwrap().filed.item, ItemId(2), "the same text, sent again, is a version");
    assert_eq!(all.came_for(&filed[1]).unwrap().filed.item, ItemId(1), "the annex was taken back with its version");
    let next = all.came_for(&annex(9, 25)).unwrap().filed.item;
    assert_eq!(next, ItemId(2), "an annex that came before the new text is not that of what was taken back");
    assert!(stands(&filed[..1], &[taken_back(20)], View::NOW).current().is_none());
    let undone = docket::core::submission::Withdrawal {
        held: Held { since: hour(20), until: Some(hour(25)) },
        ..taken_back(20)
    };
    assert!(stands(&filed[..1], &[undone], View::NOW).current().is_some());
    assert!(stands(&filed[..1], &[undone], View::known_at(hour(22))).current().is_none(), "as it was known then");
}

#[test]
fn of_several_copies_the_latest_is_read_and_the_other_stands_beside() {
    let copy = |item, received| beside(Place::Rendition { of: ItemId(1) }, item, received);
    let filed = [unread(1, 10), copy(2, 20), copy(3, 30)];
    let all = stands(&filed, &[], View::NOW);
    assert_eq!(all.versions[0].text().item, ItemId(3));
    assert_eq!(all.beside.iter().map(|filed| filed.item.0).collect::<Vec<_>>(), [2]);
}

#[test]
fn an_addition_came_for_the_version_it_names_else_the_latest_before_it() {
    let named =
        |to| Filed { place: Place::Addition { kind: AdditionKind::Translation, to: Some(ItemId(to)) }, ..annex(9, 25) };
    let filed = [version(1, 10), version(2, 20), version(3, 30)];
    let all = stands(&filed, &[], View::NOW);
    for (addition, version) in [
        (annex(9, 5), 1),
        (annex(9, 15), 1),
        (annex(9, 25), 2),
        (annex(9, 35), 3),
        (named(1), 1),
        (named(3), 3),
        (named(7), 2),
    ] {
        let came_for = all.came_for(&addition).unwrap().filed.item.0;
        assert_eq!(came_for, version, "{:?} at {}", addition.place, addition.receipt.at);
    }
    assert!(stands(&[], &[], View::NOW).came_for(&annex(9, 5)).is_none());
}

#[test]
fn a_view_shows_what_was_received_and_known_before_it() {
    let corrected = Filed { held: Held { since: hour(12), until: Some(hour(40)) }, ..version(1, 10) };
    let moved = Filed { held: Held::from(hour(40)), ..version(2, 20) };
    let filed = [corrected, moved];
    for (view, expected) in [
        (View::NOW, Some(2)),
        (View::known_at(hour(12)), None),
        (View::known_at(hour(13)), Some(1)),
        (View::known_at(hour(40)), Some(1)),
        (View::known_at(hour(41)), Some(2)),
        (View::as_of(hour(20)), None),
        (View::as_of(hour(21)), Some(2)),
        (View { received_before: hour(15), known_before: hour(30) }, Some(1)),
    ] {
        assert_eq!(current(&filed, view).0, expected, "{view:?}");
    }
    let never = Held { since: hour(5), until: Some(hour(5)) };
    assert!((0..10).all(|at| !never.before(hour(at))), "what ended as it began was never held");
}
