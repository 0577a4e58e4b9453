//! What the help center's people did before the demo was opened: webinars with slides, what readers said, a draft, and
//! three requests, of which one waits.

use anyhow::{Context, Result};
use app::help::{self, Typed, TypedRequest};
use app::{App, Clock};
use domain::access::{Actor, Seat, StaffScope, Who};
use domain::help::{Kind, Status};
use futures::stream;
use jiff::ToSpan;
use jiff::civil::{Date, DateTime};

/// Days from today (before it: negative), the hour, title, summary and text of each webinar, and its slides.
const WEBINARS: [(i64, &str, &str, &str, &str, &str); 3] = [
    (
        -96,
        "13:00",
        "Reporting learners without refusals",
        "What to ask learners at registration, and how to check a list before the event.",
        "Most refusals come from three things: a birthday with day and month exchanged, a former name, and a missing \
         license ID. We show a registration form that asks for the right details, check a list before an event, and \
         correct what is left on screen.\n\nThe steps are in the guide [upload a file](/help/guides/upload-a-file).",
        "reporting-without-refusals.pdf",
    ),
    (
        -33,
        "12:00",
        "Continuing certification: registering and reporting points",
        "How an activity is registered with several boards, and what becomes of the points.",
        "One activity, three boards: points, credit types as tags, claim dates, and what each board answers. With \
         questions from providers about rejected points.\n\nSee also [how to register](/help/questions/moc-registration).",
        "registering-and-reporting-points.pdf",
    ),
    (
        9,
        "13:30",
        "Year-end, step by step",
        "Everything that has to be done by March 31, with time for questions.",
        "We walk through the five steps of the page Year-end with an invented provider: the agreement, closing many \
         activities at once, totals of enduring material, and the Program Summary.\n\nBring your own list of what is \
         missing.",
        "",
    ),
];

/// What readers said: a page, whether it helped, and a remark.
const SAID: [(&str, bool, &str); 12] = [
    ("what-is-required", true, ""),
    ("what-is-required", true, "The table is what I needed."),
    ("year-of-birth", true, ""),
    ("lost-second-factor", false, "I would have liked to read this before I lost the phone."),
    ("lost-second-factor", true, ""),
    ("column-shifted", false, "A picture of a shifted column would help."),
    ("column-shifted", false, ""),
    ("column-shifted", true, "Sorting one column was exactly what had happened."),
    ("what-is-missing-page", true, ""),
    ("missing-credit-how", true, ""),
    ("rate-limits", true, ""),
    ("not-in-registry", false, "How long until our board’s roster is in?"),
];

/// Puts all of it in place, each on its day.
pub(crate) async fn fill(
    app: &App,
    today: Date,
    clock: &(dyn Fn(DateTime) -> Result<Clock> + Sync),
    physician: domain::PhysicianId,
) -> Result<()> {
    let then = |days: i64, hour: i8, minute: i8| -> Result<App> {
        let at = today.saturating_sub(days.days()).at(hour, minute, 0, 0);
        Ok(App { clock: clock(at)?, ..app.clone() })
    };
    let staff = actor(app, "staff@accreditor.example", Seat::Accreditor).await?;
    let scope = staff.staff().context("the staff have a seat")?;
    let by = (&staff, "Josephine Wakefield");
    for (place, webinar) in (0..).zip(WEBINARS) {
        write_webinar(&then(110 - place * 40, 10, 5)?, by, &scope, today, webinar).await?;
    }
    let draft = Typed {
        title: "Can a hospital report for several of its departments?".into(),
        category: "reporting".into(),
        summary: "Yes, as one provider with one team.".into(),
        body: "To be checked with two hospitals before it is published.".into(),
        ..Typed::default()
    };
    help::create(&then(2, 16, 20)?, by, &scope, Kind::Question, &draft).await?;
    say(&then(17, 15, 2)?).await?;
    ask(&then, by, &scope, &actor(app, "physician@passport.example", Seat::Physician(physician)).await?).await
}

async fn actor(app: &App, email: &str, seat: Seat) -> Result<Actor> {
    let account = store::accounts::find_by_email(&mut app.store.read().await?, email).await?;
    Ok(Actor { who: Who::Account(account.with_context(|| format!("{email} has no account"))?.id), seat })
}

