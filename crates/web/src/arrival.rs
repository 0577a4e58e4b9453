//! Somebody at the door: the browser's cookies, what it says it is, and the secret by which it is known again.
//! Every session begins here, so that its cookies are set in one place.

use app::App;
use app::accounts::Secret;
use app::accounts::devices::{self, Tell};
use app::accounts::sessions::Started;
use app::accounts::sign_in::Entered;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use axum_extra::extract::cookie::{Cookie, SameSite};

use crate::access::session_cookie;
use crate::error::{Error, next_query};

pub(crate) struct Arrival {
    /// What the browser says it is, for the list of sessions.
    pub(crate) agent: String,
    device: Secret,
    /// The secret of half a sign-in; empty without one.
    pub(crate) half: String,
}

fn named(app: &App, name: &str) -> String {
    // the prefix makes browsers refuse the cookie from anywhere but this very host over https
    if app.config.is_https() { format!("__Host-{name}") } else { name.to_owned() }
}

fn cookie(app: &App, name: &str, value: &str) -> Cookie<'static> {
    Cookie::build((named(app, name), value.to_owned()))
        .path("/")
        .http_only(true)
        .secure(app.config.is_https())
        .same_site(SameSite::Lax)
        .build()
}

const DEVICE: &str = "credence_device";
const HALF: &str = "credence_half";

impl FromRequestParts<App> for Arrival {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let cookies = CookieJar::from_headers(&parts.headers);
        let held = |name: &str| cookies.get(&named(app, name)).map(|cookie| cookie.value().to_owned());
        let device = held(DEVICE).unwrap_or_else(|| app.chance.secret(""));
        let half = held(HALF).unwrap_or_default();
        let agent = parts.headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        let agent = agent.unwrap_or_default().to_owned();
        Ok(Self { agent, device: Secret::new(device), half })
    }
}

impl Arrival {
    /// After a right password: to the seat's pages or `next`, or on to the second factor.
    pub(crate) async fn enter(self, app: &App, entered: Entered, next: &str, tell: Tell) -> Result<Response, Error> {
        match entered {
            Entered::Whole(started) => self.begin(app, &started, next, tell).await,
            Entered::Half(secret) => {
                let cookies = CookieJar::new().add(cookie(app, HALF, secret.expose()));
                let to = format!("/sign-in/second-factor{}", next_query(next));
                Ok((cookies, Redirect::to(&to)).into_response())
            }
            Entered::ChoosePassword(secret) => Ok(Redirect::to(&format!("/reset/{}", secret.expose())).into_response()),
        }
    }

    /// Sets the cookies of a session that just began and goes to `next`, or to the seat's own pages.
    pub(crate) async fn begin(self, app: &App, started: &Started, next: &str, tell: Tell) -> Result<Response, Error> {
        let words = browser_words(&self.agent);
        devices::note(app, started, self.device.expose(), &words, tell).await?;
        let to = if is_own_path(next) { next } else { started.seat.home() };
        let mut known = cookie(app, DEVICE, self.device.expose());
        // browsers cut it down to their own longest time, some 400 days
        known.make_permanent();
        let mut over = cookie(app, HALF, "");
        over.make_removal();
        let over = (!self.half.is_empty()).then_some(over);
        let mut response = Redirect::to(to).into_response();
        for cookie in [session_cookie(app, &started.secret), known].into_iter().chain(over) {
            let value = HeaderValue::from_str(&cookie.to_string());
            let value = value.map_err(|error| app::Error::Internal(error.to_string()))?;
            response.headers_mut().append(header::SET_COOKIE, value);
        }
        Ok(response)
    }
}

/// Enough of a user agent for its owner to recognise the machine: `Firefox on Windows`.
pub(crate) fn browser_words(agent: &str) -> String {
    let first =
        |words: &[(&str, &'static str)]| words.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name);
    // the order matters: most browsers also claim to be those further down
    let browser =
        first(&[("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari")]);
    let system = first(&[
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Android", "Android"),
        ("Windows", "Windows"),
        ("Mac OS", "Mac"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.to_owned(),
        _ => "Unknown browser".to_owned(),
    }
}

/// A path of this site. Browsers read `//host` and `/\host` as another site.
pub(crate) fn is_own_path(next: &str) -> bool {
    let mut letters = next.chars();
    letters.next() == Some('/')
        && !matches!(letters.next(), Some('/' | '\\'))
        && next.chars().all(|letter| letter.is_ascii_graphic() && letter != '\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_to_another_site() {
        for next in ["/", "/provider", "/provider/uploads?page=2&q=a%20b"] {
            assert!(is_own_path(next), "{next}");
        }
        for next in [
            "",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "/\t/evil.example",
            "/a\r\nb: c",
            "provider",
        ] {
            assert!(!is_own_path(next), "{next}");
        }
    }

    #[test]
    fn browsers_are_told_apart_though_they_name_each_other() {
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36 Edg/130.0";
        let safari =
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Mobile Safari/604.1";
        assert_eq!(browser_words(edge), "Edge on Windows");
        assert_eq!(browser_words(safari), "Safari on iPhone");
        assert_eq!(browser_words("curl/8.0"), "Unknown browser");
    }
}
