//! What the frame around every page needs: the product's name, who is signed in, where they can go.
//!
//! A handler asks for it as an argument; nobody builds it by hand.

use app::App;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum_extra::extract::CookieJar;
use domain::access::{ProviderRole, Seat};

use crate::access::{MaybeSignedIn, Session};
use crate::error::Error;
use crate::pages::announcements::{Banner, banners};

/// Read by `base.html`.
#[derive(Debug, Clone)]
pub struct Chrome {
    pub product: String,
    pub demo: bool,
    pub account: Option<Account>,
    pub nav: Vec<NavItem>,
    /// A second row: the places of the section that the page is in, where there are several.
    pub section: Vec<NavItem>,
    /// Letters in the demo's mailbox since it was last looked at.
    pub mail_unread: u64,
    pub notice: Option<Notice>,
    /// Notices of the accreditor.
    pub banner: Banner,
    /// Why nothing may be changed for now.
    pub read_only: Option<String>,
}

#[derive(Debug, Clone)]
pub struct Account {
    pub name: String,
    pub organization: String,
    /// Such as "Provider owner".
    pub persona_label: &'static str,
}

#[derive(Debug, Clone)]
pub struct NavItem {
    pub href: String,
    pub label: String,
    pub current: bool,
}

/// `kind`: info, success, warning or error.
#[derive(Debug, Clone)]
pub struct Notice {
    pub kind: &'static str,
    pub title: String,
    pub text: String,
}

/// The cookie that remembers when the demo's mailbox was last looked at, in microseconds.
pub(crate) const MAILBOX_SEEN: &str = "mailbox_seen";

impl Chrome {
    /// Says on top of the page what the last action did.
    #[must_use]
    pub fn with_notice(mut self, kind: &'static str, title: impl Into<String>, text: impl Into<String>) -> Self {
        self.notice = Some(Notice { kind, title: title.into(), text: text.into() });
        self
    }

    pub(crate) fn of(app: &App, session: Option<&Session>, path: &str, mail_unread: u64) -> Self {
        let account = session.map(|session| Account {
            name: session.name.clone(),
            organization: session.organization.clone(),
            persona_label: persona_label(session.actor.seat),
        });
        // who must set up a second factor first reaches none of them
        let links = session.filter(|session| !session.must_set_up);
        let links = match (session, links) {
            (None, _) => FOR_EVERYBODY,
            (Some(_), links) => links.map_or(&[] as &[_], |session| places(session.actor.seat)),
        };
        let (nav, section) = match links {
            STAFF_PLACES => staff_nav(path),
            links => (items(path, links).collect(), Vec::new()),
        };
        Self {
            product: app.config.product_name.clone(),
            demo: app.config.demo,
            account,
            nav,
            section,
            mail_unread,
            notice: None,
            banner: Banner::default(),
            read_only: app.read_only.last_known().map(|state| state.reason.clone()),
        }
    }
}

impl FromRequestParts<App> for Chrome {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let MaybeSignedIn(session) = MaybeSignedIn::from_request_parts(parts, app).await?;
        let unread = if app.config.demo { unread_mail(parts, app).await? } else { 0 };
        let address = parts.uri.path_and_query().map_or("/", |address| address.as_str());
        // a page that answers a form may not be there to come back to
        let back = if parts.method == axum::http::Method::GET { address } else { "/notices" };
        let banner = banners(app, session.as_ref(), parts.uri.path(), back).await?;
        Ok(Self { banner, ..Self::of(app, session.as_ref(), parts.uri.path(), unread) })
    }
}

async fn unread_mail(parts: &Parts, app: &App) -> Result<u64, Error> {
    let cookies = CookieJar::from_headers(&parts.headers);
    let seen = cookies.get(MAILBOX_SEEN).and_then(|cookie| cookie.value().parse().ok());
    let seen = seen.unwrap_or_else(|| app.clock.now() - 3_600_000_000);
    let mut tx = app.store.read().await?;
    let count = store::mails::count_since(&mut tx, seen).await?;
    Ok(u64::try_from(count).unwrap_or_default())
}

