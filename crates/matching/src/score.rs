//! Weights: for each field ln(m / u), where u is counted in the registry. The name's weight is one, not two:
//! first and last names go together (Patel is not independent of Amit), so the *full* name is counted.

use domain::PhysicianId;

use crate::compare::{Birth, First, Identifier, Last, Levels, Middle, State, SuffixLevel, compare};
use crate::decision::{Part, Reason};
use crate::frequencies::Frequencies;
use crate::given::Given;
use crate::parameters as p;
use crate::query::Teller;
use crate::records::{Record, Records};

/// One candidate, compared and weighed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scored {
    pub(crate) number: u32,
    pub(crate) id: PhysicianId,
    pub(crate) levels: Levels,
    pub(crate) weights: Weights,
    pub(crate) total: f64,
}

/// Natural logs of the odds, field by field.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Weights {
    names: f64,
    middle: f64,
    suffix: f64,
    birth: f64,
    state: f64,
    license: f64,
    npi: f64,
    board: f64,
}

/// What scoring reads besides the query.
pub(crate) struct Scale<'a> {
    pub(crate) records: &'a Records,
    pub(crate) frequencies: &'a Frequencies,
    /// What every candidate starts from.
    pub(crate) prior: f64,
    /// How many physicians bear a full name, given the keys of its parts.
    pub(crate) bearers: &'a dyn Fn(u64, u64) -> u32,
    /// How many physicians have the license number, in whatever state.
    pub(crate) license_anywhere: u32,
}

/// The weight every candidate starts from: the odds against any one physician, a share of the reported people
/// being outside the registry.
pub(crate) fn prior(frequencies: &Frequencies, unregistered: f64) -> f64 {
    -(unregistered / (1.0 - unregistered) * frequencies.population()).ln()
}

