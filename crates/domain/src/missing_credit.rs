//! Credit that a physician misses: how a case with its provider stands, and what the system can say at once.
//!
//! What is said of a refused row is about the physician who asks, and names fields only: never a value that the
//! provider typed, since it may be somebody else's.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::check::us_date;
use crate::{Amount, Board, CompletionId, UploadId};

/// How a case stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CaseState {
    /// The provider is to answer.
    Open,
    /// The provider asked the physician something; the clock runs on.
    NeedsInformation,
    /// The credit is on record.
    Answered,
    /// The provider says why it does not report the credit.
    Declined,
    /// The physician took it back.
    Withdrawn,
    /// The accreditor ended it.
    Closed,
}

impl CaseState {
    pub const ALL: &[CaseState] =
        &[Self::Open, Self::NeedsInformation, Self::Answered, Self::Declined, Self::Withdrawn, Self::Closed];

    pub fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::NeedsInformation => "needs_information",
            Self::Answered => "answered",
            Self::Declined => "declined",
            Self::Withdrawn => "withdrawn",
            Self::Closed => "closed",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Open => "Open",
            Self::NeedsInformation => "Question to the physician",
            Self::Answered => "Answered: credit reported",
            Self::Declined => "Declined",
            Self::Withdrawn => "Withdrawn",
            Self::Closed => "Closed by the accreditor",
        }
    }

    pub fn read(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|state| state.code() == code)
    }

    /// Whether somebody still has to do something.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Open | Self::NeedsInformation)
    }
}

/// Who says something in a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Side {
    Physician,
    Provider,
    Accreditor,
    /// The clock, or the record itself.
    System,
}

impl Side {
    pub fn code(self) -> &'static str {
        match self {
            Self::Physician => "physician",
            Self::Provider => "provider",
            Self::Accreditor => "accreditor",
            Self::System => "system",
        }
    }

    pub fn read(code: &str) -> Option<Self> {
        [Self::Physician, Self::Provider, Self::Accreditor, Self::System].into_iter().find(|side| side.code() == code)
    }
}

/// What happened in a case, one line of its history each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    Opened,
    Asked,
    Replied,
    Answered,
    Declined,
    Withdrawn,
    Closed,
    /// Seven days are left.
    Reminded,
    /// The accreditor asked the provider to answer.
    Urged,
    Overdue,
}

impl Step {
    pub const ALL: &[Step] = &[
        Self::Opened,
        Self::Asked,
        Self::Replied,
        Self::Answered,
        Self::Declined,
        Self::Withdrawn,
        Self::Closed,
        Self::Reminded,
        Self::Urged,
        Self::Overdue,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Asked => "asked",
            Self::Replied => "replied",
            Self::Answered => "answered",
            Self::Declined => "declined",
            Self::Withdrawn => "withdrawn",
            Self::Closed => "closed",
            Self::Reminded => "reminded",
            Self::Urged => "urged",
            Self::Overdue => "overdue",
        }
    }

    /// As the history begins its line.
    pub fn label(self) -> &'static str {
        match self {
            Self::Opened => "Case opened",
            Self::Asked => "Question to the physician",
            Self::Replied => "Message from the physician",
            Self::Answered => "Credit on record",
            Self::Declined => "Declined",
            Self::Withdrawn => "Withdrawn",
            Self::Closed => "Closed",
            Self::Reminded => "Reminder sent",
            Self::Urged => "The accreditor asked for an answer",
            Self::Overdue => "Overdue: passed on to the accreditor",
        }
    }

    pub fn read(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|step| step.code() == code)
    }
}

/// One thing that is known about a physician's credit for an activity on a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "finding")]
pub enum Finding {
    /// Reported and linked; `amount` of AMA PRA Category 1 Credits.
    OnRecord { completion: CompletionId, amount: Amount },
    /// Points wait for a board.
    Pending { completion: CompletionId, board: Board },
    /// A board said no.
    Rejected { completion: CompletionId, board: Board, reason: String },
    /// The provider sent a row that clearly means this physician, and it was refused.
    Refused { upload: UploadId, row: i64, reported_on: Date, why: Vec<String> },
    /// The provider reported nothing of it.
    NotReported,
    /// No activity was chosen: nothing can be looked up but the provider.
    ActivityUnknown,
    /// The provider may not report at the moment.
    NotInGoodStanding,
    /// Completions of that day cannot be reported any more.
    WindowOver { until: Date },
    /// The reporting year is locked.
    YearLocked { year: i16 },
}

