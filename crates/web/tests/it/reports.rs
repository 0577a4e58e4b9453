//! Reports over HTTP: who may see them, what the address asks for, and files that say what the page says.

use std::io::Cursor;

use app::activities;
use calamine::{Data, Reader, Xlsx};
use domain::Amount;
use domain::access::Seat;
use domain::activity::{Activity, Delivery, Fee, Format, MeasuredOutcome, Providership, Registration, Support};
use jiff::civil::date;
use testkit::people::{self, EDITOR, LEARNER_DATA, OWNER, PROVIDER, VIEWER, actor};
use testkit::records::{self, file, physician, row, row_with_points, work};
use testkit::{Answer, Part, TestApp};

const PAGE: &str = "/provider/reports?year=2026";

/// A supporter's name that is a formula for spreadsheets and markup for browsers.
const HOSTILE: &str = "=HYPERLINK(\"x\")<script>alert(1)</script>";

/// Two activities that end in 2026 and learners of a third, some of them refused.
async fn filled() -> TestApp {
    let test = TestApp::new().await;
    records::fill(&test.app).await;
    let owner = actor(&test.app, OWNER).await;
    for (title, dollars) in [("Knots", 5_000), ("Sails", 12_345)] {
        let activity = Activity {
            deliveries: vec![Delivery::LiveStreamed],
            credit: Some(Amount::new(150)),
            description: "Knots.".into(),
            providership: Some(Providership::Direct),
            in_passport: Some(false),
            url: "https://harborview.example/knots".into(),
            fee: Some(Fee::Free),
            registration: Some(Registration::Open),
            outcomes: vec![MeasuredOutcome { outcome: "performance".into(), objective: false, subjective: true }],
            has_support: Some(true),
            support: vec![Support { source: HOSTILE.into(), dollars: Some(dollars) }],
            physician_total: Some(1_200),
            other_total: Some(3),
            ..Activity::draft(
                activities::no_id(),
                PROVIDER.parse().unwrap(),
                title,
                Format::LiveCourse,
                date(2026, 3, 1),
                date(2026, 3, 2),
            )
        };
        activities::create(&test.app, &owner, activity).await.unwrap();
    }
    let sent = file(0..5) + &row_with_points(7, "4", "4") + &row("Add", 30, "0.1");
    let mut owner = test.sign_in(OWNER).await;
    let form = [Part::File("file", "learners.txt", sent.as_bytes()), Part::Text("permission", "held")];
    owner.post_multipart("/provider/uploads/new", &form).await.expect(303);
    work(&test.app).await;
    test
}

fn unescaped(text: &str) -> String {
    let text = text.replace("&#60;", "<").replace("&#62;", ">").replace("&#34;", "\"").replace("&#39;", "'");
    text.replace("&#38;", "&")
}

/// The words of every cell of every table of the page, by the table's title.
fn tables(page: &str) -> Vec<(String, Vec<Vec<String>>)> {
    let mut tables = Vec::new();
    for part in page.split("<div class=\"report-table\">").skip(1) {
        let title = part.split_once("<h3>").unwrap().1.split_once("</h3>").unwrap().0.to_owned();
        let Some((_, rest)) = part.split_once("<tbody>") else {
            tables.push((title, Vec::new()));
            continue;
        };
        let body = rest.split_once("</tbody>").unwrap().0;
        let cell = |cell: &str| {
            let inner = cell.split_once('>').unwrap().1;
            unescaped(inner.split_once("</t").unwrap().0)
        };
        let row = |row: &str| row.replace("<th ", "<td ").split("<td ").skip(1).map(cell).collect();
        tables.push((title, body.split("<tr").skip(1).map(row).collect()));
    }
    tables
}

/// What a cell of a workbook says, as a page would write it without commas and signs.
fn said(cell: &Data) -> String {
    match cell {
        Data::Float(number) => number.to_string(),
        Data::String(text) => text.strip_prefix('\'').unwrap_or(text).to_owned(),
        Data::Empty => String::new(),
        other => panic!("{other:?}"),
    }
}

/// What a page writes, as a number without its dress where it is one.
fn bare(shown: &str) -> String {
    if shown == "–" {
        return String::new();
    }
    let plain = shown.replace([',', '$', '%'], "");
    plain.parse::<f64>().map_or_else(|_| shown.to_owned(), |number| number.to_string())
}