impl Scale<'_> {
    /// Compares and weighs one physician, with names as given or, if they fit only so, exchanged.
    pub(crate) fn score(&self, given: &Given, exchanged: Option<&Given>, number: u32) -> Scored {
        let record = self.records.get(number);
        let levels = compare(given, false, self.records, record);
        let straight = self.weigh(given, levels, number, record);
        match exchanged {
            Some(other) if levels.first == First::Differs && levels.last == Last::Differs => {
                let levels = compare(other, true, self.records, record);
                let turned = self.weigh(other, levels, number, record);
                if levels.names_agree() { turned } else { straight }
            }
            _ => straight,
        }
    }

    fn weigh(&self, given: &Given, levels: Levels, number: u32, record: &Record) -> Scored {
        let weights = Weights {
            names: self.names(given, &levels, record),
            middle: match levels.middle {
                // a first name that is a middle name has used it up
                _ if levels.first == First::Middle => 0.0,
                Middle::Equal => log_ratio(p::MIDDLE_EQUAL),
                Middle::Differs => log_ratio(p::MIDDLE_DIFFERS),
                Middle::NotCompared => 0.0,
            },
            suffix: if levels.suffix == SuffixLevel::Equal { log_ratio(p::SUFFIX_EQUAL) } else { 0.0 },
            birth: self.birth(given, levels.birth),
            state: self.state(given, levels.state),
            license: self.license(given, levels.license),
            npi: self.npi(given, levels.npi),
            board: self.board(given, levels.board),
        };
        let total = self.prior + weights.sum();
        Scored { number, id: self.records.id(number), levels, weights, total }
    }

    fn names(&self, given: &Given, levels: &Levels, record: &Record) -> f64 {
        let names = &self.records.names;
        let theirs = names.entry(record.first);
        let (first_theirs, first_ours) =
            (self.frequencies.first(Some(theirs.head)), self.frequencies.first(given.first.head_number));
        let (last_theirs, last_ours) = (self.frequencies.last(Some(record.last)), self.frequencies.last(given.last.number));
        // how often strangers agree at this level, and how often true reports do
        let (first_u, first_m) = match levels.first {
            First::Equal => (first_theirs, p::FIRST.equal),
            First::Nickname => (p::STRANGER_NICKNAME * (first_theirs + first_ours), p::FIRST.nickname),
            First::Initial => (self.frequencies.initial(given.first.initial()), p::FIRST.initial),
            First::Middle => (first_theirs + first_ours, p::FIRST.middle),
            First::Typo => (first_theirs + first_ours + p::STRANGER_TYPO_FIRST, p::FIRST.typo),
            First::Alike => (first_theirs + first_ours + p::STRANGER_ALIKE_FIRST, p::FIRST.alike),
            First::Differs => (1.0, p::FIRST.differs),
        };
        let (last_u, last_m) = match levels.last {
            Last::Equal => (last_theirs, p::LAST.equal),
            Last::Former => (last_theirs + last_ours, p::LAST.former),
            Last::Part => (last_theirs + last_ours + self.parts(given, record), p::LAST.part),
            Last::Typo => (last_theirs + last_ours + p::STRANGER_TYPO_LAST, p::LAST.typo),
            Last::Alike => (last_theirs + last_ours + p::STRANGER_ALIKE_LAST, p::LAST.alike),
            Last::Differs => (1.0, p::LAST.differs),
        };
        let exchanged = if levels.exchanged { p::EXCHANGED.ln() } else { 0.0 };
        let strangers = if levels.names_agree() {
            // the candidate's full name, widened by what each level lets in, and the full name as given
            let head = names.entry(theirs.head).key;
            let count = (self.bearers)(head, names.entry(record.last).key);
            let full = self.frequencies.full_name(count, first_theirs, last_theirs);
            let widened = full * (first_u / first_theirs).max(1.0) * (last_u / last_theirs).max(1.0);
            if levels.first == First::Equal && levels.last == Last::Equal {
                widened
            } else {
                let as_given = (self.bearers)(given.first.head_key, given.last.key);
                widened + f64::from(as_given) / self.frequencies.population()
            }
        } else {
            first_u * last_u
        };
        (first_m * last_m / strangers.min(1.0)).ln() + exchanged
    }

    /// Share of those who have one part of a double name as their last name.
    fn parts(&self, given: &Given, record: &Record) -> f64 {
        let names = &self.records.names;
        let share = |token: &str| self.frequencies.last(names.find(token));
        let theirs = crate::names::bearing_tokens(names.text(record.last));
        let ours = crate::names::bearing_tokens(&given.last.spaced);
        theirs.filter(|token| ours.clone().any(|other| other == *token)).map(share).sum()
    }

    fn birth(&self, given: &Given, level: Birth) -> f64 {
        let day = |day: Option<u16>| day.map_or(1.0, |day| self.frequencies.day(day));
        match level {
            Birth::Equal => (p::BIRTH_EQUAL / day(given.day)).ln(),
            Birth::Swapped => (p::BIRTH_SWAPPED / day(given.swapped_day)).ln(),
            Birth::DayDiffers => log_ratio(p::BIRTH_DAY_DIFFERS),
            Birth::MonthDiffers => log_ratio(p::BIRTH_MONTH_DIFFERS),
            Birth::Differs => log_ratio(p::BIRTH_DIFFERS),
            Birth::Unknown => 0.0,
        }
    }

    fn state(&self, given: &Given, level: State) -> f64 {
        let share = given.state.map_or(1.0, |state| self.frequencies.state(state)).min(0.99);
        match (level, given.teller) {
            (State::Equal, _) => (p::STATE_EQUAL / share).ln(),
            (State::Differs, Teller::Report) => (p::STATE_DIFFERS / (1.0 - share)).ln(),
            (State::Differs, Teller::Roster) => (p::ROSTER_STATE_NEW / (1.0 - share)).ln(),
            (State::NotGiven, _) => 0.0,
        }
    }

    fn license(&self, given: &Given, level: Identifier) -> f64 {
        let Some(number) = given.license else { return 0.0 };
        let anywhere = f64::from(self.license_anywhere.max(1)) / self.frequencies.population();
        let m_u = match (level, given.state) {
            (Identifier::Equal, Some(state)) => (p::ID_EQUAL, self.frequencies.one_license(state)),
            (Identifier::Equal, None) => (p::ID_EQUAL, anywhere),
            (Identifier::OtherState, _) => (p::LICENSE_OTHER_STATE, anywhere),
            (Identifier::Slip, Some(state)) => (p::ID_TYPO, self.frequencies.license_slip(state, number.core_length())),
            // any state's number one slip away: as good as chance
            (Identifier::Slip, None) => (p::ID_TYPO, p::ID_TYPO),
            (level, _) => return absent(level, given.teller),
        };
        log_ratio(m_u).max(0.0)
    }

    fn npi(&self, given: &Given, level: Identifier) -> f64 {
        match level {
            Identifier::Equal => log_ratio((p::ID_EQUAL, 1.0 / self.frequencies.population())),
            Identifier::Slip => log_ratio((p::ID_TYPO, p::slips(10) / p::NPI_VALUES)),
            level => absent(level, given.teller),
        }
    }

    fn board(&self, given: &Given, level: Identifier) -> f64 {
        let Some((board, number)) = given.board else { return 0.0 };
        match level {
            Identifier::Equal => log_ratio((p::ID_EQUAL, self.frequencies.one_certification())),
            Identifier::Slip => {
                let slip = self.frequencies.certification_slip(board, number.core_length());
                log_ratio((p::ID_TYPO, slip)).max(0.0)
            }
            level => absent(level, given.teller),
        }
    }
}

/// The weight of an identifier that does not agree.
fn absent(level: Identifier, teller: Teller) -> f64 {
    match (level, teller) {
        (_, Teller::Roster) | (Identifier::NotGiven, _) => 0.0,
        (Identifier::Missing, Teller::Report) => p::ID_MISSING.ln(),
        _ => p::ID_DIFFERS.ln(),
    }
}

fn log_ratio((m, u): (f64, f64)) -> f64 {
    (m / u).ln()
}

impl Weights {
    fn sum(&self) -> f64 {
        self.names + self.middle + self.suffix + self.birth + self.state + self.license + self.npi + self.board
    }

    /// Each field's weight with its reason, for staff.
    pub(crate) fn parts(&self, levels: &Levels) -> Vec<Part> {
        let names = levels.name_reasons().next().unwrap_or(Reason::NamesEqual);
        let parts = [
            (Some(names), self.names),
            (levels.middle_reason(), self.middle),
            (levels.suffix_reason(), self.suffix),
            (Some(levels.birth_reason()), self.birth),
            (levels.state_reason(), self.state),
            (levels.license_reason(), self.license),
            (levels.npi_reason(), self.npi),
            (levels.board_reason(), self.board),
        ];
        parts.into_iter().filter_map(|(reason, weight)| Some(Part { reason: reason?, weight })).collect()
    }
}

