//! `docket reconcile`: every message of the mailboxes accounted for, or named as missing.

use clap::Args;
use unicode_width::UnicodeWidthStr as _;

use super::{Reported, say, table::wrapped, workplace::Workplace};
use crate::pipeline::{self, Reconciled, in_a_sentence};

/// Columns for the name of a folder.
const NAME: usize = 22;

/// Holds every message of every folder that is read against the log, and names what is missing there.
///
/// A missing message is written down, and the daemon fetches it with its next look; a file of a Maildir that has changed
/// since it was taken in is taken in again by it. Works beside the running daemon, which does the same once a day. Exit
/// status 1 if something was missing or has changed, or a folder could not be looked through.
#[derive(Debug, Args)]
pub struct Reconcile {
    /// One JSON object a folder.
    #[arg(long)]
    json: bool,
}

impl Reconcile {
    /// Runs the command.
    pub async fn run(&self, place: &Workplace) -> anyhow::Result<()> {
        let instance = place.instance().await?;
        let all = pipeline::reconcile(&instance).await?;
        if self.json {
            for folder in &all {
                say(&serde_json::to_string(folder)?)?;
            }
        } else {
            say(&in_words(&all))?;
        }
        let whole = |folder: &Reconciled| folder.missing.is_empty() && folder.changed.is_empty();
        let accounted = all.iter().all(|folder| whole(folder) && folder.error.is_none());
        if accounted { Ok(()) } else { Err(Reported.into()) }
    }
}

fn in_words(all: &[Reconciled]) -> String {
    let row = |cells: [&str; 8]| {
        let [name, messages, logged, aside, again, not_yet, missing, gone] = cells;
        // A long name stands on a line of its own.
        let name = if name.width() > NAME { format!("{name}\n{:NAME$}", "") } else { format!("{name:NAME$}") };
        format!("{name} {messages:>8} {logged:>7} {aside:>6} {again:>6} {not_yet:>8} {missing:>8} {gone:>7}")
    };
    let mut said = vec![row(["Folder", "Messages", "Logged", "Aside", "Again", "Not yet", "Missing", "Gone"])];
    for line in all {
        let name = format!("{}/{}", line.mailbox, line.folder);
        if let Some(error) = &line.error {
            said.push(wrapped(error, &format!("{name}: ")));
            continue;
        }
        let counts = [
            line.messages,
            line.logged,
            line.set_aside,
            line.tried_again,
            line.not_looked_at,
            line.missing.len(),
            line.gone,
        ];
        let [messages, logged, aside, again, not_yet, missing, gone] = counts.map(|count| count.to_string());
        said.push(row([&name, &messages, &logged, &aside, &again, &not_yet, &missing, &gone]));
        if line.renumbered {
            said.push(wrapped("The server numbered it anew; the next look goes through all of it.", "    "));
        }
        if !line.missing.is_empty() {
            said.push(wrapped(&line.missing.join(", "), "    missing: "));
        }
        if !line.changed.is_empty() {
            said.push(wrapped(&line.changed.join(", "), "    changed: "));
        }
        if line.short > 0 {
            said.push(format!("    only in part: {}", line.short));
        }
    }
    said.push(in_a_sentence(all));
    said.join("\n")
}
