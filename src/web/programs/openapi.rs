//! The description of the interface in `OpenAPI` 3.1, made from the table of what can be asked for.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{Query, State},
    http::{HeaderMap, Uri},
    response::Response,
};
use serde_json::{Map, Value, json};

use super::{
    operations::{Operation, operations},
    parameter::{Parameter, checked},
    problem, shape, shapes,
    told::JSON,
};
use crate::web::{app::App, asked::Asked, no_page::NoPage, visitor::Visitor};

/// Where the description itself stands.
pub(super) const PATH: &str = "/api/v1/openapi.json";

/// GET `/api/v1/openapi.json`
pub(in crate::web) async fn described(
    State(app): State<Arc<App>>,
    (Extension(visitor), uri, headers): (Extension<Visitor>, Uri, HeaderMap),
    Query(asked): Query<Asked>,
) -> Response {
    let found: Result<Value, NoPage> = checked(&asked, &[]).map(|()| description());
    app.told((uri.path(), &headers, &visitor), found)
}

/// The whole.
fn description() -> Value {
    let mut paths: Map<String, Value> =
        operations().iter().map(|operation| (plain(operation.path), get(operation))).collect();
    let itself = json!({
        "operationId": "openapi",
        "summary": "This description.",
        "responses": {"200": {"description": "OpenAPI 3.1.", "content": {JSON: {"schema": {"type": "object"}}}}},
    });
    paths.insert(PATH.to_owned(), json!({"get": itself}));
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "docket",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "Who has sent a written input, and what must be decided.",
            "description": "Everything is read; nothing is changed from here. Fields are added in time and none is taken away \
                            within a version. Times are in UTC. An answer has an ETag; ask again with If-None-Match.",
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}, {"session": []}],
        "paths": paths,
        "components": {
            "schemas": shapes::all(),
            "responses": {"Problem": {
                "description": "Why not, in a sentence.",
                "content": {problem::MEDIA_TYPE: {"schema": shape::of("Problem")}},
            }},
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "A person’s token: `docket user token NAME`."},
                "session": {"type": "apiKey", "in": "cookie", "name": "docket", "description": "Whoever is logged in to the pages."},
            },
        },
    })
}

fn get(operation: &Operation) -> Value {
    let Operation { path, id, says, parameters, shape } = operation;
    let within =
        names(path).map(|name| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}}));
    let parameters: Vec<Value> = within.chain(parameters.iter().map(Parameter::described)).collect();
    let same = json!({"description": "It is what whoever asks has already (If-None-Match)."});
    let mut responses = json!({
        "200": {
            "description": says,
            "headers": {"ETag": {"description": "A tag of the content.", "schema": {"type": "string"}}},
            "content": {JSON: {"schema": shape::of(shape)}},
        },
        "304": same,
    });
    for status in ["400", "401", "403", "404", "503"] {
        responses[status] = json!({"$ref": "#/components/responses/Problem"});
    }
    json!({"get": {"operationId": id, "summary": says, "parameters": parameters, "responses": responses}})
}

/// An address as `OpenAPI` has it: a part that may hold a slash is written like any other.
fn plain(path: &str) -> String {
    path.replace("{*", "{")
}

/// The names of the parts of an address.
fn names(path: &str) -> impl Iterator<Item = &str> {
    path.split('{').skip(1).filter_map(|part| part.split('}').next()).map(|name| name.trim_start_matches('*'))
}
