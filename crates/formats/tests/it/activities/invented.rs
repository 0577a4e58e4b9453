//! Any activity, for properties: values of lists and values outside of them, texts of any script.

use domain::activity::{
    Activity, Answer, Delivery, Fee, Format, MeasuredOutcome, MocRegistration, OtherCredit, Outline, OutlineKey,
    Pharmacy, PharmacyRequirement, ProfessionCount, Providership, Registration, Rems, StateTopic, Support, Undertaking,
};
use domain::{Amount, Board};
use jiff::civil::{Date, date};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::{id, provider};

/// A text as a form leaves it: trimmed, nothing invisible; often such as formulas begin with.
pub(crate) fn text() -> impl Strategy<Value = String> {
    let odd = select(vec![
        "=1+1",
        "+49",
        "-7",
        "@home",
        "'quoted",
        "'=x",
        "a;b;;c",
        "\"Ana\", said",
        "<b>&amp;</b>",
        "]]>",
        "0",
        "007",
        "1e5",
        "true",
        "naïve – “Ω”",
        "北京",
        "😀",
        "In kind;",
        "#N",
        "a\tb",
        "x\ny",
        "_x0041_",
        "null",
        "{}",
        "\\n",
    ]);
    let any = "[ -~¡-ſα-ω]{0,40}".prop_map(|text| text.trim().to_owned());
    prop_oneof![1 => odd.prop_map(str::to_owned), 2 => any]
        .prop_filter("a spreadsheet's formula that keeps zeros is a value", |text| !text.starts_with("=\""))
}

fn some_text() -> impl Strategy<Value = String> {
    text().prop_map(|text| if text.is_empty() { "x".to_owned() } else { text })
}

fn paragraphs() -> impl Strategy<Value = String> {
    vec(text(), 0..70).prop_map(|lines| lines.join("\n").trim().to_owned())
}

fn texts(most: usize) -> impl Strategy<Value = Vec<String>> {
    vec(some_text(), 0..=most)
}

fn listed(codes: &'static [&'static str]) -> impl Strategy<Value = String> {
    select(codes).prop_map(str::to_owned)
}

fn amount() -> impl Strategy<Value = Amount> {
    (1i64..40_000).prop_map(|quarters| Amount::new(quarters * 25))
}

fn day() -> impl Strategy<Value = Date> {
    (1901i16..2100, 1i8..=12, 1i8..=28).prop_map(|(year, month, day)| date(year, month, day))
}

fn maybe<T: std::fmt::Debug + Clone + 'static>(of: &'static [T]) -> impl Strategy<Value = Option<T>> {
    prop::option::of(select(of))
}

fn total() -> impl Strategy<Value = Option<i64>> {
    prop_oneof![Just(None), Just(Some(0)), (0i64..1_000_000_000).prop_map(Some)]
}

fn support() -> impl Strategy<Value = Vec<Support>> {
    let one = (some_text(), prop::option::of(1i64..10_000_000));
    vec(one.prop_map(|(source, dollars)| Support { source, dollars }), 0..4)
}

fn outcomes() -> impl Strategy<Value = Vec<MeasuredOutcome>> {
    let one = (listed(&["knowledge", "patient_health", "Another"]), any::<bool>(), any::<bool>());
    vec(one.prop_map(|(outcome, objective, subjective)| MeasuredOutcome { outcome, objective, subjective }), 0..4)
}

fn breakdown() -> impl Strategy<Value = Vec<ProfessionCount>> {
    subsequence(vec!["Nurse", "Athletic Trainer", "Herbalist"], 0..=3).prop_flat_map(|professions| {
        let count = professions.len();
        (Just(professions), vec(0i64..5000, count)).prop_map(|(professions, counts)| {
            let pairs = professions.into_iter().zip(counts);
            pairs.map(|(profession, count)| ProfessionCount { profession: profession.to_owned(), count }).collect()
        })
    })
}

fn outlines() -> impl Strategy<Value = Vec<Outline>> {
    let key = (some_text(), text()).prop_map(|(keyword, value)| OutlineKey { keyword, value });
    let one = (listed(&["01_ABAMCO", "02_ABAMCO", "A publisher"]), vec(key, 0..3));
    vec(one.prop_map(|(source, keys)| Outline { source, keys }), 0..4)
}

