//! A provider's learners in the browser: found, corrected, deleted, sent again, beside the activity's totals; and
//! nothing of it for another provider or a role that only reads.

use app::decisions::{self, Decision};
use domain::credit::CreditStatus;
use testkit::people::{CERTIFYING_BOARD, LEARNER_DATA, OTHER_OWNER, OWNER, VIEWER};
use testkit::records::{self, ACTIVITY, HEADER, physician, row, row_with_points};
use testkit::{Answer, TestApp, Visitor, people};

struct World {
    test: TestApp,
}

impl World {
    async fn new(rows: &str) -> Self {
        let test = TestApp::new().await;
        records::fill(&test.app).await;
        let world = Self { test };
        world.upload(rows).await;
        world
    }

    async fn upload(&self, rows: &str) {
        let app = &self.test.app;
        let actor = people::actor(app, OWNER).await;
        let bytes = futures::stream::iter([Ok::<_, std::io::Error>(format!("{HEADER}{rows}").into_bytes())]);
        let staged = app::uploads::stage(app, bytes).await.unwrap();
        app::uploads::receive(app, &actor, "Ida Ward", "learners.txt", staged).await.unwrap();
        records::work(app).await;
    }

    /// The board answers everything that waits for it.
    async fn reject_all(&self, reason: &str) {
        let app = &self.test.app;
        let board = people::actor(app, CERTIFYING_BOARD).await;
        let scope = board.certifying_board().unwrap();
        let mut tx = app.store.read().await.unwrap();
        let waiting = store::moc::list(&mut tx, &scope, CreditStatus::Pending, 100, 0).await.unwrap();
        drop(tx);
        let decision = |credit: &store::moc::MocCredit| Decision {
            credit: credit.id,
            status: CreditStatus::Rejected,
            reason: reason.to_owned(),
        };
        let decisions: Vec<Decision> = waiting.iter().map(decision).collect();
        assert!(!decisions.is_empty());
        decisions::decide_many(app, &board, &decisions).await.unwrap();
    }

