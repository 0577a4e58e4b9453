//! The official transcript, assembled from completions by rules, without I/O (domain.md, Transcript).

use jiff::civil::Date;

use crate::credit::{Completion, Credit, CreditStatus, Kind};
use crate::reference::Reference;
use crate::{Amount, Board, CompletionId, ProviderId, State};

/// Whose transcript it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Holder {
    pub name: String,
    pub npi: Option<String>,
    pub licenses: Vec<(State, String)>,
    pub certifications: Vec<(Board, String)>,
}

/// Which credits a transcript lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Filter {
    pub from: Option<Date>,
    pub until: Option<Date>,
    /// Only one kind of credit.
    pub kind: Option<Kind>,
    /// Only what one provider reported.
    pub provider: Option<ProviderId>,
    /// Only one completion: what a certificate is made of.
    pub completion: Option<CompletionId>,
}

/// One value for every rendering: page, PDF, JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transcript {
    pub holder: Holder,
    pub filter: Filter,
    /// Newest first.
    pub completions: Vec<Completion>,
    pub totals: Vec<Total>,
}

/// `Total AMA PRA Category 1 Credits`, or a board's points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Total {
    pub label: String,
    pub amount: Amount,
}

pub const HEADING: &str = "Accredited Continuing Education Transcript";
pub const CME_TYPE: &str = "AMA PRA Category 1";

impl Filter {
    /// Whether a completion is listed, if any of its credit is.
    pub fn takes(&self, completion: &Completion) -> bool {
        let day = completion.completed_on;
        self.from.is_none_or(|from| from <= day)
            && self.until.is_none_or(|until| day <= until)
            && self.provider.is_none_or(|provider| provider == completion.provider)
            && self.completion.is_none_or(|id| id == completion.id)
    }
}

impl Transcript {
    /// The sum of AMA PRA Category 1 Credits alone.
    pub fn category_1(&self) -> Amount {
        let credits = self.completions.iter().flat_map(|completion| &completion.credits);
        let counted = credits.filter(|credit| credit.kind == Kind::Cme && credit.status != CreditStatus::Rejected);
        counted.fold(Amount::ZERO, |sum, credit| sum + credit.amount)
    }
}

/// Puts a transcript together. REMS is not physician credit and is left out; rejected MOC credit is
/// listed with its status but counts for nothing.
pub fn assemble(holder: Holder, completions: Vec<Completion>, filter: Filter, reference: &Reference) -> Transcript {
    let mut completions: Vec<Completion> = completions
        .into_iter()
        .filter(|completion| filter.takes(completion))
        .map(|mut completion| {
            completion.credits.retain(|credit| listed(credit, &filter));
            completion.credits.sort_by_key(|credit| credit.kind);
            completion
        })
        .filter(|completion| !completion.credits.is_empty())
        .collect();
    completions
        .sort_by(|a, b| b.completed_on.cmp(&a.completed_on).then_with(|| a.title.cmp(&b.title)).then(a.id.cmp(&b.id)));
    let totals = totals(&completions, &filter, reference);
    Transcript { holder, filter, completions, totals }
}

fn listed(credit: &Credit, filter: &Filter) -> bool {
    credit.kind != Kind::Rems && filter.kind.is_none_or(|kind| kind == credit.kind)
}

fn totals(completions: &[Completion], filter: &Filter, reference: &Reference) -> Vec<Total> {
    let mut sums: std::collections::BTreeMap<Kind, Amount> = std::collections::BTreeMap::new();
    if filter.kind.is_none_or(|kind| kind == Kind::Cme) {
        sums.insert(Kind::Cme, Amount::ZERO);
    }
    for credit in completions.iter().flat_map(|completion| &completion.credits) {
        if credit.status != CreditStatus::Rejected {
            let sum = sums.entry(credit.kind).or_default();
            *sum = *sum + credit.amount;
        }
    }
    let label = |kind: Kind| match kind {
        Kind::Moc(board) => format!("Total {} MOC/CC Points", reference.board_label(board)),
        Kind::Cme | Kind::Rems => format!("Total {CME_TYPE} Credits"),
    };
    sums.into_iter().map(|(kind, amount)| Total { label: label(kind), amount }).collect()
}

