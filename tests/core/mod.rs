//! What is pure: rules as tables, and promises as properties.

mod deadline;
