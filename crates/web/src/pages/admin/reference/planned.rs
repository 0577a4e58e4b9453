//! What is planned for coming days, as rows with a way to look at it and a way to take it back.

use app::reference::{Planned, What};
use domain::reference::{ItemKey, Rules};
use jiff::civil::Date;

use super::item::address;
use super::{Day, setting_words};

pub(super) struct PlanRow {
    pub(super) on: Day,
    pub(super) what: String,
    pub(super) where_: &'static str,
    pub(super) href: String,
    /// `None`: it is part of something that is changed on its own page.
    pub(super) take_back: Option<String>,
}

/// All that is planned, the next day first.
pub(super) fn rows(rules: &Rules, today: Date) -> Vec<PlanRow> {
    app::reference::planned(rules, today).into_iter().flat_map(row).collect()
}

fn row(planned: Planned) -> Vec<PlanRow> {
    let on = planned.on;
    let of_item = |key: &ItemKey, what: String| {
        let take_back = Some(format!("{}&on={on}", address(key, "/take-back")));
        vec![PlanRow { on: Day::of(on), what, where_: key.list.label(), href: address(key, ""), take_back }]
    };
    let of_board = |code: domain::Board, what: String, take_back| {
        let href = format!("/admin/reference/boards/{code}");
        vec![PlanRow { on: Day::of(on), what, where_: "Boards and their rules", href, take_back }]
    };
    match planned.what {
        What::ItemBegins { key, name } => of_item(&key, format!("“{name}” can be chosen")),
        What::ItemRenamed { key, from, to } => of_item(&key, format!("“{from}” is renamed “{to}”")),
        What::ItemEnds { key, name } => of_item(&key, format!("“{name}” can no longer be chosen")),
        What::BoardRules { code, label } => {
            let take_back = format!("/admin/reference/boards/{code}/take-back?from={on}");
            of_board(code, format!("New rules of {label}"), Some(take_back))
        }
        What::BoardEnds { code, label } => of_board(code, format!("{label} no longer takes part"), None),
        What::Settings(names) => {
            let groups = setting_words::GROUPS.iter();
            let changed =
                groups.filter(|group| group.fields.iter().any(|field| names.iter().any(|name| name == field.name)));
            let row = |group: &setting_words::Group| PlanRow {
                on: Day::of(on),
                what: format!("{}: a new value", group.label),
                where_: "Settings",
                href: format!("/admin/reference/settings/{}", group.code),
                take_back: Some(format!("/admin/reference/settings/{}/take-back?from={on}", group.code)),
            };
            changed.map(row).collect()
        }
    }
}
