//! Style, program and icon.

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::borrow::Cow;

use super::Server;
use super::request::Template;
use crate::assets::Asset;

/// Answers for every path that is a file, before anything looks at cookies.
pub async fn serve(State(server): State<Server>, request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD)
        && let Some(asset) = server.assets.get(request.uri().path())
    {
        let mut response = answer(asset, request.headers());
        response.extensions_mut().insert(Template("/assets/{file}"));
        return response;
    }
    next.run(request).await
}

fn answer(asset: &Asset, asked: &HeaderMap) -> Response {
    let accepts_brotli = asked
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|coding| coding.trim().split(';').next() == Some("br") && !coding.contains("q=0"));
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.content_type));
    headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    let caching =
        if asset.immutable { "public, max-age=31536000, immutable" } else { "public, max-age=3600" };
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    let body = match &asset.brotli {
        Some(brotli) if accepts_brotli => {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
            brotli
        }
        _ => &asset.content,
    };
    let bytes = match body {
        Cow::Borrowed(embedded) => Bytes::from_static(embedded),
        Cow::Owned(read) => Bytes::copy_from_slice(read),
    };
    (headers, Body::from(bytes)).into_response()
}
