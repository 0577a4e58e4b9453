//! The one form of an activity, for its template: every choice with its words, every line with its
//! names, and the checklist beside it.

use domain::activity::{Activity, Answer, Delivery, Fee, Format, MocRegistration, Providership, Registration};
use domain::reference::{List, Reference};
use domain::{ActivityId, SketchId};

use askama::Template;
use jiff::civil::Date;
use store::activities::Stored;

use super::checklist::Checklist;
use super::typed::{BREAKDOWN, IN_DOMAIN, OTHER_CREDIT, OUTLINE, RECERTIFICATION, SUPPORT, Typed};
use crate::{Chrome, Faults};

type Choices = Vec<(&'static str, &'static str)>;
type Ticks = Vec<(String, String, bool)>;

/// What the form is about.
pub(super) enum About<'a> {
    /// Nothing saved yet, or the beginning that is kept under this ID.
    New(Option<SketchId>),
    Saved(&'a Stored),
}

/// A field of a line: its name and what stands in it.
pub(super) struct Cell {
    name: String,
    given: String,
}

/// A line of fields that are repeated, counted from 1.
pub(super) struct Line<const N: usize> {
    number: usize,
    cells: [Cell; N],
}

#[derive(Template)]
#[template(path = "activities/edit.html")]
pub(super) struct ActivityForm {
    chrome: Chrome,
    /// None for a new one.
    id: Option<ActivityId>,
    /// Empty if nothing is kept yet.
    sketch: String,
    heading: String,
    pub version: i64,
    given: Typed,
    faults: Faults,
    checklist: Checklist,
    /// Whether typing saves by itself: beginnings and drafts do.
    saves_itself: bool,
    /// What became of the last keystrokes; said by the fragment that a script asks for.
    said: String,
    formats: Choices,
    deliveries: Vec<(&'static str, &'static str, bool)>,
    states: Vec<(String, String)>,
    countries: Vec<(String, String)>,
    providerships: Choices,
    fees: Choices,
    registrations: Choices,
    answers: Choices,
    credit_kinds: Vec<(String, String)>,
    other_credits: Vec<Line<2>>,
    professions: Ticks,
    specialties: Ticks,
    profession_choices: Vec<(String, String)>,
    commendation_tags: Ticks,
    state_topics: Ticks,
    rems_programs: Vec<(String, String)>,
    outlines: Vec<Line<3>>,
    outcomes: Ticks,
    supporters: Vec<(String, String)>,
    sources: Vec<Line<2>>,
    breakdown: Vec<Line<2>>,
    pharmacy_types: Vec<(String, String)>,
    pharmacy_topics: Vec<(String, String)>,
    recertification: Vec<Line<2>>,
    moc: Vec<Board>,
}

/// A registration on record, with the address of its own form.
struct Board {
    href: String,
    label: String,
    points: String,
    attested: bool,
}

macro_rules! choices {
    ($choice:ty) => {
        <$choice>::ALL.iter().map(|choice| (choice.code(), choice.label())).collect()
    };
}

/// What is in the list today; values that are over or unknown stay with the activity that has them.
pub(super) fn items<'a>(
    reference: &Reference,
    list: List,
    given: impl IntoIterator<Item = &'a str>,
) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> =
        reference.items(list).map(|item| (item.code.clone(), item.name.clone())).collect();
    for code in given.into_iter().map(str::trim).filter(|code| !code.is_empty()) {
        if !all.iter().any(|(known, _)| known == code) {
            all.push((code.to_owned(), reference.name_of(list, code)));
        }
    }
    all
}

fn ticks(reference: &Reference, list: List, given: &Typed, field: &str) -> Ticks {
    let all = items(reference, list, given.all(field)).into_iter();
    all.map(|(code, name)| {
        let ticked = given.has(field, &code);
        (code, name, ticked)
    })
    .collect()
}

fn state_topics(reference: &Reference, given: &Typed) -> Ticks {
    let mut all: Ticks = Vec::new();
    for item in reference.items(List::StateTopics) {
        let choice = [&*item.group, IN_DOMAIN, &item.code].concat();
        let ticked = given.has("state_topics", &choice);
        all.push((choice, format!("{}: {}", item.group, item.name), ticked));
    }
    for choice in given.all("state_topics").filter(|choice| !choice.is_empty()) {
        if !all.iter().any(|(known, ..)| known == choice) {
            all.push((choice.to_owned(), choice.replacen(IN_DOMAIN, ": ", 1), true));
        }
    }
    all
}

fn outcomes(reference: &Reference, given: &Typed) -> Ticks {
    let on_record = given.all("outcomes").filter_map(|ticked| ticked.rsplit_once('_')).map(|(outcome, _)| outcome);
    let all = items(reference, List::Outcomes, on_record).into_iter();
    all.flat_map(|(code, name)| {
        ["objective", "subjective"].map(|way| {
            let choice = format!("{code}_{way}");
            let ticked = given.has("outcomes", &choice);
            (choice, format!("{name}, {way}"), ticked)
        })
    })
    .collect()
}

