//! An activity as the index holds it: its words by where they stand, and the numbers that facets, ranges and orders
//! are made from.

use domain::activity::{Activity, Delivery};
use domain::reference::{List, Reference};
use store::activities::Displayed;
use tantivy::TantivyDocument;
use tantivy::schema::{FAST, Field, INDEXED, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};

use super::facets::{AMA, Facet, Values, amount_range, state_value};
use super::when::day_number;
use super::words::{PLAIN, STEMMED};

/// The fields of the index.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields {
    pub title: Field,
    pub keywords: Field,
    pub description: Field,
    pub provider: Field,
    /// All words of the four, as they are.
    pub words: Field,
    /// All words of the four, by their stems.
    pub stems: Field,
    /// The activity's nine digits as a number.
    pub id: Field,
    pub starts: Field,
    pub ends: Field,
    /// Hundredths of AMA PRA Category 1 Credits.
    pub credit: Field,
    /// The change with which it could be seen first.
    pub shown: Field,
    /// Numbers of the values of all facets.
    pub values: Field,
}

impl Fields {
    pub fn schema() -> (Schema, Self) {
        let mut schema = Schema::builder();
        let text = |tokenizer: &str, option: IndexRecordOption| {
            let indexing = TextFieldIndexing::default().set_tokenizer(tokenizer).set_index_option(option);
            TextOptions::default().set_indexing_options(indexing)
        };
        let freqs = IndexRecordOption::WithFreqs;
        let fields = Self {
            title: schema.add_text_field("title", text(PLAIN, IndexRecordOption::WithFreqsAndPositions)),
            keywords: schema.add_text_field("keywords", text(PLAIN, freqs)),
            description: schema.add_text_field("description", text(PLAIN, freqs)),
            provider: schema.add_text_field("provider", text(PLAIN, freqs)),
            words: schema.add_text_field("words", text(PLAIN, IndexRecordOption::Basic)),
            stems: schema.add_text_field("stems", text(STEMMED, freqs)),
            id: schema.add_u64_field("id", INDEXED | FAST),
            starts: schema.add_i64_field("starts", FAST),
            ends: schema.add_i64_field("ends", FAST),
            credit: schema.add_i64_field("credit", FAST),
            shown: schema.add_i64_field("shown", FAST),
            values: schema.add_u64_field("values", FAST),
        };
        (schema.build(), fields)
    }

    pub fn document(&self, shown: &Displayed, reference: &Reference, values: &mut Values) -> TantivyDocument {
        let activity = &shown.stored.activity;
        let mut document = TantivyDocument::default();
        let keywords = keywords(activity, reference);
        let texts = [
            (self.title, &activity.title),
            (self.keywords, &keywords),
            (self.description, &activity.description),
            (self.provider, &shown.provider),
        ];
        for (field, text) in texts {
            for field in [field, self.words, self.stems] {
                document.add_text(field, text);
            }
        }
        document.add_u64(self.id, id_number(activity));
        document.add_i64(self.starts, day_number(activity.starts_on));
        document.add_i64(self.ends, day_number(activity.ends_on));
        document.add_i64(self.credit, activity.credit.map_or(0, domain::Amount::hundredths));
        document.add_i64(self.shown, shown.shown_seq);
        for (facet, value) in facets(activity) {
            let number = values.number(facet, &value);
            if facet == Facet::Provider {
                values.set_name(number, &shown.provider);
            }
            document.add_u64(self.values, u64::from(number));
        }
        document
    }
}

pub(super) fn id_number(activity: &Activity) -> u64 {
    activity.id.as_str().parse().unwrap_or_default()
}

/// What an activity is about beside its own texts, in the words of reference data.
fn keywords(activity: &Activity, reference: &Reference) -> String {
    let mut words = vec![activity.format.label().to_owned(), activity.id.to_string()];
    words.extend(activity.deliveries.iter().map(|delivery| delivery.label().to_owned()));
    words.extend(activity.specialties.iter().map(|code| reference.name_of(List::Specialties, code)));
    words.extend(activity.professions.iter().map(|code| reference.name_of(List::Professions, code)));
    for topic in &activity.state_topics {
        words.extend([topic.domain.clone(), topic.topic.clone()]);
    }
    for moc in &activity.moc {
        words.extend([moc.board.to_string(), reference.board(moc.board).map_or_else(String::new, |b| b.name.clone())]);
        words.extend(moc.practice_areas.iter().cloned());
    }
    words.extend(activity.joint_providers.iter().cloned());
    if activity.deliveries.contains(&Delivery::InPerson) {
        words.push(activity.city.clone());
        words.push(reference.name_of(List::States, &activity.state));
        words.push(reference.name_of(List::Countries, &activity.country));
    }
    words.join(" \u{b7} ")
}

/// The values of an activity, each once. [`Facet::When`] is not among them: the day says it.
pub(super) fn facets(activity: &Activity) -> Vec<(Facet, String)> {
    let mut values =
        vec![(Facet::Format, activity.format.code().to_owned()), (Facet::Provider, activity.provider.to_string())];
    values.extend(activity.deliveries.iter().map(|delivery| (Facet::Delivery, delivery.code().to_owned())));
    // where learners do not meet there is no place
    if activity.deliveries.contains(&Delivery::InPerson) {
        let (city, state, country) = (activity.city.trim(), activity.state.trim(), activity.country.trim());
        if !country.is_empty() {
            values.push((Facet::Country, country.to_owned()));
        }
        if !state.is_empty() {
            values.push((Facet::State, state_value(state, country)));
        }
        if !city.is_empty() {
            let rest = if state.is_empty() { country } else { state };
            values.push((Facet::City, if rest.is_empty() { city.to_owned() } else { format!("{city}, {rest}") }));
        }
    }
    if let Some(credit) = activity.credit {
        values.push((Facet::Credit, AMA.to_owned()));
        values.push((Facet::Amount, amount_range(credit.hundredths()).to_owned()));
    }
    values.extend(activity.other_credits.iter().map(|other| (Facet::Credit, other.certification.clone())));
    for moc in &activity.moc {
        values.push((Facet::Board, moc.board.to_string()));
        values.extend(moc.credit_types.iter().map(|one| (Facet::MocType, format!("{}: {one}", moc.board))));
        values.extend(moc.practice_areas.iter().map(|one| (Facet::Area, format!("{}: {one}", moc.board))));
    }
    values.extend(activity.specialties.iter().map(|code| (Facet::Specialty, code.clone())));
    values.extend(activity.state_topics.iter().map(|one| (Facet::Topic, topic_value(&one.domain, &one.topic))));
    values.extend(activity.fee.map(|fee| (Facet::Fee, fee.code().to_owned())));
    values.extend(activity.registration.map(|one| (Facet::Registration, one.code().to_owned())));
    values.sort_unstable();
    values.dedup();
    values
}

/// A state content topic as its facet has it.
pub fn topic_value(domain: &str, topic: &str) -> String {
    if domain.is_empty() { topic.to_owned() } else { format!("{domain}: {topic}") }
}
