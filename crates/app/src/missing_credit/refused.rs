//! Rows that a provider sent about a physician and that were refused.
//!
//! Such a row is the provider's, and perhaps about somebody else. So nothing is said unless the row clearly means this
//! physician: the engine links it today; or an identifier of theirs stands in it beside their last name, and nobody
//! else's; or their whole name and birthday, which nobody else has. And then only which kind of detail was wrong,
//! never what the provider wrote.

use domain::access::{PhysicianScope, ProviderScope};
use domain::missing_credit::Finding;
use domain::problem::Check;
use domain::report::LearnerReport;
use domain::{ActivityId, Code, PhysicianId, ProviderId};
use formats::Header;
use jiff::civil::Date;
use matching::{Evidence, Explanation, Outcome, Reason};
use store::ReadTx;
use store::missing_credit::RefusedRow;
use store::physicians::Physician;

use crate::registry::query_of;
use crate::{App, Error, Result};

/// Rows that are read for one question.
const MOST_ROWS: i64 = 500;

/// The newest refused row of the provider that clearly means this physician and this activity and day.
pub(super) async fn look(
    app: &App,
    tx: &mut ReadTx,
    scope: &PhysicianScope,
    provider: ProviderId,
    activity: Option<ActivityId>,
    completed_on: Date,
) -> Result<Option<Finding>> {
    let person = scope.physician();
    let Some(physician) = store::physicians::find(tx, person).await? else { return Ok(None) };
    let provider_scope = ProviderScope::of_record(provider);
    let since = app.clock.start_of(completed_on);
    let rows = store::missing_credit::refused_rows(tx, &provider_scope, since, &marks(&physician), MOST_ROWS).await?;
    let internal = match activity {
        Some(id) => store::activities::find(tx, &provider_scope, id).await?.map(|stored| stored.activity.internal_id),
        None => None,
    };
    app.registry.refresh_in(tx).await?;
    let reference = app.reference.get();
    for row in rows {
        let header: Header = serde_json::from_str(&row.header)
            .map_err(|_| Error::from(store::Error::corrupt("upload", "header", row.upload)))?;
        let typed = header.typed(u64::try_from(row.row).unwrap_or_default(), row.cells.clone());
        let report = formats::learner_report(&header, &typed, &reference);
        let is_activity = match activity {
            Some(id) => report.activity == Some(id) || is_internal(&report, internal.as_deref()),
            None => false,
        };
        let is_day = report.completed_on == Some(completed_on);
        // a wrong day or a wrong activity may be what it was refused for, but not both
        let is_it = is_activity && (is_day || report.completed_on.is_none() || row_has(&row, Check::Record))
            || is_day && (activity.is_none() || row_has(&row, Check::Activity));
        if !is_it {
            continue;
        }
        let explanation = app.registry.explain(&query_of(&report.learner));
        if let Some(evidence) = clearly(&explanation, person) {
            let reported_on = app.clock.day_of(row.received_at).unwrap_or(completed_on);
            let why = why(&row, evidence);
            return Ok(Some(Finding::Refused { upload: row.upload, row: row.row, reported_on, why }));
        }
    }
    Ok(None)
}

fn is_internal(report: &LearnerReport, internal: Option<&str>) -> bool {
    matches!((&report.internal_activity, internal), (Some(named), Some(own)) if !own.is_empty() && named == own)
}

fn row_has(row: &RefusedRow, check: Check) -> bool {
    row.problems.iter().any(|problem| problem.code.check() == check)
}

/// Texts of which one stands in any row that could be told to be theirs, in lower case.
fn marks(physician: &Physician) -> Vec<String> {
    let mut marks: Vec<String> = vec![physician.last.clone()];
    marks.extend(physician.former_last.iter().cloned());
    marks.extend(physician.npi.clone());
    marks.extend(physician.licenses.iter().map(|held| held.number.clone()));
    marks.extend(physician.certifications.iter().map(|held| held.diplomate_id.clone()));
    marks.retain(|mark| mark.chars().count() >= 2);
    for mark in &mut marks {
        *mark = mark.to_lowercase().replace(['%', '_'], "");
    }
    marks.sort_unstable();
    marks.dedup();
    marks.truncate(20);
    marks
}

