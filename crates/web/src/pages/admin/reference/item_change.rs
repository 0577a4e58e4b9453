//! Adding an item and changing one: rename, end, bring back, take back what is planned. One form for all,
//! which shows what it would do before it does it.

use app::reference::Change;
use app::{App, Fault};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Path, Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::reference::{Item, ItemKey, List};

use super::answer::{About, EditForm, Told, answer};
use super::effect::EffectView;
use super::given::Given;
use super::history;
use super::item::{address, entries};
use super::{list_of, words};
use crate::access::StaffVisitor;
use crate::{Chrome, Faults, Page, Result};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/admin/reference/lists/{list}/add", get(add_form).post(add))
        .route("/admin/reference/lists/{list}/item/{act}", get(form).post(change))
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Act {
    Add,
    Rename,
    End,
    BringBack,
    TakeBack,
}

impl Act {
    fn read(text: &str) -> Result<Self> {
        match text {
            "rename" => Ok(Self::Rename),
            "end" => Ok(Self::End),
            "bring-back" => Ok(Self::BringBack),
            "take-back" => Ok(Self::TakeBack),
            _ => Err(app::Error::NotFound.into()),
        }
    }
}

#[derive(Template)]
#[template(path = "admin/reference/item_change.html")]
struct ItemForm {
    chrome: Chrome,
    act: Act,
    heading: String,
    list: &'static str,
    list_label: &'static str,
    /// Where the form is sent, and where to go without a change.
    action: String,
    back: String,
    group_label: Option<&'static str>,
    groups: Vec<String>,
    code_hint: &'static str,
    needs_code: bool,
    given: Given,
    seen: i64,
    today: String,
    faults: Faults,
    effect: Option<EffectView>,
    /// What somebody else changed meanwhile.
    stale: Option<history::Step>,
}

fn key(list: List, given: &Given) -> ItemKey {
    ItemKey { list, group: given.get("group").to_owned(), code: given.get("code").to_owned() }
}

/// The change that a form asks for, or what is wrong with its answers.
fn read(act: Act, list: List, given: &Given) -> Result<Change, Vec<Fault>> {
    let mut faults = Vec::new();
    let key = key(list, given);
    let change = match act {
        Act::Add => Some(Change::Add(Item {
            list,
            group: given.get("group").to_owned(),
            code: given.get("code").to_owned(),
            name: given.get("name").to_owned(),
            valid_from: given.day("from", &mut faults),
            valid_until: given.day("until", &mut faults),
        })),
        Act::Rename => {
            let from = given.needed_day("from", &mut faults);
            from.map(|from| Change::Rename { key, name: given.get("name").to_owned(), from })
        }
        Act::End => given.needed_day("until", &mut faults).map(|last| Change::End { key, last }),
        Act::BringBack => given.needed_day("from", &mut faults).map(|from| Change::BringBack { key, from }),
        Act::TakeBack => given.needed_day("on", &mut faults).map(|on| Change::TakeBackItem { key, on }),
    };
    change.filter(|_| faults.is_empty()).ok_or(faults)
}

async fn add_form(
    State(app): State<App>,
    _: StaffVisitor,
    chrome: Chrome,
    Path(list): Path<String>,
) -> Result<Response> {
    let list = list_of(&list)?;
    Ok(Page(blank(&app, chrome, Act::Add, list, Given::default()).await?).into_response())
}

