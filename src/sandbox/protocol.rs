//! The words by which the program and the processes that it starts know each other.

/// The first argument that makes the program a fork server.
pub const CHILD_ARGUMENT: &str = "read-for-parent";
/// The first argument that makes the program the launcher of another.
pub const LAUNCH_ARGUMENT: &str = "run-for-parent";

/// The argument of a child that reads on a weaker kernel, too.
pub(super) const WEAKER: &str = "best";
/// The argument of one that does not.
pub(super) const WHOLE: &str = "require";

/// What a fork server says of a child.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// It ended, with this status as the system has it.
    Ended(i32),
    /// There is none, for this error of the system.
    NotForked(i32),
}

impl Said {
    pub(super) const LENGTH: usize = 5;

    pub(super) fn to_bytes(self) -> [u8; Self::LENGTH] {
        let (kind, number) = match self {
            Self::Ended(status) => (0, status),
            Self::NotForked(error) => (1, error),
        };
        let [a, b, c, d] = number.to_ne_bytes();
        [kind, a, b, c, d]
    }

    pub(super) fn from_bytes([kind, a, b, c, d]: [u8; Self::LENGTH]) -> Self {
        let number = i32::from_ne_bytes([a, b, c, d]);
        if kind == 0 { Self::Ended(number) } else { Self::NotForked(number) }
    }
}
