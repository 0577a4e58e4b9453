//! What somebody's licenses still miss, as far as an activity can help: topics that a state asks for, and boards
//! whose points are short.

use domain::Board;

use super::facets::Facet;

/// What "fits my gap" looks for. An activity fits if it has one of these.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Gap {
    /// State content topics: a domain (`Opioids`), a topic (`Pain management`), or both (`Opioids: Pain management`).
    pub topics: Vec<String>,
    pub boards: Vec<Board>,
}

impl Gap {
    /// Whether no activity would help more than another.
    pub fn is_empty(&self) -> bool {
        self.topics.is_empty() && self.boards.is_empty()
    }

    /// Whether an activity with this value of a facet fits.
    pub fn is_met_by(&self, facet: Facet, value: &str) -> bool {
        match facet {
            Facet::Topic => self.topics.iter().any(|topic| is_within(value, topic)),
            Facet::Board => self.boards.iter().any(|board| board.code() == value),
            _ => false,
        }
    }
}

/// Whether a value `domain: topic` is what a gap names.
fn is_within(value: &str, named: &str) -> bool {
    let same = |part: &str| part.eq_ignore_ascii_case(named);
    same(value) || value.split_once(": ").is_some_and(|(domain, topic)| same(domain) || same(topic))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_names_a_domain_a_topic_or_both() {
        let gap = |topic: &str| Gap { topics: vec![topic.to_owned()], boards: vec![] };
        for (named, fits) in
            [("Opioids", true), ("pain management", true), ("Opioids: Pain management", true), ("Pain", false)]
        {
            assert_eq!(gap(named).is_met_by(Facet::Topic, "Opioids: Pain management"), fits, "{named}");
        }
        assert!(!gap("Opioids").is_met_by(Facet::Specialty, "Opioids"));
    }
}
