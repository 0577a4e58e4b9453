//! The town's physicians: licenses in the forms of their states, and families that live side by side.

use domain::{Board, MonthDay, PhysicianId, State};
use matching::Physician;
use uuid::Uuid;

use super::Chance;
use super::names::{Origin, origin};

/// States with the form of their numbers: `#` is the running number, zero-filled to the width.
const STATES: &[(&str, usize, &str, usize)] = &[
    ("CA", 12, "A#", 6),
    ("NY", 9, "#", 6),
    ("TX", 8, "K#", 4),
    ("FL", 7, "ME#", 6),
    ("PA", 6, "MD#L", 6),
    ("IL", 5, "036.#", 6),
    ("OH", 5, "35.#", 6),
    ("MA", 4, "#", 6),
    ("MI", 4, "4301#", 6),
    ("NJ", 4, "25MA0#00", 5),
    ("NC", 3, "20#", 5),
    ("VA", 3, "0101#", 6),
    ("GA", 3, "#", 6),
    ("WA", 3, "MD6#", 7),
    ("IN", 2, "01#A", 6),
    ("WI", 2, "#-20", 5),
    ("UT", 1, "#-1205", 7),
    ("VT", 1, "042.#", 7),
    ("KS", 1, "04-#", 5),
    ("DE", 1, "C1-#", 7),
    ("MN", 2, "#", 5),
    ("AZ", 2, "#", 5),
];
const BOARDS: &[&str] = &["ABIM", "ABP", "ABA", "ABS"];

/// Who is whose relative: places in the list of people.
pub(crate) struct Town {
    pub(crate) people: Vec<Physician>,
    /// The relative with whom a person may be mixed up: a twin, a parent of the same name, a spouse.
    pub(crate) relative: Vec<Option<usize>>,
    pub(crate) is_woman: Vec<bool>,
}

pub(crate) fn birthday(chance: &mut Chance) -> Option<MonthDay> {
    MonthDay::new(1 + chance.below(12) as u8, 1 + chance.below(28) as u8)
}

/// A state by its share of the town.
pub(crate) fn state(chance: &mut Chance) -> usize {
    let all: usize = STATES.iter().map(|state| state.1).sum();
    let mut place = chance.below(all);
    for (at, state) in STATES.iter().enumerate() {
        if place < state.1 {
            return at;
        }
        place -= state.1;
    }
    0
}

pub(crate) fn state_code(state: usize) -> State {
    State::read(STATES[state].0).unwrap()
}

pub(crate) fn license(state: usize, number: usize, chance: &mut Chance) -> String {
    let (code, _, form, width) = STATES[state];
    let form = if code == "CA" { form.replace('A', chance.pick(&["A", "C", "G"])) } else { form.to_owned() };
    form.replace('#', &format!("{number:0width$}"))
}

/// An NPI with its check digit.
pub(crate) fn npi(chance: &mut Chance) -> String {
    let nine = format!("1{:08}", chance.below(100_000_000));
    (0..10).map(|check| format!("{nine}{check}")).find(|npi| matching::npi_check_digit_ok(npi)).unwrap()
}

pub(crate) fn id(place: usize) -> PhysicianId {
    PhysicianId::new(Uuid::from_u128(place as u128 + 1))
}

pub(crate) fn town(seed: u64, count: usize) -> Town {
    let mut chance = Chance(seed);
    let mut town = Town { people: Vec::with_capacity(count), relative: Vec::new(), is_woman: Vec::new() };
    let mut given_out = vec![0usize; STATES.len()];
    let mut home: (usize, &'static Origin) = (0, origin(&mut chance));
    for place in 0..count {
        let chance = &mut chance;
        let related = place > 0 && chance.permille(30) && town.relative[place - 1].is_none();
        let kind = chance.below(4);
        if !related {
            home = (state(chance), origin(chance));
        }
        let (state, origin) = home;
        let woman = match (related, kind) {
            (true, 0 | 2) => town.is_woman[place - 1],
            (true, 3) => !town.is_woman[place - 1],
            _ => chance.permille(400),
        };
        let mut person = Physician {
            first: origin.first(woman, chance),
            middle: if chance.permille(700) { origin.first(woman, chance) } else { String::new() },
            last: origin.last(chance),
            birth: birthday(chance),
            npi: (!chance.permille(30)).then(|| npi(chance)),
            ..Physician::new(id(place))
        };
        if chance.permille(if woman { 60 } else { 15 }) {
            let separator = if chance.permille(600) { "-" } else { " " };
            person.last = format!("{}{separator}{}", person.last, origin.last(chance));
        }
        if woman && chance.permille(150) {
            person.former_last.push(origin.last(chance));
        }
        if related && let Some(other) = town.people.get_mut(place - 1) {
            person.last.clone_from(&other.last);
            match kind {
                // twins
                0 | 1 => {
                    person.birth = other.birth;
                    while person.first == other.first {
                        person.first = origin.first(woman, chance);
                    }
                }
                // parent and child of one name; half of them say so
                2 => {
                    person.first.clone_from(&other.first);
                    if chance.permille(500) {
                        person.suffix = "Jr".into();
                        other.suffix = "Sr".into();
                    }
                }
                // husband and wife
                _ => {}
            }
        }
        let mut states = vec![state];
        while chance.permille(250) && states.len() < 5 {
            let next = self::state(chance);
            if !states.contains(&next) {
                states.push(next);
            }
        }
        for at in states {
            given_out[at] += if related { 1 } else { 1 + chance.below(3) };
            person.licenses.push((state_code(at), license(at, given_out[at], chance)));
        }
        if chance.permille(700) {
            // boards give out numbers in order, and two people may have one
            let number = format!("{:06}", 100_000 + place * 3 % 700_000 + chance.below(3));
            person.certifications.push((Board::read(chance.pick(BOARDS)).unwrap(), number));
        }
        town.relative.push(related.then(|| place - 1));
        if related && let Some(other) = town.relative.get_mut(place - 1) {
            *other = Some(place);
        }
        town.is_woman.push(woman);
        town.people.push(person);
    }
    town
}

/// How far the numbers of a state that nobody has begin.
pub(crate) fn unused(state: usize) -> usize {
    10usize.pow(STATES[state].3 as u32) - 1
}
