//! Invented activities: every format and status, over two years past and into the next.
//!
//! The main provider's first ones accept any learner who finished since January: scripts and the
//! sample file report to them, and the demo's own months of credit leave them alone.

use domain::activity::{
    Activity, Delivery, Fee, Format, MeasuredOutcome, MocRegistration, Providership, Registration, Rems, Support,
    Undertaking,
};
use domain::reference::{BoardRules, Reference};
use domain::{ActivityId, Amount, Board, ProviderId};
use jiff::civil::{Date, date};
use jiff::{Span, ToSpan};

use super::dice::Dice;
use super::providers::{DemoProvider, PROVIDERS};
use super::state_topics;
use super::subjects::{SUBJECTS, Subject};
use super::titles::title;

/// An activity with the days on which it was entered and, if it was, closed.
#[derive(Debug, Clone)]
pub(crate) struct Planned {
    pub(crate) activity: Activity,
    pub(crate) entered_on: Date,
    pub(crate) closed_on: Option<Date>,
    /// Kept free of invented credit.
    pub(crate) is_reserved: bool,
}

const FORMATS: &[(Format, u64)] = &[
    (Format::LiveCourse, 34),
    (Format::RegularlyScheduledSeries, 20),
    (Format::EnduringMaterial, 18),
    (Format::JournalBased, 6),
    (Format::ManuscriptReview, 2),
    (Format::TestItemWriting, 2),
    (Format::CommitteeLearning, 3),
    (Format::QualityImprovement, 6),
    (Format::InternetSearching, 2),
    (Format::LearningFromTeaching, 3),
    (Format::OtherBlended, 4),
];

/// All activities of all providers, the main provider's reserved ones first.
pub(crate) fn activities(reference: &Reference, today: Date) -> Vec<Planned> {
    let mut list = reserved(reference, today);
    let mut number = list.len();
    for (place, provider) in (0..).zip(PROVIDERS) {
        for n in 0..provider.activities {
            number += 1;
            let mut dice = Dice::of("activity", place * 1_000 + n);
            list.extend(invent(&mut dice, provider, reference, today, number));
        }
    }
    list
}

/// Complete activities of any provider that begin this year and are not closed, each with a title and an
/// internal ID of its own: what its system would send. Their activity IDs are no good; Credence gives those.
pub(crate) fn many(
    provider: ProviderId,
    reference: &Reference,
    today: Date,
) -> impl Iterator<Item = Activity> + use<'_> {
    let numbers = PROVIDERS.iter().take(1).flat_map(|like| (1..1_000_000).map(move |number| (like, number)));
    numbers.filter_map(move |(like, number)| {
        let mut dice = Dice::of("many", number);
        let Planned { mut activity, .. } = invent(&mut dice, like, reference, today, 1)?;
        activity.provider = provider;
        activity.internal_id = format!("SYS-{number:06}");
        activity.title = format!("{} ({number})", activity.title);
        let is_open = activity.starts_on.year() == today.year() && activity.missing_for_active().is_empty();
        is_open.then_some(activity)
    })
}

fn id(year: i16, number: usize) -> Option<ActivityId> {
    format!("{year:04}{number:05}").parse().ok()
}

/// Nothing filled in but what every activity has.
fn draft(
    id: ActivityId,
    provider: &DemoProvider,
    title: String,
    format: Format,
    dates: (Date, Date),
) -> Option<Activity> {
    Some(Activity::draft(id, provider.id.parse().ok()?, title, format, dates.0, dates.1))
}

