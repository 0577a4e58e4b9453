//! Invented activities for measuring the search: titles and descriptions of a few thousand different words, some of
//! them in most activities and most of them in few, as in real text.

use domain::activity::{
    Activity, Delivery, Fee, Format, MocRegistration, Providership, Registration, StateTopic, Undertaking,
};
use domain::reference::{List, Reference};
use domain::{ActivityId, Amount, ProviderId};
use jiff::ToSpan;
use jiff::civil::Date;

use crate::demo::dice::Dice;

/// Providers of the activities.
pub(super) const PROVIDERS: usize = 300;

const PURPOSES: [&str; 16] = [
    "Update",
    "Review",
    "Management",
    "Care",
    "Prevention",
    "Diagnosis",
    "Treatment",
    "Grand Rounds",
    "Case Conference",
    "Symposium",
    "Workshop",
    "Essentials",
    "Controversies",
    "Advances",
    "Safety",
    "Board Review",
];
const SUBJECTS: [&str; 64] = [
    "Diabetes",
    "Hypertension",
    "Asthma",
    "Heart Failure",
    "Stroke",
    "Sepsis",
    "Pneumonia",
    "Depression",
    "Anxiety",
    "Dementia",
    "Epilepsy",
    "Migraine",
    "Osteoporosis",
    "Arthritis",
    "Lupus",
    "Psoriasis",
    "Melanoma",
    "Lymphoma",
    "Leukemia",
    "Anemia",
    "Obesity",
    "Thyroid Disease",
    "Kidney Disease",
    "Hepatitis",
    "Cirrhosis",
    "Pancreatitis",
    "Colitis",
    "Reflux",
    "Glaucoma",
    "Cataract",
    "Hearing Loss",
    "Sinusitis",
    "Sleep Apnea",
    "Insomnia",
    "Chronic Pain",
    "Opioid Use Disorder",
    "Alcohol Use",
    "Tobacco Cessation",
    "Pregnancy",
    "Menopause",
    "Contraception",
    "Newborn Care",
    "Adolescent Health",
    "Frailty",
    "Falls",
    "Delirium",
    "Palliative Care",
    "Wound Healing",
    "Burns",
    "Trauma",
    "Airway Management",
    "Anesthesia",
    "Ultrasound",
    "Radiology",
    "Pathology",
    "Genomics",
    "Immunization",
    "Influenza",
    "Tuberculosis",
    "Antibiotic Stewardship",
    "Infection Control",
    "Health Equity",
    "Ethics",
    "Telehealth",
];
const SETTINGS: [&str; 24] = [
    "Primary Care",
    "the Emergency Department",
    "the Intensive Care Unit",
    "Rural Practice",
    "Older Adults",
    "Children",
    "Women",
    "Veterans",
    "the Hospital",
    "the Clinic",
    "Urgent Care",
    "Athletes",
    "Cancer Survivors",
    "Transplant Patients",
    "the Operating Room",
    "Long-Term Care",
    "Schools",
    "Correctional Health",
    "Immigrant Health",
    "the Community",
    "Residents",
    "Team-Based Care",
    "Value-Based Care",
    "Integrated Practice",
];
const VERBS: [&str; 12] = [
    "identify",
    "compare",
    "apply",
    "evaluate",
    "recognize",
    "discuss",
    "select",
    "interpret",
    "counsel",
    "coordinate",
    "monitor",
    "prescribe",
];
const COMMON: [&str; 40] = [
    "patients",
    "evidence",
    "guidelines",
    "clinical",
    "practice",
    "outcomes",
    "therapy",
    "risk",
    "screening",
    "symptoms",
    "assessment",
    "medication",
    "primary",
    "quality",
    "team",
    "communication",
    "chronic",
    "acute",
    "adults",
    "testing",
    "imaging",
    "surgery",
    "referral",
    "follow-up",
    "disparities",
    "dosing",
    "interactions",
    "adherence",
    "monitoring",
    "education",
    "strategies",
    "barriers",
    "decision",
    "shared",
    "data",
    "registry",
    "trial",
    "consensus",
    "cost",
    "access",
];
const BEGINNINGS: [&str; 20] = [
    "cardi", "neur", "derm", "gastr", "hepat", "nephr", "oste", "arthr", "hemat", "pulmon", "ophthalm", "ot", "rhin",
    "laryng", "ur", "gynec", "my", "vascul", "end", "immun",
];
const MIDDLES: [&str; 12] =
    ["o", "omeg", "opath", "oscler", "odyn", "omal", "oplas", "otroph", "otom", "ogen", "olys", "ometr"];
