//! How values of `domain` stand in columns: dates as text, JSON as whole objects.
//!
//! A stored value that cannot be read back is corruption, reported with table, column and key.

use jiff::civil::Date;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Error, Result};

/// `YYYY-MM-DD`.
pub(crate) fn date_text(date: Date) -> String {
    date.to_string()
}

/// Where a value stands, for the error that says it cannot be read.
#[derive(Clone, Copy)]
pub(crate) struct At<'a> {
    pub table: &'static str,
    pub column: &'static str,
    pub id: &'a dyn std::fmt::Display,
}

impl At<'_> {
    pub fn error(self) -> Error {
        Error::corrupt(self.table, self.column, self.id)
    }
}

pub(crate) fn at<'a>(table: &'static str, column: &'static str, id: &'a dyn std::fmt::Display) -> At<'a> {
    At { table, column, id }
}

/// Reads a text column with the type's own parser.
pub(crate) fn parsed<T: std::str::FromStr>(text: &str, at: At<'_>) -> Result<T> {
    text.parse().map_err(|_| at.error())
}

/// As [`parsed`], where empty means absent.
pub(crate) fn parsed_or_none<T: std::str::FromStr>(text: &str, at: At<'_>) -> Result<Option<T>> {
    if text.is_empty() { Ok(None) } else { parsed(text, at).map(Some) }
}

/// A column that holds one of a closed set of words.
pub(crate) fn word<T>(read: Option<T>, at: At<'_>) -> Result<T> {
    read.ok_or_else(|| at.error())
}

/// Writes a whole object. Our own types always serialise.
pub(crate) fn json<T: Serialize + ?Sized>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::Sql(sqlx::Error::Encode(Box::new(error))))
}

pub(crate) fn from_json<T: DeserializeOwned>(text: &str, at: At<'_>) -> Result<T> {
    serde_json::from_str(text).map_err(|_| at.error())
}
