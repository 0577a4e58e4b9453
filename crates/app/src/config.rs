//! Settings: the compiled-in `config.default.toml`, a file, the environment, in that order.

use std::path::PathBuf;

use figment::Figment;
use figment::providers::{Env, Format, Toml};
use serde::{Deserialize, Serialize};

const DEFAULTS: &str = include_str!("../config.default.toml");

/// See `config.default.toml`, which documents each setting.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub data: PathBuf,
    pub database: String,
    pub listen: String,
    pub base_url: String,
    pub product_name: String,
    pub time_zone: String,
    pub upload_bytes: u64,
    pub workers: usize,
    pub validations_per_day: i64,
    pub api_requests_per_minute: u32,
    pub public_requests_per_minute: u32,
    pub session_idle_hours: i64,
    pub session_days: i64,
    pub require_second_factor: bool,
    pub demo: bool,
    pub smtp: String,
    pub mail_from: String,
    pub webhooks_anywhere: bool,
    pub backups: PathBuf,
    pub metrics_token: String,
}

impl Config {
    /// Reads defaults, then the file if there is one, then the environment.
    pub fn read(file: Option<&std::path::Path>) -> Result<Self, Box<figment::Error>> {
        let mut figment = Figment::from(Toml::string(DEFAULTS));
        if let Some(file) = file {
            figment = figment.merge(Toml::file_exact(file));
        }
        figment
            .merge(Env::prefixed("CREDENCE_").ignore(&["token", "server", "test_postgres"]))
            .extract()
            .map_err(Box::new)
    }

    /// The database's address, with the default filled in.
    pub fn database_address(&self) -> String {
        if self.database.is_empty() {
            format!("sqlite:{}", self.data.join("credence.db").display())
        } else {
            self.database.clone()
        }
    }

    pub fn uploads(&self) -> PathBuf {
        self.data.join("uploads")
    }

    /// The whole address of one of our pages, for letters, transcripts and programs. `path` begins with `/`.
    pub fn link(&self, path: &str) -> String {
        match self.base_url.trim_end_matches('/') {
            "" => format!("http://{}{path}", self.listen),
            base => format!("{base}{path}"),
        }
    }

    /// The ledger's name on signed heads: the host that people know us by.
    pub fn ledger_name(&self) -> String {
        let host = self.base_url.split("://").last().unwrap_or_default().trim_end_matches('/');
        if host.is_empty() { "credence/ledger".to_owned() } else { format!("{host}/ledger") }
    }

    /// Whether people reach us by https: then cookies may only travel that way.
    pub fn is_https(&self) -> bool {
        self.base_url.starts_with("https://")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_complete() {
        let config: Config = Figment::from(Toml::string(DEFAULTS)).extract().unwrap();
        assert_eq!(config.listen, "127.0.0.1:8080");
        assert_eq!(config.database_address(), "sqlite:credence-data/credence.db");
    }
}
