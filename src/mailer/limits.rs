//! How long a mail server may take.

use std::time::Duration;

/// How long each phase may take (RFC 5321, 4.5.3.2), and the conversation.
#[derive(Clone, Copy, Debug)]
pub struct SmtpLimits {
    /// A connection, with its encryption.
    pub connect: Duration,
    /// The greeting, and the reply to each command but DATA.
    pub reply: Duration,
    /// The reply to DATA.
    pub data: Duration,
    /// Writing a piece of the text.
    pub piece: Duration,
    /// The reply to the final dot.
    pub dot: Duration,
    /// Everything before the final dot together.
    pub before_dot: Duration,
    /// How long a connection is kept for the next letter.
    pub keep: Duration,
}

impl Default for SmtpLimits {
    fn default() -> Self {
        Self {
            connect: Duration::from_mins(1),
            reply: Duration::from_mins(5),
            data: Duration::from_mins(2),
            piece: Duration::from_mins(3),
            dot: Duration::from_mins(10),
            before_dot: Duration::from_mins(10),
            keep: Duration::from_secs(10),
        }
    }
}

impl SmtpLimits {
    /// The longest that a letter can take.
    #[must_use]
    pub fn whole(&self) -> Duration {
        // A connection that was kept may turn out to be dead, and then a second one is made.
        2 * self.before_dot + self.dot
    }
}
