//! A board's rules from a day on, a correction of those in force, a new board, or a planned version taken
//! back. A version is always the whole of the rules.

use app::reference::Change;
use app::{App, Fault};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::Board;
use domain::reference::{BoardRules, CreditType};
use jiff::civil::Date;

use super::answer::{About, EditForm, Told, answer};
use super::board::read;
use super::effect::EffectView;
use super::given::Given;
use super::{Day, history};
use crate::access::StaffVisitor;
use crate::{Chrome, Faults, Page, REFUSED, Result};

/// Empty lines for further credit types.
const SPARE_LINES: usize = 3;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/admin/reference/boards/new", get(new_form).post(new))
        .route("/admin/reference/boards/{board}/change", get(form).post(change))
        .route("/admin/reference/boards/{board}/take-back", get(take_back_form).post(take_back))
}

#[derive(Template)]
#[template(path = "admin/reference/board_change.html")]
struct BoardForm {
    chrome: Chrome,
    /// `None`: a new board.
    code: Option<Board>,
    label: String,
    action: String,
    back: String,
    /// The version that is corrected: its day, or `ever`; empty for a new one.
    version: String,
    version_day: Day,
    is_taking_back: bool,
    given: Given,
    types: Vec<TypeLine>,
    seen: i64,
    today: String,
    faults: Faults,
    effect: Option<EffectView>,
    stale: Option<history::Step>,
}

struct TypeLine {
    at: usize,
    name: String,
    from: String,
    until: String,
}

fn type_lines(given: &Given) -> Vec<TypeLine> {
    let used = given.lines(&["type_name", "type_from", "type_until"]);
    let count = used.last().map_or(0, |last| last + 1) + SPARE_LINES;
    let text = |name: &str, at: usize| given.get(&format!("{name}_{at}")).to_owned();
    let line =
        |at| TypeLine { at, name: text("type_name", at), from: text("type_from", at), until: text("type_until", at) };
    (0..count).map(line).collect()
}

/// Rules as their form shows them.
fn typed(rules: &BoardRules) -> Given {
    let mut given = Given::default();
    let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    given.put("label", &rules.label);
    given.put("name", &rules.name);
    for (at, one) in rules.credit_types.iter().enumerate() {
        given.put(&format!("type_name_{at}"), &one.name);
        given.put(&format!("type_from_{at}"), day(one.valid_from));
        given.put(&format!("type_until_{at}"), day(one.valid_until));
    }
    given.put("practice_areas", rules.practice_areas.join("\n"));
    let ticks = [
        ("points_equal_credit", rules.points_equal_credit),
        ("once_per_date", rules.once_per_date),
        ("diplomate_id_optional", rules.diplomate_id_optional),
    ];
    for (name, _) in ticks.into_iter().filter(|(_, holds)| *holds) {
        given.put(name, "yes");
    }
    given.put("type_apart", rules.type_apart.clone().unwrap_or_default());
    given.put("completed_from", day(rules.completed_from));
    given.put("activity_starts_from", day(rules.activity_starts_from));
    given
}

fn rules(code: Board, given: &Given, faults: &mut Vec<Fault>) -> BoardRules {
    let text = |name: &str| given.get(name).trim().to_owned();
    let mut credit_types = Vec::new();
    for at in given.lines(&["type_name", "type_from", "type_until"]) {
        let valid_from = given.day_at(&format!("type_from_{at}"), "credit_types", faults);
        let valid_until = given.day_at(&format!("type_until_{at}"), "credit_types", faults);
        credit_types.push(CreditType { name: text(&format!("type_name_{at}")), valid_from, valid_until });
    }
    let areas = given.get("practice_areas").lines().map(str::trim).filter(|area| !area.is_empty());
    BoardRules {
        code,
        label: text("label"),
        name: text("name"),
        credit_types,
        practice_areas: areas.map(str::to_owned).collect(),
        diplomate_id_optional: given.is_ticked("diplomate_id_optional"),
        points_equal_credit: given.is_ticked("points_equal_credit"),
        once_per_date: given.is_ticked("once_per_date"),
        type_apart: Some(text("type_apart")).filter(|name| !name.is_empty()),
        completed_from: given.day("completed_from", faults),
        activity_starts_from: given.day("activity_starts_from", faults),
    }
}

/// The change that the form asks for, or what is wrong with its answers.
fn asked(code: Board, given: &Given) -> Result<Change, Vec<Fault>> {
    let mut faults = Vec::new();
    let from = match given.get("version") {
        "" => given.needed_day("from", &mut faults),
        "ever" => None,
        day => day.parse().ok(),
    };
    let rules = rules(code, given, &mut faults);
    let until = given.day("until", &mut faults);
    if faults.is_empty() { Ok(Change::Board { rules, from, until }) } else { Err(faults) }
}

async fn new_form(State(app): State<App>, _: StaffVisitor, chrome: Chrome) -> Result<Response> {
    let mut given = Given::default();
    given.put("from", app.clock.today().to_string());
    Ok(Page(blank(&app, chrome, None, given).await?).into_response())
}

async fn new(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let mut given = Given(sent);
    let mut page = blank(&app, chrome, None, given.clone()).await?;
    let Some(code) = Board::read(given.get("label")) else {
        page.faults = vec![Fault::new("label", "Write the board’s code, 2 to 8 letters, such as ABIM.")].into();
        return Ok((REFUSED, Page(page)).into_response());
    };
    let history = store::reference::newest_of(&mut app.store.read().await?, "boards", "", code.code()).await?;
    if history >= 0 {
        page.faults =
            vec![Fault::new("label", "This board is there already. Change its rules on its own page.")].into();
        return Ok((REFUSED, Page(page)).into_response());
    }
    given.0.retain(|(name, _)| name != "seen" && name != "version");
    given.put("seen", history.to_string());
    let change = asked(code, &given);
    answer(&app, &visitor, page, change, &given, about(code)).await
}

