//! Who may call a handler: its arguments say so.
//!
//! Pages recognise the browser's session cookie, the web services a bearer token; neither works for
//! the other. Each extractor hands out the one scope that its caller has.

use app::accounts::{Secret, factors, sessions};
use app::{App, api_clients};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};
use domain::access::{
    Actor, CertifyingBoardScope, LicensingBoardScope, PhysicianScope, ProviderRole, ProviderScope, Seat, StaffScope,
    Who,
};
use domain::{ApiClientId, ApiScope, ApiScopes};
use store::api_clients::{Holder, Live};
use store::registry_imports::Sender;
use store::webhooks::Listener;

use crate::error::{Error, Whose};

/// Somebody who signed in.
#[derive(Debug, Clone)]
pub struct Session {
    pub actor: Actor,
    pub name: String,
    pub email: String,
    /// The organization's name as pages show it.
    pub organization: String,
    /// When they last proved who they are (microseconds).
    pub proved_at: i64,
    /// Their place needs a second factor and they have none: they reach nothing before they set one up.
    pub must_set_up: bool,
}

/// What one request already knows about its visitor, so that the database is asked once.
#[derive(Clone)]
struct Recognised(Option<Session>);

/// The browser's secret, if it sent one. Good for ending or listing sessions, proof of nothing.
pub struct SessionSecret(pub Option<Secret>);

/// Any visitor.
pub struct MaybeSignedIn(pub Option<Session>);

/// Anybody who signed in. Others are sent to sign in first.
pub struct SignedIn(pub Session);

fn cookie_name(app: &App) -> &'static str {
    // the prefix makes browsers refuse the cookie from anywhere but this very host over https
    if app.config.is_https() { "__Host-credence" } else { "credence_session" }
}

/// The cookie of a session that just began.
pub(crate) fn session_cookie(app: &App, secret: &Secret) -> Cookie<'static> {
    let mut cookie = ended_cookie(app);
    cookie.set_value(secret.expose().to_owned());
    cookie
}

/// The same cookie without a secret, for removing it.
pub(crate) fn ended_cookie(app: &App) -> Cookie<'static> {
    Cookie::build((cookie_name(app), ""))
        .path("/")
        .http_only(true)
        .secure(app.config.is_https())
        .same_site(SameSite::Lax)
        .build()
}

impl FromRequestParts<App> for SessionSecret {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let cookies = CookieJar::from_headers(&parts.headers);
        let secret = cookies.get(cookie_name(app)).map(|cookie| Secret::new(cookie.value().to_owned()));
        Ok(Self(secret))
    }
}

impl FromRequestParts<App> for MaybeSignedIn {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        if let Some(Recognised(session)) = parts.extensions.get() {
            return Ok(Self(session.clone()));
        }
        let SessionSecret(secret) = SessionSecret::from_request_parts(parts, app).await?;
        let live = match secret {
            Some(secret) => sessions::recognise(app, secret.expose()).await?,
            None => None,
        };
        let session = live.map(|live| Session {
            actor: Actor { who: Who::Account(live.account), seat: live.seat },
            name: live.name,
            email: live.email,
            organization: match live.seat {
                Seat::Physician(_) => "Your own record".to_owned(),
                Seat::Accreditor => app.config.product_name.clone(),
                _ => live.organization,
            },
            proved_at: live.proved_at,
            must_set_up: !live.has_second_factor && factors::is_required(app, live.seat),
        });
        parts.extensions.insert(Recognised(session.clone()));
        Ok(Self(session))
    }
}

impl FromRequestParts<App> for SignedIn {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let MaybeSignedIn(session) = MaybeSignedIn::from_request_parts(parts, app).await?;
        let session = session.ok_or_else(|| Error::sign_in_first(&parts.method, &parts.uri))?;
        match session.must_set_up && !SET_UP.iter().any(|place| parts.uri.path().starts_with(place)) {
            true => Err(Error::SecondFactorFirst),
            false => Ok(Self(session)),
        }
    }
}

/// What somebody reaches who must set up a second factor first: that, and another of their places.
const SET_UP: [&str; 2] = ["/account/second-factor", "/account/seats/"];

