//! The list of a provider's activities: filtered, sorted, in pages. All of it is in the address.

use app::App;
use app::activities::exchange::ExportFormat;
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::routing::get;
use domain::ActivityId;
use domain::access::ProviderRole;
use domain::activity::{Activity, Beside, Format, Providership, Status, is_alike};
use store::activities::{Counts, Filter, Listed};

use super::asked::Asked;
use super::checklist::Checklist;
use super::{Days, edit_page, status_words};
use crate::access::{Session, Viewer};
use crate::pages::uploads::grouped;
use crate::{Chrome, Page, Result, When};

const PER_PAGE: i64 = 25;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/provider/activities", get(list))
}

struct Header {
    href: String,
    direction: &'static str,
}

impl Header {
    /// A header's link: the other way around if the list is sorted by it already.
    fn of(asked: &Asked, up: &'static str, down: &'static str, first_down: bool) -> Self {
        let current = if asked.sort.is_empty() { "-start" } else { asked.sort.as_str() };
        let (next, direction) = match current {
            sort if sort == up => (down, "ascending"),
            sort if sort == down => (up, "descending"),
            _ => (if first_down { down } else { up }, ""),
        };
        Self { href: asked.address("", next), direction }
    }
}

#[derive(Template)]
#[template(path = "activities/list.html")]
struct Activities {
    chrome: Chrome,
    asked: Asked,
    /// Every status with its address and number; the current one is marked.
    statuses: Vec<Tab>,
    /// How many of those in the filter are Ready to Close.
    ready: i64,
    ready_shown: String,
    years: Vec<(String, String)>,
    boards: Vec<(String, String)>,
    providerships: Vec<(&'static str, &'static str)>,
    begun: Vec<Begun>,
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
    /// The address of files with every field, up to the format's word, and the formats.
    file: String,
    files: Vec<(&'static str, &'static str)>,
    may_edit: bool,
}

struct Tab {
    href: String,
    label: &'static str,
    count: String,
    is_current: bool,
}

/// What this person began to type and is no activity yet.
struct Begun {
    id: String,
    heading: String,
    at: When,
}

struct Row {
    id: ActivityId,
    is_open: bool,
    /// Titles of what is likely a slip.
    warnings: Vec<&'static str>,
    heading: String,
    internal_id: String,
    status: (&'static str, &'static str),
    format: &'static str,
    days: Days,
    /// How many fields are missing for the next status, and where to fill them in.
    missing: usize,
    missing_href: String,
    credit: String,
    moc: String,
    completions: String,
}

