//! `docket waiting`: what must be decided.

use clap::Args;

use super::{
    say,
    table::{clipped, wrapped},
    terminal::{COLUMNS, call},
    workplace::Workplace,
};
use crate::{
    core::text::language::Language,
    desk::{Desk, Later, ToDecide},
};

/// So many states whose reminders are held back are named.
const NAMED: usize = 4;

/// Prints what must be decided: first what holds reminders back that are due now, the most of them first, then the oldest; behind
/// all that what is left for later in the pages.
///
/// With `docket decide` each is decided, and `docket show` shows it in full. A reminder is held back as long as something
/// undecided may be the state’s input.
#[derive(Debug, Args)]
pub struct Waiting {
    /// Only this call, and what is for none yet.
    #[arg(long, value_name = "CODE")]
    call: Option<String>,
    /// The language in which it is asked: en or fr; for any other, English.
    #[arg(long, value_name = "CODE", default_value_t = Language::En)]
    language: Language,
    /// One JSON object a line: number, from, subject, since, age (in seconds), question, states (that it may be of), names,
    /// unblocks (the states whose reminders it holds back now), `open_with` (who has it open in the pages), later (until, by and
    /// reason, where it is left for later).
    #[arg(long)]
    json: bool,
}

impl Waiting {
    /// Runs the command.
    pub async fn run(&self, place: &Workplace) -> anyhow::Result<()> {
        let instance = place.to_read().await?;
        if let Some(code) = &self.call {
            call(&instance, Some(code))?;
        }
        let all = Desk::new(instance.clone()).waiting(self.call.as_deref(), self.language).await?;
        if all.is_empty() && !self.json {
            say("Nothing waits for a person.")?;
        }
        for case in &all {
            if self.json {
                say(&serde_json::to_string(case)?)?;
            } else {
                let unblocks = case.unblocks.iter().map(|&iso3| instance.name(iso3)).collect::<Vec<_>>();
                say(&in_words(case, &unblocks))?;
            }
        }
        Ok(())
    }
}

fn in_words(case: &ToDecide, unblocks: &[String]) -> String {
    let lead = format!("{:<10} ", case.number);
    let indent = " ".repeat(lead.len());
    let mut said = vec![
        clipped(&format!("{lead}{}, from {}", age(case.age), case.from.as_deref().unwrap_or("(no sender)")), COLUMNS),
        clipped(&format!("{indent}{}", case.subject.as_deref().unwrap_or("(no subject)")), COLUMNS),
        wrapped(&case.question, &format!("{indent}? ")),
    ];
    let held = match unblocks {
        [] => None,
        [one] => Some(format!("Holds back the reminder to {one}.")),
        [most @ .., last] if most.len() < NAMED => {
            Some(format!("Holds back the reminders to {} and {last}.", most.join(", ")))
        }
        many => Some(format!("Holds back the reminders to {} states.", many.len())),
    };
    if let Some(Later { until, by, reason }) = &case.later {
        said.push(wrapped(&format!("Left for later until {until} by {by}: {reason}"), &indent));
    }
    said.extend(held.map(|held| wrapped(&held, &format!("{indent}! "))));
    said.join("\n")
}

/// How long something waits, in its largest whole unit.
fn age(seconds: i64) -> String {
    let (n, unit) = match seconds {
        86_400.. => (seconds / 86_400, "day"),
        3_600.. => (seconds / 3_600, "hour"),
        _ => (seconds / 60, "minute"),
    };
    format!("{n} {unit}{}", if n == 1 { "" } else { "s" })
}
