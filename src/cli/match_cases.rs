//! `docket match`: whose input prepared cases are.

use std::{
    fs,
    io::{self, BufRead as _},
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use clap::Args;
use serde::Serialize;

use super::{config_if_any, say};
use crate::{
    core::judging::matching::{Case, Match},
    instance::read_register,
};

/// Matches prepared cases to states, one JSON answer a line.
///
/// A case is an object `{"id", "from": {"display", "address"}, "reply_to", "subject", "body", "attachments":
/// [{"filename", "first_page_text"}]}`.
#[derive(Debug, Args)]
#[command(name = "match")]
pub struct MatchCases {
    /// The cases, one JSON object a line; - for standard input.
    #[arg(long, value_name = "FILE.jsonl")]
    cases: PathBuf,
    /// The roster whose states are member states; without it that of the first call, else unece.
    #[arg(long)]
    roster: Option<String>,
}

#[derive(Serialize)]
struct Judged<'a> {
    id: &'a str,
    #[serde(flatten)]
    matched: Match,
}

impl MatchCases {
    /// Runs the command.
    pub fn run(&self, config: Option<&Path>) -> anyhow::Result<()> {
        let loaded = config_if_any(config)?;
        let register = read_register(&loaded.shipped)?;
        let first = loaded.config.calls.first().map(|call| call.roster.clone());
        let roster = self.roster.clone().or(first).unwrap_or_else(|| "unece".to_owned());
        let text: Box<dyn io::BufRead> = if self.cases == Path::new("-") {
            Box::new(io::stdin().lock())
        } else {
            let file = fs::File::open(&self.cases).with_context(|| self.cases.display().to_string())?;
            Box::new(io::BufReader::new(file))
        };
        for (line, n) in text.lines().zip(1..) {
            let line = line?;
            if line.trim().is_empty() {
                continue;
            }
            let case: Case = serde_json::from_str(&line)
                .with_context(|| format!("{}, line {n}, is no case", self.cases.display()))?;
            let matched = register.match_case(&case, &roster);
            say(&serde_json::to_string(&Judged { id: &case.id, matched })?)?;
        }
        Ok(())
    }
}
