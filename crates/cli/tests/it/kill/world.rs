//! The data that the killed server works on: one provider, its open activities, some hundred
//! physicians, and files of learners whose every row has a known end.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use app::accounts::{self, passwords};
use app::{App, Chance, Clock, Config};
use domain::access::{ProviderRole, ProviderScope, Seat};
use domain::activity::{Activity, Delivery, Providership};
use domain::{ActivityId, Amount, MonthDay, PhysicianId, ProviderId, State};
use jiff::ToSpan;
use jiff::civil::Date;
use store::activities::Attested;
use store::organizations::{Provider, Standing};
use store::physicians::{License, NewPhysician, Physician};
use tempfile::TempDir;
use uuid::Uuid;

use super::books::{Expect, Line, Sent};

pub const EMAIL: &str = "owner@valley.example";
pub const PASSWORD: &str = "eleven patient herons";
/// The column of CME credits, which a correction fills anew.
pub const CREDITS_COLUMN: usize = 8;

const PHYSICIANS: u64 = 400;
/// Few, so that early in January all are still in the reporting window of the year before.
const DAYS: u64 = 5;
const ZONE: &str = "America/Chicago";

const HEADER: &str = "Record Action\tACCME Activity ID\tCompletion Date\tFirst Name\tLast Name\tDate of Birth\t\
                      Licensing State\tLicensing ID or NPI\tNumber of CME Credits\n";

/// A prepared data folder and database, with no program running on them.
pub struct World {
    pub address: String,
    pub token: String,
    today: Date,
    folder: TempDir,
}

impl World {
    /// Room for so many completions: one per physician, day and activity.
    pub async fn new(completions: u64) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let mut config = Config::read(None)?;
        config.data = folder.path().to_owned();
        config.database = testkit::database::fresh(folder.path()).await;
        let address = config.database.clone();
        let app = App::open(config, Clock::system(ZONE), Chance::system(), &|_, _| {}).await?;
        let today = app.clock.today();
        let activities = completions.div_ceil(PHYSICIANS * DAYS);
        let token = fill(&app, today, activities).await?;
        app.store.close().await;
        Ok(Self { address, token, today, folder })
    }

    /// An empty place with a database of its own, for what is restored from this world.
    pub async fn beside(&self) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let address = testkit::database::fresh(folder.path()).await;
        Ok(Self { address, token: self.token.clone(), today: self.today, folder })
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A file of so many completions, the first being the n-th that there is room for.
    pub fn file(&self, name: &str, first: u64, completions: u64) -> Result<Sent> {
        let format = Format::of(name);
        let mut rows = Vec::new();
        let mut lines = BTreeMap::new();
        let mut put = |row: String, expect, credit: Option<String>| {
            rows.push(row);
            lines.insert(lines.len() as i64 + format.first_row(), Line { expect, credit });
        };
        for n in first..first + completions {
            let (row, credit) = self.row(n)?;
            match n % 40 {
                3 => put(row("Add", "0.1"), Expect::Refused, Some(credit)),
                7 => {
                    put(row("Add", "2"), Expect::Accepted, Some(credit));
                    put(row("add", "2.00"), Expect::AlreadyReported, None);
                }
                11 => {
                    put(row("Add", "2"), Expect::Accepted, None);
                    put(row("Delete", "2"), Expect::Deleted, None);
                }
                _ => put(row("Add", "2"), Expect::Accepted, Some(credit)),
            }
        }
        Ok(Sent { name: name.to_owned(), text: format.text(&rows), acknowledged: None, lines })
    }

    /// The n-th completion: its row for an action and credits, and its credit as the books write it.
    fn row(&self, n: u64) -> Result<(impl Fn(&str, &str) -> String, String)> {
        let person = physician(n % PHYSICIANS)?;
        let days = i64::try_from(n / PHYSICIANS % DAYS)?;
        let day = self.today.checked_sub((days + 1).days())?;
        let activity = activity_id(self.today, n / (PHYSICIANS * DAYS))?;
        let license = person.licenses.first().context("a license")?.number.clone();
        let birth = person.birth.context("a birthday")?;
        let credit = format!("{activity} {license} {day}");
        let row = move |action: &str, credits: &str| {
            let (first, last) = (&person.first, &person.last);
            format!("{action}\t{activity}\t{day}\t{first}\t{last}\t{birth}\tCA\t{license}\t{credits}\n")
        };
        Ok((row, credit))
    }
}

/// Files come in three formats in turn, by the number in their name; the first is delimited text.
#[derive(Clone, Copy)]
enum Format {
    Text,
    Xml,
    Json,
}

impl Format {
    fn of(name: &str) -> Self {
        let number: String = name.chars().filter(char::is_ascii_digit).collect();
        match number.parse::<u64>().unwrap_or_default() % 3 {
            0 => Format::Text,
            1 => Format::Xml,
            _ => Format::Json,
        }
    }

    /// The number of the first row: a document has no header.
    fn first_row(self) -> i64 {
        if matches!(self, Format::Text) { 2 } else { 1 }
    }

    fn text(self, rows: &[String]) -> String {
        match self {
            Format::Text => rows.iter().fold(HEADER.to_owned(), |text, row| text + row),
            Format::Xml => {
                let reports: String = rows.iter().map(|row| self.report(row)).collect();
                format!("<ACCMELearnerReports><ActivityReports>\n{reports}</ActivityReports></ACCMELearnerReports>")
            }
            Format::Json => {
                let reports: Vec<String> = rows.iter().map(|row| self.report(row)).collect();
                let reports = reports.join(",");
                format!("{{\"ACCMELearnerReports\":{{\"ActivityReports\":{{\"ActivityReport\":[{reports}]}}}}}}")
            }
        }
    }

