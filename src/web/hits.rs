//! The words of a search marked where they stand in what is shown.

use super::escape::as_html;
use crate::core::search::Search;

/// The text as HTML, with every stretch marked that holds what is searched for.
pub(super) fn marked(text: &str, words: &str) -> String {
    let mut html = String::new();
    let mut at = 0;
    let hits = Search::of(words).map(|search| search.hits(text)).unwrap_or_default();
    for hit in hits {
        html.push_str(&as_html(&text[at..hit.start]));
        html.push_str("<mark class=\"hit\">");
        html.push_str(&as_html(&text[hit.clone()]));
        html.push_str("</mark>");
        at = hit.end;
    }
    html.push_str(&as_html(&text[at..]));
    html
}
