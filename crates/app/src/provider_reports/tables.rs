//! The tables of a report: titles, definitions and lines, in the order in which they are read.

use std::collections::BTreeMap;

use domain::activity::year::Totals;
use domain::activity::{Format, Providership};
use domain::credit::{CreditStatus, Kind};
use domain::reference::{List, Reference};
use domain::{Amount, Board};
use formats::tables::{Figure, Table};
use jiff::civil::Date;
use store::provider_reports::{Class, Period};

use super::breakdown::{self, Line};
use super::facts::Facts;
use super::timeliness::Waits;
use super::{EXPECTED_DAYS, Report};

/// What the columns of a breakdown count. The first four are of activities, the last three of completions.
const BREAKDOWN: [&str; 7] = [
    "Activities",
    "Credits offered",
    "Physicians",
    "Other learners",
    "Physicians reported",
    "Others reported",
    "CME credits reported",
];

fn text(text: impl Into<String>) -> Figure {
    Figure::Text(text.into())
}

fn words<const N: usize>(columns: [&str; N]) -> Vec<String> {
    columns.map(str::to_owned).to_vec()
}

/// A share of a whole in tenths of a percent, rounded; nothing of nothing.
fn share(part: i64, whole: i64) -> Option<i64> {
    (whole > 0).then(|| (part.saturating_mul(2_000) + whole) / (whole.saturating_mul(2)))
}

fn percent(part: i64, whole: i64) -> Figure {
    share(part, whole).map_or(Figure::None, Figure::Percent)
}

pub(super) fn report(reference: &Reference, today: Date, period: Period, facts: &Facts) -> Report {
    let total = breakdown::total(facts);
    let waits = Waits::of(&facts.days);
    let boards: Vec<Board> = total.points.keys().copied().collect();
    let mut report = Report {
        period,
        totals: totals(facts, &total),
        physicians_reported: total.physicians_reported,
        others_reported: total.others_reported,
        completions: waits.completions,
        cme: total.cme,
        accepted: share(facts.rows.accepted, facts.rows.accepted + facts.rows.refused),
        median_days: waits.median(),
        in_time: share(waits.within(EXPECTED_DAYS), waits.completions),
        tables: Vec::new(),
    };
    let summary = summary(&report);
    report.tables.push(summary);
    let mut points = Vec::new();
    for broken in breakdowns(reference, today, period, facts) {
        if !boards.is_empty() {
            points.push(broken.points(reference, &boards, &total));
        }
        report.tables.push(broken.table(&total));
    }
    report.tables.push(supporters(reference, facts, &report.totals));
    report.tables.push(kinds(reference, facts));
    report.tables.extend(points);
    report.tables.push(problems(facts));
    report.tables.push(rows(facts));
    report.tables.push(days(&waits));
    report
}

fn totals(facts: &Facts, total: &Line) -> Totals {
    let supported = facts.activities.iter().filter(|cell| cell.class.is_supported == Some(true));
    Totals {
        activities: total.activities,
        credits: total.offered,
        physicians: total.physicians,
        others: total.others,
        support_dollars: total.support_dollars,
        supported: supported.map(|cell| cell.activities).sum(),
    }
}

fn summary(report: &Report) -> Table {
    let (totals, days) = (report.totals, report.median_days);
    let rows = [
        ("Activities", Figure::Count(totals.activities)),
        ("AMA PRA Category 1 Credits offered", Figure::Credits(totals.credits)),
        ("Physicians, your totals", Figure::Count(totals.physicians)),
        ("Other learners, your totals", Figure::Count(totals.others)),
        ("Activities with commercial support", Figure::Count(totals.supported)),
        ("Commercial support", Figure::Dollars(totals.support_dollars)),
        ("Physicians reported", Figure::Count(report.physicians_reported)),
        ("Other learners reported", Figure::Count(report.others_reported)),
        ("Completions reported", Figure::Count(report.completions)),
        ("CME credits reported", Figure::Credits(report.cme)),
        ("Rows accepted of those sent, percent", report.accepted.map_or(Figure::None, Figure::Percent)),
        ("Median days from completion to report", days.map_or(Figure::None, Figure::Count)),
        ("Reported within 30 days, percent", report.in_time.map_or(Figure::None, Figure::Percent)),
    ];
    Table {
        key: "summary",
        title: "Summary".into(),
        definition: "The first six lines are those of the Program Summary for a calendar year: activities that end \
                     in the period with the totals you entered. The others count what you reported of learners by \
                     day of completion."
            .into(),
        columns: words(["Figure", "Value"]),
        rows: rows.into_iter().map(|(name, figure)| vec![text(name), figure]).collect(),
        total: None,
    }
}

/// A breakdown before it is a table: lines with their names in order.
struct Breakdown {
    key: &'static str,
    points_key: &'static str,
    title: &'static str,
    /// Of the first column.
    name: &'static str,
    definition: &'static str,
    lines: Vec<(String, Line)>,
}

