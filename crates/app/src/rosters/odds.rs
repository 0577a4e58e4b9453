//! How sure is it that a row without an identifier in common is a physician's, and not that of somebody
//! of the same name who happens to have the same birthday?
//!
//! The arithmetic is that of chance agreement. Of the country's physicians so many bear this full name,
//! one in 366 of them has this birthday, so many of those this middle name: that is the number of
//! strangers to be expected, and it is held against how often one physician has one more record. The
//! engine counts names and days in the registry; middle names are counted in the roster that is read.

use std::collections::HashMap;

use matching::{Evidence, Reason};
use store::physicians::{Coverage, Physician};

use super::Kind;
use super::entry::Entry;
use super::merging::{first_names_agree, key};

/// Least log odds at which a row is attached without an identifier: 1 in 1,000 wrong at the very edge, and far less on
/// average. The engine takes 1 in 400 for a report; a wrong merge is worse than a wrong link, for it makes more.
pub(super) const SURE: f64 = 6.9;
/// How far the next physician must lie behind, as the engine has it: odds of 100 to 1.
pub(super) const AHEAD: f64 = 4.6;
/// Log odds from which on a physician may be the row's person, so that nobody new is made of it: 1 in 20.
pub(super) const POSSIBLE: f64 = -3.0;

/// Physicians in the country (domain.md: some 1.1 million licensed). A registry of one state says little about how
/// many others bear a name, so names are spread over all of them.
const COUNTRY: f64 = 1_100_000.0;
/// Further licenses of a physician: licensees hold 1.3 on average (census of the state boards).
const ONE_MORE_LICENSE: f64 = 0.3;
/// Certifications of a physician: more than four in five are certified (the boards' own count).
const ONE_MORE_CERTIFICATION: f64 = 0.8;
/// Least share of strangers who do not stand in the registry as somebody else.
const LEAST_UNSEEN: f64 = 0.02;

/// Rows and shares that stand behind a small roster's counts of middle names: one row in five gives none, one in
/// thirteen the same initial, one in a hundred the same name. (J)
const BEHIND: f64 = 10_000.0;
const BEHIND_NONE: f64 = 0.5;
const BEHIND_INITIAL: f64 = 0.08;
const BEHIND_NAME: f64 = 0.01;
/// A middle name goes with the first name's sex: twice as likely as its share says.
const OF_ONE_SEX: f64 = 2.0;
/// How often one person's records agree in the middle name, and how often they contradict. (J)
const MIDDLE_AGREES: f64 = 0.95;
const MIDDLE_CONTRADICTS: (f64, f64) = (0.02, 0.9);
/// One record has a middle name and the other has none: one in ten of one person's records, if boards are complete. (J)
const MIDDLE_ON_ONE_SIDE: f64 = 0.1;
/// The most that middle names can add.
const MOST_OF_MIDDLE: f64 = 8.0;

/// Middle names of the roster's rows, counted.
#[derive(Debug, Default)]
pub(super) struct Middles {
    rows: u32,
    none: u32,
    /// Whole names only.
    names: HashMap<String, u32>,
    initials: HashMap<char, u32>,
}

impl Middles {
    pub(super) fn add(&mut self, middle: &str) {
        self.rows += 1;
        let middle = key(middle);
        let Some(initial) = middle.chars().next() else {
            self.none += 1;
            return;
        };
        *self.initials.entry(initial).or_default() += 1;
        if middle.chars().count() > 1 {
            *self.names.entry(middle).or_default() += 1;
        }
    }

    fn share(&self, count: u32, behind: f64) -> f64 {
        (f64::from(count) + BEHIND * behind) / (f64::from(self.rows) + BEHIND)
    }

    /// The weight of two middle names, as keys, that do not contradict each other.
    fn weight(&self, a: &str, b: &str) -> f64 {
        let (Some(initial), Some(_)) = (a.chars().next(), b.chars().next()) else {
            let is_none = a.is_empty() && b.is_empty();
            return if is_none { -self.share(self.none, BEHIND_NONE).ln() } else { MIDDLE_ON_ONE_SIDE.ln() };
        };
        let count = |count: Option<&u32>| count.copied().unwrap_or_default();
        let initial = self.share(count(self.initials.get(&initial)), BEHIND_INITIAL);
        let whole = a == b && a.chars().count() > 1;
        let name = if whole { self.share(count(self.names.get(a)), BEHIND_NAME) * OF_ONE_SEX } else { 1.0 };
        (MIDDLE_AGREES / name.min(initial)).ln()
    }
}

/// What the odds are reckoned by, besides the row and the physician: ln of the strangers who could be meant, for each
/// of one's own further records.
#[derive(Debug)]
pub(super) struct Scale {
    license: f64,
    certification: f64,
    /// Of a certification, where a license of that name and birthday waits.
    certification_unclear: f64,
}

impl Scale {
    /// By how complete the registry is. A stranger who stands there as somebody else is another candidate, and cannot
    /// be taken for the physician: for a license if an NPI and another record keep them apart; for a certification if
    /// the licensing boards list whom the certifying boards certify.
    pub(super) fn new(registry: Coverage) -> Self {
        let all = (registry.physicians.max(1) as f64).max(COUNTRY);
        let unseen = (1.0 - registry.known_apart as f64 / all).max(LEAST_UNSEEN);
        // one in two before anything is known
        let unlicensed = (registry.certified_only as f64 + 1.0) / (registry.certified as f64 + 2.0);
        let per_record = |unseen: f64, records: f64| (all * unseen / records).ln();
        Self {
            license: per_record(unseen, ONE_MORE_LICENSE),
            certification: per_record(unseen.min(unlicensed.max(LEAST_UNSEEN)), ONE_MORE_CERTIFICATION),
            certification_unclear: per_record(unseen, ONE_MORE_CERTIFICATION),
        }
    }

