//! Reports about the town, each with its truth and what went wrong in it.

use domain::{MonthDay, PhysicianId};
use matching::{Physician, Query};

use super::people::{Town, birthday, license, npi, state, state_code, unused};
use super::{Chance, names, slips};

macro_rules! faults {
    ($($name:ident = $share:literal),+ $(,)?) => {
        /// What went wrong. The number is how often it does, of all that goes wrong.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum Fault {
            Clean,
            $($name,)+
        }

        const FAULTS: &[(Fault, usize)] = &[$((Fault::$name, $share)),+];
    };
}

faults! {
    ShortForm = 30, Respelled = 30, FirstScanned = 12, FirstKeyed = 12, Initial = 12, InitialAndMiddle = 10, MiddleAsFirst = 8,
    MiddleJoined = 10, MiddleBeforeLast = 5, LastScanned = 14, LastKeyed = 14, FormerName = 15, MarriedHyphen = 8, MarriedNew = 3,
    HalfOfDouble = 25, ParticleDropped = 6, Swapped = 6, BothInLast = 5, TitleAndDegree = 15, SuffixAnywhere = 10, Disguised = 8,
    DayOff = 10, DaySwapped = 8, MonthOff = 4, DayOfRowAbove = 2, NoBirth = 2, NoState = 6, WrongState = 8, OwnOtherState = 6,
    Rewritten = 60, NumberSlip = 14, NumberTwoSlips = 6, LettersForDigits = 8, Spreadsheet = 5, Dea = 4, NpiForLicense = 12,
    NpiSlip = 12, NumberOfRowAbove = 4, NumberOfRelative = 3, NumberOfAnyone = 4, BoardSlip = 4,
    Stranger = 14, Namesake = 14, NamesakeSameState = 10, NamesakeNearBirthday = 5, UnknownRelative = 8,
}

impl Fault {
    /// Reports of people whom the registry does not know.
    pub(crate) fn is_unregistered(self) -> bool {
        self >= Fault::Stranger
    }
}

pub(crate) struct Report {
    pub(crate) query: Query,
    /// `None` for somebody whom the registry does not know.
    pub(crate) truth: Option<PhysicianId>,
    pub(crate) faults: [Fault; 2],
    pub(crate) has_identifier: bool,
}

fn fault(chance: &mut Chance) -> Fault {
    let all: usize = FAULTS.iter().map(|(_, share)| share).sum();
    let mut place = chance.below(all);
    for (fault, share) in FAULTS {
        if place < *share {
            return *fault;
        }
        place -= share;
    }
    Fault::Clean
}

pub(crate) fn reports(town: &Town, seed: u64, count: usize) -> Vec<Report> {
    let mut chance = Chance(seed);
    let mut above: Option<Query> = None;
    (0..count)
        .map(|_| {
            let report = report(town, above.as_ref(), &mut chance);
            above = Some(report.query.clone());
            report
        })
        .collect()
}

/// A row as the physician's own office would send it.
fn clean(person: &Physician, chance: &mut Chance) -> Query {
    let (state, number) = person.licenses[chance.below(person.licenses.len())].clone();
    let mut query = Query {
        first: person.first.clone(),
        last: person.last.clone(),
        birth: person.birth,
        state: Some(state),
        ..Query::default()
    };
    let board = person.certifications.first().cloned();
    match chance.below(100) {
        0..55 => query.identifier = Some(number),
        55..75 => {}
        75..83 if person.npi.is_some() => {
            query.identifier.clone_from(&person.npi);
            query.state = query.state.filter(|_| chance.permille(500));
        }
        83..95 if board.is_some() => query.board = board,
        _ => {
            query.identifier = Some(number);
            query.board = board;
        }
    }
    query
}

