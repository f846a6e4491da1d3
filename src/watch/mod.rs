//! How each end of the program does: its mailboxes, its letters, its database. The steps say what they did; pages, probes
//! and alarms read it.
//!
//! Promises that silence is seen: what counts is when something last worked, not whether anybody reported a failure.

mod alarm;
mod complaints;
mod ends;
mod health;
mod known;
mod path;
mod trouble;

pub use self::{
    alarm::{AlarmMoment, Alarms, Signal},
    ends::patience,
    health::{EndSeen, Health},
    known::{DATABASE_FAILS, Watch},
    path::{AlarmError, Path},
    trouble::{Topic, Trouble},
};
