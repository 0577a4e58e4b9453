//! New values for the settings of a group from a day on, and planned ones taken back.

use app::reference::Change;
use app::{App, Fault};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::activity::Format;
use serde_json::Value;

use super::acts;
use super::answer::{About, EditForm, Told, answer};
use super::effect::EffectView;
use super::given::Given;
use super::setting::fields;
use super::setting_words::{self, Field, Group, Kind, MONTHS};
use super::{Day, history};
use crate::access::StaffVisitor;
use crate::{Chrome, Faults, Page, Result};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/admin/reference/settings/{setting}/change", get(form).post(change))
        .route("/admin/reference/settings/{setting}/take-back", get(take_back_form).post(take_back))
}

#[derive(Template)]
#[template(path = "admin/reference/setting_change.html")]
struct SettingForm {
    chrome: Chrome,
    group: &'static Group,
    action: String,
    is_taking_back: bool,
    on: Day,
    given: Given,
    months: Vec<(String, &'static str)>,
    seen: i64,
    today: String,
    faults: Faults,
    effect: Option<EffectView>,
    stale: Option<history::Step>,
}

fn group(code: &str) -> Result<&'static Group> {
    Ok(setting_words::group(code).ok_or(app::Error::NotFound)?)
}

/// The change that takes planned values of the group back.
fn taken_back(group: &Group, from: jiff::civil::Date) -> Change {
    Change::TakeBackSettings { names: group.fields.iter().map(|field| field.name.to_owned()).collect(), from }
}

fn asked(group: &Group, given: &Given) -> Result<Change, Vec<Fault>> {
    let mut faults = Vec::new();
    let from = given.needed_day("from", &mut faults);
    let mut values: Vec<(String, Value)> = Vec::new();
    for field in group.fields {
        values.extend(field.read(given, &mut faults).map(|value| (field.name.to_owned(), value)));
    }
    from.filter(|_| faults.is_empty()).map(|from| Change::Settings { values, from }).ok_or(faults)
}

async fn blank(app: &App, chrome: Chrome, group: &'static Group, given: Given) -> Result<SettingForm> {
    let all = taken_back(group, app.clock.today());
    let seen = acts::seen(app, &all).await?;
    let months = (1..).zip(MONTHS).map(|(number, name): (u8, _)| (number.to_string(), name));
    Ok(SettingForm {
        chrome,
        group,
        action: format!("/admin/reference/settings/{}/change", group.code),
        is_taking_back: false,
        on: Day::of(formats::read_date(given.get("from"))),
        given,
        months: months.collect(),
        seen,
        today: app.clock.today().to_string(),
        faults: Faults::none(),
        effect: None,
        stale: None,
    })
}

async fn form(State(app): State<App>, _: StaffVisitor, chrome: Chrome, Path(code): Path<String>) -> Result<Response> {
    let group = group(&code)?;
    app.reference.refresh(&app.store).await?;
    let reference = app.reference.get();
    // what is planned last is what the next change goes on from
    let settings = reference.rules().settings.last().map_or(reference.settings(), |version| &version.value);
    let stands = fields(settings);
    let mut given = Given::default();
    for field in group.fields {
        given.0.extend(field.typed(stands.get(field.name).unwrap_or(&Value::Null)));
    }
    given.put("from", app.clock.today().tomorrow().unwrap_or(app.clock.today()).to_string());
    Ok(Page(blank(&app, chrome, group, given).await?).into_response())
}

async fn change(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Path(code): Path<String>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let (group, given) = (group(&code)?, Given(sent));
    let page = blank(&app, chrome, group, given.clone()).await?;
    answer(&app, &visitor, page, asked(group, &given), &given, about(group)).await
}

async fn take_back_form(
    State(app): State<App>,
    _: StaffVisitor,
    chrome: Chrome,
    Path(code): Path<String>,
    Query(place): Query<Vec<(String, String)>>,
) -> Result<Response> {
    Ok(Page(taking_back(&app, chrome, group(&code)?, Given(place)).await?).into_response())
}

async fn taking_back(app: &App, chrome: Chrome, group: &'static Group, given: Given) -> Result<SettingForm> {
    let page = blank(app, chrome, group, given).await?;
    Ok(SettingForm {
        is_taking_back: true,
        action: format!("/admin/reference/settings/{}/take-back", group.code),
        ..page
    })
}

async fn take_back(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Path(code): Path<String>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let (group, given) = (group(&code)?, Given(sent));
    let page = taking_back(&app, chrome, group, given.clone()).await?;
    let mut faults = Vec::new();
    let from = given.needed_day("from", &mut faults);
    let change = from.map(|from| taken_back(group, from)).ok_or(faults);
    answer(&app, &visitor, page, change, &given, about(group)).await
}

fn about(group: &Group) -> About {
    let history = |field: &Field| ("settings", String::new(), field.name.to_owned());
    About {
        saved: format!("/admin/reference/settings/{}?done=yes", group.code),
        histories: group.fields.iter().map(history).collect(),
    }
}

impl EditForm for SettingForm {
    fn told(&mut self) -> Told<'_> {
        Told { seen: &mut self.seen, faults: &mut self.faults, effect: &mut self.effect, stale: &mut self.stale }
    }
}

impl SettingForm {
    fn act(&self) -> &'static str {
        if self.is_taking_back { "Take back what is planned" } else { "Change from a day on" }
    }

    /// The words of the button that saves.
    fn save(&self) -> &'static str {
        if self.is_taking_back { "Take it back" } else { "Save the new value" }
    }

    fn back(&self) -> String {
        format!("/admin/reference/settings/{}", self.group.code)
    }

    /// A control for each format that may have a limit of its own.
    fn formats(&self, field: &Field) -> Vec<(String, &'static str)> {
        Format::ALL.iter().map(|format| (field.control(*format), format.label())).collect()
    }
}