/// What speaks for and against this physician, if the row clearly means them.
fn clearly(explanation: &Explanation, person: PhysicianId) -> Option<&Evidence> {
    let mine = explanation.candidates.iter().find(|candidate| candidate.physician == person)?;
    match explanation.decision.outcome {
        Outcome::Matched(found) => return (found == person).then_some(mine),
        Outcome::Conflict => return None,
        Outcome::None | Outcome::Several | Outcome::Review => {}
    }
    let others = || explanation.candidates.iter().filter(|candidate| candidate.physician != person);
    let has = |candidate: &Evidence, reason: Reason| candidate.parts.iter().any(|part| part.reason == reason);
    let identified = |candidate: &Evidence| {
        [Reason::LicenseEqual, Reason::NpiEqual, Reason::BoardIdEqual].iter().any(|reason| has(candidate, *reason))
    };
    let named = |candidate: &Evidence| has(candidate, Reason::NamesEqual) && has(candidate, Reason::BirthEqual);
    let is_anothers = [Reason::LicenseOfOtherPerson, Reason::NpiOfOtherPerson, Reason::BoardIdOfOtherPerson]
        .iter()
        .any(|reason| has(mine, *reason) || explanation.decision.reasons.contains(reason));
    let other_name = [Reason::LastNameDiffers, Reason::NamesSwapped].iter().any(|reason| has(mine, *reason));
    // a relative's row may hold one's number by a slip
    let other_first =
        [Reason::FirstNameDiffers, Reason::FirstNameInitial, Reason::FirstNameMiddle, Reason::FirstNameAlike];
    let births = [Reason::BirthSwapped, Reason::BirthDayDiffers, Reason::BirthMonthDiffers, Reason::BirthDiffers];
    let any = |reasons: &[Reason]| reasons.iter().any(|reason| has(mine, *reason));
    let is_relative = any(&other_first) && any(&births);
    let by_identifier = identified(mine) && !other_name && !is_relative && !others().any(identified);
    let by_name = named(mine) && !others().any(|other| named(other) || identified(other));
    (!is_anothers && (by_identifier || by_name)).then_some(mine)
}

/// What was wrong, as the physician may hear it: kinds of details, no values.
fn why(row: &RefusedRow, evidence: &Evidence) -> Vec<String> {
    let mut why: Vec<String> = Vec::new();
    let mut say = |words: &str| {
        let words = words.to_owned();
        if !why.contains(&words) {
            why.push(words);
        }
    };
    let of_identity =
        row.problems.iter().any(|problem| problem.code.check() == Check::Identity || problem.code.is_of_many_rows());
    if of_identity {
        for part in &evidence.parts {
            if let Some(words) = difference(part.reason) {
                say(words);
            }
        }
    }
    for problem in row.problems.iter().filter(|problem| problem.code.check() != Check::Identity) {
        say(plain(problem.code));
    }
    if of_identity && why.is_empty() {
        why.push("the details given were not enough to be sure".to_owned());
    }
    why
}

/// A difference between the row and the registry, by its kind.
fn difference(reason: Reason) -> Option<&'static str> {
    use Reason::*;
    Some(match reason {
        BirthSwapped | BirthDayDiffers | BirthMonthDiffers | BirthDiffers => "the month and day of birth did not agree",
        FirstNameInitial | FirstNameMiddle | FirstNameTypo | FirstNameAlike | FirstNameDiffers => {
            "the first name did not agree"
        }
        LastNameFormer | LastNamePart | LastNameTypo | LastNameAlike | LastNameDiffers => "the last name did not agree",
        StateDiffers => "the state of the license did not agree",
        LicenseTypo | LicenseAlike | LicenseOtherState | LicenseUnknown => "the license number did not agree",
        NpiTypo | NpiAlike | NpiUnknown | NpiCheckDigit => "the NPI did not agree",
        BoardIdTypo | BoardIdAlike | BoardIdUnknown => "the certifying board ID did not agree",
        _ => return None,
    })
}

/// A problem of the row in words for the person it is about.
fn plain(code: Code) -> &'static str {
    match code {
        Code::DateMissing | Code::DateUnreadable => "the completion date could not be read",
        Code::DateOutsideActivity => "the completion date was outside the activity’s dates",
        Code::DateInFuture => "the completion date lay in the future",
        Code::ReportingWindowOver => "it came after the last day for reporting",
        Code::CreditAboveActivity => "it was more credit than the activity gives",
        Code::ActivityIsDraft => "the activity was not complete yet",
        Code::ActivityYearLocked => "the reporting year was locked",
        Code::BirthMissing | Code::BirthUnreadable => "the month and day of birth could not be read",
        Code::FirstNameMissing | Code::LastNameMissing | Code::NameUnreadable => "a name was missing",
        other => match other.check() {
            Check::File => "the file was faulty",
            Check::Record => "something in the row was missing or could not be read",
            Check::Activity => "it did not agree with the activity",
            Check::Identity => "the details given were not enough to be sure",
            Check::Duplicate => "another report stands in its way",
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_wrong_is_said_without_a_value_and_continues_a_sentence() {
        for code in Code::ALL {
            let words = plain(*code);
            assert!(words.starts_with(|letter: char| letter.is_lowercase()) && !words.ends_with('.'), "{code}");
        }
        for reason in Reason::ALL {
            assert!(difference(*reason).is_none_or(|words| words.ends_with("did not agree")), "{}", reason.code());
        }
    }
}
