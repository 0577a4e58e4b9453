//! The accreditor's staff change lists, boards' rules and settings: each change from its own day, shown
//! with what it would affect before it is saved, never over somebody else's, and only by them.

use domain::access::Seat;
use jiff::SignedDuration;
use testkit::people::{self, ACCREDITOR, EDITOR, OWNER};
use testkit::records::{self, ACTIVITY, physician};
use testkit::{Answer, TestApp, Visitor};

const SECOND: &str = "second@accreditor.example";

async fn world() -> (TestApp, Visitor) {
    let test = TestApp::new().await;
    records::fill(&test.app).await;
    let staff = test.sign_in(ACCREDITOR).await;
    (test, staff)
}

/// Days go by. Sessions end meanwhile, so everybody signs in again.
async fn days_later(test: &TestApp, days: i64, email: &str) -> Visitor {
    test.app.clock.advance(SignedDuration::from_hours(24 * days));
    test.sign_in(email).await
}

/// Changes of one moment have no order in the audit.
fn a_moment_later(test: &TestApp) {
    test.app.clock.advance(SignedDuration::from_secs(1));
}

/// The words of a page, without markup and line breaks.
fn words(answer: &Answer) -> String {
    let (mut words, mut inside) = (String::new(), false);
    for letter in answer.text().chars() {
        match letter {
            '<' => inside = true,
            '>' => {
                inside = false;
                words.push(' ');
            }
            letter if !inside => words.push(letter),
            _ => {}
        }
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn says(answer: &Answer, wanted: &[&str]) {
    let words = words(answer);
    for wanted in wanted {
        assert!(words.contains(wanted), "{wanted:?} is missing in {words}");
    }
}

/// What a form holds when its page is opened: fields, ticks, lines, choices.
fn typed(answer: &Answer) -> Vec<(String, String)> {
    let text = answer.text();
    let form = text.split_once("<form class=\"form\"").map_or("", |(_, rest)| rest);
    let form = form.split("</form>").next().unwrap_or_default();
    let of = |tag: &str, name: &str| -> Option<String> {
        let rest = tag.split_once(&format!(" {name}=\""))?.1;
        Some(plain(rest.split_once('"')?.0))
    };
    let mut fields = Vec::new();
    for tag in form.split('<').skip(1) {
        let Some(name) = of(tag, "name") else { continue };
        let is_choice = tag.contains("type=\"checkbox\"") && !tag.contains(" checked");
        if tag.starts_with("textarea") {
            fields.push((name, plain(tag.split_once('>').map_or("", |(_, text)| text))));
        } else if tag.starts_with("input") && !is_choice {
            fields.push((name, of(tag, "value").unwrap_or_default()));
        } else if tag.starts_with("select") {
            let rest = form.split_once(&format!("name=\"{name}\"")).map_or("", |(_, rest)| rest);
            let options = rest.split("</select>").next().unwrap_or_default();
            let chosen = options.split("<option").find(|option| option.contains(" selected"));
            fields.push((name, chosen.and_then(|option| of(option, "value")).unwrap_or_default()));
        }
    }
    fields
}

fn plain(text: &str) -> String {
    text.replace("&#34;", "\"").replace("&#38;", "&").replace("&#39;", "'").replace("&#60;", "<").replace("&#62;", ">")
}

fn with(fields: &[(String, String)], changed: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut fields: Vec<(String, String)> =
        fields.iter().filter(|(name, _)| !changed.iter().any(|(other, _)| other == name)).cloned().collect();
    fields.extend(changed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    fields
}

async fn post(visitor: &mut Visitor, path: &str, fields: &[(String, String)]) -> Answer {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    visitor.post_form(path, &fields).await
}

/// Opens a form, fills it in, looks at what it would change, and saves that. Gives the page with the
/// preview.
pub(crate) async fn make(visitor: &mut Visitor, path: &str, changed: &[(&str, &str)]) -> Answer {
    let form = typed(&visitor.get(path).await.expect(200));
    let action = path.split('?').next().unwrap();
    let shown = post(visitor, action, &with(&form, changed)).await.expect(200);
    let saved = post(visitor, action, &with(&typed(&shown), &[("then", "save")])).await.expect(303);
    let page = visitor.get(saved.location()).await.expect(200);
    says(&page, &["Saved", "History"]);
    shown
}

const LISTS: &str = "/admin/reference/lists";

fn item(list: &str, code: &str, form: &str) -> String {
    format!("{LISTS}/{list}/item{form}?group=&code={}", code.replace(' ', "%20"))
}

#[tokio::test]
async fn an_item_is_added_renamed_ended_and_brought_back_with_a_look_before_each() {
    let (test, mut staff) = world().await;
    let empty = staff.get("/admin/reference").await.expect(200);
    says(&empty, &["Nothing is planned", "Nobody has changed anything yet", "10 boards take part", "Countries"]);
    let add = format!("{LISTS}/specialties/add");
    let shown = make(&mut staff, &add, &[("name", "Space Medicine"), ("from", "2027-01-01")]).await;
    says(
        &shown,
        &["What this changes from 01/01/2027 on", "Activities that run on 01/01/2027 or later can choose it."],
    );
    says(&shown, &["No activity holds it.", "Nothing on record is judged otherwise"]);
    let list = staff.get(&format!("{LISTS}/specialties?q=space&state=planned")).await.expect(200);
    says(&list, &["1 item", "Space Medicine", "Planned", "From 01/01/2027", "Ada Crane"]);
    let overview = staff.get("/admin/reference").await.expect(200);
    says(&overview, &["“Space Medicine” can be chosen", "Take back", "Specialties: Space Medicine"]);

    a_moment_later(&test);
    let sleep = |form: &str| item("specialties", "Sleep Medicine", form);
    let shown = make(&mut staff, &sleep("/rename"), &[("name", "Sleep & Rest"), ("from", "2026-12-01")]).await;
    says(&shown, &["Sleep Medicine Sleep &#38; Rest", "the old name or the code are still understood"]);
    let page = staff.get(&sleep("")).await.expect(200);
    says(&page, &["as “Sleep Medicine”", "“Sleep Medicine” is renamed “Sleep &#38; Rest”"]);
    assert!(!words(&page).contains("Rename…"), "one plan at a time");
    staff = days_later(&test, 10, ACCREDITOR).await;
    says(&staff.get(&sleep("")).await.expect(200), &["Rename…", "End…"]);
    make(&mut staff, &sleep("/end"), &[("until", "12/31/2026")]).await;
    says(&staff.get(&sleep("")).await.expect(200), &["can no longer be chosen", "Last day None 12/31/2026"]);
    let ends = format!("{}&on=2027-01-01", sleep("/take-back"));
    a_moment_later(&test);
    make(&mut staff, &ends, &[]).await;
    a_moment_later(&test);
    make(&mut staff, &sleep("/end"), &[("until", "2026-12-31")]).await;
    staff = days_later(&test, 40, ACCREDITOR).await;
    let over = staff.get(&format!("{LISTS}/specialties?state=over")).await.expect(200);
    says(&over, &["1 item", "Sleep &#38; Rest", "Over"]);
    make(&mut staff, &sleep("/bring-back"), &[("from", "2027-02-01")]).await;
    says(&staff.get(&sleep("")).await.expect(200), &["And again From 02/01/2027 on"]);
    let audited = "select action || ' ' || detail from audit where action like 'reference.%' order by at, audit_id";
    let rows = testkit::database::texts(&test.address, audited).await;
    let wanted = [
        "reference.add_item Space Medicine",
        "reference.rename_item Sleep Medicine to Sleep & Rest from 2026-12-01",
        "reference.end_item 2026-12-31",
        "reference.take_back_item 2027-01-01",
        "reference.end_item 2026-12-31",
        "reference.bring_back_item 2027-02-01",
    ];
    assert_eq!(rows, wanted);
}

#[tokio::test]
async fn nothing_is_saved_that_was_not_looked_at() {
    let (_test, mut staff) = world().await;
    let path = item("outcomes", "knowledge", "/end");
    let action = format!("{LISTS}/outcomes/item/end");
    let form = with(&typed(&staff.get(&path).await.expect(200)), &[("until", "2026-12-31")]);
    let unseen = post(&mut staff, &action, &with(&form, &[("then", "save")])).await.expect(200);
    says(&unseen, &["You changed an answer after you looked"]);
    let shown = post(&mut staff, &action, &with(&form, &[("then", "look")])).await.expect(200);
    let other = with(&typed(&shown), &[("until", "2027-06-30"), ("then", "save")]);
    let again = post(&mut staff, &action, &other).await.expect(200);
    says(&again, &["You changed an answer after you looked", "What this changes from 07/01/2027 on"]);
    says(&staff.get("/admin/reference").await.expect(200), &["Nothing is planned"]);
    post(&mut staff, &action, &with(&typed(&again), &[("then", "save")])).await.expect(303);
    says(
        &staff.get("/admin/reference").await.expect(200),
        &["“Learner Knowledge” can no longer be chosen", "07/01/2027"],
    );
}

#[tokio::test]
async fn what_is_wrong_stands_beside_its_field_and_what_was_typed_comes_back() {
    let (_test, mut staff) = world().await;
    let add = format!("{LISTS}/states/add");
    let wrong = [("name", "Elsewhere <b>"), ("code", "xyz"), ("from", "31/31/2026"), ("until", "2026-01-01")];
    let answer = staff.post_form(&add, &wrong).await.expect(422);
    says(&answer, &["One answer needs attention", "“31/31/2026” is not a date"]);
    assert!(answer.text().contains("value=\"Elsewhere &#60;b&#62;\"") && answer.text().contains("value=\"xyz\""));
    let wrong = [("name", "California"), ("code", "xyz"), ("from", "2026-02-01"), ("until", "2026-01-01")];
    let answer = staff.post_form(&add, &wrong).await.expect(422);
    says(&answer, &["3 answers need attention", "two capital letters", "is in the list already", "must not be before"]);
    for field in ["name-error", "code-error", "until-error"] {
        assert!(answer.text().contains(&format!("id=\"{field}\"")), "{field}");
    }
    let limits = "/admin/reference/settings/length/change";
    let form = typed(&staff.get(limits).await.expect(200));
    let answer = post(&mut staff, limits, &with(&form, &[("months_most", "a year"), ("from", "")])).await.expect(422);
    says(&answer, &["2 answers need attention", "Choose a day.", "Write a whole number."]);
    let answer =
        post(&mut staff, limits, &with(&form, &[("months_most_of_test_item_writing", "900")])).await.expect(422);
    says(&answer, &["A limit is 1 to 120 months."]);
    let board = "/admin/reference/boards/ABIM/change";
    let form = typed(&staff.get(board).await.expect(200));
    let twice = with(&form, &[("type_name_3", "medical knowledge"), ("type_until_3", "soon"), ("label", "ABS")]);
    let answer = post(&mut staff, board, &twice).await.expect(422);
    says(&answer, &["“soon” is not a date"]);
    let answer = post(&mut staff, board, &with(&twice, &[("type_until_3", "")])).await.expect(422);
    says(&answer, &["Name each credit type once.", "the same letters"]);
    assert!(answer.text().contains("value=\"medical knowledge\""));
    let past = post(&mut staff, board, &with(&form, &[("from", "2026-11-22"), ("once_per_date", "yes")])).await;
    says(&past.expect(422), &["A change begins today or later"]);
    let same = post(&mut staff, board, &with(&form, &[])).await.expect(422);
    says(&same, &["nothing would change"]);
    let known = staff.post_form("/admin/reference/boards/new", &[("label", "abim")]).await.expect(422);
    says(&known, &["This board is there already"]);
}

/// The fields of one learner with points of ABIM, completed on a day.
fn learner(n: usize, completed: &str, credits: &str, points: &str) -> Vec<(String, String)> {
    let person = physician(n);
    let birth = person.birth.unwrap();
    let fields = [
        ("activity", ACTIVITY.to_owned()),
        ("completed", completed.to_owned()),
        ("first", person.first.clone()),
        ("last", person.last.clone()),
        ("birth_month", birth.month().to_string()),
        ("birth_day", birth.day().to_string()),
        ("state", "CA".to_owned()),
        ("identifier", person.licenses[0].number.clone()),
        ("credits", credits.to_owned()),
        ("board", "ABIM".to_owned()),
        ("diplomate", person.certifications[0].diplomate_id.clone()),
        ("points", points.to_owned()),
        ("type1", "Medical Knowledge".to_owned()),
        ("amount1", points.to_owned()),
        ("permission", "yes".to_owned()),
    ];
    fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

#[tokio::test]
async fn a_boards_new_rule_judges_from_its_own_day_on_without_a_release() {
    let (test, mut staff) = world().await;
    let mut provider = test.sign_in(OWNER).await;
    let form = "/provider/learners/new";
    let rules = "/admin/reference/boards/ABIM/change";
    let shown = make(&mut staff, rules, &[("from", "2026-11-25"), ("points_equal_credit", "yes")]).await;
    says(&shown, &["Points equal the CME credits No Yes", "2 activities (2 open) are registered with this board."]);
    says(&shown, &["Completions on 11/25/2026 or later are judged by these rules"]);
    says(&staff.get("/admin/reference/boards").await.expect(200), &["New rules of ABIM", "New rules from 11/25/2026"]);
    let board = staff.get("/admin/reference/boards/ABIM").await.expect(200);
    says(&board, &["side by side", "In force From 11/25/2026", "Changes Yes", "Edit the plan", "Correct a slip"]);

    // it is 11/23, the day before the day before: the old rule judges
    let accepted = "/provider/learners/new?done=accepted";
    let answer = post(&mut provider, form, &learner(1, "2026-11-23", "2", "1")).await.expect(303);
    assert_eq!(answer.location(), accepted);
    provider = days_later(&test, 1, OWNER).await;
    let answer = post(&mut provider, form, &learner(2, "2026-11-24", "2", "1")).await.expect(303);
    assert_eq!(answer.location(), accepted, "the day before");
    provider = days_later(&test, 1, OWNER).await;
    let refused = post(&mut provider, form, &learner(3, "2026-11-25", "2", "1")).await.expect(422);
    says(&refused, &["1 points are not the 2 CME credits."]);
    let answer = post(&mut provider, form, &learner(3, "2026-11-25", "2", "2")).await.expect(303);
    assert_eq!(answer.location(), accepted, "on the day, by the new rule");
    let answer = post(&mut provider, form, &learner(4, "2026-11-24", "2", "1")).await.expect(303);
    assert_eq!(answer.location(), accepted, "what was completed before is judged by the rule of its day");
    staff = test.sign_in(ACCREDITOR).await;
    says(&staff.get("/admin/reference").await.expect(200), &["Nothing is planned"]);
    let late = staff.post_form("/admin/reference/boards/ABIM/take-back", &[("from", "2026-11-25")]).await;
    assert_eq!(late.status, 409, "a form that nobody opened has seen nothing: {}", words(&late));
    let taken = typed(&staff.get("/admin/reference/boards/ABIM/take-back?from=2026-11-25").await.expect(200));
    let answer = post(&mut staff, "/admin/reference/boards/ABIM/take-back", &taken).await.expect(403);
    says(&answer, &["rules that are in force already are not taken back"]);
}

#[tokio::test]
async fn a_setting_counts_from_its_own_day_and_a_plan_is_taken_back_before_it() {
    let (test, mut staff) = world().await;
    let mut editor = test.sign_in(EDITOR).await;
    let path = "/admin/reference/settings/length";
    says(&staff.get("/admin/reference/settings").await.expect(200), &["12 months; Enduring Material 36", "start date"]);
    let change = format!("{path}/change");
    let shown = make(&mut staff, &change, &[("from", "2027-01-01"), ("months_most", "6")]).await;
    says(&shown, &["General limit 12 6", "The activity’s start date decides."]);
    let draft = |starts: &'static str, ends: &'static str| {
        [("title", "A year of rounds"), ("format", "committee_learning"), ("starts_on", starts), ("ends_on", ends)]
    };
    let new = "/provider/activities/new";
    editor.post_form(new, &draft("2026-12-01", "2027-10-01")).await.expect(303);
    let long = editor.post_form(new, &draft("2027-01-01", "2027-10-01")).await.expect(422);
    says(&long, &["This format may last at most 6 months."]);
    let form = typed(&staff.get(&change).await.expect(200));
    let sooner = with(&form, &[("from", "2026-12-01"), ("months_most", "7")]);
    let preview = post(&mut staff, &change, &sooner).await.expect(200);
    says(
        &preview,
        &["1 activity (1 draft) could no longer be saved or closed as they are: longer than the format may"],
    );
    says(
        &staff.get(path).await.expect(200),
        &["Planned", "In force", "Longest time an activity may last: a new value"],
    );
    let take_back = format!("{path}/take-back?from=2027-01-01");
    make(&mut staff, &take_back, &[]).await;
    editor.post_form(new, &draft("2027-01-01", "2027-10-01")).await.expect(303);
    says(&staff.get(path).await.expect(200), &["Taken back: what was planned for 01/01/2027", "Ada Crane"]);
}

#[tokio::test]
async fn of_two_staff_at_the_same_entry_the_second_is_told_and_overwrites_nothing() {
    let (test, mut first) = world().await;
    people::add(&test.app, SECOND, "Noor Haddad", Seat::Accreditor).await;
    let mut second = test.sign_in(SECOND).await;
    let path = "/admin/reference/boards/ABS/change";
    let opened = typed(&second.get(path).await.expect(200));
    let mine = with(&opened, &[("from", "2027-01-01"), ("name", "American Board of Surgeons")]);
    let looked = post(&mut second, path, &mine).await.expect(200);
    make(&mut first, path, &[("from", "2027-02-01"), ("once_per_date", "yes")]).await;
    let slip = post(&mut second, path, &with(&mine, &[("from", "soon")])).await.expect(422);
    post(&mut second, path, &with(&typed(&slip), &[("from", "2027-01-01")])).await.expect(409);
    let told = post(&mut second, path, &with(&typed(&looked), &[("then", "save")])).await.expect(409);
    says(&told, &["Somebody else changed this meanwhile", "Ada Crane changed this board", "activity and date No Yes"]);
    assert!(told.text().contains("value=\"American Board of Surgeons\""), "what was typed stays");
    let kept = test.app.reference.get();
    let on = |day: &str| kept.board_on(domain::Board::read("ABS").unwrap(), day.parse().unwrap()).unwrap().name.clone();
    assert_eq!([on("2027-01-15"), on("2027-02-15")], ["American Board of Surgery", "American Board of Surgery"]);
    // having seen it, the second decides again
    let looked = post(&mut second, path, &with(&typed(&told), &[("then", "save")])).await.expect(200);
    post(&mut second, path, &with(&typed(&looked), &[("then", "save")])).await.expect(303);
    let history = second.get("/admin/reference/boards/ABS").await.expect(200);
    says(&history, &["Noor Haddad", "Ada Crane", "American Board of Surgery American Board of Surgeons"]);

    let rename = item("outcomes", "competence", "/rename");
    let opened = with(&typed(&second.get(&rename).await.expect(200)), &[("name", "Skill"), ("from", "2027-01-01")]);
    make(&mut first, &rename, &[("name", "Ability"), ("from", "2027-01-01")]).await;
    let action = rename.split('?').next().unwrap();
    let slip = post(&mut second, action, &with(&opened, &[("from", "")])).await.expect(422);
    let told = post(&mut second, action, &with(&typed(&slip), &[("from", "2027-01-01")])).await.expect(409);
    says(&told, &["Ada Crane changed this item", "Learner Competence Ability"]);

    let limit = "/admin/reference/settings/series/change";
    let opened = with(&typed(&second.get(limit).await.expect(200)), &[("series_few_credits", "6")]);
    make(&mut first, limit, &[("series_few_credits", "5")]).await;
    let slip = post(&mut second, limit, &with(&opened, &[("series_few_credits", "six")])).await.expect(422);
    let told = post(&mut second, limit, &with(&typed(&slip), &[("series_few_credits", "6")])).await.expect(409);
    says(&told, &["Ada Crane changed this setting", "4 5"]);
}

#[tokio::test]
async fn a_board_joins_is_corrected_and_leaves() {
    let (test, mut staff) = world().await;
    let new = [
        ("label", "ABMGG"),
        ("name", "American Board of Medical Genetics"),
        ("from", "2026-12-01"),
        ("type_name_0", "Accredited CME"),
        ("type_name_1", "Self-Assessment"),
        ("type_until_1", "2027-06-30"),
        ("practice_areas", "Clinical Genetics\r\n\r\nLaboratory Genetics"),
        ("diplomate_id_optional", "yes"),
    ];
    let shown = make(&mut staff, "/admin/reference/boards/new", &new).await;
    says(&shown, &["Self-Assessment (until 06/30/2027)", "Clinical Genetics; Laboratory Genetics"]);
    says(
        &staff.get("/admin/reference/boards").await.expect(200),
        &["ABMGG American Board of Medical Genetics Planned"],
    );
    staff = days_later(&test, 10, ACCREDITOR).await;
    let correct = "/admin/reference/boards/ABMGG/change?version=2026-12-01";
    let shown = make(&mut staff, correct, &[("name", "American Board of Medical Genetics and Genomics")]).await;
    says(&shown, &["This corrects rules that are in force", "Medical Genetics American Board of Medical Genetics and"]);
    let leaves = make(&mut staff, correct, &[("until", "2027-12-31")]).await;
    says(&leaves, &["Takes part until Further notice 12/31/2027", "The board takes no completions after 12/31/2027."]);
    let page = staff.get("/admin/reference/boards/ABMGG").await.expect(200);
    says(&page, &["ABMGG no longer takes part 01/01/2028", "In force since 12/01/2026"]);
    let ever = staff.get("/admin/reference/boards/ABMGG/change?version=ever").await;
    assert_eq!(ever.status, 404);
}

#[tokio::test]
async fn a_list_is_downloaded_as_it_is_filtered() {
    let (_test, mut staff) = world().await;
    make(&mut staff, &format!("{LISTS}/supporters/add"), &[("name", "=cmd|' /C calc'!A0")]).await;
    let file = staff.get(&format!("{LISTS}/supporters/download?q=calc")).await.expect(200);
    assert!(file.header("content-type").starts_with("text/csv"));
    assert!(file.header("content-disposition").contains("supporters.csv"));
    let text = file.text();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 2, "{text}");
    assert!(lines[0].starts_with("\"Code\",\"Name\",\"Group\",\"First Day\",\"Last Day\""));
    assert!(lines[1].starts_with("\"'=cmd|' /C calc'!A0\",\"'=cmd") && lines[1].ends_with("\"Ada Crane\""), "{text}");
    let all = staff.get(&format!("{LISTS}/countries/download")).await.expect(200).text();
    assert_eq!(all.lines().count(), 250);
    let pages = staff.get(&format!("{LISTS}/countries?page=3")).await.expect(200);
    says(&pages, &["249 items", "Page 3 of 3", "Zimbabwe ZWE In force"]);
    says(&staff.get(&format!("{LISTS}/countries?q=atlantis")).await.expect(200), &["Nothing found", "Show all"]);
}

#[tokio::test]
async fn nobody_else_sees_or_changes_any_of_it() {
    let (test, _) = world().await;
    let physician = Seat::Physician(physician(1).id);
    people::add(&test.app, "amara@physician.example", "Amara Whitfield", physician).await;
    let others = [
        OWNER,
        EDITOR,
        people::LEARNER_DATA,
        people::VIEWER,
        people::OTHER_OWNER,
        people::LICENSING_BOARD,
        people::CERTIFYING_BOARD,
        "amara@physician.example",
    ];
    let end = [("group", ""), ("code", "knowledge"), ("until", "2026-12-31"), ("seen", "0"), ("then", "save")];
    for email in others {
        let mut visitor = test.sign_in(email).await;
        for path in [
            "/admin/reference".to_owned(),
            format!("{LISTS}/outcomes"),
            format!("{LISTS}/outcomes/download"),
            item("outcomes", "knowledge", ""),
            item("outcomes", "knowledge", "/end"),
            "/admin/reference/boards/ABIM".to_owned(),
            "/admin/reference/boards/ABIM/change".to_owned(),
            "/admin/reference/settings/locked/change".to_owned(),
        ] {
            says(&visitor.get(&path).await.expect(403), &["for the accreditor’s staff"]);
        }
        visitor.post_form(&format!("{LISTS}/outcomes/item/end"), &end).await.expect(403);
        let add = [("name", "Mine"), ("then", "save")];
        visitor.post_form(&format!("{LISTS}/supporters/add"), &add).await.expect(403);
        visitor.post_form("/admin/reference/settings/locked/change", &[("locked_year", "2026")]).await.expect(403);
        visitor.post_form("/admin/reference/boards/ABIM/take-back", &[("from", "2027-01-01")]).await.expect(403);
    }
    let mut nobody = test.anonymous();
    let answer = nobody.get("/admin/reference").await.expect(303);
    assert!(answer.location().starts_with("/sign-in"));
    let rows =
        testkit::database::texts(&test.address, "select action from audit where action like 'reference.%'").await;
    assert!(rows.is_empty(), "{rows:?}");
}

#[tokio::test]
async fn what_is_not_there_is_not_found_and_nonsense_harms_nothing() {
    let (_test, mut staff) = world().await;
    for path in [
        format!("{LISTS}/planets"),
        format!("{LISTS}/planets/add"),
        format!("{LISTS}/outcomes/item"),
        item("outcomes", "no_such", ""),
        item("outcomes", "no_such", "/rename"),
        item("outcomes", "knowledge", "/burn"),
        "/admin/reference/boards/ABZZ".to_owned(),
        "/admin/reference/boards/A".to_owned(),
        "/admin/reference/boards/ABZZ/change".to_owned(),
        "/admin/reference/boards/ABIM/change?version=2031-01-01".to_owned(),
        "/admin/reference/settings/no_such".to_owned(),
        "/admin/reference/settings/no_such/change".to_owned(),
    ] {
        staff.get(&path).await.expect(404);
    }
    staff.get(&format!("{LISTS}/outcomes?page=-7&state=x%27%20or%201&q=%00")).await.expect(200);
    let gone = format!("{}&on=2027-01-01", item("outcomes", "knowledge", "/take-back"));
    let form = typed(&staff.get(&gone).await.expect(200));
    post(&mut staff, &format!("{LISTS}/outcomes/item/take-back"), &form).await.expect(404);
    let bad = [("version", "soon"), ("label", "ABIM"), ("seen", "x")];
    staff.post_form("/admin/reference/boards/ABIM/change", &bad).await.expect(404);
    let seen = [("group", ""), ("code", "knowledge"), ("until", "2026-12-31"), ("seen", "'; drop")];
    staff.post_form(&format!("{LISTS}/outcomes/item/end"), &seen).await.expect(409);
}
