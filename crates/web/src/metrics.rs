//! `/metrics` in Prometheus' text format, for who shows the token of the settings; without one there is no such
//! address. Routes are templates and kinds are words of ours: no name, number or address of a person is in it.

use std::fmt::Write;
use std::time::Instant;

use app::chance::hash_of_secret;
use app::health::Stored;
use app::meter::BUCKETS;
use app::{App, Meter};
use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::access::bearer;
use crate::{Error, Result};

const TEXT: &str = "text/plain; version=0.0.4; charset=utf-8";
const SECOND: f64 = 1_000_000.0;

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/metrics", get(show))
}

/// Counts every answer with its route and how long it took.
pub(crate) async fn count(State(app): State<App>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let method = word(request.method());
    let route = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    let route = route.as_ref().map_or("-", MatchedPath::as_str);
    app.meter.answered(method, route, response.status().as_u16(), begun.elapsed());
    response
}

/// Few words: whoever calls may invent methods, but no series.
fn word(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        _ => "other",
    }
}

async fn show(State(app): State<App>, headers: HeaderMap) -> Result<Response> {
    if app.config.metrics_token.is_empty() {
        return Err(Error::App(app::Error::NotFound));
    }
    let given = bearer(&headers).ok_or(Error::NoToken)?;
    // digests are compared, so that time says nothing about the token
    if hash_of_secret(given) != hash_of_secret(&app.config.metrics_token) {
        return Err(Error::NoToken);
    }
    let now = app.clock.now();
    let stored = Stored::measure(&app.store, &app.config, now).await?;
    let jobs = store::jobs::listed::counts(&mut app.store.read().await?).await?;
    let mut text = Text::default();
    text.requests(&app.meter);
    text.one("upload_rows_total", "counter", "Rows of uploads settled by this process.", app.meter.rows() as f64);
    text.head("jobs", "gauge", "Jobs that are not done, by kind and how they stand.");
    for job in &jobs {
        text.line("jobs", &[("kind", &job.kind), ("standing", &job.standing)], job.jobs as f64);
    }
    text.stored(&stored, now);
    text.one("registry_physicians", "gauge", "Physicians in this process's index.", app.registry.len() as f64);
    text.one("registry_bytes", "gauge", "Memory of that index.", app.registry.bytes() as f64);
    let activities = app.activity_search.activities().unwrap_or_default() as f64;
    text.one("search_activities", "gauge", "Activities in this process's index; 0 before it is built.", activities);
    text.head("build_info", "gauge", "The version of the program.");
    text.line("build_info", &[("version", env!("CARGO_PKG_VERSION"))], 1.0);
    Ok(([(header::CONTENT_TYPE, TEXT)], text.0).into_response())
}

/// What is written so far.
#[derive(Default)]
struct Text(String);

impl Text {
    fn head(&mut self, name: &str, kind: &str, help: &str) {
        // writing to a string cannot fail
        let _ = writeln!(self.0, "# HELP credence_{name} {help}\n# TYPE credence_{name} {kind}");
    }

    fn line(&mut self, name: &str, labels: &[(&str, &str)], value: f64) {
        let labels: Vec<String> = labels.iter().map(|(name, value)| format!("{name}=\"{}\"", escaped(value))).collect();
        let labels = if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
        let _ = writeln!(self.0, "credence_{name}{labels} {value}");
    }

    fn one(&mut self, name: &str, kind: &str, help: &str, value: f64) {
        self.head(name, kind, help);
        self.line(name, &[], value);
    }

    fn requests(&mut self, meter: &Meter) {
        let requests = meter.requests();
        self.head("http_requests_total", "counter", "Answers by method, route and status.");
        for (route, method, series) in &requests {
            for (status, count) in &series.by_status {
                let labels = [("method", *method), ("route", route), ("status", &status.to_string())];
                self.line("http_requests_total", &labels, *count as f64);
            }
        }
        self.head("http_request_duration_seconds", "histogram", "How long answers took.");
        for (route, method, series) in &requests {
            let mut below = 0;
            for (end, count) in BUCKETS.iter().zip(series.buckets) {
                below += count;
                let labels = [("method", *method), ("route", route), ("le", &end.to_string())];
                self.line("http_request_duration_seconds_bucket", &labels, below as f64);
            }
            let labels = [("method", *method), ("route", route.as_str())];
            let all = [labels[0], labels[1], ("le", "+Inf")];
            self.line("http_request_duration_seconds_bucket", &all, series.count as f64);
            self.line("http_request_duration_seconds_sum", &labels, series.seconds);
            self.line("http_request_duration_seconds_count", &labels, series.count as f64);
        }
    }

    fn stored(&mut self, stored: &Stored, now: i64) {
        let age = |at: Option<i64>| at.map_or(0.0, |at| (now - at).max(0) as f64 / SECOND);
        let gauges = [
            ("job_oldest_due_seconds", "How long the oldest job waits that is due.", age(stored.jobs.oldest_due)),
            ("mails_waiting", "Letters that wait to be sent.", stored.mails_waiting as f64),
            ("mail_oldest_seconds", "How long the oldest of them waits.", age(stored.oldest_mail)),
            ("database_bytes", "Size of the database.", stored.bytes as f64),
            ("free_bytes", "Free space where the data folder is.", stored.free_bytes.unwrap_or_default() as f64),
            ("ledger_leaves", "Leaves of the ledger.", stored.leaves as f64),
            ("ledger_unsigned_leaves", "Leaves that no head covers yet.", stored.unsigned() as f64),
            (
                "ledger_head_age_seconds",
                "Age of the newest head.",
                age(stored.head.as_ref().map(|head| head.signed_at)),
            ),
            ("processes", "Servers and workers heard of within a minute.", stored.alive(now).count() as f64),
            ("read_only", "1 while nothing may be changed.", f64::from(u8::from(stored.read_only.is_some()))),
        ];
        for (name, help, value) in gauges {
            self.one(name, "gauge", help, value);
        }
        if let Some(backup) = &stored.backup {
            self.one("backup_age_seconds", "gauge", "Age of the newest backup.", age(Some(backup.made_at)));
        }
    }
}

fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
