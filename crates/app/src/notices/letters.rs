//! The morning letter: a part for each kind of news.

use domain::access::PhysicianScope;
use domain::check::us_date;
use jiff::civil::Date;
use store::ReadTx;
use store::notices::{self, News, Topic};
use store::record_trail::Stretch;

use super::week_before;
use crate::letters::{Item, Written};
use crate::looks::{self, Line};
use crate::{App, Result};

/// Lines of one part.
const LINES: i64 = 12;

/// All that is new. `None`: what was noted is gone again, as after a withdrawal.
pub(super) async fn news(
    app: &App,
    tx: &mut ReadTx,
    scope: &PhysicianScope,
    name: &str,
    told: &[(Topic, i64)],
    link: &str,
) -> Result<Option<Written>> {
    let mut letter = begin(app, name);
    for (topic, since) in told {
        letter = match topic {
            Topic::NewCredit => {
                let news = notices::reported_since(tx, scope, *since, LINES + 1).await?;
                listed(letter, "Credit was reported for you:", &news)
            }
            Topic::Rejected => {
                let news = notices::rejected_since(tx, scope, *since, LINES + 1).await?;
                listed(letter, "A certifying board rejected points of yours. The provider was told why:", &news)
            }
            Topic::Looked => looked(app, tx, scope, *since, letter).await?,
            Topic::Weekly => letter.paragraph(week(app, tx, scope).await?),
            Topic::ShareOpened => letter,
        };
    }
    if letter.parts.is_empty() {
        return Ok(None);
    }
    Ok(Some(end(app, letter, link)))
}

pub(crate) fn begin(app: &App, name: &str) -> Written {
    let product = &app.config.product_name;
    let why = format!("You get this letter because your record on {product} has news, at most once a day.");
    Written::new("news", format!("News about your record on {product}"), name, why)
}

pub(crate) fn end(app: &App, letter: Written, link: &str) -> Written {
    let letter = letter.button(app, "See your credit", "/passport").link(app, "See who looked", "/passport/access");
    letter.ends(app, "/passport/sharing#letters", &format!("/unsubscribe/{link}"))
}

/// Nothing of no news.
pub(crate) fn listed(letter: Written, title: &str, news: &[News]) -> Written {
    few(letter, title, news.iter().map(item).collect())
}

fn item(news: &News) -> Item {
    let day = news.completed_on.parse::<Date>().map(us_date).unwrap_or_default();
    Item { title: news.title.clone(), detail: format!("{}, completed {day}", news.provider), ..Item::default() }
}

async fn looked(app: &App, tx: &mut ReadTx, scope: &PhysicianScope, since: i64, letter: Written) -> Result<Written> {
    let stretch = Stretch { from: since, until: i64::MAX };
    let lines = looks::lines(app, tx, scope, stretch).await?;
    let mut seen: Vec<Item> = looks::by_others(&lines).map(look_line).collect();
    seen.dedup();
    Ok(few(letter, "Your record was looked at:", seen))
}

fn look_line(line: &Line) -> Item {
    Item { title: format!("{}: {}", line.who, line.what), ..Item::default() }
}

/// The first of a list, and that there is more.
fn few(letter: Written, title: &str, mut items: Vec<Item>) -> Written {
    if items.is_empty() {
        return letter;
    }
    let most = usize::try_from(LINES).unwrap_or_default();
    if items.len() > most {
        items.truncate(most);
        items.push(Item { title: "And more".to_owned(), ..Item::default() });
    }
    letter.heading(title).list(items)
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
        "Your week: {}; {}; {}.",
        counted(reported, "activity was reported for you", "activities were reported for you"),
        counted(looks, "look at your record by somebody else", "looks at your record by others"),
        counted(open, "share of your transcript is open", "shares of your transcript are open"),
    ))
}

fn counted(number: usize, one: &str, many: &str) -> String {
    match number {
        0 => format!("no {many}"),
        1 => format!("1 {one}"),
        number => format!("{number} {many}"),
    }
}
