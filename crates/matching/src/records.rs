//! Physicians as columns: 36 bytes each, with names as numbers into one table and licenses, certifications and
//! former names as flat arrays. Physician numbers depend on the order of the registry; nothing that
//! decides may.

use domain::{Board, PhysicianId};
use rustc_hash::FxHashMap;

use crate::keys::{self, Kind, board_number, key, name_key, state_number};
use crate::license_forms::forms_of as license_forms_of;
use crate::names::{self, Column, Suffix, bearing_tokens, head, joined};
use crate::nicknames::{Forms, forms_of};
use crate::npi::npi_value;
use crate::numbers::Number;
use crate::physician::Physician;
use crate::spelling::sound;

/// The number of a name in [`Names`]; 0 is the empty name.
pub(crate) type NameNumber = u32;

/// What is known of a name before any comparison.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NameEntry {
    start: u32,
    end: u32,
    /// The name's first token, itself a name.
    pub(crate) head: NameNumber,
    pub(crate) sound: u32,
    /// Of the spelling without spaces and umlauts: see [`name_key`].
    pub(crate) key: u64,
    pub(crate) forms: Forms,
}

/// Every distinct name, once.
#[derive(Debug)]
pub(crate) struct Names {
    letters: String,
    entries: Vec<NameEntry>,
    numbers: FxHashMap<u64, NameNumber>,
}

impl Names {
    fn new() -> Self {
        let mut names = Self { letters: String::new(), entries: Vec::new(), numbers: FxHashMap::default() };
        names.add("");
        names
    }

    /// Where the name is, or the free place where it would be.
    fn place(&self, name: &str) -> (u64, Option<NameNumber>) {
        let mut hash = keys::hash_text(name.bytes());
        loop {
            match self.numbers.get(&hash) {
                Some(number) if self.text(*number) == name => return (hash, Some(*number)),
                // two names with one hash: the second lives next door
                Some(_) => hash = hash.wrapping_add(1),
                None => return (hash, None),
            }
        }
    }

    pub(crate) fn find(&self, name: &str) -> Option<NameNumber> {
        self.place(name).1
    }

    fn add(&mut self, name: &str) -> NameNumber {
        let (_, Some(number)) = self.place(name) else {
            let first = head(name);
            let first = if first.len() < name.len() { Some(self.add(first)) } else { None };
            let (hash, _) = self.place(name);
            let number = self.entries.len() as u32;
            let start = self.letters.len() as u32;
            self.letters.push_str(name);
            self.entries.push(NameEntry {
                start,
                end: self.letters.len() as u32,
                head: first.unwrap_or(number),
                sound: sound(joined(name)),
                key: name_key(name),
                forms: forms_of(name),
            });
            self.numbers.insert(hash, number);
            return number;
        };
        number
    }

    pub(crate) fn text(&self, number: NameNumber) -> &str {
        let entry = self.entry(number);
        &self.letters[entry.start as usize..entry.end as usize]
    }

    pub(crate) fn entry(&self, number: NameNumber) -> &NameEntry {
        &self.entries[number as usize]
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    fn bytes(&self) -> usize {
        // a slot of the map is 16 bytes and a control byte, at 7/8 full before it doubles
        self.letters.capacity() + self.entries.capacity() * size_of::<NameEntry>() + self.numbers.capacity() * 20
    }
}

/// No birthday.
const NO_DAY: u16 = u16::MAX;

#[derive(Debug, Clone, Copy)]
pub(crate) struct Record {
    pub(crate) first: NameNumber,
    pub(crate) middle: NameNumber,
    pub(crate) last: NameNumber,
    /// 0 for none.
    pub(crate) npi: u32,
    former_at: u32,
    license_at: u32,
    certification_at: u32,
    day: u16,
    formers: u8,
    licenses: u8,
    certifications: u8,
    suffix: u8,
    /// Replaced or removed since the table was frozen.
    pub(crate) gone: bool,
}

impl Record {
    /// Day of birth, 0 to 365.
    pub(crate) fn day(&self) -> Option<u16> {
        (self.day != NO_DAY).then_some(self.day)
    }

    pub(crate) fn suffix(&self) -> Suffix {
        Suffix::from_bits(self.suffix)
    }
}

/// A license; a state without a usable number is kept too.
#[derive(Debug, Clone, Copy)]
pub(crate) struct License {
    pub(crate) state: u16,
    pub(crate) number: Option<Number>,
}

#[derive(Debug)]
pub(crate) struct Records {
    pub(crate) names: Names,
    ids: Vec<PhysicianId>,
    people: Vec<Record>,
    formers: Vec<NameNumber>,
    license_states: Vec<u16>,
    /// 0 where the number was unusable.
    license_numbers: Vec<u64>,
    certification_boards: Vec<u8>,
    certification_numbers: Vec<u64>,
    boards: Vec<Board>,
}

impl Records {
    pub(crate) fn with_capacity(expected: usize) -> Self {
        Self {
            names: Names::new(),
            ids: Vec::with_capacity(expected),
            people: Vec::with_capacity(expected),
            formers: Vec::new(),
            license_states: Vec::new(),
            license_numbers: Vec::new(),
            certification_boards: Vec::new(),
            certification_numbers: Vec::new(),
            boards: Vec::new(),
        }
    }