fn report(town: &Town, above: Option<&Query>, chance: &mut Chance) -> Report {
    let place = chance.below(town.people.len());
    let person = &town.people[place];
    let mut query = clean(person, chance);
    let wanted = if chance.permille(400) { 1 + usize::from(chance.permille(120)) } else { 0 };
    let mut faults = [Fault::Clean; 2];
    for at in 0..wanted {
        // not every fault can happen to every row: try again, a few times
        for _ in 0..6 {
            let fault = fault(chance);
            let first = at == 0 || (!fault.is_unregistered() && !faults[0].is_unregistered());
            if first && fault != faults[0] && apply(fault, &mut query, town, place, above, chance) {
                faults[at] = fault;
                break;
            }
        }
    }
    if query.identifier.is_some() && chance.permille(50) {
        query.last = query.last.to_uppercase();
    }
    let truth = (!faults[0].is_unregistered()).then_some(person.id);
    let has_identifier = query.identifier.is_some() || query.board.is_some();
    Report { query, truth, faults, has_identifier }
}

/// Puts a changed text in its place; no, if there was none or it stayed as it was.
fn put(place: &mut String, changed: Option<String>) -> bool {
    let changed = changed.filter(|changed| changed != place && !changed.trim().is_empty());
    let done = changed.is_some();
    *place = changed.unwrap_or_else(|| std::mem::take(place));
    done
}

fn put_number(place: &mut Option<String>, change: impl FnOnce(&str) -> String) -> bool {
    let Some(number) = place else { return false };
    let changed = change(number);
    put(number, Some(changed))
}