async fn list(
    State(app): State<App>,
    Viewer { session, scope }: Viewer,
    chrome: Chrome,
    Query(asked): Query<Asked>,
) -> Result<Page<impl Template>> {
    let chrome = match asked.done.as_str() {
        "discarded" => chrome.with_notice("success", "The beginning is dropped", ""),
        "deleted" => chrome.with_notice("success", "The activity is deleted", ""),
        "repeated" => {
            let heading = match asked.count.parse() {
                Ok(1) => "1 further date is entered".to_owned(),
                Ok(runs) => format!("{} further dates are entered", grouped(runs)),
                Err(_) => "The further dates are entered".to_owned(),
            };
            chrome.with_notice("success", heading, "Each is an activity of its own, with the same content.")
        }
        "nothing_chosen" => {
            let text = "Tick the activities to close, or close all that are ready.";
            chrome.with_notice("info", "No activity was chosen", text)
        }
        _ => chrome,
    };
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
    let begun = if scope.may(ProviderRole::Editor) { begun(&app, &session).await? } else { Vec::new() };
    let on_page: Vec<Activity> = listed.iter().map(|listed| listed.stored.activity.clone()).collect();
    let row = |listed: Listed| {
        let activity = listed.stored.activity;
        // twins are looked for on the page only; the activity's own page looks everywhere
        let twins = on_page.iter().filter(|other| other.id != activity.id && is_alike(&activity, other));
        let alike: Vec<ActivityId> = twins.map(|other| other.id).collect();
        let checklist = Checklist::of(&edit_page(activity.id), &activity, today, &reference);
        // what an active one lacks for closing is nothing to do yet
        let is_due = activity.status(today) != Status::Active;
        let beside = Beside { completions: listed.completions, alike: &alike };
        Row {
            warnings: activity.warnings(today, &reference, beside).iter().map(|one| one.warning.title()).collect(),
            is_open: !activity.is_closed,
            id: activity.id,
            status: status_words(activity.status(today)),
            format: activity.format.label(),
            days: Days::of(&activity),
            missing: if is_due { checklist.items.len() } else { 0 },
            missing_href: checklist.items.first().map(|first| first.href.clone()).unwrap_or_default(),
            credit: activity.credit.map(|credit| credit.to_string()).unwrap_or_default(),
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
        statuses: tabs(&asked, &counts),
        ready: counts.ready_to_close,
        ready_shown: grouped(counts.ready_to_close),
        years: years(today.year()),
        boards: std::iter::once((String::new(), "Any".to_owned()))
            .chain(reference.boards().map(|board| (board.code.to_string(), board.label.clone())))
            .collect(),
        providerships: std::iter::once(("", "Any"))
            .chain(Providership::ALL.iter().map(|one| (one.code(), one.label())))
            .collect(),
        begun,
        formats: formats(),
        sorts: vec![
            ("", "Newest start"),
            ("start", "Oldest start"),
            ("-end", "Latest end"),
            ("title", "Title"),
            ("-completions", "Most completions"),
        ],
        by_title: Header::of(&asked, "title", "-title", false),
        by_start: Header::of(&asked, "start", "-start", true),
        by_completions: Header::of(&asked, "completions", "-completions", true),
        activities: listed.into_iter().map(row).collect(),
        has_any,
        shown,
        page: page.unsigned_abs(),
        pages,
        here: format!("{}page=", asked.address("", &asked.sort)),
        csv: asked.address("/provider/activities/download", &asked.sort).trim_end_matches(['&', '?']).to_owned(),
        file: asked.address("/provider/activities/files/download", &asked.sort),
        files: ExportFormat::ALL.iter().map(|format| (format.code(), format.label())).collect(),
        asked,
        may_edit: scope.may(ProviderRole::Editor),
    }))
}

/// Every status with how many there are of it.
fn tabs(asked: &Asked, counts: &Counts) -> Vec<Tab> {
    let tab = |code: &str, label: &'static str, count: i64| {
        let of_status = Asked { status: code.to_owned(), ..asked.clone() };
        let href = of_status.address("/provider/activities", &asked.sort).trim_end_matches(['&', '?']).to_owned();
        Tab {
            href,
            label,
            count: grouped(count),
            is_current: Status::read(&asked.status).map_or("", Status::code) == code,
        }
    };
    let each = Status::ALL.iter().map(|status| tab(status.code(), status.label(), counts.of(*status)));
    std::iter::once(tab("", "All", counts.all())).chain(each).collect()
}

/// Years to choose from, the latest first.
fn years(this: i16) -> Vec<(String, String)> {
    let years = (this - 8..=this + 1).rev().map(|year| (year.to_string(), year.to_string()));
    std::iter::once((String::new(), "Any".to_owned())).chain(years).collect()
}

async fn begun(app: &App, session: &Session) -> Result<Vec<Begun>> {
    let one = |sketch: store::sketches::Sketch| {
        let heading = sketch.fields.iter().find(|(name, _)| name == "title").map(|(_, given)| given.trim().to_owned());
        Begun {
            id: sketch.id.to_string(),
            heading: heading.filter(|heading| !heading.is_empty()).unwrap_or_else(|| "Without a title yet".to_owned()),
            at: When::of(app, sketch.updated_at),
        }
    };
    Ok(app::activities::sketches::list(app, &session.actor).await?.into_iter().map(one).collect())
}

fn formats() -> Vec<(&'static str, &'static str)> {
    std::iter::once(("", "Any")).chain(Format::ALL.iter().map(|format| (format.code(), format.label()))).collect()
}
