//! Search for activities: what is found, in which order, with which counts, and when it is found no more.

use std::collections::{BTreeMap, BTreeSet};

use app::activity_search::{self, Facet, Gap, PER_PAGE, Range, Results, Search, Way};
use app::{App, Chance, Clock, Config};
use domain::access::ProviderScope;
use domain::activity::{
    Activity, Delivery, Fee, Format, MocRegistration, Providership, Registration, StateTopic, Undertaking,
};
use domain::{Amount, Board};
use jiff::civil::{Date, date};
use jiff::{SignedDuration, ToSpan};
use store::activities::Attested;
use testkit::TestApp;
use testkit::people::{OTHER_PROVIDER, PROVIDER};

/// The day on which tests take place.
const TODAY: Date = date(2026, 11, 23);

/// An activity that everybody may see, of nine digits that end in `number`.
pub(crate) fn shown(number: u32, title: &str) -> Activity {
    Activity {
        deliveries: vec![Delivery::Online],
        credit: Some(Amount::new(100)),
        description: "Invented.".into(),
        providership: Some(Providership::Direct),
        in_passport: Some(true),
        url: "https://activity.example/".into(),
        fee: Some(Fee::Free),
        registration: Some(Registration::Open),
        ..Activity::draft(
            format!("{:09}", 300_000_000 + number).parse().unwrap(),
            PROVIDER.parse().unwrap(),
            title,
            Format::EnduringMaterial,
            date(2026, 1, 1),
            date(2027, 12, 31),
        )
    }
}

