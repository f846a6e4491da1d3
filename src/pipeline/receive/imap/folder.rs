//! A folder of a server that is read.

use crate::pipeline::receive::intake::Origin;

#[derive(Clone, Debug)]
pub(super) struct WatchedFolder {
    /// What the server calls it.
    pub(super) name: String,
    pub(super) origin: Origin,
}
