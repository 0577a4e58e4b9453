//! A query, normalised: names as capital letters with what the registry knows of them, and identifiers told
//! apart. What is no identifier (placeholders, DEA numbers) is nothing given.

use domain::{Board, MonthDay};

use crate::keys::{name_key, state_number};
use crate::names::{self, Column, Suffix, head, joined};
use crate::nicknames::{Forms, forms_of};
use crate::npi::{npi_check_digit_ok, npi_value};
use crate::numbers::{Number, is_dea_number};
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
    pub(crate) npi: Option<GivenNpi>,
    pub(crate) board: Option<(Board, Number)>,
    pub(crate) teller: Teller,
}

impl Given {
    /// `licensed` says whether a state has a license of that number: ten digits are a license first, then an NPI.
    pub(crate) fn read(query: &Query, registry: &Names, licensed: impl Fn(u16, Number) -> bool) -> Self {
        let first = names::read(&query.first, Column::First);
        let last = names::read(&query.last, Column::Last);
        let suffix = [Suffix::read(&query.suffix), last.suffix, first.suffix];
        let last = GivenName::new(last.spaced, registry);
        let state = query.state.map(state_number);
        let text = query.identifier.as_deref().unwrap_or_default();
        let (mut license, mut npi) = (None, query.npi.as_deref().and_then(read_npi));
        if let Some(number) = Number::read(text) {
            let known = state.is_some_and(|state| licensed(state, number));
            let like_npi = npi_value(text.trim()).is_some();
            if known || (!like_npi && !is_dea_number(text, last.initial())) {
                license = Some(number);
            } else if like_npi {
                npi = npi.or_else(|| read_npi(text));
            }
        }
        let birth = query.birth;
        Self {
            first: GivenName::new(first.spaced, registry),
            middle: names::read(&query.middle, Column::First).spaced,
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
            npi,
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

fn read_npi(text: &str) -> Option<GivenNpi> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let number = Number::read(&digits).filter(|_| (9..=11).contains(&digits.len()))?;
    Some(GivenNpi { value: npi_value(&digits), digits: number, check_digit_ok: npi_check_digit_ok(&digits) })
}
