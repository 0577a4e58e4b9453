//! Notices that follow from what is known: the end of a reporting year. A person makes one with a button and looks at it
//! first; where the accreditor's setting says so, it makes itself.

use domain::AnnouncementId;
use domain::activity::year;
use domain::announcement::{Kind, Level, Persona};
use domain::check::us_date;
use jiff::ToSpan;
use jiff::civil::Date;
use store::announcements::{self, Words};

use crate::clock::MINUTE;
use crate::{App, Result};

/// Days before the deadline on which a notice is shown, unless the setting says otherwise.
const USUAL_DAYS: i64 = 60;

/// The notice of the year-end deadline that comes next: what it is made for, and its words.
pub fn year_end(app: &App) -> (String, Words) {
    year_end_before(app, USUAL_DAYS)
}

fn year_end_before(app: &App, days: i64) -> (String, Words) {
    let now = app.clock.now();
    let this = app.clock.today().year();
    let reference = app.reference.get();
    // the deadline of a year is in the next
    let last_day = |year: i16| Date::new(year, 12, 31).unwrap_or_default();
    let due_of = |year: i16| year::due(year, reference.settings_on(last_day(year))).as_microsecond();
    let year = [this - 1, this].into_iter().find(|year| due_of(*year) > now).unwrap_or(this);
    let due = due_of(year);
    let by = app.clock.show(due);
    // whole days, also where the clocks change in between
    let begins = app.clock.day_of(due).map_or(due, |day| app.clock.start_of(day.saturating_sub(days.days())));
    let report_until = reference.settings_on(last_day(year)).report_until(last_day(year));
    let words = Words {
        kind: Kind::Deadline,
        level: Level::Warning,
        title: format!("The reporting year {year} ends on {by}"),
        body: format!(
            "Finish your year-end by {by}: accept the agreement, enter and close every activity of {year}, refresh the \
             totals of enduring material, and submit the Program Summary.\n\nCompletions of {year} can be reported until \
             {}.",
            us_date(report_until)
        ),
        path: format!("/provider/years/{year}"),
        personas: vec![Persona::Provider],
        shows_from: begins.max(now),
        // the minute itself is still in time
        shows_until: due + MINUTE,
        is_dismissible: true,
    };
    (format!("year-end-{year}"), words)
}

/// Makes the notice of the next deadline, if the accreditor wants that and its time has come. Run now and then.
pub async fn make_due(app: &App) -> Result<()> {
    let days = i64::from(app.reference.get().settings().year_end_notice_days);
    if days == 0 {
        return Ok(());
    }
    let now = app.clock.now();
    let (occasion, words) = year_end_before(app, days);
    if words.shows_from > now || words.shows_until <= now {
        return Ok(());
    }
    let mut tx = app.store.write().await?;
    let id = AnnouncementId::new(app.chance.id(now));
    // one of the occasion is enough, also one that was taken back
    announcements::insert(&mut tx, id, &words, Some(&occasion), None, now).await?;
    Ok(tx.commit().await?)
}
