//! Notices in the demo: the year-end for providers, news for licensing boards, a maintenance that is over and one that
//! is planned.

use anyhow::{Context, Result};
use app::announcements::{self, Given};
use app::{App, Clock};
use domain::access::{Actor, Seat, Who};
use jiff::ToSpan;
use jiff::civil::{Date, DateTime};

/// A notice: written and shown so many days from today, until so many, at these hours.
struct Planned {
    written: i32,
    from: (i32, i8),
    until: (i32, i8),
    kind: &'static str,
    level: &'static str,
    persona: &'static str,
    title: &'static str,
    body: &'static str,
    path: &'static str,
}

const NOTICES: [Planned; 4] = [
    Planned {
        written: -40,
        from: (-33, 18),
        until: (-32, 2),
        kind: "maintenance",
        level: "warning",
        persona: "everybody",
        title: "Nothing can be changed on Saturday evening",
        body: "From 8 PM to midnight the database moves to a new machine. Everything can be read meanwhile, and uploads \
               wait until the morning.",
        path: "/status",
    },
    Planned {
        written: -6,
        from: (-6, 9),
        until: (24, 17),
        kind: "news",
        level: "info",
        persona: "licensing_board",
        title: "Lists of licensees can be checked against your requirement",
        body: "Upload a list, or take all licensees of your state, and see who has what is required. Each result says \
               why.",
        path: "/board/lists",
    },
    Planned {
        written: -2,
        from: (-2, 9),
        until: (45, 17),
        kind: "deadline",
        level: "warning",
        persona: "provider",
        title: "Refresh the totals of enduring material as of December 31",
        body: "Learner totals of enduring material are cumulative. The year-end asks for each total as of December 31, \
               also of what runs on.",
        path: "/provider/years",
    },
    Planned {
        written: -1,
        from: (9, 18),
        until: (10, 2),
        kind: "maintenance",
        level: "info",
        persona: "everybody",
        title: "A short maintenance is planned",
        body: "Pages may answer slowly for some minutes after 8 PM.",
        path: "/status",
    },
];

pub(crate) async fn write(
    app: &App,
    today: Date,
    clock: &impl Fn(DateTime) -> Result<Clock>,
    staff: &str,
) -> Result<()> {
    let account = store::accounts::find_by_email(&mut app.store.read().await?, staff).await?;
    let account = account.context("the accreditor's staff has no account")?;
    let actor = Actor { who: Who::Account(account.id), seat: Seat::Accreditor };
    let scope = actor.staff().context("staff may write notices")?;
    let moment = |(days, hour): (i32, i8)| format!("{}T{hour:02}:00", today.saturating_add(days.days()));
    for planned in &NOTICES {
        let written = today.saturating_add(planned.written.days());
        let then = App { clock: clock(written.at(8, 30, 0, 0))?, ..app.clone() };
        let given = Given {
            kind: planned.kind.into(),
            level: planned.level.into(),
            title: planned.title.into(),
            body: planned.body.into(),
            path: planned.path.into(),
            personas: vec![planned.persona.into()],
            from: moment(planned.from),
            until: moment(planned.until),
            is_dismissible: true,
            show_again: false,
        };
        announcements::write(&then, &actor, &scope, &given, None).await.context("a notice of the demo is refused")?;
    }
    Ok(())
}
