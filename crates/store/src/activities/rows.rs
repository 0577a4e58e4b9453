//! Rows of `activity` and its registrations and how they become a value.

use std::collections::HashMap;

use domain::activity::{
    Activity, Fee, Format, MocRegistration, OtherCredit, Outline, Pharmacy, ProfessionCount, Providership,
    Registration, Rems, StateTopic, Undertaking,
};
use domain::{Amount, Board};
use serde::{Deserialize, Serialize};

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
    outcomes: String,
    has_support: Option<bool>,
    support: String,
    physician_total: Option<i64>,
    other_total: Option<i64>,
    more: String,
    created_at: i64,
    updated_at: i64,
    closed_at: Option<i64>,
    version: i64,
}

/// The fields that are only handed back: the JSON of `activity.more`. What is empty is left out.
#[derive(Serialize, Deserialize, Default)]
#[serde(default)]
pub(super) struct More {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    other_credits: Vec<OtherCredit>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_interprofessional: Option<bool>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    professions: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    specialties: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    other_breakdown: Vec<ProfessionCount>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    commendation_tags: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_mips: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rems: Option<Rems>,
    #[serde(skip_serializing_if = "Option::is_none")]
    has_state_topics: Option<bool>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    state_topics: Vec<StateTopic>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    outlines: Vec<Outline>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pharmacy: Option<Box<Pharmacy>>,
}

impl More {
    pub(super) fn of(activity: &Activity) -> Self {
        Self {
            other_credits: activity.other_credits.clone(),
            is_interprofessional: activity.is_interprofessional,
            professions: activity.professions.clone(),
            specialties: activity.specialties.clone(),
            other_breakdown: activity.other_breakdown.clone(),
            commendation_tags: activity.commendation_tags.clone(),
            is_mips: activity.is_mips,
            rems: activity.rems.clone(),
            has_state_topics: activity.has_state_topics,
            state_topics: activity.state_topics.clone(),
            outlines: activity.outlines.clone(),
            pharmacy: activity.pharmacy.clone(),
        }
    }
}

#[derive(sqlx::FromRow)]
pub(super) struct MocRow {
    pub(super) activity_id: String,
    pub(super) board: String,
    points: i64,
    credit_types: String,
    practice_areas: String,
    claim_until: Option<String>,
}

#[derive(sqlx::FromRow)]
pub(super) struct UndertakingRow {
    activity_id: String,
    board: String,
    undertaking: String,
}

/// What words are looked for in.
pub(super) fn search_key(activity: &Activity) -> String {
    format!("{} {} {}", activity.title.trim(), activity.id, activity.internal_id).to_lowercase()
}

/// A column that holds one of a closed set of words, or nothing.
fn choice<T>(text: &str, read: fn(&str) -> Option<T>, corrupt: impl Fn() -> Error) -> Result<Option<T>> {
    if text.is_empty() { Ok(None) } else { read(text).map(Some).ok_or_else(corrupt) }
}

pub(super) fn assemble(
    rows: Vec<ActivityRow>,
    registrations: Vec<MocRow>,
    undertakings: Vec<UndertakingRow>,
) -> Result<Vec<Stored>> {
    let mut given: HashMap<(String, String), Vec<Undertaking>> = HashMap::new();
    for row in undertakings {
        let place = at("activity_moc_undertaking", "undertaking", &row.activity_id);
        let undertaking = word(Undertaking::read(&row.undertaking), place)?;
        given.entry((row.activity_id, row.board)).or_default().push(undertaking);
    }
    let mut by_activity: HashMap<String, Vec<MocRegistration>> = HashMap::new();
    for row in registrations {
        let id = row.activity_id.clone();
        let undertakings = given.remove(&(id.clone(), row.board.clone())).unwrap_or_default();
        by_activity.entry(id).or_default().push(registration(row, &undertakings)?);
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
    let more: More = from_json(&row.more, place("more"))?;
    let activity = Activity {
        id: parsed(id, place("activity_id"))?,
        provider: parsed(&row.provider_id, place("provider_id"))?,
        format: word(Format::read(&row.format), place("format"))?,
        starts_on: parsed(&row.starts_on, place("starts_on"))?,
        ends_on: parsed(&row.ends_on, place("ends_on"))?,
        deliveries: from_json(&row.deliveries, place("deliveries"))?,
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
        state: row.state,
        country: row.country,
        description: row.description,
        in_passport: row.in_passport,
        url: row.url,
        has_support: row.has_support,
        physician_total: row.physician_total,
        other_total: row.other_total,
        other_credits: more.other_credits,
        is_interprofessional: more.is_interprofessional,
        professions: more.professions,
        specialties: more.specialties,
        other_breakdown: more.other_breakdown,
        commendation_tags: more.commendation_tags,
        is_mips: more.is_mips,
        rems: more.rems,
        has_state_topics: more.has_state_topics,
        state_topics: more.state_topics,
        outlines: more.outlines,
        pharmacy: more.pharmacy,
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

pub(super) fn registration(row: MocRow, undertakings: &[Undertaking]) -> Result<MocRegistration> {
    let place = |column| at("activity_moc", column, &row.activity_id);
    let in_order = Undertaking::ALL.iter().copied().filter(|undertaking| undertakings.contains(undertaking));
    Ok(MocRegistration {
        board: word(Board::read(&row.board), place("board"))?,
        points: Amount::new(row.points),
        credit_types: from_json(&row.credit_types, place("credit_types"))?,
        practice_areas: from_json(&row.practice_areas, place("practice_areas"))?,
        claim_until: row.claim_until.as_deref().map(|text| parsed(text, place("claim_until"))).transpose()?,
        undertakings: in_order.collect(),
    })
}
