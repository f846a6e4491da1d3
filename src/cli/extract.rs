//! `docket extract`: the text of documents.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use clap::Args;
use serde::Serialize;

use super::{Reported, complain, config_if_any, say, this_program};
use crate::{
    config::{Enforce, ReadingConfig},
    core::{
        file::{File, Format, Outcome, Reading, Tried, WordsByPart},
        text::language::Language,
    },
    reading::Readers,
};

/// Prints the text of documents.
///
/// Without --json the plain text alone; exit status 1, with the reason on standard error, where there is none.
///
/// How words are counted: every run of characters between white space is one; of Chinese, Japanese and Korean writing
/// each character, full-width punctuation included. `words` is what counts against a limit: body, tables and text boxes.
/// Footnotes and endnotes (`notes`), and headers and footers (`running_heads`), are counted apart; in a PDF, where notes
/// cannot be told from the body, they count with it, and running heads are what comes back on most pages. Deleted text,
/// comments, hidden text and the numbers that Word puts before paragraphs by itself do not count.
#[derive(Debug, Args)]
pub struct Extract {
    /// Documents: DOCX, PDF, ODT, RTF, old DOC, HTML, plain text.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// One JSON object a file: `file`, `format`, `outcome`, `engine`, `pages`, `pages_without_text`, `pages_failed`,
    /// `words`, `words_by_part`, `language`, `text`, `detail`, `tried` (the engines whose answers were not taken, each
    /// with the reason), `seconds`.
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Line<'a> {
    file: &'a str,
    format: Option<Format>,
    outcome: Outcome,
    engine: Option<&'a str>,
    pages: Option<u32>,
    pages_without_text: &'a [u32],
    pages_failed: &'a [u32],
    words: Option<u64>,
    words_by_part: WordsByPart,
    language: Option<Language>,
    text: &'a str,
    detail: Option<&'a str>,
    tried: &'a [Tried],
    seconds: f64,
}

impl Extract {
    /// Runs the command.
    pub async fn run(&self, config: Option<&Path>) -> anyhow::Result<()> {
        let loaded = config_if_any(config)?;
        let reading = ReadingConfig { sandbox: Enforce::Best, ..loaded.config.reading };
        let readers = Readers::new(this_program()?, reading);
        let mut without_text = false;
        for path in &self.files {
            let name = path.display().to_string();
            let begun = Instant::now();
            let read = read(&readers, path).await?;
            let format = read.as_ref().ok().map(|file| file.format);
            let reading = read.map_or_else(|reading| *reading, |file| file.reading);
            if self.json {
                let seconds = begun.elapsed().as_secs_f64();
                say(&serde_json::to_string(&line(&name, format, &reading, seconds))?)?;
            } else if reading.has_text() {
                say(reading.text.trim_end())?;
            } else {
                complain(&format!("{name}: {}", reading.detail.as_deref().unwrap_or("there is no text in it.")));
            }
            without_text |= !reading.has_text();
        }
        if without_text && !self.json { Err(Reported.into()) } else { Ok(()) }
    }
}

/// Reads one document; a file that cannot be opened has a reading that says so.
async fn read(readers: &Readers, path: &Path) -> anyhow::Result<Result<File, Box<Reading>>> {
    let bytes = match read_file(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            let detail = format!("The file cannot be read: {error}.");
            return Ok(Err(Box::new(Reading::without_text(Outcome::NotRead, detail))));
        }
    };
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let files = readers.read_document(&name, &bytes).await?;
    let missing = || Box::new(Reading::without_text(Outcome::Damaged, "Reading it ended without an answer."));
    Ok(files.into_iter().next().ok_or_else(missing))
}

/// The bytes of a file that the command line names.
pub(super) fn read_file(path: &Path) -> std::io::Result<Vec<u8>> {
    #[expect(clippy::disallowed_methods, reason = "the file is named on the command line")]
    fs::read(path)
}

fn line<'a>(file: &'a str, format: Option<Format>, reading: &'a Reading, seconds: f64) -> Line<'a> {
    Line {
        file,
        format,
        outcome: reading.outcome,
        engine: reading.engine.as_deref(),
        pages: reading.pages,
        pages_without_text: &reading.pages_without_text,
        pages_failed: &reading.pages_failed,
        words: reading.words,
        words_by_part: reading.words_by_part,
        language: reading.language,
        text: &reading.text,
        detail: reading.detail.as_deref(),
        tried: &reading.tried,
        seconds,
    }
}