    async fn assert_sound(&self) {
        let key = self.test.app.ledger.signer().verifying_key();
        let report = app::verify::run(&self.test.app.store, &key, &|_, _| {}).await.unwrap();
        assert!(report.is_sound(), "{:#?}", report.faults);
    }
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

/// The addresses of completions that a list links to, in its order.
async fn pages(visitor: &mut Visitor, list: &str) -> Vec<String> {
    let text = visitor.get(list).await.expect(200).text();
    let links = text.split("<th scope=\"row\"><a href=\"").skip(1);
    let links = links.map(|rest| rest.split('"').next().unwrap().to_owned());
    links.filter(|link| link.starts_with("/provider/learners/")).collect()
}

/// The value of each field of the form that is sent to an address, as the page shows it.
fn fields(page: &Answer, action: &str) -> Vec<(String, String)> {
    let text = page.text();
    let form = text.split_once(&format!("action=\"{action}\"")).unwrap_or_else(|| panic!("no form: {text}")).1;
    let form = form.split_once("</form>").unwrap().0;
    let mut fields = Vec::new();
    for rest in form.split("<input ").skip(1) {
        let tag = rest.split_once('>').unwrap().0;
        let of = |name: &str| tag.split_once(&format!("{name}=\"")).map(|(_, rest)| rest.split('"').next().unwrap());
        if let (Some(name), Some(value)) = (of("name"), of("value"))
            && !tag.contains("type=\"checkbox\"")
        {
            fields.push((name.to_owned(), value.to_owned()));
        }
    }
    for rest in form.split("<select ").skip(1) {
        let select = rest.split_once("</select>").unwrap().0;
        let name = select.split_once("name=\"").unwrap().1.split('"').next().unwrap();
        let chosen = select.split("<option ").skip(1).find(|option| option.contains(" selected"));
        let value = chosen.map_or("", |option| option.split_once("value=\"").unwrap().1.split('"').next().unwrap());
        fields.push((name.to_owned(), value.to_owned()));
    }
    fields
}

fn with(mut fields: Vec<(String, String)>, changes: &[(&str, &str)]) -> Vec<(String, String)> {
    for (name, value) in changes {
        match fields.iter_mut().find(|(known, _)| known == name) {
            Some(field) => field.1 = (*value).to_owned(),
            None => fields.push(((*name).to_owned(), (*value).to_owned())),
        }
    }
    fields
}

async fn send(visitor: &mut Visitor, path: &str, fields: &[(String, String)]) -> Answer {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    visitor.post_form(path, &fields).await
}

const PERMISSION: (&str, &str) = ("permission", "yes");

#[tokio::test]
async fn learners_are_found_by_each_filter_and_nonsense_shows_all() {
    let rows: String = (0..4).map(|n| row_with_points(n, "2", "1")).collect();
    let world = World::new(&(rows + &row("Add", 4, "3").replace("11/02/2026", "05/01/2026"))).await;
    let mut visitor = world.test.sign_in(VIEWER).await;
    let (last, license) = (physician(1).last, physician(2).licenses[0].number.clone());
    for (query, wanted) in [
        (String::new(), 5),
        (format!("?q={last}"), 1),
        (format!("?q={last}%2C+{}", physician(1).first), 1),
        (format!("?id={license}"), 1),
        ("?id=A4000".into(), 0),
        (format!("?activity={ACTIVITY}"), 5),
        ("?activity=heart+care".into(), 5),
        ("?activity=lungs".into(), 0),
        ("?to=ABIM".into(), 4),
        ("?to=ABIM&status=pending".into(), 4),
        ("?to=CME&status=pending".into(), 0),
        ("?to=REMS".into(), 0),
        ("?to=Mars".into(), 0),
        ("?status=withdrawn".into(), 0),
        ("?completed_until=2026-06-01".into(), 1),
        ("?completed_from=2026-06-01&sort=name".into(), 4),
        ("?reported_from=2026-11-23&reported_until=2026-11-23".into(), 5),
        ("?reported_until=2026-11-22".into(), 0),
        ("?to=&status=x&completed_from=soon&sort=%27&page=-4".into(), 5),
        ("?q=%00%27%3B--&sort=name".into(), 5),
    ] {
        let found = pages(&mut visitor, &format!("/provider/learners{query}")).await;
        assert_eq!(found.len(), wanted, "{query}");
    }
    let by_name = pages(&mut visitor, "/provider/learners?sort=name").await;
    let mut backwards = pages(&mut visitor, "/provider/learners?sort=-name").await;
    backwards.reverse();
    assert_eq!(by_name, backwards);
    let mut other = world.test.sign_in(OTHER_OWNER).await;
    assert_eq!(pages(&mut other, "/provider/learners").await, [] as [String; 0]);
}

#[tokio::test]
async fn the_list_is_taken_away_as_text_and_as_a_workbook() {
    let formula = row("Add", 0, "2").replace(&physician(0).first, &physician(0).first.to_uppercase());
    let world = World::new(&(formula + &row_with_points(1, "2", "1"))).await;
    let mut visitor = world.test.sign_in(VIEWER).await;
    let csv = visitor.get("/provider/learners/download?as=csv&sort=name").await.expect(200);
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    let text = csv.text();
    let lines: Vec<&str> = text.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(lines.len(), 4, "{text}");
    assert!(lines[0].starts_with("Destination,Status,Reason,Answered On,Last Name,First Name"), "{text}");
    assert_eq!(lines.iter().filter(|line| line.starts_with("ABIM,Pending,")).count(), 1, "{text}");
    assert!(lines.iter().any(|line| line.contains(",11/02/2026,11/23/2026,2,")), "{text}");
    let workbook = visitor.get("/provider/learners/download?as=xlsx&to=ABIM").await.expect(200);
    assert!(workbook.body.starts_with(b"PK"));
    visitor.get("/provider/learners/download?as=exe").await.expect(404);
    let mut other = world.test.sign_in(OTHER_OWNER).await;
    let theirs = other.get("/provider/learners/download?as=csv").await.expect(200).text();
    assert_eq!(theirs.lines().count(), 1, "{theirs}");
}

#[tokio::test]
async fn a_correction_starts_from_what_is_on_record_and_shows_in_the_history() {
    let world = World::new(&row_with_points(0, "2", "2")).await;
    let mut visitor = world.test.sign_in(LEARNER_DATA).await;
    let page = pages(&mut visitor, "/provider/learners").await.remove(0);
    let correct = format!("{page}/correct");
    let form = visitor.get(&correct).await.expect(200);
    let shown = fields(&form, &correct);
    let value = |name: &str| shown.iter().find(|(known, _)| known == name).map_or("absent", |(_, value)| value);
    assert_eq!((value("last"), value("state"), value("credits")), (physician(0).last.as_str(), "CA", "2"));
    assert_eq!((value("board"), value("diplomate"), value("points")), ("ABIM", "300000", "2"));
    assert_eq!((value("type1"), value("amount1"), value("board_2")), ("Medical Knowledge", "2", ""));

    let without = send(&mut visitor, &correct, &with(shown.clone(), &[("credits", "1.5")])).await.expect(422);
    assert!(words(&without).contains("Confirm that you hold the learner’s permission."));
    let refused = with(shown.clone(), &[("credits", "1.1"), ("points", "0.1"), PERMISSION]);
    let refused = send(&mut visitor, &correct, &refused).await.expect(422);
    assert!(refused.text().contains("id=\"credits-error\"") && refused.text().contains("id=\"points-error\""));
    assert!(refused.text().contains("value=\"1.1\""));
    let second = [("board_2", "ABS"), ("points_2", "1"), ("type1_2", "Accredited CME"), ("amount1_2", "1"), PERMISSION];
    let refused = send(&mut visitor, &correct, &with(shown.clone(), &second)).await.expect(422);
    assert!(refused.text().contains("id=\"board_2-error\"") && !refused.text().contains("id=\"board-error\""));
    let same = send(&mut visitor, &correct, &with(shown.clone(), &[PERMISSION])).await.expect(422);
    assert!(words(&same).contains("Nothing was changed"));

    let good = with(shown.clone(), &[("credits", "1.5"), PERMISSION]);
    let done = send(&mut visitor, &correct, &good).await.expect(303);
    assert_eq!(done.location(), format!("{page}?done=corrected"));
    let after = words(&visitor.get(&page).await.expect(200));
    for said in ["CME: 2 AMA PRA Category 1 Credits withdrawn", "CME: 1.5 AMA PRA Category 1 Credits reported"] {
        assert!(after.contains(said), "{said}: {after}");
    }
    assert!(after.contains("Corrected by Ines Aldana") && after.contains("learners.txt , row 2"), "{after}");
    // pressed twice, it is done once, and what was typed stays
    let twice = send(&mut visitor, &correct, &good).await.expect(409);
    assert!(words(&twice).contains("The report was changed meanwhile") && twice.text().contains("value=\"1.5\""));

    let moved = with(fields(&visitor.get(&correct).await, &correct), &[("completed", "2026-11-03"), PERMISSION]);
    let done = send(&mut visitor, &correct, &moved).await.expect(303);
    let new = done.location().split('?').next().unwrap().to_owned();
    assert_ne!(new, page);
    let old = visitor.get(&page).await.expect(200);
    assert!(old.text().contains(&new) && words(&old).contains("This report is withdrawn"), "{}", old.text());
    assert!(visitor.get(&new).await.text().contains(&page));
    assert_eq!(pages(&mut visitor, "/provider/learners?status=withdrawn").await, std::slice::from_ref(&page));
    let gone = visitor.get(&correct).await.expect(303);
    assert_eq!(gone.location(), format!("{page}?done=meanwhile"));
    world.assert_sound().await;
}

#[tokio::test]
async fn a_credit_or_the_whole_report_is_deleted_after_a_question() {
    let world = World::new(&row_with_points(0, "2", "2")).await;
    let mut visitor = world.test.sign_in(LEARNER_DATA).await;
    let page = pages(&mut visitor, "/provider/learners").await.remove(0);
    let text = visitor.get(&page).await.expect(200).text();
    let of_credits: Vec<&str> =
        text.split("/delete?credit=").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert_eq!(of_credits.len(), 2, "{text}");
    let delete = format!("{page}/delete");
    let question = visitor.get(&format!("{delete}?credit={}", of_credits[1])).await.expect(200);
    assert!(words(&question).contains("ABIM : 2 ABIM Points") && !words(&question).contains("CME :"));
    let fields_of_one = fields(&question, &delete);
    let done = send(&mut visitor, &delete, &fields_of_one).await.expect(303);
    assert_eq!(done.location(), format!("{page}?done=credit_deleted"));
    // the question that was asked of something else is answered by nothing
    let again = send(&mut visitor, &delete, &fields_of_one).await.expect(303);
    assert_eq!(again.location(), format!("{page}?done=meanwhile"));
    let whole = fields(&visitor.get(&delete).await.expect(200), &delete);
    let done = send(&mut visitor, &delete, &whole).await.expect(303);
    assert_eq!(done.location(), format!("{page}?done=deleted"));
    assert!(words(&visitor.get(&page).await).contains("Deleted by Ines Aldana"));
    assert!(pages(&mut visitor, "/provider/learners").await.is_empty());
    world.assert_sound().await;
}

#[tokio::test]
async fn rejected_points_are_listed_by_reason_and_sent_again() {
    let rows: String = (0..3).map(|n| row_with_points(n, "2", "2")).collect();
    let world = World::new(&rows).await;
    world.reject_all("Diplomate ID is not on the board’s roster: not ours").await;
    let mut reader = world.test.sign_in(VIEWER).await;
    let page = reader.get("/provider/learners/rejected").await.expect(200);
    let said = words(&page);
    assert!(said.contains("3 ABIM: Diplomate ID is not on the board’s roster Check the board ID"), "{said}");
    assert!(said.contains("ABIM: Rejected Diplomate ID is not on the board’s roster: not ours"), "{said}");
    assert!(!page.text().contains("<button class=\"row-action\""), "a reader sends nothing");
    assert!(words(&reader.get("/provider").await).contains("3 Credits rejected by certifying boards"));

    let mut visitor = world.test.sign_in(LEARNER_DATA).await;
    let text = visitor.get("/provider/learners/rejected").await.text();
    let ids: Vec<&str> =
        text.split("name=\"credit\" value=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert_eq!(ids.len(), 3);
    let nothing = visitor.post_form("/provider/learners/rejected", &[("credit", "x")]).await.expect(200);
    assert!(words(&nothing).contains("No credit was chosen"));
    let mut other = world.test.sign_in(OTHER_OWNER).await;
    let theirs = other.post_form("/provider/learners/rejected", &[("credit", ids[0])]).await.expect(200);
    assert!(words(&theirs).contains("Nothing was sent again"));
    let one =
        visitor.post_form("/provider/learners/rejected", &[("credit", ids[1]), ("only", ids[0])]).await.expect(200);
    assert!(words(&one).contains("1 credit sent again"), "{}", words(&one));
    let again = visitor.post_form("/provider/learners/rejected", &[("credit", ids[0])]).await.expect(200);
    assert!(words(&again).contains("1 credit was not rejected any more and stayed as before."));
    let unknown = [("all", "yes"), ("board", "ABIM"), ("reason", "Because")];
    assert!(
        words(&visitor.post_form("/provider/learners/rejected", &unknown).await).contains("Nothing was sent again")
    );
    let all = [("all", "yes"), ("board", "ABIM"), ("reason", "Diplomate ID is not on the board’s roster")];
    let all = visitor.post_form("/provider/learners/rejected", &all).await.expect(200);
    assert!(words(&all).contains("2 credits sent again") && words(&all).contains("Nothing is rejected"));
    assert_eq!(pages(&mut visitor, "/provider/learners?to=ABIM&status=pending").await.len(), 3);
    world.assert_sound().await;
}

#[tokio::test]
async fn an_activity_shows_its_completions_beside_the_totals_and_says_where_they_disagree() {
    let world = World::new(&(row_with_points(0, "2", "2") + &row("Add", 1, "3"))).await;
    let app = &world.test.app;
    let mut visitor = world.test.sign_in(OWNER).await;
    let here = format!("/provider/activities/{ACTIVITY}/learners");
    let page = visitor.get(&here).await.expect(200);
    let said = words(&page);
    assert!(said.contains("2 completions on record") || said.contains("completions on record 2"), "{said}");
    assert!(said.contains("Not entered yet") && !said.contains("More completions than learners"), "{said}");
    assert!(said.contains("CME 2 0 0 5.00") && said.contains("ABIM 0 1 0 2.00"), "{said}");
    let owner = people::actor(app, OWNER).await;
    let mut tx = app.store.read().await.unwrap();
    let scope = owner.provider(domain::access::ProviderRole::Viewer).unwrap();
    let stored = store::activities::find(&mut tx, &scope, records::activity_id()).await.unwrap().unwrap();
    drop(tx);
    let few = domain::activity::Activity { physician_total: Some(1), other_total: Some(0), ..stored.activity };
    app::activities::save(app, &owner, few, stored.version).await.unwrap();
    let said = words(&visitor.get(&here).await.expect(200));
    assert!(said.contains("2 completions are on record, but 1 learners in total"), "{said}");
    assert!(words(&visitor.get(&format!("/provider/activities/{ACTIVITY}")).await).contains("More completions"));
    assert_eq!(pages(&mut visitor, &format!("{here}?to=ABIM")).await.len(), 1);
    // the address cannot widen the list to other activities
    assert_eq!(pages(&mut visitor, &format!("{here}?activity=999999999")).await.len(), 2);
    let mut other = world.test.sign_in(OTHER_OWNER).await;
    other.get(&here).await.expect(404);
    other.get("/provider/activities/x/learners").await.expect(404);
}

#[tokio::test]
async fn a_rems_learner_who_is_no_physician_is_reported_by_form_and_found() {
    let world = World::new(&row("Add", 0, "2")).await;
    let mut visitor = world.test.sign_in(LEARNER_DATA).await;
    let rems = [
        ("activity", ACTIVITY),
        ("completed", "2026-11-02"),
        ("first", "Pat"),
        ("last", "Quillfeather"),
        ("rems_id", "L-0417"),
        ("rems_profession", "Pharmacist"),
        ("rems_state", "NV"),
        PERMISSION,
    ];
    let lacking: Vec<(&str, &str)> = rems.into_iter().filter(|(name, _)| *name != "rems_profession").collect();
    let refused = visitor.post_form("/provider/learners/new", &lacking).await.expect(422);
    assert!(refused.text().contains("id=\"rems_profession-error\""));
    let done = visitor.post_form("/provider/learners/new", &rems).await.expect(303);
    assert_eq!(done.location(), "/provider/learners/new?done=rems");
    assert_eq!(pages(&mut visitor, "/provider/learners?id=L-0417").await.len(), 1);
    let page = pages(&mut visitor, "/provider/learners?to=REMS").await.remove(0);
    let said = words(&visitor.get(&page).await.expect(200));
    assert!(said.contains("Profession Pharmacist") && said.contains("No physician"), "{said}");
    let of_activity = visitor.get(&format!("/provider/activities/{ACTIVITY}/learners?to=REMS")).await.expect(200);
    assert!(words(&of_activity).contains("Pharmacist L-0417 NV"), "{}", words(&of_activity));
    let correct = format!("{page}/correct");
    let form = fields(&visitor.get(&correct).await.expect(200), &correct);
    let nurse = with(form, &[("rems_profession", "Nurse"), PERMISSION]);
    let done = send(&mut visitor, &correct, &nurse).await.expect(303);
    assert!(words(&visitor.get(done.location().split('?').next().unwrap()).await).contains("Profession Nurse"));
    world.assert_sound().await;
}

#[tokio::test]
async fn a_reader_and_another_provider_change_nothing() {
    let world = World::new(&row_with_points(0, "2", "2")).await;
    let mut visitor = world.test.sign_in(LEARNER_DATA).await;
    let page = pages(&mut visitor, "/provider/learners").await.remove(0);
    let (correct, delete) = (format!("{page}/correct"), format!("{page}/delete"));
    let form = with(fields(&visitor.get(&correct).await, &correct), &[("credits", "1"), PERMISSION]);
    let question = fields(&visitor.get(&delete).await, &delete);
    let mut reader = world.test.sign_in(VIEWER).await;
    let shown = reader.get(&page).await.expect(200).text();
    assert!(!shown.contains(&correct) && !shown.contains(&delete));
    for (who, status) in [(VIEWER, 403), (OTHER_OWNER, 404)] {
        let mut who = world.test.sign_in(who).await;
        who.get(&correct).await.expect(status);
        who.get(&delete).await.expect(status);
        send(&mut who, &correct, &form).await.expect(status);
        send(&mut who, &delete, &question).await.expect(status);
    }
    world.test.sign_in(OTHER_OWNER).await.get(&page).await.expect(404);
    visitor.get("/provider/learners/not-an-id").await.expect(400);
    assert_eq!(fields(&visitor.get(&correct).await, &correct), fields(&visitor.get(&correct).await, &correct));
    assert!(words(&visitor.get(&page).await).contains("2 AMA PRA Category 1 Credits"));
    world.assert_sound().await;
}
