//! What a handler answers with.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};

use crate::core::text::percent;

/// An answer that is no failure.
#[derive(Debug)]
pub enum Answer {
    /// A page.
    Page(String),
    /// A page with a status of its own.
    With(StatusCode, String),
    /// A file to be kept, under a name of ours.
    File {
        /// The name, one that every file system takes.
        name: String,
        /// The media type (RFC 6838).
        media_type: &'static str,
        /// The bytes.
        bytes: Vec<u8>,
    },
    /// What was sent is done; this address shows it.
    SeeOther(String),
    /// The same, with cookies.
    Entered(String, Vec<HeaderValue>),
}

impl From<String> for Answer {
    fn from(page: String) -> Self {
        Self::Page(page)
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let see = |to: &str| {
            // Addresses of ours are ASCII; what is not leads to the first page.
            let to = HeaderValue::from_str(to).unwrap_or(HeaderValue::from_static("/"));
            (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response()
        };
        match self {
            Self::Page(page) => Html(page).into_response(),
            Self::With(status, page) => (status, Html(page)).into_response(),
            Self::File { name, media_type, bytes } => {
                let named = HeaderValue::from_str(&named(&name)).unwrap_or(HeaderValue::from_static("attachment"));
                let headers = [
                    (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
                    (header::CONTENT_DISPOSITION, named),
                ];
                (headers, bytes).into_response()
            }
            Self::SeeOther(to) => see(&to),
            Self::Entered(to, cookies) => {
                let mut answer = see(&to);
                for cookie in cookies {
                    answer.headers_mut().append(header::SET_COOKIE, cookie);
                }
                answer
            }
        }
    }
}

/// How a file is handed over under a name (RFC 6266): in ASCII for whoever knows no better, and as it is (RFC 8187).
fn named(name: &str) -> String {
    let plain = |c: char| c.is_ascii() && !c.is_ascii_control() && !matches!(c, '"' | '\\' | '%');
    let ascii: String = name.chars().map(|c| if plain(c) { c } else { '_' }).collect();
    if ascii == name {
        return format!("attachment; filename=\"{name}\"");
    }
    format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{}", percent::encoded(name))
}
