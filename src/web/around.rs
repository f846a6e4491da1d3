//! What stands around a page: the call, what waits, and who asks.

use super::visitor::Visitor;
use crate::desk::view::Frame;

/// What stands around a page.
#[derive(Clone, Debug)]
pub struct Around {
    /// The call and what is to be said of it on every page.
    pub frame: Frame,
    /// Who asks.
    pub visitor: Visitor,
}

impl From<Frame> for Around {
    /// Around nobody in particular.
    fn from(frame: Frame) -> Self {
        Self { frame, visitor: Visitor::default() }
    }
}
