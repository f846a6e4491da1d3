//! Which kills are made, in which order: by a seed, so that a failure can be had again.

use docket::failpoint;

use crate::fixture::{Kind, dice::Dice};

/// How the program ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kill {
    /// At a place of the program, when it is passed for that time.
    At(&'static str, u32),
    /// From outside, when so many more things have been recorded.
    After(i64),
}

/// How many kills, by `DOCKET_KILLS`, and by which seed, by `DOCKET_SEED`: both databases together.
#[derive(Clone, Copy, Debug)]
pub struct Extent {
    pub kills: usize,
    pub seed: u64,
}

/// What a change must pass.
const USUAL: Extent = Extent { kills: 40, seed: 2020 };

impl Extent {
    /// What was asked for.
    pub fn asked() -> Self {
        let number = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().expect(name));
        Self {
            kills: number("DOCKET_KILLS").map_or(USUAL.kills, |kills| usize::try_from(kills).unwrap()),
            seed: number("DOCKET_SEED").unwrap_or(USUAL.seed),
        }
    }

    /// The kills on one of the databases. All places come in turn, in an order of chance, and those of one database go on
    /// where those of the other are half through.
    pub fn plan(self, kind: Kind) -> Vec<Kill> {
        let mut dice = Dice::new(self.seed);
        let mut places = failpoint::ALL.to_vec();
        dice.shuffle(&mut places);
        let first = if kind == Kind::Postgres { places.len() / 2 } else { 0 };
        let mut places = places.into_iter().cycle().skip(first);
        let kills = self.kills.div_ceil(2);
        let mut kill = |n: usize| {
            if n % 5 == 4 {
                return Kill::After(1 + i64::try_from(dice.below(12)).unwrap());
            }
            let place = places.next().unwrap();
            let passings = if is_rare(place) { 1 } else { 3 };
            Kill::At(place, 1 + u32::try_from(dice.below(passings)).unwrap())
        };
        (0..kills).map(&mut kill).collect()
    }
}

/// Whether a place is passed once for all that comes between two kills.
fn is_rare(place: &str) -> bool {
    ["attempt", "park", "decision", "reminder"].iter().any(|rare| place.contains(rare))
}

#[test]
fn the_kills_that_a_change_must_pass_come_to_every_place() {
    let places = |kind| {
        USUAL.plan(kind).into_iter().filter_map(|kill| match kill {
            Kill::At(place, _) => Some(place),
            Kill::After(_) => None,
        })
    };
    let places: Vec<_> = places(Kind::Sqlite).chain(places(Kind::Postgres)).collect();
    for place in failpoint::ALL {
        assert!(places.contains(place), "nothing is killed at {place}");
    }
}

#[test]
fn the_list_of_places_is_that_of_the_source() {
    let mut found = std::collections::BTreeSet::new();
    let mut folders = vec![std::path::PathBuf::from("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let parts = text.split("failpoint::reached(\"").skip(1);
            found.extend(parts.map(|part| part.split('"').next().unwrap().to_owned()));
        }
    }
    assert_eq!(found, failpoint::ALL.iter().map(|&place| place.to_owned()).collect());
}
