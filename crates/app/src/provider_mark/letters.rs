//! What a provider's owners are written about its mark.

use domain::access::{ProviderRole, ProviderScope};
use domain::check::us_date;
use jiff::civil::Date;
use store::WriteTx;

use super::Why;
use crate::mail::{self, Letter};
use crate::{App, Error, Result};

pub(super) async fn ends_soon(app: &App, tx: &mut WriteTx, scope: &ProviderScope, until: Date) -> Result<()> {
    let day = us_date(until);
    let text = format!(
        "the provider mark of {{name}} is current until {day}, if no learner credit is reported before. Report what your \
         learners have earned, and it goes on by itself; there is nothing else to do."
    );
    to_owners(app, tx, scope, &format!("Your provider mark ends on {day}"), &text).await
}

pub(super) async fn ended(app: &App, tx: &mut WriteTx, scope: &ProviderScope, why: Why) -> Result<()> {
    let because = match why {
        Why::Standing(standing) => format!("its standing is: {}", standing.label()),
        Why::NeverReported => "no accepted report is on record any more".to_owned(),
        Why::Stopped { until } => format!("nothing was reported in time to carry it beyond {}", us_date(until)),
    };
    let text = format!(
        "the provider mark of {{name}} is no longer current: {because}. Pages that show it now show that it is not \
         current. Take it down, or make it current again; your page says how."
    );
    to_owners(app, tx, scope, "Your provider mark has ended", &text).await
}

async fn to_owners(app: &App, tx: &mut WriteTx, scope: &ProviderScope, subject: &str, text: &str) -> Result<()> {
    let name = store::organizations::find_provider(tx, scope.provider()).await?.ok_or(Error::NotFound)?.name;
    let subject = format!("{subject}, {}", app.config.product_name);
    let text = text.replace("{name}", &name);
    let link = app.config.link("/provider/mark");
    for owner in store::seats::list_team(tx, scope).await? {
        if owner.role == ProviderRole::Owner {
            let body = format!("Hello {},\n\n{text}\n\nYour mark:\n{link}\n", owner.name);
            mail::queue(app, tx, &owner.email, &Letter::Words { subject: &subject, body: &body }).await?;
        }
    }
    Ok(())
}
