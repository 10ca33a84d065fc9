//! Who may ask: requests for another host and requests that another site caused are turned away before anything
//! else looks at them.
//!
//! The session cookie is `SameSite=Lax`, so that a link in a chat opens the message it names; everything that
//! changes state is a POST, and here is the reason why no other site can cause one. Only that opening a message is having
//! read it comes with a GET, which is answered where a browser goes and nowhere else.

use app::failure::Failure;
use axum::extract::Request;
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::Response;
use url::Url;

use super::{failed, language};

/// The one origin under which people reach this server.
#[derive(Clone, Debug)]
pub struct PublicOrigin {
    /// `https://mail.example.org`, as browsers write it.
    origin: String,
    /// `mail.example.org` with the port unless it is the scheme's own, as in the Host header.
    authority: String,
}

impl PublicOrigin {
    /// From the configured public address.
    pub fn new(url: &Url) -> Self {
        let origin = url.origin().ascii_serialization();
        let authority =
            origin.split_once("://").map_or(origin.clone(), |(_, authority)| authority.to_owned());
        Self { origin, authority }
    }

    /// `https://mail.example.org`, as browsers write it.
    pub fn as_str(&self) -> &str {
        &self.origin
    }

    /// Why this request must be turned away, if it must.
    fn refusal(
        &self,
        method: &Method,
        path: &str,
        host: Option<&str>,
        headers: &HeaderMap,
    ) -> Option<Failure> {
        if host.is_none_or(|host| !host.eq_ignore_ascii_case(&self.authority)) {
            return Some(Failure::WrongAddress);
        }
        // Said twice is said by somebody in between, and counts as nothing that we know.
        let text = |name: &str| {
            let mut values = headers.get_all(name).iter();
            let first = values.next().map(|value| value.to_str().unwrap_or("?"));
            if values.next().is_some() { Some("?") } else { first }
        };
        let site = text("sec-fetch-site");
        if matches!(*method, Method::GET | Method::HEAD) {
            // Pages may be linked to from anywhere; what stands inside a message may not be loaded by strangers.
            let inside = path.starts_with("/message/");
            let foreign = matches!(site, Some(site) if site != "same-origin" && site != "none");
            // To open a message is to have read it, so a page of mail is for people who go there: no picture, no frame,
            // no guess of a browser at where they may go next.
            let gone_to = *method == Method::GET
                && text("sec-fetch-dest").is_none_or(|destination| destination == "document")
                && text("sec-purpose").is_none();
            let refused = (inside && foreign) || (path.starts_with("/mail/") && !gone_to);
            return refused.then_some(Failure::ForeignSite);
        }
        let own_site = site.is_none_or(|site| site == "same-origin");
        let own_origin = match text(header::ORIGIN.as_str()) {
            Some(origin) => origin == self.origin,
            // A browser that sends neither header is too old to be trusted with a cookie.
            None => site.is_some(),
        };
        (!own_site || !own_origin).then_some(Failure::ForeignSite)
    }
}

/// Turns away what [`PublicOrigin`] refuses.
pub async fn check(origin: PublicOrigin, request: Request, next: Next) -> Response {
    let host = request
        .uri()
        .authority()
        .map(|authority| authority.as_str())
        .or_else(|| request.headers().get(header::HOST).and_then(|host| host.to_str().ok()));
    // The health of the process is asked for by whoever watches it, under whatever name.
    let watched = request.uri().path() == "/healthz";
    match origin.refusal(request.method(), request.uri().path(), host, request.headers()) {
        Some(failure) if !watched => {
            tracing::info!(failure = failure.key(), "turned a request away");
            failed(&failure, language(request.headers()))
        }
        _ => next.run(request).await,
    }
}

#[cfg(test)]
mod tests {
    use app::failure::Failure;
    use axum::http::{HeaderMap, HeaderName, HeaderValue, Method};
    use url::Url;

    use super::PublicOrigin;

    fn ask(
        method: Method,
        path: &str,
        host: &str,
        headers: &[(&'static str, &'static str)],
    ) -> Option<Failure> {
        let origin = PublicOrigin::new(&Url::parse("https://mail.example.org/").unwrap());
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        origin.refusal(&method, path, Some(host), &headers)
    }

    #[test]
    fn another_host_is_misdirected() {
        assert_eq!(ask(Method::GET, "/", "evil.example", &[]), Some(Failure::WrongAddress));
        assert_eq!(ask(Method::GET, "/", "MAIL.example.org", &[]), None);
    }

    #[test]
    fn a_post_needs_proof_that_our_own_page_sent_it() {
        let host = "mail.example.org";
        let post = |headers: &[(&'static str, &'static str)]| ask(Method::POST, "/sign-in", host, headers);
        assert_eq!(post(&[("origin", "https://mail.example.org"), ("sec-fetch-site", "same-origin")]), None);
        assert_eq!(post(&[("origin", "https://mail.example.org")]), None);
        assert_eq!(post(&[("sec-fetch-site", "same-origin")]), None);
        for refused in [
            &[("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")][..],
            &[("origin", "https://evil.example")],
            &[("origin", "null")],
            &[("origin", "https://mail.example.org"), ("sec-fetch-site", "same-site")],
            &[("origin", "http://mail.example.org")],
            &[("sec-fetch-site", "none")],
            &[],
        ] {
            assert_eq!(post(refused), Some(Failure::ForeignSite), "{refused:?}");
        }
    }

    #[test]
    fn a_message_is_opened_by_going_there_and_in_no_other_way() {
        let (host, page) = ("mail.example.org", "/mail/me/INBOX/1.1");
        assert_eq!(ask(Method::GET, page, host, &[("sec-fetch-dest", "document")]), None);
        assert_eq!(ask(Method::GET, page, host, &[]), None);
        for wrong in
            [("sec-fetch-dest", "image"), ("sec-fetch-dest", "iframe"), ("sec-purpose", "prefetch;prerender")]
        {
            assert_eq!(ask(Method::GET, page, host, &[wrong]), Some(Failure::ForeignSite), "{wrong:?}");
        }
        assert_eq!(ask(Method::HEAD, page, host, &[]), Some(Failure::ForeignSite));
    }

    #[test]
    fn what_is_said_twice_proves_nothing() {
        let origin = ("origin", "https://mail.example.org");
        let twice = [origin, ("origin", "https://evil.example"), ("sec-fetch-site", "same-origin")];
        assert_eq!(ask(Method::POST, "/sign-out", "mail.example.org", &twice), Some(Failure::ForeignSite));
    }

    #[test]
    fn pages_may_be_linked_to_but_the_inside_of_a_message_may_not() {
        let host = "mail.example.org";
        let foreign = [("sec-fetch-site", "cross-site")];
        assert_eq!(ask(Method::GET, "/mail/me/INBOX", host, &foreign), None);
        assert_eq!(
            ask(Method::GET, "/message/me/INBOX/1.1/body", host, &foreign),
            Some(Failure::ForeignSite)
        );
        assert_eq!(
            ask(Method::GET, "/message/me/INBOX/1.1/body", host, &[("sec-fetch-site", "same-origin")]),
            None
        );
    }
}
