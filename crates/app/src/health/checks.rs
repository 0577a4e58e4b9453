//! What is well and what is not, each in words with what to do about it. All wording for operators is here.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::{MEGABYTE, Stored};
use crate::clock::{HOUR, MINUTE};
use crate::{App, Clock, Config};

/// Less free space than this is a fault: an upload, its result and the log must fit.
const LEAST_FREE: u64 = 1_024 * MEGABYTE;
const SCARCE_FREE: u64 = 10 * LEAST_FREE;
/// A letter that waits longer is late.
pub(super) const MAIL_LATE: i64 = 15 * MINUTE;
/// A leaf without a head for longer: nobody signs.
const UNSIGNED_LATE: i64 = 10 * MINUTE;
/// A nightly backup and some patience.
const BACKUP_LATE: i64 = 26 * HOUR;
/// The database cannot know of acts later than this from now.
const CLOCK_AHEAD: i64 = 2 * MINUTE;
const SHORTEST_TOKEN: usize = 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    Good,
    /// Somebody should know.
    Watch,
    /// Somebody must do something.
    Bad,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    pub what: &'static str,
    pub state: State,
    pub found: String,
    /// What to do; empty if nothing.
    pub advice: String,
}

fn check(what: &'static str, state: State, found: impl Into<String>, advice: &str) -> Check {
    Check { what, state, found: found.into(), advice: advice.to_owned() }
}

/// Judges what was measured of database and folder.
pub fn of_stored(stored: &Stored, config: &Config, clock: &Clock) -> Vec<Check> {
    let now = clock.now();
    vec![
        check("Database", State::Good, format!("{}, {}", stored.version, size(stored.bytes.unsigned_abs())), ""),
        changes(stored, clock),
        free_space(stored, config),
        jobs(stored, now),
        processes(stored, now),
        mail(stored, config, now),
        ledger(stored, clock),
        backup(stored, config, clock),
        time(stored, clock),
    ]
}

fn changes(stored: &Stored, clock: &Clock) -> Check {
    const WHAT: &str = "Changes";
    match &stored.read_only {
        None => check(WHAT, State::Good, "Allowed", ""),
        Some(found) => {
            let told = format!("Read-only since {}: {}", clock.show(found.since), found.reason);
            let advice = match found.restored {
                Some(_) => {
                    "Compare the ledger with the last published head: credence read-only off --published-head FILE."
                }
                None => "Allow changes again when the work is done.",
            };
            check(WHAT, State::Watch, told, advice)
        }
    }
}

fn free_space(stored: &Stored, config: &Config) -> Check {
    const WHAT: &str = "Free space";
    let Some(free) = stored.free_bytes else {
        let told = format!("The folder {} cannot be looked at", config.data.display());
        return check(WHAT, State::Bad, told, "See whether the disk is mounted and readable.");
    };
    let (state, advice) = match free {
        free if free < LEAST_FREE => (State::Bad, "Make room now: uploads will soon be refused."),
        free if free < SCARCE_FREE => (State::Watch, "Make room within days."),
        _ => (State::Good, ""),
    };
    check(WHAT, state, size(free), advice)
}

fn jobs(stored: &Stored, now: i64) -> Check {
    const WHAT: &str = "Background work";
    let jobs = &stored.jobs;
    let told = format!("{} waiting or running", grouped(jobs.open));
    if jobs.overdue > 0 && stored.read_only.is_none() {
        let oldest = jobs.oldest_due.map_or_else(String::new, |at| format!(", the oldest for {}", minutes(now - at)));
        let told = format!("{told}; {} wait{oldest}", grouped(jobs.overdue));
        return check(WHAT, State::Bad, told, "See whether a server or worker is running, and its log.");
    }
    if jobs.retrying > 0 {
        let told = format!("{told}; {} failed and are tried again", grouped(jobs.retrying));
        return check(WHAT, State::Watch, told, "Look at /admin/jobs why.");
    }
    if jobs.failed > 0 {
        let told = format!("{told}; {} given up", grouped(jobs.failed));
        return check(WHAT, State::Watch, told, "Start them again at /admin/jobs once the cause is gone.");
    }
    check(WHAT, State::Good, told, "")
}

fn processes(stored: &Stored, now: i64) -> Check {
    const WHAT: &str = "Processes";
    let count = |kind| stored.alive(now).filter(|process| process.kind == kind).count();
    let (servers, workers) = (count("server"), count("worker"));
    let told = format!("{servers} serving, {workers} working only");
    match servers {
        0 => check(WHAT, State::Watch, told, "Nobody serves this database at the moment. Start credence serve."),
        _ => check(WHAT, State::Good, told, ""),
    }
}

