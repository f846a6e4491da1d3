//! What was received from each party to a call, as it is handed on: versions, what came with them, and their files.
//!
//! Promises that nothing which stands filed is left out, and that each is called what it is: current, earlier, not read,
//! taken back, or one of the things that stand beside versions. It names files and gives no bytes but those of a message.

use jiff::Timestamp;

use super::{
    Desk, DeskError,
    log::query,
    original, recorded, sender,
    view::{LogFilter, LogLine, Register, RegisterQuery},
};
use crate::{
    core::{
        file::{Format, Outcome, Role},
        iso3::Iso3,
        judging::matching::Kind,
        recorded::Recorded,
        submission::{Filed, Place, Stands, Version, View, stands},
    },
    store::{PartyRows, StoreError, Tx, intake_number},
};

/// What is filed under a call, and the register of it.
#[derive(Clone, Debug)]
pub struct Papers {
    /// The code of the call.
    pub call: String,
    /// The zone of the call, in which times are told.
    pub zone: String,
    /// When that was so.
    pub at: Timestamp,
    /// The parties, by reference.
    pub parties: Vec<PartyPapers>,
    /// The register of the whole roster.
    pub register: Register,
    /// The log of what they sent, and of what nobody has filed yet.
    pub log: Vec<LogLine>,
}

/// What one party has filed.
#[derive(Clone, Debug)]
pub struct PartyPapers {
    /// The docket reference.
    pub reference: String,
    /// The kind of party.
    pub kind: Kind,
    /// The states, with their names; none of a sender who is no state.
    pub states: Vec<(Iso3, String)>,
    /// Who sent the first of it.
    pub sender: Option<String>,
    /// What was received, in the order of its receipt.
    pub papers: Vec<Paper>,
}

/// Something that was received.
#[derive(Clone, Debug)]
pub struct Paper {
    /// What it is.
    pub is: Is,
    /// The number of the version that it is, or belongs to; none where there is none.
    pub version: Option<u32>,
    /// The message.
    pub message: Received,
    /// The number of the item within it.
    pub item: i64,
    /// When it was received.
    pub received: Timestamp,
    /// The words of its main text.
    pub words: Option<u64>,
    /// The files of the message that are its own.
    pub files: Vec<PaperFile>,
}

/// What something is among what its party has filed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Is {
    /// The version that stands.
    Current,
    /// A version that another has replaced, or that came late in the order of receipt.
    Earlier,
    /// A version that nobody has read.
    NotRead,
    /// A version that its party took back.
    TakenBack,
    /// The same once more.
    Again,
    /// The readable copy of a version.
    Copy,
    /// It stands beside, and this is its word.
    Beside(&'static str),
}

/// A message as it was received.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// The intake number.
    pub number: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// Why its bytes are not the whole message, if they are not.
    pub lacks: Option<String>,
    /// How it came, where a person recorded it and no mail brought it.
    pub recorded: Option<Recorded>,
    /// All its files, in their order: where each lies is told by the others.
    pub files: Vec<PaperFile>,
}

/// A file of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaperFile {
    /// Its place among the files of the message, from 0.
    pub nth: usize,
    /// Its path in the MIME tree.
    pub path: String,
    /// The sender's name for it.
    pub name: Option<String>,
    /// Bytes.
    pub size: u64,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
    /// What it is.
    pub format: Format,
    /// What it is for.
    pub role: Role,
    /// How far it could be read.
    pub outcome: Outcome,
}

impl Is {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Earlier => "earlier",
            Self::NotRead => "unread",
            Self::TakenBack => "taken_back",
            Self::Again => "same_again",
            Self::Copy => "rendition",
            Self::Beside(word) => word,
        }
    }
}

impl Desk {
    /// What is filed under a call: by all, or by one state, alone and with others.
    ///
    /// # Errors
    /// There is no such call, something of it cannot be read, or the database did not answer.
    pub async fn papers(&self, call: Option<&str>, state: Option<Iso3>) -> Result<Papers, DeskError> {
        let Some(open) = self.instance.call(call) else {
            return Err(DeskError::NotFound("there is no such call in the configuration".to_owned()));
        };
        let mut tx = self.instance.db.snapshot().await?;
        let states: Vec<Iso3> = state.into_iter().collect();
        let mut parties = Vec::new();
        for rows in tx.parties_of(open.known.id, &states, View::NOW).await? {
            let party = self.party(&mut tx, rows).await?;
            if !party.papers.is_empty() {
                parties.push(party);
            }
        }
        parties.sort_by(|a, b| a.reference.cmp(&b.reference));
        let filter = LogFilter { call: Some(open.call.code.clone()), state, ..LogFilter::default() };
        let query = query(&filter);
        let rows = tx.log(&query).await?;
        Ok(Papers {
            call: open.call.code.clone(),
            zone: open.deadline.zone.clone(),
            at: self.instance.clock.now(),
            parties,
            register: self.register_of(&mut tx, &open, &RegisterQuery::now(call)).await?,
            log: self.lines(&mut tx, rows, View::NOW, self.naming(&filter)).await?,
        })
    }