    /// Adds a physician and answers their number. Beyond 255 former names, licenses or certifications of one
    /// person the rest is left out: no person has so many.
    pub(crate) fn push(&mut self, physician: &Physician) -> u32 {
        let most = usize::from(u8::MAX);
        let last = names::read(&physician.last, Column::Last);
        let first = names::read(&physician.first, Column::First);
        let suffix = [Suffix::read(&physician.suffix), last.suffix, first.suffix];
        let suffix = suffix.into_iter().find(|s| *s != Suffix::None).unwrap_or_default();
        let (former_at, license_at, certification_at) =
            (self.formers.len(), self.license_states.len(), self.certification_boards.len());
        for former in physician.former_last.iter().take(most) {
            let former = names::read(former, Column::Last).spaced;
            if !former.is_empty() && former != last.spaced {
                let number = self.names.add(&former);
                self.formers.push(number);
            }
        }
        for (state, number) in physician.licenses.iter().take(most) {
            self.license_states.push(state_number(*state));
            self.license_numbers.push(Number::read(number).map_or(0, Number::raw));
        }
        for (board, number) in physician.certifications.iter().take(most) {
            let known = self.boards.iter().position(|known| known == board).unwrap_or_else(|| {
                self.boards.push(*board);
                self.boards.len() - 1
            });
            if let (Ok(board), Some(number)) = (u8::try_from(known), Number::read(number)) {
                self.certification_boards.push(board);
                self.certification_numbers.push(number.raw());
            }
        }
        let npi: String = physician.npi.iter().flat_map(|npi| npi.chars()).filter(char::is_ascii_digit).collect();
        self.people.push(Record {
            first: self.names.add(&first.spaced),
            middle: self.names.add(&names::read(&physician.middle, Column::First).spaced),
            last: self.names.add(&last.spaced),
            npi: npi_value(&npi).unwrap_or(0),
            former_at: former_at as u32,
            license_at: license_at as u32,
            certification_at: certification_at as u32,
            day: physician.birth.map_or(NO_DAY, |birth| birth.ordinal()),
            formers: (self.formers.len() - former_at) as u8,
            licenses: (self.license_states.len() - license_at) as u8,
            certifications: (self.certification_boards.len() - certification_at) as u8,
            suffix: suffix as u8,
            gone: false,
        });
        self.ids.push(physician.id);
        (self.ids.len() - 1) as u32
    }

    /// The same physicians without those that are gone.
    pub(crate) fn without_gone(self) -> Self {
        let mut out = Self { names: self.names, boards: self.boards, ..Self::with_capacity(self.ids.len()) };
        for (id, person) in self.ids.iter().zip(&self.people).filter(|(_, person)| !person.gone) {
            let formers = span(person.former_at, person.formers);
            let licenses = span(person.license_at, person.licenses);
            let certifications = span(person.certification_at, person.certifications);
            out.people.push(Record {
                former_at: out.formers.len() as u32,
                license_at: out.license_states.len() as u32,
                certification_at: out.certification_boards.len() as u32,
                ..*person
            });
            out.ids.push(*id);
            out.formers.extend_from_slice(&self.formers[formers]);
            out.license_states.extend_from_slice(&self.license_states[licenses.clone()]);
            out.license_numbers.extend_from_slice(&self.license_numbers[licenses]);
            out.certification_boards.extend_from_slice(&self.certification_boards[certifications.clone()]);
            out.certification_numbers.extend_from_slice(&self.certification_numbers[certifications]);
        }
        out
    }

    pub(crate) fn shrink(&mut self) {
        self.names.letters.shrink_to_fit();
        self.names.entries.shrink_to_fit();
        self.ids.shrink_to_fit();
        self.people.shrink_to_fit();
        self.formers.shrink_to_fit();
        self.license_states.shrink_to_fit();
        self.license_numbers.shrink_to_fit();
        self.certification_boards.shrink_to_fit();
        self.certification_numbers.shrink_to_fit();
    }

    /// All numbers, those gone included.
    pub(crate) fn numbers(&self) -> std::ops::Range<u32> {
        0..self.ids.len() as u32
    }

