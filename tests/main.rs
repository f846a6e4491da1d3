//! All tests in one binary: one build, one link.

mod bad_configs;
mod config;
mod fixture;
mod layers;
mod letters;
mod store;
mod web;
mod mail;
mod extract;
