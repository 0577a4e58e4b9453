//! `/api`: the web services for people who write programs, made from the OpenAPI document itself. It
//! needs no script and no other host.

use std::sync::LazyLock;

use app::App;
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use serde_json::Value;

use super::document::document;
use crate::{Chrome, Page, Result};

static REFERENCE: LazyLock<Reference> = LazyLock::new(|| {
    // a document that is no JSON would fail the test that serves it
    Reference::of(&serde_json::to_value(document()).unwrap_or_default())
});

pub(super) fn routes() -> Router<App> {
    Router::new().route("/api", get(show))
}

#[derive(Template)]
#[template(path = "api/reference.html")]
struct ShowReference {
    chrome: Chrome,
    /// Where this server is, for the examples.
    server: String,
    reference: &'static Reference,
}

async fn show(State(app): State<App>, chrome: Chrome) -> Result<Page<impl Template>> {
    Ok(Page(ShowReference { chrome, server: app.config.link(""), reference: &REFERENCE }))
}

struct Reference {
    about: String,
    version: String,
    parts: Vec<Part>,
    /// What any call may answer instead.
    refusals: Vec<(String, String)>,
    shapes: Vec<Shape>,
}

/// The calls of one tag.
struct Part {
    anchor: String,
    name: String,
    about: String,
    calls: Vec<Call>,
}

struct Call {
    anchor: String,
    method: String,
    path: String,
    summary: String,
    /// What a provider's token must allow; empty for boards.
    scope: String,
    about: Vec<String>,
    /// What curl is told beside the address and the token.
    curl: Vec<String>,
    /// What may be sent, as JSON; empty if there is no example.
    example: String,
    parameters: Vec<Parameter>,
    sent: Vec<Body>,
    answers: Vec<Answer>,
}

struct Parameter {
    name: String,
    place: String,
    is_required: bool,
    kind: String,
    about: String,
}

/// A media type and the shapes of what may be in it, as far as they have names.
struct Body {
    media: String,
    shapes: Vec<String>,
}

struct Answer {
    status: String,
    about: String,
    bodies: Vec<Body>,
}

/// A named schema: its values, each with its path below the shape.
struct Shape {
    name: String,
    about: String,
    values: Vec<Named>,
}

struct Named {
    path: String,
    kind: String,
    /// The named shape of what is there.
    shape: String,
    is_required: bool,
    about: String,
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}

