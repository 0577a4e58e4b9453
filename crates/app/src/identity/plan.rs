//! Whether a split's plan can be carried out: it takes only what the record has, and leaves both
//! records with a name.

use store::identity_changes::{Facts, Plan};
use store::physicians::Physician;

use crate::{Error, Fault, Result};

const LONGEST_NAME: usize = 100;

/// Compares a plan with the records as they stand. Completions are looked at by the preview, which has them.
///
/// Errors: `Invalid` with all faults, on `plan`, `keeps`, `gets` and `npi`.
pub(super) fn check(plan: &Plan, from: &Physician, into: Option<&Physician>) -> Result<()> {
    let mut faults = Vec::new();
    let licenses: Vec<_> = from.licenses.iter().map(|held| (held.state, held.number.as_str())).collect();
    let certifications: Vec<_> =
        from.certifications.iter().map(|held| (held.board, held.diplomate_id.as_str())).collect();
    let holds_all = plan.licenses.iter().all(|(state, number)| licenses.contains(&(*state, number.as_str())))
        && plan.certifications.iter().all(|(board, id)| certifications.contains(&(*board, id.as_str())));
    if !holds_all {
        faults.push(Fault::new("plan", "A chosen license or certification is not of this record any more."));
    }
    let unchanged = plan.keeps == Facts::of(from) && into.is_some_and(|into| plan.gets == Facts::of(into));
    let takes_nothing = plan.licenses.is_empty() && plan.certifications.is_empty() && plan.completions.is_empty();
    if takes_nothing && !plan.account && (unchanged || into.is_none()) {
        faults.push(Fault::new("plan", "Choose what goes to the other record."));
    }
    check_names("keeps", &plan.keeps, &mut faults);
    check_names("gets", &plan.gets, &mut faults);
    let known = [from.npi.as_ref(), into.and_then(|into| into.npi.as_ref())];
    let is_known = |npi: &Option<String>| npi.as_ref().is_none_or(|npi| known.contains(&Some(npi)));
    if !is_known(&plan.keeps.npi) || !is_known(&plan.gets.npi) {
        faults.push(Fault::new("npi", "Only an NPI that one of the records has can go to the other."));
    } else if plan.keeps.npi.is_some() && plan.keeps.npi == plan.gets.npi {
        faults.push(Fault::new("npi", "An NPI belongs to one person: choose which of the records keeps it."));
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

fn check_names(field: &'static str, facts: &Facts, faults: &mut Vec<Fault>) {
    let Facts { first, middle, last, suffix, former_last, degree, .. } = facts;
    if first.trim().is_empty() || last.trim().is_empty() {
        faults.push(Fault::new(field, "Each record needs a first and a last name."));
    }
    let fits = |name: &&String| name.chars().count() <= LONGEST_NAME && !name.chars().any(char::is_control);
    let mut names = [first, middle, last, suffix, degree].into_iter().chain(former_last);
    if !names.all(|name| fits(&name)) || former_last.iter().any(|name| name.contains(';') || name.is_empty()) {
        let message = format!("Write names of at most {LONGEST_NAME} letters, on one line and without semicolons.");
        faults.push(Fault::new(field, message));
    }
}
