//! An index in memory of the words of the help: ranked, and forgiving slips of the pen.
//!
//! People ask in sentences, so not every word must be found; but a page that has more of them stands before one that
//! has fewer. A word is found by its stem, the last one also by its beginning; a word that no page has is taken for the
//! words nearest to it.

use std::collections::{BTreeMap, HashMap};

use tantivy::tokenizer::{
    AsciiFoldingFilter, Language, LowerCaser, RemoveLongFilter, SimpleTokenizer, Stemmer, StopWordFilter, TextAnalyzer,
};

use super::markings::{Piece, Text, Token, cut, marked};
use super::markup;
use super::shelf::Page;

/// Words too common in questions to tell them apart.
const STOP_WORDS: [&str; 61] = [
    "a", "about", "all", "an", "and", "any", "are", "as", "at", "be", "been", "but", "by", "can", "could", "did", "do",
    "does", "for", "from", "had", "has", "have", "how", "i", "if", "in", "into", "is", "it", "its", "me", "my", "of",
    "on", "or", "our", "should", "so", "that", "the", "their", "them", "there", "these", "they", "this", "to", "was",
    "we", "what", "when", "where", "which", "who", "why", "will", "with", "would", "you", "your",
];
const LONGEST: usize = 40;
/// Words of a search that are looked at.
const MOST_WORDS: usize = 12;
/// Hits that are told.
const MOST_HITS: usize = 20;

// what a find is worth in a title, among the words by which people look for a page, in its summary and its body
const TITLE: f32 = 6.0;
const WORDS: f32 = 4.0;
const SUMMARY: f32 = 2.0;
const BODY: f32 = 1.0;
/// How quickly more of the same word stops counting.
const SATURATION: f32 = 4.0;
// what a word is worth that is not found as it stands
const BEGUN: f32 = 0.7;
const ONE_SLIP: f32 = 0.5;
const TWO_SLIPS: f32 = 0.3;
// what a page gains whose address was typed, and one whose title holds all that was typed
const NAMED: f32 = 10.0;
const PHRASE: f32 = 2.0;

fn analyzer(stems: bool) -> TextAnalyzer {
    let plain = TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(LONGEST))
        .filter(LowerCaser)
        .filter(AsciiFoldingFilter)
        .filter(StopWordFilter::remove(STOP_WORDS.map(str::to_owned)));
    if stems { plain.filter(Stemmer::new(Language::English)).build() } else { plain.build() }
}

/// What a search found.
#[derive(Debug, Clone, Default)]
pub struct Results {
    /// At most 20, the best first.
    pub hits: Vec<Hit>,
    /// Words that no page has, and the nearest one that some page has.
    pub read_as: Vec<(String, String)>,
}

/// A page that was found, with the words that fit.
#[derive(Debug, Clone)]
pub struct Hit {
    /// Its place among the pages.
    pub page: usize,
    pub title: Vec<Piece>,
    pub snippet: Vec<Piece>,
}

struct Posting {
    page: usize,
    /// Between 0 and 1, by how often and where the word stands.
    worth: f32,
}

struct Indexed {
    title: Text,
    summary: Text,
    body: Text,
}

#[derive(Default)]
pub(super) struct Index {
    /// Words as they are written, and their stems.
    words: BTreeMap<String, u32>,
    stems: HashMap<String, u32>,
    postings: Vec<Vec<Posting>>,
    texts: Vec<Indexed>,
    /// The stems of each page that say most about it.
    telling: Vec<Vec<u32>>,
}

/// Numbers stems while texts are read.
#[derive(Default)]
struct Stems {
    numbers: HashMap<String, u32>,
    words: BTreeMap<String, u32>,
}

impl Stems {
    fn read(&mut self, plain: &mut TextAnalyzer, stemmed: &mut TextAnalyzer, text: &str) -> Text {
        let mut tokens = Vec::new();
        let mut stems = Vec::new();
        stemmed
            .token_stream(text)
            .process(&mut |token| stems.push((token.offset_from, token.offset_to, token.text.clone())));
        let mut words = Vec::new();
        plain.token_stream(text).process(&mut |token| words.push(token.text.clone()));
        for ((from, to, stem), word) in stems.into_iter().zip(words) {
            let next = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
            let number = *self.numbers.entry(stem).or_insert(next);
            self.words.entry(word).or_insert(number);
            tokens.push(Token { from, to, stem: number });
        }
        Text { text: text.to_owned(), tokens }
    }
}

