//! What a merge or split would do, as pages show it before anybody proposes or confirms it. Shown by
//! `admin/preview.html`.

use app::identity::{AccountHolder, Facts, Kind, Preview};
use app::physicians;
use domain::check::us_date;
use domain::credit::Completion;
use store::physicians::{Certification, License, Physician};

use super::evidence::{LineView, under};

/// What would happen.
pub(super) struct PreviewView {
    pub(super) is_merge: bool,
    pub(super) from: Record,
    /// `None`: a split makes the record.
    pub(super) into: Option<Record>,
    /// Both records beside each other, where both are there.
    pub(super) lines: Vec<LineView>,
    pub(super) against: Vec<String>,
    pub(super) licenses: Vec<String>,
    pub(super) certifications: Vec<String>,
    pub(super) completions: Vec<CompletionRow>,
    /// What both records hold already.
    pub(super) doubles: Vec<String>,
    pub(super) set_aside: Vec<CompletionRow>,
    /// What the records say afterwards: field, first record, second record.
    pub(super) after: Vec<(&'static str, String, String)>,
    pub(super) from_account: Option<AccountHolder>,
    pub(super) into_account: Option<AccountHolder>,
    pub(super) account_goes: bool,
    pub(super) seen: String,
}

pub(super) struct Record {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) under: String,
}

pub(super) struct CompletionRow {
    pub(super) title: String,
    pub(super) provider: String,
    pub(super) completed: String,
    pub(super) machine_completed: String,
}

impl Record {
    pub(super) fn of(physician: &Physician) -> Self {
        Self { id: physician.id.to_string(), name: physician.full_name(), under: under(physician) }
    }
}

impl PreviewView {
    pub(super) fn of(preview: Preview) -> Self {
        let Preview { kind, from, into, licenses, certifications, completions, .. } = preview;
        let lines = into.as_ref().map(|into| physicians::compare(&from, into)).unwrap_or_default();
        let doubles = preview.double_licenses.iter().map(license);
        let doubles = doubles.chain(preview.double_certifications.iter().map(certification));
        Self {
            is_merge: kind == Kind::Merge,
            lines: lines.into_iter().map(LineView::of).collect(),
            against: preview.against.into_iter().map(|against| against.words).collect(),
            licenses: licenses.iter().map(license).collect(),
            certifications: certifications.iter().map(certification).collect(),
            completions: completions.into_iter().map(completion).collect(),
            doubles: doubles.collect(),
            set_aside: preview.set_aside.into_iter().map(completion).collect(),
            after: after(&preview.from_after, &preview.into_after),
            from_account: preview.from_account,
            into_account: preview.into_account,
            account_goes: preview.account_goes,
            seen: preview.seen,
            from: Record::of(&from),
            into: into.as_ref().map(Record::of),
        }
    }

    /// Nothing goes from one record to the other.
    pub(super) fn moves_nothing(&self) -> bool {
        self.licenses.is_empty() && self.certifications.is_empty() && self.completions.is_empty()
    }
}

fn license(held: &License) -> String {
    let status = if held.status.is_empty() { String::new() } else { format!(", {}", held.status.to_lowercase()) };
    format!("License {} {}{status}", held.state, held.number)
}

fn certification(held: &Certification) -> String {
    let status = if held.status.is_empty() { String::new() } else { format!(", {}", held.status.to_lowercase()) };
    format!("{} {}{status}", held.board, held.diplomate_id)
}

fn completion(completion: Completion) -> CompletionRow {
    CompletionRow {
        title: completion.title,
        provider: completion.provider_name,
        completed: us_date(completion.completed_on),
        machine_completed: completion.completed_on.to_string(),
    }
}

/// A field's label, and how it reads.
type Fact = (&'static str, fn(&Facts) -> String);

/// Facts of both records, without fields that neither has.
fn after(from: &Facts, into: &Facts) -> Vec<(&'static str, String, String)> {
    let birth = |facts: &Facts| facts.birth.map(|day| day.to_string()).unwrap_or_default();
    let fields: [Fact; 7] = [
        ("First name", |facts| facts.first.clone()),
        ("Middle name", |facts| facts.middle.clone()),
        ("Last name", |facts| facts.last.clone()),
        ("Suffix", |facts| facts.suffix.clone()),
        ("Former last names", |facts| facts.former_last.join(", ")),
        ("Degree", |facts| facts.degree.clone()),
        ("NPI", |facts| facts.npi.clone().unwrap_or_default()),
    ];
    let mut rows: Vec<(&'static str, String, String)> =
        fields.iter().map(|(label, of)| (*label, of(from), of(into))).collect();
    rows.insert(5, ("Birthday", birth(from), birth(into)));
    rows.retain(|(_, from, into)| !from.is_empty() || !into.is_empty());
    rows
}
