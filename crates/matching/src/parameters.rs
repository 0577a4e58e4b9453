//! Every number the weights are made of, with where it comes from. An `m` is how often true reports show a
//! level of agreement; the `u` beside it, how often strangers do, is counted in the registry itself
//! (`frequencies`). Sources: **G** = error rates assumed by the published generator of this field's files;
//! **J** = judged, to be refitted from reviewed rows.

/// Physicians that are assumed beyond the registry, spread like the country. They keep a registry of ten from
/// believing that every John Smith is the one it knows. (J)
pub(crate) const BACKGROUND: f64 = 100_000.0;
/// Share of one first name, or one last name, among them. (J: a middling name of the census)
pub(crate) const BACKGROUND_FIRST: f64 = 5e-4;
pub(crate) const BACKGROUND_LAST: f64 = 1e-4;
/// Share of one state, of one initial, of one board among them.
pub(crate) const BACKGROUND_STATE: f64 = 1.0 / 50.0;
pub(crate) const BACKGROUND_INITIAL: f64 = 1.0 / 20.0;
pub(crate) const BACKGROUND_BOARD: f64 = 1.0 / 24.0;

/// How a first name can agree, as shares of true reports. (G: nickname .05 of the names that have one, initial,
/// middle name and typo .01 each)
pub(crate) struct FirstShares {
    pub(crate) equal: f64,
    pub(crate) nickname: f64,
    pub(crate) initial: f64,
    pub(crate) middle: f64,
    pub(crate) typo: f64,
    pub(crate) alike: f64,
    pub(crate) differs: f64,
}

pub(crate) const FIRST: FirstShares =
    FirstShares { equal: 0.93, nickname: 0.03, initial: 0.012, middle: 0.011, typo: 0.011, alike: 0.003, differs: 0.003 };

/// How a last name can agree. (G: former name .25 and half of a double name .30 of those who have one, typo .012)
pub(crate) struct LastShares {
    pub(crate) equal: f64,
    pub(crate) former: f64,
    pub(crate) part: f64,
    pub(crate) typo: f64,
    pub(crate) alike: f64,
    pub(crate) differs: f64,
}

pub(crate) const LAST: LastShares =
    LastShares { equal: 0.95, former: 0.015, part: 0.012, typo: 0.014, alike: 0.003, differs: 0.006 };

/// Share of all people whose name is one letter from a given one, beyond those counted by name; and that only
/// sound alike. (J)
pub(crate) const STRANGER_TYPO_FIRST: f64 = 1e-3;
pub(crate) const STRANGER_TYPO_LAST: f64 = 1e-4;
pub(crate) const STRANGER_ALIKE_FIRST: f64 = 1e-2;
pub(crate) const STRANGER_ALIKE_LAST: f64 = 1e-3;
/// A short form stands for several full names: this many times the more frequent of the two. (J)
pub(crate) const STRANGER_NICKNAME: f64 = 2.0;

/// Month and day of birth: (share of true reports, share of strangers or `None` where it is counted).
/// (G: wrong day .008, wrong month .003, swapped .005, copied from the row above .001)
pub(crate) const BIRTH_EQUAL: f64 = 0.982;
pub(crate) const BIRTH_SWAPPED: f64 = 0.004;
pub(crate) const BIRTH_DAY_DIFFERS: (f64, f64) = (0.008, 30.0 / 366.0);
pub(crate) const BIRTH_MONTH_DIFFERS: (f64, f64) = (0.003, 11.0 / 366.0);
pub(crate) const BIRTH_DIFFERS: (f64, f64) = (0.003, 0.88);

/// State of licensure. (G: wrong state .008)
pub(crate) const STATE_EQUAL: f64 = 0.985;
pub(crate) const STATE_DIFFERS: f64 = 0.012;
/// A roster speaks of a license that the registry may not have yet. (J)
pub(crate) const ROSTER_STATE_NEW: f64 = 0.5;

/// Identifiers. (G: license typo .008, transposed .004, another's .0015; NPI and diplomate ID typo .005)
pub(crate) const ID_EQUAL: f64 = 0.975;
pub(crate) const ID_TYPO: f64 = 0.01;
pub(crate) const LICENSE_OTHER_STATE: f64 = 0.008;
/// Somebody else's, or nobody's: rosters are complete lists, so a true report seldom names an unknown number. (J)
pub(crate) const ID_DIFFERS: f64 = 0.003;
/// The physician has no such identifier in the registry, while one is given that nobody has. (J)
pub(crate) const ID_MISSING: f64 = 0.05;
/// Values an NPI can take: ten digits, the first 1 or 2, the last a check digit. (CMS)
pub(crate) const NPI_VALUES: f64 = 2e8;

/// Middle names and suffixes, where both sides give one. (J)
pub(crate) const MIDDLE_EQUAL: (f64, f64) = (0.95, 0.08);
pub(crate) const MIDDLE_DIFFERS: (f64, f64) = (0.05, 0.9);
pub(crate) const SUFFIX_EQUAL: (f64, f64) = (0.9, 0.05);

/// Numbers one slip away from a number of that many digits: changed, exchanged, dropped or added ones.
pub(crate) fn slips(digits: usize) -> f64 {
    let digits = digits as f64;
    9.0 * digits + (digits - 1.0) + digits + 10.0 * (digits + 1.0)
}

/// First and last name in each other's column. (G: .004)
pub(crate) const EXCHANGED: f64 = 0.004;
