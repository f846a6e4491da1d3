//! `docket original`: what was received, byte for byte.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use clap::Args;

use super::{Reported, complain, say, workplace::Workplace};
use crate::{
    core::text::digits::grouped,
    desk::Desk,
    files::{OWN_FILE, make_file},
};

/// Gives out what was received, byte for byte, as a mail program opens it.
///
/// A reference stands for the message of its newest version; each other is had by its own number, which `docket show` tells.
/// Exit status 1 where what was taken in is not the whole message: the bytes are given out, and why is said.
#[derive(Debug, Args)]
pub struct Original {
    /// A docket reference, M-000123, or M-000123/2 for the message of an item.
    #[arg(value_name = "REF")]
    reference: String,
    /// The file to be written, which must not be there yet; without it, standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

impl Original {
    /// Runs the command.
    pub async fn run(&self, place: &Workplace) -> anyhow::Result<()> {
        let original = Desk::new(place.to_read().await?).original(&self.reference).await?;
        match &self.output {
            None => {
                let mut out = io::stdout().lock();
                out.write_all(&original.bytes)?;
                out.flush()?;
            }
            Some(path) => {
                write_new(path, &original.bytes).with_context(|| path.display().to_string())?;
                let size = grouped(original.bytes.len() as u64, ',');
                say(&format!("{}: {size} bytes in {}", original.number, path.display()))?;
                say(&format!("SHA-256 {}", original.sha256))?;
            }
        }
        let Some(lacks) = original.lacks else { return Ok(()) };
        complain(&format!("docket: {lacks}"));
        Err(Reported.into())
    }
}

/// Writes a file that is not there yet; where not all of it can be written, none is left.
fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = make_file(path, OWN_FILE)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    // Why it cannot be written is what counts, even where what there is of it cannot be taken away.
    written.inspect_err(|_| drop(fs::remove_file(path)))
}
