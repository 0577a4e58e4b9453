//! The morning letter: a part for each kind of news, and how to end such letters.

use domain::access::PhysicianScope;
use domain::check::us_date;
use jiff::civil::Date;
use store::ReadTx;
use store::notices::{self, News, Topic};
use store::record_trail::Stretch;

use super::week_before;
use crate::looks::{self, Line};
use crate::{App, Result};

/// Lines of one part.
const LINES: i64 = 12;

/// Subject and body of all that is new. `None`: what was noted is gone again, as after a withdrawal.
pub(super) async fn news(
    app: &App,
    tx: &mut ReadTx,
    scope: &PhysicianScope,
    name: &str,
    told: &[(Topic, i64)],
    link: &str,
) -> Result<Option<(String, String)>> {
    let mut parts = Vec::new();
    for (topic, since) in told {
        let part = match topic {
            Topic::NewCredit => reported(app, tx, scope, *since).await?,
            Topic::Rejected => rejected(app, tx, scope, *since).await?,
            Topic::Looked => looked(app, tx, scope, *since).await?,
            Topic::Weekly => Some(week(app, tx, scope).await?),
            Topic::ShareOpened => None,
        };
        parts.extend(part);
    }
    if parts.is_empty() {
        return Ok(None);
    }
    let product = &app.config.product_name;
    let body = format!(
        "Hello {name},\n\n{}\n\n\
         Choose which letters you get here:\n{}\n\
         To get none of these letters any more, open this address:\n{}\n",
        parts.join("\n\n"),
        app.config.link("/passport/sharing#letters"),
        app.config.link(&format!("/unsubscribe/{link}")),
    );
    Ok(Some((format!("News about your record on {product}"), body)))
}

async fn reported(app: &App, tx: &mut ReadTx, scope: &PhysicianScope, since: i64) -> Result<Option<String>> {
    let news = notices::reported_since(tx, scope, since, LINES + 1).await?;
    Ok(listed(app, "Credit was reported for you:", &news, "/passport"))
}

async fn rejected(app: &App, tx: &mut ReadTx, scope: &PhysicianScope, since: i64) -> Result<Option<String>> {
    let news = notices::rejected_since(tx, scope, since, LINES + 1).await?;
    Ok(listed(app, "A certifying board rejected points of yours. The provider was told why:", &news, "/passport"))
}

fn listed(app: &App, title: &str, news: &[News], path: &str) -> Option<String> {
    if news.is_empty() {
        return None;
    }
    let most = usize::try_from(LINES).unwrap_or_default();
    let mut lines: Vec<String> = news.iter().take(most).map(line).collect();
    if news.len() > most {
        lines.push("- and more".to_owned());
    }
    Some(format!("{title}\n\n{}\n\n{}", lines.join("\n"), app.config.link(path)))
}

fn line(news: &News) -> String {
    let day = news.completed_on.parse::<Date>().map(us_date).unwrap_or_default();
    format!("- {}, {}, completed {day}", news.title, news.provider)
}

async fn looked(app: &App, tx: &mut ReadTx, scope: &PhysicianScope, since: i64) -> Result<Option<String>> {
    let stretch = Stretch { from: since, until: i64::MAX };
    let lines = looks::lines(app, tx, scope, stretch).await?;
    let mut seen: Vec<String> = looks::by_others(&lines).map(look_line).collect();
    seen.dedup();
    if seen.is_empty() {
        return Ok(None);
    }
    let most = usize::try_from(LINES).unwrap_or_default();
    if seen.len() > most {
        seen.truncate(most);
        seen.push("- and more".to_owned());
    }
    let path = app.config.link("/passport/access");
    Ok(Some(format!("Your record was looked at:\n\n{}\n\n{path}", seen.join("\n"))))
}

fn look_line(line: &Line) -> String {
    format!("- {}: {}", line.who, line.what)
}

async fn week(app: &App, tx: &mut ReadTx, scope: &PhysicianScope) -> Result<String> {
    let now = app.clock.now();
    let since = week_before(now);
    let reported = notices::reported_since(tx, scope, since, 1_000).await?.len();
    let lines = looks::lines(app, tx, scope, Stretch { from: since, until: i64::MAX }).await?;
    let looks = looks::by_others(&lines).count();
    let shares = store::shares::list(tx, scope).await?;
    let open = shares.iter().filter(|share| share.revoked_at.is_none() && share.terms.expires_at > now).count();
    Ok(format!(
        "Your week: {}; {}; {}.\n\n{}",
        counted(reported, "activity was reported for you", "activities were reported for you"),
        counted(looks, "look at your record by somebody else", "looks at your record by others"),
        counted(open, "share of your transcript is open", "shares of your transcript are open"),
        app.config.link("/passport"),
    ))
}

fn counted(number: usize, one: &str, many: &str) -> String {
    match number {
        0 => format!("no {many}"),
        1 => format!("1 {one}"),
        number => format!("{number} {many}"),
    }
}
