//! `docket export`: what was received, in a folder that can be handed on.
//!
//! Promises each message byte for byte, and beside it the files that were in it, under names that every file system takes.
//! What is not beside it, and why, stands in the list of contents, with the names that the senders gave.

mod folder;

use std::{collections::BTreeMap, path::PathBuf};

use anyhow::Context as _;
use clap::Args;
use jiff::tz::TimeZone;

use self::folder::{Folder, MARK, SUMS};
use super::{
    terminal::{Reported, call, complain, say, this_program},
    workplace::Workplace,
};
use crate::{
    core::{
        file::{Format, Outcome, Role},
        iso3::Iso3,
        recorded::Recorded,
        text::{digits::grouped, file_names::FileNames},
    },
    desk::{Desk, Is, Paper, PaperFile, Papers, PartyPapers, state_named, view::RegisterLine},
    export::{self, As},
    files::quoted,
    reading::{Listed, Readers},
    store::word,
};

/// The list of contents.
const CONTENTS: &str = "contents.csv";
/// The register beside it.
const REGISTER: &str = "register.csv";
/// The log beside it.
const LOG: &str = "log.csv";
/// How many states a folder of joint inputs names.
const NAMED: usize = 12;

/// Hands on what was received: a folder for each party, with the register and checksums.
///
/// Below the folder of a party stands one for each version, such as `v2_current` or `v1_earlier`, with the message as it came
/// (.eml) and the files that were in it, the same sent again and a readable copy within; annexes, translations and cover
/// letters stand in “additions”, and what changes nothing in “beside”. Names of files are made safe; those of the senders
/// stand in contents.csv, with what was left in its message and why. register.csv is the register and log.csv the log as of
/// now. Whoever gets the folder checks it with “sha256sum -c SHA256SUMS”. As long as a file INCOMPLETE lies in it, the export
/// has not come to its end.
///
/// Exit status 1 where something that was received is not in it as it came; what and why is said.
#[derive(Debug, Args)]
pub struct Export {
    /// The folder, which must not be there yet, or be empty.
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
    /// Only what is filed for this state, by code or name, alone or with others.
    #[arg(long, value_name = "STATE")]
    state: Option<String>,
    /// The call; without it the first of the configuration.
    #[arg(long, value_name = "CODE")]
    call: Option<String>,
}

impl Export {
    /// Runs the command.
    pub async fn run(&self, place: &Workplace) -> anyhow::Result<()> {
        let instance = place.to_read().await?;
        call(&instance, self.call.as_deref())?;
        let state = self.state.as_ref().map(|text| state_named(&instance.register, text)).transpose()?;
        let desk = Desk::new(instance.clone());
        let readers = Readers::new(this_program()?, instance.config.reading.clone());
        let papers = desk.papers(self.call.as_deref(), state).await?;
        let zone = TimeZone::get(&papers.zone)?;
        let shown = self.folder.display();
        let begun = papers.at.to_zoned_datetime(zone.clone()).strftime("%Y-%m-%d %H:%M %Z");
        let mark = format!(
            "This export was begun on {begun} and has not come to its end: what lies here is a part of it. Once it is \
             whole, this file is gone.\n"
        );
        let folder = Folder::begin(&self.folder, &mark)?;
        let work = AtWork { desk: &desk, readers: &readers, zone: &zone, folder, rows: Vec::new(), lacks: Vec::new() };
        let done = work.all(&papers, state).await.with_context(|| {
            format!("the export in {shown} is not whole, and says so in {MARK}; remove it and begin again")
        })?;
        let count =
            |n: usize, one: &str, many: &str| format!("{} {}", grouped(n as u64, ','), if n == 1 { one } else { many });
        say(&format!(
            "{shown}: {} of {}, {}, {} bytes",
            count(papers.parties.iter().map(|party| party.papers.len()).sum(), "paper", "papers"),
            count(papers.parties.len(), "party", "parties"),
            count(done.files, "file", "files"),
            grouped(done.bytes, ',')
        ))?;
        say(&format!("To check it: cd {} && sha256sum -c {SUMS}", quoted(&self.folder)))?;
        if done.lacks.is_empty() {
            return Ok(());
        }
        done.lacks.iter().for_each(|lack| complain(&format!("docket: {lack}")));
        Err(Reported.into())
    }
}

