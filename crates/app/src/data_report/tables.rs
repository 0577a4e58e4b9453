//! The tables of a yearly report: titles, what they count, and their lines in the order in which they are read.

use domain::activity::{Delivery, Format};
use domain::reference::Reference;
use domain::{Board, State};
use formats::tables::{Figure, Table};

use super::counting::{CLOSED, NONE};
use super::figures::{By, Line, Named, Shown};
use super::{FEWEST_LEARNERS, FEWEST_PROVIDERS, Snapshot};

/// The key of the table of years.
pub const YEARS: &str = "years";

const COLUMNS: [&str; 8] = [
    "Providers",
    "Activities",
    "Of them closed",
    "Credits offered",
    "Physician interactions",
    "Other-learner interactions",
    "Completions",
    "CME credits earned",
];

fn text(text: impl Into<String>) -> Figure {
    Figure::Text(text.into())
}

fn figures(name: impl Into<String>, line: &Line) -> Vec<Figure> {
    vec![
        text(name),
        Figure::Count(line.providers),
        Figure::Count(line.activities),
        Figure::Count(line.closed),
        Figure::Credits(line.offered),
        Figure::Count(line.physicians),
        Figure::Count(line.others),
        Figure::Count(line.completions),
        Figure::Credits(line.cme),
    ]
}

fn columns(first: &str) -> Vec<String> {
    std::iter::once(first).chain(COLUMNS).map(str::to_owned).collect()
}

/// The key of the table that a [`By`] makes.
pub fn table_of(by: By) -> &'static str {
    match by {
        By::Format => "formats",
        By::OrganizationType => "organization-types",
        By::State => "states",
        By::Delivery => "delivery",
        By::Stage => "stages",
    }
}

pub(super) fn all(reference: &Reference, snapshot: &Snapshot, trend: &[(i16, Line)], shown: Shown) -> Vec<Table> {
    let mut tables = vec![summary(snapshot), years(trend)];
    tables.extend(By::ALL.map(|by| broken_down(snapshot, by, shown)));
    tables.push(board_table(reference, snapshot, shown));
    tables
}

fn summary(snapshot: &Snapshot) -> Table {
    let line = &snapshot.figures.total;
    let rows = [
        ("Providers with activities or completions", Figure::Count(line.providers)),
        ("Activities", Figure::Count(line.activities)),
        ("Of them closed", Figure::Count(line.closed)),
        ("AMA PRA Category 1 Credits offered", Figure::Credits(line.offered)),
        ("Physician interactions", Figure::Count(line.physicians)),
        ("Other-learner interactions", Figure::Count(line.others)),
        ("Completions reported by name", Figure::Count(line.completions)),
        ("CME credits earned, as reported", Figure::Credits(line.cme)),
    ];
    Table {
        key: "summary",
        title: "Summary".into(),
        definition: DEFINITION.into(),
        columns: vec!["Figure".into(), snapshot.year().to_string()],
        rows: rows.into_iter().map(|(name, figure)| vec![text(name), figure]).collect(),
        total: None,
    }
}

/// What every table counts.
const DEFINITION: &str = "Activities that end in the year, without drafts. Credits offered are those of the \
    activities, once each. An interaction is one learner in one activity, in a series one learner in one session, as \
    the provider counted them; enduring material counts the learners of the year. Completions are learners whom \
    providers reported by name, by day of completion: another count, from which interactions are never made.";

fn years(trend: &[(i16, Line)]) -> Table {
    Table {
        key: YEARS,
        title: "By year".into(),
        definition: "Each year as it was counted last. Interactions of a year are complete once its activities are \
                     closed, by the end of March of the year after."
            .into(),
        columns: columns("Year"),
        rows: trend.iter().map(|(year, line)| figures(year.to_string(), line)).collect(),
        total: None,
    }
}

