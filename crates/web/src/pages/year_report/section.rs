//! Parts of both pages: a heading with what its figures count, plots, and the table behind them.

use app::data_report::{By, YEARS, table_of};
use formats::tables::{Figure, Table};

use crate::pages::reports::marks;
use crate::plots::{Bars, Line};

pub(super) struct Section {
    pub id: &'static str,
    pub heading: String,
    pub definition: String,
    /// Lines over years in both sizes.
    pub lines: Vec<(&'static str, Vec<Line>)>,
    pub plots: Vec<Bars>,
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    pub csv: String,
}

#[derive(Clone)]
pub(super) struct Column {
    pub name: String,
    pub is_number: bool,
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

/// Places of columns in the tables of a report.
const ACTIVITIES: usize = 2;
const PHYSICIANS: usize = 5;
const OTHERS: usize = 6;
const COMPLETIONS: usize = 7;

/// All tables as sections. `files` is the address of a table's file up to its key.
pub(super) fn sections(tables: &[Table], files: &str) -> Vec<Section> {
    tables.iter().filter(|table| table.key != "summary").map(|table| section(table, files)).collect()
}

fn section(table: &Table, files: &str) -> Section {
    let bars =
        |column: usize, title: &str| Bars::of(format!("plot-{}-{column}", table.key), title, &marks(table, column));
    let plots = match table.key {
        YEARS => Vec::new(),
        // one bar is the total once more
        _ if table.rows.len() < 2 => Vec::new(),
        "boards" => vec![bars(2, "Activities"), bars(4, "Completions")],
        key if key == table_of(By::Stage) => Vec::new(),
        _ => vec![
            bars(ACTIVITIES, "Activities"),
            bars(PHYSICIANS, "Physician interactions"),
            bars(OTHERS, "Other-learner interactions"),
        ],
    };
    let line = |column: usize, id: &str, title: &'static str| (title, Line::of(id, title, &marks(table, column), None));
    let mut lines = match table.key {
        YEARS => vec![
            line(ACTIVITIES, "years-activities", "Activities by year"),
            line(PHYSICIANS, "years-physicians", "Physician interactions by year"),
            line(COMPLETIONS, "years-completions", "Completions by year"),
        ],
        _ => Vec::new(),
    };
    lines.retain(|(_, drawn)| !drawn.is_empty());
    let is_number = |place: usize| {
        let mut figures = table.rows.iter().chain(&table.total).filter_map(|row| row.get(place));
        figures.any(|figure| figure.is_number() && *figure != Figure::None)
    };
    let column = |(place, name): (usize, &String)| Column { name: name.clone(), is_number: is_number(place) };
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
    let rows = table.rows.iter().map(|row| (row, false)).chain(table.total.iter().map(|row| (row, true)));
    Section {
        id: table.key,
        heading: table.title.clone(),
        definition: table.definition.clone(),
        lines,
        plots: plots.into_iter().flatten().collect(),
        rows: rows.map(row).collect(),
        columns,
        csv: format!("{files}{}", table.key),
    }
}