/// The activities that scripts and the sample file report to: open since January, until the end of
/// next year, with as much credit as any file may claim. The first is registered with every board.
fn reserved(reference: &Reference, today: Date) -> Vec<Planned> {
    let Some(provider) = PROVIDERS.first() else { return Vec::new() };
    let year = today.year();
    let dates = (date(year, 1, 1), date(year.saturating_add(1), 12, 31));
    let titles = [
        ("Annual Review of Clinical Practice: Online Library", 4000),
        ("Opioid Prescribing and Safe Pain Care: Self-Paced Modules", 800),
        ("Case of the Week: Internal Medicine", 2000),
    ];
    let planned = (1..).zip(titles).filter_map(|(number, (title, hundredths))| {
        let id = id(year, number)?;
        let activity = draft(id, provider, title.to_owned(), Format::EnduringMaterial, dates)?;
        let credit = Amount::new(hundredths);
        let boards: &[&str] = if number == 3 { &["ABIM"] } else { &[] };
        let moc = match number {
            1 => reference.boards().map(|rules| register(rules, credit, dates.1, today, usize::MAX)).collect(),
            _ => boards
                .iter()
                .filter_map(|b| reference.board(Board::read(b)?))
                .map(|r| register(r, credit, dates.1, today, 2))
                .collect(),
        };
        let activity = Activity {
            internal_id: format!("LIB-{year}-{number:02}"),
            deliveries: vec![Delivery::Online],
            credit: Some(credit),
            description: format!("{title}. Short modules with questions; learners claim what they have finished."),
            providership: Some(Providership::Direct),
            in_passport: Some(true),
            url: format!("https://{}/library/{number}", provider.domain),
            fee: Some(Fee::Free),
            registration: Some(Registration::Open),
            moc,
            ..activity
        };
        Some(Planned { activity, entered_on: date(year.saturating_sub(1), 12, 10), closed_on: None, is_reserved: true })
    });
    planned.collect()
}

/// A registration with a board for its credit types in force today, at most so many.
fn register(rules: &BoardRules, points: Amount, claim_until: Date, today: Date, most: usize) -> MocRegistration {
    let types = rules.credit_types.iter().filter(|credit_type| credit_type.in_force(today));
    MocRegistration {
        board: rules.code,
        points,
        credit_types: types.take(most).map(|credit_type| credit_type.name.clone()).collect(),
        practice_areas: rules.practice_areas.iter().take(2).cloned().collect(),
        claim_until: Some(claim_until),
        undertakings: Undertaking::ALL.to_vec(),
    }
}

fn invent(
    dice: &mut Dice,
    provider: &DemoProvider,
    reference: &Reference,
    today: Date,
    number: usize,
) -> Option<Planned> {
    let taught: Vec<&Subject> =
        SUBJECTS.iter().filter(|s| provider.fields.is_empty() || provider.fields.contains(&s.field)).collect();
    let subject = *dice.pick(&taught);
    let topic = *dice.pick(subject.topics);
    let format = *dice.weighted(FORMATS);
    let (starts_on, ends_on) = dates(dice, format, today);
    let title = title(dice, format, subject, topic, starts_on);
    let mut activity = draft(id(starts_on.year(), number)?, provider, title, format, (starts_on, ends_on))?;
    if dice.percent(70) {
        let initials: String = subject.field.chars().filter(|c| c.is_alphabetic()).take(4).collect();
        activity.internal_id = format!("{}-{:02}-{number:03}", initials.to_uppercase(), starts_on.year() % 100);
    }
    let entered_on = starts_on.saturating_sub(dice.between(20, 120).days());
    let entered_on = entered_on.min(today.saturating_sub(dice.between(1, 30).days()));
    let is_future = starts_on > today;
    if dice.percent(if is_future { 30 } else { 4 }) {
        // a draft: some fields are there, others wait
        activity.credit = dice.percent(50).then(|| credit(dice, format));
        return Some(Planned { activity, entered_on, closed_on: None, is_reserved: false });
    }
    complete(dice, &mut activity, provider, subject, topic);
    if dice.percent(55) {
        activity.moc = registrations(dice, &activity, subject, reference, today);
    }
    let days_past = ends_on.until(today).map_or(0, |span| i64::from(span.get_days()));
    let is_closed = days_past > 20 && dice.percent(if days_past > 150 { 92 } else { 45 });
    if is_closed || days_past > 0 && dice.percent(40) {
        report_totals(dice, &mut activity);
    }
    let closed_on = is_closed.then(|| ends_on.saturating_add(dice.between(5, 19).days()).min(today));
    Some(Planned { activity, entered_on, closed_on, is_reserved: false })
}

