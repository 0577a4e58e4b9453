//! `/activities/{id}`: an activity that its provider displays, for everybody: what a physician decides
//! by, a file for the calendar, and the same for search engines.
//!
//! What is not displayed, is past or is closed is as absent as what was never entered.

use app::App;
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::get;
use domain::ActivityId;
use domain::activity::{Activity, Delivery, Fee, Status, is_web_address};
use domain::reference::{List, Reference};
use serde_json::{Value, json};
use store::activities::Stored;

use super::calendar::{self, Event};
use super::show;
use super::{Days, activity_id};
use crate::access::{MaybeSignedIn, Session};
use crate::pages::activity_search::{self, Done};
use crate::{Chrome, Page, Result, download};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/activities/{id}", get(show)).route("/activities/{id}/calendar.ics", get(calendar_file))
}

#[derive(Template)]
#[template(path = "activities/public.html")]
struct PublicPage {
    chrome: Chrome,
    id: ActivityId,
    activity: Activity,
    provider: String,
    days: Days,
    place: String,
    delivery: String,
    credit: String,
    points: Vec<(String, String)>,
    topics: String,
    specialties: String,
    professions: String,
    /// The address, if a browser would open it.
    link: String,
    /// The same for programs, as JSON that cannot end its element.
    linked: String,
    /// Whether the visitor, a physician, has saved it; none for others.
    saved: Option<bool>,
    is_signed_in: bool,
    here: String,
}

/// The activity and its provider's name, if everybody may see it.
async fn found(app: &App, id: &str) -> Result<(Stored, String)> {
    let id = activity_id(id)?;
    let mut tx = app.store.read().await?;
    let stored = store::activities::displayed(&mut tx, id).await?;
    let today = app.clock.today();
    let stored = stored.filter(|stored| stored.activity.status(today) == Status::Active);
    let stored = stored.ok_or(app::Error::NotFound)?;
    let provider = store::organizations::find_provider(&mut tx, stored.activity.provider).await?;
    Ok((stored, provider.map(|provider| provider.name).unwrap_or_default()))
}

/// Where learners meet; nothing if they do not.
pub(crate) fn place(activity: &Activity, reference: &Reference) -> String {
    if activity.deliveries.contains(&Delivery::InPerson) { show::place(activity, reference) } else { String::new() }
}

fn names(reference: &Reference, list: List, codes: &[String]) -> String {
    codes.iter().map(|code| reference.name_of(list, code)).collect::<Vec<_>>().join(", ")
}

async fn show(
    State(app): State<App>,
    MaybeSignedIn(session): MaybeSignedIn,
    chrome: Chrome,
    Path(id): Path<String>,
    Query(done): Query<Done>,
) -> Result<Page<impl Template>> {
    let (stored, provider) = found(&app, &id).await?;
    let saved = saved(&app, session.as_ref(), stored.activity.id).await?;
    let chrome = activity_search::with_notice(chrome, &done.done);
    let (activity, reference) = (stored.activity, app.reference.get());
    let points = activity.moc.iter().map(|moc| {
        let types =
            if moc.credit_types.is_empty() { String::new() } else { format!(": {}", moc.credit_types.join(", ")) };
        (reference.board_label(moc.board), format!("{}{types}", moc.points))
    });
    let place = place(&activity, &reference);
    let address = app.config.link(&format!("/activities/{}", activity.id));
    Ok(Page(PublicPage {
        chrome,
        id: activity.id,
        days: Days::of(&activity),
        delivery: activity.deliveries.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        credit: activity.credit.map(|credit| credit.to_string()).unwrap_or_default(),
        points: points.collect(),
        topics: activity.state_topics.iter().map(|one| one.topic.as_str()).collect::<Vec<_>>().join(", "),
        specialties: names(&reference, List::Specialties, &activity.specialties),
        professions: names(&reference, List::Professions, &activity.professions),
        link: link(&activity).to_owned(),
        linked: embedded(&linked(&activity, &provider, &place, &address)),
        place,
        provider,
        activity,
        saved,
        is_signed_in: session.is_some(),
        here: format!("/activities/{id}"),
    }))
}

