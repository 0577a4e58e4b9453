//! The server is killed with SIGKILL again and again while files and corrections come in, and is
//! started anew on what it left behind. Nothing that it acknowledged may be lost, nothing counted twice.
//!
//! `KILL_CYCLES` asks for more cycles than the usual ones, `KILL_SEED` for other
//! moments. SIGKILL keeps what the kernel has already taken: a power cut is another test.

pub mod books;
pub mod server;
pub mod world;

use std::time::Duration;

use anyhow::{Context, Result};
use app::Chance;

use books::{Expect, Found, Sent, faults};
use server::{Sender, Server, verify};
use world::{CREDITS_COLUMN, EMAIL, PASSWORD, World};

/// On each of the two databases.
const USUAL_CYCLES: u64 = 30;
/// Two chunks, so that kills fall between them.
const LARGE: u64 = 1_300;
/// Rows of one cycle at most, for the room that a world needs.
const MOST_PER_CYCLE: u64 = 2 * LARGE;
/// So many files may wait before only small ones are sent.
const BACKLOG: u64 = 2;
const LATEST_KILL_MILLIS: u64 = 600;
/// One kill in so many waits until a file is settled in part; the others come at any moment.
const HALF_SETTLED_EVERY: u64 = 6;

const HALF_SETTLED: &str = "from upload where status = 'processing' and rows_done > 0";
const OPEN_JOBS: &str = "from job where state in ('queued', 'running')";

/// One series of kills.
struct Run {
    world: World,
    dice: Chance,
    sent: Vec<Sent>,
    /// Completions used up.
    used: u64,
    cookie: String,
    hits: Hits,
}

/// What the kills interrupted: without these numbers a run proves nothing.
#[derive(Debug, Default)]
struct Hits {
    files_without_answer: u64,
    jobs_in_hand: u64,
    files_half_settled: u64,
    corrections_without_answer: u64,
}

/// Something a client did in a cycle, and how it ended.
enum Done {
    File(usize, Result<String>),
    Correction(usize, i64, Result<()>),
}

impl Run {
    async fn new(cycles: u64, seed: u64) -> Result<Self> {
        let world = World::new(cycles * MOST_PER_CYCLE).await?;
        let server = Server::start(&world).await?;
        let cookie = server.client(&world)?.sign_in(EMAIL, PASSWORD).await?;
        server.kill().await?;
        Ok(Self { world, dice: Chance::seeded(seed), sent: Vec::new(), used: 0, cookie, hits: Hits::default() })
    }

    fn below(&self, n: u64) -> u64 {
        u64::from_le_bytes(self.dice.bytes()) % n.max(1)
    }

    async fn count(&self, sql: &str) -> Result<u64> {
        let told = testkit::database::texts(&self.world.address, &format!("select cast(count(*) as text) {sql}")).await;
        Ok(told.first().context("a count")?.parse()?)
    }

    /// Writes a new file that is to be sent, and gives its place among those sent.
    fn new_file(&mut self, completions: u64) -> Result<usize> {
        let name = format!("file-{}.txt", self.sent.len());
        self.sent.push(self.world.file(&name, self.used, completions)?);
        self.used += completions;
        Ok(self.sent.len() - 1)
    }

    /// Starts, sends, kills, and writes down what was answered.
    async fn cycle(&mut self, number: u64) -> Result<()> {
        let waiting = self.count("from upload where status in ('received', 'processing')").await?;
        // some whose answer was lost are never sent again: they may be there, whole, or not at all
        let mut files: Vec<usize> =
            (0..self.sent.len()).filter(|file| self.sent[*file].acknowledged.is_none() && self.below(4) > 0).collect();
        if waiting < BACKLOG {
            files.push(self.new_file(LARGE)?);
        }
        for _ in 0..3 {
            let completions = 1 + self.below(60);
            files.push(self.new_file(completions)?);
        }
        let corrections = self.corrections();
        let server = Server::start(&self.world).await?;
        let sender = server.client(&self.world)?;
        let mut clients = tokio::task::JoinSet::new();
        for place in files {
            let (sender, file) = (sender.clone(), self.sent[place].clone());
            let rest = Duration::from_millis(self.below(12));
            clients.spawn(async move { Done::File(place, sender.send(&file.name, &file.text, rest).await) });
        }
        for (place, row) in corrections {
            let (sender, cookie) = (sender.clone(), self.cookie.clone());
            let id = self.sent[place].acknowledged.clone().unwrap_or_default();
            clients.spawn(async move { Done::Correction(place, row, correct(&sender, &cookie, &id, row).await) });
        }
        tokio::time::sleep(Duration::from_millis(self.below(LATEST_KILL_MILLIS))).await;
        if number.is_multiple_of(HALF_SETTLED_EVERY) {
            while self.count(HALF_SETTLED).await? == 0 && self.count(OPEN_JOBS).await? > 0 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        }
        server.kill().await?;
        for done in clients.join_all().await {
            self.note(done);
        }
        self.hits.jobs_in_hand += self.count("from job where state = 'running'").await?;
        self.hits.files_half_settled += self.count(HALF_SETTLED).await?;
        self.end_leases().await;
        Ok(())
    }