impl Breakdown {
    fn table(&self, total: &Line) -> Table {
        let figures = |name: &str, line: &Line| {
            vec![
                text(name),
                Figure::Count(line.activities),
                Figure::Credits(line.offered),
                Figure::Count(line.physicians),
                Figure::Count(line.others),
                Figure::Count(line.physicians_reported),
                Figure::Count(line.others_reported),
                Figure::Credits(line.cme),
            ]
        };
        Table {
            key: self.key,
            title: self.title.into(),
            definition: self.definition.into(),
            columns: [self.name].into_iter().chain(BREAKDOWN).map(str::to_owned).collect(),
            rows: self.lines.iter().map(|(name, line)| figures(name, line)).collect(),
            total: Some(figures("All", total)),
        }
    }

    /// The points of each board in the same lines.
    fn points(&self, reference: &Reference, boards: &[Board], total: &Line) -> Table {
        let figures = |name: &str, line: &Line| {
            let points =
                boards.iter().map(|board| Figure::Credits(line.points.get(board).copied().unwrap_or_default()));
            std::iter::once(text(name)).chain(points).collect::<Vec<_>>()
        };
        let labels = boards.iter().map(|board| reference.board_label(*board));
        Table {
            key: self.points_key,
            title: format!("MOC {}", self.title.to_lowercase()),
            definition: "MOC/CC points reported, accepted or pending, by day of completion. Points of different \
                         boards are for the same hours, so they are never added up."
                .into(),
            columns: std::iter::once(self.name.to_owned()).chain(labels).collect(),
            rows: self.lines.iter().map(|(name, line)| figures(name, line)).collect(),
            total: Some(figures("All", total)),
        }
    }
}

fn breakdowns(reference: &Reference, today: Date, period: Period, facts: &Facts) -> [Breakdown; 5] {
    [
        Breakdown {
            key: "months",
            points_key: "points-by-month",
            title: "By month",
            name: "Month",
            definition: "Activities stand in the month in which they end, completions in the month of completion. A \
                         learner who completed an activity several times counts in the first of those months.",
            lines: months(today, breakdown::by_month(facts, period)),
        },
        Breakdown {
            key: "formats",
            points_key: "points-by-format",
            title: "By format",
            name: "Format",
            definition: "Activities that end in the period, with the learner totals you entered; enduring material \
                         counts from one December 31 to the next. Learners reported are people with a completion in \
                         the period, counted once an activity.",
            lines: formats(facts),
        },
        Breakdown {
            key: "providership",
            points_key: "points-by-providership",
            title: "By providership",
            name: "Providership",
            definition: "Direct: planned by you, also together with another accredited provider. Joint: with a \
                         partner that is not accredited.",
            lines: in_order(
                breakdown::by_class(facts, |class| vec![class.providership.map_or(9, |one| one as usize)]),
                |place| Providership::ALL.get(*place).map_or("Not said yet", |one| one.label()).to_owned(),
            ),
        },
        Breakdown {
            key: "outcomes",
            points_key: "points-by-outcome",
            title: "By outcome",
            name: "Measured outcome",
            definition: "An activity that measured several outcomes counts for each, so that the lines add up to more \
                         than all.",
            lines: outcomes(reference, facts),
        },
        Breakdown {
            key: "support",
            points_key: "points-by-support",
            title: "By commercial support",
            name: "Commercial support",
            definition: "Whether activities had commercial support, in cash or in kind.",
            lines: in_order(
                breakdown::by_class(facts, |class| {
                    vec![class.is_supported.map_or(2, |is_supported| if is_supported { 0 } else { 1 })]
                }),
                |place| ["With support", "Without support"].get(*place).unwrap_or(&"Not said yet").to_string(),
            ),
        },
    ]
}

fn in_order<K>(lines: BTreeMap<K, Line>, name: impl Fn(&K) -> String) -> Vec<(String, Line)> {
    lines.into_iter().map(|(key, line)| (name(&key), line)).collect()
}

fn formats(facts: &Facts) -> Vec<(String, Line)> {
    let mut lines = breakdown::by_class(facts, |class: &Class| vec![class.format]);
    // in the order in which the field lists them
    Format::ALL.iter().filter_map(|format| Some((format.label().to_owned(), lines.remove(format)?))).collect()
}

/// Months to come are left out while nothing of them is known.
fn months(today: Date, lines: BTreeMap<Date, Line>) -> Vec<(String, Line)> {
    let is_shown = |month: &Date, line: &Line| *month <= today || *line != Line::default();
    let shown = lines.into_iter().filter(|(month, line)| is_shown(month, line));
    shown.map(|(month, line)| (month.strftime("%b %Y").to_string(), line)).collect()
}