fn entries(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

/// The name behind a reference into the document, or nothing.
fn referred(value: &Value) -> String {
    value["$ref"].as_str().and_then(|path| path.rsplit('/').next()).unwrap_or_default().to_owned()
}

impl Reference {
    fn of(document: &Value) -> Self {
        let (refusals, schemas) = (&document["components"]["responses"], &document["components"]["schemas"]);
        let mut shared: Vec<(String, String)> = Vec::new();
        let mut parts: Vec<Part> = Vec::new();
        for tag in document["tags"].as_array().into_iter().flatten() {
            let name = text(tag, "name");
            let anchor = name.to_lowercase().replace(' ', "-");
            parts.push(Part { anchor, name, about: text(tag, "description"), calls: Vec::new() });
        }
        for (path, methods) in entries(&document["paths"]) {
            for (method, operation) in entries(methods) {
                for (status, answer) in entries(&operation["responses"]) {
                    let name = referred(answer);
                    let line = (status.clone(), text(&refusals[&name], "description"));
                    if !name.is_empty() && !shared.contains(&line) {
                        shared.push(line);
                    }
                }
                let tag = operation["tags"][0].as_str();
                if let Some(part) = parts.iter_mut().find(|part| Some(part.name.as_str()) == tag) {
                    part.calls.push(Call::of(schemas, path, method, operation));
                }
            }
        }
        shared.sort();
        let shapes = entries(schemas).map(|(name, schema)| Shape::of(schemas, name, schema));
        Self {
            about: text(&document["info"], "description"),
            version: text(&document["info"], "version"),
            parts,
            refusals: shared,
            shapes: shapes.filter(|shape| !shape.values.is_empty()).collect(),
        }
    }
}

impl Call {
    fn of(schemas: &Value, path: &str, method: &str, operation: &Value) -> Self {
        let parameters = operation["parameters"].as_array().into_iter().flatten().map(|parameter| Parameter {
            name: text(parameter, "name"),
            place: text(parameter, "in"),
            is_required: parameter["required"] == true,
            kind: kind(&parameter["schema"]),
            about: text(parameter, "description"),
        });
        let content = &operation["requestBody"]["content"];
        let answers = entries(&operation["responses"]).filter(|(_, answer)| referred(answer).is_empty());
        Self {
            anchor: text(operation, "operationId"),
            method: method.to_uppercase(),
            path: path.to_owned(),
            summary: text(operation, "summary"),
            scope: operation["security"][0]["token"][0].as_str().unwrap_or_default().to_owned(),
            about: text(operation, "description").split("\n\n").map(|part| part.replace('\n', " ")).collect(),
            curl: curl(content),
            example: example(&content["application/json"]["example"]),
            parameters: parameters.collect(),
            sent: bodies(schemas, content),
            answers: answers
                .map(|(status, answer)| Answer {
                    status: status.clone(),
                    about: text(answer, "description"),
                    bodies: bodies(schemas, &answer["content"]),
                })
                .collect(),
        }
    }
}

fn bodies(schemas: &Value, content: &Value) -> Vec<Body> {
    let one = |(media, body): (&String, &Value)| {
        let name = referred(&body["schema"]);
        // a name for a choice is shown as its choices
        let choices: Vec<String> = schemas[&name]["oneOf"].as_array().into_iter().flatten().map(referred).collect();
        let shapes = if choices.is_empty() { vec![name] } else { choices };
        Body { media: media.clone(), shapes: shapes.into_iter().filter(|name| !name.is_empty()).collect() }
    };
    entries(content).map(one).collect()
}

fn curl(content: &Value) -> Vec<String> {
    let words: &[&str] = match entries(content).next().map(|(media, _)| media.as_str()) {
        Some("multipart/form-data") => &["-F file=@learners.xlsx", "-F permission=held"],
        Some("application/json") => &["-H \"Content-Type: application/json\"", "--data-binary @request.json"],
        _ => &[],
    };
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn example(value: &Value) -> String {
    if value.is_null() { String::new() } else { format!("{value:#}") }
}

impl Shape {
    fn of(schemas: &Value, name: &str, schema: &Value) -> Self {
        let mut values = Vec::new();
        below(schemas, &mut values, "", schema);
        Self { name: name.to_owned(), about: text(schema, "description"), values }
    }
}

/// Every value below a schema, down to what has a name of its own.
fn below(schemas: &Value, values: &mut Vec<Named>, path: &str, schema: &Value) {
    let required = |name: &String| schema["required"].as_array().is_some_and(|all| all.iter().any(|one| one == name));
    for (name, inner) in entries(&schema["properties"]) {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        let item = if inner["items"].is_object() { &inner["items"] } else { inner };
        let about = Some(text(inner, "description")).filter(|about| !about.is_empty());
        let one_of = || inner["oneOf"].as_array().into_iter().flatten().map(referred).find(|name| !name.is_empty());
        let shape = Some(referred(item)).filter(|name| !name.is_empty()).or_else(one_of).unwrap_or_default();
        // a name for a few words is shown as those words
        let words = &schemas[&shape]["enum"];
        let (kind, shape) =
            if words.is_array() { (kind(&schemas[&shape]), String::new()) } else { (kind(inner), shape) };
        values.push(Named {
            kind,
            shape,
            is_required: required(name),
            about: about.unwrap_or_else(|| text(item, "description")),
            path: path.clone(),
        });
        let marks = if inner["items"].is_object() { "[]" } else { "" };
        below(schemas, values, &format!("{path}{marks}"), item);
    }
}

/// A schema's type in a word or two, with its choices.
fn kind(schema: &Value) -> String {
    let choices: Vec<&str> = schema["enum"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    if !choices.is_empty() {
        return choices.join(" | ");
    }
    if schema["items"].is_object() {
        let of = kind(&schema["items"]);
        return if of.is_empty() { "list".to_owned() } else { format!("list of {of}") };
    }
    match (schema["format"].as_str(), &schema["type"]) {
        (Some(format @ ("date" | "date-time" | "uuid" | "binary")), _) => format.to_owned(),
        (_, Value::String(one)) if one == "object" => "group".to_owned(),
        (_, Value::String(one)) => one.clone(),
        // a value, or null
        (_, Value::Array(several)) => several.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" or "),
        _ => String::new(),
    }
}
