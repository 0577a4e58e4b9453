//! `credence witness URL`: keeps the signed heads of another system in a file, and complains when a new one does not
//! continue the last. Run daily on a machine that is not the system's own.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Args;
use ledger::{Checkpoint, Hash, VerifyingKey, verify_consistency};
use reqwest::Client;
use serde::Deserialize;

use crate::output::{count, say};

/// The file's first line begins so.
const KEY_LINE: &str = "key: ";
/// Between heads.
const BETWEEN: &str = "\n--\n";
/// More than any head or proof has.
const MOST_BYTES: usize = 1024 * 1024;

/// Keep the signed heads of another system, and check that its ledger only grows
#[derive(Debug, Args)]
pub(crate) struct Witness {
    /// The system, such as https://credit.example.org
    server: String,
    /// File with the key and the heads so far; made at the first run
    #[arg(long, value_name = "FILE")]
    keep: PathBuf,
    /// The system's key, from another place than the system itself; else the key of the first run is believed
    #[arg(long, value_name = "LINE")]
    key: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Proof {
    proof: Vec<String>,
}

impl Witness {
    pub(crate) async fn run(self) -> Result<()> {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().timeout(Duration::from_secs(60)).build()?;
        let base = self.server.trim_end_matches('/');
        if !base.starts_with("http://") && !base.starts_with("https://") {
            bail!("the address must begin with http:// or https://");
        }
        let kept = Kept::read(&self.keep)?;
        let key = match (&kept, &self.key) {
            (Some(kept), Some(given)) if kept.key != *given => {
                bail!("{} was kept for another key", self.keep.display())
            }
            (Some(kept), _) => kept.key.clone(),
            (None, Some(given)) => given.clone(),
            (None, None) => text(&client, &format!("{base}/transparency/key")).await?.trim().to_owned(),
        };
        let checks: VerifyingKey = key.parse().context("the key of the system")?;
        let note = text(&client, &format!("{base}/transparency/checkpoint")).await?;
        let head = ledger::open(&note, &checks).context("COMPLAINT: the system's head is not signed by its key")?;
        let size = count(head.size);
        let Some(kept) = kept else {
            write(&self.keep, &format!("{KEY_LINE}{key}\n{note}"))?;
            return say(&format!(
                "Keeping {}: the first head, over {size} leaves. Its key is {key}",
                self.keep.display()
            ));
        };
        let last = ledger::open(&kept.last, &checks).context("the last head in the file")?;
        if last == head {
            return say(&format!("The head over {size} leaves is as it was."));
        }
        check(&client, base, &last, &head).await?;
        append(&self.keep, &format!("{BETWEEN}{note}"))?;
        say(&format!("The head over {size} leaves continues the one over {}.", count(last.size)))
    }
}

/// Whether the new head continues the last; an error says how it does not.
async fn check(client: &Client, base: &str, last: &Checkpoint, head: &Checkpoint) -> Result<()> {
    let (old, new) = (last.size, head.size);
    if new < old {
        bail!("COMPLAINT: the ledger shrank from {} to {} leaves", count(old), count(new));
    }
    if new == old && head.root == last.root {
        return Ok(());
    }
    let proof = match new == old {
        true => Vec::new(),
        false => {
            let told = text(client, &format!("{base}/transparency/consistency?old={old}&new={new}")).await?;
            let proof: Proof = serde_json::from_str(&told).context("the proof cannot be read")?;
            let hashes: Result<Vec<Hash>, _> = proof.proof.iter().map(|hash| Hash::from_base64(hash)).collect();
            hashes.context("the proof cannot be read")?
        }
    };
    if !verify_consistency(old, last.root, new, head.root, &proof) {
        bail!(
            "COMPLAINT: the ledger of {} leaves does not begin with the {} that were signed before: it was rewritten. \
             Keep this file, and tell the others who keep heads",
            count(new),
            count(old)
        );
    }
    Ok(())
}

async fn text(client: &Client, address: &str) -> Result<String> {
    let answer = client.get(address).send().await.with_context(|| format!("{address} does not answer"))?;
    let status = answer.status();
    if !status.is_success() {
        bail!("{address} answers {status}");
    }
    let bytes = answer.bytes().await?;
    if bytes.len() > MOST_BYTES {
        bail!("{address} answers with far more than a head or proof");
    }
    String::from_utf8(bytes.to_vec()).with_context(|| format!("{address} does not answer in text"))
}

/// What was kept so far.
struct Kept {
    key: String,
    last: String,
}

impl Kept {
    fn read(file: &Path) -> Result<Option<Self>> {
        let text = match std::fs::read_to_string(file) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error).with_context(|| format!("{} cannot be read", file.display())),
        };
        let parts = text.strip_prefix(KEY_LINE).and_then(|rest| rest.split_once('\n'));
        let (key, heads) = parts.with_context(|| format!("{} holds no heads", file.display()))?;
        Ok(Some(Self { key: key.to_owned(), last: newest_of(heads).to_owned() }))
    }
}

/// The newest head of a file that a witness kept, or a single head as it is.
pub(super) fn newest_of(text: &str) -> &str {
    let heads = match text.strip_prefix(KEY_LINE).and_then(|rest| rest.split_once('\n')) {
        Some((_, heads)) => heads,
        None => text,
    };
    heads.rsplit(BETWEEN).next().unwrap_or(heads)
}

/// Whole or not at all: a torn file of heads would be worth nothing.
fn write(file: &Path, text: &str) -> Result<()> {
    let beside = file.with_extension("new");
    let mut new = std::fs::File::create(&beside).with_context(|| format!("{} cannot be written", beside.display()))?;
    new.write_all(text.as_bytes())?;
    new.sync_all()?;
    Ok(std::fs::rename(&beside, file)?)
}

fn append(file: &Path, text: &str) -> Result<()> {
    let so_far = std::fs::read_to_string(file)?;
    write(file, &(so_far + text))
}
