//! The activity's form and what many activities are done to: nothing typed is lost, what is missing is
//! what the domain says, and each act says what stood against it.

use domain::ActivityId;
use domain::access::ProviderRole;
use domain::activity::Activity;
use store::activities::Stored;
use testkit::records::{ACTIVITY, file, fill, work};
use testkit::{Answer, Part, TestApp, Visitor, people};

const DRAFT: [(&str, &str); 5] = [
    ("title", "Care of the Heart"),
    ("format", "live_course"),
    ("starts_on", "2026-11-01"),
    ("ends_on", "2026-12-15"),
    ("country", "USA"),
];

const COMPLETE: [(&str, &str); 5] = [
    ("deliveries", "live_streamed"),
    ("credit", "7.5"),
    ("description", "Rhythm, rate & rest."),
    ("providership", "direct"),
    ("in_passport", "no"),
];

const ENDED: [(&str, &str); 2] = [("starts_on", "2026-03-01"), ("ends_on", "2026-03-02")];

const CLOSABLE: [(&str, &str); 7] = [
    ("outcomes", "knowledge_objective"),
    ("has_support", "no"),
    ("physician_total", "3"),
    ("other_total", "12"),
    ("url", "https://harborview.example/heart"),
    ("fee", "free"),
    ("registration", "open"),
];

#[track_caller]
fn holds(answer: &Answer, parts: &[&str]) {
    let page = answer.text();
    for part in parts {
        assert!(page.contains(part), "{part:?} is missing in {page}");
    }
}

#[track_caller]
fn lacks(answer: &Answer, part: &str) {
    assert!(!answer.text().contains(part), "{part:?} is in {}", answer.text());
}

/// What follows a mark in the page, up to the next quotation mark.
#[track_caller]
fn after(answer: &Answer, mark: &str) -> String {
    let page = answer.text();
    let rest = page.split_once(mark).unwrap_or_else(|| panic!("{mark:?} is missing in {page}")).1;
    rest.split('"').next().unwrap_or_default().to_owned()
}

async fn entered(editor: &mut Visitor, fields: &[(&str, &str)]) -> String {
    let answer = editor.post_form("/provider/activities/new", fields).await.expect(303);
    answer.location().trim_end_matches("?done=created").to_owned()
}

fn id_of(place: &str) -> ActivityId {
    place.rsplit('/').next().unwrap().parse().unwrap()
}

async fn stored(app: &TestApp, id: ActivityId) -> Stored {
    let actor = people::actor(&app.app, people::EDITOR).await;
    let scope = actor.provider(ProviderRole::Viewer).unwrap();
    store::activities::find(&mut app.app.store.read().await.unwrap(), &scope, id).await.unwrap().unwrap()
}

/// Links and words of the checklist on a page.
fn checklist(page: &str) -> Vec<String> {
    let list = page.split_once("<ul class=\"checklist-items\">").map_or("", |(_, rest)| rest);
    let list = list.split("</ul>").next().unwrap_or_default();
    list.split("<span>").skip(1).map(|rest| rest.split("</span>").next().unwrap_or_default().to_owned()).collect()
}