    pub(crate) fn id(&self, number: u32) -> PhysicianId {
        self.ids[number as usize]
    }

    pub(crate) fn get(&self, number: u32) -> &Record {
        &self.people[number as usize]
    }

    pub(crate) fn mark_gone(&mut self, number: u32) {
        self.people[number as usize].gone = true;
    }

    pub(crate) fn former(&self, record: &Record) -> &[NameNumber] {
        &self.formers[span(record.former_at, record.formers)]
    }

    pub(crate) fn licenses(&self, record: &Record) -> impl Iterator<Item = License> + Clone {
        let range = span(record.license_at, record.licenses);
        let numbers = self.license_numbers[range.clone()].iter();
        self.license_states[range]
            .iter()
            .zip(numbers)
            .map(|(state, number)| License { state: *state, number: Number::from_raw(*number) })
    }

    pub(crate) fn certifications(&self, record: &Record) -> impl Iterator<Item = (Board, Number)> + Clone {
        let range = span(record.certification_at, record.certifications);
        let numbers = self.certification_numbers[range.clone()].iter();
        self.certification_boards[range]
            .iter()
            .zip(numbers)
            .filter_map(|(board, number)| Some((*self.boards.get(usize::from(*board))?, Number::from_raw(*number)?)))
    }

    /// States in which the physician is licensed, each once.
    pub(crate) fn states(&self, record: &Record) -> impl Iterator<Item = u16> {
        let states = &self.license_states[span(record.license_at, record.licenses)];
        states.iter().enumerate().filter(|(at, state)| !states[..*at].contains(state)).map(|(_, state)| *state)
    }

    /// Every name that can stand as the physician's last name: current, its parts, former ones; as keys.
    fn each_last_key(&self, record: &Record, mut each: impl FnMut(u64)) {
        let last = self.names.entry(record.last).key;
        each(last);
        let text = self.names.text(record.last);
        if text.contains(' ') {
            bearing_tokens(text).map(name_key).filter(|token| *token != last).for_each(&mut each);
        }
        self.former(record).iter().map(|former| self.names.entry(*former).key).for_each(&mut each);
    }

    /// Every key under which the physician is found.
    pub(crate) fn each_key(&self, number: u32, mut each: impl FnMut(u64)) {
        let record = self.get(number);
        each(id_key(self.id(number)));
        for license in self.licenses(record) {
            if let Some(number) = license.number {
                each_license_key(license.state, number, &mut each);
                each(key(Kind::LicenseAnywhere, number.raw(), 0));
            }
        }
        if record.npi != 0 {
            each(key(Kind::Npi, u64::from(record.npi), 0));
        }
        self.certifications(record).for_each(|(board, number)| each(board_key(board, number)));
        let first = self.names.entry(self.names.entry(record.first).head).key;
        self.each_last_key(record, |last| {
            each(key(Kind::FullName, first, last));
            self.states(record).for_each(|state| each(keys::full_name_state(first, last, state)));
        });
        let Some(day) = record.day() else { return };
        self.each_last_key(record, |last| each(key(Kind::LastBirth, last, u64::from(day))));
        self.states(record).for_each(|state| each(keys::first_birth_state(first, day, state)));
        let initial = self.names.text(record.first).bytes().next().unwrap_or(0);
        each(keys::sound_birth(self.names.entry(record.last).sound, initial, day));
    }

    pub(crate) fn bytes(&self) -> usize {
        self.names.bytes()
            + self.ids.capacity() * size_of::<PhysicianId>()
            + self.people.capacity() * size_of::<Record>()
            + self.formers.capacity() * 4
            + self.license_states.capacity() * 2
            + self.license_numbers.capacity() * 8
            + self.certification_boards.capacity()
            + self.certification_numbers.capacity() * 8
    }
}

pub(crate) fn id_key(id: PhysicianId) -> u64 {
    let (high, low) = id.as_uuid().as_u64_pair();
    key(Kind::Id, high, low)
}

/// The keys of a license: its digits, and its running number where the state's form says which digits are that.
pub(crate) fn each_license_key(state: u16, number: Number, each: &mut impl FnMut(u64)) {
    let core = number.core();
    each(key(Kind::License, core, u64::from(state)));
    let mut earlier = [core; 2];
    for (running, _) in number.in_forms(license_forms_of(state)) {
        if !earlier.contains(&running) {
            earlier = [earlier[1], running];
            each(key(Kind::License, running, u64::from(state)));
        }
    }
}

pub(crate) fn board_key(board: Board, number: Number) -> u64 {
    key(Kind::Board, number.core(), board_number(board))
}

fn span(at: u32, length: u8) -> std::ops::Range<usize> {
    at as usize..at as usize + usize::from(length)
}