fn outcomes(reference: &Reference, facts: &Facts) -> Vec<(String, Line)> {
    let mut lines = breakdown::by_class(facts, |class| {
        let mut codes: Vec<String> = class.outcomes.iter().map(|measured| measured.outcome.clone()).collect();
        codes.sort_unstable();
        codes.dedup();
        if codes.is_empty() { vec![String::new()] } else { codes }
    });
    let none = lines.remove("");
    let named = in_order(lines, |code| reference.name_of(List::Outcomes, code));
    named.into_iter().chain(none.map(|line| ("None measured, or not said yet".to_owned(), line))).collect()
}

fn supporters(reference: &Reference, facts: &Facts, totals: &Totals) -> Table {
    let row = |given: &store::provider_reports::Given| {
        vec![
            text(reference.name_of(List::Supporters, &given.source)),
            Figure::Count(given.activities),
            Figure::Dollars(given.dollars),
            Figure::Count(given.in_kind),
        ]
    };
    Table {
        key: "supporters",
        title: "By supporter".into(),
        definition: "Cash in whole dollars, and the number of activities that were supported in kind, which has no \
                     value here. An activity with several supporters counts for each; all counts it once."
            .into(),
        columns: words(["Supporter", "Activities", "Cash", "Activities in kind"]),
        rows: facts.support.iter().map(row).collect(),
        total: Some(vec![
            text("All"),
            Figure::Count(totals.supported),
            Figure::Dollars(totals.support_dollars),
            Figure::None,
        ]),
    }
}

/// Credits and amounts by status.
fn kinds(reference: &Reference, facts: &Facts) -> Table {
    let mut lines: BTreeMap<Kind, (i64, [Amount; 3])> = BTreeMap::new();
    for cell in &facts.credits {
        let (credits, amounts) = lines.entry(cell.kind).or_default();
        *credits += cell.credits;
        let place = match cell.status {
            CreditStatus::Accepted => &mut amounts[0],
            CreditStatus::Pending => &mut amounts[1],
            CreditStatus::Rejected => &mut amounts[2],
        };
        *place = *place + cell.amount;
    }
    let name = |kind: &Kind| match kind {
        Kind::Cme => "AMA PRA Category 1 Credits".to_owned(),
        Kind::Rems => "REMS".to_owned(),
        Kind::Moc(board) => format!("{} points", reference.board_label(*board)),
    };
    let row = |(kind, (credits, [accepted, pending, rejected])): (Kind, (i64, [Amount; 3]))| {
        let amounts = [accepted, pending, rejected].map(Figure::Credits);
        [text(name(&kind)), Figure::Count(credits)].into_iter().chain(amounts).collect()
    };
    Table {
        key: "kinds",
        title: "By kind of credit".into(),
        definition: "Credit of completions in the period, without what was withdrawn. Certifying boards accept or \
                     reject their points; rejected points do not count anywhere else in this report."
            .into(),
        columns: words(["Credit", "Reported", "Accepted", "Pending", "Rejected"]),
        rows: lines.into_iter().map(row).collect(),
        total: None,
    }
}

fn problems(facts: &Facts) -> Table {
    let refused = facts.rows.refused;
    let row = |(code, rows): &(domain::Code, i64)| {
        vec![text(code.title()), text(code.as_str()), Figure::Count(*rows), percent(*rows, refused)]
    };
    Table {
        key: "problems",
        title: "Refusals by problem".into(),
        definition: "Rows of uploads received in the period that stand refused. A row with several problems counts \
                     for each; one that was corrected is gone from here."
            .into(),
        columns: words(["Problem", "Code", "Rows", "Share of refused rows"]),
        rows: facts.problems.iter().map(row).collect(),
        total: Some(vec![text("All refused rows"), text(""), Figure::Count(refused), Figure::None]),
    }
}

fn rows(facts: &Facts) -> Table {
    let rows = facts.rows;
    let judged = rows.accepted + rows.refused;
    let line = |name: &str, count: i64, share: Figure| vec![text(name), Figure::Count(count), share];
    Table {
        key: "rows",
        title: "Rows of uploads".into(),
        definition: "Rows of uploads received in the period, as they stand now. The acceptance rate is accepted rows \
                     of those accepted or refused; repeats and deletions say nothing about it."
            .into(),
        columns: words(["Result", "Rows", "Share of judged rows"]),
        rows: vec![
            line("Accepted", rows.accepted, percent(rows.accepted, judged)),
            line("Refused", rows.refused, percent(rows.refused, judged)),
            line("Already reported", rows.already_reported, Figure::None),
            line("Deleted", rows.deleted, Figure::None),
        ],
        total: None,
    }
}

fn days(waits: &Waits) -> Table {
    let all = waits.completions;
    let row = |(name, count): (String, i64)| vec![text(name), Figure::Count(count), percent(count, all)];
    Table {
        key: "days",
        title: "Days to report".into(),
        definition: "Days from the completion to its report, of completions in the period. The field expects 30 at \
                     most."
            .into(),
        columns: words(["Waited", "Completions", "Share"]),
        rows: waits.stretches().into_iter().map(row).collect(),
        total: Some(vec![text("All"), Figure::Count(all), Figure::None]),
    }
}
