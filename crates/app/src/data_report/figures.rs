//! What a snapshot holds, as it is stored: lines of figures by what the activities have in common, once for staff and
//! once for everybody.

use domain::{Amount, Board};
use serde::{Deserialize, Serialize};

/// Whom figures are for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// Every line.
    ToStaff,
    /// Lines behind which stand too few are put together.
    ToEverybody,
}

/// What lines tell apart. Each activity is in exactly one line of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    Format,
    OrganizationType,
    /// The provider's.
    State,
    /// One way, or several together.
    Delivery,
    /// Closed or not.
    Stage,
}

impl By {
    pub const ALL: [By; 5] = [By::Format, By::OrganizationType, By::State, By::Delivery, By::Stage];
}

/// What a group of activities adds up to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Providers behind it.
    pub providers: i64,
    /// Activities that end in the year, without drafts.
    pub activities: i64,
    /// Of them, those that are closed.
    pub closed: i64,
    /// AMA PRA Category 1 credits that the activities offer.
    pub offered: Amount,
    /// Learner totals as providers enter them: a person counts once an activity, once a session of a series.
    pub physicians: i64,
    pub others: i64,
    /// Live completions of the year that were reported by name.
    pub completions: i64,
    /// CME credit of those completions, as reported.
    pub cme: Amount,
}

impl Line {
    pub(super) fn add(&mut self, other: &Line) {
        self.activities += other.activities;
        self.closed += other.closed;
        self.offered = self.offered + other.offered;
        self.physicians += other.physicians;
        self.others += other.others;
        self.completions += other.completions;
        self.cme = self.cme + other.cme;
    }
}

/// A line and what its activities have in common: a code, or for organization types the words. Empty: all others,
/// put together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    pub key: String,
    pub line: Line,
}

/// Registrations with a board. An activity may be in several lines, so they are never added up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardLine {
    pub board: Board,
    pub providers: i64,
    /// Registered activities that end in the year.
    pub activities: i64,
    /// Points that they offer.
    pub offered: Amount,
    /// Completions of the year with points, accepted or pending, and those points.
    pub completions: i64,
    pub points: Amount,
}

/// Lines by each [`By`], in its order, and boards.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lines {
    pub by: Vec<(By, Vec<Named>)>,
    pub boards: Vec<BoardLine>,
    /// Boards that are left out because too few stand behind them.
    pub few: Vec<Board>,
}

/// A year.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figures {
    pub total: Line,
    pub staff: Lines,
    pub everybody: Lines,
}

impl Figures {
    pub fn lines(&self, shown: Shown) -> &Lines {
        match shown {
            Shown::ToStaff => &self.staff,
            Shown::ToEverybody => &self.everybody,
        }
    }
}

impl Lines {
    pub fn of(&self, by: By) -> &[Named] {
        self.by.iter().find(|(one, _)| *one == by).map_or(&[], |(_, lines)| lines)
    }
}
