//! A folder of a server that is read.

use std::collections::BTreeSet;

use crate::pipeline::receive::{intake::Origin, looking::Looking};

#[derive(Clone, Debug)]
pub(super) struct WatchedFolder {
    /// What the server calls it.
    pub(super) name: String,
    pub(super) origin: Origin,
    pub(super) looking: Looking,
    /// Attempts that this process has counted, and that ended neither it nor themselves: the database went away.
    pub(super) unsettled: BTreeSet<String>,
}
