//! The cookie by which a browser is known again. It opens nothing by itself.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use database::{PersonId, Token};
use tower_cookies::cookie::SameSite;
use tower_cookies::cookie::time::Duration;
use tower_cookies::{Cookie, Cookies};

/// How long a browser is known that nobody signs in with.
const DAYS: i64 = 180;

/// Each person in a browser has a cookie of their own, so that none of them carries the trust of another along.
fn name(secure: bool, person: PersonId) -> String {
    let [first, second, third, fourth, ..] = person.handle();
    let prefix = if secure { "__Host-" } else { "" };
    format!("{prefix}pennypost-device-{first:02x}{second:02x}{third:02x}{fourth:02x}")
}

/// The token of a browser in which this person was before.
pub fn known(cookies: &Cookies, secure: bool, person: PersonId) -> Option<Token> {
    let cookie = cookies.get(&name(secure, person))?;
    BASE64_URL_SAFE_NO_PAD.decode(cookie.value()).ok()?.try_into().ok()
}

/// Has the browser keep a token, from now on for long.
pub fn keep(cookies: &Cookies, secure: bool, person: PersonId, token: &Token) {
    let cookie = Cookie::build((name(secure, person), BASE64_URL_SAFE_NO_PAD.encode(token)))
        .http_only(true)
        .secure(secure)
        .same_site(SameSite::Lax)
        .path("/")
        .max_age(Duration::days(DAYS));
    cookies.add(cookie.build());
}