fn apply(fault: Fault, row: &mut Query, town: &Town, at: usize, above: Option<&Query>, chance: &mut Chance) -> bool {
    let person = &town.people[at];
    let is_npi = row.identifier.is_some() && row.identifier == person.npi;
    let is_license = row.identifier.is_some() && !is_npi;
    let code = row.state.map(|state| state.code().to_owned()).unwrap_or_default();
    match fault {
        Fault::Clean => true,
        Fault::ShortForm => put(&mut row.first, slips::short_form(&person.first)),
        Fault::Respelled => {
            let first = slips::respelled(&row.first, chance);
            put(&mut row.first, first) || put(&mut row.last, slips::respelled(&person.last, chance))
        }
        Fault::FirstScanned => {
            person.first.is_ascii() && put(&mut row.first, Some(slips::scanned(&person.first, chance)))
        }
        Fault::FirstKeyed => put(&mut row.first, Some(slips::keyboard(&person.first, chance))),
        Fault::Initial => put(&mut row.first, person.first.chars().next().map(|c| format!("{c}."))),
        Fault::InitialAndMiddle => {
            let initial = person.first.chars().next().filter(|_| !person.middle.is_empty());
            put(&mut row.first, initial.map(|c| format!("{c}. {}", person.middle)))
        }
        Fault::MiddleAsFirst => put(&mut row.first, Some(person.middle.clone())),
        Fault::MiddleJoined => {
            !person.middle.is_empty() && put(&mut row.first, Some(format!("{} {}", person.first, person.middle)))
        }
        Fault::MiddleBeforeLast => {
            !person.middle.is_empty() && put(&mut row.last, Some(format!("{} {}", person.middle, person.last)))
        }
        Fault::LastScanned => person.last.is_ascii() && put(&mut row.last, Some(slips::scanned(&person.last, chance))),
        Fault::LastKeyed => put(&mut row.last, Some(slips::keyboard(&person.last, chance))),
        Fault::FormerName => put(&mut row.last, person.former_last.first().cloned()),
        Fault::MarriedHyphen => {
            put(&mut row.last, Some(format!("{}-{}", person.last, names::origin(chance).last(chance))))
        }
        Fault::MarriedNew => town.is_woman[at] && put(&mut row.last, Some(names::origin(chance).last(chance))),
        Fault::HalfOfDouble => {
            let parts: Vec<&str> = person.last.split(['-', ' ']).filter(|part| part.len() > 3).collect();
            parts.len() > 1 && put(&mut row.last, Some(parts[chance.below(parts.len())].to_owned()))
        }
        Fault::ParticleDropped => {
            let rest = ["de la ", "del ", "de ", "Al ", "El ", "von ", "van der ", "Van ", "O'", "Mc"]
                .iter()
                .find_map(|p| person.last.strip_prefix(p));
            put(&mut row.last, rest.map(str::to_owned))
        }
        Fault::Swapped => {
            std::mem::swap(&mut row.first, &mut row.last);
            row.first != row.last
        }
        Fault::BothInLast => put(&mut row.last, Some(format!("{}, {}", person.last, person.first))),
        Fault::TitleAndDegree => {
            if chance.permille(300) {
                put(&mut row.first, Some(format!("Dr. {}", person.first)))
            } else {
                let degree = chance.pick(&["MD", "M.D.", "MD, PhD", "D.O.", "MD FACP", "M D"]);
                put(&mut row.last, Some(format!("{}, {degree}", person.last)))
            }
        }
        Fault::SuffixAnywhere => {
            let suffix = if person.suffix.is_empty() { return false } else { &person.suffix };
            match chance.below(3) {
                0 => put(&mut row.last, Some(format!("{}, {suffix}.", person.last))),
                1 => put(&mut row.first, Some(format!("{} {suffix}", person.first))),
                _ => put(&mut row.suffix, Some(suffix.clone())),
            }
        }
        Fault::Disguised => {
            let place = if chance.permille(500) { &mut row.first } else { &mut row.last };
            let changed = place.is_ascii().then(|| slips::disguised(place, chance));
            put(place, changed)
        }
        Fault::DayOff => change_birth(row, |birth| MonthDay::new(birth.month(), birth.day() % 28 + 1)),
        Fault::DaySwapped => change_birth(row, |birth| MonthDay::new(birth.day(), birth.month())),
        Fault::MonthOff => change_birth(row, |birth| MonthDay::new(birth.month() % 12 + 1, birth.day().min(28))),
        Fault::DayOfRowAbove => change_birth(row, |_| above.and_then(|above| above.birth)),
        Fault::NoBirth => row.birth.take().is_some(),
        Fault::NoState => (is_npi || row.board.is_some() || is_license) && row.state.take().is_some(),
        Fault::WrongState => {
            let wrong = Some(state_code(state(chance)));
            wrong != std::mem::replace(&mut row.state, wrong)
        }
        Fault::OwnOtherState => {
            // the number of one license beside the state of another
            let other =
                person.licenses.iter().find(|(theirs, _)| Some(*theirs) != row.state).map(|(theirs, _)| *theirs);
            is_license && other.is_some() && std::mem::replace(&mut row.state, other).is_some()
        }
        Fault::Rewritten => {
            is_license && put_number(&mut row.identifier, |number| slips::rewritten(number, &code, chance))
        }
        Fault::NumberSlip => is_license && put_number(&mut row.identifier, |number| slips::digit_slip(number, chance)),
        Fault::NumberTwoSlips => {
            is_license
                && put_number(&mut row.identifier, |number| {
                    slips::digit_slip(&slips::digit_slip(number, chance), chance)
                })
        }
        Fault::LettersForDigits => put_number(&mut row.identifier, |number| slips::letters_for_digits(number, chance)),
        Fault::Spreadsheet => put_number(&mut row.identifier, |number| {
            let kind = chance.below(4);
            match number.bytes().all(|b| b.is_ascii_digit()) {
                true if kind == 0 && number.len() > 7 => {
                    format!("{}.{}E+{:02}", &number[..1], &number[1..6], number.len() - 1)
                }
                true if kind < 3 => format!("{}.0", number.trim_start_matches('0')),
                _ => format!("'{number}"),
            }
        }),
        Fault::Dea => put_number(&mut row.identifier, |_| {
            let initial = person.last.bytes().next().unwrap_or(b'X').to_ascii_uppercase() as char;
            let digits: Vec<usize> = (0..6).map(|_| chance.below(10)).collect();
            let sum = digits[0] + digits[2] + digits[4] + 2 * (digits[1] + digits[3] + digits[5]);
            format!("B{initial}{}{}", digits.iter().map(usize::to_string).collect::<String>(), sum % 10)
        }),
        Fault::NpiForLicense => {
            is_license
                && person.npi.is_some()
                && put_number(&mut row.identifier, |_| person.npi.clone().unwrap_or_default())
        }
        Fault::NpiSlip => {
            let given = person.npi.as_ref().filter(|_| row.identifier.is_some());
            given.is_some_and(|npi| put_number(&mut row.identifier, |_| slips::digit_slip(npi, chance)))
        }
        Fault::NumberOfRowAbove => {
            let number = above.and_then(|above| above.identifier.clone()).filter(|_| row.identifier.is_some());
            number.is_some_and(|number| put_number(&mut row.identifier, |_| number))
        }
        Fault::NumberOfRelative | Fault::NumberOfAnyone => {
            let other = match fault {
                Fault::NumberOfRelative => town.relative[at],
                _ => Some(chance.below(town.people.len())),
            };
            let Some((state, number)) =
                other.filter(|_| is_license).map(|other| town.people[other].licenses[0].clone())
            else {
                return false;
            };
            row.state = Some(state);
            put_number(&mut row.identifier, |_| number)
        }
        Fault::BoardSlip => row.board.as_mut().is_some_and(|(_, number)| {
            let changed = slips::digit_slip(number, chance);
            put(number, Some(changed))
        }),
        Fault::Stranger => {
            let origin = names::origin(chance);
            row.first = origin.first(chance.permille(400), chance);
            row.last = origin.last(chance);
            row.birth = birthday(chance);
            unknown_identifiers(row, chance)
        }
        Fault::Namesake => {
            row.state = Some(state_code(state(chance)));
            row.birth = birthday(chance);
            unknown_identifiers(row, chance)
        }
        Fault::NamesakeSameState => {
            row.birth = birthday(chance);
            unknown_identifiers(row, chance)
        }
        Fault::NamesakeNearBirthday => {
            // the same day of another month
            let day = row.birth.map_or(1, MonthDay::day);
            row.birth =
                MonthDay::new(1 + chance.below(12) as u8, day.min(28)).filter(|birth| Some(*birth) != person.birth);
            row.birth.is_some() && unknown_identifiers(row, chance)
        }
        Fault::UnknownRelative => {
            // a brother, wife or child who is no physician here: the same family name and state
            row.first = names::origin(chance).first(chance.permille(500), chance);
            row.birth = birthday(chance);
            row.first != person.first && unknown_identifiers(row, chance)
        }
    }
}

fn change_birth(row: &mut Query, change: impl FnOnce(MonthDay) -> Option<MonthDay>) -> bool {
    let changed = row.birth.and_then(change).filter(|changed| Some(*changed) != row.birth);
    row.birth = changed.or(row.birth);
    changed.is_some()
}

/// Identifiers of the same kinds that nobody in the registry has.
fn unknown_identifiers(row: &mut Query, chance: &mut Chance) -> bool {
    let at = state(chance);
    let state = *row.state.get_or_insert_with(|| state_code(at));
    if let Some(number) = &mut row.identifier {
        let is_npi = number.len() == 10 && number.bytes().all(|b| b.is_ascii_digit());
        let place = (0..22).find(|place| state_code(*place) == state).unwrap_or(at);
        *number =
            if is_npi { npi(chance) } else { license(place, unused(place) - chance.below(unused(place) / 9), chance) };
    }
    if let Some((_, number)) = &mut row.board {
        *number = format!("9{:06}", chance.below(1_000_000));
    }
    true
}