/// The lines under `Credits Earned`: the credit, then one line for each credit type.
pub fn credit_lines(credit: &Credit, reference: &Reference) -> Vec<String> {
    let derived = if credit.is_derived { " (derived from MOC credit)" } else { "" };
    match credit.kind {
        Kind::Moc(board) => {
            let points = format!("{} {} Points", credit.amount, reference.board_label(board));
            std::iter::once(points)
                .chain(credit.types.iter().map(|(name, amount)| format!("{amount} {name}")))
                .collect()
        }
        Kind::Cme | Kind::Rems => vec![format!("{} {CME_TYPE} Credits{derived}", credit.amount)],
    }
}

/// The status of a credit with the destination that gave it.
pub fn status_line(credit: &Credit, reference: &Reference) -> String {
    let who = match credit.kind {
        Kind::Moc(board) => reference.board_label(board),
        Kind::Cme | Kind::Rems => "CME".to_owned(),
    };
    match (credit.status, credit.reason.is_empty()) {
        (CreditStatus::Rejected, false) => format!("{who}: Rejected ({})", credit.reason),
        (status, _) => format!("{who}: {}", status.label()),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use uuid::Uuid;

    use super::*;
    use crate::{CompletionId, CreditId};

    fn credit(kind: Kind, hundredths: i64, status: CreditStatus) -> Credit {
        Credit {
            id: CreditId::new(Uuid::nil()),
            kind,
            amount: Amount::new(hundredths),
            types: vec![],
            status,
            reason: String::new(),
            is_derived: false,
        }
    }

    fn completion(day: Date, credits: Vec<Credit>) -> Completion {
        Completion {
            id: CompletionId::new(Uuid::nil()),
            activity: "202600001".parse().unwrap(),
            title: "Care".into(),
            provider: "0000001".parse().unwrap(),
            provider_name: "Valley".into(),
            completed_on: day,
            reported_at: 0,
            credits,
        }
    }

    #[test]
    fn rejected_points_and_rems_do_not_count_and_newest_is_first() {
        let abim = Kind::Moc(Board::read("ABIM").unwrap());
        let completions = vec![
            completion(
                date(2026, 1, 1),
                vec![credit(abim, 300, CreditStatus::Rejected), credit(Kind::Cme, 150, CreditStatus::Accepted)],
            ),
            completion(
                date(2026, 2, 1),
                vec![credit(abim, 200, CreditStatus::Pending), credit(Kind::Cme, 50, CreditStatus::Accepted)],
            ),
            completion(date(2026, 2, 2), vec![credit(Kind::Rems, 100, CreditStatus::Accepted)]),
        ];
        let transcript = assemble(Holder::default(), completions, Filter::default(), &Reference::default());
        assert_eq!(
            transcript.completions.iter().map(|c| c.completed_on).collect::<Vec<_>>(),
            [date(2026, 2, 1), date(2026, 1, 1)]
        );
        let totals: Vec<_> = transcript.totals.iter().map(|t| (t.label.as_str(), t.amount.fixed())).collect();
        assert_eq!(
            totals,
            [("Total AMA PRA Category 1 Credits", "2.00".into()), ("Total ABIM MOC/CC Points", "2.00".into())]
        );
    }

    #[test]
    fn a_filter_limits_dates_and_kind() {
        let completions = vec![
            completion(date(2026, 1, 1), vec![credit(Kind::Cme, 100, CreditStatus::Accepted)]),
            completion(date(2025, 1, 1), vec![credit(Kind::Cme, 100, CreditStatus::Accepted)]),
        ];
        let filter = Filter { from: Some(date(2026, 1, 1)), kind: Some(Kind::Cme), ..Filter::default() };
        assert_eq!(
            assemble(Holder::default(), completions, filter, &Reference::default()).totals[0].amount,
            Amount::new(100)
        );
    }
}
