//! What a person can look at and decide; the terminal and the pages share it.

pub mod view;
