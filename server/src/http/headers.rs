//! The policies of every kind of answer, on one page.

use axum::extract::Request;
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;

/// For answers that no page is made of: downloads, answers of server functions, redirects.
const NOTHING: &str = "sandbox; default-src 'none'; frame-ancestors 'none'";

/// Everything that a page does not use is off.
const PERMISSIONS: &str = "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), \
    fullscreen=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), \
    picture-in-picture=(), publickey-credentials-get=(self), screen-wake-lock=(), serial=(), usb=(), \
    xr-spatial-tracking=()";

/// The policy of a page of the application. Scripts run only under this answer's nonce, and what they load.
pub fn page_policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self'; font-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; \
         base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
    )
}

/// Puts onto every answer what holds for all, and the strictest policy where none was set.
pub async fn on_every_answer(secure: bool, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    if secure {
        keep_prefix(headers);
    }
    default(headers, header::CONTENT_SECURITY_POLICY, NOTHING);
    default(headers, header::CACHE_CONTROL, "no-store");
    set(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    // Other sites learn nothing. Our own must: under `no-referrer` a form's post says `Origin: null`, and then
    // nothing proves that our page sent it.
    default(headers, header::REFERRER_POLICY, "same-origin");
    set(headers, HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    default(headers, HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    set(headers, HeaderName::from_static("permissions-policy"), PERMISSIONS);
    set(headers, HeaderName::from_static("x-dns-prefetch-control"), "off");
    set(headers, HeaderName::from_static("x-robots-tag"), "noindex, nofollow");
    if secure {
        set(headers, header::STRICT_TRANSPORT_SECURITY, "max-age=63072000; includeSubDomains");
    }
    response
}

/// A cookie whose name begins with `__Host-` is removed only by one that is Secure as well (RFC 6265bis §4.1.3.2), which
/// the library of sessions forgets.
fn keep_prefix(headers: &mut HeaderMap) {
    let cookies: Vec<HeaderValue> = headers.get_all(header::SET_COOKIE).iter().cloned().collect();
    headers.remove(header::SET_COOKIE);
    for cookie in cookies {
        let text = cookie.to_str().unwrap_or_default();
        let kept = if text.starts_with("__Host-") && !text.contains("; Secure") {
            HeaderValue::from_str(&format!("{text}; Secure; HttpOnly; SameSite=Lax")).unwrap_or(cookie)
        } else {
            cookie
        };
        headers.append(header::SET_COOKIE, kept);
    }
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.insert(name, HeaderValue::from_static(value));
}

fn default(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.entry(name).or_insert(HeaderValue::from_static(value));
}
