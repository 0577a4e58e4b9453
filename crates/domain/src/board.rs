//! Codes of certifying boards. Which boards exist is reference data; this is only the code's shape.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A certifying board's code, such as `ABIM`: 2 to 8 letters, kept in capitals so that `ABPath` and
/// `ABPATH` are one board (domain.md, MOC registration). Copied like a number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Board([u8; 8]);

/// The text is not shaped like a board's code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotABoard;

impl fmt::Display for NotABoard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a board's code")
    }
}

impl std::error::Error for NotABoard {}

impl Board {
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        if !(2..=8).contains(&text.len()) || !text.bytes().all(|b| b.is_ascii_alphabetic()) {
            return None;
        }
        let mut code = [0; 8];
        for (place, letter) in code.iter_mut().zip(text.bytes()) {
            *place = letter.to_ascii_uppercase();
        }
        Some(Self(code))
    }

    /// The code in capitals.
    pub fn code(&self) -> &str {
        let end = self.0.iter().position(|b| *b == 0).unwrap_or(self.0.len());
        std::str::from_utf8(&self.0[..end]).unwrap_or_default()
    }
}

impl fmt::Display for Board {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl fmt::Debug for Board {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Board({})", self.code())
    }
}

impl FromStr for Board {
    type Err = NotABoard;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::read(text).ok_or(NotABoard)
    }
}

impl TryFrom<String> for Board {
    type Error = NotABoard;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Board> for String {
    fn from(board: Board) -> Self {
        board.code().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_does_not_make_another_board() {
        assert_eq!(Board::read("ABPath"), Board::read(" abpath "));
        assert_eq!(Board::read("ABPath").map(|board| board.to_string()).as_deref(), Some("ABPATH"));
    }

    #[test]
    fn other_shapes_are_refused() {
        for text in ["", "A", "ABCDEFGHI", "AB1", "A B"] {
            assert_eq!(Board::read(text), None, "{text}");
        }
    }
}
