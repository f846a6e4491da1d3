//! `[store]`: where things are kept.
//!
//! Promises that a relative place begins at the folder of the configuration, wherever the program is started, and that
//! no URL is repeated in a message: it may hold a password.

use std::path::Path;

use super::{
    database::{database_file, database_url},
    reader::{Report, Section},
    secret,
    settings::StoreConfig,
};

/// The mark bears the name of the file, so that two configurations in one folder have one each.
pub(super) fn default(path: &Path, base: &Path) -> StoreConfig {
    let default = StoreConfig::default();
    StoreConfig { url: from_folder(&default.url, base), mark: path.with_extension("mark"), ..default }
}

/// Reads the section, and says in which line its “mark” stands.
pub(super) fn read(
    report: &Report<'_>,
    mut section: Section<'_, '_>,
    path: &Path,
    base: &Path,
) -> (StoreConfig, Option<usize>) {
    let url = secret::STORE_URL.parsed(report, &mut section, base, store_url);
    let token_key = secret::TOKEN_KEY.parsed(report, &mut section, base, str::parse);
    let mark = section.text("mark");
    section.finish();
    let default = default(path, base);
    let url = url.map_or(default.url, |url| from_folder(&url.value, base));
    let line = mark.as_ref().map(|mark| mark.line);
    let mark = mark.map_or(default.mark, |mark| base.join(mark.value));
    (StoreConfig { url, token_key: token_key.map(|key| key.value), mark }, line)
}

/// Never repeats the URL: it may hold a password.
fn store_url(text: &str) -> Result<String, String> {
    let text = text.trim();
    match database_file(text)? {
        None if !["postgres://", "postgresql://"].iter().any(|s| text.len() > s.len() && text.starts_with(s)) => {
            Err("should be \"sqlite:FILE\" or \"postgres://…\"".to_owned())
        }
        _ => Ok(text.to_owned()),
    }
}

/// A relative `SQLite` file begins at the folder of the configuration, wherever the program is started.
fn from_folder(url: &str, base: &Path) -> String {
    match database_file(url) {
        Ok(Some(file)) => database_url(&base.join(file)),
        _ => url.to_owned(),
    }
}
