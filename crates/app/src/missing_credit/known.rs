//! What the system can say at once of one physician's credit for one activity and day.
//!
//! The record comes first; only where nothing is on it are the provider's refused rows looked at, and of those only
//! rows that clearly mean this physician.

use domain::access::PhysicianScope;
use domain::credit::{CreditStatus, Kind};
use domain::missing_credit::Finding;
use domain::{ActivityId, Amount, ProviderId};
use jiff::civil::Date;
use store::ReadTx;
use store::missing_credit::Public;
use store::organizations::Standing;
use store::transcripts::Record;

use super::refused;
use crate::{App, Error, Result};

/// Activities that a search gives.
const MOST_FOUND: i64 = 25;
/// Words of a search that count.
const MOST_WORDS: usize = 8;
/// Providers whose name holds a word; a word that more have says nothing.
const MOST_PROVIDERS: usize = 100;

/// Activities that ran on a day, by words of title or provider or by the activity's ID. Past ones and ones that are not
/// displayed are found too, with what is public of them.
pub async fn find_activities(
    app: &App,
    scope: &PhysicianScope,
    day: Date,
    provider: Option<ProviderId>,
    text: &str,
) -> Result<Vec<Public>> {
    let mut tx = app.store.read().await?;
    let providers = store::organizations::list_providers(&mut tx).await?;
    let plain = |text: &str| -> String {
        text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let words = text.split_whitespace().map(plain).filter(|word| !word.is_empty()).take(MOST_WORDS).map(|word| {
        let holds = |name: &str| plain(name).contains(&word);
        let mut named: Vec<ProviderId> =
            providers.iter().filter(|one| holds(&one.name) || one.id.as_str() == word).map(|one| one.id).collect();
        if named.len() > MOST_PROVIDERS {
            named.clear();
        }
        (word, named)
    });
    let words: Vec<(String, Vec<ProviderId>)> = words.collect();
    if words.is_empty() && provider.is_none() {
        return Ok(Vec::new());
    }
    Ok(store::missing_credit::find_public(&mut tx, scope, day, provider, &words, MOST_FOUND).await?)
}

/// What is known of the activity on that day, the most telling first. `activity` is `None` for one that was described
/// in words. Never empty.
pub async fn look(
    app: &App,
    scope: &PhysicianScope,
    provider: ProviderId,
    activity: Option<ActivityId>,
    completed_on: Date,
) -> Result<Vec<Finding>> {
    app.reference.refresh(&app.store).await?;
    let mut tx = app.store.read().await?;
    let standing = store::organizations::standing(&mut tx, provider).await?.ok_or(Error::NotFound)?;
    let mut findings = match activity {
        Some(activity) => on_record(&mut tx, scope, activity, completed_on).await?,
        None => Vec::new(),
    };
    if findings.is_empty() {
        findings.extend(refused::look(app, &mut tx, scope, provider, activity, completed_on).await?);
    }
    if findings.is_empty() {
        findings.push(if activity.is_some() { Finding::NotReported } else { Finding::ActivityUnknown });
    }
    if !findings.iter().any(|finding| matches!(finding, Finding::OnRecord { .. })) {
        if standing != Standing::Good {
            findings.push(Finding::NotInGoodStanding);
        }
        let reference = app.reference.get();
        let until = reference.settings().report_until(completed_on);
        if until < app.clock.today() {
            findings.push(Finding::WindowOver { until });
        } else if completed_on.year() <= reference.settings().locked_year {
            findings.push(Finding::YearLocked { year: completed_on.year() });
        }
    }
    Ok(findings)
}

async fn on_record(
    tx: &mut ReadTx,
    scope: &PhysicianScope,
    activity: ActivityId,
    completed_on: Date,
) -> Result<Vec<Finding>> {
    let completions = store::transcripts::completions(tx, &Record::own(scope)).await?;
    let same = |one: &&domain::credit::Completion| one.activity == activity && one.completed_on == completed_on;
    let Some(found) = completions.iter().find(same) else { return Ok(Vec::new()) };
    let of_cme = |kind: Kind| kind == Kind::Cme;
    let amount: Amount = found.credits.iter().filter(|credit| of_cme(credit.kind)).map(|credit| credit.amount).sum();
    let mut findings = vec![Finding::OnRecord { completion: found.id, amount }];
    for credit in &found.credits {
        let Kind::Moc(board) = credit.kind else { continue };
        match credit.status {
            CreditStatus::Pending => findings.push(Finding::Pending { completion: found.id, board }),
            CreditStatus::Rejected => {
                findings.push(Finding::Rejected { completion: found.id, board, reason: credit.reason.clone() });
            }
            CreditStatus::Accepted => {}
        }
    }
    Ok(findings)
}
