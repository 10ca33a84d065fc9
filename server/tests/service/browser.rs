//! A service of its own for every test, and a browser that keeps cookies, posts forms and follows nothing by itself.

use std::collections::BTreeMap;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Method, Request, Response, StatusCode, header};
use server::config::Config;
use server::outside::Outside;
use server::serve::{Service, service_with};
use tempfile::TempDir;
use testbed::Description;
use testbed::people::Person;
use tower::ServiceExt;

/// Where people reach the service of a test.
pub(crate) const ORIGIN: &str = "https://mail.example.org";

/// The service and the folder that it keeps its database in.
pub(crate) struct Served {
    pub(crate) folder: TempDir,
    pub(crate) service: Service,
}

/// The configuration for a mail server, as variables.
pub(crate) fn variables(testbed: &Description) -> Vec<(String, String)> {
    [
        ("PENNYPOST_IMAP_HOST", testbed.host.clone()),
        ("PENNYPOST_IMAP_PORT", testbed.imap.to_string()),
        ("PENNYPOST_IMAP_CA_FILE", testbed.ca_file.display().to_string()),
        ("PENNYPOST_SUBMISSION_HOST", testbed.host.clone()),
        ("PENNYPOST_SUBMISSION_PORT", testbed.submission.to_string()),
        ("PENNYPOST_SUBMISSION_CA_FILE", testbed.ca_file.display().to_string()),
    ]
    .map(|(name, value)| (name.to_owned(), value))
    .to_vec()
}

/// A service for this mail server; `changes` overrule its configuration.
pub(crate) async fn serve(testbed: &Description, changes: &[(&str, &str)]) -> Served {
    serve_with(testbed, changes, Outside::new(None)).await
}

/// The same, with another way into the world.
pub(crate) async fn serve_with(testbed: &Description, changes: &[(&str, &str)], outside: Outside) -> Served {
    let folder = tempfile::tempdir().unwrap();
    let mut environment: BTreeMap<String, String> = variables(testbed).into_iter().collect();
    environment.insert("PENNYPOST_HTTP_PUBLIC_URL".into(), ORIGIN.into());
    environment
        .insert("PENNYPOST_STORAGE_DIRECTORY".into(), folder.path().join("data").display().to_string());
    environment.extend(changes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    let config = Config::load(None, environment).unwrap();
    let service = service_with(&config, outside).await.unwrap();
    Served { folder, service }
}

impl Served {
    /// A browser that was never here.
    pub(crate) fn browser(&self) -> Browser {
        Browser { router: self.service.router.clone(), cookies: BTreeMap::new() }
    }

    /// What is told to whoever watches over the service.
    pub(crate) async fn metrics(&self) -> Answer {
        let request = Request::builder().uri("/metrics").body(Body::empty()).unwrap();
        let (parts, body) = self.service.metrics.clone().oneshot(request).await.unwrap().into_parts();
        let body = to_bytes(body, 1024 * 1024).await.unwrap().to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// A browser in which this person has signed in.
    pub(crate) async fn signed_in(&self, person: &Person) -> Browser {
        let mut browser = self.browser();
        let answer = browser.sign_in(person).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        browser
    }
}

/// A browser.
#[derive(Clone)]
pub(crate) struct Browser {
    router: Router,
    pub(crate) cookies: BTreeMap<String, String>,
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The words of the page between its tags, with references resolved and spaces joined.
    pub(crate) fn words(&self) -> String {
        let mut words = String::new();
        let text = self.text();
        let body = text.split_once("<body>").map_or(text.as_str(), |(_, body)| body);
        let mut inside = false;
        for c in body.chars() {
            match c {
                '<' => inside = true,
                '>' => {
                    inside = false;
                    words.push(' ');
                }
                c if !inside => words.push(c),
                _ => {}
            }
        }
        let resolved = words.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
        resolved.replace("&#x27;", "'").replace("&amp;", "&").split_whitespace().collect::<Vec<_>>().join(" ")
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

impl Browser {
    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        self.ask(Method::GET, path, &[("sec-fetch-site", "same-origin")], String::new()).await
    }

    /// Posts a form of our own page.
    pub(crate) async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Answer {
        let own = [
            ("content-type", "application/x-www-form-urlencoded"),
            ("origin", ORIGIN),
            ("sec-fetch-site", "same-origin"),
        ];
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        self.ask(Method::POST, path, &own, body).await
    }

    pub(crate) async fn sign_in(&mut self, person: &Person) -> Answer {
        let form = [("login", person.address.as_str()), ("password", person.password.as_str()), ("next", "")];
        self.post("/sign-in", &form).await
    }

    pub(crate) async fn ask(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> Answer {
        let (parts, body) = self.begin(method, path, headers, body).await.into_parts();
        let body = to_bytes(body, 64 * 1024 * 1024).await.unwrap().to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    /// Asks and reads nothing of what comes back but its head.
    pub(crate) async fn begin(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Body>,
    ) -> Response<Body> {
        let mut request = Request::builder().method(method).uri(path);
        if !headers.iter().any(|(name, _)| *name == "host") {
            request = request.header(header::HOST, ORIGIN.trim_start_matches("https://"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if !self.cookies.is_empty() {
            let cookies: Vec<String> =
                self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        let request = request.body(body.into()).unwrap();
        let response: Response<Body> = self.router.clone().oneshot(request).await.unwrap();
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let (name, rest) = cookie.to_str().unwrap().split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        response
    }
}

/// The addresses in a page that contain these words, each once.
pub(crate) fn links(page: &str, holding: &str) -> Vec<String> {
    let mut found: Vec<String> = page
        .split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .filter(|link| link.contains(holding))
        .map(|link| link.replace("&amp;", "&"))
        .collect();
    found.sort();
    found.dedup();
    found
}
