//! The desk as the source of the pages.

use super::{Answer, PageError, Pages};
use crate::{
    core::iso3::Iso3,
    desk::{
        Desk, DeskError,
        view::{Entry, Frame, LogFilter, LogPage, Register, StatePage},
    },
    watch::Health,
};

impl Pages for Desk {
    fn frame<'a>(&'a self, call: Option<&'a str>) -> Answer<'a, Option<Frame>> {
        Box::pin(async move { Ok(Desk::frame(self, call).await?) })
    }

    fn register<'a>(&'a self, call: Option<&'a str>) -> Answer<'a, Option<Register>> {
        Box::pin(async move { Ok(Desk::register(self, call).await?) })
    }

    fn state<'a>(&'a self, call: Option<&'a str>, iso3: Iso3) -> Answer<'a, Option<StatePage>> {
        Box::pin(async move { Ok(Desk::state(self, call, iso3).await?) })
    }

    fn log(&self, filter: LogFilter) -> Answer<'_, LogPage> {
        Box::pin(async move { Ok(self.log_page(&filter).await?) })
    }

    fn entry<'a>(&'a self, reference: &'a str) -> Answer<'a, Option<Entry>> {
        Box::pin(async move { Ok(Desk::entry(self, reference).await?) })
    }

    fn health(&self) -> Health {
        Desk::health(self)
    }
}

impl From<DeskError> for PageError {
    fn from(error: DeskError) -> Self {
        match error {
            DeskError::NotFound(said) => Self::Missing(said),
            DeskError::Refused(said) => Self::Wrong(said),
            error if error.is_temporary() => Self::Busy(Box::new(error)),
            error => Self::Failed(Box::new(error)),
        }
    }
}
