//! Silence is noticed: what counts as trouble, who is called when, and the whole through the real program.

mod called;
mod complaints;
mod daemon;
mod ends;
