//! By which name the pages are reached, and who is let in without being asked.

use crate::{
    config::{OidcConfig, PagesAddress},
    desk::Person,
};

/// How the pages are reached from outside this program.
#[derive(Clone, Debug, Default)]
pub struct Doors {
    /// The address of a proxy on this machine behind which the pages stand.
    pub address: Option<PagesAddress>,
    /// Where people log in who have an account at an issuer.
    pub oidc: Option<Box<OidcConfig>>,
    /// Nothing is sent by this program: the pages say so.
    pub rehearsal: bool,
    /// Who is at the desk of a demo's own process, without an account. Nobody else is let in then.
    pub training: Option<Person>,
}