/// An export on its way.
struct AtWork<'w> {
    desk: &'w Desk,
    readers: &'w Readers,
    zone: &'w TimeZone,
    folder: Folder,
    /// The list of contents.
    rows: Vec<[String; 15]>,
    /// What is not there as it came, a sentence each.
    lacks: Vec<String>,
}

/// What an export came to.
struct Done {
    files: usize,
    bytes: u64,
    lacks: Vec<String>,
}

/// The columns of the list of contents.
const COLUMNS: [&str; 15] = [
    "file",
    "reference",
    "party",
    "is",
    "version",
    "number",
    "received",
    "recorded",
    "original_name",
    "format",
    "role",
    "words",
    "bytes",
    "sha256",
    "note",
];

impl AtWork<'_> {
    async fn all(mut self, papers: &Papers, state: Option<Iso3>) -> anyhow::Result<Done> {
        let mut names = FileNames::default();
        for party in &papers.parties {
            let name = names.add(&party_folder(party));
            self.party(party, &name).await?;
        }
        let register = &papers.register;
        let lines: Vec<&RegisterLine> =
            register.lines.iter().filter(|line| state.is_none_or(|state| state == line.iso3)).collect();
        let name = |iso3| self.desk.instance().name(iso3);
        self.folder.write(&[REGISTER], &export::register(As::Csv, register, &lines, &name)?)?;
        self.folder.write(&[LOG], &export::log(As::Csv, "Intake log", &papers.log, self.zone)?)?;
        self.folder.write(&[CONTENTS], &export::texts(&COLUMNS, &self.rows)?)?;
        let written = self.folder.finish()?;
        Ok(Done { files: written.files, bytes: written.bytes, lacks: self.lacks })
    }

    async fn party(&mut self, party: &PartyPapers, name: &str) -> anyhow::Result<()> {
        // The names below each folder of the party.
        let mut names: BTreeMap<Vec<String>, FileNames> = BTreeMap::new();
        // The folder of each version, for what repeats it or is its copy.
        let mut versions: BTreeMap<u32, String> = BTreeMap::new();
        let of_version = |paper: &&Paper| !matches!(paper.is, Is::Again | Is::Copy | Is::Beside(_));
        let (first, then): (Vec<&Paper>, Vec<&Paper>) = party.papers.iter().partition(of_version);
        for paper in first.into_iter().chain(then) {
            let number = &paper.message.number;
            let (above, wanted) = match (paper.is, paper.version) {
                (Is::Beside(word), version) => {
                    let of = version.map(|n| format!("_for_v{n}")).unwrap_or_default();
                    let group = if is_addition(word) { "additions" } else { "beside" };
                    (vec![group.to_owned()], format!("{word}{of}_{number}"))
                }
                (Is::Again | Is::Copy, version) => {
                    let above = version.and_then(|n| versions.get(&n)).cloned();
                    (above.into_iter().collect(), format!("{}_{number}", paper.is.word()))
                }
                (is, Some(n)) => (Vec::new(), format!("v{n}_{}", is.word())),
                (is, None) => (Vec::new(), format!("{number}_{}", is.word())),
            };
            let own = names.entry(above.clone()).or_default().add(&wanted);
            if let Some(n) = paper.version.filter(|_| of_version(&paper)) {
                versions.entry(n).or_insert_with(|| own.clone());
            }
            let mut steps = vec![name.to_owned(), party.reference.clone()];
            steps.extend(above);
            steps.push(own.clone());
            let below = steps[2..].to_vec();
            self.paper(party, paper, &steps, names.entry(below).or_default()).await?;
        }
        Ok(())
    }

    /// Writes a message, and the files that are its own beside it.
    async fn paper(
        &mut self,
        party: &PartyPapers,
        paper: &Paper,
        steps: &[String],
        names: &mut FileNames,
    ) -> anyhow::Result<()> {
        let message = &paper.message;
        let eml = names.add(&format!("{}.eml", message.number));
        let Some(raw) = self.desk.bytes(message).await? else {
            let why = format!("the original of {} has been erased: a person confirmed it as unrelated", message.number);
            self.row(party, paper, String::new(), None, &why);
            self.lacks.push(why);
            return Ok(());
        };
        let at = |name: &str| steps.iter().map(String::as_str).chain([name]).map(str::to_owned).collect::<Vec<_>>();
        let path = self.write(&at(&eml), &raw)?;
        self.row(party, paper, path, None, message.lacks.as_deref().unwrap_or_default());
        self.lacks.extend(message.lacks.clone());
        let listed: Vec<Listed<'_>> = message.files.iter().map(listed).collect();
        for file in paper.files.iter().filter(|file| is_handed_on(file, &message.files)) {
            if let Some(why) = left_in(file) {
                self.row(party, paper, String::new(), Some(file), why);
                continue;
            }
            let Some(bytes) = self.readers.take_out(&raw, &listed, file.nth).await? else {
                let called = file.name.as_deref().unwrap_or("a file without a name");
                let why = format!("“{called}” could not be taken out of {0} again; it is in {0}.eml", message.number);
                self.row(party, paper, String::new(), Some(file), &why);
                self.lacks.push(why);
                continue;
            };
            let name = names.add(file.name.as_deref().unwrap_or_default());
            let path = self.write(&at(&name), &bytes)?;
            self.row(party, paper, path, Some(file), "");
        }
        Ok(())
    }

    fn write(&mut self, steps: &[String], bytes: &[u8]) -> anyhow::Result<String> {
        let steps: Vec<&str> = steps.iter().map(String::as_str).collect();
        self.folder.write(&steps, bytes)
    }

    fn row(&mut self, party: &PartyPapers, paper: &Paper, path: String, file: Option<&PaperFile>, note: &str) {
        let received = paper.received.to_zoned_datetime(self.zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z");
        let of = |tell: fn(&PaperFile) -> String| file.map(tell).unwrap_or_default();
        let words = paper.words.filter(|_| file.is_none_or(|file| file.role == Role::Main));
        self.rows.push([
            path,
            party.reference.clone(),
            party_in_words(party),
            paper.is.word().to_owned(),
            paper.version.map(|n| n.to_string()).unwrap_or_default(),
            format!("{}/{}", paper.message.number, paper.item),
            received.to_string(),
            paper.message.recorded.as_ref().map(Recorded::in_words).unwrap_or_default(),
            of(|file| file.name.clone().unwrap_or_default()),
            file.map_or_else(|| "message".to_owned(), |file| word(&file.format).unwrap_or_default()),
            of(|file| word(&file.role).unwrap_or_default()),
            words.map(|words| words.to_string()).unwrap_or_default(),
            of(|file| file.size.to_string()),
            file.map_or_else(|| paper.message.sha256.clone(), |file| file.sha256.clone()),
            note.to_owned(),
        ]);
    }
}

