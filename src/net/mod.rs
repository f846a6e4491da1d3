//! What every connection to the outside stands on: whom it trusts, and one request over it.

pub mod http;
pub mod tls;