impl Finding {
    /// info, success or warning.
    pub fn tone(&self) -> &'static str {
        match self {
            Self::OnRecord { .. } => "success",
            Self::NotReported | Self::ActivityUnknown | Self::Pending { .. } => "info",
            _ => "warning",
        }
    }

    pub fn title(&self) -> &'static str {
        match self {
            Self::OnRecord { .. } => "This credit is on record",
            Self::Pending { .. } => "Points wait for a certifying board",
            Self::Rejected { .. } => "A certifying board rejected points",
            Self::Refused { .. } => "The provider reported this, and it was refused",
            Self::NotReported => "The provider has not reported this",
            Self::ActivityUnknown => "The activity is not known here",
            Self::NotInGoodStanding => "The provider cannot report at the moment",
            Self::WindowOver { .. } => "The time to report it is over",
            Self::YearLocked { .. } => "The reporting year is locked",
        }
    }

    /// In whole sentences, to the physician.
    pub fn words(&self) -> String {
        match self {
            Self::OnRecord { amount, .. } if amount.is_zero() => {
                "The provider reported it, without AMA PRA Category 1 Credits. It is on your transcript.".to_owned()
            }
            Self::OnRecord { amount, .. } => {
                let credits = if *amount == Amount::new(100) { "Credit" } else { "Credits" };
                format!("{amount} AMA PRA Category 1 {credits} are on your transcript.")
            }
            Self::Pending { board, .. } => {
                format!("{board} has not answered yet. Boards normally answer within a day; pending points count.")
            }
            Self::Rejected { board, reason, .. } => {
                let reason = if reason.is_empty() { String::new() } else { format!(" “{reason}”.") };
                format!("{board} said no.{reason} The provider can correct the report and send it again.")
            }
            Self::Refused { reported_on, why, .. } => {
                let why = if why.is_empty() { "it did not pass the checks".to_owned() } else { list(why) };
                let day = us_date(*reported_on);
                format!("A report of {day} clearly means you, but {why}. The provider can correct it.")
            }
            Self::NotReported => "Nothing was reported for you for this activity and day.".to_owned(),
            Self::ActivityUnknown => {
                "The provider finds it by your words, or enters it first. Nothing could be looked up.".to_owned()
            }
            Self::NotInGoodStanding => {
                "Only providers in good standing report credit. The accreditor takes care of your case at once."
                    .to_owned()
            }
            Self::WindowOver { until } => format!(
                "Completions of that day could be reported until {}. The provider can only explain what happened.",
                us_date(*until)
            ),
            Self::YearLocked { year } => {
                format!("Nothing more is reported for {year}. The provider can only explain what happened.")
            }
        }
    }

    /// The completion that it speaks of.
    pub fn completion(&self) -> Option<CompletionId> {
        match self {
            Self::OnRecord { completion, .. }
            | Self::Pending { completion, .. }
            | Self::Rejected { completion, .. } => Some(*completion),
            _ => None,
        }
    }
}

/// Words as a sentence lists them: `a, b and c`.
fn list(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// Whether a case may be opened: not where all that is claimed is on record already and no board said no.
pub fn is_missing(findings: &[Finding], claimed: Option<Amount>) -> bool {
    let on_record = findings.iter().find_map(|finding| match finding {
        Finding::OnRecord { amount, .. } => Some(*amount),
        _ => None,
    });
    let is_rejected = findings.iter().any(|finding| matches!(finding, Finding::Rejected { .. }));
    match (on_record, claimed) {
        (None, _) => true,
        (Some(amount), Some(claimed)) => is_rejected || claimed > amount,
        (Some(_), None) => is_rejected,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use uuid::Uuid;

    use super::*;

    fn on_record(hundredths: i64) -> Finding {
        Finding::OnRecord { completion: CompletionId::new(Uuid::nil()), amount: Amount::new(hundredths) }
    }

    #[test]
    fn what_is_on_record_is_missing_only_as_far_as_more_is_claimed() {
        let rejected = Finding::Rejected {
            completion: CompletionId::new(Uuid::nil()),
            board: Board::read("ABIM").unwrap(),
            reason: String::new(),
        };
        let claimed = |hundredths| Some(Amount::new(hundredths));
        assert!(is_missing(&[Finding::NotReported], claimed(100)));
        assert!(!is_missing(&[on_record(200)], claimed(200)));
        assert!(is_missing(&[on_record(200)], claimed(300)));
        assert!(is_missing(&[on_record(200), rejected], claimed(200)));
        assert!(!is_missing(&[on_record(200)], None));
    }

    #[test]
    fn a_refusal_is_told_in_one_sentence_without_values() {
        let why = ["the month and day of birth did not agree", "the license number did not agree"].map(str::to_owned);
        let refused = |why: &[String]| Finding::Refused {
            upload: UploadId::new(Uuid::nil()),
            row: 3,
            reported_on: date(2026, 3, 2),
            why: why.to_vec(),
        };
        let words = refused(&why).words();
        let said = "A report of 03/02/2026 clearly means you, but the month and day of birth did not agree and the \
                    license number did not agree.";
        assert!(words.starts_with(said), "{words}");
        assert!(refused(&[]).words().contains("it did not pass the checks"));
    }

    #[test]
    fn states_sides_and_steps_are_read_back() {
        assert!(CaseState::ALL.iter().all(|state| CaseState::read(state.code()) == Some(*state)));
        assert!(Step::ALL.iter().all(|step| Step::read(step.code()) == Some(*step)));
        assert_eq!(Side::read("provider"), Some(Side::Provider));
        assert!(CaseState::Open.is_open() && !CaseState::Declined.is_open());
    }
}
