//! A query, normalised: names as capital letters with what the registry knows of them, and identifiers told
//! apart. What is no identifier (placeholders, DEA numbers) is nothing given.

use domain::{Board, MonthDay};

use crate::keys::{name_key, state_number};
use crate::names::{self, Column, Suffix, head, joined};
use crate::nicknames::{Forms, forms_of};
use crate::npi::{npi_check_digit_ok, npi_value};
use crate::numbers::{Number, digit_for, is_dea_number, without_spreadsheet_marks};
use crate::query::{Query, Teller};
use crate::records::{NameNumber, Names};
use crate::spelling::sound;

/// One name as given.
#[derive(Debug, Clone)]
pub(crate) struct GivenName {
    pub(crate) spaced: String,
    pub(crate) key: u64,
    pub(crate) head_key: u64,
    pub(crate) sound: u32,
    pub(crate) forms: Forms,
    /// The name and its first token in the registry's table, if anyone there has them.
    pub(crate) number: Option<NameNumber>,
    pub(crate) head_number: Option<NameNumber>,
}

impl GivenName {
    fn new(spaced: String, registry: &Names) -> Self {
        let first = head(&spaced);
        let number = registry.find(&spaced);
        let (head_key, head_number) = if first.len() == spaced.len() {
            (name_key(&spaced), number)
        } else {
            (name_key(first), registry.find(first))
        };
        Self {
            key: name_key(&spaced),
            head_key,
            sound: sound(joined(&spaced)),
            forms: forms_of(first),
            number,
            head_number,
            spaced,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.spaced.is_empty()
    }

    pub(crate) fn head(&self) -> &str {
        head(&self.spaced)
    }

    /// Tokens behind the first: possible middle names.
    pub(crate) fn rest(&self) -> impl Iterator<Item = &str> {
        self.spaced.split(' ').skip(1)
    }

    pub(crate) fn initial(&self) -> u8 {
        self.spaced.bytes().next().unwrap_or(0)
    }
}

/// An NPI as typed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct GivenNpi {
    /// Missing when it has not the shape of one; it can still be one digit off.
    pub(crate) value: Option<u32>,
    pub(crate) digits: Number,
    pub(crate) check_digit_ok: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Given {
    pub(crate) first: GivenName,
    pub(crate) last: GivenName,
    pub(crate) middle: String,
    pub(crate) former: Vec<GivenName>,
    pub(crate) suffix: Suffix,
    /// 0 to 365.
    pub(crate) day: Option<u16>,
    /// Month and day exchanged, if that is another day.
    pub(crate) swapped_day: Option<u16>,
    pub(crate) birth: Option<MonthDay>,
    pub(crate) state: Option<u16>,
    pub(crate) license: Option<Number>,
    /// How many physicians have that license in that state.
    pub(crate) license_owners: u32,
    pub(crate) npi: Option<GivenNpi>,
    /// The other thing that column H may have meant: what was read as a license may be an NPI with a digit lost,
    /// added or wrong in front, and what was read as an NPI a license with a slip.
    pub(crate) other: Option<Other>,
    pub(crate) board: Option<(Board, Number)>,
    pub(crate) teller: Teller,
}

impl Given {
    /// `owners` says how many physicians have a license of that number in a state.
    pub(crate) fn read(query: &Query, registry: &Names, owners: impl Fn(u16, Number) -> u32) -> Self {
        let (first, last) = names::read_both(&query.first, &query.last);
        let middle = names::read(&query.middle, Column::First);
        let suffix = [Suffix::read(&query.suffix), last.suffix, first.suffix, middle.suffix];
        let last = GivenName::new(last.spaced, registry);
        let state = query.state.map(state_number);
        let npi = query.npi.as_deref().and_then(read_npi);
        let column = query.identifier.as_deref().map(|text| ColumnH::read(text, state, last.initial(), owners));
        let ColumnH { license, license_owners, npi: npi_in_column, other } = column.unwrap_or_default();
        let other = other.filter(|_| npi.is_none());
        let npi = npi.or(npi_in_column);
        let birth = query.birth;
        Self {
            first: GivenName::new(first.spaced, registry),
            middle: middle.spaced,
            former: query
                .former_last
                .iter()
                .map(|former| names::read(former, Column::Last).spaced)
                .filter(|former| !former.is_empty() && *former != last.spaced)
                .map(|former| GivenName::new(former, registry))
                .collect(),
            last,
            suffix: suffix.into_iter().find(|s| *s != Suffix::None).unwrap_or_default(),
            day: birth.map(MonthDay::ordinal),
            swapped_day: birth
                .and_then(|birth| MonthDay::new(birth.day(), birth.month()))
                .filter(|swapped| Some(*swapped) != birth)
                .map(MonthDay::ordinal),
            birth,
            state,
            license,
            license_owners,
            npi,
            other,
            board: query.board.as_ref().and_then(|(board, number)| Some((*board, Number::read(number)?))),
            teller: query.teller,
        }
    }

