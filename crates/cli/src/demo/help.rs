//! People who could not get in by themselves: a physician whose name has changed since the boards' rosters, and a
//! member of the main provider's team whose phone is lost.

use anyhow::{Context, Result};
use app::claims::{self, Claim, Typed};
use app::{App, chance};
use store::lost_factors::NewRequest;
use store::physicians::Physician;

use super::providers::PROVIDERS;

/// Both ask for a person.
pub(crate) async fn ask(app: &App, married: &Physician) -> Result<()> {
    let birth = married.birth.context("the physician has no birthday")?;
    let license = married.licenses.first().context("the physician holds no license")?;
    let typed = Typed {
        first: married.first.clone(),
        last: "Lindqvist-Hale".to_owned(),
        birth_month: birth.month().to_string(),
        birth_day: birth.day().to_string(),
        state: license.state.code().to_owned(),
        license: license.number.clone(),
        email: "new.name@doctor.example".to_owned(),
        ..Typed::default()
    };
    let claim = claims::request(app, &Claim::read(&typed)?).await?;
    claims::ask_review(app, claim).await?;

    let provider = PROVIDERS.first().context("there is no provider")?;
    let mut tx = app.store.write().await?;
    let member = store::accounts::find_by_email(&mut tx, &format!("learners@{}", provider.domain)).await?;
    let now = app.clock.now();
    let request = NewRequest {
        id: app.chance.id(now),
        account: member.context("the team has no such member")?.id,
        words: "My phone fell into the harbor with the authenticator app on it, and the printed codes are at home \
                in a box I cannot find. I am at extension 214 all week."
            .to_owned(),
        stop_hash: chance::hash_of_secret(&app.chance.secret("")),
        asked_at: now,
    };
    store::lost_factors::insert(&mut tx, &request).await?;
    Ok(tx.commit().await?)
}
