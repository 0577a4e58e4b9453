//! Rows of the registry's tables and how they become values. Licenses and certifications are read
//! beside their physicians, not joined, and put together here.

use std::collections::HashMap;

use domain::{Board, MonthDay, PhysicianId, State};
use uuid::Uuid;

use super::{Certification, License, Physician};
use crate::error::Result;
use crate::values::{at, parsed, parsed_or_none, word};

/// A tuple, since sqlx finds a tuple's columns by place: with a million rows names cost seconds.
pub(super) type PhysicianRow = (Uuid, String, String, String, String, String, String, String, Option<String>);

pub(super) type LicenseRow = (Uuid, String, String, String, Option<String>, Option<String>);

pub(super) type CertificationRow = (Uuid, String, String, String);

pub(super) fn birth_text(birth: Option<MonthDay>) -> String {
    birth.map(|day| day.to_string()).unwrap_or_default()
}

/// Names separated by semicolons.
pub(super) fn former_last(text: &str) -> Vec<String> {
    text.split(';').filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

pub(super) fn physician(row: PhysicianRow) -> Result<Physician> {
    let (id, first, middle, last, suffix, former_last, degree, birth, npi) = row;
    Ok(Physician {
        id: PhysicianId::new(id),
        first,
        middle,
        last,
        suffix,
        former_last: self::former_last(&former_last),
        degree,
        birth: parsed_or_none(&birth, at("physician", "birth", &id))?,
        npi,
        licenses: Vec::new(),
        certifications: Vec::new(),
    })
}

pub(super) fn license(row: LicenseRow) -> Result<(PhysicianId, License)> {
    let (id, state, number, status, issued_on, expires_on) = row;
    let date =
        |text: Option<String>, column| text.map(|text| parsed(&text, at("license", column, &number))).transpose();
    let license = License {
        state: word(State::read(&state), at("license", "state", &number))?,
        status,
        issued_on: date(issued_on, "issued_on")?,
        expires_on: date(expires_on, "expires_on")?,
        number,
    };
    Ok((PhysicianId::new(id), license))
}

pub(super) fn certification(row: CertificationRow) -> Result<(PhysicianId, Certification)> {
    let (id, board, diplomate_id, status) = row;
    let board = word(Board::read(&board), at("certification", "board", &diplomate_id))?;
    Ok((PhysicianId::new(id), Certification { board, diplomate_id, status }))
}

/// Gives each physician what belongs to them, in a fixed order.
pub(super) fn assemble(
    physicians: Vec<PhysicianRow>,
    licenses: Vec<LicenseRow>,
    certifications: Vec<CertificationRow>,
) -> Result<Vec<Physician>> {
    let mut list = physicians.into_iter().map(physician).collect::<Result<Vec<_>>>()?;
    let places: HashMap<PhysicianId, usize> = list.iter().enumerate().map(|(place, of)| (of.id, place)).collect();
    for row in licenses {
        let (id, license) = license(row)?;
        if let Some(of) = places.get(&id).and_then(|place| list.get_mut(*place)) {
            of.licenses.push(license);
        }
    }
    for row in certifications {
        let (id, certification) = certification(row)?;
        if let Some(of) = places.get(&id).and_then(|place| list.get_mut(*place)) {
            of.certifications.push(certification);
        }
    }
    for of in &mut list {
        of.licenses.sort_by(|a, b| (a.state, &a.number).cmp(&(b.state, &b.number)));
        of.certifications.sort_by(|a, b| (a.board, &a.diplomate_id).cmp(&(b.board, &b.diplomate_id)));
    }
    Ok(list)
}
