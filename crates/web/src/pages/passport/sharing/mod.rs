//! `/passport/sharing`: what the physician shares and with whom, who may see the record without asking, which
//! letters come, and everything that is held about them. Consent in one place.

mod new;
mod show;

use app::shares::recipient;
use app::{App, notices, personal_data, transcripts};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Query, State};
use axum::response::{Redirect, Response};
use axum::routing::{get, post};
use domain::check::us_date;
use domain::reference::Reference;
use jiff::civil::Date;
use serde::Deserialize;
use store::notices::Topic;
use store::record_trail::Permission;
use store::shares::{Share, Standing};

use crate::access::PhysicianVisitor;
use crate::{Chrome, Page, Result, When, download};

/// Statements of permission that the page lists.
const MOST_PERMISSIONS: i64 = 200;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/passport/sharing", get(overview))
        .route("/passport/sharing/letters", post(letters))
        .route("/passport/sharing/data.json", get(data))
        .merge(new::routes())
        .merge(show::routes())
}

#[derive(Template)]
#[template(path = "passport/sharing/overview.html")]
struct SharingPage {
    chrome: Chrome,
    active: Vec<Row>,
    ended: Vec<Row>,
    licensing: Vec<Right>,
    certifying: Vec<Right>,
    permissions: Vec<PermissionRow>,
    more_permissions: bool,
    topics: Vec<(&'static str, &'static str, bool)>,
}

/// A share in the list.
struct Row {
    id: String,
    recipient: String,
    scope: String,
    made: When,
    ends: When,
    opened: String,
    mark: (&'static str, &'static str),
}

/// Somebody who may read without asking, and by which rule.
struct Right {
    who: String,
    rule: String,
}

struct PermissionRow {
    provider: String,
    stated: String,
    stated_machine: String,
    came: When,
    how: &'static str,
    activities: i64,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Done {
    done: String,
}

async fn overview(
    State(app): State<App>,
    visitor: PhysicianVisitor,
    chrome: Chrome,
    Query(Done { done }): Query<Done>,
) -> Result<Page<impl Template>> {
    let chrome = match done.as_str() {
        "letters" => chrome.with_notice("success", "Your choice of letters is saved", ""),
        _ => chrome,
    };
    let now = app.clock.now();
    let wanted = notices::wanted(&app, &visitor.session.actor).await?;
    let (physician, _) = transcripts::own_record(&app, &visitor.scope).await?;
    let reference = app.reference.get();
    let mut tx = app.store.read().await?;
    let (mut active, mut ended) = (Vec::new(), Vec::new());
    for share in store::shares::list(&mut tx, &visitor.scope).await? {
        let told = recipient(&mut tx, &share).await?;
        match share.standing(now) {
            Standing::Active => active.push(row(&app, &share, told)),
            Standing::UsedUp | Standing::Expired | Standing::Revoked => ended.push(row(&app, &share, told)),
        }
    }
    let boards = store::organizations::list_licensing_boards(&mut tx).await?;
    let permissions = store::record_trail::permissions(&mut tx, &visitor.scope, MOST_PERMISSIONS).await?;
    let mut states: Vec<domain::State> = physician.licenses.iter().map(|held| held.state).collect();
    states.sort_unstable();
    states.dedup();
    let licensing = states.into_iter().map(|state| Right {
        who: boards
            .iter()
            .find(|board| board.state == state)
            .map_or_else(|| format!("{} medical board, if it takes part", state.name()), |board| board.name.clone()),
        rule: format!("You hold or held a license in {}. It reads the whole transcript.", state.name()),
    });
    let certifying = physician.certifications.iter().map(|held| Right {
        who: reference.board(held.board).map_or_else(|| held.board.to_string(), |board| board.name.clone()),
        rule: format!(
            "It receives {} points that providers report for you, to accept or reject them; nothing else.",
            reference.board_label(held.board)
        ),
    });
    Ok(Page(SharingPage {
        chrome,
        active,
        ended,
        licensing: licensing.collect(),
        certifying: certifying.collect(),
        more_permissions: i64::try_from(permissions.len()).is_ok_and(|found| found == MOST_PERMISSIONS),
        permissions: permissions.into_iter().map(|one| permission(&app, one)).collect(),
        topics: Topic::ALL.iter().map(|topic| (topic.code(), topic_words(*topic), wanted.contains(topic))).collect(),
    }))
}

fn row(app: &App, share: &Share, recipient: String) -> Row {
    Row {
        id: share.id.to_string(),
        recipient,
        scope: scope_words(share, &app.reference.get()),
        made: When::of(app, share.created_at),
        ends: When::of(app, share.terms.expires_at),
        opened: opened_words(share),
        mark: mark(share.standing(app.clock.now())),
    }
}

fn opened_words(share: &Share) -> String {
    let times = match share.openings {
        0 => "Never".to_owned(),
        1 => "Once".to_owned(),
        times => format!("{times} times"),
    };
    share.terms.most_openings.map_or_else(|| times.clone(), |most| format!("{times}, of at most {most}"))
}

/// Shape and word of how a share stands.
fn mark(standing: Standing) -> (&'static str, &'static str) {
    match standing {
        Standing::Active => ("good", "Open"),
        Standing::UsedUp => ("closed", "Opened as often as you allowed"),
        Standing::Expired => ("closed", "Expired"),
        Standing::Revoked => ("withdrawn", "Ended by you"),
    }
}

/// What a share shows, in a few words.
fn scope_words(share: &Share, reference: &Reference) -> String {
    let terms = &share.terms;
    let mut words = transcripts::range_words(&terms.filter, reference);
    words.push_str(if terms.shows_numbers { ", with license numbers" } else { ", without license numbers" });
    words.push_str(if terms.allows_downloads { ", PDF and JSON allowed" } else { ", no downloads" });
    words
}

fn topic_words(topic: Topic) -> &'static str {
    match topic {
        Topic::NewCredit => "New credit was reported for me, each morning",
        Topic::Rejected => "A certifying board rejected points of mine, each morning",
        Topic::Looked => "Somebody looked at my record, each morning",
        Topic::ShareOpened => "A share is opened for the first time, at once",
        Topic::Weekly => "A summary of the week, on Mondays",
    }
}

fn permission(app: &App, one: Permission) -> PermissionRow {
    PermissionRow {
        stated: one.permission_on.parse::<Date>().map(us_date).unwrap_or_default(),
        stated_machine: one.permission_on,
        provider: one.provider,
        came: When::of(app, one.received_at),
        how: match one.source.as_str() {
            "file" => "In a file",
            "service" => "By its program",
            _ => "By form",
        },
        activities: one.completions,
    }
}

async fn letters(
    State(app): State<App>,
    visitor: PhysicianVisitor,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Redirect> {
    let chosen = fields.iter().filter(|(name, _)| name == "topic").filter_map(|(_, code)| Topic::read(code));
    let chosen: Vec<Topic> = chosen.collect();
    notices::choose(&app, &visitor.session.actor, &visitor.scope, &chosen).await?;
    Ok(Redirect::to("/passport/sharing?done=letters#letters"))
}

async fn data(State(app): State<App>, visitor: PhysicianVisitor) -> Result<Response> {
    let document = personal_data::document(&app, &visitor.session.actor, &visitor.scope).await?;
    let name = format!("my-record-{}.json", app.clock.today());
    Ok(download::bytes(&name, "application/json", document.into_bytes()))
}
