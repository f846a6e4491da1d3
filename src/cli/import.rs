//! `docket import`: files taken in as if they had arrived at their recorded time.

use std::{fs, path::PathBuf};

use anyhow::Context as _;
use clap::Args;

use super::{Reported, complain, mailbox_named, say, workplace::Workplace};
use crate::{
    clock::Clock,
    config::Config,
    mailbox::{Archive, LeftOut, MailFile, Refused},
    pipeline::{self, Imports},
    store::{Stored, intake_number},
};

/// Takes in .eml files, an mbox or a Maildir, as if they had arrived at their recorded time.
///
/// A folder stands for the .eml and .mbox files in it, to any depth, and a Maildir for its messages; what is hidden in it, and
/// links, are left out and named. What is no message is refused by its name, and the others are taken in. The running daemon
/// reads them; no letters are sent unless that is asked for. Where there is no log yet, it begins. Exit status 1 if something
/// was refused.
#[derive(Debug, Args)]
pub struct Import {
    /// Files, or folders of them.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// Answer what is imported as if it had just arrived.
    #[arg(long)]
    acknowledge: bool,
    /// The mailbox it belongs to; without it the first of the configuration.
    #[arg(long, value_name = "NAME")]
    mailbox: Option<String>,
}

impl Import {
    /// Runs the command.
    pub async fn run(&self, place: &Workplace) -> anyhow::Result<()> {
        let loaded = Config::load(place.config())?;
        let mailbox = mailbox_named(&loaded.config, self.mailbox.as_deref())?;
        // A slip of the pen begins no log.
        for path in &self.paths {
            fs::metadata(path).with_context(|| path.display().to_string())?;
        }
        let archive = Archive::at(&self.paths);
        let mut imports = Imports { refused: archive.refused, ..Imports::default() };
        // Nor does what is no message.
        let slips = refused_all(&archive.files);
        if slips.is_empty() {
            let instance = place.instance_that_may_begin(loaded, Clock::System).await?;
            let imported = pipeline::import(&instance, &mailbox, &archive.files, self.acknowledge).await?;
            imports.taken = imported.taken;
            imports.refused.extend(imported.refused);
        } else {
            imports.refused.extend(slips);
        }
        for LeftOut { path, why } in &archive.left_out {
            say(&format!("{} was left out: {why}.", path.display()))?;
        }
        match archive.others {
            0 => {}
            1 => say("1 other file was left out: it is named neither .eml nor .mbox.")?,
            n => say(&format!("{n} other files were left out: they are named neither .eml nor .mbox."))?,
        }
        told(&imports)
    }
}

/// Why each of the files is refused, where none of them holds a message; nothing where one does, or where there is none.
fn refused_all(files: &[MailFile]) -> Vec<Refused> {
    let mut refused = Vec::new();
    for (name, message) in files.iter().flat_map(MailFile::messages) {
        match message {
            Ok(_) => return Vec::new(),
            Err(why) => refused.push(Refused { name, why }),
        }
    }
    refused
}

/// Says what it came to.
fn told(imports: &Imports) -> anyhow::Result<()> {
    let mut new = 0;
    for one in &imports.taken {
        match one.stored {
            Stored::New(number) => {
                new += 1;
                say(&format!("{}  {}", intake_number(number), one.name))?;
            }
            Stored::Known(number) => {
                say(&format!("{}  {} (was in the log before)", intake_number(number), one.name))?;
            }
        }
    }
    for Refused { name, why } in &imports.refused {
        complain(&format!("docket: {name}: {why}"));
    }
    if !imports.taken.is_empty() {
        say(&format!("{new} of {} messages are new in the log; the daemon reads them.", imports.taken.len()))?;
    } else if imports.refused.is_empty() {
        say("There is no message at what was named: a folder holds .eml or .mbox files, or is a Maildir.")?;
    }
    if imports.refused.is_empty() { Ok(()) } else { Err(Reported.into()) }
}