#[tokio::test]
async fn the_workbook_and_the_text_say_what_the_page_says() {
    let test = filled().await;
    let mut owner = test.sign_in(OWNER).await;
    let page = owner.get(PAGE).await.expect(200).text();
    let shown = tables(&page);
    let titles: Vec<&str> = shown.iter().map(|(title, _)| title.as_str()).collect();
    for title in [
        "Summary",
        "By month",
        "By format",
        "By supporter",
        "By kind of credit",
        "MOC by format",
        "Refusals by problem",
    ] {
        assert!(titles.contains(&title), "{title} of {titles:?}");
    }
    assert!(page.contains("2,400") && page.contains("$17,345"), "{page}");
    let answer = owner.get("/provider/reports/download?as=xlsx&year=2026").await.expect(200);
    assert!(answer.header("content-disposition").contains("Report 2026.xlsx"));
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(answer.body)).unwrap();
    assert_eq!(workbook.sheet_names().len(), shown.len() + 1);
    let about = workbook.worksheet_range("About").unwrap();
    assert_eq!(said(about.get((1, 1)).unwrap()), "2026");
    for (title, rows) in &shown {
        let sheet = workbook.worksheet_range(title).unwrap();
        let written: Vec<Vec<String>> = sheet.rows().skip(1).map(|row| row.iter().map(said).collect()).collect();
        let wanted: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(|cell| bare(cell)).collect()).collect();
        assert_eq!(written, wanted, "{title}");
    }
    // the text of each table, at the address that stands beside it
    let links = page.split("href=\"/provider/reports/download?as=csv").skip(1);
    let links: Vec<String> = links.map(|rest| unescaped(rest.split_once('"').unwrap().0)).collect();
    assert_eq!(links.len(), shown.len());
    for (link, (title, rows)) in links.iter().zip(&shown) {
        let answer = owner.get(&format!("/provider/reports/download?as=csv{link}")).await.expect(200);
        let text = answer.text();
        assert_eq!(text.lines().count(), rows.len() + 1, "{title}: {text}");
        let last = rows.last().map(|row| row.iter().map(|cell| bare(cell)).collect::<Vec<_>>());
        let first_number = last.iter().flatten().nth(1).cloned().unwrap_or_default();
        assert!(text.lines().last().unwrap().contains(first_number.trim_end_matches(".0")), "{title}: {text}");
    }
    // a hostile name is text everywhere
    assert!(!page.contains("<script>alert"), "{page}");
    let text = owner.get("/provider/reports/download?as=csv&table=supporters&year=2026").await.text();
    assert!(text.contains("\"'=HYPERLINK(\"\"x\"\")<script>alert(1)</script>\",2,17345,0"), "{text}");
}

#[tokio::test]
async fn plots_have_titles_and_ids_of_their_own_and_no_style_of_their_own() {
    let test = filled().await;
    let page = test.sign_in(OWNER).await.get(PAGE).await.expect(200).text();
    let svg: Vec<&str> = page.split("<svg class=\"plot").skip(1).collect();
    assert!(svg.len() >= 8, "{}", svg.len());
    for plot in &svg {
        let plot = plot.split_once("</svg>").unwrap().0;
        assert!(plot.contains("role=\"img\"") && plot.contains("<title id=") && plot.contains("<desc id="), "{plot}");
        assert!(!plot.contains("style=") && !plot.contains("NaN") && !plot.contains("fill="), "{plot}");
    }
    let mut ids: Vec<&str> = page.split(" id=\"").skip(1).map(|rest| rest.split_once('"').unwrap().0).collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all);
}

#[tokio::test]
async fn everybody_on_the_team_sees_reports_and_nobody_else() {
    let test = filled().await;
    for role in [OWNER, EDITOR, LEARNER_DATA, VIEWER] {
        let mut member = test.sign_in(role).await;
        let page = member.get("/provider/reports").await.expect(200).text();
        assert!(page.contains("Report of 2026") && page.contains("href=\"/provider/reports\" aria-current=\"page\""));
        member.get("/provider/reports/download?as=xlsx").await.expect(200);
    }
    let physician = people::add(&test.app, "alma@physician.example", "Alma Ashdown", Seat::Physician(physician(0).id));
    physician.await;
    let others = [people::LICENSING_BOARD, people::CERTIFYING_BOARD, people::ACCREDITOR, "alma@physician.example"];
    for (email, path) in others
        .into_iter()
        .flat_map(|email| ["/provider/reports", "/provider/reports/download?as=xlsx"].map(|path| (email, path)))
    {
        test.sign_in(email).await.get(path).await.expect(403);
    }
    let answer: Answer = test.anonymous().get(PAGE).await.expect(303);
    assert!(answer.location().starts_with("/sign-in"));
    // another provider has a report of its own, in which nothing of ours is
    let mut stranger = test.sign_in(people::OTHER_OWNER).await;
    let page = stranger.get(PAGE).await.expect(200).text();
    assert!(page.contains("Nothing in this period yet") && !page.contains("HYPERLINK"), "{page}");
    let text = stranger.get("/provider/reports/download?as=csv&table=kinds&year=2026").await.expect(200).text();
    assert_eq!(text.lines().count(), 1, "{text}");
}

#[tokio::test]
async fn the_address_says_which_days_and_nonsense_is_this_year() {
    let test = filled().await;
    let mut owner = test.sign_in(OWNER).await;
    for (query, heading) in [
        ("", "Report of 2026"),
        ("?year=2025", "Report of 2025"),
        ("?from=2026-03-01&until=2026-03-31", "Report of Mar 1, 2026 to Mar 31, 2026"),
        ("?from=2026-03-31&until=2026-03-01", "Report of Mar 1, 2026 to Mar 31, 2026"),
        ("?from=2026-01-01&until=2026-12-31", "Report of 2026"),
        ("?year=-99", "Report of 2026"),
        ("?year=99999999999999999999", "Report of 2026"),
        ("?from=2026-02-30&until=%27%3B--", "Report of 2026"),
        ("?from=9999-12-31&until=9999-12-31", "Report of Dec 31, 9999 to Dec 31, 9999"),
    ] {
        let page = owner.get(&format!("/provider/reports{query}")).await.expect(200).text();
        assert!(page.contains(&format!("<h1>{heading}</h1>")), "{query}");
    }
    let march = owner.get("/provider/reports?from=2026-03-01&until=2026-03-31").await.text();
    assert!(march.contains("from=2026-03-01&#38;until=2026-03-31") && march.contains("$17,345"));
    assert!(!owner.get("/provider/reports?from=2026-03-03&until=2026-03-31").await.text().contains("$17,345"));
    for query in ["", "?as=pdf", "?as=csv", "?as=csv&table=../secrets", "?as=csv&table=points-by-moon"] {
        owner.get(&format!("/provider/reports/download{query}")).await.expect(404);
    }
}