/// Dates as the format has them, somewhere from two years ago to some months ahead.
fn dates(dice: &mut Dice, format: Format, today: Date) -> (Date, Date) {
    let near = |dice: &mut Dice, least, most| today.saturating_add(dice.between(least, most).days());
    let lasting = |start: Date, span: Span| (start, start.saturating_add(span).saturating_sub(1.day()));
    match format {
        Format::LiveCourse => {
            let start = near(dice, -720, 150);
            (start, start.saturating_add(dice.between(0, 2).days()))
        }
        Format::RegularlyScheduledSeries | Format::CommitteeLearning | Format::LearningFromTeaching => {
            let year = today.year().saturating_sub(*dice.weighted(&[(0, 55), (1, 30), (2, 15)]));
            (date(year, 1, 1), date(year, 12, 31))
        }
        Format::EnduringMaterial => lasting(near(dice, -720, 40), dice.between(12, 36).months()),
        Format::JournalBased => lasting(near(dice, -600, 10), dice.between(12, 24).months()),
        _ => lasting(near(dice, -600, 20), dice.between(4, 12).months()),
    }
}

/// Credit in steps of a quarter, as much as the format usually gives.
fn credit(dice: &mut Dice, format: Format) -> Amount {
    let quarters = match format {
        Format::LiveCourse => dice.between(4, 72),
        Format::RegularlyScheduledSeries => dice.between(40, 200),
        Format::QualityImprovement => 80,
        Format::JournalBased => 4,
        Format::ManuscriptReview => 12,
        Format::TestItemWriting => 40,
        Format::CommitteeLearning | Format::LearningFromTeaching => dice.between(16, 80),
        Format::InternetSearching => 2,
        _ => dice.between(2, 32),
    };
    Amount::new(quarters * 25)
}

/// Everything that an activity needs to be Active.
fn complete(dice: &mut Dice, activity: &mut Activity, provider: &DemoProvider, subject: &Subject, topic: &str) {
    let may = activity.format.deliveries();
    activity.deliveries = match may {
        [] => Vec::new(),
        may => vec![*dice.pick_early(may)],
    };
    if activity.deliveries.contains(&Delivery::InPerson) {
        activity.city = provider.city.to_owned();
        activity.state = provider.state.to_owned();
        activity.country = "USA".to_owned();
    }
    activity.credit = Some(credit(dice, activity.format));
    activity.description = format!(
        "For physicians who meet questions of {} in daily practice. Learners compare their own approach to {} with \
         current guidance, work through cases, and name one thing that they will do differently.",
        subject.field.to_lowercase(),
        topic,
    );
    if dice.percent(18) {
        activity.providership = Some(Providership::Joint);
        activity.joint_providers = vec![format!("{} Alliance of {}", subject.field, provider.city)];
    } else {
        activity.providership = Some(Providership::Direct);
    }
    let in_passport = activity.format != Format::CommitteeLearning && dice.percent(80);
    activity.in_passport = Some(in_passport);
    activity.url = format!("https://{}/activities/{}", provider.domain, activity.id);
    activity.fee = Some(*dice.pick(&[Fee::Free, Fee::Yes, Fee::Variable]));
    activity.registration = Some(*dice.pick_early(&[Registration::Open, Registration::Limited]));
    state_topics::give(activity, topic);
    if topic == "Safe Opioid Prescribing" {
        activity.rems = Some(Rems { kind: "Opioid Analgesic".to_owned(), identifier: String::new() });
    }
}

fn registrations(
    dice: &mut Dice,
    activity: &Activity,
    subject: &Subject,
    reference: &Reference,
    today: Date,
) -> Vec<MocRegistration> {
    let Some(points) = activity.credit else { return Vec::new() };
    let most = usize::try_from(dice.between(1, 3)).unwrap_or(1);
    let boards = subject.boards.iter().filter_map(|code| reference.board(Board::read(code)?));
    boards
        .filter(|rules| rules.activity_starts_from.is_none_or(|from| from <= activity.starts_on))
        .map(|rules| register(rules, points, activity.ends_on, today, most))
        .collect()
}

