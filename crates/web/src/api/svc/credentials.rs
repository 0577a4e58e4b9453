//! A provider's ID, a program's name and its token, from one of three places: HTTP Basic
//! (`ProviderId\User` and the password), the headers `ProviderId`, `User`, `Password`, or elements of these names
//! around the body's records.
//!
//! Exactly one place must have all three: of two, one could be somebody else's. Whatever is wrong is told alike.

use app::accounts::Secret;
use app::{App, api_clients};
use axum::http::HeaderMap;
use axum_extra::headers::authorization::Basic;
use axum_extra::headers::{Authorization, HeaderMapExt};
use domain::access::Seat;
use formats::envelope::Outside;

use crate::Result;

/// What is cut out of bodies.
pub(super) const ELEMENTS: &[&str] = &["providerid", "user", "password"];

/// Not yet checked.
struct Shown {
    provider: String,
    user: String,
    password: Secret,
}

/// The token of the program that is meant, if all of it is right.
pub(super) async fn shown(app: &App, headers: &HeaderMap, values: &[Outside]) -> Result<Option<Secret>> {
    let mut places = [basic(headers), in_headers(headers), in_body(values)].into_iter().flatten();
    let (Some(shown), None) = (places.next(), places.next()) else { return Ok(None) };
    let token = shown.password.expose();
    let live = match token.starts_with(api_clients::SANDBOX_PREFIX) {
        true => api_clients::recognise_of_sandbox(app, token).await?,
        false => api_clients::recognise(app, token).await?,
    };
    let is_right = live.is_some_and(|live| {
        let is_of_provider = matches!(live.seat, Seat::Provider(id, _) if id.as_str() == shown.provider);
        is_of_provider && live.name.to_lowercase() == shown.user.to_lowercase()
    });
    Ok(is_right.then_some(shown.password))
}

fn complete(provider: &str, user: &str, password: &str) -> Option<Shown> {
    let [provider, user, password] = [provider, user, password].map(str::trim);
    let is_complete = !provider.is_empty() && !user.is_empty() && !password.is_empty();
    is_complete.then(|| Shown {
        provider: provider.to_owned(),
        user: user.to_owned(),
        password: Secret::new(password.to_owned()),
    })
}

fn basic(headers: &HeaderMap) -> Option<Shown> {
    let given = headers.typed_get::<Authorization<Basic>>()?;
    let (provider, user) = given.username().split_once('\\')?;
    complete(provider, user, given.password())
}

fn in_headers(headers: &HeaderMap) -> Option<Shown> {
    let value = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    complete(value("providerid"), value("user"), value("password"))
}

/// A name that stands there twice is none.
fn in_body(values: &[Outside]) -> Option<Shown> {
    let value = |name: &str| {
        let mut named = values.iter().filter(|one| one.name == name);
        match (named.next(), named.next()) {
            (Some(one), None) => one.text.as_str(),
            _ => "",
        }
    };
    complete(value("providerid"), value("user"), value("password"))
}