    /// Whether anything was given that belongs to one person only.
    pub(crate) fn has_identifier(&self) -> bool {
        self.license.is_some() || self.npi.is_some() || self.board.is_some()
    }

    /// The same with first and last name in each other's place.
    pub(crate) fn exchanged(&self) -> Self {
        let mut out = self.clone();
        std::mem::swap(&mut out.first, &mut out.last);
        out.first.forms = forms_of(out.first.head());
        out.last.forms = forms_of(out.last.head());
        out
    }
}

/// A second reading of column H.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Other {
    License(Number),
    Npi(GivenNpi),
}

/// What the column for a license number or an NPI holds.
#[derive(Debug, Default)]
struct ColumnH {
    license: Option<Number>,
    license_owners: u32,
    npi: Option<GivenNpi>,
    other: Option<Other>,
}

impl ColumnH {
    /// Ten digits are a license first, where `owners` says that the state has it, then an NPI.
    fn read(text: &str, state: Option<u16>, last_initial: u8, owners: impl Fn(u16, Number) -> u32) -> Self {
        let mut out = Self::default();
        for part in parts(text) {
            let Some(number) = Number::read(part) else { continue };
            let digits = npi_digits(part);
            let npi = digits.as_deref().and_then(read_npi);
            let owners = state.map_or(0, |state| owners(state, number));
            let like_npi = digits.as_deref().and_then(npi_value).is_some();
            if owners > 0 {
                (out.license, out.license_owners) = (Some(number), owners);
            } else if like_npi {
                out.npi = out.npi.or(npi);
                out.other = Some(Other::License(number));
            } else if !is_dea_number(part, last_initial) && out.license.is_none() {
                out.license = Some(number);
                out.other = npi.map(Other::Npi);
            }
        }
        if out.license.is_some() && out.npi.is_some() {
            out.other = None;
        }
        out
    }
}

/// A cell may hold a license and an NPI, or two licenses: its parts, if more than one of them looks like a number.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    const MARKS: [char; 5] = [';', ',', '|', '/', '&'];
    let is_number = |part: &&str| part.bytes().filter(u8::is_ascii_digit).count() >= 4;
    let several = text.contains(MARKS) && text.split(MARKS).filter(is_number).count() > 1;
    let whole = (!several).then_some(text);
    let each = several.then(|| text.split(MARKS).filter(is_number));
    whole.into_iter().chain(each.into_iter().flatten())
}

/// The digits of what may be an NPI: no letters but those that are mistaken for digits, and a word `NPI` in front.
fn npi_digits(text: &str) -> Option<String> {
    let text = without_spreadsheet_marks(text)?;
    let text = text.trim_start_matches(['N', 'P', 'I', 'n', 'p', 'i', ' ', '#', ':', '.']);
    let mut digits = String::with_capacity(text.len());
    let mut mistaken = 0;
    for c in text.chars().filter(|c| c.is_alphanumeric()) {
        let digit = digit_for(c);
        mistaken += u32::from(!c.is_ascii_digit());
        digits.push(digit?);
    }
    (mistaken <= 2).then_some(digits)
}

fn read_npi(text: &str) -> Option<GivenNpi> {
    let digits: String = text.chars().filter_map(|c| c.to_digit(10)).filter_map(|d| char::from_digit(d, 10)).collect();
    let number = Number::read(&digits).filter(|_| (9..=11).contains(&digits.len()))?;
    Some(GivenNpi { value: npi_value(&digits), digits: number, check_digit_ok: npi_check_digit_ok(&digits) })
}