impl Index {
    pub fn of(pages: &[Page]) -> Self {
        let (mut plain, mut stemmed) = (analyzer(false), analyzer(true));
        let mut stems = Stems::default();
        let mut texts = Vec::new();
        let mut counted: Vec<HashMap<u32, f32>> = Vec::new();
        for page in pages {
            let content = &page.entry.content;
            let mut read = |text: &str| stems.read(&mut plain, &mut stemmed, text);
            // a problem's code is looked for as it stands in result files
            let more = format!("{} {}", content.words, page.entry.slug.replace(['-', '_'], " "));
            let (title, summary) = (read(&content.title), read(&content.summary));
            let (body, more) = (read(&markup::plain(&content.body)), read(&more));
            let mut counts: HashMap<u32, f32> = HashMap::new();
            for (text, worth) in [(&title, TITLE), (&more, WORDS), (&summary, SUMMARY), (&body, BODY)] {
                for token in &text.tokens {
                    *counts.entry(token.stem).or_default() += worth;
                }
            }
            counted.push(counts);
            texts.push(Indexed { title, summary, body });
        }
        let mut postings: Vec<Vec<Posting>> = Vec::new();
        postings.resize_with(stems.numbers.len(), Vec::new);
        for (page, counts) in counted.iter().enumerate() {
            for (stem, count) in counts {
                if let Some(list) = postings.get_mut(*stem as usize) {
                    list.push(Posting { page, worth: count / (count + SATURATION) });
                }
            }
        }
        let mut index = Self { words: stems.words, stems: stems.numbers, postings, texts, telling: Vec::new() };
        index.telling = counted.iter().map(|counts| index.most_telling(counts)).collect();
        index
    }

    /// Stems of a page by what they are worth there and how rare they are.
    fn most_telling(&self, counts: &HashMap<u32, f32>) -> Vec<u32> {
        let mut all: Vec<(f32, u32)> =
            counts.iter().map(|(stem, count)| (self.rarity(*stem) * count / (count + SATURATION), *stem)).collect();
        all.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        all.into_iter().take(12).map(|(_, stem)| stem).collect()
    }

    fn rarity(&self, stem: u32) -> f32 {
        let held = self.postings.get(stem as usize).map_or(0, Vec::len) as f32;
        let all = self.texts.len() as f32;
        (1.0 + (all - held + 0.5).max(0.5) / (held + 0.5)).ln()
    }

    /// Pages whose words are like those of one, the most alike first.
    pub fn like(&self, page: usize) -> Vec<usize> {
        let mut scores: HashMap<usize, f32> = HashMap::new();
        for stem in self.telling.get(page).into_iter().flatten() {
            let rarity = self.rarity(*stem);
            for posting in self.postings.get(*stem as usize).into_iter().flatten() {
                *scores.entry(posting.page).or_default() += posting.worth * rarity;
            }
        }
        scores.remove(&page);
        let mut all: Vec<(usize, f32)> = scores.into_iter().collect();
        all.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        all.into_iter().map(|(page, _)| page).collect()
    }

    pub fn search(&self, typed: &str, pages: &[Page]) -> Results {
        let words = words(typed);
        let mut totals: HashMap<usize, (f32, usize)> = HashMap::new();
        let mut found: Vec<u32> = Vec::new();
        let mut read_as = Vec::new();
        for (place, word) in words.iter().enumerate() {
            let is_last = place + 1 == words.len();
            let meant = self.meant(word, is_last);
            if let Some(nearest) = meant.nearest {
                read_as.push((word.clone(), nearest));
            }
            let mut best: HashMap<usize, f32> = HashMap::new();
            for (stem, factor) in meant.stems {
                found.push(stem);
                let rarity = self.rarity(stem);
                for posting in self.postings.get(stem as usize).into_iter().flatten() {
                    let score = posting.worth * rarity * factor;
                    let held = best.entry(posting.page).or_default();
                    *held = held.max(score);
                }
            }
            for (page, score) in best {
                let total = totals.entry(page).or_default();
                *total = (total.0 + score, total.1 + 1);
            }
        }
        let asked = words.len().max(1) as f32;
        let phrase = typed.trim().trim_end_matches('?').to_lowercase();
        let is_phrase = phrase.contains(' ');
        let named = |page: &Page| match page.entry.content.title.to_lowercase().contains(&phrase) {
            // a code as it stands in a result file
            _ if page.entry.slug == phrase => NAMED,
            true if is_phrase => PHRASE,
            _ => 1.0,
        };
        let mut ranked: Vec<(f32, usize)> = totals
            .into_iter()
            .filter(|(_, (_, held))| *held * 2 >= words.len())
            .map(|(page, (score, held))| {
                let share = held as f32 / asked;
                (score * share * share * pages.get(page).map_or(1.0, named), page)
            })
            .collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        ranked.truncate(MOST_HITS);
        let hits = ranked.into_iter().filter_map(|(_, page)| self.hit(page, &found)).collect();
        Results { hits, read_as }
    }

