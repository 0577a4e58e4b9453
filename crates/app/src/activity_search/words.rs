//! Words: how texts are taken apart for the index, and what a search for some words means to it.
//!
//! All words must be found, each somewhere in the activity. A word that few activities hold as it was typed is
//! looked for with slips of the pen as well: one in a word of four letters, two in one of eight. Such finds, and
//! words that the last one only begins, have a small fixed score, so that they stand behind real ones.

use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, FuzzyTermQuery, Occur, PhraseQuery, Query, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::tokenizer::{
    AsciiFoldingFilter, Language, LowerCaser, RemoveLongFilter, SimpleTokenizer, Stemmer, StopWordFilter, TextAnalyzer,
};
use tantivy::{Index, Searcher, Term};

use super::document::Fields;

pub(super) const PLAIN: &str = "plain";
pub(super) const STEMMED: &str = "stemmed";

/// Words of a search that are looked at.
const MOST_WORDS: usize = 12;
/// A word in fewer activities than these may be a slip.
const FEW: u64 = 20;
/// A word longer than this is no word of ours, and costs too much to compare.
const LONGEST: usize = 40;

/// Words too common to tell activities apart.
const STOP_WORDS: [&str; 24] = [
    "a", "an", "and", "are", "as", "at", "by", "for", "from", "in", "into", "is", "it", "of", "on", "or", "our",
    "that", "the", "their", "this", "to", "with", "your",
];

// what a find is worth in a title, among keywords, in the description, as a provider's name, and by stem alone
const TITLE: f32 = 5.0;
const TITLE_IN_ORDER: f32 = 4.0;
const KEYWORDS: f32 = 2.5;
const DESCRIPTION: f32 = 1.2;
const PROVIDER: f32 = 0.6;
const STEM: f32 = 0.5;
// fixed scores
const BEGUN_IN_TITLE: f32 = 0.03;
const BEGUN: f32 = 0.02;
const ONE_SLIP_IN_TITLE: f32 = 0.015;
const ONE_SLIP: f32 = 0.01;
const TWO_SLIPS: f32 = 0.005;

fn analyzer(stems: bool) -> TextAnalyzer {
    let plain = TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(LONGEST))
        .filter(LowerCaser)
        .filter(AsciiFoldingFilter)
        .filter(StopWordFilter::remove(STOP_WORDS.map(str::to_owned)));
    if stems { plain.filter(Stemmer::new(Language::English)).build() } else { plain.build() }
}

/// Tells an index how texts are taken apart.
pub(super) fn register(index: &Index) {
    index.tokenizers().register(PLAIN, analyzer(false));
    index.tokenizers().register(STEMMED, analyzer(true));
}

/// A word of a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    pub text: String,
    stem: String,
    /// Its place among all words, stop words included: a title has them in the same places.
    place: usize,
}

/// What was typed, taken apart as the index takes texts apart.
pub(super) fn words(typed: &str) -> Vec<Word> {
    // the ending of a genitive is no word that an activity must hold
    let typed = typed.replace("’s ", " ").replace("'s ", " ");
    let typed = typed.trim_end_matches("’s").trim_end_matches("'s");
    let mut words: Vec<Word> = Vec::new();
    analyzer(false).token_stream(typed).process(&mut |token| {
        if words.len() < MOST_WORDS && !words.iter().any(|word| word.text == token.text) {
            words.push(Word { text: token.text.clone(), stem: String::new(), place: token.position });
        }
    });
    for word in &mut words {
        analyzer(true).token_stream(&word.text).process(&mut |token| word.stem.clone_from(&token.text));
    }
    words
}

/// Whether something was typed that can be looked for but is no word that any activity holds, such as 300 letters
/// in a row.
pub(super) fn is_beyond_words(typed: &str) -> bool {
    typed.split(|letter: char| !letter.is_alphanumeric()).any(|part| part.len() >= LONGEST)
}

/// What the words mean to the index. `scored`: the finds are wanted best first.
pub(super) fn query(
    searcher: &Searcher,
    fields: &Fields,
    words: &[Word],
    scored: bool,
) -> tantivy::Result<Box<dyn Query>> {
    if words.is_empty() {
        return Ok(Box::new(AllQuery));
    }
    let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
    for (place, word) in words.iter().enumerate() {
        let is_last = place + 1 == words.len();
        clauses.push((Occur::Must, needed(searcher, fields, word, is_last)?));
        if scored {
            for (field, worth) in [
                (fields.title, TITLE),
                (fields.keywords, KEYWORDS),
                (fields.description, DESCRIPTION),
                (fields.provider, PROVIDER),
            ] {
                clauses.push((Occur::Should, boosted(term(field, &word.text, IndexRecordOption::WithFreqs), worth)));
            }
        }
    }
    if scored && words.len() > 1 {
        let terms = words.iter().map(|word| (word.place, Term::from_field_text(fields.title, &word.text))).collect();
        clauses.push((Occur::Should, boosted(Box::new(PhraseQuery::new_with_offset(terms)), TITLE_IN_ORDER)));
    }
    Ok(Box::new(BooleanQuery::new(clauses)))
}