    /// Refused rows of acknowledged files, to be corrected in this cycle.
    fn corrections(&self) -> Vec<(usize, i64)> {
        let refused =
            self.sent.iter().enumerate().filter(|(_, file)| file.acknowledged.is_some()).flat_map(|(place, file)| {
                let refused = file.lines.iter().filter(|(_, line)| line.expect == Expect::Refused);
                refused.map(move |(row, _)| (place, *row))
            });
        refused.take(2).collect()
    }

    fn note(&mut self, done: Done) {
        match done {
            Done::File(place, Ok(id)) => self.sent[place].acknowledged = Some(id),
            Done::File(..) => self.hits.files_without_answer += 1,
            Done::Correction(place, row, answer) => {
                let line = self.sent[place].lines.get_mut(&row).expect("a row that was sent");
                line.expect = match answer {
                    Ok(()) => Expect::Accepted,
                    // the upload was not settled yet, so nothing was sent
                    Err(error) if error.is::<NotYet>() => Expect::Refused,
                    Err(_) => {
                        self.hits.corrections_without_answer += 1;
                        Expect::RefusedOrAccepted
                    }
                };
            }
        }
    }

    /// On PostgreSQL a dead worker's jobs wait until its lease of half a minute ends, since another
    /// process might hold them; this stands for that half minute.
    async fn end_leases(&self) {
        if self.world.address.starts_with("postgres") {
            let sql = "update job set leased_until = 1 where state = 'running'";
            testkit::database::tamper(&self.world.address, sql).await;
        }
    }

    /// Lets everything that was acknowledged come to its end, and kills once more.
    async fn settle(&self) -> Result<()> {
        let server = Server::start(&self.world).await?;
        while self.count(OPEN_JOBS).await? > 0 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        server.kill().await
    }

    async fn faults(&self) -> Result<Vec<String>> {
        Ok(faults(&self.sent, &Found::read(&self.world.address).await?))
    }
}

/// The upload is still being read.
#[derive(Debug)]
struct NotYet;

impl std::fmt::Display for NotYet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("not settled yet")
    }
}

impl std::error::Error for NotYet {}

async fn correct(sender: &Sender, cookie: &str, id: &str, row: i64) -> Result<()> {
    // asking changes nothing: whatever goes wrong here, the row is as it was
    if sender.status(id).await.map_err(|_| NotYet)? != "done" {
        return Err(NotYet.into());
    }
    sender.correct(cookie, id, row, CREDITS_COLUMN, "2").await
}

fn setting(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

#[tokio::test]
async fn killed_at_any_moment_it_loses_nothing_and_counts_each_row_once() {
    let cycles = setting("KILL_CYCLES", USUAL_CYCLES);
    let mut run = Run::new(cycles, setting("KILL_SEED", 1)).await.unwrap();
    for number in 0..cycles {
        run.cycle(number).await.unwrap();
    }
    run.settle().await.unwrap();
    assert_eq!(run.faults().await.unwrap(), Vec::<String>::new());
    let sound = verify(&run.world).await.unwrap();
    let acknowledged: usize =
        run.sent.iter().filter(|file| file.acknowledged.is_some()).map(|file| file.lines.len()).sum();
    println!("{cycles} kills, {acknowledged} acknowledged rows, {:?}, {}", run.hits, sound.trim());
    let Hits { files_without_answer, jobs_in_hand, files_half_settled, .. } = run.hits;
    assert!(
        files_without_answer > 0 && jobs_in_hand > 0 && files_half_settled > 0,
        "the kills hit nothing: {:?}",
        run.hits
    );
}

#[tokio::test]
async fn the_checker_sees_what_is_done_to_the_database() {
    let mut run = Run::new(1, 1).await.unwrap();
    let place = run.new_file(60).unwrap();
    let server = Server::start(&run.world).await.unwrap();
    let file = run.sent[place].clone();
    let id = server.client(&run.world).unwrap().send(&file.name, &file.text, Duration::ZERO).await.unwrap();
    run.note(Done::File(place, Ok(id)));
    server.kill().await.unwrap();
    run.end_leases().await;
    run.settle().await.unwrap();
    assert_eq!(run.faults().await.unwrap(), Vec::<String>::new());

    let address = run.world.address.clone();
    testkit::database::tamper(&address, "delete from upload_row where row_number = 3").await;
    let told = run.faults().await.unwrap();
    assert!(told.contains(&"file-0.txt row 3 is lost".to_owned()), "{told:?}");
    // one completion becomes another: the first is lost, the other is live twice
    testkit::database::tamper(&address, "drop index completion_live").await;
    let double =
        "update completion set learner_identifier = (select learner_identifier from completion where row_number = 4)
                  where row_number = 2";
    assert_eq!(testkit::database::tamper(&address, double).await, 1);
    let told = run.faults().await.unwrap();
    assert!(told.iter().any(|told| told.ends_with("is live 2 times")), "{told:?}");
    assert!(told.iter().any(|told| told.starts_with("credit") && told.ends_with("is lost")), "{told:?}");
    assert!(verify(&run.world).await.is_err());
}
