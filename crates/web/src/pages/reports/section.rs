//! Parts of the page: tables as rows and cells, and plots made of the same figures.

use app::provider_reports::Report;
use formats::tables::{Figure, Table};

use crate::plots::{Bars, Line, Mark};

/// A heading with what is under it.
pub(super) struct Section {
    pub id: &'static str,
    pub heading: &'static str,
    /// What its figures count.
    pub definition: String,
    /// A line in both sizes, or none.
    pub line: Vec<Line>,
    pub line_title: &'static str,
    pub plots: Vec<Bars>,
    pub tables: Vec<Shown>,
    /// Tables for few: folded away.
    pub folded: Vec<Shown>,
}

/// A table as its template walks through it.
pub(super) struct Shown {
    pub title: String,
    pub definition: String,
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    /// Whether it counts activities in its first columns and completions in the others.
    pub is_breakdown: bool,
    pub csv: String,
}

#[derive(Clone)]
pub(super) struct Column {
    pub name: String,
    pub is_number: bool,
    /// Whether another kind of figures begins here.
    pub is_part: bool,
}

pub(super) struct Row {
    pub name: String,
    pub cells: Vec<Cell>,
    pub is_total: bool,
}

pub(super) struct Cell {
    pub shown: String,
    pub column: Column,
}

const BREAKDOWNS: [&str; 5] = ["months", "formats", "providership", "outcomes", "support"];

/// The column of a breakdown in which completions begin.
const COMPLETIONS_BEGIN: usize = 5;

impl Shown {
    /// The table of this key, if the report has it. `address` is that of the period.
    pub fn of(report: &Report, key: &str, address: &str) -> Option<Self> {
        let table = report.table(key)?;
        let is_breakdown = BREAKDOWNS.contains(&table.key);
        let lines = table.rows.iter().map(|row| (row, false)).chain(table.total.iter().map(|row| (row, true)));
        let is_number = |place: usize| {
            let mut figures = table.rows.iter().chain(&table.total).filter_map(|row| row.get(place));
            figures.any(|figure| figure.is_number() && *figure != Figure::None)
        };
        let column = |(place, name): (usize, &String)| Column {
            name: name.clone(),
            is_number: is_number(place),
            is_part: is_breakdown && place == COMPLETIONS_BEGIN,
        };
        let columns: Vec<Column> = table.columns.iter().enumerate().map(column).collect();
        let row = |(figures, is_total): (&Vec<Figure>, bool)| Row {
            name: figures.first().map(Figure::shown).unwrap_or_default(),
            cells: figures
                .iter()
                .zip(&columns)
                .skip(1)
                .map(|(figure, column)| Cell { shown: figure.shown(), column: column.clone() })
                .collect(),
            is_total,
        };
        Some(Self {
            title: table.title.clone(),
            definition: table.definition.clone(),
            rows: lines.map(row).collect(),
            columns,
            is_breakdown,
            csv: format!("/provider/reports/download?as=csv&table={key}&{address}"),
        })
    }
}

/// Names and values of one column. The total is no mark.
pub(in crate::pages) fn marks(table: &Table, column: usize) -> Vec<Mark> {
    let mark = |row: &Vec<Figure>| {
        let figure = row.get(column)?;
        let value = match figure {
            Figure::Count(number) | Figure::Dollars(number) => *number as f64,
            Figure::Credits(amount) => amount.hundredths() as f64 / 100.0,
            Figure::Percent(tenths) => *tenths as f64 / 10.0,
            Figure::Text(_) | Figure::Date(_) | Figure::None => return None,
        };
        let label = row.first().map(Figure::shown).unwrap_or_default();
        Some(Mark { label, value: value.max(0.0), shown: figure.shown() })
    };
    table.rows.iter().filter_map(mark).collect()
}

/// Bars of one column, if there is anything to draw.
pub(super) fn bars(report: &Report, key: &str, column: usize, title: &str) -> Option<Bars> {
    Bars::of(format!("plot-{key}-{column}"), title, &marks(report.table(key)?, column))
}
