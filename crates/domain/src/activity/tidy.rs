//! An activity in the one form in which it is kept, so that the same content is the same value whatever
//! it came by: a form, a file or a request. What one writes and another reads stays as it is.
//!
//! Nothing that was said is lost: an outcome that is named twice is one with both ways of measuring.

use super::{Activity, MeasuredOutcome, MocRegistration, Outline, Pharmacy, Support, Undertaking};

impl Activity {
    /// Trims texts, drops what is empty or stands there twice, and puts into order what has none.
    #[must_use]
    pub fn tidied(mut self) -> Self {
        let own = [&mut self.internal_id, &mut self.title, &mut self.city, &mut self.state, &mut self.country];
        own.into_iter().chain([&mut self.description, &mut self.url]).for_each(tidy);
        once(&mut self.deliveries);
        for list in
            [&mut self.joint_providers, &mut self.professions, &mut self.specialties, &mut self.commendation_tags]
        {
            tidy_all(list);
        }
        self.outcomes = outcomes(self.outcomes);
        self.support.iter_mut().for_each(|support| tidy(&mut support.source));
        self.support.retain(|Support { source, dollars }| !source.is_empty() || dollars.is_some());
        // documents tell of cash first
        self.support.sort_by_key(|support| support.dollars.is_none());
        if let Some(rems) = &mut self.rems {
            tidy(&mut rems.kind);
            tidy(&mut rems.identifier);
        }
        self.rems = self.rems.filter(|rems| !rems.kind.is_empty() || !rems.identifier.is_empty());
        for topic in &mut self.state_topics {
            tidy(&mut topic.domain);
            tidy(&mut topic.topic);
        }
        self.state_topics.retain(|topic| !topic.domain.is_empty() || !topic.topic.is_empty());
        once(&mut self.state_topics);
        self.outlines = outlines(self.outlines);
        self.pharmacy = self.pharmacy.map(pharmacy).filter(|pharmacy| **pharmacy != Pharmacy::default());
        self.moc.iter_mut().for_each(tidy_registration);
        self.moc.sort_by_key(|registration| registration.board);
        self
    }
}

/// Without space around it, with one kind of line end, and without letters that nobody sees and that a
/// database or a document cannot hold: they come along with what is pasted.
fn tidy(text: &mut String) {
    if text.contains('\r') {
        *text = text.replace("\r\n", "\n").replace('\r', "\n");
    }
    if text.chars().any(is_hidden) {
        text.retain(|letter| !is_hidden(letter));
    }
    if text.trim().len() != text.len() {
        *text = text.trim().to_owned();
    }
}

/// Files with one of these are told of it; see `value_has_control_characters` there.
fn is_hidden(letter: char) -> bool {
    match letter {
        '\n' | '\t' => false,
        '\u{FFFD}'..='\u{FFFF}' | '\u{FEFF}' | '\u{200B}' | '\u{200E}' | '\u{200F}' => true,
        '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => true,
        letter => letter.is_control(),
    }
}

fn tidy_all(texts: &mut Vec<String>) {
    texts.iter_mut().for_each(tidy);
    texts.retain(|text| !text.is_empty());
    once(texts);
}

/// Keeps the first of those that are the same. The lists are short.
fn once<T: PartialEq>(list: &mut Vec<T>) {
    let mut kept: Vec<T> = Vec::with_capacity(list.len());
    for item in list.drain(..) {
        if !kept.contains(&item) {
            kept.push(item);
        }
    }
    *list = kept;
}

fn outcomes(list: Vec<MeasuredOutcome>) -> Vec<MeasuredOutcome> {
    let mut merged: Vec<MeasuredOutcome> = Vec::with_capacity(list.len());
    for mut one in list {
        tidy(&mut one.outcome);
        match merged.iter_mut().find(|known| known.outcome == one.outcome) {
            Some(known) => {
                known.objective |= one.objective;
                known.subjective |= one.subjective;
            }
            None => merged.push(one),
        }
    }
    merged
}

