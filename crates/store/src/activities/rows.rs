//! Rows of `activity` and `activity_moc` and how they become a value.

use std::collections::HashMap;

use domain::activity::{Activity, Fee, Format, MocRegistration, Providership, Registration};
use domain::{Amount, Board, State};

use super::Stored;
use crate::error::{Error, Result};
use crate::values::{at, from_json, parsed, word};

#[derive(sqlx::FromRow)]
pub(super) struct ActivityRow {
    pub(super) activity_id: String,
    provider_id: String,
    internal_id: String,
    title: String,
    format: String,
    starts_on: String,
    ends_on: String,
    deliveries: String,
    city: String,
    state: String,
    country: String,
    credit: Option<i64>,
    description: String,
    providership: String,
    joint_providers: String,
    in_passport: Option<bool>,
    url: String,
    fee: String,
    registration: String,
    is_rems: bool,
    outcomes: String,
    has_support: Option<bool>,
    support: String,
    physician_total: Option<i64>,
    other_total: Option<i64>,
    created_at: i64,
    updated_at: i64,
    closed_at: Option<i64>,
    version: i64,
}

#[derive(sqlx::FromRow)]
pub(super) struct MocRow {
    activity_id: String,
    board: String,
    points: i64,
    credit_types: String,
    practice_areas: String,
    claim_until: Option<String>,
    attested_at: Option<i64>,
}

/// What words are looked for in, and titles sorted by.
pub(super) fn search_key(activity: &Activity) -> String {
    format!("{} {} {}", activity.title.trim(), activity.id, activity.internal_id).to_lowercase()
}

/// A column that holds one of a closed set of words, or nothing.
fn choice<T>(text: &str, read: fn(&str) -> Option<T>, corrupt: impl Fn() -> Error) -> Result<Option<T>> {
    if text.is_empty() { Ok(None) } else { read(text).map(Some).ok_or_else(corrupt) }
}

pub(super) fn assemble(rows: Vec<ActivityRow>, registrations: Vec<MocRow>) -> Result<Vec<Stored>> {
    let mut by_activity: HashMap<String, Vec<MocRegistration>> = HashMap::new();
    for row in registrations {
        let id = row.activity_id.clone();
        by_activity.entry(id).or_default().push(registration(row)?);
    }
    rows.into_iter()
        .map(|row| {
            let mut moc = by_activity.remove(&row.activity_id).unwrap_or_default();
            moc.sort_by_key(|registration| registration.board);
            stored(row, moc)
        })
        .collect()
}

fn stored(row: ActivityRow, moc: Vec<MocRegistration>) -> Result<Stored> {
    let id = &row.activity_id;
    let place = |column| at("activity", column, id);
    let corrupt = |column| move || Error::corrupt("activity", column, id);
    let activity = Activity {
        id: parsed(id, place("activity_id"))?,
        provider: parsed(&row.provider_id, place("provider_id"))?,
        format: word(Format::read(&row.format), place("format"))?,
        starts_on: parsed(&row.starts_on, place("starts_on"))?,
        ends_on: parsed(&row.ends_on, place("ends_on"))?,
        deliveries: from_json(&row.deliveries, place("deliveries"))?,
        state: choice(&row.state, State::read, corrupt("state"))?,
        credit: row.credit.map(Amount::new),
        providership: choice(&row.providership, Providership::read, corrupt("providership"))?,
        joint_providers: from_json(&row.joint_providers, place("joint_providers"))?,
        fee: choice(&row.fee, Fee::read, corrupt("fee"))?,
        registration: choice(&row.registration, Registration::read, corrupt("registration"))?,
        outcomes: from_json(&row.outcomes, place("outcomes"))?,
        support: from_json(&row.support, place("support"))?,
        internal_id: row.internal_id,
        title: row.title,
        city: row.city,
        country: row.country,
        description: row.description,
        in_passport: row.in_passport,
        url: row.url,
        is_rems: row.is_rems,
        has_support: row.has_support,
        physician_total: row.physician_total,
        other_total: row.other_total,
        moc,
        is_closed: row.closed_at.is_some(),
    };
    Ok(Stored {
        activity,
        version: row.version,
        created_at: row.created_at,
        updated_at: row.updated_at,
        closed_at: row.closed_at,
    })
}

fn registration(row: MocRow) -> Result<MocRegistration> {
    let place = |column| at("activity_moc", column, &row.activity_id);
    Ok(MocRegistration {
        board: word(Board::read(&row.board), place("board"))?,
        points: Amount::new(row.points),
        credit_types: from_json(&row.credit_types, place("credit_types"))?,
        practice_areas: from_json(&row.practice_areas, place("practice_areas"))?,
        claim_until: row.claim_until.as_deref().map(|text| parsed(text, place("claim_until"))).transpose()?,
        attested: row.attested_at.is_some(),
    })
}
