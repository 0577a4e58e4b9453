//! The real program in a process of its own: started, asked over HTTP, killed with SIGKILL.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use futures::StreamExt;
use reqwest::multipart::{Form, Part};
use reqwest::{Body, Client, Response, StatusCode};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use super::world::World;

const PROGRAM: &str = env!("CARGO_BIN_EXE_credence");
const READY: &str = "Credence is ready at ";

/// A running server.
pub struct Server {
    child: Child,
    base: String,
}

fn log_of(folder: &Path) -> PathBuf {
    folder.join("server.log")
}

impl Server {
    /// Starts it and waits until it says that it is ready.
    pub async fn start(world: &World) -> Result<Self> {
        let log = std::fs::File::options().create(true).append(true).open(log_of(world.folder()))?;
        let mut child = Command::new(PROGRAM)
            .args(["serve", "--listen", "127.0.0.1:0", "--database", &world.address, "--data"])
            .arg(world.folder())
            .env("RUST_LOG", "warn")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()?;
        let mut lines = BufReader::new(child.stdout.take().context("a pipe")?).lines();
        while let Some(line) = lines.next_line().await? {
            if let Some(base) = line.strip_prefix(READY) {
                return Ok(Self { child, base: base.trim().to_owned() });
            }
        }
        let log = std::fs::read_to_string(log_of(world.folder())).unwrap_or_default();
        anyhow::bail!("the server did not start: {log}")
    }

    /// SIGKILL: the process ends without a further instruction of its own.
    pub async fn kill(mut self) -> Result<()> {
        self.child.kill().await.context("the server had ended by itself")
    }

    /// Where it answers.
    pub fn base(&self) -> &str {
        &self.base
    }

    pub fn client(&self, world: &World) -> Result<Sender> {
        Ok(Sender { http: client()?, base: self.base.clone(), token: world.token.clone() })
    }
}

fn client() -> Result<Client> {
    // a second call finds it installed, which is as good
    let _ = rustls::crypto::ring::default_provider().install_default();
    Ok(Client::builder().redirect(reqwest::redirect::Policy::none()).build()?)
}

/// A program that reports learners, and a person who corrects refused rows.
#[derive(Clone)]
pub struct Sender {
    http: Client,
    base: String,
    token: String,
}

impl Sender {
    /// Sends a file in pieces, resting between them, and gives the id in the acknowledgement. An
    /// error: the answer is not known.
    pub async fn send(&self, name: &str, text: &str, rest: std::time::Duration) -> Result<String> {
        let pieces: Vec<Vec<u8>> = text.as_bytes().chunks(8_192).map(<[u8]>::to_vec).collect();
        let pieces = futures::stream::iter(pieces).then(move |piece| async move {
            tokio::time::sleep(rest).await;
            Ok::<_, std::io::Error>(piece)
        });
        let file = Part::stream(Body::wrap_stream(pieces)).file_name(name.to_owned());
        let form = Form::new().text("permission", "held").part("file", file);
        let request = self.http.post(format!("{}/api/pars/v1/uploads", self.base)).bearer_auth(&self.token);
        let answer = request.multipart(form).send().await?;
        let status = answer.status();
        let body: serde_json::Value = answer.json().await?;
        ensure!(matches!(status, StatusCode::OK | StatusCode::ACCEPTED), "refused: {status} {body}");
        Ok(body["id"].as_str().context("a receipt with an id")?.to_owned())
    }

    /// What an address answers to anybody.
    pub async fn get(&self, path: &str) -> Result<String> {
        Ok(self.http.get(format!("{}{path}", self.base)).send().await?.error_for_status()?.text().await?)
    }

    /// The upload's status.
    pub async fn status(&self, id: &str) -> Result<String> {
        let request = self.http.get(format!("{}/api/pars/v1/uploads/{id}", self.base)).bearer_auth(&self.token);
        let body: serde_json::Value = request.send().await?.error_for_status()?.json().await?;
        Ok(body["status"].as_str().context("a status")?.to_owned())
    }

    /// Sends a document of activities under a key; status and answer. An error: the answer is not known.
    pub async fn activities(&self, key: &str, document: String) -> Result<(u16, serde_json::Value)> {
        let request = self.http.post(format!("{}/api/pars/v1/activities", self.base)).bearer_auth(&self.token);
        let request = request.header("content-type", "application/json").header("idempotency-key", key);
        let answer = request.body(document).send().await?;
        Ok((answer.status().as_u16(), answer.json().await?))
    }

    /// Sends a document of learner reports; status and answer. An error: the answer is not known.
    pub async fn learners(&self, key: Option<&str>, document: String) -> Result<(u16, serde_json::Value)> {
        let address = format!("{}/api/pars/v1/learner-activities?permission=held", self.base);
        let request = self.http.post(address).bearer_auth(&self.token).header("content-type", "application/json");
        let request = key.into_iter().fold(request, |request, key| request.header("idempotency-key", key));
        let answer = request.body(document).send().await?;
        Ok((answer.status().as_u16(), answer.json().await?))
    }

    /// Signs in on the page and gives the session's cookie.
    pub async fn sign_in(&self, email: &str, password: &str) -> Result<String> {
        let body = format!("email={}&password={}", email.replace('@', "%40"), password.replace(' ', "+"));
        let answer = self.form("/sign-in", "", body).await?;
        let cookie = answer.headers().get("set-cookie").context("a cookie")?.to_str()?;
        Ok(cookie.split(';').next().unwrap_or_default().to_owned())
    }

    /// Types this into a column of a refused row and sends that row again. An error: not known.
    pub async fn correct(&self, cookie: &str, id: &str, row: i64, column: usize, typed: &str) -> Result<()> {
        let path = format!("/provider/uploads/{id}/rows");
        let answer = self.form(&path, cookie, format!("{row}-c{column}={typed}&resubmit={row}")).await?;
        ensure!(answer.status() == StatusCode::OK, "refused: {}", answer.status());
        answer.bytes().await?;
        Ok(())
    }

    async fn form(&self, path: &str, cookie: &str, body: String) -> Result<Response> {
        let request = self.http.post(format!("{}{path}", self.base)).header("cookie", cookie);
        Ok(request.header("content-type", "application/x-www-form-urlencoded").body(body).send().await?)
    }
}

/// What `credence verify` says of the world's record; an error if it is not sound.
pub async fn verify(world: &World) -> Result<String> {
    let told = Command::new(PROGRAM)
        .args(["verify", "--database", &world.address, "--data"])
        .arg(world.folder())
        .output()
        .await?;
    let text = String::from_utf8_lossy(&told.stdout).into_owned();
    ensure!(told.status.success(), "{text}{}", String::from_utf8_lossy(&told.stderr));
    Ok(text)
}
