//! `credence letters`: every letter that the system writes, with invented contents, as files to look at.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use app::letters::{Foreign, render, samples};
use clap::Args;

use super::Place;
use crate::output::say;

/// Write every letter of the system into a folder, to look at
#[derive(Debug, Args)]
pub(crate) struct Letters {
    #[command(flatten)]
    place: Place,
    /// The folder; it is made if it is not there
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

impl Letters {
    pub(crate) async fn run(self) -> Result<()> {
        let app = super::open(self.place.config_of_existing()?).await?;
        fs::create_dir_all(&self.out).with_context(|| format!("{} cannot be made", self.out.display()))?;
        let mut list = String::from("<!doctype html><meta charset=\"utf-8\"><title>Letters</title><ol>");
        let all = samples(&app, &Foreign::default());
        for (number, letter) in (1..).zip(&all) {
            let name = format!("{number:02}-{}", letter.kind);
            let rendered = render(&app, letter)?;
            for (end, part) in [("html", &rendered.html), ("txt", &rendered.text)] {
                let file = self.out.join(format!("{name}.{end}"));
                fs::write(&file, part).with_context(|| format!("{} cannot be written", file.display()))?;
            }
            write!(list, "<li><a href=\"{name}.html\">{name}</a> (<a href=\"{name}.txt\">text</a>)")?;
        }
        fs::write(self.out.join("index.html"), list + "</ol>\n")?;
        say(&format!("{} letters are in {}", all.len(), self.out.display()))
    }
}
