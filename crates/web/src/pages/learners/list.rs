//! All completions of a provider: by name, learner ID, activity, dates, destination and status. All of it is in the
//! address.

use app::App;
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::routing::get;
use domain::access::{ProviderRole, ProviderScope};
use store::ReadTx;
use store::learners::{MOST_COUNTED, Search, Sort};

use super::asked::{Asked, Header, STATUSES, destinations};
use super::rows::LearnerRow;
use crate::access::Viewer;
use crate::pages::uploads::grouped;
use crate::{Chrome, Page, Result};

const PER_PAGE: i64 = 50;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/provider/learners", get(list))
}

#[derive(Template)]
#[template(path = "learners/list.html")]
struct Learners {
    chrome: Chrome,
    asked: Asked,
    statuses: Vec<(&'static str, &'static str)>,
    destinations: Vec<(String, String)>,
    listed: Listed,
    by_name: Header,
    by_completion: Header,
    by_report: Header,
    /// The address of files, up to the format's word.
    file: String,
    /// Rejected by boards, for the way to them.
    rejected: String,
    may_report: bool,
}

/// A page of a list.
pub(super) struct Listed {
    pub rows: Vec<LearnerRow>,
    pub shown: String,
    pub page: u64,
    pub pages: u64,
    /// Up to the page's number.
    pub next: String,
    /// There are more than can be turned to.
    pub is_cut: bool,
    pub most: String,
}

impl Listed {
    /// The page that is asked for, or the last one.
    pub(super) async fn find(
        app: &App,
        tx: &mut ReadTx,
        scope: &ProviderScope,
        (search, sort): (&Search, Sort),
        page: i64,
        next: String,
    ) -> Result<Self> {
        let counted = store::learners::count(tx, scope, search).await?;
        let total = counted.min(MOST_COUNTED);
        let pages = (total.max(1) as u64).div_ceil(PER_PAGE as u64);
        let page = page.min(pages as i64);
        let first = (page - 1) * PER_PAGE;
        let ids = store::learners::search(tx, scope, search, sort, first, PER_PAGE).await?;
        let learners = store::learners::find_many(tx, scope, &ids).await?;
        let reference = app.reference.get();
        let is_cut = counted > MOST_COUNTED;
        let all = if is_cut { format!("more than {}", grouped(total)) } else { grouped(total) };
        let shown = match (total, pages) {
            (0, _) => "No completions".to_owned(),
            (1, _) => "1 completion".to_owned(),
            (_, 1) => format!("{all} completions"),
            _ => format!("{} to {} of {all} completions", grouped(first + 1), grouped((first + PER_PAGE).min(total))),
        };
        Ok(Self {
            rows: learners.iter().map(|learner| LearnerRow::of(app, &reference, learner)).collect(),
            shown,
            page: page.unsigned_abs(),
            pages,
            next,
            is_cut,
            most: grouped(MOST_COUNTED),
        })
    }
}

async fn list(
    State(app): State<App>,
    Viewer { scope, .. }: Viewer,
    chrome: Chrome,
    Query(asked): Query<Asked>,
) -> Result<Page<impl Template>> {
    const HERE: &str = "/provider/learners";
    let reference = app.reference.get();
    let mut tx = app.store.read().await?;
    let next = format!("{}page=", asked.address("", &asked.sort));
    let found = (&asked.search(&app), asked.sort());
    let listed = Listed::find(&app, &mut tx, &scope, found, asked.page(), next).await?;
    let rejected = store::learners::count_rejected(&mut tx, &scope).await?;
    Ok(Page(Learners {
        chrome,
        statuses: STATUSES.to_vec(),
        destinations: destinations(&reference),
        listed,
        by_name: asked.header(HERE, "name", "-name", false),
        by_completion: asked.header(HERE, "completed", "-completed", true),
        by_report: asked.header(HERE, "reported", "-reported", true),
        file: asked.address("/provider/learners/download", &asked.sort),
        rejected: if rejected > 0 { grouped(rejected) } else { String::new() },
        asked,
        may_report: scope.may(ProviderRole::LearnerData),
    }))
}
