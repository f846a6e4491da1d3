//! From a document's bytes to its text; fed by strangers, so it runs only in the child process.
//!
//! Promises an outcome for every input within the limits; a panic or a death of the process is the parent's to turn into
//! one.