/// Activities that hold a word: by its stem, as the beginning of a word if it is the last, or with slips if it is
/// rare.
fn needed(searcher: &Searcher, fields: &Fields, word: &Word, is_last: bool) -> tantivy::Result<Box<dyn Query>> {
    let stem = term(fields.stems, &word.stem, IndexRecordOption::WithFreqs);
    let mut ways = vec![boosted(stem, STEM)];
    let letters = word.text.chars().count();
    if is_last && letters >= 3 {
        for (field, score) in [(fields.title, BEGUN_IN_TITLE), (fields.words, BEGUN)] {
            let begun = FuzzyTermQuery::new_prefix(Term::from_field_text(field, &word.text), 0, true);
            ways.push(scored(begun, score));
        }
    }
    let slips = slips(&word.text);
    if slips > 0 && frequency(searcher, fields, word)? < FEW {
        for (field, score) in [(fields.title, ONE_SLIP_IN_TITLE), (fields.words, ONE_SLIP)] {
            ways.push(scored(FuzzyTermQuery::new(Term::from_field_text(field, &word.text), 1, true), score));
        }
        if slips > 1 {
            let two = FuzzyTermQuery::new(Term::from_field_text(fields.words, &word.text), 2, true);
            ways.push(scored(two, TWO_SLIPS));
        }
    }
    Ok(Box::new(BooleanQuery::union(ways)))
}

/// Slips of the pen that a word is forgiven. A number means what it says.
fn slips(word: &str) -> u8 {
    if word.contains(|letter: char| letter.is_numeric()) {
        return 0;
    }
    match word.chars().count() {
        ..4 => 0,
        4..8 => 1,
        8..=LONGEST => 2,
        _ => 0,
    }
}

/// In how many activities a word or another of its stem is; those that were deleted may be counted.
fn frequency(searcher: &Searcher, fields: &Fields, word: &Word) -> tantivy::Result<u64> {
    searcher.doc_freq(&Term::from_field_text(fields.stems, &word.stem))
}

fn term(field: Field, text: &str, option: IndexRecordOption) -> Box<dyn Query> {
    Box::new(TermQuery::new(Term::from_field_text(field, text), option))
}

fn boosted(query: Box<dyn Query>, worth: f32) -> Box<dyn Query> {
    Box::new(BoostQuery::new(query, worth))
}

fn scored(query: impl Query, score: f32) -> Box<dyn Query> {
    Box::new(ConstScoreQuery::new(Box::new(query), score))
}

/// For each word that no activity holds: the word nearest to it that one does, most frequent first.
pub(super) fn nearest(searcher: &Searcher, fields: &Fields, words: &[Word]) -> tantivy::Result<Vec<(String, String)>> {
    let mut found = Vec::new();
    for word in words {
        if slips(&word.text) == 0 || frequency(searcher, fields, word)? > 0 {
            continue;
        }
        let automaton = FuzzyTermQuery::new(Term::from_field_text(fields.words, &word.text), 2, true);
        let mut best: Option<(usize, std::cmp::Reverse<u32>, String)> = None;
        for reader in searcher.segment_readers() {
            let inverted = reader.inverted_index(fields.words)?;
            let mut near = inverted.terms().search(automaton.automaton()?).into_stream()?;
            while near.advance() {
                let Ok(text) = std::str::from_utf8(near.key()) else { continue };
                let slips = strsim::osa_distance(text, &word.text);
                let candidate = (slips, std::cmp::Reverse(near.value().doc_freq), text.to_owned());
                if best.as_ref().is_none_or(|best| candidate < *best) {
                    best = Some(candidate);
                }
            }
        }
        if let Some((_, _, nearest)) = best {
            found.push((word.text.clone(), nearest));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(typed: &str) -> Vec<String> {
        words(typed).into_iter().map(|word| word.text).collect()
    }

    #[test]
    fn typed_words_are_taken_apart_as_texts_are() {
        assert_eq!(texts("The Heart\u{2019}s COVID-19, Ménière's"), ["heart", "covid", "19", "meniere"]);
        assert_eq!(texts("care of the care"), ["care"]);
        assert_eq!(texts("+\"\\(]*~^:"), [] as [&str; 0]);
        assert_eq!(texts(&"word ".repeat(1_000)).len(), 1);
        assert_eq!(words("management of pain").iter().map(|word| word.place).collect::<Vec<_>>(), [0, 2]);
    }

    #[test]
    fn short_words_forgive_nothing_and_long_ones_more() {
        assert_eq!(["ear", "care", "cardiac", "diabetes", "300000001"].map(slips), [0, 1, 1, 2, 0]);
    }
}
