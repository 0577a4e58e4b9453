//! A licensing board looks for its licensees. Every look leaves an audit row; the transcript that
//! is opened from the list leaves one that the physician sees.

use domain::access::{Actor, LicensingBoardScope};
use store::licensees::{Found, Search};

use crate::{App, Error, Fault, Result, audit};

/// The fewest letters of a last name to look for.
const LEAST_LETTERS: usize = 2;

/// Finds licensees of the board's state.
///
/// Errors: `Invalid` on `last` if nothing, or too little, was given.
pub async fn search(app: &App, actor: &Actor, scope: &LicensingBoardScope, search: &Search) -> Result<Found> {
    check(search)?;
    let mut tx = app.store.read().await?;
    let found = store::licensees::search(&mut tx, scope, search).await?;
    drop(tx);
    let by = [("name", &search.last), ("license", &search.number), ("NPI", &search.npi)];
    let by: Vec<&str> = by.iter().filter(|(_, given)| !given.trim().is_empty()).map(|(word, _)| *word).collect();
    // what was typed may be anybody's name: the trail keeps only how it was looked for
    let detail = format!("by {}; found {}", by.join(" and "), found.total);
    let mut tx = app.store.write().await?;
    audit::record(app, &mut tx, actor, "licensee.search", scope.state(), None, &detail).await?;
    tx.commit().await?;
    Ok(found)
}

fn check(search: &Search) -> Result<()> {
    let letters = search.last.chars().filter(|letter| letter.is_alphabetic()).count();
    let has_number = search.number.chars().any(|letter| letter.is_ascii_digit());
    let npi = search.npi.trim();
    let mut faults = Vec::new();
    if !search.number.trim().is_empty() && !has_number {
        faults.push(Fault::new("number", "Enter the license number with its digits."));
    }
    if !npi.is_empty() && (npi.len() != 10 || !npi.bytes().all(|digit| digit.is_ascii_digit())) {
        faults.push(Fault::new("npi", "Enter the 10 digits of the NPI."));
    }
    if npi.is_empty() && !has_number && letters < LEAST_LETTERS {
        let message = if letters == 0 {
            "Enter a last name, a license number or an NPI."
        } else {
            "Enter at least two letters of the last name, a license number or an NPI."
        };
        faults.push(Fault::new("last", message));
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(last: &str, number: &str, npi: &str) -> Vec<&'static str> {
        let search = Search { last: last.into(), first: String::new(), number: number.into(), npi: npi.into() };
        match check(&search) {
            Err(Error::Invalid(faults)) => faults.iter().map(|fault| fault.field).collect(),
            _ => vec![],
        }
    }

    #[test]
    fn something_must_be_given_and_enough_of_it() {
        assert_eq!(fields("", "", ""), ["last"]);
        assert_eq!(fields("W", "", ""), ["last"]);
        assert_eq!(fields("Wu", "", ""), [""; 0]);
        assert_eq!(fields("", "GA-1", ""), [""; 0]);
        assert_eq!(fields("", "none", ""), ["number", "last"]);
        assert_eq!(fields("", "", "12345"), ["npi"]);
    }
}
