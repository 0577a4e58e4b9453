//! A select whose conditions depend on what was asked for: pieces of our own text with the values
//! that belong to them. A condition that was not asked for is not in the text, so that an index can
//! serve what is.

use uuid::Uuid;

/// A value to be bound.
#[derive(Debug, Clone)]
pub(crate) enum Value {
    Text(String),
    Number(i64),
    Bytes(Vec<u8>),
    Id(Uuid),
}

impl From<Uuid> for Value {
    fn from(id: Uuid) -> Self {
        Value::Id(id)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Value::Text(text)
    }
}

impl From<Vec<u8>> for Value {
    fn from(bytes: Vec<u8>) -> Self {
        Value::Bytes(bytes)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Value::Number(number)
    }
}

#[derive(Debug, Default)]
pub(crate) struct Question {
    sql: String,
    values: Vec<Value>,
}

impl Question {
    pub fn new(sql: &str) -> Self {
        Self { sql: sql.to_owned(), values: Vec::new() }
    }

    /// Adds text of our own, in which each `?` stands for one of the values, in order.
    pub fn push(&mut self, piece: &str, values: impl IntoIterator<Item = Value>) {
        let mut values = values.into_iter();
        for part in piece.split_inclusive('?') {
            match part.strip_suffix('?') {
                Some(text) => {
                    self.values.extend(values.next());
                    self.sql.push_str(text);
                    self.sql.push('$');
                    self.sql.push_str(&self.values.len().to_string());
                }
                None => self.sql.push_str(part),
            }
        }
    }

    pub fn parts(self) -> (String, Vec<Value>) {
        (self.sql, self.values)
    }
}

/// Selects what a [`Question`] asks for: `asked!(tx, Row, question)?` gives a `Vec<Row>`.
macro_rules! asked {
    ($tx:expr, $row:ty, $question:expr) => {{
        let (sql, values) = $question.parts();
        on!($tx, |db| {
            let mut query = sqlx::query_as::<_, $row>(sqlx::AssertSqlSafe(sql));
            for value in values {
                query = match value {
                    $crate::question::Value::Text(text) => query.bind(text),
                    $crate::question::Value::Number(number) => query.bind(number),
                    $crate::question::Value::Bytes(bytes) => query.bind(bytes),
                    $crate::question::Value::Id(id) => query.bind(id),
                };
            }
            query.fetch_all(db).await
        })
        .map_err($crate::Error::from)
    }};
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_numbered_across_pieces() {
        let mut question = Question::new("select a from t where true");
        question.push(" and b = ?", ["x".into()]);
        question.push(" and c between ? and ? order by c", [1.into(), 2.into()]);
        let (sql, values) = question.parts();
        assert_eq!(sql, "select a from t where true and b = $1 and c between $2 and $3 order by c");
        assert_eq!(values.len(), 3);
    }
}
