//! How much of one text stands in another, by the words that stand in a row in both.
//!
//! Promises the same measure whatever stands between the words and however they are capitalised, the same one way round as
//! the other, and a bounded size however long a text is; what repeats counts as often as it stands there. It compares words and no meaning: a translation has nothing in
//! common with its original.

use super::wording::words;

/// So many words in a row make one shingle. With more, a word in ten that was changed would leave less than half.
const IN_A_ROW: usize = 3;
/// So many shingles of a text are kept: those with the lowest hashes, which are the same ones in every text. Hardly an input
/// is longer; of one that is, a short annex would else have too few to be compared.
const KEPT: usize = 20_000;

/// What is kept of a text for comparing it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sketch {
    /// Hashes of shingles, from the lowest; each time that one stands there has a hash of its own.
    lowest: Vec<u64>,
    /// How many there were.
    all: usize,
}

/// How much two texts have in common, in per cent of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shared {
    /// So much of the one stands in the other.
    pub of_one: u8,
    /// So much of the other stands in the one.
    pub of_other: u8,
}

impl Sketch {
    /// What is kept of a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let words: Vec<u64> = words(text).map(|word| hash(word.as_bytes())).collect();
        let rows = words.windows(IN_A_ROW.min(words.len()).max(1));
        let row = |row: &[u64]| hash(&row.iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<u8>>());
        let mut lowest: Vec<u64> = rows.map(row).collect();
        lowest.sort_unstable();
        for same in lowest.chunk_by_mut(|one, other| one == other) {
            for (time, shingle) in (0_u64..).zip(same).skip(1) {
                *shingle = hash(&[shingle.to_le_bytes(), time.to_le_bytes()].concat());
            }
        }
        lowest.sort_unstable();
        let all = lowest.len();
        lowest.truncate(KEPT);
        Self { lowest, all }
    }

    /// How long the text is, nearly in words.
    #[must_use]
    pub fn length(&self) -> usize {
        self.all
    }

    /// How much both texts have in common.
    #[must_use]
    pub fn shared(&self, other: &Self) -> Shared {
        // Beyond the highest hash that was kept of a longer text nothing is known of it.
        let limit = self.highest().min(other.highest());
        let known = |sketch: &'_ Self| sketch.lowest.partition_point(|hash| *hash <= limit);
        let (one, two) = (&self.lowest[..known(self)], &other.lowest[..known(other)]);
        let both = one.iter().filter(|hash| two.binary_search(hash).is_ok()).count();
        let of =
            |all: &[u64]| (both * 100).checked_div(all.len()).and_then(|part| u8::try_from(part).ok()).unwrap_or(0);
        Shared { of_one: of(one), of_other: of(two) }
    }

    fn highest(&self) -> u64 {
        let cut = self.all > self.lowest.len();
        self.lowest.last().copied().filter(|_| cut).unwrap_or(u64::MAX)
    }
}

impl Shared {
    /// The greater part.
    #[must_use]
    pub fn most(self) -> u8 {
        self.of_one.max(self.of_other)
    }
}

/// FNV-1a, stirred at the end so that low hashes are no choice of the text.
fn hash(bytes: &[u8]) -> u64 {
    let start = 0xcbf2_9ce4_8422_2325_u64;
    let hash = bytes.iter().fold(start, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
    let hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash ^ (hash >> 33)
}
