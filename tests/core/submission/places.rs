//! The words for places, and the key of a party.

use docket::core::{
    iso3::Iso3,
    submission::{AdditionKind, ItemId, PartyKey, Place},
};

#[test]
fn each_place_comes_back_as_it_was_kept() {
    let of = ItemId(7);
    let kinds = [AdditionKind::Annex, AdditionKind::Translation, AdditionKind::CoverLetter];
    let additions = kinds.into_iter().flat_map(|kind| [None, Some(of)].map(|to| Place::Addition { kind, to }));
    let others = [
        Place::Version,
        Place::Rendition { of },
        Place::Duplicate { of },
        Place::Withdrawal,
        Place::Recall,
        Place::Correspondence,
    ];
    for place in additions.chain(others) {
        assert_eq!(Place::read(place.word(), place.of_item()), Ok(place));
    }
}

#[test]
fn a_row_that_is_no_place_says_why() {
    for (word, of, why) in [
        ("rendition", None, "a rendition of nothing"),
        ("duplicate", None, "a duplicate of nothing"),
        ("version", Some(ItemId(1)), "a version is of no other item"),
        ("appendix", None, "“appendix” is no place in a submission"),
    ] {
        assert_eq!(Place::read(word, of).unwrap_err(), why);
    }
}

#[test]
fn a_party_has_one_key_in_whatever_order_its_states_stand() {
    let states = |codes: &[&str]| PartyKey::States(codes.iter().map(|code| code.parse::<Iso3>().unwrap()).collect());
    assert_eq!(states(&["SWE", "NOR", "SWE"]).key(), "NOR+SWE");
    assert_eq!(PartyKey::Sender("Office@NGO.example".to_owned()).key(), "sender:office@ngo.example");
}
