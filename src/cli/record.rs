//! `docket record`: an input that no mail brought.

use std::{fs, path::PathBuf};

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use jiff::tz::TimeZone;

use super::{
    Reported, complain,
    extract::read_file,
    say,
    terminal::{WrongArgument, call, person, states, this_program, time},
    workplace::Workplace,
};
use crate::{
    core::{
        actor::Actor,
        decision::{Decision, Order},
        file::{Outcome, Role},
        recorded,
        recorded::Recorded,
    },
    desk::{Desk, Mode, view::EntryFile},
    instance::Instance,
    pipeline::{self, ToRecord},
    reading::Readers,
    store::{Stored, intake_number, word},
};

/// Records an input that came another way than by mail to the mailbox, and assigns it to its state.
///
/// Its files are kept byte for byte in an envelope of mail, read as any others, and filed as a version received at the time
/// that is given. Wherever it is shown it is marked as recorded. No letter is sent: there is no address. Without a file it
/// says that an input is there, on paper. The decision is taken back with `docket decide M-000123 undo`.
#[derive(Debug, Args)]
pub struct Record {
    /// Its files, if there are any.
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Whose it is: by code, or by name in any of the six languages. More than once for a joint input.
    #[arg(long = "state", required = true, value_name = "STATE")]
    states: Vec<String>,
    /// When it was received: 2020-09-28T10:00, in the zone of the call, or with an offset.
    #[arg(long, value_name = "TIME")]
    received: String,
    /// How it came.
    #[arg(long, value_enum)]
    way: Way,
    /// On whose word that, and the time, is known: who took it in hand, or the number of a slip.
    #[arg(long, value_name = "TEXT")]
    authority: String,
    /// The call it is for; without it the first of the configuration.
    #[arg(long, value_name = "CODE")]
    call: Option<String>,
    /// Who records it; without it the name at the terminal.
    #[arg(long = "by", value_name = "NAME")]
    actor: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Way {
    /// It was handed over.
    Hand,
    /// It came in the diplomatic pouch, or by post.
    Pouch,
    /// It was put into a portal.
    Portal,
    /// A colleague brought it, to whom it had been sent.
    Colleague,
}

impl From<Way> for recorded::Way {
    fn from(way: Way) -> Self {
        match way {
            Way::Hand => Self::Hand,
            Way::Pouch => Self::Pouch,
            Way::Portal => Self::Portal,
            Way::Colleague => Self::Colleague,
        }
    }
}

impl Record {
    /// Runs the command.
    pub async fn run(&self, place: &Workplace) -> anyhow::Result<()> {
        let instance = place.instance().await?;
        let open = call(&instance, self.call.as_deref())?;
        let received = time(&self.received, &TimeZone::get(&open.deadline.zone)?)?;
        if received > instance.clock.now() {
            return Err(WrongArgument(format!("“{}” is still to come", self.received)).into());
        }
        let authority = self.authority.split_whitespace().collect::<Vec<_>>().join(" ");
        if authority.is_empty() {
            return Err(WrongArgument("--authority says on whose word this is known".to_owned()).into());
        }
        let states = states(&instance.register, &self.states)?;
        let recorded = Recorded { way: self.way.into(), authority };
        let files = self.files.iter().map(named).collect::<anyhow::Result<Vec<_>>>()?;
        let what = ToRecord {
            recorded: &recorded,
            states: &states,
            received,
            files: &files,
            mailbox: mailbox_of(&instance, &open.call.code)?,
        };
        let actor = self.actor.clone().map_or_else(person, Actor::person);
        let readers = Readers::new(this_program()?, instance.config.reading.clone());
        let taken = pipeline::record(&instance, &readers, &what, &actor).await?;
        let number = match taken.stored {
            Stored::New(number) => intake_number(number),
            Stored::Known(number) => {
                let number = intake_number(number);
                complain(&format!(
                    "docket: the same was recorded before, as {number}; nothing is new. `docket show {number}` tells \
                     what became of it"
                ));
                return Err(Reported.into());
            }
        };
        say(&format!("{number} is in the log: recorded {}.", recorded.in_words()))?;
        if !taken.read {
            anyhow::bail!("{number} is not read yet, and waits for `docket decide {number} assign …`");
        }
        let call = Some(open.call.code.clone());
        let desk = Desk::new(instance.clone());
        let unreadable = desk.entry(&number).await?.is_some_and(|entry| entry.files.iter().any(is_unread_main));
        // Who records a file has not said that anybody could read it.
        let decision = if unreadable {
            Decision::UnreadableButOurs { states, call }
        } else {
            Decision::Assign { states, call, known_sender: false }
        };
        let order = Order::new(decision, format!("recorded {}", recorded.in_words()));
        let decided = desk.decide(&number, &order, &actor, Mode::Do).await;
        let decided = decided.with_context(|| format!("{number} is in the log, and not assigned"))?;
        for sentence in &decided.said {
            say(sentence)?;
        }
        let entry = desk.entry(&number).await?;
        for file in entry.iter().flat_map(|entry| &entry.files).filter(|file| !is_read(file)) {
            say(&not_read(file)?)?;
        }
        Ok(())
    }
}

fn is_read(file: &EntryFile) -> bool {
    matches!(file.outcome, Outcome::Read | Outcome::Partial)
}

/// Whether a file holds the text of an input, and nobody has read it.
fn is_unread_main(file: &EntryFile) -> bool {
    file.role == Role::Main && !is_read(file)
}

/// A file with its name.
fn named(path: &PathBuf) -> anyhow::Result<(String, Vec<u8>)> {
    let at = || path.display().to_string();
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).with_context(at)?;
    anyhow::ensure!(fs::metadata(path).with_context(at)?.is_file(), "{}: it is no file", at());
    let bytes = read_file(path).with_context(at)?;
    anyhow::ensure!(!bytes.is_empty(), "{}: it is empty", at());
    Ok((name, bytes))
}

/// The mailbox to which mail for a call comes.
fn mailbox_of<'i>(instance: &'i Instance, call: &str) -> anyhow::Result<&'i str> {
    let mailboxes = &instance.config.mailboxes;
    let own = mailboxes.iter().find(|mailbox| mailbox.calls.iter().any(|code| code == call));
    let mailbox = own.or(mailboxes.first()).context("the configuration has no mailbox to record for")?;
    Ok(&mailbox.name)
}

/// That nobody has read a file, for whoever has it in hand.
fn not_read(file: &EntryFile) -> anyhow::Result<String> {
    let name = file.name.as_deref().unwrap_or("a file without a name");
    Ok(format!("Not read: {name} ({}).", word(&file.outcome)?.replace('_', " ")))
}
