//! What a demo is played with: the sample mail, when each message arrives, the focal points, and the configuration.

use std::borrow::Cow;

use anyhow::Context as _;
use jiff::Timestamp;
use rust_embed::RustEmbed;
use serde::Deserialize;

#[derive(RustEmbed)]
#[folder = "config/demo/"]
#[include = "mail/*"]
#[include = "focal_points.csv"]
#[include = "docket.toml"]
struct Sample;

/// The order of the sample mail.
#[derive(Deserialize)]
struct Index {
    message: Vec<Arrival>,
}

/// A message, and when it comes.
#[derive(Deserialize)]
pub(super) struct Arrival {
    /// Its file.
    pub(super) file: String,
    /// When it arrives.
    pub(super) arrives: Timestamp,
}

/// The sample mail in the order of its arrival.
pub(super) fn arrivals() -> anyhow::Result<Vec<Arrival>> {
    let index: Index = toml::from_str(std::str::from_utf8(&file("mail/index.toml")?)?)?;
    let mut arrivals = index.message;
    arrivals.sort_by_key(|arrival| arrival.arrives);
    Ok(arrivals)
}

/// The bytes of a message.
pub(super) fn mail(name: &str) -> anyhow::Result<Cow<'static, [u8]>> {
    file(&format!("mail/{name}"))
}

/// Whom the secretariat reminds.
pub(super) fn focal_points() -> anyhow::Result<String> {
    Ok(String::from_utf8(file("focal_points.csv")?.into_owned())?)
}

/// The configuration.
pub(super) fn configuration() -> anyhow::Result<Cow<'static, [u8]>> {
    file("docket.toml")
}

fn file(path: &str) -> anyhow::Result<Cow<'static, [u8]>> {
    Ok(Sample::get(path).with_context(|| format!("the program lacks {path} of the demo"))?.data)
}
