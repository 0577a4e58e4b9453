//! The table of completions: Completion Date, Activity, Credits Earned. A row stays on one page; only a row that is
//! taller than a whole page goes on to the next. The heading is repeated on every page, as decoration: a reader by ear
//! hears it once.

use krilla::tagging::{ArtifactType, TableHeaderScope, Tag};

use crate::Row;
use crate::fonts::Line;
use crate::layout::{Align, ElementId, Layout, Role, Strip};
use crate::styles::{ACCENT, CELL, CELL_DETAIL, COLUMN, HAIRLINE, Style};

const COLUMNS: [(&str, Strip); 3] = [
    ("Completion Date", Strip { x: 54.0, width: 76.0, align: Align::Left }),
    ("Activity", Strip { x: 142.0, width: 238.0, align: Align::Left }),
    ("Credits Earned", Strip { x: 394.0, width: 164.0, align: Align::Left }),
];

/// Space above and below the lines of a row.
const PADDING: f32 = 6.5;

/// Height of the heading with the rule below it.
const HEADER_HEIGHT: f32 = 20.0;

/// A line of a cell, waiting for its place.
struct CellLine {
    element: ElementId,
    line: Line,
    style: &'static Style,
}

/// Lays out all rows below the current position.
pub(crate) fn draw(layout: &mut Layout, rows: &[Row]) {
    let summary = "Completions, newest first".to_owned();
    let table = layout.element(None, Tag::Table.with_summary(Some(summary)));
    let head = layout.element(Some(table), Tag::THead);
    let head_row = layout.element(Some(head), Tag::TR);
    let names = COLUMNS.map(|_| layout.element(Some(head_row), Tag::TH(TableHeaderScope::Column)));
    let body = layout.element(Some(table), Tag::TBody);

    let mut started = false;
    for row in rows {
        let mut cells = cells(layout, body, row);
        let row_height = cells.iter().map(|lines| height(lines)).fold(0.0, f32::max) + 2.0 * PADDING;
        if !started {
            // A row taller than a page could stand nowhere whole; it need not leave this page empty.
            let page = layout.frame.bottom - layout.frame.next_top;
            if layout.room() < HEADER_HEIGHT + row_height.min(page / 2.0) {
                layout.break_page();
            }
            header(layout, names.map(Role::Content));
            started = true;
        } else if layout.room() < row_height {
            next_page(layout);
        }
        place_row(layout, &mut cells);
    }
}

fn next_page(layout: &mut Layout) {
    layout.break_page();
    header(layout, COLUMNS.map(|_| Role::Artifact(ArtifactType::PaginationOther)));
}

fn header(layout: &mut Layout, roles: [Role; 3]) {
    for ((name, strip), role) in COLUMNS.into_iter().zip(roles) {
        for line in layout.lines(name, &COLUMN, strip.width) {
            layout.place(role, line, &COLUMN, strip, layout.y);
        }
    }
    layout.y += HEADER_HEIGHT;
    layout.rule(layout.full(Align::Left), layout.y - 1.0, 1.0, ACCENT);
}

/// The lines of a row's three cells. Each text is a paragraph of its own inside the cell.
fn cells(layout: &mut Layout, body: ElementId, row: &Row) -> [Vec<CellLine>; 3] {
    let tr = layout.element(Some(body), Tag::TR);
    let credits = row.credits.iter().map(|text| (text, &CELL));
    let status = row.status.iter().map(|text| (text, &CELL_DETAIL));
    [
        cell(layout, tr, 0, [(&row.date, &CELL)]),
        cell(layout, tr, 1, [(&row.title, &CELL), (&row.provider, &CELL_DETAIL)]),
        cell(layout, tr, 2, credits.chain(status)),
    ]
}

fn cell<'a>(
    layout: &mut Layout,
    tr: ElementId,
    column: usize,
    texts: impl IntoIterator<Item = (&'a String, &'static Style)>,
) -> Vec<CellLine> {
    let td = layout.element(Some(tr), Tag::TD);
    let width = COLUMNS[column].1.width;
    let mut cell = Vec::new();
    for (text, style) in texts {
        let element = layout.element(Some(td), Tag::P);
        let lines = layout.lines(text, style, width);
        cell.extend(lines.into_iter().map(|line| CellLine { element, line, style }));
    }
    cell
}

fn height(lines: &[CellLine]) -> f32 {
    lines.iter().map(|line| line.style.leading).sum()
}

/// Draws as much of each cell as the page holds, and the rest on the next pages.
fn place_row(layout: &mut Layout, cells: &mut [Vec<CellLine>; 3]) {
    loop {
        layout.y += PADDING;
        let top = layout.y;
        let limit = layout.frame.bottom - PADDING;
        let mut lowest = top;
        for (cell, (_, strip)) in cells.iter_mut().zip(COLUMNS) {
            let mut y = top;
            let fits = |line: &&CellLine| {
                y += line.style.leading;
                y <= limit
            };
            let count = cell.iter().take_while(fits).count();
            let mut y = top;
            for CellLine { element, line, style } in cell.drain(..count) {
                layout.place(Role::Content(element), line, style, strip, y);
                y += style.leading;
            }
            lowest = lowest.max(y);
        }
        layout.y = lowest + PADDING;
        layout.rule(layout.full(Align::Left), layout.y, 0.5, HAIRLINE);
        if cells.iter().all(Vec::is_empty) {
            return;
        }
        next_page(layout);
    }
}
