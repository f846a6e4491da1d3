//! Where letters leave: a folder, or a mail server.

use crate::mailer::{Folder, Smtp};

/// Where letters leave.
#[derive(Debug)]
pub(super) enum Outlet {
    Folder(Folder),
    Smtp(Box<Smtp>),
}