#[tokio::test]
async fn the_first_field_is_kept_and_becomes_a_draft_when_it_can() {
    let app = TestApp::new().await;
    let mut editor = app.sign_in(people::EDITOR).await;
    let kept = editor.post_form("/provider/activities/new", &[("title", "Knots & loops"), ("country", "USA")]).await;
    let address = kept.expect(303).location().to_owned();
    assert!(address.starts_with("/provider/activities/new?sketch="), "{address}");
    let page = editor.get(address.split('#').next().unwrap()).await.expect(200);
    holds(&page, &["What you typed is kept", "value=\"Knots &#38; loops\"", "href=\"#format\"", "href=\"#ends_on\""]);
    assert_eq!(checklist(&page.text()), ["Choose the format.", "Give the start date.", "Give the end date."]);
    let sketch = after(&page, "name=\"sketch\" value=\"");
    holds(&editor.get("/provider/activities").await, &["Begun by you", "Knots &#38; loops", &sketch]);
    // it belongs to the person who typed it
    let mut owner = app.sign_in(people::OWNER).await;
    lacks(&owner.get("/provider/activities").await, "Begun by you");
    owner.get(&format!("/provider/activities/new?sketch={sketch}")).await.expect(303);
    owner.post_form(&format!("/provider/activities/sketches/{sketch}/discard"), &[]).await.expect(404);
    owner.post_form("/provider/activities/sketches/nonsense/discard", &[]).await.expect(404);
    let stolen = [("sketch", sketch.as_str()), ("title", "Mine")];
    owner.post_form("/provider/activities/new", &stolen).await.expect(303);
    holds(&editor.get(&format!("/provider/activities/new?sketch={sketch}")).await, &["Knots &#38; loops"]);
    let all = [&[("sketch", sketch.as_str())][..], &DRAFT].concat();
    let place = entered(&mut editor, &all).await;
    holds(&editor.get(&place).await, &["Draft", "Care of the Heart"]);
    lacks(&editor.get("/provider/activities").await, "Begun by you");
}

#[tokio::test]
async fn what_cannot_be_read_is_kept_as_it_was_typed_too() {
    let app = TestApp::new().await;
    let mut editor = app.sign_in(people::EDITOR).await;
    let typed = [("title", "Knots"), ("starts_on", "2026-02-30"), ("support_source_40", "Acme <Pharma>")];
    let page = editor.post_form("/provider/activities/new", &typed).await.expect(422);
    let sketch = after(&page, "name=\"sketch\" value=\"");
    let again = editor.get(&format!("/provider/activities/new?sketch={sketch}")).await.expect(200);
    holds(&again, &["2026-02-30", "Acme &#60;Pharma&#62;", "To correct before it can be saved"]);
    // a blank form is nothing to keep
    let blank = editor.post_form("/provider/activities/new", &[("country", "USA"), ("title", " ")]).await.expect(422);
    holds(&blank, &["name=\"sketch\" value=\"\"", "Give the activity a title."]);
    editor.post_form(&format!("/provider/activities/sketches/{sketch}/discard"), &[]).await.expect(303);
    lacks(&editor.get("/provider/activities").await, "Begun by you");
}

#[tokio::test]
async fn typing_saves_a_draft_but_never_an_activity_that_learners_can_be_reported_for() {
    let app = TestApp::new().await;
    let mut editor = app.sign_in(people::EDITOR).await;
    let nothing = editor.post_form("/provider/activities/new/keep", &[("country", "USA")]).await.expect(200);
    holds(&nothing, &["data-sketch=\"\"", "Nothing is typed yet."]);
    lacks(&nothing, "data-saved");
    let begun = editor.post_form("/provider/activities/new/keep", &[("title", "Kn")]).await.expect(200);
    holds(&begun, &["data-saved", "Kept as a beginning."]);
    let sketch = after(&begun, "data-sketch=\"");
    let all = [&[("sketch", sketch.as_str())][..], &DRAFT].concat();
    let draft = editor.post_form("/provider/activities/new/keep", &all).await.expect(200);
    holds(&draft, &["data-saved", "data-version=\"1\"", "Saved as a draft.", "href=\"#credit\""]);
    let place = after(&draft, "data-place=\"").trim_end_matches("/edit").to_owned();
    lacks(&editor.get("/provider/activities").await, "Begun by you");
    let keep = format!("{place}/keep");
    let typed = [&[("version", "1"), ("city", "Reno")][..], &DRAFT].concat();
    holds(&editor.post_form(&keep, &typed).await.expect(200), &["data-saved", "data-version=\"2\""]);
    let stale = editor.post_form(&keep, &typed).await.expect(200);
    holds(&stale, &["somebody else saved", "data-version=\"1\""]);
    lacks(&stale, "data-saved");
    let bad = [&[("version", "2"), ("credit", "0.1")][..], &DRAFT].concat();
    let bad = editor.post_form(&keep, &bad).await.expect(200);
    holds(&bad, &["Write a multiple of 0.25.", "href=\"#credit\""]);
    lacks(&bad, "data-saved");
    let whole = [&[("version", "2")][..], &DRAFT, &COMPLETE].concat();
    holds(&editor.post_form(&keep, &whole).await.expect(200), &["data-saved", "Active"]);
    let renamed = [&[("version", "3"), ("title", "Renamed")][..], &DRAFT[1..], &COMPLETE].concat();
    let answer = editor.post_form(&keep, &renamed).await.expect(200);
    holds(&answer, &["Press Save to save your changes."]);
    lacks(&answer, "data-saved");
    assert_eq!(stored(&app, id_of(&place)).await.activity.title, "Care of the Heart");
}