fn listed(file: &PaperFile) -> Listed<'_> {
    Listed { path: &file.path, format: file.format, size: file.size, sha256: &file.sha256 }
}

fn is_addition(word: &str) -> bool {
    matches!(word, "annex" | "translation" | "cover_letter")
}

/// Whatever was sent but signatures, pictures within the text, and containers whose files are there themselves.
fn is_handed_on(file: &PaperFile, all: &[PaperFile]) -> bool {
    let below = format!("{}.", file.path);
    let holds = file.format.is_container() && all.iter().any(|other| other.path.starts_with(&below));
    !holds && !matches!(file.role, Role::Signature | Role::InlineImage)
}

/// Why a file is not put beside its message, if it is not.
fn left_in(file: &PaperFile) -> Option<&'static str> {
    match (file.outcome, file.format) {
        (Outcome::Infected, _) => Some("left in its message: the virus scanner calls it malicious"),
        (_, Format::Executable) => Some("left in its message: it is a program"),
        _ => None,
    }
}

/// The name of the folder of a party.
fn party_folder(party: &PartyPapers) -> String {
    match party.states.as_slice() {
        [] => format!("other_{}", sender_in_words(party)),
        [(iso3, name)] => format!("{iso3}_{name}"),
        states => {
            let codes: Vec<&str> = states.iter().take(NAMED).map(|(iso3, _)| iso3.as_str()).collect();
            let more = if states.len() > NAMED { "_and_others" } else { "" };
            format!("joint_{}{more}", codes.join("_"))
        }
    }
}

/// The name of a sender, without the address where there is one.
fn sender_in_words(party: &PartyPapers) -> String {
    let sender = party_in_words(party);
    sender.split_once(" <").map_or_else(|| sender.clone(), |(name, _)| name.to_owned())
}

fn party_in_words(party: &PartyPapers) -> String {
    if party.states.is_empty() {
        return party.sender.clone().unwrap_or_else(|| "unknown".to_owned());
    }
    party.states.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>().join(", ")
}