    async fn party(&self, tx: &mut Tx, rows: PartyRows) -> Result<PartyPapers, DeskError> {
        let PartyRows { submission, filed, withdrawals } = rows;
        let stands = stands(&filed, &withdrawals, View::NOW);
        let mut here: Vec<&Filed> = filed.iter().collect();
        here.sort_by_key(|filed| filed.receipt);
        let (mut papers, mut first) = (Vec::new(), None);
        for filed in here {
            let (is, version) = place(filed, &stands);
            let (message, from, files) = received(tx, filed).await?;
            first = first.or(from);
            papers.push(Paper {
                is,
                version: version.and_then(|version| version.filed.n),
                message,
                item: filed.receipt.n,
                received: filed.receipt.at,
                words: filed.words,
                files,
            });
        }
        let states = self.by_name(submission.states);
        Ok(PartyPapers { reference: submission.reference, kind: submission.kind, states, sender: first, papers })
    }

    /// The bytes of a message as they were received; none once they were erased.
    ///
    /// # Errors
    /// They are not those whose SHA-256 is on record, or the database did not answer.
    pub async fn bytes(&self, message: &Received) -> Result<Option<Vec<u8>>, DeskError> {
        let mut tx = self.instance.db.snapshot().await?;
        Ok(original::bytes(&mut tx, &message.number, &message.sha256).await?)
    }
}

/// What a fact is among what stands, and the version that it is or belongs to.
fn place<'s, 'a>(filed: &Filed, stands: &'s Stands<'a>) -> (Is, Option<&'s Version<'a>>) {
    let version = stands.version_of(filed.item);
    let current = |version: &Version<'_>| stands.current().is_some_and(|current| current.filed.id == version.filed.id);
    let is = match (version, filed.place) {
        (Some(version), _) if version.repeats(filed.item) => Is::Again,
        (Some(version), _) if version.filed.item != filed.item => Is::Copy,
        (Some(version), _) if version.withdrawn => Is::TakenBack,
        (Some(version), _) if !version.counts() => Is::NotRead,
        (Some(version), _) if current(version) => Is::Current,
        (Some(_), _) => Is::Earlier,
        (None, Place::Addition { .. }) => return (Is::Beside(filed.place.word()), stands.came_for(filed)),
        (None, place) => {
            let of = place.of_item().and_then(|of| stands.version_of(of));
            return (Is::Beside(place.word()), of);
        }
    };
    (is, version)
}

/// The message of a fact, who sent it, and the files that are the item's own.
async fn received(tx: &mut Tx, fact: &Filed) -> Result<(Received, Option<String>, Vec<PaperFile>), StoreError> {
    let number = intake_number(fact.receipt.number);
    let gone = || StoreError::Row(format!("message {number} is not there, and something of it is filed"));
    let message = tx.look_at(fact.receipt.number).await?.ok_or_else(gone)?;
    let entry = tx.entry(fact.receipt.number).await?.ok_or_else(gone)?;
    let lacks = original::lacks(&message);
    let (mut files, mut own) = (Vec::new(), Vec::new());
    for (nth, row) in tx.files(message.id).await?.into_iter().enumerate() {
        let file = PaperFile {
            nth,
            path: row.path,
            name: row.name,
            size: row.size,
            sha256: row.sha256,
            format: row.format,
            role: row.role,
            outcome: row.outcome,
        };
        if row.item_id == Some(fact.item.0) {
            own.push(file.clone());
        }
        files.push(file);
    }
    let from = sender(entry.from_name.as_deref(), entry.from_address.as_deref());
    let recorded = recorded(entry.way, entry.authority);
    Ok((Received { number, sha256: message.sha256, lacks, recorded, files }, from, own))
}