/// What people call the part somebody plays.
pub fn persona_label(seat: Seat) -> &'static str {
    match seat {
        Seat::Provider(_, ProviderRole::Owner) => "Provider owner",
        Seat::Provider(_, ProviderRole::Editor) => "Provider editor",
        Seat::Provider(_, ProviderRole::LearnerData) => "Provider learner data",
        Seat::Provider(_, ProviderRole::Viewer) => "Provider viewer",
        Seat::Physician(_) => "Physician",
        Seat::LicensingBoard(_) => "Licensing board",
        Seat::CertifyingBoard(_) => "Certifying board",
        Seat::Accreditor => "Accreditor",
    }
}

/// Where those can go who are not signed in.
const FOR_EVERYBODY: &[(&str, &str)] =
    &[("/activities", "Activities"), ("/providers", "Providers"), ("/boards", "Boards"), ("/help", "Help")];

/// Where staff can go. They have too many places for one row, so these are gathered under [`STAFF_SECTIONS`].
const STAFF_PLACES: &[(&str, &str)] = &[
    ("/admin", "Overview"),
    ("/admin/providers", "Providers"),
    ("/admin/boards", "Boards"),
    ("/admin/users", "Users"),
    ("/admin/physicians", "Physicians"),
    ("/admin/reviews", "Review list"),
    ("/admin/imports", "Imports"),
    ("/admin/changes", "Merges and splits"),
    ("/admin/explain", "Explain a match"),
    ("/admin/requests", "Questions"),
    ("/admin/claims", "Claims"),
    ("/admin/missing-credit", "Missing credit"),
    ("/admin/reference", "Reference data"),
    ("/admin/help", "Help center"),
    ("/admin/notices", "Notices"),
    ("/admin/report", "Yearly report"),
    ("/admin/health", "Health"),
    ("/admin/jobs", "Background work"),
    ("/admin/mails", "Letters"),
    ("/admin/audit", "Audit trail"),
];

/// What a section is called, and how many of [`STAFF_PLACES`] are in it, in their order.
const STAFF_SECTIONS: &[(&str, usize)] = &[
    ("Overview", 1),
    ("Organizations", 3),
    ("Registry", 5),
    ("Requests", 3),
    ("Reference data", 1),
    ("Publishing", 3),
    ("Operations", 4),
];

/// The sections of the staff's navigation, each leading to its first place, and the places of the one that the page is in.
fn staff_nav(path: &str) -> (Vec<NavItem>, Vec<NavItem>) {
    let (mut sections, mut section, mut from) = (Vec::new(), Vec::new(), 0);
    for (label, count) in STAFF_SECTIONS {
        let places: Vec<NavItem> = items(path, STAFF_PLACES).skip(from).take(*count).collect();
        from += count;
        let current = places.iter().any(|place| place.current);
        let href = places.first().map_or_else(String::new, |place| place.href.clone());
        sections.push(NavItem { href, label: (*label).to_owned(), current });
        if current && places.len() > 1 {
            section = places;
        }
    }
    (sections, section)
}

/// Links of one row.
fn items(path: &str, links: &'static [(&'static str, &'static str)]) -> impl Iterator<Item = NavItem> {
    links.iter().map(move |(href, label)| NavItem {
        href: (*href).to_owned(),
        label: (*label).to_owned(),
        current: is_within(path, href, links),
    })
}

