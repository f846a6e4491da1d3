//! The configuration of a command that can do without one, and what a command names of it.

use std::path::Path;

use anyhow::Context as _;

use crate::config::{Config, Loaded};

/// A configuration if there is one: the file that is named must be there, and one in its usual place counts.
pub(super) fn config_if_any(config: Option<&Path>) -> anyhow::Result<Loaded> {
    match config {
        Some(path) => Ok(Config::load(Some(path))?),
        None if Config::is_at_hand() => Ok(Config::load(None)?),
        None => Ok(Loaded::defaults()),
    }
}

/// The name of a mailbox of the configuration, as a command names it; the first where it names none.
pub(super) fn mailbox_named(config: &Config, name: Option<&str>) -> anyhow::Result<String> {
    let mut names = config.mailboxes.iter().map(|mailbox| &mailbox.name);
    let Some(name) = name else {
        return names.next().cloned().context("the configuration has no mailbox to import for");
    };
    if let Some(known) = names.find(|known| *known == name) {
        return Ok(known.clone());
    }
    let known: Vec<&str> = config.mailboxes.iter().map(|mailbox| mailbox.name.as_str()).collect();
    if known.is_empty() {
        anyhow::bail!("there is no mailbox “{name}”, for there is no configuration with one; name it with --config");
    }
    anyhow::bail!("there is no mailbox “{name}”; there are: {}", known.join(", "))
}
