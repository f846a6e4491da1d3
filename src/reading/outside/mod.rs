//! Programs outside, asked where our own readers found no text: pdftotext, and tesseract for pages that are pictures.
//!
//! Only those that are installed and switched on. They run from here and not from the child that reads, each held to what
//! it needs; what they say is strangers' text as well, so a child puts it into the reading.

mod ocr;
mod tsv;

use std::path::{Path, PathBuf};

use tokio::time::Instant;

use self::ocr::{MOST_PAGES, Ocr};
use crate::{
    config::{ReadingConfig, Tool},
    core::file::{File, Format, Outcome, Reading, pages_in_words},
    extract::{Engine, Supplied},
    sandbox::{Failed, Program},
};

/// Where programs are looked for that are named by no path.
const PLACES: [&str; 3] = ["/usr/bin", "/usr/local/bin", "/bin"];
const MOST_TEXT: usize = 64 << 20;

/// The programs outside that may be asked.
#[derive(Clone, Debug, Default)]
pub(super) struct Outside {
    pdftotext: Option<Program>,
    ocr: Option<Ocr>,
}

/// A program as it was found, for a person who looks whether all is in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installed {
    /// Its name.
    pub name: &'static str,
    /// Where it lies and which version it is, or why it cannot be used.
    pub found: Result<String, String>,
}

impl Outside {
    /// Those that the configuration switches on and that are there; `launcher` is this program itself.
    pub(super) fn new(launcher: &Path, limits: &ReadingConfig) -> Self {
        let program = |place| Program::new(launcher.to_owned(), place, limits.clone());
        let pdftotext = place(&limits.pdftotext, "pdftotext").map(program);
        let ocr = place(&limits.ocr, "tesseract")
            .map(|tesseract| Ocr::new(place(&Tool::Auto, "pdftoppm").map(program), program(tesseract), limits));
        Self { pdftotext, ocr }
    }

    /// Whether the bytes of a file are worth fetching.
    pub(super) fn wants(&self, file: &File) -> bool {
        self.asks_pdftotext(file) || self.asks_ocr(file)
    }

    fn asks_pdftotext(&self, file: &File) -> bool {
        let reading = &file.reading;
        self.pdftotext.is_some()
            && file.format == Format::Pdf
            && (matches!(reading.outcome, Outcome::Damaged | Outcome::TimedOut | Outcome::NoText | Outcome::Partial)
                || !reading.pages_lacking().is_empty())
    }

    fn asks_ocr(&self, file: &File) -> bool {
        let reading = &file.reading;
        let Some(ocr) = &self.ocr else { return false };
        match file.format {
            Format::Pdf => {
                ocr.pictures.is_some()
                    && (matches!(reading.outcome, Outcome::NoText | Outcome::Damaged)
                        || !reading.pages_lacking().is_empty())
            }
            // Logos and buttons are shown within the text.
            Format::Image => !file.inline,
            _ => false,
        }
    }

    /// The pages of a PDF as pdftotext reads them, or why it gave none; `None` where it is not asked.
    pub(super) async fn pdftotext(&self, file: &File, pdf: &[u8], until: Instant) -> Option<Result<Supplied, String>> {
        let program = self.pdftotext.as_ref().filter(|_| self.asks_pdftotext(file))?;
        let last = MOST_PAGES.to_string();
        let arguments = ["-q", "-enc", "UTF-8", "-l", &last, "-", "-"];
        Some(match program.run(&arguments, pdf, MOST_TEXT, until).await {
            Ok(text) => {
                let text = String::from_utf8_lossy(&text);
                // It ends each page with a form feed.
                let pages = text.strip_suffix('\x0c').unwrap_or(&text).split('\x0c');
                let supplied = Supplied::new(Engine::Pdftotext, pages.map(str::to_owned).collect());
                if supplied.is_empty() { Err("it found no text".to_owned()) } else { Ok(supplied) }
            }
            Err(error) => {
                if matches!(error, Failed::NotRun | Failed::NotHeld | Failed::NotStarted(_)) {
                    tracing::error!("pdftotext cannot be asked: {error}");
                }
                Err(error.to_string())
            }
        })
    }

