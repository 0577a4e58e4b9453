//! Requests to the accreditor's staff: sent by anybody from the contact form, taken in hand, answered by e-mail.
//!
//! No letter repeats what the sender wrote: anybody may name anybody's address.

use domain::access::{Actor, StaffScope, Who};
use domain::help::{RequestState, RequestStep, Topic};
use domain::{AccountId, HelpRequestId};
use serde::Deserialize;
use store::WriteTx;
use store::help::{Line, NewLine, NewRequest, Request};

use super::answers::subject;
use super::{some_words, words};
use crate::accounts::check_email;
use crate::clock::HOUR;
use crate::mail::{self, Letter};
use crate::{App, Error, Fault, Result, audit};

/// Characters of a request, of an answer and of a note.
const LONGEST_REQUEST: usize = 4_000;
const LONGEST_NAME: usize = 120;

// letters that one e-mail address gets, and requests from one network address or account, within a day
const MOST_TO_ONE: i64 = 5;
const MOST_FROM_ONE: i64 = 20;
const TO: &str = "contact_to";
const FROM: &str = "contact_from";

/// The contact form as it was typed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct TypedRequest {
    pub topic: String,
    pub name: String,
    pub email: String,
    pub words: String,
}

/// A request that was taken.
#[derive(Debug, Clone)]
pub struct Sent {
    pub id: HelpRequestId,
    pub number: i64,
    pub email: String,
}

/// Takes a request and confirms it by a letter with its number. `address` is where the sender's connection comes from.
///
/// Errors: `Invalid` on the fields; `TooMany` for one address, or from one.
pub async fn send(app: &App, (actor, address): (Option<&Actor>, &str), typed: &TypedRequest) -> Result<Sent> {
    let (topic, name, email, words) = read(typed)?;
    let now = app.clock.now();
    let (to, from) = (subject(None, &email.to_lowercase()), subject(actor, address));
    let mut tx = app.store.write().await?;
    for (kind, subject, most) in [(TO, &to, MOST_TO_ONE), (FROM, &from, MOST_FROM_ONE)] {
        if store::attempts::count_since(&mut tx, kind, subject, now - 24 * HOUR).await?.count >= most {
            return Err(Error::TooMany { retry_after_seconds: 24 * 3_600 });
        }
        store::attempts::insert(&mut tx, app.chance.id(now), kind, subject, now).await?;
    }
    let account = actor.and_then(account_of);
    let id = HelpRequestId::new(app.chance.id(now));
    let request = NewRequest { id, topic, words: words.clone(), name, email: email.clone(), account, opened_at: now };
    let number = store::help::insert_request(&mut tx, &request).await?;
    add(app, &mut tx, id, RequestStep::Sent, &request.name, &words).await?;
    match actor {
        Some(actor) => audit::record(app, &mut tx, actor, "help.request", id, None, "").await?,
        None => audit::record_nobody(app, &mut tx, "help.request", id, "").await?,
    }
    let product = &app.config.product_name;
    let body = format!(
        "Hello,\n\n\
         your request {number} about “{}” reached the staff of {product}. A person reads it and answers by e-mail, \
         usually within two working days. Name the number if you write again.\n\n\
         Many answers stand in the help already:\n{}\n\n\
         If you did not send a request, somebody gave your address by mistake; there is nothing to do.\n",
        topic.label().to_lowercase(),
        app.config.link("/help"),
    );
    let letter = Letter::Words { subject: &format!("Your request {number} to {product}"), body: &body };
    mail::queue(app, &mut tx, &email, &letter).await?;
    tx.commit().await?;
    Ok(Sent { id, number, email })
}

fn account_of(actor: &Actor) -> Option<AccountId> {
    match actor.who {
        Who::Account(id) => Some(id),
        Who::ApiClient(_) => None,
    }
}

fn read(typed: &TypedRequest) -> Result<(Topic, String, String, String)> {
    let mut faults: Vec<Fault> = Vec::new();
    let mut fault = |error: Error| {
        if let Error::Invalid(more) = error {
            faults.extend(more);
        }
    };
    let topic = Topic::read(&typed.topic);
    if topic.is_none() {
        fault(Error::invalid("topic", "Choose what it is about."));
    }
    let words = some_words("words", &typed.words, LONGEST_REQUEST, "Write what you need.")
        .map_err(&mut fault)
        .unwrap_or_default();
    // a name stands on one line
    let name = some_words("name", &typed.name.replace(['\r', '\n'], " "), LONGEST_NAME, "Enter your name.")
        .map_err(&mut fault)
        .unwrap_or_default();
    let email = check_email(&typed.email).map(str::to_owned).map_err(&mut fault).unwrap_or_default();
    match topic {
        Some(topic) if faults.is_empty() => Ok((topic, name, email, words)),
        _ => Err(Error::Invalid(faults)),
    }
}

async fn add(
    app: &App,
    tx: &mut WriteTx,
    id: HelpRequestId,
    step: RequestStep,
    author: &str,
    words: &str,
) -> Result<()> {
    let at = app.clock.now();
    let line = NewLine { id: app.chance.id(at), at, step, author, words };
    Ok(store::help::add_line(tx, id, &line).await?)
}

/// A request with all that happened, for staff.
pub async fn of_anybody(app: &App, scope: &StaffScope, id: HelpRequestId) -> Result<(Request, Vec<Line>)> {
    let mut tx = app.store.read().await?;
    let request = store::help::find_request(&mut tx, scope, id).await?.ok_or(Error::NotFound)?;
    let lines = store::help::lines(&mut tx, id).await?;
    Ok((request, lines))
}