/// Whether a physician saved the activity; none for everybody else.
async fn saved(app: &App, session: Option<&Session>, id: ActivityId) -> Result<Option<bool>> {
    let Some(session) = session.filter(|session| session.actor.physician().is_some()) else { return Ok(None) };
    let saved = app::saved_activities::saved_among(app, &session.actor, &[id]).await?;
    Ok(Some(!saved.is_empty()))
}

fn link(activity: &Activity) -> &str {
    let url = activity.url.trim();
    if is_web_address(url) { url } else { "" }
}

/// The activity in the words of schema.org: an event where learners meet, else a course.
fn linked(activity: &Activity, provider: &str, place: &str, address: &str) -> Value {
    let in_person = activity.deliveries.contains(&Delivery::InPerson);
    let streamed = activity.deliveries.iter().any(|way| matches!(way, Delivery::LiveStreamed | Delivery::Online));
    let organizer = json!({ "@type": "Organization", "name": provider });
    let mut all = json!({
        "@context": "https://schema.org",
        "@type": if activity.format.is_live() { "EducationEvent" } else { "Course" },
        "@id": address,
        "name": activity.title,
        "description": activity.description,
        "url": if link(activity).is_empty() { address } else { link(activity) },
        "identifier": activity.id.to_string(),
        "isAccessibleForFree": activity.fee == Some(Fee::Free),
    });
    let credit = activity.credit.map(|credit| format!("{credit} {}", domain::activity::AMA_PRA_CATEGORY_1));
    let more = if activity.format.is_live() {
        let mode = match (in_person, streamed) {
            (true, true) => "MixedEventAttendanceMode",
            (true, false) => "OfflineEventAttendanceMode",
            _ => "OnlineEventAttendanceMode",
        };
        let location = if in_person {
            json!({ "@type": "Place", "name": place, "address": place })
        } else {
            json!({ "@type": "VirtualLocation", "url": if link(activity).is_empty() { address } else { link(activity) } })
        };
        json!({
            "startDate": activity.starts_on.to_string(),
            "endDate": activity.ends_on.to_string(),
            "eventStatus": "https://schema.org/EventScheduled",
            "eventAttendanceMode": format!("https://schema.org/{mode}"),
            "location": location,
            "organizer": organizer,
            "educationalCredentialAwarded": credit,
        })
    } else {
        json!({
            "provider": organizer,
            "educationalCredentialAwarded": credit,
            "temporalCoverage": format!("{}/{}", activity.starts_on, activity.ends_on),
        })
    };
    if let (Some(all), Value::Object(more)) = (all.as_object_mut(), more) {
        all.extend(more.into_iter().filter(|(_, given)| !given.is_null()));
    }
    all
}

/// JSON that can stand in a page: no letter of it can end the element or begin a comment.
fn embedded(value: &Value) -> String {
    let escaped = |letter: char| match letter {
        '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => format!("\\u{:04x}", u32::from(letter)),
        other => other.to_string(),
    };
    value.to_string().chars().map(escaped).collect()
}

async fn calendar_file(State(app): State<App>, Path(id): Path<String>) -> Result<Response> {
    let (stored, provider) = found(&app, &id).await?;
    let activity = &stored.activity;
    let address = app.config.link(&format!("/activities/{}", activity.id));
    let place = place(activity, &app.reference.get());
    let changed = app.clock.machine(stored.updated_at);
    let event = Event { activity, provider: &provider, place: &place, address: &address, changed: &changed };
    let file = calendar::file([event]).into_bytes();
    Ok(download::bytes(&format!("activity-{}.ics", activity.id), "text/calendar; charset=utf-8", file))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_embedded_json_can_end_its_element() {
        let hostile = json!({ "name": "</script><!--&\u{2028}" });
        let text = embedded(&hostile);
        assert!(!text.contains(['<', '>', '&', '\u{2028}']), "{text}");
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), hostile);
    }
}