fn mail(stored: &Stored, config: &Config, now: i64) -> Check {
    const WHAT: &str = "Letters";
    let told = format!("{} waiting", grouped(stored.mails_waiting));
    if config.demo {
        return check(WHAT, State::Good, format!("{told}; the demo keeps them in its mailbox"), "");
    }
    if config.smtp.is_empty() {
        let advice = "No mail server is set, so none goes out: set smtp and mail_from.";
        return check(WHAT, State::Watch, told, advice);
    }
    match stored.oldest_mail {
        Some(at) if at < now - MAIL_LATE && stored.read_only.is_none() => {
            let told = format!("{told}, the oldest for {}", minutes(now - at));
            check(WHAT, State::Bad, told, "See at /admin/mails what the mail server answers.")
        }
        _ => check(WHAT, State::Good, told, ""),
    }
}

fn ledger(stored: &Stored, clock: &Clock) -> Check {
    const WHAT: &str = "Ledger";
    let leaves = grouped(stored.leaves);
    let Some(head) = &stored.head else {
        return match stored.leaves {
            0 => check(WHAT, State::Good, "Empty", ""),
            _ => check(WHAT, State::Watch, format!("{leaves} leaves, no head yet"), "A server signs within seconds."),
        };
    };
    let told = format!("{leaves} leaves; head over {} of {}", grouped(head.size), clock.show(head.signed_at));
    let unsigned = stored.unsigned();
    let is_late =
        stored.newest_act.is_some_and(|at| at > head.signed_at) && head.signed_at < clock.now() - UNSIGNED_LATE;
    if unsigned > 0 && is_late && stored.read_only.is_none() {
        return check(WHAT, State::Bad, told, "New leaves are not signed. See the log of the servers for the cause.");
    }
    check(WHAT, State::Good, told, "")
}

fn backup(stored: &Stored, config: &Config, clock: &Clock) -> Check {
    const WHAT: &str = "Backups";
    if config.backups.as_os_str().is_empty() {
        let (state, advice) = match config.demo {
            true => (State::Good, ""),
            false => (State::Watch, "Set backups to the folder of your backups and run credence backup each night."),
        };
        return check(WHAT, state, "No folder is set", advice);
    }
    let Some(newest) = &stored.backup else {
        let told = format!("None in {}", config.backups.display());
        return check(WHAT, State::Bad, told, "Run credence backup, and set up its timer.");
    };
    let told = format!("The newest is of {}, over {} leaves", clock.show(newest.made_at), grouped(newest.leaves));
    match clock.now() - newest.made_at {
        age if age > BACKUP_LATE => check(WHAT, State::Bad, told, "It is older than a day: see why the timer stopped."),
        _ => check(WHAT, State::Good, told, ""),
    }
}

fn time(stored: &Stored, clock: &Clock) -> Check {
    const WHAT: &str = "Clock";
    let told = clock.show(clock.now());
    match stored.newest_act {
        Some(at) if at > clock.now() + CLOCK_AHEAD => {
            let told = format!("{told}, but something was done at {}", clock.show(at));
            check(WHAT, State::Bad, told, "Set this machine’s clock, and keep it by a time server.")
        }
        _ => check(WHAT, State::Good, told, ""),
    }
}

/// What this process holds in memory, compared with the database.
pub fn of_memory(app: &App, stored: &Stored) -> Vec<Check> {
    let held = i64::try_from(app.registry.len()).unwrap_or(i64::MAX);
    let told = format!("{} physicians, {}", grouped(held), size(app.registry.bytes() as u64));
    // merged records are not in the index
    let state = if held > stored.physicians { State::Bad } else { State::Good };
    let advice = if state == State::Bad { "More than the registry has: restart this server." } else { "" };
    let search = match app.activity_search.activities() {
        Some(activities) => format!("{} activities", grouped(i64::try_from(activities).unwrap_or(i64::MAX))),
        None => "Not built yet; the first search builds it".to_owned(),
    };
    vec![
        check("Index of physicians", state, told, advice),
        check("Index of activities", State::Good, search, ""),
        check("Version", State::Good, env!("CARGO_PKG_VERSION"), ""),
    ]
}

