//! Tables of figures as a licensing board's templates walk through them, and bars made of the same.

use formats::tables::{Figure, Table};

use crate::plots::{Bars, Mark};

/// A table with its first column as row headers.
pub(super) struct Shown {
    pub title: String,
    pub definition: String,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
    pub plot: Option<Bars>,
}

pub(super) struct Column {
    pub name: String,
    pub is_number: bool,
}

pub(super) struct Cell {
    /// Its column's name.
    pub label: String,
    pub shown: String,
    pub is_number: bool,
}

impl Shown {
    pub fn of(table: &Table) -> Self {
        let is_number = |place: usize| {
            let mut figures = table.rows.iter().filter_map(|row| row.get(place));
            figures.any(|figure| figure.is_number() && *figure != Figure::None)
        };
        let columns = table.columns.iter().enumerate();
        let cell = |(place, figure): (usize, &Figure)| Cell {
            label: table.columns.get(place).cloned().unwrap_or_default(),
            shown: figure.shown(),
            is_number: is_number(place),
        };
        Self {
            title: table.title.clone(),
            definition: table.definition.clone(),
            columns: columns.map(|(place, name)| Column { name: name.clone(), is_number: is_number(place) }).collect(),
            rows: table.rows.iter().map(|row| row.iter().enumerate().map(cell).collect()).collect(),
            plot: None,
        }
    }

    /// With bars of the counts in its second column.
    pub fn with_bars(table: &Table) -> Self {
        let mark = |row: &Vec<Figure>| {
            let (label, value) = (row.first()?, row.get(1)?);
            let count = match value {
                Figure::Count(count) => *count as f64,
                Figure::Credits(amount) => amount.hundredths() as f64,
                _ => return None,
            };
            Some(Mark { label: label.shown(), value: count.max(0.0), shown: value.shown() })
        };
        let marks: Vec<Mark> = table.rows.iter().filter_map(mark).collect();
        Self { plot: Bars::of(format!("plot-{}", table.key), table.title.clone(), &marks), ..Self::of(table) }
    }
}

/// A table of names and counts.
pub(super) fn counts(
    key: &'static str,
    title: &str,
    definition: &str,
    columns: [&str; 2],
    rows: impl IntoIterator<Item = (String, i64)>,
) -> Table {
    Table {
        key,
        title: title.to_owned(),
        definition: definition.to_owned(),
        columns: columns.map(str::to_owned).to_vec(),
        rows: rows.into_iter().map(|(name, count)| vec![Figure::Text(name), Figure::Count(count)]).collect(),
        total: None,
    }
}