const ENDS: [&str; 14] = [
    "ia", "itis", "osis", "ology", "ectomy", "oscopy", "otomy", "algia", "emia", "oma", "opathy", "ography", "oplasty",
    "ics",
];
const CITIES: [(&str, &str); 16] = [
    ("Reno", "NV"),
    ("Oakland", "CA"),
    ("Fresno", "CA"),
    ("San Diego", "CA"),
    ("Austin", "TX"),
    ("Houston", "TX"),
    ("Boston", "MA"),
    ("Albany", "NY"),
    ("Buffalo", "NY"),
    ("Chicago", "IL"),
    ("Denver", "CO"),
    ("Seattle", "WA"),
    ("Portland", "OR"),
    ("Miami", "FL"),
    ("Tampa", "FL"),
    ("Atlanta", "GA"),
];

pub(super) fn provider_name(number: u64) -> String {
    let dice = &mut Dice::of("search provider", number);
    let (place, kind) =
        (dice.pick(&CITIES).0, *dice.pick(&["Medical Center", "Health System", "University", "Academy"]));
    format!("{place} {} {kind} {number}", dice.pick(&["Regional", "Memorial", "Valley", "Lakeside", "Summit"]))
}

/// A word that few activities hold.
fn rare(dice: &mut Dice) -> String {
    format!("{}{}{}", dice.pick_early(&BEGINNINGS), dice.pick_early(&MIDDLES), dice.pick_early(&ENDS))
}

fn description(dice: &mut Dice, subject: &str) -> String {
    let mut text = format!("After this activity on {} learners can", subject.to_lowercase());
    for sentence in 0..dice.between(3, 7) {
        let lead = if sentence == 0 { " " } else { " They " };
        text.push_str(&format!("{lead}{}", dice.pick(&VERBS)));
        for _ in 0..dice.between(4, 9) {
            text.push(' ');
            let word: &str = dice.pick_early::<&str>(&COMMON);
            text.push_str(word);
        }
        text.push_str(&format!(" and {}.", rare(dice)));
    }
    text
}

/// The `number`-th activity: complete, displayed, not over.
pub(super) fn activity(
    number: u64,
    id: ActivityId,
    provider: ProviderId,
    reference: &Reference,
    today: Date,
) -> Activity {
    let dice = &mut Dice::of("search activity", number);
    let subject = *dice.pick_early(&SUBJECTS);
    let title = match dice.below(3) {
        0 => format!("{subject} {}: {}", dice.pick(&PURPOSES), rare(dice)),
        1 => format!("{subject} in {}", dice.pick(&SETTINGS)),
        _ => format!("{} of {subject} and {} in {}", dice.pick(&PURPOSES), dice.pick(&SUBJECTS), dice.pick(&SETTINGS)),
    };
    let format = *dice.pick_early(Format::ALL);
    let deliveries = match format.deliveries() {
        [] => Vec::new(),
        some => vec![*dice.pick(some)],
    };
    let (city, state) = *dice.pick_early(&CITIES);
    let meets = deliveries.contains(&Delivery::InPerson);
    let starts_on = today.saturating_add(dice.between(-300, 300).days());
    let ends_on =
        if format.is_live() { starts_on.max(today) } else { today.saturating_add(dice.between(1, 60).days()) };
    let credit = Amount::new(25 * dice.between(2, 100));
    let specialties: Vec<_> = reference.items(List::Specialties).collect();
    let topics: Vec<_> = reference.items(List::StateTopics).collect();
    let boards: Vec<_> = reference.boards().collect();
    let registered = if dice.percent(35) { dice.between(1, 3) } else { 0 };
    let mut moc: Vec<MocRegistration> = Vec::new();
    for _ in 0..registered {
        let board = dice.pick(&boards);
        if moc.iter().all(|known| known.board != board.code) {
            moc.push(MocRegistration {
                board: board.code,
                points: credit,
                credit_types: board.credit_types.iter().take(2).map(|one| one.name.clone()).collect(),
                practice_areas: board.practice_areas.iter().take(1).cloned().collect(),
                claim_until: None,
                undertakings: Undertaking::ALL.to_vec(),
            });
        }
    }
    let state_topics: Vec<StateTopic> = match dice.percent(30) && !topics.is_empty() {
        true => vec![dice.pick(&topics)],
        false => Vec::new(),
    }
    .into_iter()
    .map(|item| StateTopic { domain: item.group.clone(), topic: item.code.clone() })
    .collect();
    Activity {
        deliveries,
        city: if meets { city.to_owned() } else { String::new() },
        state: if meets { state.to_owned() } else { String::new() },
        country: if meets { "USA".to_owned() } else { String::new() },
        credit: Some(credit),
        description: description(dice, subject),
        providership: Some(Providership::Direct),
        in_passport: Some(true),
        url: "https://activity.example/".into(),
        fee: Some(*dice.pick(Fee::ALL)),
        registration: Some(*dice.pick(Registration::ALL)),
        specialties: if specialties.is_empty() { Vec::new() } else { vec![dice.pick_early(&specialties).code.clone()] },
        has_state_topics: Some(!state_topics.is_empty()),
        state_topics,
        moc,
        ..Activity::draft(id, provider, title, format, starts_on.min(ends_on), ends_on)
    }
}
