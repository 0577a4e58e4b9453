//! Invented physicians: names, month and day of birth, licenses, certifications.
//!
//! A physician follows from their place in the registry alone, so any of them can be made again at
//! any time: no list of a million people is held.

use domain::{Board, MonthDay, PhysicianId, State};
use jiff::civil::Date;
use store::physicians::{Certification, License, Physician};

use super::dice::Dice;
use super::licenses::{diplomate_id, license_number, npi};
use super::names::{ENDINGS, FEMALE, LAST, MALE, ONSETS, SUFFIXES};

/// The first physicians are complete in every field: scripts and the demo's own sign-in use them.
pub(crate) const LISTED: u64 = 20;

/// Two places that hold one person; behind those that the sample file names.
pub(crate) const FIRST_RECORD: u64 = 230;
pub(crate) const SECOND_RECORD: u64 = 231;

/// States, those with most physicians first.
const STATES: &[&str] = &[
    "CA", "NY", "TX", "FL", "PA", "IL", "OH", "MA", "MI", "NC", "NJ", "GA", "VA", "WA", "MD", "AZ", "TN", "MN", "CO",
    "WI", "MO", "IN", "CT", "OR", "LA", "SC", "AL", "KY", "OK", "UT", "IA", "KS", "NV", "AR", "MS", "NM", "NE", "WV",
    "NH", "ME", "HI", "RI", "ID", "DC", "DE", "MT", "VT", "SD", "ND", "AK", "PR", "WY",
];
/// Six in ten physicians practice in one of so many states.
const LARGE_STATES: usize = 12;

/// Boards by how many diplomates they have; the empty one stands for boards that take no MOC here.
const BOARDS: &[(&str, u64)] = &[
    ("ABIM", 33),
    ("ABP", 13),
    ("ABA", 9),
    ("ABS", 7),
    ("ABOS", 5),
    ("ABPATH", 4),
    ("ABO", 4),
    ("ABOHNS", 3),
    ("ABPMR", 3),
    ("ABTS", 1),
    ("", 18),
];

/// The registry to invent: who is in it depends on the seed alone, dates of licenses on the day.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Population {
    pub(crate) size: u64,
    pub(crate) today: Date,
}

impl Population {
    /// The physician at a place of the registry, from 0.
    pub(crate) fn physician(&self, place: u64) -> Physician {
        if place == SECOND_RECORD { self.second_record() } else { self.invented(place) }
    }

    /// The person of [`FIRST_RECORD`] once more, as the board of another state knows them: two rosters that
    /// nobody has brought together.
    fn second_record(&self) -> Physician {
        let first = self.invented(FIRST_RECORD);
        let own = self.invented(SECOND_RECORD);
        let elsewhere = ["NV", "OR"].into_iter().filter_map(State::read);
        let state = elsewhere.into_iter().find(|state| first.licenses.iter().all(|held| held.state != *state));
        let licenses = own.licenses.into_iter().take(1).map(|held| {
            let state = state.unwrap_or(held.state);
            License { number: license_number(state.code(), SECOND_RECORD), state, ..held }
        });
        Physician {
            id: own.id,
            middle: first.middle.chars().take(1).collect(),
            npi: None,
            licenses: licenses.collect(),
            certifications: Vec::new(),
            ..first
        }
    }

    fn invented(&self, place: u64) -> Physician {
        let mut dice = Dice::of("physician", place);
        let is_listed = place < LISTED;
        let is_woman = dice.percent(42);
        let first_names = if is_woman { FEMALE } else { MALE };
        let first = dice.pick_early(first_names).to_string();
        let middle = match dice.below(10) {
            0..=1 => String::new(),
            2..=4 => format!("{}.", dice.pick_early(first_names).chars().next().unwrap_or('A')),
            _ => dice.pick_early(first_names).to_string(),
        };
        let mut last = last_name(&mut dice);
        let former_last = if is_woman && dice.percent(14) { vec![last_name(&mut dice)] } else { Vec::new() };
        if is_woman && dice.percent(9) {
            last = format!("{last}-{}", last_name(&mut dice));
        }
        let suffix = if !is_woman && dice.percent(3) { dice.pick_early(SUFFIXES).to_string() } else { String::new() };
        let birth = birthday(&mut dice);
        let npi = (is_listed || dice.percent(97)).then(|| npi(place));
        Physician {
            id: id(&mut dice, place),
            degree: if dice.percent(11) { "DO" } else { "MD" }.to_owned(),
            licenses: self.licenses(&mut dice, place),
            certifications: certifications(&mut dice, place),
            first,
            middle,
            last,
            suffix,
            former_last,
            birth,
            npi,
        }
    }

