//! What can be wrong with the files of letters, said with the file and the line.

use std::fmt;

/// What is wrong with a template or with the words of a language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterProblem {
    /// The file, such as `letters/query/body.txt.j2` or `letters/fr/words.toml`.
    pub file: String,
    /// The line, counted from 1, where it is known.
    pub line: Option<usize>,
    /// What is wrong.
    pub what: String,
}

impl fmt::Display for LetterProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.file, self.what),
            None => write!(f, "{}: {}", self.file, self.what),
        }
    }
}

impl std::error::Error for LetterProblem {}

/// All problems of all files, in the order of files and lines.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
pub struct LetterProblems(pub Vec<LetterProblem>);

impl LetterProblems {
    /// Takes a problem up, once: a fault of what all languages share shows in each of them.
    pub(super) fn note(&mut self, problem: LetterProblem) {
        if !self.0.contains(&problem) {
            self.0.push(problem);
        }
    }

    /// The problems in their order.
    pub(super) fn by_file_and_line(mut self) -> Self {
        self.0.sort_by(|one, other| (&one.file, one.line).cmp(&(&other.file, other.line)));
        self
    }
}
