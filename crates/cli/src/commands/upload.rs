//! `credence upload FILE`: reports learners to a server over its web services, as any program would.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::{Args, ValueEnum};
use futures::StreamExt;
use reqwest::multipart::{Form, Part};
use reqwest::{Client, RequestBuilder, Response};
use serde::Deserialize;
use tokio::io::AsyncWriteExt;

use crate::output::{count, say};
use crate::progress::Step;

/// How long to pause between questions about progress.
const PAUSE: Duration = Duration::from_millis(300);

/// Send a file of learners to a server
#[derive(Debug, Args)]
pub(crate) struct Upload {
    /// Excel workbook or delimited text in the template's columns, or learner reports as XML or JSON
    file: PathBuf,
    /// The server, such as https://credit.example.org
    #[arg(long, value_name = "URL", env = "CREDENCE_SERVER")]
    server: String,
    /// States that you hold each learner's permission to report
    #[arg(long, value_name = "held")]
    permission: Permission,
    /// File with the bearer token; without it the token is in the environment, CREDENCE_TOKEN
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// Wait until every row is settled
    #[arg(long)]
    wait: bool,
    /// Wait, then save the refused rows with their problems in this file
    #[arg(long, value_name = "FILE")]
    result: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Permission {
    Held,
}

#[derive(Debug, Deserialize)]
struct Receipt {
    id: uuid::Uuid,
}

#[derive(Debug, Deserialize)]
struct Standing {
    status: String,
    rows: u64,
    accepted: u64,
    refused: u64,
    already_reported: u64,
    deleted: u64,
    #[serde(default)]
    read_percent: u64,
    problems: Vec<ProblemCount>,
    #[serde(default)]
    column_problems: Vec<ColumnProblem>,
}

/// One fault of many rows: said once, in place of the rows' own problem.
#[derive(Debug, Deserialize)]
struct ColumnProblem {
    code: String,
    message: String,
    remedy: String,
}

#[derive(Debug, Deserialize)]
struct ProblemCount {
    code: String,
    count: u64,
    #[serde(default)]
    message: String,
    remedy: String,
}

/// What is read of problem details.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Refusal {
    title: String,
    detail: String,
    errors: Vec<FieldError>,
    problems: Vec<FileProblem>,
}

#[derive(Debug, Deserialize)]
struct FieldError {
    message: String,
}

#[derive(Debug, Deserialize)]
struct FileProblem {
    message: String,
    remedy: String,
}

/// The server's web services, with the token.
struct Service {
    client: Client,
    base: String,
    token: String,
}

impl Upload {
    pub(crate) async fn run(self) -> Result<()> {
        let service = Service::new(&self.server, &self.token()?)?;
        let Permission::Held = self.permission;
        let id = service.send(&self.file).await?;
        say(&format!("Upload {id} is received."))?;
        if !self.wait && self.result.is_none() {
            return say(&format!("See its rows at {}/provider/uploads/{id}", service.base));
        }
        let standing = service.follow(id).await?;
        tell(&standing)?;
        if let Some(result) = self.result {
            service.save_refused(id, &result).await?;
            say(&format!("Refused rows are in {}; correct them there and upload that file.", result.display()))?;
        }
        if standing.status == "failed" {
            bail!("the file was not taken");
        }
        Ok(())
    }

    fn token(&self) -> Result<String> {
        let token = match &self.token_file {
            Some(file) => {
                std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?
            }
            None => std::env::var("CREDENCE_TOKEN")
                .ok()
                .context("a token is needed: set CREDENCE_TOKEN, or name a file that holds it with --token-file")?,
        };
        let token = token.trim().to_owned();
        if token.is_empty() || !token.bytes().all(|byte| byte.is_ascii_graphic()) {
            bail!("the token is empty or holds signs that no token has");
        }
        Ok(token)
    }
}

impl Service {
    fn new(server: &str, token: &str) -> Result<Self> {
        // the only TLS library of this binary; a second call finds it installed, which is as good
        let _ = rustls::crypto::ring::default_provider().install_default();
        let base = server.trim_end_matches('/').to_owned();
        if !base.starts_with("http://") && !base.starts_with("https://") {
            bail!("--server must begin with http:// or https://");
        }
        let client = Client::builder().connect_timeout(Duration::from_secs(20)).build()?;
        Ok(Self { client, base, token: token.to_owned() })
    }