    fn licenses(&self, dice: &mut Dice, place: u64) -> Vec<License> {
        // the demo's own physician holds two, so that their pages show what that means
        let count = if place == 0 { 2 } else { *dice.weighted(&[(1, 72), (2, 18), (3, 7), (4, 3)]) };
        let mut issued = self.today.year() - i16::try_from(dice.between(3, 38)).unwrap_or(10);
        let mut list: Vec<License> = Vec::new();
        while list.len() < count {
            let among = if dice.percent(60) { &STATES[..LARGE_STATES] } else { STATES };
            let Some(state) = State::read(dice.pick_early::<&str>(among)) else { continue };
            if list.iter().any(|license| license.state == state) {
                continue;
            }
            let is_first = list.is_empty();
            let status = match is_first && (place < LISTED || dice.percent(93)) {
                true => "Active",
                false => dice.weighted(&[("Active", 75), ("Inactive", 12), ("Expired", 10), ("Retired", 3)]),
            };
            let is_running = status == "Active";
            let ends = self.today.year() + if is_running { 1 } else { -2 };
            list.push(License {
                state,
                number: license_number(state.code(), place),
                status: status.to_owned(),
                issued_on: Date::new(issued.min(self.today.year() - 3), 7, 1).ok(),
                expires_on: Date::new(ends, 12, 31).ok(),
            });
            issued += i16::try_from(dice.between(1, 6)).unwrap_or(1);
        }
        list
    }
}

fn last_name(dice: &mut Dice) -> String {
    if dice.percent(60) {
        dice.pick_early(LAST).to_string()
    } else {
        format!("{}{}", dice.pick(ONSETS), dice.pick(ENDINGS))
    }
}

fn birthday(dice: &mut Dice) -> Option<MonthDay> {
    let month = u8::try_from(dice.between(1, 12)).ok()?;
    // a day past the month's end is thrown again, so that every day is as likely
    std::iter::repeat_with(|| u8::try_from(dice.between(1, 31)).ok()).find_map(|day| MonthDay::new(month, day?))
}

fn certifications(dice: &mut Dice, place: u64) -> Vec<Certification> {
    let first = match place {
        0 => "ABIM",
        place if place < LISTED => dice.weighted(&BOARDS[..BOARDS.len() - 1]),
        _ => dice.weighted(BOARDS),
    };
    let second = if dice.percent(6) { *dice.weighted(BOARDS) } else { "" };
    let mut list: Vec<Certification> = Vec::new();
    for code in [first, second] {
        let Some(board) = Board::read(code) else { continue };
        if list.iter().all(|held| held.board != board) {
            let status = if place < LISTED || dice.percent(94) { "Certified" } else { "Not certified" };
            let diplomate_id = diplomate_id(code, place);
            list.push(Certification { board, diplomate_id, status: status.to_owned() });
        }
    }
    list
}

/// Ids in the order of places, as rosters that were imported one after the other would give.
fn id(dice: &mut Dice, place: u64) -> PhysicianId {
    let mut bytes = [0; 10];
    bytes[..8].copy_from_slice(&dice.draw().to_be_bytes());
    bytes[8..].copy_from_slice(&dice.draw().to_be_bytes()[..2]);
    let since_2024 = 1_704_067_200_000 + place;
    PhysicianId::new(uuid::Builder::from_unix_timestamp_millis(since_2024, &bytes).into_uuid())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn population() -> Population {
        Population { size: 20_000, today: jiff::civil::date(2026, 11, 23) }
    }

    #[test]
    fn a_place_always_holds_the_same_person() {
        assert_eq!(population().physician(4711), population().physician(4711));
        assert_ne!(population().physician(4711).id, population().physician(4712).id);
    }

    #[test]
    fn the_listed_physicians_are_complete() {
        for place in 0..LISTED {
            let physician = population().physician(place);
            assert!(physician.npi.is_some() && physician.birth.is_some(), "{physician:?}");
            assert_eq!(physician.licenses[0].status, "Active");
            assert!(!physician.certifications[0].diplomate_id.is_empty());
        }
        assert_eq!(population().physician(0).licenses.len(), 2);
    }

    #[test]
    fn the_crowd_has_accents_hyphens_leap_days_and_every_board() {
        let crowd: Vec<Physician> = (0..20_000).map(|place| population().physician(place)).collect();
        let some = |test: fn(&Physician) -> bool| crowd.iter().filter(|physician| test(physician)).count();
        assert!(some(|p| p.last.contains('ñ')) > 20);
        assert!(some(|p| p.last.contains('-')) > 200);
        assert!(some(|p| p.birth == MonthDay::new(2, 29)) > 10);
        assert!(some(|p| p.licenses.len() > 1) > 4_000);
        for (board, _) in &BOARDS[..BOARDS.len() - 1] {
            let board = Board::read(board);
            let held = crowd.iter().filter(|p| p.certifications.iter().any(|held| Some(held.board) == board)).count();
            assert!(held > 100, "{board:?}: {held}");
        }
    }
}