#[tokio::test]
async fn every_field_survives_the_form_unchanged() {
    let app = TestApp::new().await;
    let mut editor = app.sign_in(people::EDITOR).await;
    let reference = app.app.reference.get();
    let topic = reference.items(domain::reference::List::StateTopics).next().unwrap();
    let topic = format!("{} | {}", topic.group, topic.code);
    let code = |list| reference.items(list).next().unwrap().code.clone();
    let (profession, specialty) =
        (code(domain::reference::List::Professions), code(domain::reference::List::Specialties));
    let (tag, kind) = (code(domain::reference::List::CommendationTags), code(domain::reference::List::CreditKinds));
    let more = [
        ("internal_id", "HEART-7"),
        ("professions", profession.as_str()),
        ("specialties", specialty.as_str()),
        ("commendation_tags", tag.as_str()),
        ("other_credit_kind_0", kind.as_str()),
        ("other_credit_amount_0", "1.25"),
        ("breakdown_profession_0", profession.as_str()),
        ("breakdown_count_0", "4"),
        ("state_topics", topic.as_str()),
        ("has_state_topics", "yes"),
        ("is_mips", "yes"),
        ("is_interprofessional", "no"),
        ("rems", "Mycophenolate"),
        ("rems_identifier", "EG-1"),
        ("support_source_0", "Acme Pharma"),
        ("support_dollars_0", "5000"),
        ("outline_source_0", "01_ABAMCO"),
        ("outline_keyword_0", "Tag ID"),
        ("outline_value_0", "7"),
        ("pharmacy_type", "Knowledge"),
        ("pharmacy_content_states", "CA\nNV"),
    ];
    let place = entered(
        &mut editor,
        &[&DRAFT[..], &COMPLETE, &CLOSABLE[..1], &CLOSABLE[2..], &[("has_support", "yes")], &more].concat(),
    )
    .await;
    let before = stored(&app, id_of(&place)).await.activity;
    assert!(before.pharmacy.is_some() && before.outlines.len() == 1 && before.other_breakdown.len() == 1);
    let page = editor.get(&format!("{place}/edit")).await.expect(200).text();
    // what a browser would send of the page as it came
    let mut sent: Vec<(String, String)> = Vec::new();
    let unescaped = |text: &str| text.replace("&#38;", "&").replace("&#39;", "'").replace("&#34;", "\"");
    let attribute = |tag: &str, name: &str| {
        let rest = tag.split_once(&format!(" {name}=\""))?.1;
        Some(unescaped(rest.split('"').next().unwrap_or_default()))
    };
    for tag in page.split("<input").skip(1).map(|rest| rest.split('>').next().unwrap()) {
        let is_choice = tag.contains("type=\"checkbox\"") || tag.contains("type=\"radio\"");
        if let Some(name) = attribute(tag, "name").filter(|_| !is_choice || tag.contains(" checked")) {
            sent.push((name, attribute(tag, "value").unwrap_or_default()));
        }
    }
    for area in page.split("<textarea").skip(1) {
        let (tag, rest) = area.split_once('>').unwrap();
        sent.push((attribute(tag, "name").unwrap(), unescaped(rest.split("</textarea>").next().unwrap())));
    }
    for select in page.split("<select").skip(1).map(|rest| rest.split("</select>").next().unwrap()) {
        let chosen =
            select.split("<option").skip(1).find(|option| option.split('>').next().unwrap().contains(" selected"));
        sent.push((
            attribute(select, "name").unwrap(),
            chosen.and_then(|tag| attribute(tag, "value")).unwrap_or_default(),
        ));
    }
    let sent: Vec<(&str, &str)> = sent.iter().map(|(name, given)| (name.as_str(), given.as_str())).collect();
    editor.post_form(&format!("{place}/edit"), &sent).await.expect(303);
    let after = stored(&app, id_of(&place)).await;
    assert_eq!((after.version, after.activity), (2, before));
}

