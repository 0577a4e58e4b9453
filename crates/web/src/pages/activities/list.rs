//! The list of a provider's activities: filtered, sorted, in pages. All of it is in the address.

use app::App;
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::routing::get;
use domain::ActivityId;
use domain::access::ProviderRole;
use domain::activity::{Format, Status};
use serde::Deserialize;
use store::activities::{Counts, Filter, Listed, Sort};

use super::{Day, status_words};
use crate::access::Viewer;
use crate::pages::uploads::grouped;
use crate::{Chrome, Page, Result};

const PER_PAGE: i64 = 25;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/provider/activities", get(list))
}

/// What the address says. Nonsense in it shows the whole list.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub(super) struct Asked {
    q: String,
    status: String,
    format: String,
    sort: String,
    page: String,
}

/// Words of the address for each order, ascending and descending.
const SORTS: [(&str, Sort); 8] = [
    ("-start", Sort::NewestStart),
    ("start", Sort::OldestStart),
    ("-end", Sort::NewestEnd),
    ("end", Sort::OldestEnd),
    ("title", Sort::Title),
    ("-title", Sort::TitleBackwards),
    ("-completions", Sort::MostCompletions),
    ("completions", Sort::FewestCompletions),
];

impl Asked {
    pub(super) fn filter(&self) -> Filter {
        Filter {
            words: self.q.clone(),
            status: Status::read(&self.status),
            format: Format::read(&self.format),
            ..Filter::default()
        }
    }

    pub(super) fn sort(&self) -> Sort {
        SORTS.iter().find(|(word, _)| *word == self.sort).map_or(Sort::default(), |(_, sort)| *sort)
    }

    fn page(&self) -> i64 {
        self.page.parse().unwrap_or(1).clamp(1, 1_000_000)
    }

    /// The address of the same list in another order, up to the page's number.
    fn address(&self, path: &str, sort: &str) -> String {
        let mut address = format!("{path}?");
        for (key, given) in [("q", &*self.q), ("status", &*self.status), ("format", &*self.format), ("sort", sort)] {
            if !given.is_empty() {
                address.push_str(&format!("{key}={}&", encoded(given)));
            }
        }
        address
    }

    /// A header's link: the other way around if the list is sorted by it already.
    fn header(&self, up: &'static str, down: &'static str, first_down: bool) -> Header {
        let current = if self.sort.is_empty() { "-start" } else { self.sort.as_str() };
        let (next, direction) = match current {
            sort if sort == up => (down, "ascending"),
            sort if sort == down => (up, "descending"),
            _ => (if first_down { down } else { up }, ""),
        };
        Header { href: self.address("", next), direction }
    }
}

/// For a query string.
fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

struct Header {
    href: String,
    direction: &'static str,
}

#[derive(Template)]
#[template(path = "activities/list.html")]
struct Activities {
    chrome: Chrome,
    asked: Asked,
    statuses: Vec<(&'static str, String)>,
    formats: Vec<(&'static str, &'static str)>,
    sorts: Vec<(&'static str, &'static str)>,
    by_title: Header,
    by_start: Header,
    by_completions: Header,
    activities: Vec<Row>,
    /// Whether the provider has any at all.
    has_any: bool,
    shown: String,
    page: u64,
    pages: u64,
    here: String,
    csv: String,
    may_edit: bool,
}

struct Row {
    id: ActivityId,
    heading: String,
    internal_id: String,
    status: (&'static str, &'static str),
    format: &'static str,
    starts: Day,
    ends: Day,
    credit: String,
    moc: String,
    completions: String,
}

async fn list(
    State(app): State<App>,
    Viewer { scope, .. }: Viewer,
    chrome: Chrome,
    Query(asked): Query<Asked>,
) -> Result<Page<impl Template>> {
    let today = app.clock.today();
    let (filter, reference) = (asked.filter(), app.reference.get());
    let mut tx = app.store.read().await?;
    let counts = store::activities::counts(&mut tx, &scope, &filter, today).await?;
    let total = filter.status.map_or(counts.all(), |status| counts.of(status));
    let pages = (total.max(1) as u64).div_ceil(PER_PAGE as u64);
    let page = asked.page().min(pages as i64);
    let first = (page - 1) * PER_PAGE;
    let listed = store::activities::list(&mut tx, &scope, &filter, today, asked.sort(), PER_PAGE, first).await?;
    let has_any =
        counts.all() > 0 || store::activities::counts(&mut tx, &scope, &Filter::default(), today).await?.all() > 0;
    let row = |listed: Listed| {
        let activity = listed.stored.activity;
        Row {
            id: activity.id,
            status: status_words(activity.status(today)),
            format: activity.format.label(),
            starts: Day::of(activity.starts_on),
            ends: Day::of(activity.ends_on),
            credit: activity.credit.map(|credit| credit.fixed()).unwrap_or_default(),
            moc: activity.moc.iter().map(|moc| reference.board_label(moc.board)).collect::<Vec<_>>().join(", "),
            completions: grouped(listed.completions),
            heading: activity.title,
            internal_id: activity.internal_id,
        }
    };
    let shown = match total {
        0 => "No activities".to_owned(),
        1 => "1 activity".to_owned(),
        _ if pages == 1 => format!("{} activities", grouped(total)),
        _ => format!(
            "{} to {} of {} activities",
            grouped(first + 1),
            grouped((first + PER_PAGE).min(total)),
            grouped(total)
        ),
    };
    Ok(Page(Activities {
        chrome,
        statuses: statuses(&counts),
        formats: formats(),
        sorts: vec![
            ("", "Newest start"),
            ("start", "Oldest start"),
            ("-end", "Latest end"),
            ("title", "Title"),
            ("-completions", "Most completions"),
        ],
        by_title: asked.header("title", "-title", false),
        by_start: asked.header("start", "-start", true),
        by_completions: asked.header("completions", "-completions", true),
        activities: listed.into_iter().map(row).collect(),
        has_any,
        shown,
        page: page.unsigned_abs(),
        pages,
        here: format!("{}page=", asked.address("", &asked.sort)),
        csv: asked.address("/provider/activities/download", &asked.sort).trim_end_matches(['&', '?']).to_owned(),
        asked,
        may_edit: scope.may(ProviderRole::Editor),
    }))
}

/// Every status with how many there are of it.
fn statuses(counts: &Counts) -> Vec<(&'static str, String)> {
    let any = ("", format!("Any ({})", grouped(counts.all())));
    let each = Status::ALL.iter().map(|status| (status.code(), format!("{status} ({})", grouped(counts.of(*status)))));
    std::iter::once(any).chain(each).collect()
}

fn formats() -> Vec<(&'static str, &'static str)> {
    std::iter::once(("", "Any")).chain(Format::ALL.iter().map(|format| (format.code(), format.label()))).collect()
}