/// The main navigation of each seat.
fn places(seat: Seat) -> &'static [(&'static str, &'static str)] {
    match seat {
        Seat::Provider(_, role) => {
            const FOR_ALL: &[(&str, &str)] = &[
                ("/provider", "Dashboard"),
                ("/provider/activities", "Activities"),
                ("/provider/learners", "Learners"),
                ("/provider/uploads", "Uploads"),
                ("/provider/validate", "Check learners"),
                ("/provider/missing-credit", "Missing credit"),
                ("/provider/reports", "Reports"),
                ("/provider/years", "Year-end"),
                ("/provider/mark", "Mark"),
                ("/provider/team", "Team"),
                ("/provider/api-clients", "API clients"),
            ];
            const FOR_VIEWERS: &[(&str, &str)] = &[
                ("/provider", "Dashboard"),
                ("/provider/activities", "Activities"),
                ("/provider/learners", "Learners"),
                ("/provider/uploads", "Uploads"),
                ("/provider/missing-credit", "Missing credit"),
                ("/provider/reports", "Reports"),
                ("/provider/years", "Year-end"),
                ("/provider/mark", "Mark"),
            ];
            // team and tokens are the owner's, who finds the sandbox beside the tokens
            const FOR_MEMBERS: &[(&str, &str)] = &[
                ("/provider", "Dashboard"),
                ("/provider/activities", "Activities"),
                ("/provider/learners", "Learners"),
                ("/provider/uploads", "Uploads"),
                ("/provider/validate", "Check learners"),
                ("/provider/missing-credit", "Missing credit"),
                ("/provider/reports", "Reports"),
                ("/provider/years", "Year-end"),
                ("/provider/mark", "Mark"),
                ("/provider/api-clients/sandbox", "Sandbox"),
            ];
            match role {
                ProviderRole::Viewer => FOR_VIEWERS,
                ProviderRole::Editor | ProviderRole::LearnerData => FOR_MEMBERS,
                ProviderRole::Owner => FOR_ALL,
            }
        }
        Seat::Physician(_) => &[
            ("/passport", "Your credit"),
            ("/passport/requirements", "What is missing"),
            ("/activities", "Activities"),
            ("/passport/transcript", "Transcript"),
            ("/passport/missing", "Missing credit"),
            ("/passport/sharing", "Sharing"),
            ("/passport/access", "Who looked"),
        ],
        Seat::LicensingBoard(_) => &[
            ("/board", "Licensees"),
            ("/board/lists", "Lists"),
            ("/board/audits", "Audits"),
            ("/board/requirements", "Requirements"),
            ("/board/received", "Sent to you"),
            ("/board/roster", "Roster"),
            ("/board/api-clients", "API clients"),
            ("/board/access-log", "Access log"),
        ],
        Seat::CertifyingBoard(_) => &[
            ("/certifying", "Credit for your board"),
            ("/certifying/rules", "Automatic rules"),
            ("/certifying/statistics", "Statistics"),
            ("/certifying/roster", "Roster"),
            ("/certifying/api-clients", "API clients"),
            ("/certifying/webhooks", "Webhooks"),
        ],
        Seat::Accreditor => STAFF_PLACES,
    }
}

/// Whether a page belongs under this link and no longer one.
fn is_within(path: &str, href: &str, all: &[(&str, &str)]) -> bool {
    let under = |href: &str| path.strip_prefix(href).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    under(href) && !all.iter().any(|(other, _)| other.len() > href.len() && under(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exactly_one_place_is_current() {
        let all = places(Seat::Provider("0000001".parse().unwrap(), ProviderRole::Owner));
        for (path, expected) in [
            ("/provider", "/provider"),
            ("/provider/uploads/1/rows", "/provider/uploads"),
            ("/provider/something-else", "/provider"),
        ] {
            let current: Vec<&str> =
                all.iter().map(|(href, _)| *href).filter(|href| is_within(path, href, all)).collect();
            assert_eq!(current, [expected], "{path}");
        }
        assert!(!all.iter().any(|(href, _)| is_within("/account", href, all)));
    }

    #[test]
    fn each_place_of_the_staff_is_in_one_section() {
        assert_eq!(STAFF_SECTIONS.iter().map(|(_, count)| count).sum::<usize>(), STAFF_PLACES.len());
        for (href, label) in STAFF_PLACES {
            let (sections, section) = staff_nav(&format!("{href}/something"));
            assert_eq!(sections.iter().filter(|item| item.current).count(), 1, "{href}");
            let current: Vec<&str> =
                section.iter().filter(|item| item.current).map(|item| item.label.as_str()).collect();
            assert!(section.is_empty() || current == [*label], "{href}: {current:?}");
        }
    }
}
