//! Whether what a server handed over of a message is all of it, held against the size that it had announced.
//!
//! A difference of size alone proves nothing: Exchange announces sizes as it stores messages, not as it hands them over.
//! Short is what stops before it is closed: a multipart before its last boundary; a message without parts, which nothing
//! closes, below the announced size in whatever way it is asked for. Promises that nothing short is taken for whole by a
//! single fetch, and that what two fetches give alike and its own structure closes is taken whatever was announced. A
//! multipart that stays open while two fetches give the same bytes, as many as were announced, was sent so: there are
//! mailers that never close one, and the server has no more.

use super::{
    header::{self, block::Block, boundary},
    identity,
    message::boundary_line,
};

/// Whether the bytes of a message say that they are all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The last boundary of its parts is there.
    Closed,
    /// It has parts, and the last boundary is missing.
    Open,
    /// It has no parts, or names no boundary: nothing says where it ends.
    Unstated,
}

/// How much of a message came, by what was announced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Delivered {
    /// All of it, and no other size was announced.
    #[default]
    AsAnnounced,
    /// All of it, though another size was announced.
    Otherwise {
        /// That size.
        announced: u64,
    },
    /// Not all of it.
    Short {
        /// The size that was announced, if one was.
        announced: Option<u64>,
    },
}

/// The fetches of one message, until they settle how much of it came.
#[derive(Clone, Debug)]
pub struct Fetches {
    announced: Option<u64>,
    seen: Vec<[u8; 32]>,
    longest: Vec<u8>,
}

/// Looks for the end of a message: once along its bytes, and nothing of them is decoded.
#[must_use]
pub fn ending(raw: &[u8]) -> Ending {
    let raw = header::with_line_ends(raw);
    let block = Block::of_message(&raw);
    let Some(boundary) = block.first("Content-Type").and_then(boundary::of_multipart) else {
        return Ending::Unstated;
    };
    // The last boundary stands near the end.
    let mut lines = raw[block.body..].rsplit(|byte| *byte == b'\n');
    let closes = |line: &[u8]| boundary_line(line, &boundary) == Some(true);
    if lines.any(closes) { Ending::Closed } else { Ending::Open }
}

/// What a single fetch settles, if it does.
#[must_use]
pub fn at_once(announced: Option<u64>, bytes: &[u8]) -> Option<Delivered> {
    let came = len(bytes);
    let settled = match ending(bytes) {
        Ending::Closed => announced.is_none_or(|announced| came >= announced),
        Ending::Unstated => announced.is_none_or(|announced| came == announced),
        Ending::Open => false,
    };
    settled.then(|| whole(announced, came))
}

impl Fetches {
    /// Nothing was fetched yet of a message of which a size was announced, or none.
    #[must_use]
    pub fn of(announced: Option<u64>) -> Self {
        Self { announced, seen: Vec::new(), longest: Vec::new() }
    }

    /// Judges one more fetch by what it gave, and yields the message once it is settled.
    pub fn judge(&mut self, bytes: Vec<u8>) -> Option<(Vec<u8>, Delivered)> {
        if let Some(delivered) = at_once(self.announced, &bytes) {
            return Some((bytes, delivered));
        }
        let digest = identity::evidence(&bytes);
        if self.seen.contains(&digest) {
            let (announced, came) = (self.announced, len(&bytes));
            let all = match ending(&bytes) {
                Ending::Closed => true,
                Ending::Unstated => announced.is_none_or(|announced| came >= announced),
                Ending::Open => announced == Some(came),
            };
            return Some((bytes, if all { whole(announced, came) } else { Delivered::Short { announced } }));
        }
        self.seen.push(digest);
        if bytes.len() >= self.longest.len() {
            self.longest = bytes;
        }
        None
    }

    /// Whether nothing came yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.seen.is_empty()
    }

    /// The most that came, as what is short, where no fetch gave what another gave; nothing if there was none.
    #[must_use]
    pub fn unsettled(self) -> Option<(Vec<u8>, Delivered)> {
        let Self { announced, seen, longest } = self;
        (!seen.is_empty()).then_some((longest, Delivered::Short { announced }))
    }
}

impl Delivered {
    /// The announced size, where it says more than the bytes that came.
    #[must_use]
    pub fn announced(self) -> Option<u64> {
        match self {
            Self::AsAnnounced => None,
            Self::Otherwise { announced } => Some(announced),
            Self::Short { announced } => announced,
        }
    }

    /// Why a person must look at the message, where so many bytes are not all of it.
    #[must_use]
    pub fn shortness(self, came: u64) -> Option<String> {
        let Self::Short { announced } = self else { return None };
        let what = match announced {
            Some(announced) => {
                format!("the server announced {announced} bytes and handed over {came}, however it was asked")
            }
            None => format!("it stops after {came} bytes, before its last boundary, however the server was asked"),
        };
        Some(format!("It is not whole: {what}. Open it in the mailbox, or ask the sender to send it again."))
    }
}

fn whole(announced: Option<u64>, came: u64) -> Delivered {
    match announced.filter(|announced| *announced != came) {
        Some(announced) => Delivered::Otherwise { announced },
        None => Delivered::AsAnnounced,
    }
}

fn len(bytes: &[u8]) -> u64 {
    bytes.len() as u64
}