/// What a provider enters when an activity is over.
fn report_totals(dice: &mut Dice, activity: &mut Activity) {
    let outcome = |code: &str| MeasuredOutcome { outcome: code.to_owned(), objective: true, subjective: false };
    let first = *dice.weighted(&[("competence", 60), ("knowledge", 34), ("patient_health", 6)]);
    activity.outcomes = vec![outcome(first)];
    if dice.percent(40) {
        activity.outcomes.push(outcome("performance"));
    }
    let supported = dice.percent(15);
    activity.has_support = Some(supported);
    if supported {
        let dollars = dice.percent(80).then(|| dice.between(5, 60) * 1_000);
        let source = *dice.pick_early(&["Harrowgate Therapeutics", "Pellworth Devices", "Asterion Biologics"]);
        activity.support = vec![Support { source: source.to_owned(), dollars }];
    }
    activity.physician_total = Some(dice.between(90, 420));
    activity.other_total = Some(dice.between(0, 160));
}

#[cfg(test)]
mod tests {
    use domain::activity::Status;

    use super::*;

    fn reference() -> Reference {
        let board = |code: &str, types: &[&str]| BoardRules {
            code: Board::read(code).unwrap(),
            label: code.to_owned(),
            name: code.to_owned(),
            credit_types: types
                .iter()
                .map(|name| domain::reference::CreditType {
                    name: (*name).to_owned(),
                    valid_from: None,
                    valid_until: None,
                })
                .collect(),
            practice_areas: vec!["General".to_owned()],
            diplomate_id_optional: false,
            points_equal_credit: false,
            once_per_date: false,
            type_apart: None,
            completed_from: None,
            activity_starts_from: None,
        };
        let boards = vec![board("ABIM", &["Medical Knowledge", "Patient Safety"]), board("ABA", &["Patient Safety"])];
        Reference::always(boards, Default::default())
    }

    #[test]
    fn every_format_and_status_occurs_and_none_breaks_a_rule_of_its_format() {
        let today = date(2026, 11, 23);
        let list = activities(&reference(), today);
        assert!(list.len() >= 300, "{}", list.len());
        for format in Format::ALL {
            assert!(list.iter().any(|planned| planned.activity.format == *format), "{format}");
        }
        let status = |planned: &Planned| {
            let is_closed = planned.closed_on.is_some();
            Activity { is_closed, ..planned.activity.clone() }.status(today)
        };
        for wanted in Status::ALL {
            let found = list.iter().filter(|planned| status(planned) == *wanted).count();
            assert!(found >= 10, "{wanted}: {found}");
        }
        for Planned { activity, closed_on, .. } in &list {
            assert_eq!(activity.faults(&reference()), [], "{activity:?}");
            if closed_on.is_some() {
                assert_eq!(activity.missing_for_closed(today), [], "{activity:?}");
            }
        }
        let mut ids: Vec<ActivityId> = list.iter().map(|planned| planned.activity.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), list.len());
    }

    #[test]
    fn the_first_activity_takes_any_learner_since_january_in_any_year() {
        for today in [date(2026, 1, 1), date(2026, 11, 23), date(2027, 12, 31), date(2028, 2, 29)] {
            let list = activities(&reference(), today);
            let first = &list[0].activity;
            assert_eq!(first.status(today), Status::Active);
            assert_eq!(first.id.to_string(), format!("{}00001", today.year()));
            assert_eq!((first.starts_on, first.credit), (date(today.year(), 1, 1), Some(Amount::new(4000))));
            assert_eq!(first.moc.len(), 2);
            assert_eq!(first.moc[1].credit_types.len(), 2);
            assert!(
                first.moc.iter().all(|moc| moc.points == Amount::new(4000) && moc.claim_until == Some(first.ends_on))
            );
        }
    }
}
