//! `/admin/reference`: what is planned, all lists with their size, boards, settings, and who changed what
//! last.

use app::App;
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use domain::reference::{List, Reference};
use store::reference::{Change, Entry};

use super::item::Standing;
use super::planned::{self, PlanRow};
use super::{Day, item, setting_words, words};
use crate::access::StaffVisitor;
use crate::pages::uploads::grouped;
use crate::{Chrome, Page, Result, When};

/// The newest changes that are shown.
const NEWEST: i64 = 12;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/admin/reference", get(overview))
}

#[derive(Template)]
#[template(path = "admin/reference/overview.html")]
struct Overview {
    chrome: Chrome,
    planned: Vec<PlanRow>,
    lists: Vec<ListRow>,
    boards_in_force: usize,
    boards_planned: usize,
    settings: Vec<SettingRow>,
    newest: Vec<NewestRow>,
}

struct ListRow {
    code: &'static str,
    label: &'static str,
    meaning: &'static str,
    in_force: String,
    planned: String,
    over: String,
}

struct SettingRow {
    code: &'static str,
    label: &'static str,
    value: String,
}

struct NewestRow {
    at: When,
    by: String,
    what: String,
    href: String,
    from: Day,
}

async fn overview(State(app): State<App>, _: StaffVisitor, chrome: Chrome) -> Result<Page<impl Template>> {
    app.reference.refresh(&app.store).await?;
    let reference = app.reference.get();
    let newest = store::reference::recent(&mut app.store.read().await?, NEWEST).await?;
    let (rules, today) = (reference.rules(), reference.today());
    let fields = super::setting::fields(reference.settings());
    Ok(Page(Overview {
        chrome,
        planned: planned::rows(rules, today),
        lists: List::ALL.iter().map(|list| list_row(&reference, *list)).collect(),
        boards_in_force: reference.boards().count(),
        boards_planned: rules.boards.iter().filter(|version| version.from > today).count(),
        settings: setting_words::GROUPS
            .iter()
            .map(|group| SettingRow { code: group.code, label: group.label, value: group.value(&fields) })
            .collect(),
        newest: newest.into_iter().map(|change| newest_row(&app, &reference, change)).collect(),
    }))
}

fn list_row(reference: &Reference, list: List) -> ListRow {
    let entries = item::entries(reference.rules(), list, reference.today());
    let count = |state| grouped(entries.iter().filter(|entry| entry.state == state).map(|_| 1).sum());
    ListRow {
        code: list.code(),
        label: list.label(),
        meaning: words::meaning(list),
        in_force: count(Standing::InForce),
        planned: count(Standing::Planned),
        over: count(Standing::Over),
    }
}

fn newest_row(app: &App, reference: &Reference, change: Change) -> NewestRow {
    let (what, href, from) = match &change.entry {
        Entry::Item(from, key, found) => {
            let name =
                found.as_ref().map_or_else(|| reference.name_of(key.list, &key.code), |found| found.name.clone());
            let from = from.or(found.as_ref().and_then(|found| found.valid_from));
            (format!("{}: {name}", key.list.label()), item::address(key, ""), from)
        }
        Entry::Board(from, version) => {
            let href = format!("/admin/reference/boards/{}", version.code);
            (format!("Rules of {}", reference.board_label(version.code)), href, *from)
        }
        Entry::Requirement(from, state, _) => {
            (format!("Requirement of {}", state.name()), format!("/requirements/{state}"), *from)
        }
        Entry::Setting(from, name, _) => match setting_words::group_of(name) {
            Some(group) => {
                let label = setting_words::label_of(name);
                let what =
                    if group.fields.len() == 1 { group.label.to_owned() } else { format!("{}: {label}", group.label) };
                (what, format!("/admin/reference/settings/{}", group.code), *from)
            }
            None => (name.clone(), "/admin/reference/settings".to_owned(), *from),
        },
    };
    let at = When::of(app, change.at);
    NewestRow { at, by: change.by_name.unwrap_or_default(), what, href, from: Day::of(from) }
}
