//! What a run of the crash suite did. It is said past the capture of the tests, so that the figures stand beside the
//! result whatever it is, and with a failure the seed and all kills.

use std::{
    collections::BTreeMap,
    io::{self, Write as _},
    time::Instant,
};

use super::{plan::Kill, verdict::Letters};
use crate::fixture::Kind;

/// The figures.
pub struct Figures {
    pub kind: Kind,
    pub seed: u64,
    pub kills: Vec<Kill>,
    pub server_kills: usize,
    pub messages: usize,
    pub letters: Letters,
    pub began: Instant,
}

impl Figures {
    pub fn new(kind: Kind, seed: u64) -> Self {
        Self {
            kind,
            seed,
            kills: Vec::new(),
            server_kills: 0,
            messages: 0,
            letters: Letters::default(),
            began: Instant::now(),
        }
    }

    fn in_words(&self) -> String {
        let mut by_place: BTreeMap<&str, usize> = BTreeMap::new();
        for kill in &self.kills {
            let place = match kill {
                Kill::At(place, _) => place,
                Kill::After(_) => "anywhere",
            };
            *by_place.entry(place).or_default() += 1;
        }
        let by_place: Vec<String> = by_place.iter().map(|(place, kills)| format!("{place} {kills}")).collect();
        format!(
            "crash suite on {:?}, seed {}: {} kills, {} of the mailbox's server; {} messages, each logged once; \
             {} letters, of which {} were there twice where {} times it was uncertain whether one had left; {} s\n  \
             kills by place: {}\n",
            self.kind,
            self.seed,
            self.kills.len(),
            self.server_kills,
            self.messages,
            self.letters.different,
            self.letters.repeated,
            self.letters.uncertain,
            self.began.elapsed().as_secs(),
            by_place.join(", ")
        )
    }
}

impl Drop for Figures {
    fn drop(&mut self) {
        let said = if std::thread::panicking() {
            format!("crash suite on {:?} FAILED, seed {}, after the kills {:?}\n", self.kind, self.seed, self.kills)
        } else {
            self.in_words()
        };
        // Nobody is there to be told that nobody listens.
        drop(io::stderr().write_all(said.as_bytes()));
    }
}
