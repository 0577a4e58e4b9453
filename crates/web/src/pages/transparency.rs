//! `/transparency`: the ledger's signed heads, its key, and proofs, for whoever wants to check that nothing was
//! changed or taken away. Shown are hashes and signatures, never what was hashed.

use app::transparency::{self, Consistency, Hash, Inclusion};
use app::{App, Error};
use askama::Template;
use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Deserialize;
use serde_json::{Value, json};
use store::ledger::{Head, published};

use crate::pages::uploads::grouped;
use crate::{Chrome, Page, Result, When};

const PER_PAGE: i64 = 20;
const TEXT: &str = "text/plain; charset=utf-8";

pub fn routes() -> Router<App> {
    Router::new()
        .route("/transparency", get(show))
        .route("/transparency/key", get(key))
        .route("/transparency/checkpoint", get(checkpoint))
        .route("/transparency/heads", get(heads))
        .route("/transparency/heads/{size}", get(head))
        .route("/transparency/inclusion", get(inclusion))
        .route("/transparency/consistency", get(consistency))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    /// Heads over fewer leaves than this.
    before: Option<i64>,
}

struct HeadRow {
    size: i64,
    shown: String,
    root: String,
    at: When,
}

#[derive(Template)]
#[template(path = "transparency.html")]
struct TransparencyPage {
    chrome: Chrome,
    key: String,
    /// The newest head as it was signed; empty before the first.
    note: String,
    rows: Vec<HeadRow>,
    is_first: bool,
    /// The address of older heads; empty if there are none.
    older: String,
    /// The command that keeps heads.
    witness: String,
}

async fn show(State(app): State<App>, chrome: Chrome, Query(asked): Query<Asked>) -> Result<Page<impl Template>> {
    let mut tx = app.store.read().await?;
    let newest = store::ledger::last_head(&mut tx).await?;
    let mut heads = published::heads_below(&mut tx, asked.before.unwrap_or(i64::MAX), PER_PAGE + 1).await?;
    drop(tx);
    let has_older = heads.len() as i64 > PER_PAGE;
    heads.truncate(usize::try_from(PER_PAGE).unwrap_or_default());
    let last = heads.last().filter(|_| has_older);
    Ok(Page(TransparencyPage {
        key: transparency::key(&app),
        note: newest.map_or_else(String::new, |head| head.note),
        older: last.map_or_else(String::new, |last| format!("/transparency?before={}", last.size)),
        rows: heads.iter().map(|head| row(&app, head)).collect(),
        is_first: asked.before.is_none(),
        witness: format!("credence witness {} --keep heads.txt", app.config.link("")),
        chrome,
    }))
}

fn row(app: &App, head: &Head) -> HeadRow {
    HeadRow {
        size: head.size,
        shown: grouped(head.size),
        root: Hash(head.root).to_base64(),
        at: When::of(app, head.signed_at),
    }
}

async fn key(State(app): State<App>) -> Response {
    plain(format!("{}\n", transparency::key(&app)))
}

/// The newest head, as witnesses ask for it.
async fn checkpoint(State(app): State<App>) -> Result<Response> {
    let head = transparency::newest(&app).await?.ok_or(Error::NotFound)?;
    Ok(plain(head.note))
}

/// One head as it was signed.
async fn head(State(app): State<App>, Path(size): Path<String>) -> Result<Response> {
    let size: i64 = size.parse().map_err(|_| Error::NotFound)?;
    let head = published::head_of(&mut app.store.read().await?, size).await?.ok_or(Error::NotFound)?;
    Ok(plain(head.note))
}

fn plain(text: String) -> Response {
    ([(header::CONTENT_TYPE, TEXT)], text).into_response()
}

async fn heads(State(app): State<App>, Query(asked): Query<Asked>) -> Result<Response> {
    let mut tx = app.store.read().await?;
    let heads = published::heads_below(&mut tx, asked.before.unwrap_or(i64::MAX), PER_PAGE).await?;
    let listed: Vec<Value> = heads
        .iter()
        .map(|head| {
            json!({
                "size": head.size,
                "root": Hash(head.root).to_base64(),
                "signed_at": app.clock.machine(head.signed_at),
                "checkpoint": head.note,
            })
        })
        .collect();
    let older = heads.last().filter(|_| heads.len() as i64 == PER_PAGE).map(|last| last.size);
    Ok(answer(json!({ "key": transparency::key(&app), "heads": listed, "before": older })))
}

#[derive(Deserialize)]
struct WhichLeaf {
    index: u64,
    #[serde(default)]
    size: u64,
}

async fn inclusion(State(app): State<App>, asked: Result<Query<WhichLeaf>, QueryRejection>) -> Result<Response> {
    let Ok(Query(asked)) = asked else { return Ok(unclear("index", "Name the leaf: ?index=0&size=100.")) };
    match transparency::inclusion(&app, asked.index, asked.size).await {
        Ok(Inclusion { index, size, leaf, root, proof }) => Ok(answer(json!({
            "index": index,
            "size": size,
            "leaf": leaf.to_base64(),
            "root": root.to_base64(),
            "proof": texts(&proof),
        }))),
        Err(error) => refused(error),
    }
}

#[derive(Deserialize)]
struct WhichTrees {
    old: u64,
    #[serde(default)]
    new: u64,
}

async fn consistency(State(app): State<App>, asked: Result<Query<WhichTrees>, QueryRejection>) -> Result<Response> {
    let Ok(Query(asked)) = asked else { return Ok(unclear("old", "Name both sizes: ?old=100&new=200.")) };
    match transparency::consistency(&app, asked.old, asked.new).await {
        Ok(Consistency { old, old_root, new, new_root, proof }) => Ok(answer(json!({
            "old": old,
            "old_root": old_root.to_base64(),
            "new": new,
            "new_root": new_root.to_base64(),
            "proof": texts(&proof),
        }))),
        Err(error) => refused(error),
    }
}

fn texts(hashes: &[Hash]) -> Vec<String> {
    hashes.iter().map(|hash| hash.to_base64()).collect()
}

fn answer(body: Value) -> Response {
    axum::Json(body).into_response()
}

/// Programs ask here, so what is wrong is told as problem details.
fn refused(error: Error) -> Result<Response> {
    match error {
        Error::Invalid(faults) => {
            let fault = faults.first();
            Ok(unclear(fault.map_or("", |fault| fault.field), fault.map_or("", |fault| &fault.message)))
        }
        other => Err(other.into()),
    }
}

fn unclear(field: &str, message: &str) -> Response {
    let body = json!({
        "type": "about:blank",
        "title": "There is no such proof",
        "status": 422,
        "detail": message,
        "errors": [{ "field": field, "message": message }],
    });
    let kind = [(header::CONTENT_TYPE, "application/problem+json")];
    (StatusCode::UNPROCESSABLE_ENTITY, kind, body.to_string()).into_response()
}
