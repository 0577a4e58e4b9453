//! `/provider/activities`: the list, one activity with what it still lacks, its form, and its
//! registrations for MOC; and `/activities/{id}`, the page that everybody may see.

mod actions;
mod asked;
mod bulk;
pub(super) mod calendar;
mod checklist;
mod download;
mod edit;
mod form;
mod keep;
mod list;
mod moc;
pub(crate) mod public;
mod reading;
mod repeat;
mod rhythm;
mod show;
mod showing;
mod typed;

use app::App;
use axum::Router;
use domain::ActivityId;
use domain::activity::{Activity, Status};
use jiff::civil::Date;

use crate::{Error, Result};

pub fn routes() -> Router<App> {
    Router::new()
        .merge(list::routes())
        .merge(download::routes())
        .merge(edit::routes())
        .merge(keep::routes())
        .merge(bulk::routes())
        .merge(repeat::routes())
        .merge(public::routes())
        .merge(show::routes())
        .merge(actions::routes())
        .merge(moc::routes())
}

/// An address with something else than nine digits leads nowhere.
pub(super) fn activity_id(text: &str) -> Result<ActivityId> {
    text.parse().map_err(|_| Error::App(app::Error::NotFound))
}

/// Shape and word of a status.
fn status_words(status: Status) -> (&'static str, &'static str) {
    let shape = match status {
        Status::Draft => "draft",
        Status::Active => "active",
        Status::ReadyToClose => "caution",
        Status::Closed => "closed",
    };
    (shape, status.label())
}

/// A day on a page: `<time datetime="{{ day.machine }}">{{ day.shown }}</time>`.
pub(super) struct Day {
    pub(super) shown: String,
    pub(super) machine: String,
}

impl Day {
    pub(super) fn of(date: Date) -> Self {
        Self { shown: date.strftime("%m/%d/%Y").to_string(), machine: date.to_string() }
    }
}

/// First and last day of an activity, in as few words as name both.
pub(super) struct Days {
    pub(super) starts: Day,
    pub(super) ends: Day,
    /// Whether it is a single day, which is written once.
    pub(super) is_one: bool,
}

impl Days {
    pub(super) fn of(activity: &Activity) -> Self {
        Self {
            starts: Day::of(activity.starts_on),
            ends: Day::of(activity.ends_on),
            is_one: activity.starts_on == activity.ends_on,
        }
    }
}

/// The address of the activity's form.
fn edit_page(id: ActivityId) -> String {
    format!("/provider/activities/{id}/edit")
}
