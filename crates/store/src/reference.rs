//! The rules that may change next year: certifying boards with their credit types, deadlines.
//!
//! A new database is seeded from `reference/boards.toml`; from then on the tables count, not the
//! file, so a later release never overwrites what the accreditor has changed.

use std::collections::BTreeMap;

use domain::Board;
use domain::reference::{BoardRules, Reference, Settings};
use serde::Deserialize;

use crate::error::{Error, Result};
use crate::tx::{ReadTx, WriteTx};
use crate::values::{at, from_json, json};

const BOARDS: &str = include_str!("../reference/boards.toml");

#[derive(Deserialize)]
struct BoardsFile {
    board: Vec<BoardRules>,
}

#[derive(sqlx::FromRow)]
struct BoardRow {
    board: String,
    rules: String,
}

#[derive(sqlx::FromRow)]
struct SettingRow {
    name: String,
    value: String,
}

/// Fills tables that are still empty with what the release brings. Tells whether it did.
pub async fn seed(tx: &mut WriteTx) -> Result<bool> {
    let (boards,): (i64,) = one!(tx, (i64,), "select count(*) from certifying_board")?;
    if boards > 0 {
        return Ok(false);
    }
    for rules in boards_of_this_release()? {
        put_board(tx, &rules).await?;
    }
    put_settings(tx, &Settings::default()).await?;
    Ok(true)
}

/// The boards as the release brings them.
fn boards_of_this_release() -> Result<Vec<BoardRules>> {
    let file: BoardsFile = toml::from_str(BOARDS).map_err(|error| Error::Sql(sqlx::Error::Decode(Box::new(error))))?;
    Ok(file.board)
}

/// Adds a board or replaces its rules.
pub async fn put_board(tx: &mut WriteTx, rules: &BoardRules) -> Result<()> {
    exec!(
        tx,
        "insert into certifying_board (board, label, name, rules) values ($1, $2, $3, $4)
         on conflict (board) do update set label = excluded.label, name = excluded.name, rules = excluded.rules",
        rules.code.code(),
        rules.label.as_str(),
        rules.name.as_str(),
        json(rules)?,
    )?;
    Ok(())
}

/// Replaces deadlines and windows: one row for each, its value as JSON.
pub async fn put_settings(tx: &mut WriteTx, settings: &Settings) -> Result<()> {
    for (name, value) in as_fields(settings)? {
        exec!(
            tx,
            "insert into setting (name, value) values ($1, $2)
             on conflict (name) do update set value = excluded.value",
            name,
            value.to_string(),
        )?;
    }
    Ok(())
}

type Fields = BTreeMap<String, serde_json::Value>;

fn as_fields(settings: &Settings) -> Result<Fields> {
    from_json(&json(settings)?, at("setting", "value", &"all"))
}

/// Everything the checks compare with. Boards come in the order of their codes.
pub async fn load(tx: &mut ReadTx) -> Result<Reference> {
    let rows = all!(tx, BoardRow, "select board, rules from certifying_board order by board")?;
    let boards = rows
        .iter()
        .map(|row| from_json(&row.rules, at("certifying_board", "rules", &row.board)))
        .collect::<Result<Vec<BoardRules>>>()?;
    Ok(Reference { boards, settings: settings(tx).await? })
}

/// Settings that a later release has added stand at their default until they are set.
async fn settings(tx: &mut ReadTx) -> Result<Settings> {
    let mut fields = as_fields(&Settings::default())?;
    for row in all!(tx, SettingRow, "select name, value from setting")? {
        let place = at("setting", "value", &row.name);
        if let Some(field) = fields.get_mut(&row.name) {
            *field = from_json(&row.value, place)?;
        }
    }
    from_json(&json(&fields)?, at("setting", "value", &"all"))
}

/// The name of a certifying board, for seats and headings.
pub async fn board_name(tx: &mut ReadTx, board: Board) -> Result<Option<String>> {
    let row: Option<(String,)> =
        maybe!(tx, (String,), "select name from certifying_board where board = $1", board.code())?;
    Ok(row.map(|(name,)| name))
}
