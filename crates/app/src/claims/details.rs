//! What a claimant types: read with a fault beside each field, and put to the identity engine. Of
//! license, NPI and certification the first that was filled in counts.

use domain::{Board, MonthDay, State};
use matching::{Query, Teller};
use serde::Serialize;

use crate::accounts::check_email;
use crate::{Error, Fault, Result};

/// The form as it was typed; field names are the form's.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    pub first: String,
    pub last: String,
    pub birth_month: String,
    pub birth_day: String,
    pub state: String,
    pub license: String,
    pub npi: String,
    pub board: String,
    pub diplomate_id: String,
    pub email: String,
}

/// What proves the claim beside name and birthday.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proof {
    License(State, String),
    Npi(String),
    Board(Board, String),
}

/// A claim whose form is in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    pub first: String,
    pub last: String,
    pub birth: MonthDay,
    pub proof: Proof,
    pub email: String,
}

#[derive(Serialize)]
struct Stored<'a> {
    first: &'a str,
    last: &'a str,
    birth: String,
    /// The state, the board's code, or `NPI`.
    issuer: String,
    number: &'a str,
}

impl Claim {
    /// Reads the form; all faults at once.
    pub fn read(typed: &Typed) -> Result<Self> {
        let mut faults = Vec::new();
        let first = name("first", "first", &typed.first, &mut faults);
        let last = name("last", "last", &typed.last, &mut faults);
        let birth = birth(&typed.birth_month, &typed.birth_day);
        if birth.is_none() {
            faults.push(Fault::new("birth_month", "Enter month and day of birth as numbers, such as 4 and 28."));
        }
        let proof = proof(typed, &mut faults);
        let email = match check_email(&typed.email) {
            Ok(email) => email.to_owned(),
            Err(Error::Invalid(more)) => {
                faults.extend(more);
                String::new()
            }
            Err(other) => return Err(other),
        };
        match (birth, proof) {
            (Some(birth), Some(proof)) if faults.is_empty() => Ok(Self { first, last, birth, proof, email }),
            _ => Err(Error::Invalid(faults)),
        }
    }

    /// The question to the identity engine.
    pub(super) fn query(&self) -> Query {
        let mut query = Query {
            first: self.first.clone(),
            last: self.last.clone(),
            birth: Some(self.birth),
            teller: Teller::Report,
            ..Query::default()
        };
        match &self.proof {
            Proof::License(state, number) => {
                query.state = Some(*state);
                query.identifier = Some(number.clone());
            }
            Proof::Npi(npi) => query.npi = Some(npi.clone()),
            Proof::Board(board, id) => query.board = Some((*board, id.clone())),
        }
        query
    }

    pub(super) fn to_json(&self) -> Result<String> {
        let (issuer, number) = self.proof.parts();
        let stored = Stored { first: &self.first, last: &self.last, birth: self.birth.to_string(), issuer, number };
        serde_json::to_string(&stored).map_err(|error| Error::Internal(error.to_string()))
    }
}

impl Proof {
    /// Who gave the number (the state, the board's code, or `NPI`), and the number as typed.
    pub(super) fn parts(&self) -> (String, &str) {
        match self {
            Self::License(state, number) => (state.code().to_owned(), number),
            Self::Npi(npi) => ("NPI".to_owned(), npi),
            Self::Board(board, id) => (board.code().to_owned(), id),
        }
    }
}

fn name(field: &'static str, which: &str, typed: &str, faults: &mut Vec<Fault>) -> String {
    let typed = typed.trim();
    if typed.is_empty() {
        faults.push(Fault::new(field, format!("Enter your {which} name as your license shows it.")));
    } else if typed.chars().count() > 100 || typed.chars().any(char::is_control) {
        faults.push(Fault::new(field, format!("Enter a {which} name of at most 100 letters, on one line.")));
    }
    typed.to_owned()
}

fn birth(month: &str, day: &str) -> Option<MonthDay> {
    MonthDay::new(month.trim().parse().ok()?, day.trim().parse().ok()?)
}

/// The first of license, NPI and certification that was filled in.
fn proof(typed: &Typed, faults: &mut Vec<Fault>) -> Option<Proof> {
    let filled = |fields: [&String; 2]| fields.iter().any(|field| !field.trim().is_empty());
    let number = |text: &str| text.trim().chars().take(40).collect::<String>();
    let mut fault = |field, message: &str| {
        faults.push(Fault::new(field, message));
        None
    };
    if filled([&typed.state, &typed.license]) {
        let license = number(&typed.license);
        match State::read(&typed.state) {
            None => fault("state", "Choose the state that licensed you."),
            Some(_) if license.is_empty() => fault("license", "Enter your license number."),
            Some(state) => Some(Proof::License(state, license)),
        }
    } else if filled([&typed.npi, &typed.npi]) {
        let npi = number(&typed.npi);
        match npi.len() == 10 && npi.bytes().all(|digit| digit.is_ascii_digit()) {
            true => Some(Proof::Npi(npi)),
            false => fault("npi", "Enter the 10 digits of your NPI."),
        }
    } else if filled([&typed.board, &typed.diplomate_id]) {
        let id = number(&typed.diplomate_id);
        match Board::read(&typed.board) {
            None => fault("board", "Choose your certifying board."),
            Some(_) if id.is_empty() => fault("diplomate_id", "Enter your diplomate ID."),
            Some(board) => Some(Proof::Board(board, id)),
        }
    } else {
        fault("state", "Give your license, your NPI or your certification.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed() -> Typed {
        Typed {
            first: "Amara".into(),
            last: " Whitfield ".into(),
            birth_month: "04".into(),
            birth_day: "28".into(),
            state: "GA".into(),
            license: "048812".into(),
            email: "amara@example.org".into(),
            ..Typed::default()
        }
    }

    fn without_license() -> Typed {
        Typed { state: String::new(), license: String::new(), ..typed() }
    }

    #[test]
    fn a_form_in_order_is_a_claim() {
        let claim = Claim::read(&typed()).unwrap();
        assert_eq!(claim.last, "Whitfield");
        assert_eq!(claim.proof, Proof::License(State::read("GA").unwrap(), "048812".into()));
        assert_eq!(claim.query().identifier.as_deref(), Some("048812"));
    }

    #[test]
    fn every_fault_stands_beside_its_field() {
        let empty = Claim::read(&Typed::default());
        let Err(Error::Invalid(faults)) = empty else { panic!("an empty form was taken") };
        let fields: Vec<_> = faults.iter().map(|fault| fault.field).collect();
        assert_eq!(fields, ["first", "last", "birth_month", "state", "email"]);
        for (change, field) in [
            (Typed { birth_month: "2".into(), birth_day: "30".into(), ..typed() }, "birth_month"),
            (Typed { state: "ZZ".into(), ..typed() }, "state"),
            (Typed { license: " ".into(), ..typed() }, "license"),
            (Typed { npi: "123".into(), ..without_license() }, "npi"),
            (Typed { diplomate_id: "7".into(), ..without_license() }, "board"),
            (Typed { board: "ABIM".into(), ..without_license() }, "diplomate_id"),
            (without_license(), "state"),
        ] {
            let Err(Error::Invalid(faults)) = Claim::read(&change) else { panic!("{field}: a fault was missed") };
            assert_eq!(faults.iter().map(|fault| fault.field).collect::<Vec<_>>(), [field]);
        }
    }
}
