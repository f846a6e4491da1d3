//! Counts every request, whatever came of it.

use std::{sync::Arc, time::Instant};

use axum::{
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};

use crate::web::app::App;

/// The route of what is at no address.
const NONE: &str = "none";

/// Counts a request and how long its answer took to be made.
pub(in crate::web) async fn count(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let (began, method) = (Instant::now(), request.method().clone());
    let at = request.extensions().get::<MatchedPath>().map_or_else(|| NONE.to_owned(), |at| at.as_str().to_owned());
    let answer = next.run(request).await;
    app.counted.count(&method, &at, answer.status().as_u16(), began.elapsed());
    answer
}