/// A request of one's own, with the answers and without what staff note among themselves.
pub async fn of_account(app: &App, actor: &Actor, id: HelpRequestId) -> Result<(Request, Vec<Line>)> {
    let account = account_of(actor).ok_or(Error::NotFound)?;
    let mut tx = app.store.read().await?;
    let request = store::help::find_own_request(&mut tx, account, id).await?.ok_or(Error::NotFound)?;
    let mut lines = store::help::lines(&mut tx, id).await?;
    lines.retain(|line| matches!(line.step, RequestStep::Sent | RequestStep::Answered));
    Ok((request, lines))
}

/// A change of staff to a request as they saw it.
struct Change<'a> {
    by: (&'a Actor, &'a str),
    step: RequestStep,
    action: &'static str,
    words: String,
}

async fn change(
    app: &App,
    (scope, id, version): (&StaffScope, HelpRequestId, i64),
    change: Change<'_>,
    apply: impl FnOnce(Request) -> Request,
) -> Result<()> {
    let mut tx = app.store.write().await?;
    let request = store::help::find_request(&mut tx, scope, id).await?.ok_or(Error::NotFound)?;
    if request.version != version {
        return Err(Error::Stale);
    }
    let request = apply(request);
    if !store::help::change_request(&mut tx, scope, &request).await? {
        return Err(Error::Stale);
    }
    let (actor, name) = change.by;
    add(app, &mut tx, id, change.step, name, &change.words).await?;
    audit::record(app, &mut tx, actor, change.action, id, None, &format!("request {}", request.number)).await?;
    if change.step == RequestStep::Answered {
        let product = &app.config.product_name;
        let own = request.account.map(|_| {
            format!("\nYour requests and our answers:\n{}\n", app.config.link(&format!("/contact/requests/{id}")))
        });
        let body = format!(
            "Hello {},\n\n{}\n\n{name}\n{product}\n{}\n\
             If this does not settle it, write again and name the request {}:\n{}\n",
            request.name,
            change.words,
            own.unwrap_or_default(),
            request.number,
            app.config.link("/contact"),
        );
        let letter = Letter::Words { subject: &format!("An answer to your request {}", request.number), body: &body };
        mail::queue(app, &mut tx, &request.email, &letter).await?;
    }
    Ok(tx.commit().await?)
}

/// Somebody of the staff takes a request in hand.
pub async fn take(app: &App, (actor, name): (&Actor, &str), seen: (&StaffScope, HelpRequestId, i64)) -> Result<()> {
    let own = account_of(actor);
    let taken =
        Change { by: (actor, name), step: RequestStep::Taken, action: "help.request_take", words: String::new() };
    let apply = |request: Request| Request { state: in_hand(request.state), assigned_to: own, ..request };
    change(app, seen, taken, apply).await
}

fn in_hand(state: RequestState) -> RequestState {
    if state == RequestState::New { RequestState::InHand } else { state }
}

/// Gives a request to somebody of the staff.
///
/// Errors: `Invalid` on `assigned` for somebody else.
pub async fn assign(app: &App, by: (&Actor, &str), seen: (&StaffScope, HelpRequestId, i64), to: &str) -> Result<()> {
    let staff = store::help::staff(&mut app.store.read().await?, seen.0).await?;
    let chosen = staff.into_iter().find(|one| one.account.to_string() == to);
    let chosen = chosen.ok_or_else(|| Error::invalid("assigned", "Choose who takes it."))?;
    let assigned = Change { by, step: RequestStep::Assigned, action: "help.request_assign", words: chosen.name };
    let apply =
        |request: Request| Request { state: in_hand(request.state), assigned_to: Some(chosen.account), ..request };
    change(app, seen, assigned, apply).await
}

/// Writes down what only staff read.
pub async fn add_note(
    app: &App,
    by: (&Actor, &str),
    seen: (&StaffScope, HelpRequestId, i64),
    note: &str,
) -> Result<()> {
    let words = some_words("note", note, LONGEST_REQUEST, "Write the note.")?;
    let noted = Change { by, step: RequestStep::Noted, action: "help.request_note", words };
    change(app, seen, noted, |request| request).await
}

/// Answers by e-mail; the person also reads it on their page if they were signed in.
pub async fn answer(app: &App, by: (&Actor, &str), seen: (&StaffScope, HelpRequestId, i64), text: &str) -> Result<()> {
    let words = some_words("answer", text, LONGEST_REQUEST, "Write the answer.")?;
    let (own, now) = (account_of(by.0), app.clock.now());
    let answered = Change { by, step: RequestStep::Answered, action: "help.request_answer", words };
    let apply = |request: Request| Request {
        state: RequestState::Answered,
        assigned_to: request.assigned_to.or(own),
        answered_at: Some(now),
        ..request
    };
    change(app, seen, answered, apply).await
}

/// Takes an answered request in hand again.
pub async fn reopen(
    app: &App,
    by: (&Actor, &str),
    seen: (&StaffScope, HelpRequestId, i64),
    reason: &str,
) -> Result<()> {
    let words = words("note", reason, LONGEST_REQUEST)?;
    let reopened = Change { by, step: RequestStep::Reopened, action: "help.request_reopen", words };
    let apply = |request: Request| Request { state: RequestState::InHand, answered_at: None, ..request };
    change(app, seen, reopened, apply).await
}