fn outlines(list: Vec<Outline>) -> Vec<Outline> {
    let mut merged: Vec<Outline> = Vec::with_capacity(list.len());
    for mut outline in list {
        tidy(&mut outline.source);
        for key in &mut outline.keys {
            tidy(&mut key.keyword);
            tidy(&mut key.value);
        }
        outline.keys.retain(|key| !key.keyword.is_empty() || !key.value.is_empty());
        match merged.iter_mut().find(|known| known.source == outline.source) {
            Some(known) => known.keys.append(&mut outline.keys),
            None => merged.push(outline),
        }
    }
    merged.iter_mut().for_each(|outline| once(&mut outline.keys));
    merged.retain(|outline| !outline.source.is_empty() || !outline.keys.is_empty());
    merged
}

fn pharmacy(mut pharmacy: Box<Pharmacy>) -> Box<Pharmacy> {
    let Pharmacy { activity_type, topic, sequence_number, uan, uan_technician, .. } = &mut *pharmacy;
    [activity_type, topic, sequence_number, uan, uan_technician].into_iter().for_each(tidy);
    for one in &mut pharmacy.recertification {
        tidy(&mut one.audience);
        tidy(&mut one.requirement);
    }
    pharmacy.recertification.retain(|one| !one.audience.is_empty() || !one.requirement.is_empty());
    tidy_all(&mut pharmacy.content_states);
    tidy_all(&mut pharmacy.content_topics);
    pharmacy
}

fn tidy_registration(registration: &mut MocRegistration) {
    tidy_all(&mut registration.credit_types);
    tidy_all(&mut registration.practice_areas);
    let given = std::mem::take(&mut registration.undertakings);
    registration.undertakings = Undertaking::ALL.iter().copied().filter(|one| given.contains(one)).collect();
}

#[cfg(test)]
mod tests {
    use crate::activity::tests::active;
    use crate::activity::{Delivery, OutlineKey, Rems};

    use super::*;

    #[test]
    fn the_same_content_is_the_same_value_and_nothing_is_lost() {
        let measured = |objective| MeasuredOutcome { outcome: "knowledge".into(), objective, subjective: !objective };
        let outline = |value: &str| Outline {
            source: "A publisher".into(),
            keys: vec![OutlineKey { keyword: " Tag ID".into(), value: value.into() }],
        };
        let support = |source: &str, dollars| Support { source: source.into(), dollars };
        let typed = Activity {
            title: " Care\r\nof\0 the \u{200B}Heart ".into(),
            deliveries: vec![Delivery::LiveStreamed, Delivery::LiveStreamed],
            joint_providers: vec![" ".into(), "Heart Society ".into(), "Heart Society".into()],
            outcomes: vec![measured(true), measured(false)],
            support: vec![
                support("In kind", None),
                support(" ", None),
                support("Cash", Some(1)),
                support("Cash", Some(1)),
            ],
            outlines: vec![outline("1"), outline("2"), outline("1")],
            rems: Some(Rems { kind: " ".into(), identifier: String::new() }),
            pharmacy: Some(Box::default()),
            ..active()
        };
        let tidied = typed.tidied();
        assert_eq!(tidied.title, "Care\nof the Heart");
        assert_eq!(
            (&*tidied.deliveries, &*tidied.joint_providers),
            (&[Delivery::LiveStreamed][..], &["Heart Society".to_owned()][..])
        );
        assert_eq!(
            tidied.outcomes,
            [MeasuredOutcome { outcome: "knowledge".into(), objective: true, subjective: true }]
        );
        assert_eq!(
            tidied.support,
            [support("Cash", Some(1)), support("Cash", Some(1)), support("In kind", None)],
            "two grants are two"
        );
        let keys: Vec<_> = tidied
            .outlines
            .iter()
            .map(|one| one.keys.iter().map(|key| key.value.as_str()).collect::<Vec<_>>())
            .collect();
        assert_eq!(keys, [["1", "2"]]);
        assert_eq!((&tidied.rems, &tidied.pharmacy), (&None, &None));
        assert_eq!(tidied.clone().tidied(), tidied);
        assert_eq!(active().tidied(), active());
    }
}