#[tokio::test]
async fn the_checklist_is_what_the_domain_says_is_missing() {
    let app = TestApp::new().await;
    let mut editor = app.sign_in(people::EDITOR).await;
    let escaped = |words: String| words.replace('&', "&#38;").replace('\'', "&#39;").replace('"', "&#34;");
    let joint = [("providership", "joint"), ("in_passport", "yes"), ("deliveries", "in_person")];
    let cases: [Vec<(&str, &str)>; 4] = [
        DRAFT.to_vec(),
        [&DRAFT[..], &joint].concat(),
        [&DRAFT[..2], &ENDED, &COMPLETE].concat(),
        [&DRAFT[..2], &ENDED, &COMPLETE, &CLOSABLE].concat(),
    ];
    for fields in cases {
        let place = entered(&mut editor, &fields).await;
        let activity = stored(&app, id_of(&place)).await.activity;
        let (_, missing) = activity.next(app.app.clock.today(), &app.app.reference.get()).unwrap();
        let expected: Vec<String> = missing.iter().map(|missing| escaped(missing.words())).collect();
        let page = editor.get(&format!("{place}/edit")).await.expect(200).text();
        assert_eq!(checklist(&page), expected, "{fields:?}");
        for missing in missing {
            assert!(page.contains(&format!("href=\"#{}\"", missing.field)), "{missing:?}");
            assert!(page.contains(&format!("id=\"{}\"", missing.field)), "{missing:?}");
        }
    }
}

#[tokio::test]
async fn many_are_closed_at_once_and_each_that_is_not_says_why() {
    let app = TestApp::new().await;
    let mut editor = app.sign_in(people::EDITOR).await;
    let whole = [&DRAFT[..2], &ENDED, &COMPLETE, &CLOSABLE].concat();
    let one = entered(&mut editor, &whole).await;
    let two = entered(&mut editor, &[&[("title", "Second")][..], &whole[1..]].concat()).await;
    let lacking = [&[("title", "<i>Lacking</i>")][..], &whole[1..9]].concat();
    let lacking = entered(&mut editor, &lacking).await;
    holds(&editor.get("/provider/activities").await, &["Close all 3 that are Ready to Close", "Choose Second"]);
    let id = |place: &str| place.rsplit('/').next().unwrap().to_owned();
    let ids = [id(&one), id(&lacking), "nonsense".to_owned()];
    let chosen: Vec<(&str, &str)> = ids.iter().map(|id| ("ids", id.as_str())).collect();
    let answer = editor.post_form("/provider/activities/close", &chosen).await.expect(200);
    let credit = format!("{lacking}/edit#physician_total");
    holds(&answer, &["1 activity is closed", "&#60;i&#62;Lacking", "Choose at least one measured outcome.", &credit]);
    holds(&editor.get(&one).await, &["Closed"]);
    let answer = editor.post_form("/provider/activities/close", &[("which", "ready"), ("q", "second")]).await;
    holds(&answer.expect(200), &["1 activity is closed", "Nothing stood against it."]);
    holds(&editor.get(&two).await, &["Closed"]);
    holds(&editor.get(&lacking).await, &["Ready to Close"]);
    let none = editor.post_form("/provider/activities/close", &[("status", "draft")]).await.expect(303);
    assert_eq!(none.location(), "/provider/activities?status=draft&done=nothing_chosen");
}

