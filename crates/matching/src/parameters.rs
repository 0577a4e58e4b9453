//! Every number the weights are made of, with where it comes from. An `m` is how often true reports show a
//! level of agreement; the `u` beside it, how often strangers do, is counted in the registry itself
//! (`frequencies`). Sources: **G** = error rates assumed by the published generator of this field's files;
//! **J** = judged, to be refitted from reviewed rows. The policy (how sure is sure) is in `settings`.

/// Physicians that are assumed beyond the registry, spread like the country. They keep a registry of ten from
/// believing that every John Smith is the one it knows, and are too few to move a full one. (J)
pub(crate) const BACKGROUND: f64 = 10_000.0;
/// Share of one first name, or one last name, among them. (J: a rare name of the census; so a
/// spelling that nobody bears counts as borne by half a physician, or a fifth)
pub(crate) const BACKGROUND_FIRST: f64 = 5e-5;
pub(crate) const BACKGROUND_LAST: f64 = 2e-5;
/// Share of one state, of one initial, of one board among them.
pub(crate) const BACKGROUND_STATE: f64 = 1.0 / 50.0;
pub(crate) const BACKGROUND_INITIAL: f64 = 1.0 / 20.0;
pub(crate) const BACKGROUND_BOARD: f64 = 1.0 / 24.0;

/// A full name that one physician bears is borne by this many of as many strangers: what is left of a count of one
/// when the bearer is taken out, twice the names borne by two over those borne by one (Good and Turing). (G: 0.17)
pub(crate) const UNSEEN: f64 = 0.2;

/// How much likelier first and last name go together than their shares alone say, where nobody is known to bear
/// both. (J)
pub(crate) const TOGETHER: f64 = 2.0;

/// How often a true report gives *this very* first name, by how it agrees. Where a change has many possible results
/// the share is divided among them. (G: nickname .05 over two or three forms, initial, middle name and typo .01 each)
pub(crate) struct FirstShares {
    pub(crate) equal: f64,
    pub(crate) nickname: f64,
    pub(crate) initial: f64,
    pub(crate) middle: f64,
    pub(crate) typo: f64,
    pub(crate) alike: f64,
    /// Any other name: this share in all.
    pub(crate) differs: f64,
}

pub(crate) const FIRST: FirstShares = FirstShares {
    equal: 0.93,
    nickname: 0.02,
    initial: 0.01,
    middle: 0.01,
    typo: 0.01 / SPELLINGS,
    alike: 0.003 / (10.0 * SPELLINGS),
    differs: 0.003,
};

/// The same for last names. (G: former name .25 and half of a double name .15 each, of those who have one; typo .012)
pub(crate) struct LastShares {
    pub(crate) equal: f64,
    pub(crate) former: f64,
    pub(crate) part: f64,
    /// Any part added that the registry does not know, by marriage most often. (G has none; J)
    pub(crate) added_part: f64,
    pub(crate) typo: f64,
    pub(crate) alike: f64,
    pub(crate) differs: f64,
}

pub(crate) const LAST: LastShares = LastShares {
    equal: 0.95,
    former: 0.2,
    part: 0.15,
    added_part: 0.002,
    typo: 0.012 / SPELLINGS,
    alike: 0.003 / (10.0 * SPELLINGS),
    differs: 0.006,
};

/// Share of people with a double family name. (G: .03)
pub(crate) const DOUBLE_NAMES: f64 = 0.03;

/// Spellings that one slip can make of a name: some 53 a letter, the likely ones far fewer. (J)
const SPELLINGS: f64 = 150.0;

/// Month and day of birth: share of true reports, and of strangers where it is not counted in the registry.
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
/// Somebody else's, or nobody's: rosters are complete lists, so a true report seldom names an unknown number, while
/// namesakes of registered physicians always do. (G: 4 in 100,000 rows; J: five times that, for licenses of last week)
pub(crate) const ID_DIFFERS: f64 = 2e-4;
/// The physician has no NPI or license number in the registry, while one is given that nobody has. (J)
pub(crate) const ID_MISSING: f64 = 0.01;
/// Odds of an identifier that is two characters off, a part of the number, or a slip of one in another state: true
/// reports hold such numbers about as often as chance makes them. (J)
pub(crate) const ID_ALIKE: f64 = 1.0;
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

/// How far below possible somebody may be for an answer of `none` to name the fields that kept them from it. It moves
/// no decision. (J)
pub(crate) const NEAR: f64 = 8.0;

/// Boards whose own ID is enough beside both names or the birthday: pediatrics. (domain.md, board rules)
pub(crate) const NAMES_OR_BIRTHDAY_BOARDS: &[&str] = &["ABP"];