async fn write_webinar(
    app: &App,
    by: (&Actor, &str),
    scope: &StaffScope,
    today: Date,
    (days, hour, title, summary, body, slides): (i64, &str, &str, &str, &str, &str),
) -> Result<()> {
    let is_past = days < 0;
    let typed = Typed {
        title: title.into(),
        summary: summary.into(),
        body: body.into(),
        day: today.saturating_add(days.days()).to_string(),
        hour: hour.into(),
        minutes: "45".into(),
        join_link: "https://meet.accreditor.example/help".into(),
        recording_link: if is_past { format!("https://video.accreditor.example/{}", -days) } else { String::new() },
        ..Typed::default()
    };
    let id = help::create(app, by, scope, Kind::Webinar, &typed).await?;
    if !slides.is_empty() {
        let bytes = stream::iter([Ok::<_, std::io::Error>(slides_of(title))]);
        let staged = help::stage(app, slides, bytes).await?;
        help::add_slides(app, by.0, scope, id, staged).await?;
    }
    Ok(help::set_status(app, by, scope, (id, 1), Status::Published).await?)
}

/// A PDF of one page with one line on it.
fn slides_of(title: &str) -> Vec<u8> {
    let text = format!("BT /F1 28 Tf 60 300 Td ({title}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 960 540] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{text}\nendstream", text.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut file = "%PDF-1.4\n".to_owned();
    let mut places = Vec::new();
    for (number, object) in (1..).zip(&objects) {
        places.push(file.len());
        file.push_str(&format!("{number} 0 obj\n{object}\nendobj\n"));
    }
    let table = file.len();
    file.push_str(&format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1));
    for place in places {
        file.push_str(&format!("{place:010} 00000 n \n"));
    }
    file.push_str(&format!("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n", objects.len() + 1));
    file.into_bytes()
}

async fn say(app: &App) -> Result<()> {
    let shelf = app.help.shelf(app).await?;
    for (place, (slug, is_helpful, remark)) in (1..).zip(SAID) {
        let page = shelf.find(Kind::Question, slug).with_context(|| format!("the help has no page {slug}"))?;
        let address = format!("192.0.2.{place}");
        help::vote(app, (None, &address), page.entry.id, is_helpful, remark).await?;
    }
    Ok(())
}

/// One request of the demo's physician, answered; one in hand; one that waits.
async fn ask(
    then: &(dyn Fn(i64, i8, i8) -> Result<App> + Sync),
    by: (&Actor, &str),
    scope: &StaffScope,
    physician: &Actor,
) -> Result<()> {
    let asked = |topic: &str, name: &str, email: &str, words: &str| TypedRequest {
        topic: topic.into(),
        name: name.into(),
        email: email.into(),
        words: words.into(),
    };
    let own = asked(
        "credit",
        "Your physician",
        "physician@passport.example",
        "Credit that a board rejected still stands on my page. Does it count against me?",
    );
    let sent = help::send(&then(15, 20, 11)?, (Some(physician), "192.0.2.40"), &own).await?;
    help::take(&then(14, 9, 3)?, by, (scope, sent.id, 1)).await?;
    let answer = "No. Rejected points are shown so that you know of them, and count neither for you nor against you. \
                  The provider was told the reason and can correct and send them again; the page shows the new answer.";
    help::answer(&then(14, 9, 20)?, by, (scope, sent.id, 2), answer).await?;

    let second = asked(
        "organization",
        "Loretta Brisbane",
        "loretta.brisbane@hillview.example",
        "We have a new primary contact for our CME office. What do you need from us to change it?",
    );
    let sent = help::send(&then(3, 11, 42)?, (None, "192.0.2.41"), &second).await?;
    help::take(&then(2, 8, 55)?, by, (scope, sent.id, 1)).await?;
    help::add_note(
        &then(2, 9, 10)?,
        by,
        (scope, sent.id, 2),
        "Called the office; the letter with the name comes by mail.",
    )
    .await?;

    let third = asked(
        "programs",
        "Anselm Okoro",
        "anselm@lms-vendor.example",
        "Our system sends one request for each learner and meets the limit in March. Can the allowance be raised for \
         the year-end rush?",
    );
    help::send(&then(1, 16, 31)?, (None, "192.0.2.42"), &third).await?;
    Ok(())
}