#[tokio::test]
async fn what_was_typed_on_an_activity_that_was_closed_meanwhile_is_still_there() {
    let app = TestApp::new().await;
    let mut editor = app.sign_in(people::EDITOR).await;
    let whole = [&DRAFT[..2], &ENDED, &COMPLETE, &CLOSABLE].concat();
    let place = entered(&mut editor, &whole).await;
    editor.post_form(&format!("{place}/close"), &[("version", "1")]).await.expect(303);
    let typed = [&[("version", "2"), ("title", "Typed too late")][..], &whole[1..]].concat();
    let page = editor.post_form(&format!("{place}/edit"), &typed).await.expect(403);
    holds(&page, &["The activity cannot be changed", "value=\"Typed too late\""]);
    assert_eq!(stored(&app, id_of(&place)).await.activity.title, "Care of the Heart");
}

#[tokio::test]
async fn runs_become_activities_of_their_own_all_or_none() {
    let app = TestApp::new().await;
    let mut editor = app.sign_in(people::EDITOR).await;
    let place = entered(&mut editor, &[&DRAFT[..], &COMPLETE].concat()).await;
    let address = format!("{place}/repeat");
    holds(&editor.get(&address).await.expect(200), &["Repeat Care of the Heart", "run_start_3"]);
    let typed =
        [("run_start_0", "2027-01-10"), ("run_city_0", "Reno"), ("run_state_0", "NV"), ("run_country_0", "USA")];
    let bad = [&typed[..], &[("run_city_2", "Boise & more"), ("run_start_2", "2027-02-30")]].concat();
    let page = editor.post_form(&address, &bad).await.expect(422);
    holds(&page, &["Run 2: write the start date", "Boise &#38; more", "2027-02-30", "value=\"Reno\""]);
    let more = editor.post_form(&address, &[&typed[..], &[("to", "more")]].concat()).await.expect(200);
    holds(&more, &["value=\"Reno\"", "run_start_4"]);
    editor.post_form(&address, &[]).await.expect(422);
    let two = [&typed[..], &[("run_start_1", "03/01/2027"), ("run_end_1", "03/02/2027")]].concat();
    let done = editor.post_form(&address, &two).await.expect(303);
    assert_eq!(done.location(), "/provider/activities?q=Care%20of%20the%20Heart&sort=start&done=repeated&count=2");
    holds(&editor.get(done.location()).await, &["2 further dates are entered", "3 activities"]);
    holds(&editor.get("/provider/activities").await, &["3 activities", "03/02/2027"]);
    // the same run twice is refused
    editor
        .post_form(&address, &[typed[0], typed[1], ("run_start_1", "2027-01-10"), ("run_city_1", "Reno")])
        .await
        .expect(422);
    holds(&editor.get("/provider/activities").await, &["3 activities"]);
}

#[tokio::test]
async fn what_was_entered_by_mistake_is_deleted_unless_completions_stand_against_it() {
    let app = TestApp::new().await;
    fill(&app.app).await;
    let mut owner = app.sign_in(people::OWNER).await;
    let place = entered(&mut owner, &DRAFT).await;
    owner.post_form(&format!("{place}/delete"), &[("version", "9")]).await.expect(409);
    owner.post_form(&format!("{place}/delete"), &[("version", "1")]).await.expect(303);
    owner.get(&place).await.expect(404);
    let token = people::token(&app.app, "Learning system", people::actor(&app.app, people::OWNER).await.seat).await;
    let sent = file(0..2);
    let parts = [Part::File("file", "a.txt", sent.as_bytes()), Part::Text("permission", "held")];
    app.bearer(token.expose()).post_multipart("/api/pars/v1/uploads", &parts).await.expect(202);
    work(&app.app).await;
    let place = format!("/provider/activities/{ACTIVITY}");
    let page = owner.get(&place).await.expect(200);
    holds(&page, &["It stays on record, because completions were reported for it:", "11/02/2026"]);
    lacks(&page, "Delete it</button>");
    let refused = owner.post_form(&format!("{place}/delete"), &[("version", "1")]).await.expect(422);
    holds(&refused, &["The activity cannot be deleted", "11/02/2026"]);
}