fn lines<const N: usize>(given: &Typed, names: [&str; N]) -> Vec<Line<N>> {
    let line = |(place, cells): (usize, [String; N])| {
        let mut cells = cells.into_iter();
        let cells = names.map(|name| Cell { name: format!("{name}_{place}"), given: cells.next().unwrap_or_default() });
        Line { number: place + 1, cells }
    };
    given.lines_and_room(names).into_iter().enumerate().map(line).collect()
}

fn boards(reference: &Reference, activity: &Activity) -> Vec<Board> {
    let board = |moc: &MocRegistration| Board {
        href: format!("/provider/activities/{}/moc/{}", activity.id, moc.board),
        label: reference.board_label(moc.board),
        points: moc.points.to_string(),
        attested: moc.is_attested(),
    };
    activity.moc.iter().map(board).collect()
}

/// The form with these words in it. The checklist is about what is typed, or about what is on record
/// where that cannot be read.
pub(super) fn form(
    reference: &Reference,
    today: Date,
    chrome: Chrome,
    about: About<'_>,
    given: Typed,
    faults: Faults,
) -> ActivityForm {
    let stored = match about {
        About::Saved(stored) => Some(stored),
        About::New(_) => None,
    };
    let column = |names: [&str; 2]| given.lines(names).into_iter().map(|[first, _]| first).collect::<Vec<_>>();
    let (kinds, people, sources) = (column(OTHER_CREDIT), column(BREAKDOWN), column(SUPPORT));
    let one = |list, field: &str| items(reference, list, [given.get(field)]);
    let some = |list, codes: &[String]| items(reference, list, codes.iter().map(String::as_str));
    let deliveries = Delivery::ALL.iter().map(|way| (way.code(), way.label(), given.has("deliveries", way.code())));
    ActivityForm {
        chrome,
        id: stored.map(|stored| stored.activity.id),
        sketch: match about {
            About::New(Some(sketch)) => sketch.to_string(),
            _ => String::new(),
        },
        heading: stored.map(|stored| stored.activity.title.clone()).unwrap_or_default(),
        version: stored.map_or(0, |stored| stored.version),
        checklist: checklist(reference, today, stored, &given).with_faults(&faults),
        saves_itself: stored.is_none_or(|stored| !stored.activity.is_complete()),
        said: String::new(),
        faults,
        formats: choices!(Format),
        deliveries: deliveries.collect(),
        states: one(List::States, "state"),
        countries: one(List::Countries, "country"),
        providerships: choices!(Providership),
        fees: choices!(Fee),
        registrations: choices!(Registration),
        answers: choices!(Answer),
        credit_kinds: some(List::CreditKinds, &kinds),
        other_credits: lines(&given, OTHER_CREDIT),
        professions: ticks(reference, List::Professions, &given, "professions"),
        specialties: ticks(reference, List::Specialties, &given, "specialties"),
        profession_choices: some(List::Professions, &people),
        commendation_tags: ticks(reference, List::CommendationTags, &given, "commendation_tags"),
        state_topics: state_topics(reference, &given),
        rems_programs: one(List::RemsPrograms, "rems"),
        outlines: lines(&given, OUTLINE),
        outcomes: outcomes(reference, &given),
        supporters: some(List::Supporters, &sources),
        sources: lines(&given, SUPPORT),
        breakdown: lines(&given, BREAKDOWN),
        pharmacy_types: one(List::PharmacyTypes, "pharmacy_type"),
        pharmacy_topics: one(List::PharmacyTopics, "pharmacy_topic"),
        recertification: lines(&given, RECERTIFICATION),
        moc: stored.map(|stored| boards(reference, &stored.activity)).unwrap_or_default(),
        given,
    }
}

/// What is missing of the activity as it is typed. Its registrations are those on record.
pub(super) fn checklist(reference: &Reference, today: Date, stored: Option<&Stored>, given: &Typed) -> Checklist {
    let id = stored.map_or_else(app::activities::no_id, |stored| stored.activity.id);
    // which provider it is of has no part in what is missing
    let provider = stored.map(|stored| stored.activity.provider);
    let Some(provider) = provider.or_else(|| "0000000".parse().ok()) else {
        return Checklist::of_unread(&super::reading::Unread::default(), false);
    };
    match given.read(id, provider) {
        Ok(typed) => {
            let moc = stored.map(|stored| stored.activity.moc.clone()).unwrap_or_default();
            Checklist::of("", &Activity { moc, ..typed }, today, reference)
        }
        Err(unread) => Checklist::of_unread(&unread, stored.is_some()),
    }
}

impl ActivityForm {
    /// Whether a part that may be folded has something in it or a fault, and so stands open.
    fn open(&self, fields: &[&str]) -> bool {
        let is_given =
            |field: &&str| self.given.0.iter().any(|(name, given)| name.starts_with(*field) && !given.is_empty());
        fields.iter().any(|field| is_given(field) || !self.faults.of(field).is_empty())
    }
}
