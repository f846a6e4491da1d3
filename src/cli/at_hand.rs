//! The configuration of a command that can do without one.

use std::path::Path;

use crate::config::{Config, Loaded};

/// A configuration if there is one: the file that is named must be there, and one in its usual place counts.
pub(super) fn config_if_any(config: Option<&Path>) -> anyhow::Result<Loaded> {
    match config {
        Some(path) => Ok(Config::load(Some(path))?),
        None if Config::is_at_hand() => Ok(Config::load(None)?),
        None => Ok(Loaded::defaults()),
    }
}