    /// One row of the text as a report.
    fn report(self, row: &str) -> String {
        let cells: Vec<&str> = row.trim_end().split('\t').collect();
        let [action, activity, day, first, last, birth, state, license, credits] = cells[..] else {
            return row.to_owned();
        };
        match self {
            Format::Json => format!(
                r#"{{"Member":{{"Name":{{"GivenName":"{first}","FamilyName":"{last}"}},"PersonalInfo":{{"BirthDate":
                "{birth}"}}}},"Activity":{{"Module":{{"ModuleName":{{"moduleID":"{activity}"}},"CompletedDateTime":"{day}",
                "CreditCertificate":[{{"UniqueID":{{"domain":"{state}","value":"{license}"}},"CreditReceived":
                {{"activityCertification":"AMA PRA Category 1","numberOfCredits":{credits}}}}}]}}}},
                "XtensibleInfo":{{"LearnerRecordAction":"{action}"}}}}"#
            ),
            Format::Text | Format::Xml => format!(
                "<ActivityReport><Member><Name><GivenName>{first}</GivenName><FamilyName>{last}</FamilyName></Name>\
                 <PersonalInfo><BirthDate>{birth}</BirthDate></PersonalInfo></Member><Activity><Module>\
                 <ModuleName moduleID='{activity}'/><CompletedDateTime>{day}</CompletedDateTime><CreditCertificate>\
                 <UniqueID domain='{state}'>{license}</UniqueID><CreditReceived><activityCertification>AMA PRA \
                 Category 1</activityCertification><numberOfCredits>{credits}</numberOfCredits></CreditReceived>\
                 </CreditCertificate></Module></Activity><XtensibleInfo><LearnerRecordAction>{action}\
                 </LearnerRecordAction></XtensibleInfo></ActivityReport>\n"
            ),
        }
    }
}

async fn fill(app: &App, today: Date, activities: u64) -> Result<String> {
    let id: ProviderId = "0001234".parse()?;
    let scope = ProviderScope::of_record(id);
    let now = app.clock.now();
    let password_hash = passwords::hash(app, PASSWORD).await?;
    let mut tx = app.store.write().await?;
    let provider = Provider {
        id,
        name: "Valley Medical Society".into(),
        organization_type: "Society".into(),
        city: "Fresno".into(),
        state: "CA".into(),
        standing: Standing::Good,
        contact_name: "Ida Ward".into(),
        contact_email: EMAIL.into(),
        created_at: now,
    };
    store::organizations::insert_provider(&mut tx, &provider).await?;
    let owner = Seat::Provider(id, ProviderRole::Owner);
    accounts::create(app, &mut tx, EMAIL, "Ida Ward", &password_hash, owner).await?;
    let enters = Seat::Provider(id, ProviderRole::Editor);
    let (client, token) = app::api_clients::new(app, "The sender", enters, 300);
    store::api_clients::insert(&mut tx, &client).await?;
    for n in 0..activities {
        let attested = Attested { by: None, at: now };
        store::activities::insert(&mut tx, &scope, &activity(id, today, n)?, attested).await?;
    }
    let physicians: Result<Vec<_>> =
        (0..PHYSICIANS).map(|n| Ok(NewPhysician { physician: physician(n)?, ledger_key: [n as u8; 32] })).collect();
    store::physicians::insert(&mut tx, &physicians?, now).await?;
    tx.commit().await?;
    Ok(token.expose().to_owned())
}

fn activity_id(today: Date, n: u64) -> Result<ActivityId> {
    Ok(format!("{}{:05}", today.year(), n + 1).parse()?)
}

fn activity(provider: ProviderId, today: Date, n: u64) -> Result<Activity> {
    Ok(Activity {
        deliveries: vec![Delivery::Online],
        credit: Some(Amount::new(1_000)),
        description: "Invented.".into(),
        providership: Some(Providership::Direct),
        in_passport: Some(false),
        ..Activity::draft(
            activity_id(today, n)?,
            provider,
            format!("Care of the Heart, part {}", n + 1),
            domain::activity::Format::EnduringMaterial,
            today.checked_sub(30.days())?,
            today.checked_add(30.days())?,
        )
    })
}

fn physician(n: u64) -> Result<Physician> {
    let firsts = ["Alma", "Bruno", "Celia", "Dario", "Edith", "Farid", "Greta"];
    let lasts = ["Ashdown", "Birchwood", "Calloway", "Dunmore", "Eastlake", "Fairburn", "Greyling", "Hollis", "Ibsen"];
    let pick = |list: &[&str], place: u64| list.get(place as usize % list.len()).map(|name| (*name).to_owned());
    Ok(Physician {
        id: PhysicianId::new(Uuid::from_u128(u128::from(n) + 1)),
        first: pick(&firsts, n).context("a name")?,
        middle: String::new(),
        last: pick(&lasts, n / 7).context("a name")?,
        suffix: String::new(),
        former_last: vec![],
        degree: "MD".into(),
        birth: MonthDay::new((n % 12) as u8 + 1, (n % 28) as u8 + 1),
        npi: None,
        licenses: vec![License {
            state: State::read("CA").context("a state")?,
            number: format!("A{}", 40_000 + n * 37),
            status: "Active".into(),
            issued_on: None,
            expires_on: None,
        }],
        certifications: vec![],
    })
}
