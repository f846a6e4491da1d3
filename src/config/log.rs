//! How much the daemon says while it runs: `[log]`.

use super::reader::Section;

/// What is said, each with all before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogLevel {
    /// What fails.
    Error,
    /// What somebody should look at.
    Warn,
    /// What happens: a line for each thing.
    Info,
    /// What is looked at, though nothing happened.
    Debug,
}

/// What is said while the program runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogConfig {
    /// How much.
    pub level: LogLevel,
}

impl LogLevel {
    /// As it is written.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
        }
    }
}

/// Reads the section.
pub(super) fn read(mut section: Section<'_, '_>) -> LogConfig {
    let levels = [LogLevel::Error, LogLevel::Warn, LogLevel::Info, LogLevel::Debug].map(|level| (level.word(), level));
    let level = section.choice("level", &levels);
    section.finish();
    level.map_or_else(LogConfig::default, |level| LogConfig { level: level.value })
}
