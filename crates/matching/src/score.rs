//! Weights: for each field ln(m / u), where u is counted in the registry. The name's weight is one, not two:
//! first and last names go together (Patel is not independent of Amit), so the *full* name is counted.

use std::cell::OnceCell;

use domain::PhysicianId;

use crate::compare::{Birth, First, Identifier, Last, Levels, Middle, State, SuffixLevel, compare};
use crate::decision::{Part, Reason};
use crate::frequencies::Frequencies;
use crate::given::Given;
use crate::keys::name_key;
use crate::names::bearing_tokens;
use crate::numbers::Number;
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
    pub(crate) license_anywhere: &'a dyn Fn(Number) -> u32,
    /// How many have the license in the given state, and the diplomate ID: boards do give a number twice.
    pub(crate) license_owners: u32,
    pub(crate) board_owners: u32,
}

/// The weight every candidate starts from: the odds against any one physician, a share of the reported people
/// being outside the registry.
pub(crate) fn prior(frequencies: &Frequencies, unregistered: f64) -> f64 {
    -(unregistered / (1.0 - unregistered) * frequencies.population()).ln()
}

impl Scale<'_> {
    /// Compares and weighs one physician, with names as given or, if they fit only so, exchanged.
    pub(crate) fn score(&self, given: &Given, exchanged: &OnceCell<Given>, number: u32) -> Scored {
        let record = self.records.get(number);
        let levels = compare(given, false, self.records, record);
        if levels.first == First::Differs && levels.last == Last::Differs {
            let given = exchanged.get_or_init(|| given.exchanged());
            let turned = compare(given, true, self.records, record);
            if turned.names_agree() {
                return self.weigh(given, turned, number, record);
            }
        }
        self.weigh(given, levels, number, record)
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

    /// ln of how much likelier the name as given is from this physician than from a stranger. A stranger reports it
    /// by bearing it, or by bearing this physician's name and making the same change: so a spelling that nobody bears
    /// is nearly sure to be a slip, and one that many bear nearly sure not to be.
    fn names(&self, given: &Given, levels: &Levels, record: &Record) -> f64 {
        let (names, counts) = (&self.records.names, self.frequencies);
        let (theirs, last) = (names.entry(record.first), names.entry(record.last));
        let first_ours = counts.first(given.first.head_number);
        let first_theirs = counts.first(Some(theirs.head));
        let last_ours = counts.last(given.last.number);
        let last_theirs = counts.last(Some(record.last));
        let first_given = match levels.first {
            First::Equal => p::FIRST.equal,
            First::Nickname => p::FIRST.nickname,
            // the registry has only the initial: any name with it may stand behind
            First::Initial if names.text(theirs.head).len() == 1 => {
                p::FIRST.equal * (first_ours / counts.initial(given.first.initial())).min(1.0)
            }
            First::Initial => p::FIRST.initial,
            First::Middle => p::FIRST.middle,
            First::Typo => p::FIRST.typo,
            First::Alike => p::FIRST.alike,
            First::Differs => {
                return self.one_name(
                    p::FIRST.differs,
                    self.last_given(given, levels.last, record),
                    last_ours,
                    last_theirs,
                );
            }
        };
        let last_given = self.last_given(given, levels.last, record);
        if levels.last == Last::Differs {
            return self.one_name(p::LAST.differs, first_given, first_ours, first_theirs);
        }
        let bearers = |first: u64, last: u64, shares: f64, own: bool| {
            let count = f64::from((self.bearers)(first, last));
            let others = if own { (count - 1.0).max(p::UNSEEN) } else { count };
            let expected = if count > 0.0 { shares } else { shares * p::TOGETHER };
            (others / counts.population()).max(expected)
        };
        let (their_first, their_last) = (names.entry(theirs.head).key, last.key);
        let (our_first, our_last) = (given.first.head_key, given.last.key);
        let same_first = our_first == their_first;
        let same_last = our_last == their_last;
        // those who bear the physician's own name, the name as given, and one part of each
        let mut strangers =
            first_given * last_given * bearers(their_first, their_last, first_theirs * last_theirs, true);
        if !same_first {
            strangers += last_given * bearers(our_first, their_last, first_ours * last_theirs, false);
        }
        if !same_last {
            let added = self.is_added_part(given, levels.last, record);
            if added {
                // of strangers too, some add a part to this very name; which part it is tells nothing apart
                strangers += first_given * first_theirs * last_theirs * p::DOUBLE_NAMES * p::TOGETHER;
            }
            let own = levels.last == Last::Former || (levels.last == Last::Part && !added);
            strangers += first_given * bearers(their_first, our_last, first_theirs * last_ours, own);
        }
        if !same_first && !same_last {
            strangers += bearers(our_first, our_last, first_ours * last_ours, false);
        }
        let exchanged = if levels.exchanged { p::EXCHANGED.ln() } else { 0.0 };
        (first_given * last_given / strangers.min(1.0)).ln() + exchanged
    }

    /// The weight when one name disagrees: `differs` of true reports do so, and only the other name speaks.
    fn one_name(&self, differs: f64, given: f64, ours: f64, theirs: f64) -> f64 {
        let strangers = given * theirs + if given < 0.5 { ours } else { 0.0 };
        (differs * given / strangers.min(1.0)).ln()
    }

    /// How often a true report gives this last name for the physician's.
    fn last_given(&self, given: &Given, level: Last, record: &Record) -> f64 {
        match level {
            Last::Equal => p::LAST.equal,
            Last::Former => p::LAST.former,
            Last::Part if self.is_added_part(given, level, record) => p::LAST.added_part,
            Last::Part => p::LAST.part,
            Last::Typo => p::LAST.typo,
            Last::Alike => p::LAST.alike,
            Last::Differs => p::LAST.differs,
        }
    }

    /// Whether the given name has a part that the physician's name has not.
    fn is_added_part(&self, given: &Given, level: Last, record: &Record) -> bool {
        let mut theirs = bearing_tokens(self.records.names.text(record.last));
        level == Last::Part && !theirs.any(|token| name_key(token) == given.last.key)
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
        let anywhere = || f64::from((self.license_anywhere)(number).max(1)) / self.frequencies.population();
        let m_u = match (level, given.state) {
            (Identifier::Equal, Some(state)) => {
                (p::ID_EQUAL, self.frequencies.one_license(state) * f64::from(self.license_owners.max(1)))
            }
            (Identifier::Equal, None) => (p::ID_EQUAL, anywhere()),
            (Identifier::OtherState, _) => (p::LICENSE_OTHER_STATE, anywhere()),
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
            Identifier::Equal => {
                log_ratio((p::ID_EQUAL, self.frequencies.one_certification() * f64::from(self.board_owners.max(1))))
            }
            Identifier::Slip => {
                let slip = self.frequencies.certification_slip(board, number.core_length());
                log_ratio((p::ID_TYPO, slip)).max(0.0)
            }
            // certifying boards' lists are complete: none is as telling as another one
            Identifier::Missing => absent(Identifier::Differs, given.teller),
            level => absent(level, given.teller),
        }
    }
}

/// The weight of an identifier that does not agree.
fn absent(level: Identifier, teller: Teller) -> f64 {
    match (level, teller) {
        (_, Teller::Roster) | (Identifier::NotGiven, _) => 0.0,
        (Identifier::Alike, Teller::Report) => p::ID_ALIKE.ln(),
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
