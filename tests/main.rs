//! All tests in one binary: one build, one link.

mod bad_configs;
mod config;
mod fixture;
mod layers;
mod store;
mod web;
mod letters;
