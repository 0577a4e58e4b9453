//! How sure is it that a row without an identifier in common is a physician's, and not that of somebody
//! of the same name who happens to have the same birthday?
//!
//! The arithmetic is that of chance agreement. Of the country's physicians so many bear this full name,
//! one in 366 of them has this birthday, so many of those this middle name: that is the number of
//! strangers to be expected. Held against it is what the row would add to the physician, and what would be
//! left for a stranger: nobody is certified without a license, and few hold three. The surprise: that counts
//! for more than how rare the name is. The engine counts names and days; middle names are counted in the roster.

use matching::{Evidence, Reason};
use store::physicians::{Coverage, Physician};

use super::Kind;
use super::entry::Entry;
use super::merging::{first_names_agree, key};
use super::middles::Middles;

/// Least log odds at which a row is attached without an identifier: 1 in 2,000 wrong at the very edge, and far less on
/// average. The engine takes 1 in 400 for a report; a wrong merge is worse than a wrong link, for it makes more.
const SURE: f64 = 7.6;
/// The same while no certifying board's roster was read: what boards know, such as another NPI, can still contradict
/// it. Rows that wait are asked again when boards are read. 1 in 13,000.
const SURE_BEFORE_BOARDS: f64 = 9.5;
/// How far the next physician must lie behind, as the engine has it: odds of 100 to 1.
pub(super) const AHEAD: f64 = 4.6;
/// Log odds from which on a physician may be the row's person, so that nobody new is made of it: 1 in 20.
pub(super) const POSSIBLE: f64 = -3.0;

/// Physicians in the country (domain.md: some 1.1 million licensed). A registry of one state says little about how
/// many others bear a name, so names are spread over all of them.
const COUNTRY: f64 = 1_100_000.0;
/// Shares of the licensed who hold one license, two, and so on, six or more: 1.4 on average, three in four one (census
/// of the state boards); from the third on each is half as frequent as the one before (J).
const LICENSES: [f64; 6] = [0.76, 0.16, 0.04, 0.02, 0.01, 0.005];
/// The same of the certified, and their certifications; who is certified is counted. (J)
const CERTIFICATIONS: [f64; 4] = [0.86, 0.12, 0.015, 0.005];
/// Least share of the certified without a license: rosters are never complete.
const LEAST_UNLICENSED: f64 = 0.001;
/// The most that what somebody holds can add to the odds, in a row that is looked at only because of that.
const MOST_OF_RECORDS: f64 = 4.0;

/// How often middle names contradict each other in one person's records, and in those of strangers. (J)
const MIDDLE_CONTRADICTS: (f64, f64) = (0.02, 0.9);
/// The most that middle names can add.
const MOST_OF_MIDDLE: f64 = 8.0;

/// Licenses and certifications of one person, or that wait: how many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Records {
    pub(super) licenses: usize,
    pub(super) certifications: usize,
}

impl Records {
    pub(super) fn of(physician: &Physician) -> Self {
        Self { licenses: physician.licenses.len(), certifications: physician.certifications.len() }
    }

    pub(super) fn add(&mut self, kind: Kind) {
        match kind {
            Kind::Licenses => self.licenses += 1,
            Kind::Certifications => self.certifications += 1,
        }
    }

    /// Without one of this kind.
    pub(super) fn without(self, kind: Kind) -> Self {
        match kind {
            Kind::Licenses => Self { licenses: self.licenses.saturating_sub(1), ..self },
            Kind::Certifications => Self { certifications: self.certifications.saturating_sub(1), ..self },
        }
    }

    pub(super) fn with(self, other: Self) -> Self {
        Self { licenses: self.licenses + other.licenses, certifications: self.certifications + other.certifications }
    }

    pub(super) fn less(self, other: Self) -> Self {
        Self {
            licenses: self.licenses.saturating_sub(other.licenses),
            certifications: self.certifications.saturating_sub(other.certifications),
        }
    }
}