    /// The pages without text as they were recognised, or why there are none; `None` where nobody is asked.
    pub(super) async fn recognise(
        &self,
        file: &File,
        bytes: &[u8],
        until: Instant,
    ) -> Option<Result<Supplied, String>> {
        let ocr = self.ocr.as_ref().filter(|_| self.asks_ocr(file))?;
        let recognised = if file.format == Format::Image {
            ocr.picture(bytes, until).await
        } else {
            let reading = &file.reading;
            let lacking = reading.pages_lacking();
            ocr.pdf(bytes, reading.pages.map(|count| (count, lacking.as_slice())), until).await
        };
        Some(recognised.ok_or_else(|| "it recognised no text that is sure".to_owned()))
    }

    /// Tries each program that is switched on.
    pub(super) async fn try_out(limits: &ReadingConfig, launcher: &Path, until: Instant) -> Vec<Installed> {
        let pictures = if limits.ocr == Tool::Off { Tool::Off } else { Tool::Auto };
        let wanted = [("pdftotext", &limits.pdftotext), ("tesseract", &limits.ocr), ("pdftoppm", &pictures)];
        let mut tried = Vec::new();
        for (name, tool) in wanted.into_iter().filter(|(_, tool)| **tool != Tool::Off) {
            let found = match place(tool, name) {
                None => Err("it is switched on in [reading], and not installed".to_owned()),
                Some(place) => {
                    let program = Program::new(launcher.to_owned(), place, limits.clone());
                    in_order(&program, name, limits, until).await
                }
            };
            tried.push(Installed { name, found });
        }
        tried
    }
}

/// Where the program lies and which version it is, and for tesseract whether it knows the languages.
async fn in_order(program: &Program, name: &str, limits: &ReadingConfig, until: Instant) -> Result<String, String> {
    let version = program.version(if name == "tesseract" { "--version" } else { "-v" }, until).await;
    let version = version.map_err(|error| error.to_string())?;
    let found = format!("{} ({version})", program.place().display());
    if name != "tesseract" {
        return Ok(found);
    }
    let said = program.run(&["--list-langs"], b"", MOST_TEXT, until).await.map_err(|error| error.to_string())?;
    let said = String::from_utf8_lossy(&said);
    let known: Vec<&str> = said.lines().skip(1).map(str::trim).collect();
    let missing: Vec<&str> =
        limits.ocr_languages.iter().map(String::as_str).filter(|language| !known.contains(language)).collect();
    if missing.is_empty() {
        return Ok(format!("{found}, with {}", limits.ocr_languages.join(", ")));
    }
    Err(format!("{found} lacks “{}” of “ocr_languages”; it has {}", missing.join("”, “"), known.join(", ")))
}

/// Where a program lies; `None` where it is switched off or not there.
fn place(tool: &Tool, name: &str) -> Option<PathBuf> {
    let place = match tool {
        Tool::Off => None,
        Tool::At(place) => Some(place.clone()),
        Tool::Auto => PLACES.iter().map(|folder| Path::new(folder).join(name)).find(|place| place.exists()),
    };
    place.filter(|place| place.exists())
}

/// Why a reading is replaced by one that was made with the help of a program.
pub(super) fn lacked(reading: &Reading) -> String {
    let lacking = reading.pages_lacking();
    if !reading.has_text() {
        "it found no text".to_owned()
    } else if lacking.is_empty() {
        "it read a part only".to_owned()
    } else {
        format!("it found nothing on {}", pages_in_words(&lacking))
    }
}

/// Whether a reading made with the help of a program is better than the one without.
pub(super) fn is_better(with: &Reading, without: &Reading) -> bool {
    let missing = |reading: &Reading| reading.pages_lacking().len();
    with.has_text()
        && (!without.has_text()
            || (with.outcome, without.outcome) == (Outcome::Read, Outcome::Partial)
            || (missing(with) < missing(without) && with.words >= without.words))
}