pub(crate) async fn put(app: &App, activities: &[Activity]) {
    let mut tx = app.store.write().await.unwrap();
    for activity in activities {
        let scope = ProviderScope::of_record(activity.provider);
        let attested = Attested { by: None, at: app.clock.now() };
        store::activities::insert(&mut tx, &scope, activity, attested).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn save(app: &App, activity: &Activity, version: i64) {
    let mut tx = app.store.write().await.unwrap();
    let scope = ProviderScope::of_record(activity.provider);
    let attested = Attested { by: None, at: app.clock.now() };
    assert!(store::activities::update(&mut tx, &scope, activity, version, attested).await.unwrap());
    tx.commit().await.unwrap();
}

async fn ask(app: &App, query: &str) -> Results {
    activity_search::search(app, &Search::read(query), None).await.unwrap()
}

/// The titles that a search finds, in order.
async fn titles(app: &App, query: &str) -> Vec<String> {
    ask(app, query).await.activities.into_iter().map(|one| one.stored.activity.title).collect()
}

fn count(results: &Results, facet: Facet, code: &str) -> u64 {
    let counts = results.facets.iter().find(|counts| counts.facet == facet).unwrap();
    counts.values.iter().find(|value| value.code == code).map_or(0, |value| value.count)
}

#[tokio::test]
async fn a_title_stands_before_a_description_before_a_providers_name() {
    let test = TestApp::new().await;
    let described =
        Activity { description: "How hospital teams treat sepsis early.".into(), ..shown(1, "Early hours") };
    let of_provider = Activity { provider: OTHER_PROVIDER.parse().unwrap(), ..shown(2, "Wound care") };
    put(&test.app, &[described, of_provider, shown(3, "The hospital at night")]).await;
    assert_eq!(titles(&test.app, "q=hospital").await, ["The hospital at night", "Early hours", "Wound care"]);
}

#[tokio::test]
async fn slips_of_the_pen_are_forgiven_and_stand_behind_what_was_typed() {
    let test = TestApp::new().await;
    put(&test.app, &[shown(1, "Hypertension today"), shown(2, "Care of the newborn"), shown(3, "A core of evidence")])
        .await;
    for typed in ["hypertensoin", "hypretension", "hypertenson", "HYPERTENSION", "hypertensions"] {
        assert_eq!(titles(&test.app, &format!("q={typed}")).await, ["Hypertension today"], "{typed}");
    }
    // one letter away, both known: what was typed comes first
    assert_eq!(titles(&test.app, "q=care").await, ["Care of the newborn", "A core of evidence"]);
    assert_eq!(titles(&test.app, "q=core").await, ["A core of evidence", "Care of the newborn"]);
    // three letters forgive nothing
    put(&test.app, &[shown(4, "Ear and nose"), shown(5, "Eat well")]).await;
    assert_eq!(titles(&test.app, "q=ear").await, ["Ear and nose"]);
    assert_eq!(
        ask(&test.app, "q=hypertensoin").await.read_as,
        [("hypertensoin".to_owned(), "hypertension".to_owned())]
    );
    assert!(titles(&test.app, "q=hyptertnesoin").await.is_empty());
}

#[tokio::test]
async fn the_last_word_may_only_be_begun_and_all_words_must_be_there() {
    let test = TestApp::new().await;
    put(&test.app, &[shown(1, "Cardiology in practice"), shown(2, "Practice of dermatology")]).await;
    assert_eq!(titles(&test.app, "q=practice+cardio").await, ["Cardiology in practice"]);
    assert_eq!(titles(&test.app, "q=cardio+practice").await, [] as [&str; 0]);
    assert_eq!(titles(&test.app, "q=practices+of+the+dermatology").await, ["Practice of dermatology"]);
    assert_eq!(titles(&test.app, "q=300000002").await, ["Practice of dermatology"]);
}

#[tokio::test]
async fn only_what_is_active_and_displayed_is_ever_found() {
    let test = TestApp::new().await;
    let all = [
        Activity { in_passport: Some(false), ..shown(1, "Knots hidden") },
        Activity { description: String::new(), ..shown(2, "Knots draft") },
        Activity { is_closed: true, ..shown(3, "Knots closed") },
        Activity { ends_on: date(2026, 11, 22), ..shown(4, "Knots over") },
        Activity { ends_on: TODAY, ..shown(5, "Knots until today") },
        Activity { starts_on: date(2027, 1, 1), ..shown(6, "Knots of next year") },
    ];
    put(&test.app, &all).await;
    assert_eq!(titles(&test.app, "q=knots&sort=date").await, ["Knots of next year", "Knots until today"]);
    assert_eq!(ask(&test.app, "").await.total, 2);
}

#[tokio::test]
async fn what_ends_is_gone_at_midnight_without_a_save() {
    let test = TestApp::new().await;
    put(&test.app, &[Activity { ends_on: TODAY, ..shown(1, "Knots") }, shown(2, "Ropes")]).await;
    assert_eq!(ask(&test.app, "").await.total, 2);
    // 11:59 PM and 12:00 AM in Chicago
    test.app.clock.advance(SignedDuration::from_mins(14 * 60 + 59));
    assert_eq!(ask(&test.app, "").await.total, 2);
    test.app.clock.advance(SignedDuration::from_mins(1));
    let results = ask(&test.app, "").await;
    assert_eq!((results.total, count(&results, Facet::Format, "enduring_material")), (1, 1));
    assert_eq!(titles(&test.app, "q=knots").await, [] as [&str; 0]);
}

#[tokio::test]
async fn a_search_right_after_a_save_sees_it() {
    let test = TestApp::new().await;
    assert_eq!(ask(&test.app, "q=knots").await.total, 0);
    put(&test.app, &[shown(1, "Knots")]).await;
    assert_eq!(titles(&test.app, "q=knots").await, ["Knots"]);
    save(&test.app, &shown(1, "Ropes"), 1).await;
    assert_eq!(titles(&test.app, "q=knots").await, [] as [&str; 0]);
    assert_eq!(titles(&test.app, "q=ropes").await, ["Ropes"]);
    save(&test.app, &Activity { in_passport: Some(false), ..shown(1, "Ropes") }, 2).await;
    assert_eq!(ask(&test.app, "").await.total, 0);
    save(&test.app, &shown(1, "Ropes"), 3).await;
    assert_eq!(ask(&test.app, "").await.total, 1);
    let mut tx = test.app.store.write().await.unwrap();
    let activity = shown(1, "Ropes");
    let scope = ProviderScope::of_record(activity.provider);
    assert!(store::activities::delete(&mut tx, &scope, activity.id, 4).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(ask(&test.app, "").await.total, 0);
}

#[tokio::test]
async fn another_process_on_the_same_database_agrees() {
    let test = TestApp::new().await;
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config::read(None).unwrap();
    config.data = folder.path().to_owned();
    config.database = test.address.clone();
    let clock = Clock::fixed(test.app.clock.timestamp());
    let other = App::open(config, clock, Chance::seeded(8), &|_, _| {}).await.unwrap();
    assert_eq!(ask(&other, "").await.total, 0);
    put(&test.app, &[shown(1, "Knots"), shown(2, "Ropes")]).await;
    assert_eq!(titles(&other, "q=knots").await, ["Knots"]);
    save(&other, &Activity { in_passport: Some(false), ..shown(1, "Knots") }, 1).await;
    assert_eq!(titles(&test.app, "").await, ["Ropes"]);
    // thousands at once, more than one helping of changes
    let many: Vec<Activity> = (10..2_510).map(|number| shown(number, "Splices")).collect();
    put(&test.app, &many).await;
    assert_eq!(ask(&other, "q=splices").await.total, 2_500);
    assert_eq!(other.activity_search.seen(), 2_503);
}

#[tokio::test]
async fn an_index_that_is_built_late_is_the_one_that_followed() {
    let test = TestApp::new().await;
    let mut dice = Dice(99);
    let many: Vec<Activity> = (0..300).map(|number| any_activity(&mut dice, number)).collect();
    ask(&test.app, "").await;
    put(&test.app, &many).await;
    let followed = ask(&test.app, "q=asthma").await;
    let folder = tempfile::tempdir().unwrap();
    let config =
        Config { data: folder.path().to_owned(), database: test.address.clone(), ..Config::read(None).unwrap() };
    let clock = Clock::fixed(test.app.clock.timestamp());
    let late = App::open(config, clock, Chance::seeded(8), &|_, _| {}).await.unwrap();
    assert!(late.activity_search.build(&late, &|_, _| {}).await.unwrap() > 100);
    assert_eq!(ask(&late, "q=asthma").await.facets, followed.facets);
}

#[tokio::test]
async fn orders_are_by_date_distance_credits_and_news() {
    let test = TestApp::new().await;
    let course = |number, title: &str, starts_on: Date, credit| Activity {
        format: Format::LiveCourse,
        deliveries: vec![Delivery::LiveStreamed],
        starts_on,
        ends_on: starts_on,
        credit: Some(Amount::new(credit)),
        ..shown(number, title)
    };
    let all = [
        course(1, "May", date(2027, 5, 1), 100),
        course(2, "December", date(2026, 12, 1), 1_000),
        shown(3, "Any time"),
        course(4, "March", date(2027, 3, 1), 2_600),
    ];
    put(&test.app, &all).await;
    assert_eq!(titles(&test.app, "sort=date").await, ["December", "March", "May", "Any time"]);
    assert_eq!(titles(&test.app, "sort=distance").await, ["Any time", "December", "March", "May"]);
    assert_eq!(titles(&test.app, "sort=distance&from=2027-02-20").await, ["Any time", "March", "May"]);
    assert_eq!(titles(&test.app, "sort=credits").await, ["March", "December", "May", "Any time"]);
    assert_eq!(titles(&test.app, "sort=newest").await, ["March", "Any time", "December", "May"]);
    assert_eq!(titles(&test.app, "from=2027-01-01&to=2027-04-01&sort=date").await, ["March", "Any time"]);
    assert_eq!(titles(&test.app, "min=10&max=10").await, ["December"]);
    assert_eq!(titles(&test.app, "when=later").await, ["March", "May"]);
    let results = ask(&test.app, "when=month").await;
    assert_eq!(["now", "month", "later"].map(|code| count(&results, Facet::When, code)), [1, 1, 2]);
}

#[tokio::test]
async fn a_facets_own_choice_does_not_narrow_its_counts() {
    let test = TestApp::new().await;
    let place = |number, city: &str, state: &str, fee| Activity {
        format: Format::LiveCourse,
        deliveries: vec![Delivery::InPerson],
        city: city.into(),
        state: state.into(),
        country: "USA".into(),
        starts_on: date(2027, 1, 1),
        fee: Some(fee),
        ..shown(number, "Knots")
    };
    put(
        &test.app,
        &[
            place(1, "Reno", "NV", Fee::Free),
            place(2, "Oakland", "CA", Fee::Free),
            place(3, "Fresno", "CA", Fee::Yes),
            shown(4, "Knots at home"),
        ],
    )
    .await;
    let results = ask(&test.app, "state=NV").await;
    assert_eq!((results.total, count(&results, Facet::State, "NV"), count(&results, Facet::State, "CA")), (1, 1, 2));
    assert_eq!((count(&results, Facet::City, "Reno, NV"), count(&results, Facet::City, "Oakland, CA")), (1, 0));
    assert_eq!((count(&results, Facet::Fee, "free"), count(&results, Facet::Fee, "yes")), (1, 0));
    let results = ask(&test.app, "state=NV&state=CA&fee=free").await;
    assert_eq!((results.total, count(&results, Facet::State, "CA"), count(&results, Facet::Fee, "yes")), (2, 1, 1));
    // what is chosen and occurs nowhere stays, to be taken back; without it there would be more
    let results = ask(&test.app, "state=TX").await;
    assert_eq!((results.total, count(&results, Facet::State, "CA")), (0, 2));
    assert_eq!(results.more_without, [(Way::Facet(Facet::State), 4)]);
    let state = results.facets.iter().find(|counts| counts.facet == Facet::State).unwrap();
    assert!(state.values.iter().any(|value| value.code == "TX" && value.is_chosen && value.count == 0));
}

#[tokio::test]
async fn what_fits_a_gap_has_one_of_its_topics_or_boards() {
    let test = TestApp::new().await;
    let topic = StateTopic { domain: "Opioids".into(), topic: "Pain management".into() };
    let registered = MocRegistration {
        board: Board::read("ABIM").unwrap(),
        points: Amount::new(100),
        credit_types: vec!["Medical Knowledge".into()],
        practice_areas: vec![],
        claim_until: None,
        undertakings: Undertaking::ALL.to_vec(),
    };
    let all = [
        Activity { has_state_topics: Some(true), state_topics: vec![topic], ..shown(1, "Pain") },
        Activity { moc: vec![registered], ..shown(2, "Points") },
        shown(3, "Neither"),
    ];
    put(&test.app, &all).await;
    let fitting = async |topics: &[&str], boards: &[&str]| {
        let gap = Gap {
            topics: topics.iter().map(|topic| (*topic).to_owned()).collect(),
            boards: boards.iter().filter_map(|board| Board::read(board)).collect(),
        };
        let search = Search::read("fits=1&sort=newest");
        let results = activity_search::search(&test.app, &search, Some(&gap)).await.unwrap();
        let more = results.more_without.iter().find(|(way, _)| *way == Way::Range(Range::Fits)).map(|(_, more)| *more);
        let titles: Vec<String> = results.activities.into_iter().map(|one| one.stored.activity.title).collect();
        (titles, more)
    };
    assert_eq!(fitting(&["Opioids"], &[]).await, (vec!["Pain".into()], Some(2)));
    assert_eq!(fitting(&[], &["ABIM"]).await, (vec!["Points".into()], Some(2)));
    assert_eq!(fitting(&["Pain management"], &["ABIM"]).await.0, ["Points", "Pain"]);
    assert_eq!(fitting(&["Ethics"], &["ABS"]).await, (vec![], Some(3)));
}

#[tokio::test]
async fn pages_follow_each_other_without_gaps_and_end() {
    let test = TestApp::new().await;
    let many: Vec<Activity> = (0..45).map(|number| shown(number, &format!("Knots {number}"))).collect();
    put(&test.app, &many).await;
    let mut seen = BTreeSet::new();
    for (page, size) in [(1, PER_PAGE), (2, PER_PAGE), (3, 5), (4, 0)] {
        let found = titles(&test.app, &format!("q=knots&page={page}")).await;
        assert_eq!(found.len(), size);
        seen.extend(found);
    }
    assert_eq!(seen.len(), 45);
}

#[tokio::test]
async fn nothing_that_is_typed_is_an_error() {
    let test = TestApp::new().await;
    put(&test.app, &[shown(1, "Knots AND ropes OR title:splices")]).await;
    let long = "x".repeat(10_000);
    let spaced = "knots ".repeat(2_000);
    for typed in [
        "\"",
        "knots\" OR 1=1 --",
        "title:knots",
        "a*",
        "*",
        "~2",
        "knots~99",
        "(",
        "))((",
        "+-&&||!{}[]^\"~*?:\\/",
        "\0",
        "knots\0ropes",
        "\u{202e}knots",
        "🪢",
        "'; drop table activity; --",
        "NOT",
        "AND AND AND",
        "[a TO b]",
        "%00%ff",
        "é",
        "ñandú",
        "ﬁ",
        "½",
        "\u{0301}\u{0301}",
        &long,
        &spaced,
    ] {
        let query = format!("q={}", form_urlencoded::byte_serialize(typed.as_bytes()).collect::<String>());
        let results = ask(&test.app, &query).await;
        assert!(results.total <= 1, "{typed}");
    }
    assert_eq!(titles(&test.app, &format!("q=knots+{long}")).await.len(), 0);
    assert_eq!(titles(&test.app, "q=knots%00ropes").await.len(), 1);
    assert_eq!(ask(&test.app, "state=%00&board=%27&topic=%F0%9F%AA%A2&page=-1&sort=;&from=x").await.total, 0);
}

/// A small generator of our own (xorshift), so that a failure can be run again.
struct Dice(u64);

impl Dice {
    fn below(&mut self, below: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % below
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize]
    }
}

const WORDS: [&str; 4] = ["asthma", "bronchitis", "cataract", "dementia"];
const TOPICS: [(&str, &str); 3] = [("Opioids", "Pain management"), ("Opioids", "Law"), ("Ethics", "Consent")];

fn any_activity(dice: &mut Dice, number: u32) -> Activity {
    let starts_on = TODAY.saturating_add((dice.below(300) as i64 - 150).days());
    let boards: Vec<&str> = ["ABA", "ABIM", "ABS"].into_iter().filter(|_| dice.below(3) == 0).collect();
    let is_live = dice.below(2) == 0;
    let all =
        if is_live { [Delivery::InPerson, Delivery::LiveStreamed] } else { [Delivery::Online, Delivery::PrintOther] };
    let deliveries = match dice.below(3) {
        0 => all.to_vec(),
        one => vec![all[one as usize - 1]],
    };
    let topics: Vec<(&str, &str)> = TOPICS.into_iter().filter(|_| dice.below(3) == 0).collect();
    Activity {
        format: if is_live { Format::LiveCourse } else { Format::EnduringMaterial },
        deliveries,
        starts_on,
        ends_on: starts_on.saturating_add((dice.below(200) as i64).days()),
        description: dice.pick(&WORDS).to_owned(),
        city: dice.pick(&["Reno", "Oakland"]).to_owned(),
        state: dice.pick(&["NV", "CA"]).to_owned(),
        country: "USA".to_owned(),
        credit: Some(Amount::new(25 * (1 + dice.below(120) as i64))),
        provider: dice.pick(&[PROVIDER, OTHER_PROVIDER]).parse().unwrap(),
        fee: Some(dice.pick(Fee::ALL)),
        registration: Some(dice.pick(Registration::ALL)),
        in_passport: Some(dice.below(5) != 0),
        has_state_topics: Some(!topics.is_empty()),
        state_topics: topics
            .into_iter()
            .map(|(domain, topic)| StateTopic { domain: domain.into(), topic: topic.into() })
            .collect(),
        moc: boards
            .into_iter()
            .map(|board| MocRegistration {
                board: Board::read(board).unwrap(),
                points: Amount::new(100),
                credit_types: vec!["Patient Safety".into()],
                practice_areas: vec![],
                claim_until: None,
                undertakings: Undertaking::ALL.to_vec(),
            })
            .collect(),
        ..shown(number, dice.pick(&WORDS))
    }
}

/// The values of an activity by facet, said again without looking at how the index says it.
fn values_of(activity: &Activity) -> BTreeMap<&'static str, Vec<String>> {
    let meets = activity.deliveries.contains(&Delivery::InPerson);
    let days = (activity.starts_on - TODAY).get_days();
    let when = match days {
        ..=0 => "now",
        1..=7 => "week",
        8..=30 => "month",
        31..=90 => "quarter",
        _ => "later",
    };
    let amount = match activity.credit.unwrap().hundredths() {
        ..=100 => "1",
        101..=500 => "5",
        501..=1_000 => "10",
        1_001..=2_500 => "25",
        _ => "more",
    };
    BTreeMap::from([
        ("format", vec![activity.format.code().to_owned()]),
        ("delivery", activity.deliveries.iter().map(|one| one.code().to_owned()).collect()),
        ("when", vec![when.to_owned()]),
        ("state", if meets { vec![activity.state.clone()] } else { vec![] }),
        ("city", if meets { vec![format!("{}, {}", activity.city, activity.state)] } else { vec![] }),
        ("amount", vec![amount.to_owned()]),
        ("board", activity.moc.iter().map(|moc| moc.board.to_string()).collect()),
        ("moc", activity.moc.iter().map(|moc| format!("{}: Patient Safety", moc.board)).collect()),
        ("topic", activity.state_topics.iter().map(|one| format!("{}: {}", one.domain, one.topic)).collect()),
        ("provider", vec![activity.provider.to_string()]),
        ("fee", vec![activity.fee.unwrap().code().to_owned()]),
        ("registration", vec![activity.registration.unwrap().code().to_owned()]),
    ])
}

/// What a random search asks for.
struct Wanted {
    word: Option<&'static str>,
    chosen: BTreeMap<&'static str, BTreeSet<String>>,
    from: Option<Date>,
    most: Option<i64>,
}

impl Wanted {
    fn any(dice: &mut Dice, all: &[Activity]) -> Self {
        let mut chosen: BTreeMap<&'static str, BTreeSet<String>> = BTreeMap::new();
        for _ in 0..dice.below(4) {
            let values = values_of(&all[dice.below(all.len() as u64) as usize]);
            let facets: Vec<&'static str> = values.keys().copied().collect();
            let facet = dice.pick(&facets);
            if let Some(value) = values[facet].first() {
                chosen.entry(facet).or_default().insert(value.clone());
            }
        }
        Self {
            word: (dice.below(2) == 0).then(|| dice.pick(&WORDS)),
            chosen,
            from: (dice.below(4) == 0).then(|| TODAY.saturating_add((dice.below(100) as i64).days())),
            most: (dice.below(4) == 0).then(|| 25 * (1 + dice.below(100) as i64)),
        }
    }

    fn query(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.word.map(|word| ("q", word)));
        query.extend_pairs(self.chosen.iter().flat_map(|(facet, values)| values.iter().map(move |one| (*facet, one))));
        query.extend_pairs(self.from.map(|from| ("from", from.to_string())));
        query.extend_pairs(self.most.map(|most| ("max", Amount::new(most).to_string())));
        query.finish()
    }

    /// Whether an activity is wanted, whatever it has of one facet.
    fn is_met(&self, activity: &Activity, but: &str) -> bool {
        let values = values_of(activity);
        let word = self.word.is_none_or(|word| activity.title == word || activity.description == word);
        let chosen = self.chosen.iter().filter(|(facet, _)| **facet != but);
        word && activity.in_passport == Some(true)
            && activity.ends_on >= TODAY
            && self.from.is_none_or(|from| activity.ends_on >= from)
            && self.most.is_none_or(|most| activity.credit.unwrap().hundredths() <= most)
            && chosen.into_iter().all(|(facet, wanted)| values[*facet].iter().any(|value| wanted.contains(value)))
    }
}

