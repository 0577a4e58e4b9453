//! A list as a file: what the page's filter shows, all pages of it.

use app::App;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use axum::routing::get;

use super::list::{self, Asked};
use super::{list_of, words};
use crate::access::StaffVisitor;
use crate::{Result, download};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/admin/reference/lists/{list}/download", get(file))
}

async fn file(
    State(app): State<App>,
    _: StaffVisitor,
    Path(code): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response> {
    let list = list_of(&code)?;
    let group = words::group_label(list).unwrap_or("Group");
    let mut text = line(&["Code", "Name", group, "First Day", "Last Day", "State", "Changed", "Changed By"]);
    for row in list::rows(&app, list, &asked).await? {
        let changed = row.changed_at.map(|at| at.machine).unwrap_or_default();
        let cells = [
            &row.code,
            &row.name,
            &row.group,
            &row.first.machine,
            &row.last.machine,
            row.state,
            &changed,
            &row.changed_by,
        ];
        text += &line(&cells);
    }
    Ok(download::bytes(&format!("{}.csv", list.code()), "text/csv; charset=utf-8", text.into_bytes()))
}

/// One line of RFC 4180, every cell in quotes, none of which a spreadsheet would run.
fn line(cells: &[&str]) -> String {
    let cell = |cell: &&str| {
        let guard = if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
        format!("\"{guard}{}\"", cell.replace('"', "\"\""))
    };
    cells.iter().map(cell).collect::<Vec<_>>().join(",") + "\r\n"
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn cells_are_quoted_and_formulas_disarmed() {
        assert_eq!(line(&["a \"b\", c", "=1+1", ""]), "\"a \"\"b\"\", c\",\"'=1+1\",\"\"\r\n");
    }
}