    fn strangers(&self, kind: Kind, license_waits: bool) -> f64 {
        match (kind, license_waits) {
            (Kind::Licenses, _) => self.license,
            (Kind::Certifications, false) => self.certification,
            (Kind::Certifications, true) => self.certification_unclear,
        }
    }

    /// Log odds that the row is this physician's and not a stranger's, by names, birthday, suffix and middle name.
    /// `license_waits`: a license of this name and birthday is not settled.
    pub(super) fn odds(
        &self,
        middles: &Middles,
        entry: &Entry,
        license_waits: bool,
        physician: &Physician,
        evidence: &Evidence,
    ) -> f64 {
        let (said, known) = (key(&entry.middle), key(&physician.middle));
        let contradicts = !said.is_empty() && !known.is_empty() && !first_names_agree(&said, &known);
        let middle = match contradicts {
            true => (MIDDLE_CONTRADICTS.0 / MIDDLE_CONTRADICTS.1).ln(),
            false => middles.weight(&said, &known),
        };
        of_names_and_birthday(evidence) + middle - self.strangers(entry.kind(), license_waits)
    }

    /// Whether the odds can be worth a look, whatever the middle names are.
    pub(super) fn can_be_possible(&self, kind: Kind, evidence: &Evidence) -> bool {
        of_names_and_birthday(evidence) + MOST_OF_MIDDLE - self.strangers(kind, false) >= POSSIBLE
    }
}

fn of_names_and_birthday(evidence: &Evidence) -> f64 {
    // the first part is that of the names
    let names = evidence.parts.first().map_or(f64::NEG_INFINITY, |part| part.weight);
    let tells = |reason: Reason| {
        matches!(
            reason,
            Reason::BirthEqual
                | Reason::BirthSwapped
                | Reason::BirthDayDiffers
                | Reason::BirthMonthDiffers
                | Reason::BirthDiffers
                | Reason::SuffixEqual
        )
    };
    let rest: f64 = evidence.parts.iter().filter(|part| tells(part.reason)).map(|part| part.weight).sum();
    names + rest
}

/// Whether the engine gives this reason.
pub(super) fn has(evidence: &Evidence, reason: Reason) -> bool {
    evidence.parts.iter().any(|part| part.reason == reason)
}

#[cfg(test)]
mod tests {
    use domain::PhysicianId;
    use matching::Part;

    use super::super::merging::tests::{entry, physician};
    use super::*;

    fn evidence(names: f64) -> Evidence {
        let part = |reason, weight| Part { reason, weight };
        let parts = vec![part(Reason::NamesEqual, names), part(Reason::BirthEqual, 366f64.ln())];
        Evidence { physician: PhysicianId::new(uuid::Uuid::nil()), weight: 0.0, parts }
    }

    /// The weight of a full name that so many others bear among a million physicians.
    fn borne_by(others: f64) -> f64 {
        (1_100_000.0 / others).ln()
    }

    #[test]
    fn a_rare_name_is_sure_and_a_common_one_is_not() {
        let full = Coverage { physicians: 1_100_000, known_apart: 880_000, certified: 880_000, certified_only: 100 };
        let scale = Scale::new(full);
        let mut middles = Middles::default();
        for middle in std::iter::repeat_n("", 200_000).chain(std::iter::repeat_n("Elizabeth", 8_000)) {
            middles.add(middle);
        }
        std::iter::repeat_n("Rose", 792_000).for_each(|middle| middles.add(middle));
        let odds = |others: f64, said: &str, known: &str| {
            let row = Entry { middle: said.into(), ..entry("Helen", "OBrien", &[], "02/16") };
            let known = Physician { middle: known.into(), ..physician() };
            scale.odds(&middles, &row, false, &known, &evidence(borne_by(others)))
        };
        assert!(odds(1.0, "", "") > SURE, "one namesake, no middle name anywhere");
        assert!(odds(50.0, "Elizabeth", "Elizabeth") > SURE, "fifty namesakes, but an uncommon middle name");
        assert!(odds(300.0, "", "") < SURE, "three hundred namesakes");
        assert!(odds(300.0, "", "") > POSSIBLE);
        assert!(odds(1.0, "Elizabeth", "Rose") < SURE, "middle names that contradict");
        assert!(odds(1.0, "Elizabeth", "") < odds(1.0, "", ""));
    }

    #[test]
    fn a_registry_of_one_state_does_not_make_names_rare() {
        let of = |physicians| Scale::new(Coverage { physicians, ..Coverage::default() }).license;
        assert!((of(3_000) - of(1_100_000)).abs() < 1e-9);
        assert!(of(2_200_000) > of(1_100_000));
    }

    #[test]
    fn a_certification_needs_less_once_the_licensed_are_known() {
        let of = |certified_only, known_apart| {
            Scale::new(Coverage { physicians: 1_100_000, known_apart, certified: 900_000, certified_only })
        };
        let (before, after) = (of(900_000, 300_000), of(50, 900_000));
        assert!(after.certification < before.certification);
        assert!(after.certification < after.certification_unclear);
        assert!(after.certification < after.license);
    }

    #[test]
    fn middle_names_weigh_by_how_common_they_are() {
        let mut middles = Middles::default();
        for n in 0..100_000 {
            middles.add(if n % 4 == 0 { "James" } else { "Thaddeus" });
            middles.add("L");
        }
        assert!(middles.weight("JAMES", "JAMES") > middles.weight("THADDEUS", "THADDEUS"));
        assert!(middles.weight("JAMES", "JAMES") >= middles.weight("J", "JAMES"));
        assert!(middles.weight("", "") > 0.0 && middles.weight("", "L") < 0.0);
    }
}
