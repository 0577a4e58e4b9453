//! The letters of an audit, one wording for each decision: a draft that the board's people change as they like.
//!
//! A letter says what was looked at, what was found and what is asked, and never more of the record than that.

use domain::check::us_date;
use domain::license_audit::Decision;
use domain::requirement::Standing;
use store::license_audits::LicenseAudit;
use store::license_audits::cases::Case;

/// The longest letter, in characters.
pub const LONGEST_LETTER: usize = 8_000;
/// The longest subject.
pub const LONGEST_SUBJECT: usize = 200;

/// A letter before it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Draft {
    pub subject: String,
    pub body: String,
}

/// The letter that goes with the case's decision; `None` before one.
pub fn draft(board: &str, audit: &LicenseAudit, case: &Case) -> Option<Draft> {
    let decision = case.decision?;
    let outcome = match decision {
        Decision::Compliant => "your credit meets the requirement",
        Decision::Deficient => "credit is missing",
        Decision::Exempt => "nothing is required of you",
        Decision::NeedsInformation => "we need information",
    };
    let mut body = opening(board, audit, case);
    body.push_str(&found(case));
    body.push_str(&match decision {
        Decision::Compliant => "You have met the requirement. You need not do anything.\n".to_owned(),
        Decision::Exempt => format!("Nothing is required of you in this cycle.{}\n", because(case)),
        Decision::Deficient => format!(
            "Your credit does not meet the requirement.{}\n\n{}Show the missing credit{}. Ask the provider of an \
             activity that you completed to report it; it then counts by itself. Activities you can still complete \
             are listed in your Passport.\n",
            because(case),
            missing(case),
            by_when(case)
        ),
        Decision::NeedsInformation => {
            format!("To decide, we need information from you{}.{}\n", by_when(case), because(case))
        }
    });
    body.push_str(&closing(board, case));
    Some(Draft { subject: format!("Audit of your license {}: {outcome}", case.license_number), body })
}

/// A reminder of what is due.
pub fn reminder(board: &str, audit: &LicenseAudit, case: &Case) -> Draft {
    let mut body = opening(board, audit, case);
    body.push_str(&found(case));
    body.push_str(&match case.decision {
        Some(Decision::NeedsInformation) => {
            format!("We still need information from you{}.{}\n", by_when(case), because(case))
        }
        _ => format!("Credit is still missing{}.\n\n{}", by_when(case), missing(case)),
    });
    body.push_str(&closing(board, case));
    Draft { subject: format!("Reminder: audit of your license {}", case.license_number), body }
}

fn opening(board: &str, audit: &LicenseAudit, case: &Case) -> String {
    let name = case.name.split_once(", ").map_or(case.name.clone(), |(last, first)| format!("{first} {last}"));
    format!(
        "{name}\nLicense {}\n\n{board} drew your license in its audit “{}” of continuing medical education.\n\n",
        case.license_number, audit.name
    )
}

fn found(case: &Case) -> String {
    let Some(found) = &case.found else { return String::new() };
    let cycle = found
        .cycle
        .map_or_else(String::new, |(from, until)| format!("Cycle: {} to {}\n", us_date(from), us_date(until)));
    if found.standing == Standing::NotKnown {
        return format!("{cycle}What the record says is not enough for an answer.\n\n");
    }
    format!(
        "{cycle}Required: {} AMA PRA Category 1 Credits\nOn record and counted: {}\n\n",
        found.required.fixed(),
        found.counted.fixed()
    )
}

/// What is missing, one line each.
fn missing(case: &Case) -> String {
    let Some(found) = &case.found else { return String::new() };
    let mut lines = Vec::new();
    if !found.missing.is_zero() {
        lines.push(format!("- {} AMA PRA Category 1 Credits", found.missing.fixed()));
    }
    lines.extend(found.topics.iter().map(|(topic, amount)| format!("- {} credits in {topic}", amount.fixed())));
    if lines.is_empty() { String::new() } else { format!("Missing:\n{}\n\n", lines.join("\n")) }
}

fn because(case: &Case) -> String {
    if case.reason.is_empty() { String::new() } else { format!("\n\n{}", case.reason) }
}

fn by_when(case: &Case) -> String {
    case.due_on.map_or_else(String::new, |due| format!(" by {}", us_date(due)))
}

fn closing(board: &str, case: &Case) -> String {
    let signed = if case.decided_by_name.is_empty() { board } else { &case.decided_by_name };
    format!("\nYou see this audit, and who looked at your record, in your Passport.\n\n{signed}\n{board}\n")
}
