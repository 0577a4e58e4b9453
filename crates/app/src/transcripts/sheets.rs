//! The transcript as a table to calculate with: one line a credit, with its status. The workbook says on its first
//! sheet whose it is and how to verify it; text has room for the lines alone.
//!
//! Amounts of rejected credit stand in the table like all others: the column `Counted` is the one to add up.

use domain::Amount;
use domain::credit::{Completion, Credit, Kind};
use domain::reference::Reference;
use domain::transcript::{CME_TYPE, HEADING};
use formats::tables::{Figure, Table, write_csv, write_workbook};

use super::{Official, counts, print, range_words};
use crate::{App, Error, Result};

const COLUMNS: [&str; 12] = [
    "Completion Date",
    "Activity ID",
    "Activity",
    "Provider ID",
    "Provider",
    "Credit",
    "Amount",
    "Counted",
    "Credit Types",
    "Status",
    "Reason",
    "Derived",
];

/// Comma-separated UTF-8 with a byte order mark, as Excel opens it.
pub fn csv(app: &App, official: &Official) -> Result<Vec<u8>> {
    write_csv(&table(official, &app.reference.get())).map_err(|error| Error::Internal(error.to_string()))
}

/// An Excel workbook.
pub async fn workbook(app: &App, official: &Official) -> Result<Vec<u8>> {
    let (about, table) = (about(app, official), table(official, &app.reference.get()));
    print::apart(move || write_workbook(&about, &[table]).map_err(|error| Error::Internal(error.to_string()))).await
}

fn about(app: &App, official: &Official) -> Vec<(String, String)> {
    let line = |name: &str, text: String| (name.to_owned(), text);
    let transcript = &official.transcript;
    let mut about = vec![
        line(HEADING, transcript.holder.name.clone()),
        line("Range", range_words(&transcript.filter, &app.reference.get())),
    ];
    about.extend(official.licenses.iter().map(|held| line("License", format!("{}, {}", held.board_name, held.number))));
    let certifications = official
        .certifications
        .iter()
        .map(|held| line("Certification", format!("{}, {}", held.board_name, held.diplomate_id)));
    about.extend(certifications);
    about.extend(transcript.totals.iter().map(|total| (total.label.clone(), total.amount.fixed())));
    about.push(line("Issued", app.clock.show(official.issued_at)));
    about.push(line("Verify", format!("{} with the code {}", app.config.link("/verify"), official.code)));
    about
}

fn table(official: &Official, reference: &Reference) -> Table {
    let completions = &official.transcript.completions;
    let lines =
        completions.iter().flat_map(|completion| completion.credits.iter().map(move |credit| (completion, credit)));
    Table {
        key: "transcript",
        title: "Transcript".to_owned(),
        definition: "One line a credit, newest first. Counted is what is part of the total: rejected points are not. \
                     Credit types describe the same points and are not added up."
            .to_owned(),
        columns: COLUMNS.map(str::to_owned).to_vec(),
        rows: lines.map(|(completion, credit)| row(completion, credit, reference)).collect(),
        total: None,
    }
}

fn row(completion: &Completion, credit: &Credit, reference: &Reference) -> Vec<Figure> {
    let text = |text: &str| Figure::Text(text.to_owned());
    let credit_name = match credit.kind {
        Kind::Moc(board) => format!("{} Points", reference.board_label(board)),
        Kind::Cme | Kind::Rems => format!("{CME_TYPE} Credits"),
    };
    let types: Vec<String> = credit.types.iter().map(|(name, amount)| format!("{amount} {name}")).collect();
    vec![
        Figure::Date(completion.completed_on),
        Figure::Text(completion.activity.to_string()),
        text(&completion.title),
        Figure::Text(completion.provider.to_string()),
        text(&completion.provider_name),
        Figure::Text(credit_name),
        Figure::Credits(credit.amount),
        Figure::Credits(if counts(credit) { credit.amount } else { Amount::ZERO }),
        Figure::Text(types.join("; ")),
        text(credit.status.label()),
        text(&credit.reason),
        text(if credit.is_derived { "Yes" } else { "" }),
    ]
}
