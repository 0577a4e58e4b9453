//! `credence demo`: a server full of invented people. The first start fills an empty folder, later
//! ones only serve it.

use std::path::PathBuf;

use anyhow::Result;
use app::Config;
use clap::Args;
use clap::value_parser;

use super::serve::Held;
use crate::demo;
use crate::demo::MOST_PHYSICIANS;

/// Serve invented data to try everything out
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Folder of the demo; filled if it is empty
    #[arg(long, value_name = "DIR", default_value = "demo-data")]
    data: PathBuf,
    /// Address and port to listen on
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    listen: String,
    /// How many physicians to invent when the folder is filled [default: 20000]
    #[arg(long, value_name = "N", value_parser = value_parser!(u64).range(20..MOST_PHYSICIANS))]
    physicians: Option<u64>,
    /// An empty database to use instead of SQLite in the folder
    #[arg(long, value_name = "URL")]
    database: Option<String>,
}

impl Demo {
    pub(crate) async fn run(self) -> Result<()> {
        let mut config = Config::read(None)?;
        config.data = self.data;
        config.database = self.database.unwrap_or_default();
        config.listen = self.listen;
        config.demo = true;
        // everybody tries everything with one password; the pages can be tried all the same
        config.require_second_factor = false;
        let held = Held::take(&mut config).await?;
        let ready = demo::open_or_fill(config, self.physicians).await?;
        held.serve(ready.app, &ready.welcome).await
    }
}