#[tokio::test]
async fn counts_are_what_counting_by_hand_gives() {
    let test = TestApp::new().await;
    let mut dice = Dice(0x5EED);
    let all: Vec<Activity> = (0..240).map(|number| any_activity(&mut dice, number)).collect();
    // in three helpings, so that the index has several segments
    for part in all.chunks(80) {
        put(&test.app, part).await;
        ask(&test.app, "").await;
    }
    for round in 0..150 {
        let wanted = Wanted::any(&mut dice, &all);
        let query = wanted.query();
        let results = ask(&test.app, &query).await;
        let total = all.iter().filter(|activity| wanted.is_met(activity, "")).count() as u64;
        assert_eq!(results.total, total, "{round}: {query}");
        for counts in &results.facets {
            let facet = counts.facet.parameter();
            let mut expected: BTreeMap<String, u64> = BTreeMap::new();
            for activity in all.iter().filter(|activity| wanted.is_met(activity, facet)) {
                let Some(values) = values_of(activity).remove(facet) else { continue };
                for value in values {
                    *expected.entry(value).or_default() += 1;
                }
            }
            if expected.is_empty() {
                continue;
            }
            let found: BTreeMap<String, u64> =
                counts.values.iter().filter(|v| v.count > 0).map(|v| (v.code.clone(), v.count)).collect();
            assert_eq!(found, expected, "{round}: {facet} of {query}");
        }
    }
}