/// Declares a visitor of pages: session and scope, or the page that says whose page this is.
macro_rules! visitors {
    ($($(#[$doc:meta])* $name:ident: $scope:ty = $whose:expr, |$actor:ident| $find:expr;)+) => {$(
        $(#[$doc])*
        pub struct $name {
            pub session: Session,
            pub scope: $scope,
        }

        impl FromRequestParts<App> for $name {
            type Rejection = Error;

            async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
                let SignedIn(session) = SignedIn::from_request_parts(parts, app).await?;
                let $actor = &session.actor;
                match $find {
                    Some(scope) => Ok(Self { session, scope }),
                    None => Err(Error::NotYours($whose)),
                }
            }
        }
    )+};
}

visitors! {
    /// Anybody on a provider's team.
    Viewer: ProviderScope = Whose::Provider(ProviderRole::Viewer), |actor| actor.provider(ProviderRole::Viewer);
    /// A member who may report learner credit.
    Reporter: ProviderScope =
        Whose::Provider(ProviderRole::LearnerData), |actor| actor.provider(ProviderRole::LearnerData);
    /// A member who may enter activities.
    Editor: ProviderScope = Whose::Provider(ProviderRole::Editor), |actor| actor.provider(ProviderRole::Editor);
    /// A member who may manage the team and API clients.
    Owner: ProviderScope = Whose::Provider(ProviderRole::Owner), |actor| actor.provider(ProviderRole::Owner);
    /// A physician, for their own record.
    PhysicianVisitor: PhysicianScope = Whose::Physician, |actor| actor.physician();
    /// A licensing board's staff, for its licensees.
    LicensingBoardVisitor: LicensingBoardScope = Whose::LicensingBoard, |actor| actor.licensing_board();
    /// A certifying board's staff, for credit sent to it.
    CertifyingBoardVisitor: CertifyingBoardScope = Whose::CertifyingBoard, |actor| actor.certifying_board();
    /// The accreditor's staff.
    StaffVisitor: StaffScope = Whose::Accreditor, |actor| actor.staff();
}

/// Somebody who manages webhooks: an owner of a provider's team, or a certifying board's staff, each below
/// their own address.
pub struct Listens {
    pub session: Session,
    pub listener: Listener,
    /// Where their pages about webhooks begin.
    pub base: &'static str,
}

impl FromRequestParts<App> for Listens {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let SignedIn(session) = SignedIn::from_request_parts(parts, app).await?;
        let whose = match parts.uri.path().starts_with("/certifying/") {
            true => Whose::CertifyingBoard,
            false => Whose::Provider(ProviderRole::Owner),
        };
        match (app::webhooks::listener(&session.actor), whose) {
            (Some(listener @ Listener::CertifyingBoard(_)), Whose::CertifyingBoard) => {
                Ok(Self { session, listener, base: "/certifying/webhooks" })
            }
            (Some(listener @ Listener::Provider(_)), Whose::Provider(_)) => {
                Ok(Self { session, listener, base: "/provider/api-clients/webhooks" })
            }
            _ => Err(Error::NotYours(whose)),
        }
    }
}

/// A board's staff who manage its programs, licensing or certifying, each below their own address.
pub struct BoardStaff {
    pub session: Session,
    pub holder: Holder,
    /// Where their pages about programs begin.
    pub base: &'static str,
}

impl FromRequestParts<App> for BoardStaff {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let SignedIn(session) = SignedIn::from_request_parts(parts, app).await?;
        let whose = match parts.uri.path().starts_with("/certifying/") {
            true => Whose::CertifyingBoard,
            false => Whose::LicensingBoard,
        };
        match (api_clients::holder(&session.actor), whose) {
            (Some(holder @ Holder::CertifyingBoard(_)), Whose::CertifyingBoard) => {
                Ok(Self { session, holder, base: "/certifying/api-clients" })
            }
            (Some(holder @ Holder::LicensingBoard(_)), Whose::LicensingBoard) => {
                Ok(Self { session, holder, base: "/board/api-clients" })
            }
            _ => Err(Error::NotYours(whose)),
        }
    }
}

/// Somebody who sends rosters: the accreditor's staff, or a board's people their own board's, each below their own
/// address.
pub struct RosterSender {
    pub session: Session,
    pub sender: Sender,
    /// Where their pages about rosters begin.
    pub base: &'static str,
}

impl FromRequestParts<App> for RosterSender {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let SignedIn(session) = SignedIn::from_request_parts(parts, app).await?;
        let whose = match parts.uri.path() {
            path if path.starts_with("/certifying/") => Whose::CertifyingBoard,
            path if path.starts_with("/board/") => Whose::LicensingBoard,
            _ => Whose::Accreditor,
        };
        match (app::rosters::imports::sender(&session.actor), whose) {
            (Some(sender @ Sender::Staff(_)), Whose::Accreditor) => {
                Ok(Self { session, sender, base: "/admin/imports" })
            }
            (Some(sender @ Sender::LicensingBoard(_)), Whose::LicensingBoard) => {
                Ok(Self { session, sender, base: "/board/roster" })
            }
            (Some(sender @ Sender::CertifyingBoard(_)), Whose::CertifyingBoard) => {
                Ok(Self { session, sender, base: "/certifying/roster" })
            }
            _ => Err(Error::NotYours(whose)),
        }
    }
}