async fn form(
    State(app): State<App>,
    _: StaffVisitor,
    chrome: Chrome,
    Path(board): Path<String>,
    Query(place): Query<Vec<(String, String)>>,
) -> Result<Response> {
    let code = read(&board)?;
    app.reference.refresh(&app.store).await?;
    let (kept, _) = store::reference::kept(&mut app.store.read().await?).await?;
    let versions = kept.board(code);
    let version = Given(place).get("version").to_owned();
    let today = app.clock.today();
    let wanted = match version.as_str() {
        // a new version begins as a copy of the last one
        "" => versions.last(),
        "ever" => versions.iter().find(|(from, ..)| from.is_none()),
        day => versions.iter().find(|(from, ..)| from.is_some_and(|from| from.to_string() == day)),
    };
    let (from, until, rules) = wanted.ok_or(app::Error::NotFound)?;
    let mut given = typed(rules);
    given.put("version", version.clone());
    if version.is_empty() {
        let last = from.unwrap_or(Date::MIN);
        given.put("from", last.max(today).tomorrow().unwrap_or(today).to_string());
    } else {
        given.put("until", until.map(|until| until.to_string()).unwrap_or_default());
    }
    Ok(Page(blank(&app, chrome, Some(code), given).await?).into_response())
}

async fn change(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Path(board): Path<String>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let (code, given) = (read(&board)?, Given(sent));
    let page = blank(&app, chrome, Some(code), given.clone()).await?;
    let is_day = |text: &str| matches!(text, "" | "ever") || text.parse::<Date>().is_ok();
    if !is_day(given.get("version")) {
        return Err(app::Error::NotFound.into());
    }
    let change = asked(code, &given);
    answer(&app, &visitor, page, change, &given, about(code)).await
}

async fn take_back_form(
    State(app): State<App>,
    _: StaffVisitor,
    chrome: Chrome,
    Path(board): Path<String>,
    Query(place): Query<Vec<(String, String)>>,
) -> Result<Response> {
    let page = taking_back(&app, chrome, read(&board)?, Given(place)).await?;
    Ok(Page(page).into_response())
}

async fn taking_back(app: &App, chrome: Chrome, code: Board, given: Given) -> Result<BoardForm> {
    let from = formats::read_date(given.get("from"));
    let mut page = blank(app, chrome, Some(code), given).await?;
    page.is_taking_back = true;
    page.version_day = Day::of(from);
    page.action = format!("/admin/reference/boards/{code}/take-back");
    Ok(page)
}

async fn take_back(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Path(board): Path<String>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let (code, given) = (read(&board)?, Given(sent));
    let page = taking_back(&app, chrome, code, given.clone()).await?;
    let mut faults = Vec::new();
    let from = given.needed_day("from", &mut faults);
    let change = from.map(|from| Change::TakeBackBoard { code, from }).ok_or(faults);
    answer(&app, &visitor, page, change, &given, about(code)).await
}

async fn blank(app: &App, chrome: Chrome, code: Option<Board>, given: Given) -> Result<BoardForm> {
    let reference = app.reference.get();
    let seen = match code {
        Some(code) => store::reference::newest_of(&mut app.store.read().await?, "boards", "", code.code()).await?,
        None => -1,
    };
    if code.is_some() && seen < 0 {
        return Err(app::Error::NotFound.into());
    }
    let version = given.get("version").to_owned();
    let home = "/admin/reference/boards".to_owned();
    Ok(BoardForm {
        chrome,
        code,
        label: code.map(|code| reference.board_label(code)).unwrap_or_default(),
        action: code.map_or_else(|| format!("{home}/new"), |code| format!("{home}/{code}/change")),
        back: code.map_or(home.clone(), |code| format!("{home}/{code}")),
        version_day: Day::of(version.parse::<Date>().ok()),
        version,
        is_taking_back: false,
        types: type_lines(&given),
        given,
        seen,
        today: app.clock.today().to_string(),
        faults: Faults::none(),
        effect: None,
        stale: None,
    })
}

fn about(code: Board) -> About {
    About {
        saved: format!("/admin/reference/boards/{code}?done=yes"),
        histories: vec![("boards", String::new(), code.code().to_owned())],
    }
}

impl EditForm for BoardForm {
    fn told(&mut self) -> Told<'_> {
        Told { seen: &mut self.seen, faults: &mut self.faults, effect: &mut self.effect, stale: &mut self.stale }
    }
}

impl BoardForm {
    fn heading(&self) -> String {
        match (self.code, self.is_taking_back, self.version.as_str()) {
            (None, ..) => "Add a board".to_owned(),
            (_, true, _) => format!("Take back the planned rules of {}", self.label),
            (_, false, "") => format!("Change the rules of {}", self.label),
            _ => format!("Correct the rules of {}", self.label),
        }
    }

    fn crumb(&self) -> &str {
        if self.code.is_none() { "All" } else { &self.label }
    }

    /// The words of the button that saves.
    fn save(&self) -> &'static str {
        match (self.code, self.is_taking_back, self.version.as_str()) {
            (None, ..) => "Add the board",
            (_, true, _) => "Take it back",
            (_, false, "") => "Save the new rules",
            _ => "Save the correction",
        }
    }
}
