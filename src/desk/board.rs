//! The board of the night of the deadline: what came in the last hour, and what waits on us.
//!
//! Promises that after the deadline it stands still as of that moment, and that only a decision on what came before it
//! changes it; then both times are told.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::{
    Desk, DeskError,
    view::{CallRegister, RegisterLine, RegisterQuery},
};
use crate::core::{iso3::Iso3, submission::View};

/// The board of a call.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Board {
    /// The register: as it stands, and after the deadline as of that.
    pub register: CallRegister,
    /// The deadline is over.
    pub over: bool,
    /// What came in the hour before now, or before the deadline; the newest first.
    pub hour: Vec<Arrived>,
    /// What came after the deadline first, the newest first; the states that were late, or have more time.
    pub after: Vec<Arrived>,
}

/// What a state sent.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Arrived {
    /// The line of the register.
    pub line: RegisterLine,
    /// When it was received.
    pub at: Timestamp,
    /// When a person decided on it, after the deadline.
    pub decided: Option<Timestamp>,
}

impl Desk {
    /// The board of a call; none if there is no such call.
    ///
    /// # Errors
    /// The database did not answer.
    pub async fn board(&self, call: Option<&str>) -> Result<Option<Board>, DeskError> {
        let Some(open) = self.instance.call(call) else { return Ok(None) };
        let (now, deadline) = (self.instance.clock.now(), open.deadline.instant);
        let over = now >= deadline;
        let view = if over { View::as_of(deadline) } else { View::NOW };
        let Some(register) = self.register_page(call, view).await? else { return Ok(None) };
        let until = now.min(deadline);
        let since = until.checked_sub(SignedDuration::from_hours(1)).unwrap_or(Timestamp::MIN);
        let mut hour = Vec::new();
        for arrived in arrived(&register.states, |line| line.version_received, |at| since <= at && at < until) {
            let decided =
                if over { self.decided_since(open.known.id, arrived.line.iso3, deadline).await? } else { None };
            hour.push(Arrived { decided, ..arrived });
        }
        let mut after = Vec::new();
        if over && let Some(now) = self.register(&RegisterQuery::now(call)).await? {
            after = arrived(&now.lines, |line| line.received, |at| at >= deadline);
        }
        Ok(Some(Board { register, over, hour, after }))
    }

    /// When a person last decided something of a state that stands, if that was since a time.
    async fn decided_since(&self, call: i64, iso3: Iso3, since: Timestamp) -> Result<Option<Timestamp>, DeskError> {
        let mut tx = self.instance.db.snapshot().await?;
        let decisions = tx.decisions_about(call, iso3).await?;
        let times = decisions.iter().filter(|decision| decision.stands()).map(|decision| decision.at.nearest());
        Ok(times.filter(|at| *at >= since).max())
    }
}

fn arrived(
    lines: &[RegisterLine],
    when: impl Fn(&RegisterLine) -> Option<Timestamp>,
    wanted: impl Fn(Timestamp) -> bool,
) -> Vec<Arrived> {
    let there = lines.iter().filter_map(|line| Some((line, when(line).filter(|at| wanted(*at))?)));
    let mut there: Vec<Arrived> = there.map(|(line, at)| Arrived { line: line.clone(), at, decided: None }).collect();
    there.sort_by_key(|arrived| std::cmp::Reverse(arrived.at));
    there
}