#[tokio::test]
async fn likely_slips_are_shown_in_the_list_and_on_the_page() {
    let app = TestApp::new().await;
    let mut editor = app.sign_in(people::EDITOR).await;
    let series = [("title", "Grand Rounds"), ("format", "regularly_scheduled_series"), DRAFT[2], DRAFT[3]];
    let place = entered(&mut editor, &[&series[..], &COMPLETE[2..], &[COMPLETE[0], ("credit", "1")]].concat()).await;
    holds(&editor.get(&place).await, &["Worth a look", "Little credit for a series", "/edit#credit"]);
    entered(&mut editor, &[&series[..], &COMPLETE].concat()).await;
    holds(&editor.get("/provider/activities").await, &["Little credit for a series", "Likely entered twice"]);
}

#[tokio::test]
async fn each_slip_is_told_where_the_activity_is_shown_and_leads_to_its_field() {
    let app = TestApp::new().await;
    let mut editor = app.sign_in(people::EDITOR).await;
    let live = [&DRAFT[..2], &ENDED, &COMPLETE, &[("url", "https://tbd")]].concat();
    let learners = [("physician_total", "0"), ("other_total", "0")];
    let supported = [("has_support", "yes"), ("support_source_0", "Nobody Knows Ltd"), ("support_dollars_0", "500")];
    let place = entered(&mut editor, &[&live[..], &learners, &supported].concat()).await;
    let titles = ["Web address that leads nowhere", "A live activity without learners", "Supporter not in the list"];
    let page = editor.get(&place).await.expect(200);
    holds(&page, &titles);
    holds(&page, &["/edit#url", "/edit#physician_total", "/edit#support"]);
    holds(&editor.get("/provider/activities").await, &titles);
    // an address that is one, and a learner: nothing is left to say of either
    let good = [("url", "https://harborview.example/heart"), ("physician_total", "1"), ("other_total", "0")];
    let place = entered(&mut editor, &[&DRAFT[..2], &ENDED, &COMPLETE, &good, &[("city", "Reno")]].concat()).await;
    let page = editor.get(&place).await.expect(200);
    titles.iter().for_each(|title| lacks(&page, title));
}

#[tokio::test]
async fn slips_are_told_while_they_are_typed_and_twins_lead_to_each_other() {
    let app = TestApp::new().await;
    let mut editor = app.sign_in(people::EDITOR).await;
    let series = [("title", "Grand Rounds"), ("format", "regularly_scheduled_series"), DRAFT[2], DRAFT[3]];
    let typed = [&series[..], &COMPLETE, &[("credit", "1"), ("url", "https://tbd")]].concat();
    let typed: Vec<_> = typed.into_iter().filter(|pair| *pair != COMPLETE[1]).collect();
    let told = ["Worth a look", "Little credit for a series", "Web address that leads nowhere", "href=\"#url\""];
    let kept = editor.post_form("/provider/activities/new/keep", &typed).await.expect(200);
    holds(&kept, &told);
    let place = after(&kept, "data-place=\"");
    holds(&editor.get(&place).await.expect(200), &told);
    let good = [&series[..], &COMPLETE].concat();
    let twin = entered(&mut editor, &good).await;
    lacks(&editor.get(&format!("{twin}/edit")).await, "Worth a look");
    let first = place.trim_end_matches("/edit");
    holds(&editor.get(&twin).await, &["Likely entered twice", &format!("href=\"{first}\">Compare")]);
    holds(&editor.get(first).await, &[&format!("href=\"{twin}\">Compare")]);
}

