//! Everything that a report is made of, read at once.
//!
//! Learners take the longest to count, so they are read beside the rest, on a connection of their own: a
//! file that is recorded at this very moment may be in one half and not yet in the other.

use domain::Code;
use domain::access::ProviderScope;
use store::provider_reports::{self, ActivityCell, CreditCell, DayCell, Given, LearnerCell, Period, Rows};

use crate::App;
use crate::error::Result;

pub(super) struct Facts {
    /// Activities that end in the period, and learners of enduring material that runs on.
    pub activities: Vec<ActivityCell>,
    pub support: Vec<Given>,
    pub learners: Vec<LearnerCell>,
    pub days: Vec<DayCell>,
    pub credits: Vec<CreditCell>,
    pub rows: Rows,
    pub problems: Vec<(Code, i64)>,
}

impl Facts {
    pub async fn read(app: &App, scope: &ProviderScope, period: Period) -> Result<Self> {
        let people = async {
            let mut tx = app.store.read().await?;
            let learners = provider_reports::learners(&mut tx, scope, period).await?;
            let days = provider_reports::days(&mut tx, scope, period, app.clock.offset_on(period.until)).await?;
            Ok::<_, crate::Error>((learners, days))
        };
        let rest = async {
            let mut tx = app.store.read().await?;
            let tx = &mut tx;
            let mut activities = provider_reports::activities(tx, scope, period).await?;
            activities.extend(provider_reports::running(tx, scope, period).await?);
            let (from, before) = (app.clock.start_of(period.from), app.clock.end_of(period.until));
            Ok(Self {
                activities,
                support: provider_reports::support(tx, scope, period).await?,
                learners: Vec::new(),
                days: Vec::new(),
                credits: provider_reports::credits(tx, scope, period).await?,
                rows: provider_reports::rows(tx, scope, from, before).await?,
                problems: provider_reports::problems(tx, scope, from, before).await?,
            })
        };
        let ((learners, days), rest) = tokio::try_join!(people, rest)?;
        Ok(Self { learners, days, ..rest })
    }
}
