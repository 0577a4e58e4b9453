//! The columns of `activity` that a save writes. One list serves adding and changing, single and in
//! bulk: a statement is an insert that, where the ID is there already, changes the row if it is the
//! provider's own and of the version before.

use domain::activity::{Activity, Fee, Providership, Registration, title_key};

use super::rows::{More, search_key};
use super::tally::{Stage, stage};
use crate::error::Result;
use crate::values::{date_text, json};

/// Columns that a change writes too, in the order of `write_rows!`.
const CHANGED: [&str; 29] = [
    "internal_id",
    "title",
    "format",
    "starts_on",
    "ends_on",
    "deliveries",
    "city",
    "state",
    "country",
    "credit",
    "description",
    "providership",
    "joint_providers",
    "in_passport",
    "url",
    "fee",
    "registration",
    "outcomes",
    "has_support",
    "support",
    "support_dollars",
    "physician_total",
    "other_total",
    "is_rems",
    "more",
    "stage",
    "search_key",
    "title_key",
    "updated_at",
];

/// The statement up to its values.
pub(super) fn head() -> String {
    let changed = CHANGED.join(", ");
    format!("insert into activity ({changed}, activity_id, provider_id, created_at, closed_at, version) ")
}

/// What follows the values. A closing time stays the first one until the activity is reopened.
pub(super) fn tail() -> String {
    let set: Vec<String> = CHANGED.iter().map(|column| format!("{column} = excluded.{column}")).collect();
    format!(
        " on conflict (activity_id) do update set {}, version = excluded.version,
         closed_at = case when excluded.closed_at is null then null
             else coalesce(activity.closed_at, excluded.closed_at) end
         where activity.provider_id = excluded.provider_id and activity.version = excluded.version - 1",
        set.join(", ")
    )
}

/// An activity as its columns hold it.
pub(super) struct Written<'a> {
    pub of: &'a Activity,
    pub stage: Stage,
    /// The version that this save makes; 1 for a new activity.
    pub version: i64,
    pub at: i64,
    pub deliveries: String,
    pub joint_providers: String,
    pub outcomes: String,
    pub support: String,
    pub more: String,
    pub search_key: String,
    pub title_key: String,
}

impl<'a> Written<'a> {
    pub fn of(activity: &'a Activity, version: i64, at: i64) -> Result<Self> {
        Ok(Self {
            of: activity,
            stage: stage(activity),
            version,
            at,
            deliveries: json(&activity.deliveries)?,
            joint_providers: json(&activity.joint_providers)?,
            outcomes: json(&activity.outcomes)?,
            support: json(&activity.support)?,
            more: json(&More::of(activity))?,
            search_key: search_key(activity),
            title_key: title_key(&activity.title),
        })
    }

    pub fn starts_on(&self) -> String {
        date_text(self.of.starts_on)
    }

    pub fn ends_on(&self) -> String {
        date_text(self.of.ends_on)
    }

    pub fn providership(&self) -> &'static str {
        self.of.providership.map_or("", Providership::code)
    }

    pub fn fee(&self) -> &'static str {
        self.of.fee.map_or("", Fee::code)
    }

    pub fn registration(&self) -> &'static str {
        self.of.registration.map_or("", Registration::code)
    }
}

/// Runs [`head`], the rows and [`tail`] on a transaction; gives how many rows were written.
macro_rules! write_rows {
    ($tx:expr, $rows:expr) => {
        bulk!(
            $tx,
            $crate::activities::writing::head(),
            $rows,
            $crate::activities::writing::tail(),
            |row| row.of.internal_id.clone(),
            row.of.title.clone(),
            row.of.format.code(),
            row.starts_on(),
            row.ends_on(),
            row.deliveries.clone(),
            row.of.city.clone(),
            row.of.state.clone(),
            row.of.country.clone(),
            row.of.credit.map(domain::Amount::hundredths),
            row.of.description.clone(),
            row.providership(),
            row.joint_providers.clone(),
            row.of.in_passport,
            row.of.url.clone(),
            row.fee(),
            row.registration(),
            row.outcomes.clone(),
            row.of.has_support,
            row.support.clone(),
            row.of.support_dollars(),
            row.of.physician_total,
            row.of.other_total,
            row.of.is_rems(),
            row.more.clone(),
            row.stage.code(),
            row.search_key.clone(),
            row.title_key.clone(),
            row.at,
            row.of.id.to_string(),
            row.of.provider.to_string(),
            row.at,
            row.of.is_closed.then_some(row.at),
            row.version
        )
    };
}

pub(super) use write_rows;