    async fn ask(&self, request: RequestBuilder) -> Result<Response> {
        let answer = request.bearer_auth(&self.token).send().await;
        let answer = answer.with_context(|| format!("the server {} does not answer", self.base))?;
        let status = answer.status();
        if status.is_success() {
            return Ok(answer);
        }
        let body = answer.bytes().await.unwrap_or_default();
        let refusal: Refusal = serde_json::from_slice(&body).unwrap_or_default();
        bail!("the server refused ({status}): {}", refusal.in_words())
    }

    fn uploads(&self) -> String {
        format!("{}/api/pars/v1/uploads", self.base)
    }

    async fn send(&self, file: &Path) -> Result<uuid::Uuid> {
        if !file.is_file() {
            bail!("there is no file {}", file.display());
        }
        let part = Part::file(file).await.with_context(|| format!("{} cannot be read", file.display()))?;
        let form = Form::new().text("permission", "held").part("file", part);
        let receipt: Receipt = self.ask(self.client.post(self.uploads()).multipart(form)).await?.json().await?;
        Ok(receipt.id)
    }

    /// Asks until every row is settled.
    async fn follow(&self, id: uuid::Uuid) -> Result<Standing> {
        let step = Step::begin("Settling", 0);
        let begun = Instant::now();
        loop {
            let url = format!("{}/{id}", self.uploads());
            let standing: Standing = self.ask(self.client.get(url)).await?.json().await?;
            if matches!(standing.status.as_str(), "done" | "failed") {
                step.end_quietly();
                return Ok(standing);
            }
            // how many rows the file has is known only once it is read
            let expected = standing.rows.saturating_mul(100).checked_div(standing.read_percent).unwrap_or_default();
            step.at(standing.rows, expected.max(standing.rows));
            let rate = standing.rows as f64 / begun.elapsed().as_secs_f64().max(0.001);
            let (accepted, refused) = (count(standing.accepted), count(standing.refused));
            step.note(format!("{accepted} accepted, {refused} refused, {rate:.0} rows/s"));
            tokio::time::sleep(PAUSE).await;
        }
    }

    async fn save_refused(&self, id: uuid::Uuid, to: &Path) -> Result<()> {
        let url = format!("{}/{id}/result?rows=refused", self.uploads());
        let mut body = self.ask(self.client.get(url)).await?.bytes_stream();
        let mut file =
            tokio::fs::File::create(to).await.with_context(|| format!("{} cannot be written", to.display()))?;
        while let Some(piece) = body.next().await {
            file.write_all(&piece?).await?;
        }
        Ok(file.flush().await?)
    }
}

impl Refusal {
    fn in_words(&self) -> String {
        let mut words = vec![self.title.clone(), self.detail.clone()];
        words.extend(self.errors.iter().map(|error| error.message.clone()));
        words.extend(self.problems.iter().flat_map(|p| [p.message.clone(), p.remedy.clone()]));
        words.retain(|word| !word.is_empty());
        if words.is_empty() { "it did not say why".to_owned() } else { sentences(&words) }
    }
}

/// Texts of which some end with a full stop, one after the other.
fn sentences(texts: &[String]) -> String {
    texts.iter().map(|text| format!("{}.", text.trim_end_matches('.'))).collect::<Vec<_>>().join(" ")
}

fn tell(standing: &Standing) -> Result<()> {
    for problem in &standing.column_problems {
        say(&sentences(&[problem.message.clone(), problem.remedy.clone()]))?;
    }
    let is_told = |problem: &&ProblemCount| standing.column_problems.iter().any(|told| told.code == problem.code);
    for problem in standing.problems.iter().filter(|problem| !is_told(problem)) {
        let what = if problem.message.is_empty() { &problem.code } else { &problem.message };
        let said = sentences(&[what.clone(), problem.remedy.clone()]);
        say(&format!("{:>9} x {said}", count(problem.count)))?;
    }
    let line = |label: &str, number: u64| format!("{:>12}  {label}", count(number));
    say(&line("rows read", standing.rows))?;
    say(&line("accepted", standing.accepted))?;
    say(&line("already reported", standing.already_reported))?;
    say(&line("deleted", standing.deleted))?;
    say(&line("refused", standing.refused))
}
