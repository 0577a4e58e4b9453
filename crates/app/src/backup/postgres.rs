//! PostgreSQL's own programs, `pg_dump` and `pg_restore`, found on the PATH. The password goes to them by their
//! environment: arguments can be read by everybody on a machine.

use std::path::Path;

use tokio::process::Command;

use crate::{Error, Result};

/// Writes the database as the snapshot has it.
pub(super) async fn dump(address: &str, snapshot: &str, into: &Path) -> Result<()> {
    let mut command = Command::new("pg_dump");
    command.args(["--format=custom", "--no-owner", "--no-privileges", "--snapshot", snapshot, "--file"]).arg(into);
    run(command, address, "pg_dump").await
}

/// Writes a dump into an empty database, whole or not at all.
pub(super) async fn restore(address: &str, from: &Path) -> Result<()> {
    let mut command = Command::new("pg_restore");
    command.args(["--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction"]).arg(from);
    run(command, address, "pg_restore").await
}

async fn run(mut command: Command, address: &str, name: &str) -> Result<()> {
    let (without, password) = without_password(address);
    command.args(["--dbname", &without, "--no-password"]).stdin(std::process::Stdio::null());
    if let Some(password) = password {
        command.env("PGPASSWORD", password);
    }
    let done = command.output().await.map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Error::Internal(format!(
            "{name} is not on the PATH. Install PostgreSQL's client programs, at least as new as the server \
             (Debian: apt install postgresql-client), and run this again."
        )),
        _ => Error::Internal(format!("{name} could not be started: {error}")),
    })?;
    if done.status.success() {
        return Ok(());
    }
    let told = String::from_utf8_lossy(&done.stderr);
    Err(Error::Internal(format!("{name} failed: {}", told.trim())))
}

/// The address without its password, and the password as it is, not as it is written in addresses.
fn without_password(address: &str) -> (String, Option<String>) {
    let parts = (|| {
        let (scheme, rest) = address.split_once("://")?;
        let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let (user, host) = authority.rsplit_once('@')?;
        let (name, password) = user.split_once(':')?;
        Some((format!("{scheme}://{name}@{host}{path}"), decoded(password)))
    })();
    match parts {
        Some((without, password)) => (without, Some(password)),
        None => (address.to_owned(), None),
    }
}

fn decoded(text: &str) -> String {
    // a plus stands for itself before the path
    let pair = format!("p={}", text.replace('+', "%2B"));
    form_urlencoded::parse(pair.as_bytes()).next().map(|(_, value)| value.into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_taken_out_of_the_address_and_decoded() {
        let (address, password) =
            without_password("postgres://me:s%40cr%2Fet+1@db.example:5433/credence?sslmode=require");
        assert_eq!(address, "postgres://me@db.example:5433/credence?sslmode=require");
        assert_eq!(password.as_deref(), Some("s@cr/et+1"));
        assert_eq!(without_password("postgres://me@db/x"), ("postgres://me@db/x".to_owned(), None));
        assert_eq!(without_password("postgres:///x"), ("postgres:///x".to_owned(), None));
    }
}