fn broken_down(snapshot: &Snapshot, by: By, shown: Shown) -> Table {
    let (title, first, definition) = match by {
        By::Format => ("By format", "Format", "Each activity has one format."),
        By::OrganizationType => {
            ("By organization type", "Organization type", "The type of the provider, as of the day of the count.")
        }
        By::State => ("By state", "State", "The state of the provider’s address; activities may be held elsewhere."),
        By::Delivery => (
            "By delivery",
            "Delivery",
            "How activities reach learners. Several ways of one activity are a line of their own.",
        ),
        By::Stage => ("Closed and not", "Stage", "A closed activity is complete; the others may still change."),
    };
    let mut lines: Vec<&Named> = snapshot.figures.lines(shown).of(by).iter().collect();
    lines.sort_by_key(|named| (named.key.is_empty(), place(by, &named.key)));
    let has_rest = lines.iter().any(|named| named.key.is_empty());
    let few = match has_rest {
        true => format!(
            " Lines with fewer than {FEWEST_PROVIDERS} providers or fewer than {FEWEST_LEARNERS} learners are put \
             together."
        ),
        false => String::new(),
    };
    Table {
        key: table_of(by),
        title: title.into(),
        definition: format!("{definition}{few}"),
        columns: columns(first),
        rows: lines.iter().map(|named| figures(name(by, &named.key), &named.line)).collect(),
        total: Some(figures("All", &snapshot.figures.total)),
    }
}

/// Where a line stands: lists of the field in their own order, all else by its words.
fn place(by: By, key: &str) -> (usize, String) {
    let place = match by {
        By::Format => Format::ALL.iter().position(|format| format.code() == key),
        By::Delivery => Delivery::ALL.iter().position(|way| key.starts_with(way.code())),
        By::Stage => Some(usize::from(key != CLOSED)),
        By::OrganizationType | By::State => Some(0),
    };
    (place.unwrap_or(usize::MAX), if by == By::State { state(key) } else { key.to_owned() })
}

fn state(key: &str) -> String {
    State::read(key).map_or_else(|| key.to_owned(), |state| state.name().to_owned())
}

fn name(by: By, key: &str) -> String {
    if key.is_empty() {
        return "All others, put together".to_owned();
    }
    match by {
        By::OrganizationType | By::State if key == NONE => "Not on record".to_owned(),
        By::Format => Format::read(key).map_or_else(|| key.to_owned(), |format| format.label().to_owned()),
        By::OrganizationType => key.to_owned(),
        By::State => state(key),
        By::Delivery if key == NONE => "Not asked for these formats".to_owned(),
        By::Delivery => {
            let label = |code: &str| Delivery::read(code).map_or_else(|| code.to_owned(), |way| way.label().to_owned());
            key.split('+').map(label).collect::<Vec<_>>().join(" and ")
        }
        By::Stage => if key == CLOSED { "Closed" } else { "Not closed" }.to_owned(),
    }
}

/// Registrations by board.
pub fn board_table(reference: &Reference, snapshot: &Snapshot, shown: Shown) -> Table {
    let lines = snapshot.figures.lines(shown);
    let label = |board: Board| reference.board_label(board);
    let few = match lines.few.as_slice() {
        [] => String::new(),
        few => {
            let few: Vec<String> = few.iter().map(|board| label(*board)).collect();
            format!(" Left out, since too few providers or learners stand behind them: {}.", few.join(", "))
        }
    };
    Table {
        key: "boards",
        title: "MOC by board".into(),
        definition: format!(
            "Activities that end in the year and are registered for MOC/CC with a board, and completions of the year \
             with its points, accepted or pending. An activity may be registered with several boards, and points of \
             different boards are for the same hours, so they are never added up.{few}"
        ),
        columns: ["Board", "Providers", "Activities", "Points offered", "Completions", "Points earned"]
            .map(str::to_owned)
            .to_vec(),
        rows: lines
            .boards
            .iter()
            .map(|line| {
                vec![
                    text(label(line.board)),
                    Figure::Count(line.providers),
                    Figure::Count(line.activities),
                    Figure::Credits(line.offered),
                    Figure::Count(line.completions),
                    Figure::Credits(line.points),
                ]
            })
            .collect(),
        total: None,
    }
}