/// The token that a program shows.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// A program whose token holds. The layer of `limits` looks it up, once a request.
#[derive(Clone)]
pub(crate) struct Program {
    live: Live,
}

impl Program {
    /// The program of a sandbox, which the door to the sandboxes has recognised.
    pub(crate) fn of_sandbox(live: Live) -> Self {
        Self { live }
    }

    /// Whose token the headers show, if it holds.
    pub(crate) async fn of_headers(app: &App, headers: &HeaderMap) -> Result<Option<Self>, Error> {
        let live = match bearer(headers) {
            Some(token) => api_clients::recognise(app, token).await?,
            None => None,
        };
        Ok(live.map(|live| Self { live }))
    }

    pub(crate) fn id(&self) -> ApiClientId {
        self.live.id
    }

    fn caller(self) -> ApiCaller {
        let Live { id, name, seat, scopes, .. } = self.live;
        ApiCaller { actor: Actor { who: Who::ApiClient(id), seat }, name, scopes }
    }
}

/// A program that calls, and what its owner allows it.
struct ApiCaller {
    actor: Actor,
    name: String,
    scopes: ApiScopes,
}

impl FromRequestParts<App> for ApiCaller {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let program = match parts.extensions.get::<Option<Program>>() {
            Some(program) => program.clone(),
            None => Program::of_headers(app, &parts.headers).await?,
        };
        program.map(Program::caller).ok_or(Error::NoToken)
    }
}

/// Declares a provider's program that may do one thing: actor and scope, or the problem that names the scope.
macro_rules! provider_programs {
    ($($(#[$doc:meta])* $name:ident = $needed:expr;)+) => {$(
        $(#[$doc])*
        pub struct $name {
            pub actor: Actor,
            /// What the owner calls the program.
            pub name: String,
            pub scope: ProviderScope,
        }

        impl FromRequestParts<App> for $name {
            type Rejection = Error;

            async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
                let caller = ApiCaller::from_request_parts(parts, app).await?;
                let (actor, name, scope) = caller.may($needed)?;
                Ok(Self { actor, name, scope })
            }
        }
    )+};
}

impl ApiCaller {
    /// The provider's data, for a program that may do this.
    fn may(self, needed: ApiScope) -> Result<(Actor, String, ProviderScope), Error> {
        let whose = Error::NotYours(Whose::Provider(ProviderRole::Viewer));
        let scope = self.actor.provider(ProviderRole::Viewer).ok_or(whose)?;
        match self.scopes.has(needed) {
            true => Ok((self.actor, self.name, scope)),
            false => Err(Error::ScopeMissing(needed)),
        }
    }
}

provider_programs! {
    /// A program that reads activities and what became of files of them.
    ReadsActivities = ApiScope::ActivitiesRead;
    /// A program that saves activities.
    WritesActivities = ApiScope::ActivitiesWrite;
    /// A program that reads what became of learner reports.
    ReadsLearners = ApiScope::LearnersRead;
    /// A program that reports and withdraws learner credit.
    WritesLearners = ApiScope::LearnersWrite;
    /// A program that checks learners before they are reported.
    MatchesLearners = ApiScope::LearnersMatch;
    /// A program that reads the provider's events.
    ReadsEvents = ApiScope::EventsRead;
}

/// Declares a caller of the web services: actor and scope, or the problem that says whose token it takes.
macro_rules! api_callers {
    ($($(#[$doc:meta])* $name:ident: $scope:ty = $whose:expr, |$actor:ident| $find:expr;)+) => {$(
        $(#[$doc])*
        pub struct $name {
            pub actor: Actor,
            /// What the owner calls the program.
            pub name: String,
            pub scope: $scope,
        }

        impl FromRequestParts<App> for $name {
            type Rejection = Error;

            async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
                let ApiCaller { actor, name, .. } = ApiCaller::from_request_parts(parts, app).await?;
                let $actor = &actor;
                match $find {
                    Some(scope) => Ok(Self { actor, name, scope }),
                    None => Err(Error::NotYours($whose)),
                }
            }
        }
    )+};
}

api_callers! {
    /// A licensing board's program.
    ApiLicensingBoard: LicensingBoardScope = Whose::LicensingBoard, |actor| actor.licensing_board();
    /// A certifying board's program.
    ApiCertifyingBoard: CertifyingBoardScope = Whose::CertifyingBoard, |actor| actor.certifying_board();
}

/// What the browser says it is, for the list of sessions.
pub struct Browser(pub String);

impl FromRequestParts<App> for Browser {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _app: &App) -> Result<Self, Error> {
        let agent = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        Ok(Self(agent.unwrap_or_default().to_owned()))
    }
}
