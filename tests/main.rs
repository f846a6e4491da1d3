//! All tests in one binary: one build, one link.

mod matching;