/// What the odds are reckoned by, besides the row and the physician.
#[derive(Debug)]
pub(super) struct Scale {
    /// ln of the physicians of the country.
    all: f64,
    /// Share of the physicians who hold so many licenses, and so many certifications, times the orders in which those
    /// could have been given.
    licenses: [f64; LICENSES.len() + 1],
    certifications: [f64; CERTIFICATIONS.len() + 1],
    /// Least log odds at which a row is attached without an identifier.
    pub(super) sure: f64,
}

impl Scale {
    /// By how complete the registry is.
    pub(super) fn new(registry: Coverage) -> Self {
        let share = |count: i64| (count as f64 + 1.0) / (registry.physicians as f64 + 2.0);
        // one in two of each before anything is known
        let unlicensed = share(registry.certified_only).max(LEAST_UNLICENSED);
        let certified = share(registry.certified);
        Self {
            all: (registry.physicians as f64).max(COUNTRY).ln(),
            licenses: in_any_order(unlicensed, &LICENSES),
            certifications: in_any_order(1.0 - certified, &CERTIFICATIONS),
            sure: if registry.certified == 0 { SURE_BEFORE_BOARDS } else { SURE },
        }
    }

    /// Log odds that the row is this physician's and not a stranger's, by names, birthday, suffix and middle name, and
    /// by what both hold; see [`Waiting::beside`](super::waiting::Waiting::beside).
    pub(super) fn odds(
        &self,
        middles: &Middles,
        entry: &Entry,
        (own, waiting): (Records, Records),
        physician: &Physician,
        evidence: &Evidence,
    ) -> f64 {
        let (said, known) = (key(&entry.middle), key(&physician.middle));
        let contradicts = !said.is_empty() && !known.is_empty() && !first_names_agree(&said, &known);
        let middle = match contradicts {
            true => (MIDDLE_CONTRADICTS.0 / MIDDLE_CONTRADICTS.1).ln(),
            false => middles.weight(&said, &known),
        };
        let odds_against_one = of_names_and_birthday(evidence) + middle - self.all;
        odds_against_one + self.of_records((-odds_against_one).exp(), Records::of(physician), own, waiting)
    }

    /// ln of how much likelier it is that the physician holds the row's record too than that a stranger does, however
    /// those that wait are shared out between the two; `strangers` are to be expected.
    fn of_records(&self, strangers: f64, physician: Records, own: Records, waiting: Records) -> f64 {
        let (mut one, mut two) = (0.0, 0.0);
        let most = |count: usize| count.min(LICENSES.len());
        for licenses in 0..=most(waiting.licenses) {
            for certifications in 0..=most(waiting.certifications) {
                let other = Records { licenses, certifications };
                let rest = Records {
                    licenses: most(waiting.licenses) - licenses,
                    certifications: most(waiting.certifications) - certifications,
                };
                let ways = ways(most(waiting.licenses), licenses) * ways(most(waiting.certifications), certifications);
                let nobody = other == Records::default();
                let beside = if nobody { 1.0 } else { strangers * self.share(other) };
                one += ways * self.share(physician.with(own).with(rest)) * beside;
                two += ways * self.share(physician.with(rest)) * self.share(own.with(other));
            }
        }
        (one / two).ln()
    }

    /// Share of the physicians who hold so much, times its orders.
    fn share(&self, of: Records) -> f64 {
        let at = |shares: &[f64], count: usize| shares.get(count).or(shares.last()).copied().unwrap_or_default();
        at(&self.licenses, of.licenses) * at(&self.certifications, of.certifications)
    }

    /// Whether the odds can be worth a look, whatever the middle names are.
    pub(super) fn can_be_possible(&self, evidence: &Evidence) -> bool {
        of_names_and_birthday(evidence) + MOST_OF_MIDDLE + MOST_OF_RECORDS - self.all >= POSSIBLE
    }
}

/// Shares of those who hold none, one, two, times the orders that each has. The shares of the others are of all who
/// hold any.
fn in_any_order<const N: usize, const M: usize>(none: f64, others: &[f64; N]) -> [f64; M] {
    let mut orders = 1.0;
    std::array::from_fn(|count| {
        orders *= count.max(1) as f64;
        match count.checked_sub(1).and_then(|place| others.get(place)) {
            Some(share) => (1.0 - none) * share * orders,
            None => none,
        }
    })
}