#[tokio::test]
async fn a_late_entry_and_a_locked_year_are_told_on_the_form() {
    let app = TestApp::new().await;
    let mut editor = app.sign_in(people::EDITOR).await;
    let late = [&DRAFT[..2], &[("starts_on", "2025-03-01"), ("ends_on", "2025-03-02")]].concat();
    let told = [
        "The year-end of 2025 was due by March 31, 2026, 11:59 PM CDT.",
        "Its learners could be reported until 03/31/2026.",
    ];
    let kept = editor.post_form("/provider/activities/new/keep", &late).await.expect(200);
    holds(&kept, &told);
    let edit = after(&kept, "data-place=\"");
    holds(&editor.get(&edit).await.expect(200), &told);
    holds(&editor.get(edit.trim_end_matches("/edit")).await, &told);
    let place = entered(&mut editor, &DRAFT).await;
    lacks(&editor.get(&format!("{place}/edit")).await, "The year-end of");

    let staff = people::actor(&app.app, people::ACCREDITOR).await;
    app::reference::put_setting(&app.app, &staff, "locked_year", 2025.into(), None).await.unwrap();
    let refused = editor.post_form("/provider/activities/new", &late).await.expect(422);
    let locked = "The reporting year 2025 is locked.";
    holds(&refused, &[locked, "Choose dates in a year that is open, or ask the accreditor."]);
    lacks(&refused, "The year-end of");
    let away = editor.get(&edit).await.expect(303).location().to_owned();
    let page = editor.get(&away).await.expect(200);
    holds(&page, &["The reporting year is locked"]);
    lacks(&page, "The year-end of");
}

#[tokio::test]
async fn letters_that_nobody_sees_are_no_fault_and_are_not_stored() {
    let app = TestApp::new().await;
    let mut editor = app.sign_in(people::EDITOR).await;
    let pasted = [("title", "Care\u{200B} of\0 the Heart"), ("internal_id", "H\u{1}-1")];
    let place = entered(&mut editor, &[&pasted[..], &DRAFT[1..], &COMPLETE].concat()).await;
    let page = editor.get(&place).await.expect(200);
    holds(&page, &["Care of the Heart", "H-1"]);
    // what no database can look for is found nowhere, and is no error
    holds(&editor.get("/provider/activities?q=Heart%00").await.expect(200), &["Nothing fits"]);
}

#[tokio::test]
async fn filters_of_the_list_narrow_it_and_nonsense_does_not() {
    let app = TestApp::new().await;
    let mut editor = app.sign_in(people::EDITOR).await;
    entered(&mut editor, &[&DRAFT[..], &COMPLETE].concat()).await;
    let older = [("title", "Older"), DRAFT[1], ("starts_on", "2025-12-30"), ("ends_on", "2026-01-02")];
    entered(&mut editor, &[&older[..], &[("providership", "joint"), ("rems", "Mycophenolate")]].concat()).await;
    for (query, count) in [
        ("year=2025", "1 activity"),
        ("ends=2026", "2 activities"),
        ("providership=joint", "1 activity"),
        ("rems=no", "1 activity"),
        ("passport=yes", "Nothing fits"),
        ("board=ABIM", "Nothing fits"),
        ("year=99999&board=%3Cscript%3E&providership=x&rems=perhaps", "2 activities"),
    ] {
        holds(&editor.get(&format!("/provider/activities?{query}")).await.expect(200), &[count]);
    }
}

fn passport() -> Vec<(&'static str, &'static str)> {
    let shown = [
        ("in_passport", "yes"),
        ("url", "https://harborview.example/heart"),
        ("fee", "free"),
        ("registration", "open"),
    ];
    [&DRAFT[..], &COMPLETE[..4], &shown].concat()
}

