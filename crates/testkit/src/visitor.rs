//! Somebody who uses the application: a browser that keeps cookies and says where its forms come
//! from, or a program with a token. No network: requests go straight to the router.

use std::collections::BTreeMap;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, header};
use tower::ServiceExt;

const ORIGIN: &str = "http://127.0.0.1:8080";
const BOUNDARY: &str = "a-line-that-no-test-file-holds";

/// Keeps cookies between requests; a clone is another tab of the same browser.
#[derive(Clone)]
pub struct Visitor {
    router: Router,
    cookies: BTreeMap<String, String>,
    headers: HeaderMap,
}

/// What came back.
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

/// A part of a multipart form.
#[derive(Clone, Copy)]
pub enum Part<'a> {
    Text(&'a str, &'a str),
    /// Field, file name, bytes.
    File(&'a str, &'a str, &'a [u8]),
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// A header's value, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("a readable header"))
    }

    /// Where it redirects to.
    pub fn location(&self) -> &str {
        self.header("location")
    }

    /// Fails the test, with the body, unless the status is this.
    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text());
        self
    }
}

impl Visitor {
    pub(crate) fn new(router: Router) -> Self {
        Self { router, cookies: BTreeMap::new(), headers: HeaderMap::new() }
    }

    /// Sends this header with every request from now on.
    pub fn set_header(&mut self, name: &str, value: &str) {
        let name: HeaderName = name.parse().expect("a header's name");
        self.headers.insert(name, HeaderValue::from_str(value).expect("a header's value"));
    }

    /// Shows a token from now on, as programs do.
    pub fn show_token(&mut self, token: &str) {
        self.set_header("authorization", &format!("Bearer {token}"));
    }

    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }

    pub fn set_cookie(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).expect("a request")).await
    }

    pub async fn post_form(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = fields.iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value)));
        let body = body.collect::<Vec<_>>().join("&");
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .expect("a request");
        self.send(request).await
    }

    pub async fn post_multipart(&mut self, path: &str, parts: &[Part<'_>]) -> Answer {
        let mut body = Vec::new();
        for part in parts {
            let (head, bytes) = match part {
                Part::Text(name, value) => (format!("name=\"{name}\"\r\n\r\n"), value.as_bytes()),
                Part::File(name, file, bytes) => {
                    let head = format!(
                        "name=\"{name}\"; filename=\"{file}\"\r\nContent-Type: application/octet-stream\r\n\r\n"
                    );
                    (head, *bytes)
                }
            };
            body.extend_from_slice(format!("--{BOUNDARY}\r\nContent-Disposition: form-data; {head}").as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={BOUNDARY}"))
            .body(Body::from(body))
            .expect("a request");
        self.send(request).await
    }

    pub async fn post_json(&mut self, path: &str, body: &serde_json::Value) -> Answer {
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_string()))
            .expect("a request");
        self.send(request).await
    }

    /// Any request, with this visitor's cookies and headers. An answer of 500 fails the test.
    pub async fn send(&mut self, mut request: Request<Body>) -> Answer {
        let to = format!("{} {}", request.method(), request.uri());
        let is_program = self.headers.contains_key(header::AUTHORIZATION);
        let sends = request.method() != Method::GET;
        let headers = request.headers_mut();
        headers.entry(header::HOST).or_insert(HeaderValue::from_static("127.0.0.1:8080"));
        if sends && !is_program {
            headers.entry(header::ORIGIN).or_insert(HeaderValue::from_static(ORIGIN));
            headers.entry("sec-fetch-site").or_insert(HeaderValue::from_static("same-origin"));
        }
        if !self.cookies.is_empty() {
            let cookies = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
            let cookies = cookies.collect::<Vec<_>>().join("; ");
            headers.insert(header::COOKIE, HeaderValue::from_str(&cookies).expect("cookies"));
        }
        headers.extend(self.headers.clone());
        let response = self.router.clone().oneshot(request).await.expect("the router answers");
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.expect("a whole body").to_vec();
        self.keep_cookies(&parts.headers);
        let answer = Answer { status: parts.status.as_u16(), headers: parts.headers, body };
        assert_ne!(answer.status, 500, "{to}: {}", answer.text());
        answer
    }

    fn keep_cookies(&mut self, headers: &HeaderMap) {
        for value in headers.get_all(header::SET_COOKIE) {
            let value = value.to_str().expect("a readable cookie");
            let (pair, attributes) = value.split_once(';').unwrap_or((value, ""));
            let (name, value) = pair.split_once('=').expect("a cookie with a name");
            if attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}
