//! Why the daemon did not start, or ended.

use super::supervise::Ended;
use crate::{
    instance::InstanceError, pipeline::PipelineError, sandbox::SandboxError, store::StoreError, web::TemplateError,
};

/// Why the daemon did not start, or ended.
#[derive(Debug, thiserror::Error)]
pub enum DaemonError {
    /// Another process receives into the same database.
    #[error(
        "another docket works on this database and would receive the same mail; stop that one first, or give this one \
         a database of its own"
    )]
    AnotherRuns,
    /// The pages cannot be served.
    #[error(
        "the pages cannot be served at {address}: {source}; is another program there, perhaps another docket? Stop it, or \
         write another port for “listen” in [web]"
    )]
    Listen {
        /// Where.
        address: std::net::SocketAddr,
        /// Why.
        source: std::io::Error,
    },
    /// A template of the pages is wrong.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// Nothing can be read without children.
    #[error(transparent)]
    Sandbox(#[from] SandboxError),
    /// The instance cannot open.
    #[error(transparent)]
    Instance(#[from] InstanceError),
    /// A step that must work at the start did not.
    #[error(transparent)]
    Pipeline(#[from] PipelineError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A loop is not there any more.
    #[error("{0}, and the program ends with it, so that it is started again whole")]
    Gone(Ended),
}

impl DaemonError {
    /// Whether the same may succeed later.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::AnotherRuns | Self::Listen { .. } | Self::Gone(_) => true,
            Self::Template(_) => false,
            Self::Sandbox(error) => error.is_temporary(),
            Self::Instance(error) => error.is_temporary(),
            Self::Pipeline(error) => error.is_temporary(),
            Self::Store(error) => error.is_temporary(),
        }
    }
}