fn moc() -> impl Strategy<Value = Vec<MocRegistration>> {
    let one = |code: &'static str, types: &'static [&'static str], areas: &'static [&'static str]| {
        (
            prop_oneof![Just(Amount::ZERO), amount()],
            subsequence(types, 0..=types.len()),
            subsequence(areas, 0..=areas.len()),
            prop::option::of(day()),
            subsequence(Undertaking::ALL, 0..=Undertaking::ALL.len()),
        )
            .prop_map(move |(points, types, areas, claim_until, undertakings)| MocRegistration {
                board: Board::read(code).unwrap(),
                points,
                credit_types: types.into_iter().map(str::to_owned).collect(),
                practice_areas: areas.into_iter().map(str::to_owned).collect(),
                claim_until,
                undertakings,
            })
    };
    let all = (
        prop::option::of(one(
            "ABIM",
            &["Medical Knowledge", "Patient Safety", "No such"],
            &["Cardiology", "Odd; area"],
        )),
        prop::option::of(one("ABPath", &["Lifelong Learning"], &["Cytopathology"])),
        prop::option::of(one("ABZ", &["x"], &["y"])),
    );
    all.prop_map(|(a, b, c)| [a, b, c].into_iter().flatten().collect())
}

fn pharmacy() -> impl Strategy<Value = Option<Box<Pharmacy>>> {
    let requirement =
        (some_text(), some_text()).prop_map(|(audience, requirement)| PharmacyRequirement { audience, requirement });
    let first = (text(), text(), prop::option::of(day()), text(), text(), text());
    let second = (maybe(Answer::ALL), vec(requirement, 0..3), maybe(Answer::ALL), texts(3), texts(3));
    (first, second).prop_map(|(first, second)| {
        let (activity_type, topic, live_on, sequence_number, uan, uan_technician) = first;
        let (has_recertification, recertification, has_content_tags, content_states, content_topics) = second;
        let pharmacy = Pharmacy {
            activity_type,
            topic,
            live_on,
            sequence_number,
            uan,
            uan_technician,
            has_recertification,
            recertification,
            has_content_tags,
            content_states,
            content_topics,
        };
        (pharmacy != Pharmacy::default()).then(|| Box::new(pharmacy))
    })
}

/// Any activity that could be stored.
pub(crate) fn activity() -> impl Strategy<Value = Activity> {
    let basics = (some_text(), select(Format::ALL), day(), day(), text(), paragraphs());
    let place = (text(), prop_oneof![Just(("USA", "CA")), Just(("CAN", "Québec")), Just(("", ""))]);
    let credit = (
        prop::option::of(amount()),
        vec((listed(&["Nursing", "Pharmacy"]), amount()), 0..3),
        maybe(Providership::ALL),
        texts(3),
        subsequence(Delivery::ALL, 0..=4),
    );
    let audience = (
        maybe(&[true, false]),
        subsequence(vec!["Nurse", "Athletic Trainer", "Herbalist"], 0..=3),
        subsequence(vec!["Cardiology", "Odd; specialty"], 0..=2),
    );
    let shown = (maybe(&[true, false]), text(), maybe(Fee::ALL), maybe(Registration::ALL));
    let learners = (outcomes(), maybe(&[true, false]), support(), total(), total(), breakdown());
    let tags = (
        subsequence(vec!["Engages Teams", "Another tag"], 0..=2),
        maybe(&[true, false]),
        prop::option::of((listed(&["Opioid Analgesic", "Mycophenolate"]), text())),
        maybe(&[true, false]),
        vec((listed(&["Opioids", "Ethics"]), listed(&["Prescribing", "Other"])), 0..3),
    );
    let more = (outlines(), pharmacy(), moc(), any::<bool>());
    (basics, place, credit, audience, shown, learners, tags, more).prop_map(
        |(basics, place, credit, audience, shown, learners, tags, more)| {
            let (title, format, starts_on, ends_on, internal_id, description) = basics;
            let owned = |list: Vec<&str>| list.into_iter().map(str::to_owned).collect();
            // every field is named, so that a new one cannot be forgotten
            let any = Activity {
                id: id(),
                provider: provider(),
                title,
                format,
                starts_on,
                ends_on,
                internal_id,
                deliveries: credit.4,
                city: place.0,
                state: place.1.1.to_owned(),
                country: place.1.0.to_owned(),
                credit: credit.0,
                other_credits: credit
                    .1
                    .into_iter()
                    .map(|(certification, amount)| OtherCredit { certification, amount })
                    .collect(),
                description,
                providership: credit.2,
                joint_providers: credit.3,
                is_interprofessional: audience.0,
                professions: owned(audience.1),
                specialties: owned(audience.2),
                in_passport: shown.0,
                url: shown.1,
                fee: shown.2,
                registration: shown.3,
                outcomes: learners.0,
                has_support: learners.1,
                support: learners.2,
                physician_total: learners.3,
                other_total: learners.4,
                other_breakdown: learners.5,
                commendation_tags: owned(tags.0),
                is_mips: tags.1,
                rems: tags.2.map(|(kind, identifier)| Rems { kind, identifier }),
                has_state_topics: tags.3,
                state_topics: tags.4.into_iter().map(|(domain, topic)| StateTopic { domain, topic }).collect(),
                outlines: more.0,
                pharmacy: more.1,
                moc: more.2,
                is_closed: more.3,
            };
            any.tidied()
        },
    )
}
