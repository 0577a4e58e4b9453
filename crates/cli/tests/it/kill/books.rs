//! What a sender knows: which files were acknowledged and what must have become of each row. The
//! checker compares that with what stands in the database.
//!
//! A file whose acknowledgement was lost may be there or not, but never in part.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};

/// What may have become of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect {
    Accepted,
    AlreadyReported,
    Deleted,
    Refused,
    /// A correction was sent, but its answer was lost.
    RefusedOrAccepted,
}

impl Expect {
    fn allows(self, result: &str) -> bool {
        match self {
            Self::Accepted => result == "accepted",
            Self::AlreadyReported => result == "already_reported",
            Self::Deleted => result == "deleted",
            Self::Refused => result == "refused",
            Self::RefusedOrAccepted => matches!(result, "refused" | "accepted"),
        }
    }
}

/// A row of a file. `credit` is the credit that is live if the row is accepted, and stays so.
#[derive(Debug, Clone)]
pub struct Line {
    pub expect: Expect,
    pub credit: Option<String>,
}

/// A file that was sent, whole or in part.
#[derive(Debug, Clone)]
pub struct Sent {
    pub name: String,
    pub text: String,
    /// The upload's id, once the server has acknowledged the file.
    pub acknowledged: Option<String>,
    /// By row number as the program counts: 1 is the header of a text, the first report of a document.
    pub lines: BTreeMap<i64, Line>,
}

/// What stands in the database.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// File name, status, rows counted.
    pub uploads: Vec<(String, String, i64)>,
    /// File name, row number, result.
    pub rows: Vec<(String, i64, String)>,
    /// Live credits, as [`Line::credit`] writes them.
    pub live: Vec<String>,
}

impl Found {
    pub async fn read(address: &str) -> Result<Self> {
        let uploads = "select file_name || '|' || status || '|' || rows from upload";
        let rows = "select upload.file_name || '|' || upload_row.row_number || '|' || upload_row.result
                    from upload_row join upload on upload.upload_id = upload_row.upload_id";
        let live =
            "select completion.activity_id || ' ' || completion.learner_identifier || ' ' || completion.completed_on
                    from credit join completion on completion.completion_id = credit.completion_id
                    where credit.withdrawn_at is null and completion.withdrawn_at is null";
        let mut found = Self { live: testkit::database::texts(address, live).await, ..Self::default() };
        for text in testkit::database::texts(address, uploads).await {
            let (name, status, rows) = three(&text)?;
            found.uploads.push((name, status, rows.parse()?));
        }
        for text in testkit::database::texts(address, rows).await {
            let (name, number, result) = three(&text)?;
            found.rows.push((name, number.parse()?, result));
        }
        Ok(found)
    }
}

fn three(text: &str) -> Result<(String, String, String)> {
    let mut parts = text.split('|').map(str::to_owned);
    let three = (|| Some((parts.next()?, parts.next()?, parts.next()?)))();
    three.with_context(|| format!("not three parts: {text}"))
}

/// Everything that is lost, doubled, torn or from nowhere; empty if all is as it must be.
pub fn faults(sent: &[Sent], found: &Found) -> Vec<String> {
    let mut faults = Vec::new();
    let mut expected: BTreeSet<&str> = BTreeSet::new();
    let mut rows: BTreeMap<&str, BTreeMap<i64, Vec<&str>>> = BTreeMap::new();
    for (name, number, result) in &found.rows {
        rows.entry(name).or_default().entry(*number).or_default().push(result);
    }
    for file in sent {
        let uploads: Vec<_> = found.uploads.iter().filter(|(name, ..)| *name == file.name).collect();
        let rows = rows.remove(file.name.as_str()).unwrap_or_default();
        match uploads[..] {
            [] if file.acknowledged.is_none() && rows.is_empty() => continue,
            [] => faults.push(format!("{} is lost", file.name)),
            [(_, status, counted)] => {
                if status != "done" {
                    faults.push(format!("{} ended as {status}", file.name));
                }
                if usize::try_from(*counted).ok() != Some(file.lines.len()) {
                    faults.push(format!("{}: {counted} rows are counted, {} were sent", file.name, file.lines.len()));
                }
            }
            _ => faults.push(format!("{} is there {} times", file.name, uploads.len())),
        }
        for number in rows.keys().filter(|number| !file.lines.contains_key(number)) {
            faults.push(format!("{} row {number} is from nowhere", file.name));
        }
        for (number, line) in &file.lines {
            match rows.get(number).map(Vec::as_slice) {
                None => faults.push(format!("{} row {number} is lost", file.name)),
                Some([result]) if line.expect.allows(result) => {
                    expected.extend(line.credit.as_deref().filter(|_| *result == "accepted"));
                }
                Some(results) => {
                    faults.push(format!("{} row {number} is {results:?}, not {:?}", file.name, line.expect))
                }
            }
        }
    }
    faults.extend(rows.into_keys().map(|name| format!("{name} was never sent")));
    let mut live: BTreeMap<&str, usize> = BTreeMap::new();
    for credit in &found.live {
        *live.entry(credit).or_default() += 1;
    }
    faults.extend(
        expected.iter().filter(|credit| !live.contains_key(*credit)).map(|credit| format!("credit {credit} is lost")),
    );
    for (credit, times) in live {
        if times > 1 {
            faults.push(format!("credit {credit} is live {times} times"));
        }
        if !expected.contains(credit) {
            faults.push(format!("credit {credit} is from nowhere"));
        }
    }
    faults
}

