//! The banner above every page: the most urgent notices for whoever looks.

use app::App;
use app::announcements::{self, Reader};

use super::Shown;
use crate::Result;
use crate::access::Session;

/// Notices on one page; the others are a link away.
const MOST: usize = 2;

/// What the frame shows above a page.
#[derive(Debug, Clone, Default)]
pub struct Banner {
    pub(crate) shown: Vec<Shown>,
    /// Notices that wait behind those.
    pub(crate) more: usize,
    /// The page to come back to after one is put away.
    pub(crate) back: String,
    /// Whether there is an account that could put one away.
    pub(crate) may_dismiss: bool,
}

/// The notices for a visitor of a page, who comes back to `back` after putting one away.
pub async fn banners(app: &App, session: Option<&Session>, path: &str, back: &str) -> Result<Banner> {
    // the notices' own page shows them whole
    if path == "/notices" {
        return Ok(Banner::default());
    }
    let reader = Reader::of(session.map(|session| &session.actor));
    let all = announcements::shown(app, reader).await?;
    let more = all.len().saturating_sub(MOST);
    let shown = all.iter().take(MOST).map(|notice| Shown::of(app, notice)).collect();
    Ok(Banner { shown, more, back: back.to_owned(), may_dismiss: reader.account.is_some() })
}
