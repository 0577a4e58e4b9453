//! The integrator's guide, followed to the letter: each of its commands is run against a demo, and what it
//! shows as the answer must be in the answer.

#![expect(clippy::panic, reason = "what the guide shows and is not so fails the test")]

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::running::demo;

const GUIDE: &str = include_str!("../../../../docs/INTEGRATING.md");

/// Stands for whatever is there: IDs and times are others each time.
const ANYTHING: &str = "…";

/// A fenced block: its language, its text, and the line it begins at.
struct Block {
    language: String,
    text: String,
    line: usize,
}

fn blocks(guide: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut inside = false;
    for (number, line) in (1..).zip(guide.lines()) {
        match (inside, line.strip_prefix("```")) {
            (false, Some(language)) => {
                blocks.push(Block { language: language.to_owned(), text: String::new(), line: number });
                inside = true;
            }
            (true, Some(_)) => inside = false,
            (true, None) => {
                let block = blocks.last_mut().expect("a block that was begun");
                block.text.push_str(line);
                block.text.push('\n');
            }
            (false, None) => {}
        }
    }
    blocks
}

/// Each command's output goes into a file of its own, so that it can be compared with what the guide shows.
fn script(blocks: &[Block]) -> String {
    let mut script = "set -euo pipefail\n".to_owned();
    for block in blocks.iter().filter(|block| block.language == "sh") {
        write!(script, "echo 'line {0}' >&2\n{{\n{1}}} > answer-{0}\n", block.line, block.text).expect("text");
    }
    script
}

/// Whether all that is shown is there; says where it is not.
fn shows(shown: &Value, there: &Value, path: &str) -> Result<(), String> {
    match (shown, there) {
        (Value::String(text), _) if text == ANYTHING => Ok(()),
        (Value::Object(shown), Value::Object(there)) => shown.iter().try_for_each(|(name, value)| {
            let found = there.get(name).ok_or_else(|| format!("{path}/{name} is missing"))?;
            shows(value, found, &format!("{path}/{name}"))
        }),
        (Value::Array(shown), Value::Array(there)) if shown.len() == there.len() => {
            let mut pairs = shown.iter().zip(there).enumerate();
            pairs.try_for_each(|(nth, (shown, there))| shows(shown, there, &format!("{path}/{nth}")))
        }
        (shown, there) if shown == there => Ok(()),
        (shown, there) => Err(format!("{path}: the guide shows {shown}, the answer has {there}")),
    }
}

#[test]
fn the_integrators_guide_does_what_it_says() {
    let folder = tempfile::tempdir().expect("a folder");
    let server = demo(folder.path(), &["--physicians", "600"]);
    let blocks = blocks(GUIDE);
    let done = Command::new("bash")
        .args(["-c", &script(&blocks)])
        .current_dir(folder.path())
        .env("BASE", format!("{}/api/pars/v1", server.base()))
        .env("TOKEN", server.token("sandbox"))
        .stdin(Stdio::null())
        .output()
        .expect("bash runs");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let mut compared = 0;
    for pair in blocks.windows(2) {
        if let [command, shown] = pair
            && (command.language.as_str(), shown.language.as_str()) == ("sh", "json")
        {
            compare(folder.path(), command, shown);
            compared += 1;
        }
    }
    assert!(compared >= 8, "the guide shows {compared} answers");
}

fn compare(folder: &Path, command: &Block, shown: &Block) {
    let line = command.line;
    let answer = std::fs::read_to_string(folder.join(format!("answer-{line}"))).expect("the command's answer");
    let there: Value = serde_json::from_str(&answer).unwrap_or_else(|_| panic!("line {line} answers {answer}"));
    let shown: Value = serde_json::from_str(&shown.text).unwrap_or_else(|error| panic!("line {}: {error}", shown.line));
    if let Err(differs) = shows(&shown, &there, "") {
        panic!("line {line}: {differs}\n{answer}");
    }
}

#[test]
fn an_answer_that_lacks_what_is_shown_is_found() {
    let there = serde_json::json!({ "a": [{ "b": 1, "c": "x" }], "d": null });
    for (shown, is_there) in [
        (serde_json::json!({ "a": [{ "c": "…" }] }), true),
        (serde_json::json!({ "a": [{ "b": 2 }] }), false),
        (serde_json::json!({ "a": [] }), false),
        (serde_json::json!({ "e": "…" }), false),
    ] {
        assert_eq!(shows(&shown, &there, "").is_ok(), is_there, "{shown}");
    }
}