/// The broken controls: what the checker must find, were it to happen.
#[cfg(test)]
mod tests {
    use super::*;

    fn line(expect: Expect, credit: &str) -> Line {
        Line { expect, credit: Some(credit.to_owned()).filter(|credit| !credit.is_empty()) }
    }

    fn world() -> (Vec<Sent>, Found) {
        let file = |name: &str, acknowledged: Option<&str>, lines: &[(i64, Line)]| Sent {
            name: name.to_owned(),
            text: String::new(),
            acknowledged: acknowledged.map(str::to_owned),
            lines: lines.iter().cloned().collect(),
        };
        let first =
            [(2, line(Expect::Accepted, "x")), (3, line(Expect::Refused, "y")), (4, line(Expect::AlreadyReported, ""))];
        let sent = vec![
            file("one", Some("id"), &first),
            file("two", None, &[(2, line(Expect::RefusedOrAccepted, "z"))]),
            file("three", None, &[(2, line(Expect::Accepted, "never"))]),
        ];
        let row = |name: &str, number, result: &str| (name.to_owned(), number, result.to_owned());
        let found = Found {
            uploads: vec![("one".into(), "done".into(), 3), ("two".into(), "done".into(), 1)],
            rows: vec![
                row("one", 2, "accepted"),
                row("one", 3, "refused"),
                row("one", 4, "already_reported"),
                row("two", 2, "accepted"),
            ],
            live: vec!["x".into(), "z".into()],
        };
        (sent, found)
    }

    #[test]
    fn what_is_as_it_must_be_has_no_faults() {
        let (sent, found) = world();
        assert_eq!(faults(&sent, &found), Vec::<String>::new());
    }

    #[test]
    fn a_lost_and_a_doubled_row_are_found() {
        type Spoil = fn(&mut Found);
        let spoilt: [(&str, Spoil); 9] = [
            ("one row 2 is lost", |found| drop(found.rows.remove(0))),
            ("one row 2 is [\"accepted\", \"accepted\"]", |found| found.rows.push(found.rows[0].clone())),
            ("one row 3 is [\"accepted\"]", |found| found.rows[1].2 = "accepted".into()),
            ("one row 9 is from nowhere", |found| found.rows.push(("one".into(), 9, "accepted".into()))),
            ("one ended as processing", |found| found.uploads[0].1 = "processing".into()),
            ("one: 4 rows are counted, 3 were sent", |found| found.uploads[0].2 = 4),
            ("credit x is lost", |found| drop(found.live.remove(0))),
            ("credit x is live 2 times", |found| found.live.push("x".into())),
            ("credit y is from nowhere", |found| found.live.push("y".into())),
        ];
        for (fault, spoil) in spoilt {
            let (sent, mut found) = world();
            spoil(&mut found);
            let told = faults(&sent, &found);
            assert!(told.iter().any(|told| told.starts_with(fault)), "{fault}: {told:?}");
        }
    }

    #[test]
    fn a_lost_or_doubled_file_is_found() {
        let (sent, mut found) = world();
        found.uploads.retain(|(name, ..)| name != "one");
        found.rows.retain(|(name, ..)| name != "one");
        assert!(faults(&sent, &found).contains(&"one is lost".to_owned()));
        let (sent, mut found) = world();
        found.uploads.push(found.uploads[1].clone());
        assert_eq!(faults(&sent, &found), ["two is there 2 times"]);
    }
}