    fn hit(&self, page: usize, found: &[u32]) -> Option<Hit> {
        let texts = self.texts.get(page)?;
        let in_summary = texts.summary.tokens.iter().any(|token| found.contains(&token.stem));
        let snippet = match in_summary || !texts.body.tokens.iter().any(|token| found.contains(&token.stem)) {
            true => marked(&texts.summary, found),
            false => cut(&texts.body, found),
        };
        Some(Hit { page, title: marked(&texts.title, found), snippet })
    }

    fn meant(&self, word: &str, is_last: bool) -> Meant {
        let mut stems: Vec<(u32, f32)> = Vec::new();
        let mut stem = None;
        analyzer(true).token_stream(word).process(&mut |token| stem = Some(token.text.clone()));
        let exact = self.words.get(word).or_else(|| self.stems.get(stem.as_deref().unwrap_or(word))).copied();
        stems.extend(exact.map(|stem| (stem, 1.0)));
        if is_last && word.len() >= 2 {
            let begun = self.words.range(word.to_owned()..).take_while(|(other, _)| other.starts_with(word));
            for (_, stem) in begun {
                if !stems.iter().any(|(known, _)| known == stem) {
                    stems.push((*stem, BEGUN));
                }
            }
        }
        let most = slips(word);
        if !stems.is_empty() || most == 0 {
            return Meant { stems, nearest: None };
        }
        let letters = word.chars().count();
        let mut near: Vec<(usize, &str, u32)> = Vec::new();
        for (other, stem) in &self.words {
            if other.len().abs_diff(letters) > most {
                continue;
            }
            let slips = strsim::osa_distance(other, word);
            if slips <= most {
                near.push((slips, other, *stem));
            }
        }
        near.sort_by_key(|(slips, other, stem)| {
            (*slips, std::cmp::Reverse(self.postings.get(*stem as usize).map_or(0, Vec::len)), *other)
        });
        let least = near.first().map_or(0, |(slips, ..)| *slips);
        let nearest = near.first().map(|(_, other, _)| (*other).to_owned());
        for (slips, _, stem) in near.into_iter().filter(|(slips, ..)| *slips == least) {
            if !stems.iter().any(|(known, _)| *known == stem) {
                stems.push((stem, if slips == 1 { ONE_SLIP } else { TWO_SLIPS }));
            }
        }
        Meant { stems, nearest }
    }
}

/// What a word stands for, each with what it is worth.
struct Meant {
    stems: Vec<(u32, f32)>,
    nearest: Option<String>,
}

/// What was typed, taken apart as the pages are. Where it is nothing but common words, those are looked for.
fn words(typed: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let typed = typed.replace(['’', '\''], "'").replace("'s ", " ");
    analyzer(false).token_stream(typed.trim_end_matches("'s")).process(&mut |token| {
        if words.len() < MOST_WORDS && !words.contains(&token.text) {
            words.push(token.text.clone());
        }
    });
    words
}

/// Slips of the pen that a word is forgiven. A number means what it says.
fn slips(word: &str) -> usize {
    match word.chars().count() {
        _ if word.contains(|letter: char| letter.is_numeric()) => 0,
        ..4 => 0,
        4..7 => 1,
        7..=LONGEST => 2,
        _ => 0,
    }
}
