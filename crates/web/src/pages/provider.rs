//! `/provider`: what needs the provider's staff now, and this year's figures.

use app::App;
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use domain::Amount;
use domain::access::ProviderRole;
use store::learners::{Figures, credits_by_month, figures};

use crate::access::Viewer;
use crate::pages::uploads::grouped;
use crate::{Chrome, Page, Result};

pub fn routes() -> Router<App> {
    Router::new().route("/provider", get(dashboard))
}

#[derive(Template)]
#[template(path = "provider.html")]
struct Dashboard {
    chrome: Chrome,
    organization: String,
    provider: String,
    year: i16,
    needs: Vec<Need>,
    completions: String,
    credits: String,
    accepted_share: String,
    pending: String,
    chart: Chart,
    may_report: bool,
    may_edit: bool,
}

/// Something that waits for a person, with the page where it is done.
struct Need {
    count: String,
    what: &'static str,
    why: String,
    href: &'static str,
    action: &'static str,
}

/// Credits by month, drawn in a box of 960 by 240.
struct Chart {
    months: Vec<Month>,
    /// The values of the three grid lines, from the top.
    scale: [String; 3],
    is_empty: bool,
}

struct Month {
    name: &'static str,
    value: String,
    /// Left edge and height of the column.
    x: i64,
    middle: i64,
    height: i64,
    top: i64,
    is_current: bool,
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

async fn dashboard(
    State(app): State<App>,
    Viewer { session, scope }: Viewer,
    chrome: Chrome,
) -> Result<Page<impl Template>> {
    let today = app.clock.today();
    let year = today.year();
    let mut tx = app.store.read().await?;
    let figures = figures(&mut tx, &scope, year).await?;
    let by_month = credits_by_month(&mut tx, &scope, year).await?;
    let waiting = super::missing_credit::waiting(&mut tx, &scope).await?;
    let activities = store::activities::counts(&mut tx, &scope, &store::activities::Filter::default(), today).await?;
    let total: i64 = by_month.iter().map(|(_, hundredths)| hundredths).sum();
    let rows = figures.accepted_rows + figures.refused_rows;
    Ok(Page(Dashboard {
        chrome,
        organization: session.organization,
        provider: scope.provider().to_string(),
        year,
        needs: needs(&figures, &activities, waiting),
        completions: grouped(figures.completions_this_year),
        credits: grouped(total / 100),
        accepted_share: match rows {
            0 => "–".to_owned(),
            rows => format!("{:.1}%", figures.accepted_rows as f64 * 100.0 / rows as f64),
        },
        pending: grouped(figures.pending),
        chart: chart(&by_month, today.month()),
        may_report: scope.may(ProviderRole::LearnerData),
        may_edit: scope.may(ProviderRole::Editor),
    }))
}

fn needs(figures: &Figures, activities: &store::activities::Counts, waiting: i64) -> Vec<Need> {
    let all = [
        (figures.running, "Uploads running", "Rows are being read; you can watch.", "/provider/uploads", "Watch"),
        (
            figures.refused_rows,
            "Rows refused in uploads",
            "Correct them on screen; the learners see no credit before.",
            "/provider/uploads",
            "Correct rows",
        ),
        (
            figures.rejected,
            "Credits rejected by certifying boards",
            "Each has the board’s reason and what to do.",
            "/provider/learners/rejected",
            "Correct or send again",
        ),
        (
            waiting,
            "Physicians who miss credit",
            "Each case has a clock; report the credit from it, ask, or say why not.",
            "/provider/missing-credit",
            "Open cases",
        ),
        (
            activities.ready_to_close,
            "Activities ready to close",
            "They have ended; complete and close them.",
            "/provider/activities?status=ready_to_close",
            "Open activities",
        ),
        (
            activities.draft,
            "Activities still in draft",
            "Learners can be reported once they are Active.",
            "/provider/activities?status=draft",
            "Complete drafts",
        ),
    ];
    let need = |(count, what, why, href, action): (i64, &'static str, &str, &'static str, &'static str)| Need {
        count: grouped(count),
        what,
        why: why.to_owned(),
        href,
        action,
    };
    all.into_iter().filter(|(count, ..)| *count > 0).map(need).collect()
}

fn chart(by_month: &[(String, i64)], current: i8) -> Chart {
    let value = |month: usize| {
        let suffix = format!("-{month:02}");
        by_month.iter().find(|(key, _)| key.ends_with(&suffix)).map_or(0, |(_, hundredths)| *hundredths)
    };
    let most = (1..=12).map(value).max().unwrap_or(0);
    let top = ceiling(most / 100).max(3);
    let month = |(n, name): (usize, &'static str)| {
        let credits = value(n + 1);
        let height = credits * 180 / (top * 100);
        Month {
            name,
            value: grouped(Amount::new(credits).hundredths() / 100),
            x: 56 + 76 * n as i64,
            middle: 80 + 76 * n as i64,
            height,
            top: 200 - height,
            is_current: n + 1 == usize::from(current.unsigned_abs()),
        }
    };
    Chart {
        months: MONTHS.into_iter().enumerate().take(usize::from(current.unsigned_abs())).map(month).collect(),
        scale: [grouped(top), grouped(top * 2 / 3), grouped(top / 3)],
        is_empty: most == 0,
    }
}

/// A round number divisible by three that is not below `most`.
fn ceiling(most: i64) -> i64 {
    let mut step = 3;
    while step < most {
        step *= if step.to_string().starts_with('3') { 2 } else { 5 };
    }
    step
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_is_round_and_holds_every_column() {
        for (most, top) in [(0, 3), (3, 3), (4, 6), (7, 30), (31, 60), (299, 300), (301, 600)] {
            assert_eq!(ceiling(most), top, "{most}");
        }
        let chart = chart(&[("2026-02".into(), 25_000)], 3);
        assert_eq!(chart.months.len(), 3);
        assert_eq!((chart.months[1].value.as_str(), chart.months[1].height), ("250", 150));
    }
}
