//! What the kernel holds the processes to that read what strangers sent.
//!
//! Each process says it of itself, after it has restricted itself: nothing is concluded from the kernel's version.

use serde::{Deserialize, Serialize};

/// What holds, beside the limits of memory and time, which hold everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enforced {
    /// Landlock: no file is within reach.
    pub files: bool,
    /// Seccomp: nothing is asked of the kernel that reading does not need.
    pub calls: bool,
}

impl Enforced {
    /// Whether everything holds.
    #[must_use]
    pub fn is_whole(self) -> bool {
        self.files && self.calls
    }

    /// What this kernel does not enforce, a sentence each; `None` where everything holds.
    #[must_use]
    pub fn lacking(self) -> Option<String> {
        let lacking: Vec<&str> = [(self.files, FILES), (self.calls, CALLS)]
            .into_iter()
            .filter(|(holds, _)| !holds)
            .map(|(_, s)| s)
            .collect();
        (!lacking.is_empty()).then(|| lacking.join(" "))
    }
}

const FILES: &str = "This kernel does not keep the processes that read away from files: it lacks Landlock, or has it \
    switched off (Linux 5.13 or later has it, where “landlock” is among the security modules).";
const CALLS: &str = "This kernel does not filter what the processes that read may ask of it: it lacks seccomp.";