#[tokio::test]
async fn everybody_sees_what_is_displayed_and_nothing_else() {
    let app = TestApp::new().await;
    let mut editor = app.sign_in(people::EDITOR).await;
    let hidden = entered(&mut editor, &[&DRAFT[..], &COMPLETE].concat()).await;
    let draft = entered(&mut editor, &[&DRAFT[..], &[("in_passport", "yes")]].concat()).await;
    let hostile = [("title", "</script><script>alert(1)</script>")];
    let shown = entered(&mut editor, &[&hostile[..], &passport()[1..]].concat()).await;
    let past = [&passport()[..2], &ENDED, &passport()[4..]].concat();
    let past = entered(&mut editor, &past).await;
    let mut anybody = app.anonymous();
    let public = |place: &str| place.replace("/provider", "");
    for place in [&hidden, &draft, &past] {
        anybody.get(&public(place)).await.expect(404);
        anybody.get(&format!("{}/calendar.ics", public(place))).await.expect(404);
    }
    anybody.get("/activities/nonsense").await.expect(404);
    let page = anybody.get(&public(&shown)).await.expect(200);
    holds(&page, &["7.5 AMA PRA Category 1 Credits", "No, it&#39;s free", "https://harborview.example/heart"]);
    lacks(&page, "<script>alert");
    let text = page.text();
    let linked = text.split_once("application/ld+json\">").unwrap().1.split("</script>").next().unwrap();
    let linked: serde_json::Value = serde_json::from_str(linked).unwrap();
    assert_eq!((&linked["@type"], &linked["name"]), (&"EducationEvent".into(), &hostile[0].1.into()));
    assert_eq!((&linked["startDate"], &linked["isAccessibleForFree"]), (&"2026-11-01".into(), &true.into()));
    let file = anybody.get(&format!("{}/calendar.ics", public(&shown))).await.expect(200);
    assert_eq!(file.header("content-type"), "text/calendar; charset=utf-8");
    holds(&file, &["BEGIN:VEVENT\r\n", "DTSTART;VALUE=DATE:20261101\r\n", "DTEND;VALUE=DATE:20261216\r\n"]);
    app.app.clock.advance(jiff_days(30));
    anybody.get(&public(&shown)).await.expect(404);
}

fn jiff_days(days: i64) -> jiff::SignedDuration {
    jiff::SignedDuration::from_hours(days * 24)
}

#[tokio::test]
async fn a_hostile_form_is_refused_or_read_but_never_breaks() {
    let app = TestApp::new().await;
    let mut editor = app.sign_in(people::EDITOR).await;
    let place = entered(&mut editor, &DRAFT).await;
    let long = "x".repeat(60_000);
    for bad in [
        ("credit", "1e99"),
        ("physician_total", "99999999999999999999"),
        ("other_total", "+1"),
        ("description", long.as_str()),
        ("state_topics", "no such domain | no such topic"),
        ("professions", "Wizard"),
        ("outcomes", "joy_objective"),
        ("ends_on", "9999-12-31"),
        ("pharmacy_sequence_number", "１２"),
        ("url", "javascript:alert(1)"),
    ] {
        let typed =
            [&[("version", "1"), bad][..], &DRAFT.into_iter().filter(|(name, _)| *name != bad.0).collect::<Vec<_>>()]
                .concat();
        let page = editor.post_form(&format!("{place}/edit"), &typed).await;
        assert_eq!(page.status, 422, "{}", bad.0);
        holds(&page, &["error-summary"]);
    }
    let unchanged: Activity = stored(&app, id_of(&place)).await.activity;
    assert_eq!((unchanged.title.as_str(), unchanged.credit), ("Care of the Heart", None));
    let mut reporter = app.sign_in(people::LEARNER_DATA).await;
    reporter.post_form("/provider/activities/new", &DRAFT).await.expect(403);
    reporter.post_form("/provider/activities/close", &[("which", "ready")]).await.expect(403);
}