/// Settings with which people or data are less safe than they could be.
pub fn of_settings(config: &Config) -> Vec<Check> {
    let mut found = Vec::new();
    let mut bad = |what, told: &str, advice| found.push(check(what, State::Bad, told, advice));
    let is_local = |host: &str| ["127.", "localhost", "[::1]"].iter().any(|own| host.starts_with(own));
    match config.base_url.split_once("://") {
        Some(("https", _)) => {}
        Some((_, host)) if is_local(host) => {}
        Some(_) => {
            bad("base_url", "Not https", "Passwords would travel readable: put a proxy with a certificate before it.")
        }
        None if is_local(&config.listen) => {}
        None => {
            bad("base_url", "Empty", "Set the https address that people use: it stands in letters and transcripts.")
        }
    }
    if !config.require_second_factor && !config.demo {
        bad(
            "require_second_factor",
            "Off",
            "A stolen password is then enough to act for boards and staff: turn it on.",
        );
    }
    if config.webhooks_anywhere {
        bad("webhooks_anywhere", "On", "Whoever may add a webhook reaches your inner network: turn it off.");
    }
    if !config.metrics_token.is_empty() && config.metrics_token.len() < SHORTEST_TOKEN {
        bad("metrics_token", "Short", "Use at least 20 characters: openssl rand -hex 24.");
    }
    if config.demo {
        found.push(check("demo", State::Watch, "On", "Letters can be read by anybody: never with real people."));
    }
    if found.is_empty() {
        found.push(check("Settings", State::Good, "None that is unsafe", ""));
    }
    found
}

/// Keys that others on this machine could read, or that are missing beside a database in use.
pub fn of_files(data: &Path) -> Vec<Check> {
    let mut found = Vec::new();
    for (what, name) in [("Ledger’s key", "ledger-key.pem"), ("Factors’ key", "factor.key")] {
        let file = data.join(name);
        found.push(match std::fs::metadata(&file) {
            Err(_) => check(what, State::Good, format!("{name} is not there yet; made when it is first needed"), ""),
            Ok(about) if about.permissions().mode() & 0o077 != 0 => {
                let advice = "Others on this machine can read it: chmod 600, and think whether it must be replaced.";
                check(what, State::Bad, name, advice)
            }
            Ok(_) => check(what, State::Good, format!("{name} is readable by its owner only"), ""),
        });
    }
    found
}

/// `12 minutes`, `3 hours`, `5 days`.
fn minutes(micros: i64) -> String {
    let count = |number: i64, unit: &str| if number == 1 { format!("1 {unit}") } else { format!("{number} {unit}s") };
    match micros {
        micros if micros < 2 * HOUR => count(micros / MINUTE, "minute"),
        micros if micros < 48 * HOUR => count(micros / HOUR, "hour"),
        micros => count(micros / (24 * HOUR), "day"),
    }
}

/// Bytes as people read them: `3.4 GB`.
fn size(bytes: u64) -> String {
    let megabytes = bytes as f64 / MEGABYTE as f64;
    if bytes < MEGABYTE {
        return "less than 1 MB".to_owned();
    }
    if megabytes < 1_024.0 { format!("{megabytes:.0} MB") } else { format!("{:.1} GB", megabytes / 1_024.0) }
}

fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(change: impl FnOnce(&mut Config)) -> Vec<&'static str> {
        let mut config = Config::read(None).unwrap();
        change(&mut config);
        let bad = of_settings(&config).into_iter().filter(|check| check.state == State::Bad);
        bad.map(|check| check.what).collect()
    }

    #[test]
    fn settings_that_are_unsafe_are_named() {
        assert_eq!(found(|_| ()), [""; 0], "the defaults are safe");
        assert_eq!(found(|config| config.listen = "0.0.0.0:80".into()), ["base_url"]);
        assert_eq!(found(|config| config.base_url = "http://credit.example".into()), ["base_url"]);
        assert_eq!(found(|config| config.base_url = "https://credit.example".into()), [""; 0]);
        assert_eq!(found(|config| config.require_second_factor = false), ["require_second_factor"]);
        assert_eq!(found(|config| config.metrics_token = "short".into()), ["metrics_token"]);
    }

    #[test]
    fn sizes_and_times_are_as_people_read_them() {
        assert_eq!((size(5 * MEGABYTE), size(3_481 * MEGABYTE)), ("5 MB".into(), "3.4 GB".into()));
        assert_eq!(
            (minutes(MINUTE), minutes(3 * HOUR), minutes(72 * HOUR)),
            ("1 minute".into(), "3 hours".into(), "3 days".into())
        );
    }
}