async fn add(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Path(list): Path<String>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response> {
    answered(&app, &visitor, chrome, Act::Add, list_of(&list)?, Given(sent)).await
}

async fn form(
    State(app): State<App>,
    _: StaffVisitor,
    chrome: Chrome,
    Path((list, act)): Path<(String, String)>,
    Query(asked): Query<Vec<(String, String)>>,
) -> Result<Response> {
    let (list, act) = (list_of(&list)?, Act::read(&act)?);
    let mut given = Given(asked);
    let today = app.clock.today();
    if act == Act::Rename {
        let name = known_name(&app, &key(list, &given));
        given.put("name", name);
    }
    if matches!(act, Act::Rename | Act::BringBack) {
        given.put("from", today.to_string());
    }
    Ok(Page(blank(&app, chrome, act, list, given).await?).into_response())
}

async fn change(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Path((list, act)): Path<(String, String)>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response> {
    answered(&app, &visitor, chrome, Act::read(&act)?, list_of(&list)?, Given(sent)).await
}

fn known_name(app: &App, key: &ItemKey) -> String {
    let reference = app.reference.get();
    let entries = entries(reference.rules(), key.list, reference.today());
    entries.into_iter().find(|entry| entry.key == *key).map_or_else(|| key.code.clone(), |entry| entry.name)
}

/// The key under which the history of what the form is about is kept: that of a new item follows from
/// what is typed.
fn subject(act: Act, list: List, given: &Given) -> ItemKey {
    let mut key = key(list, given);
    if act == Act::Add {
        let code = key.code.trim();
        key.code = if code.is_empty() { given.get("name").trim() } else { code }.to_owned();
        key.group = if words::group_label(list).is_some() { key.group.trim().to_owned() } else { String::new() };
    }
    key
}

async fn blank(app: &App, chrome: Chrome, act: Act, list: List, given: Given) -> Result<ItemForm> {
    app.reference.refresh(&app.store).await?;
    let key = subject(act, list, &given);
    let seen = store::reference::newest_of(&mut app.store.read().await?, list.code(), &key.group, &key.code).await?;
    if act != Act::Add && seen < 0 {
        return Err(app::Error::NotFound.into());
    }
    let code = list.code();
    let reference = app.reference.get();
    let mut groups: Vec<String> =
        reference.rules().items.iter().filter(|item| item.list == list).map(|item| item.group.clone()).collect();
    groups.sort_unstable();
    groups.dedup();
    let (action, back) = match act {
        Act::Add => (format!("/admin/reference/lists/{code}/add"), format!("/admin/reference/lists/{code}")),
        act => {
            let form = match act {
                Act::Rename => "rename",
                Act::End => "end",
                Act::BringBack => "bring-back",
                Act::Add | Act::TakeBack => "take-back",
            };
            (format!("/admin/reference/lists/{code}/item/{form}"), address(&key, ""))
        }
    };
    let name = known_name(app, &key);
    let heading = match act {
        Act::Add => format!("Add to {}", list.label()),
        Act::Rename => format!("Rename “{name}”"),
        Act::End => format!("End “{name}”"),
        Act::BringBack => format!("Bring back “{name}”"),
        Act::TakeBack => format!("Take back what is planned for “{name}”"),
    };
    Ok(ItemForm {
        chrome,
        act,
        heading,
        list: code,
        list_label: list.label(),
        action,
        back,
        group_label: words::group_label(list),
        groups,
        code_hint: words::code_hint(list),
        needs_code: words::needs_code(list),
        given,
        seen,
        today: app.clock.today().to_string(),
        faults: Faults::none(),
        effect: None,
        stale: None,
    })
}

async fn answered(
    app: &App,
    visitor: &StaffVisitor,
    chrome: Chrome,
    act: Act,
    list: List,
    mut given: Given,
) -> Result<Response> {
    let page = blank(app, chrome, act, list, given.clone()).await?;
    if act == Act::Add {
        // nobody has seen what is only being typed; a code that is taken is said beside its field
        given.0.retain(|(name, _)| name != "seen");
        given.put("seen", page.seen.to_string());
    }
    let place = match act {
        Act::Add => address(&subject(act, list, &given), ""),
        _ => page.back.clone(),
    };
    let key = key(list, &given);
    let about = About { saved: format!("{place}&done=yes"), histories: vec![(list.code(), key.group, key.code)] };
    answer(app, visitor, page, read(act, list, &given), &given, about).await
}

impl EditForm for ItemForm {
    fn told(&mut self) -> Told<'_> {
        Told { seen: &mut self.seen, faults: &mut self.faults, effect: &mut self.effect, stale: &mut self.stale }
    }
}

impl ItemForm {
    fn is_add(&self) -> bool {
        self.act == Act::Add
    }

    fn is_rename(&self) -> bool {
        self.act == Act::Rename
    }

    fn is_end(&self) -> bool {
        self.act == Act::End
    }

    fn is_bringing_back(&self) -> bool {
        self.act == Act::BringBack
    }

    /// The words of the button that saves.
    fn save(&self) -> &'static str {
        match self.act {
            Act::Add => "Add the item",
            Act::Rename => "Rename the item",
            Act::End => "End the item",
            Act::BringBack => "Bring the item back",
            Act::TakeBack => "Take it back",
        }
    }
}
