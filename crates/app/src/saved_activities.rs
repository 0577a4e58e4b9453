//! Activities that a physician keeps: saved with what they looked like, so that a change is told, and one that is
//! gone still has a name.

use domain::access::{Actor, Who};
use domain::activity::{Activity, Delivery, Status};
use domain::{AccountId, ActivityId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use store::activities::Displayed;
use store::saved_activities::{self, SavedActivity};

use crate::{App, Error, Result};

/// Activities that an account may keep.
pub const MOST: i64 = 500;

/// The account of a physician who signed in. What is saved belongs to it.
pub fn account(actor: &Actor) -> Result<AccountId> {
    match (actor.who, actor.physician()) {
        (Who::Account(account), Some(_)) => Ok(account),
        _ => Err(Error::Forbidden("only physicians save activities and searches")),
    }
}

/// What a physician decides by, as it was on the day the activity was saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Look {
    pub title: String,
    pub provider: String,
    pub starts_on: Date,
    pub ends_on: Date,
    pub deliveries: Vec<Delivery>,
    pub city: String,
    /// Hundredths.
    pub credit: i64,
    /// Board and hundredths of points.
    pub points: Vec<(String, i64)>,
    pub fee: String,
    pub registration: String,
}

impl Look {
    fn of(activity: &Activity, provider: &str) -> Self {
        let in_person = activity.deliveries.contains(&Delivery::InPerson);
        let place = if in_person { format!("{}, {}", activity.city, activity.state) } else { String::new() };
        Self {
            title: activity.title.clone(),
            provider: provider.to_owned(),
            starts_on: activity.starts_on,
            ends_on: activity.ends_on,
            deliveries: activity.deliveries.clone(),
            city: place.trim_matches([',', ' ']).to_owned(),
            credit: activity.credit.map_or(0, domain::Amount::hundredths),
            points: activity.moc.iter().map(|moc| (moc.board.to_string(), moc.points.hundredths())).collect(),
            fee: activity.fee.map_or(String::new(), |fee| fee.label().to_owned()),
            registration: activity.registration.map_or(String::new(), |one| one.label().to_owned()),
        }
    }

    /// What differs now, each by its name as people read it, with what it was.
    fn changes(&self, now: &Self) -> Vec<(&'static str, String)> {
        let days = |look: &Self| match look.starts_on == look.ends_on {
            true => domain::check::us_date(look.starts_on),
            false => format!("{} to {}", domain::check::us_date(look.starts_on), domain::check::us_date(look.ends_on)),
        };
        let amount = |hundredths: i64| domain::Amount::new(hundredths).to_string();
        let points = |look: &Self| match look.points.is_empty() {
            true => "none".to_owned(),
            false => {
                look.points.iter().map(|(board, h)| format!("{board} {}", amount(*h))).collect::<Vec<_>>().join(", ")
            }
        };
        let deliveries = |look: &Self| look.deliveries.iter().map(|one| one.label()).collect::<Vec<_>>().join(", ");
        let all = [
            ("Title", self.title.clone(), now.title.clone()),
            ("Dates", days(self), days(now)),
            ("Delivery", deliveries(self), deliveries(now)),
            ("Place", self.city.clone(), now.city.clone()),
            ("Credits", amount(self.credit), amount(now.credit)),
            ("MOC points", points(self), points(now)),
            ("Fee", self.fee.clone(), now.fee.clone()),
            ("Registration", self.registration.clone(), now.registration.clone()),
        ];
        all.into_iter().filter(|(_, was, is)| was != is).map(|(name, was, _)| (name, was)).collect()
    }
}

/// What became of a saved activity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Now {
    /// It can still be found; with what has changed since it was saved, and what that was.
    Offered { displayed: Box<Displayed>, changes: Vec<(&'static str, String)> },
    /// Its last day is over.
    Ended,
    /// Its provider does not show it any more.
    Gone,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    pub activity: ActivityId,
    pub saved_at: i64,
    /// As it was when it was saved.
    pub look: Look,
    pub now: Now,
}

/// Saves an activity that everybody may see. One that is saved already is taken over as it looks today.
pub async fn save(app: &App, actor: &Actor, activity: ActivityId) -> Result<()> {
    let account = account(actor)?;
    let mut tx = app.store.write().await?;
    let displayed = store::activities::displayed_among(&mut tx, &[activity]).await?.pop().ok_or(Error::NotFound)?;
    if displayed.stored.activity.status(app.clock.today()) != Status::Active {
        return Err(Error::NotFound);
    }
    if saved_activities::count(&mut tx, account).await? >= MOST {
        return Err(Error::Forbidden("500 activities are saved; remove some first"));
    }
    let look = Look::of(&displayed.stored.activity, &displayed.provider);
    let looked_like = serde_json::to_string(&look).map_err(|error| Error::Internal(error.to_string()))?;
    let saved = SavedActivity { activity, saved_at: app.clock.now(), looked_like };
    saved_activities::put(&mut tx, account, &saved).await?;
    Ok(tx.commit().await?)
}

/// Takes an activity off the list; one that is not on it is no error.
pub async fn remove(app: &App, actor: &Actor, activity: ActivityId) -> Result<()> {
    let account = account(actor)?;
    let mut tx = app.store.write().await?;
    saved_activities::delete(&mut tx, account, activity).await?;
    Ok(tx.commit().await?)
}

/// All that a physician saved, newest first.
pub async fn list(app: &App, actor: &Actor) -> Result<Vec<Saved>> {
    let account = account(actor)?;
    let today = app.clock.today();
    let mut tx = app.store.read().await?;
    let saved = saved_activities::list(&mut tx, account).await?;
    let ids: Vec<ActivityId> = saved.iter().map(|one| one.activity).collect();
    let mut displayed = store::activities::displayed_among(&mut tx, &ids).await?;
    let each = saved.into_iter().map(|one| {
        let look: Look = serde_json::from_str(&one.looked_like)
            .map_err(|_| store::Error::corrupt("saved_activity", "looked_like", one.activity))?;
        let place = displayed.iter().position(|shown| shown.stored.activity.id == one.activity);
        let now = match place.map(|place| displayed.swap_remove(place)) {
            Some(displayed) if displayed.stored.activity.ends_on < today => Now::Ended,
            Some(displayed) => {
                let changes = look.changes(&Look::of(&displayed.stored.activity, &displayed.provider));
                Now::Offered { displayed: Box::new(displayed), changes }
            }
            None if look.ends_on < today => Now::Ended,
            None => Now::Gone,
        };
        Ok(Saved { activity: one.activity, saved_at: one.saved_at, look, now })
    });
    each.collect()
}

/// Which of these the visitor saved; none if they are no physician.
pub async fn saved_among(app: &App, actor: &Actor, ids: &[ActivityId]) -> Result<Vec<ActivityId>> {
    match account(actor) {
        Ok(account) => Ok(saved_activities::among(&mut app.store.read().await?, account, ids).await?),
        Err(_) => Ok(Vec::new()),
    }
}
