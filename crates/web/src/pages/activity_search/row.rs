//! An activity as results and lists show it: what a physician decides by, on few lines.

use app::activity_search::{Facet, Gap, topic_value};
use domain::ActivityId;
use domain::activity::{Activity, Fee};
use domain::reference::Reference;
use store::activities::Displayed;

use crate::pages::activities::{Days, public};

pub(super) struct Row {
    pub(super) id: ActivityId,
    pub(super) title: String,
    pub(super) provider: String,
    /// Format and deliveries.
    pub(super) kind: String,
    pub(super) days: Days,
    pub(super) place: String,
    pub(super) credit: String,
    /// Board and points.
    pub(super) boards: Vec<(String, String)>,
    pub(super) fee: &'static str,
    pub(super) registration: &'static str,
    pub(super) topics: Vec<String>,
    /// What of a gap it helps with.
    pub(super) fits: Vec<String>,
    /// Whether the visitor saved it; none if they cannot.
    pub(super) saved: Option<bool>,
}

impl Row {
    pub(super) fn of(
        displayed: &Displayed,
        reference: &Reference,
        gap: Option<&Gap>,
        saved: Option<&[ActivityId]>,
    ) -> Self {
        let activity = &displayed.stored.activity;
        let deliveries = activity.deliveries.iter().map(|one| one.label());
        let kind: Vec<&str> = std::iter::once(activity.format.label()).chain(deliveries).collect();
        Self {
            id: activity.id,
            title: activity.title.clone(),
            provider: displayed.provider.clone(),
            kind: kind.join(", "),
            days: Days::of(activity),
            place: public::place(activity, reference),
            credit: activity.credit.map(|credit| credit.to_string()).unwrap_or_default(),
            boards: activity.moc.iter().map(|moc| (reference.board_label(moc.board), moc.points.to_string())).collect(),
            fee: match activity.fee {
                Some(Fee::Free) => "Free",
                Some(Fee::Yes) => "Fee",
                Some(Fee::Variable) => "Fee varies",
                None => "",
            },
            registration: activity.registration.map_or("", |one| one.label()),
            topics: activity.state_topics.iter().map(|one| one.topic.clone()).collect(),
            fits: gap.map(|gap| fits(activity, gap, reference)).unwrap_or_default(),
            saved: saved.map(|saved| saved.contains(&activity.id)),
        }
    }
}

fn fits(activity: &Activity, gap: &Gap, reference: &Reference) -> Vec<String> {
    let topics =
        activity.state_topics.iter().filter(|one| gap.is_met_by(Facet::Topic, &topic_value(&one.domain, &one.topic)));
    let boards = activity.moc.iter().filter(|moc| gap.is_met_by(Facet::Board, moc.board.code()));
    topics
        .map(|one| one.topic.clone())
        .chain(boards.map(|moc| format!("{} points", reference.board_label(moc.board))))
        .collect()
}
