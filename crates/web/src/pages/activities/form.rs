//! The one form of an activity, for its template: every choice with its words, every line with its
//! names, and the checklist beside it.

use domain::activity::{Activity, Answer, Delivery, Fee, Format, MocRegistration, Providership, Registration};
use domain::reference::{BoardRules, List, Reference};
use domain::{ActivityId, SketchId};

use app::App;
use askama::Template;
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
    deliveries: Vec<Way>,
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
    outcomes: Vec<OutcomeLine>,
    supporters: Vec<(String, String)>,
    sources: Vec<Line<2>>,
    breakdown: Vec<Line<2>>,
    pharmacy_types: Vec<(String, String)>,
    pharmacy_topics: Vec<(String, String)>,
    recertification: Vec<Line<2>>,
    moc: Vec<Board>,
    boards_left: Vec<(String, String)>,
}

/// A way of taking part, with the codes of the formats that have it.
struct Way {
    code: &'static str,
    label: &'static str,
    formats: String,
    is_ticked: bool,
}

/// A measured outcome with a box for each way of measuring it.
struct OutcomeLine {
    label: String,
    ways: [OutcomeWay; 2],
}

struct OutcomeWay {
    choice: String,
    word: &'static str,
    is_ticked: bool,
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

fn deliveries(given: &Typed) -> Vec<Way> {
    let way = |way: &Delivery| {
        let having = Format::ALL.iter().filter(|format| format.deliveries().contains(way));
        Way {
            code: way.code(),
            label: way.label(),
            formats: having.map(|format| format.code()).collect::<Vec<_>>().join(" "),
            is_ticked: given.has("deliveries", way.code()),
        }
    };
    Delivery::ALL.iter().map(way).collect()
}

fn outcomes(reference: &Reference, given: &Typed) -> Vec<OutcomeLine> {
    let on_record = given.all("outcomes").filter_map(|ticked| ticked.rsplit_once('_')).map(|(outcome, _)| outcome);
    let line = |(code, label): (String, String)| OutcomeLine {
        label,
        ways: ["objective", "subjective"].map(|word| {
            let choice = format!("{code}_{word}");
            OutcomeWay { is_ticked: given.has("outcomes", &choice), choice, word }
        }),
    };
    items(reference, List::Outcomes, on_record).into_iter().map(line).collect()
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

/// Boards that the activity could still be registered with, as choices.
pub(super) fn boards_left(reference: &Reference, activity: Option<&Activity>) -> Vec<(String, String)> {
    let is_left = |board: &&BoardRules| activity.is_none_or(|known| known.registration(board.code).is_none());
    let choice = |board: &BoardRules| (board.code.to_string(), format!("{}, {}", board.label, board.name));
    reference.boards().filter(is_left).map(choice).collect()
}

/// The form with these words in it. The checklist is about what is typed, or about what is on record
/// where that cannot be read.
pub(super) fn form(app: &App, chrome: Chrome, about: About<'_>, given: Typed, faults: Faults) -> ActivityForm {
    let reference = &*app.reference.get();
    let stored = match about {
        About::Saved(stored) => Some(stored),
        About::New(_) => None,
    };
    let column = |names: [&str; 2]| given.lines(names).into_iter().map(|[first, _]| first).collect::<Vec<_>>();
    let (kinds, people, sources) = (column(OTHER_CREDIT), column(BREAKDOWN), column(SUPPORT));
    let one = |list, field: &str| items(reference, list, [given.get(field)]);
    let some = |list, codes: &[String]| items(reference, list, codes.iter().map(String::as_str));
    ActivityForm {
        chrome,
        id: stored.map(|stored| stored.activity.id),
        sketch: match about {
            About::New(Some(sketch)) => sketch.to_string(),
            _ => String::new(),
        },
        heading: stored.map(|stored| stored.activity.title.clone()).unwrap_or_default(),
        version: stored.map_or(0, |stored| stored.version),
        checklist: checklist(app, stored, &given).with_faults(&faults),
        saves_itself: stored.is_none_or(|stored| !stored.activity.is_complete()),
        said: String::new(),
        faults,
        formats: choices!(Format),
        deliveries: deliveries(&given),
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
        boards_left: boards_left(reference, stored.map(|stored| &stored.activity)),
        given,
    }
}

/// What is missing of the activity as it is typed. Its registrations are those on record.
pub(super) fn checklist(app: &App, stored: Option<&Stored>, given: &Typed) -> Checklist {
    let id = stored.map_or_else(app::activities::no_id, |stored| stored.activity.id);
    // which provider it is of has no part in what is missing
    let provider = stored.map(|stored| stored.activity.provider);
    let Some(provider) = provider.or_else(|| "0000000".parse().ok()) else {
        return Checklist::of_unread(&super::reading::Unread::default(), false);
    };
    match given.read(id, provider) {
        Ok(typed) => {
            let moc = stored.map(|stored| stored.activity.moc.clone()).unwrap_or_default();
            let (typed, today, reference) = (Activity { moc, ..typed }, app.clock.today(), app.reference.get());
            Checklist::of("", &typed, today, &reference).with_slips(&typed, today, &reference).with_late(app, &typed)
        }
        Err(unread) => Checklist::of_unread(&unread, stored.is_some()),
    }
}

/// What stands in the folded part of the form.
const OPTIONAL: [&str; 10] = [
    "is_interprofessional",
    "professions",
    "specialties",
    "rems",
    "is_mips",
    "has_state_topics",
    "state_topics",
    "commendation_tags",
    "outline",
    "pharmacy",
];

impl ActivityForm {
    /// Whether a part that may be folded has something in it or a fault, and so stands open.
    fn open(&self, fields: &[&str]) -> bool {
        let is_given =
            |field: &&str| self.given.0.iter().any(|(name, given)| name.starts_with(*field) && !given.is_empty());
        fields.iter().any(|field| is_given(field) || !self.faults.of(field).is_empty())
    }

    /// The same for the part that holds everything optional.
    fn has_optional(&self) -> bool {
        self.open(&OPTIONAL) || !self.faults.of("outlines").is_empty()
    }

    /// Whether one of these fields has something in it or a fault, and so is shown whatever else was
    /// answered.
    fn has(&self, fields: &[&str]) -> bool {
        fields.iter().any(|field| !self.given.get(field).is_empty() || !self.faults.of(field).is_empty())
    }
}