/// In how many ways some of them can be chosen.
fn ways(of: usize, chosen: usize) -> f64 {
    (0..chosen).map(|n| (of - n) as f64 / (n + 1) as f64).product()
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
    use store::physicians::{Certification, License};

    use super::super::entry::Own;
    use super::super::merging::tests::physician;
    use super::super::middles::tests::{middles, row};
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

    fn full() -> Scale {
        Scale::new(Coverage { physicians: 1_100_000, certified: 880_000, certified_only: 100 })
    }

    const LICENSE: Records = Records { licenses: 1, certifications: 0 };

    /// A license row and a physician with one license and one certification.
    fn odds(others: f64, said: &str, known: &str, waiting: Records) -> f64 {
        let middles = middles(&[("", 20_000), ("Elizabeth", 800), ("Rose", 79_200)]);
        let known = with_records(Physician { middle: known.into(), ..physician() }, 1, 1);
        full().odds(&middles, &row(said, None), (LICENSE, waiting), &known, &evidence(borne_by(others)))
    }

    fn with_records(of: Physician, licenses: usize, certifications: usize) -> Physician {
        let state = domain::State::read("TX").unwrap();
        let license = License { state, number: "1".into(), status: String::new(), issued_on: None, expires_on: None };
        let board = domain::Board::read("ABIM").unwrap();
        let certification = Certification { board, diplomate_id: "1".into(), status: String::new() };
        Physician { licenses: vec![license; licenses], certifications: vec![certification; certifications], ..of }
    }

    #[test]
    fn a_rare_name_is_sure_and_a_common_one_is_not() {
        let odds = |others, said, known| odds(others, said, known, Records::default());
        assert!(odds(0.5, "", "") > SURE, "hardly a namesake, no middle name anywhere");
        assert!(odds(10.0, "Elizabeth", "Elizabeth") > SURE, "ten namesakes, but an uncommon middle name");
        assert!(odds(300.0, "", "") < SURE, "three hundred namesakes");
        assert!(odds(300.0, "", "") > POSSIBLE);
        assert!(odds(0.5, "Elizabeth", "Rose") < SURE, "middle names that contradict");
        assert!(odds(0.5, "Elizabeth", "") < odds(0.5, "", ""));
    }

    #[test]
    fn what_waits_beside_a_row_may_be_a_strangers_too() {
        let waiting = |licenses, certifications| Records { licenses, certifications };
        let alone = odds(1.0, "", "", waiting(0, 0));
        assert!(odds(1.0, "", "", waiting(1, 0)) < alone);
        assert!(odds(1.0, "", "", waiting(0, 1)) < alone);
    }

    #[test]
    fn a_certification_goes_to_the_only_licensed_person_however_common_the_name() {
        let mut certification = row("", None);
        let board = domain::Board::read("ABIM").unwrap();
        certification.held = Own::Certification { board, diplomate_id: "7".into(), status: String::new() };
        let known = with_records(Physician { middle: String::new(), ..physician() }, 1, 0);
        let odds = |scale: &Scale, waiting| {
            let own = Records { licenses: 0, certifications: 1 };
            scale.odds(&middles(&[("", 100_000)]), &certification, (own, waiting), &known, &evidence(borne_by(300.0)))
        };
        assert!(odds(&full(), Records::default()) > SURE);
        assert!(odds(&full(), Records { licenses: 1, certifications: 0 }) < SURE, "another license waits");
        let few_licensed = Coverage { physicians: 1_100_000, certified: 880_000, certified_only: 800_000 };
        assert!(odds(&Scale::new(few_licensed), Records::default()) < SURE, "one state's roster");
    }

    #[test]
    fn a_registry_of_one_state_does_not_make_names_rare() {
        let of = |physicians| Scale::new(Coverage { physicians, ..Coverage::default() }).all;
        assert!((of(3_000) - of(1_100_000)).abs() < 1e-9);
        assert!(of(2_200_000) > of(1_100_000));
    }
}
