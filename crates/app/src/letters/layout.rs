//! How every letter looks: plain text made here, and HTML from `templates/letter.html`, from the same parts.
//!
//! The HTML holds no image, no script and nothing from elsewhere, and is well-formed XML besides, so that a test can
//! read it. Programs that drop its style sheet still show it by the styles on the elements.

use askama::Template;

use super::written::{Part, Written};
use crate::{App, Error, Result};

/// A letter as it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    pub text: String,
    pub html: String,
}

#[derive(Template)]
#[template(path = "letter.html")]
struct Letter<'a> {
    product: &'a str,
    home: &'a str,
    greeting: &'a str,
    written: &'a Written,
}

/// Both parts of a letter.
pub fn render(app: &App, written: &Written) -> Result<Rendered> {
    let product = &app.config.product_name;
    let greeting = match written.name.as_str() {
        _ if !written.greets => String::new(),
        "" => "Hello,".to_owned(),
        name => format!("Hello {name},"),
    };
    let home = app.config.link("/");
    let letter = Letter { product, home: &home, greeting: &greeting, written };
    let html = letter.render().map_err(|error| Error::Internal(format!("a letter could not be laid out: {error}")))?;
    Ok(Rendered { text: text(product, &home, &greeting, written), html })
}

fn text(product: &str, home: &str, greeting: &str, written: &Written) -> String {
    let mut blocks: Vec<String> =
        Some(greeting.to_owned()).filter(|greeting| !greeting.is_empty()).into_iter().collect();
    blocks.extend(written.parts.iter().map(block));
    let mut foot = vec!["--".to_owned(), written.why.clone()];
    if !written.choose.is_empty() {
        foot.push(format!("Choose which letters you get:\n{}", written.choose));
    }
    if !written.end.is_empty() {
        foot.push(format!("End these letters, without signing in:\n{}", written.end));
    }
    foot.push(format!("{product}, {home}"));
    blocks.push(foot.join("\n"));
    blocks.join("\n\n") + "\n"
}

fn block(part: &Part) -> String {
    match part {
        Part::Paragraph(text) | Part::Heading(text) | Part::Code(text) | Part::Lines(text) => text.clone(),
        // no line of somebody else can be taken for one of ours
        Part::Quote(text) => text.lines().map(|line| format!("  > {line}")).collect::<Vec<_>>().join("\n"),
        Part::Button { label, href } | Part::Link { label, href } => format!("{label}:\n{href}"),
        Part::List(items) => {
            let item = |item: &super::Item| {
                let detail = if item.detail.is_empty() { String::new() } else { format!(", {}", item.detail) };
                let href = if item.href.is_empty() { String::new() } else { format!("\n  {}", item.href) };
                format!("- {}{detail}{href}", item.title)
            };
            items.iter().map(item).collect::<Vec<_>>().join("\n")
        }
    }
}
