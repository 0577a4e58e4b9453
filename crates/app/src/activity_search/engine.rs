//! The index itself: filled, changed and asked. It blocks; the module above calls it where that is allowed.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use domain::ActivityId;
use domain::reference::Reference;
use jiff::civil::Date;
use store::activities::Displayed;
use tantivy::query::{EmptyQuery, Query, RangeQuery};
use tantivy::{Index, IndexReader, IndexWriter, ReloadPolicy, Term};

use super::asked::{PER_PAGE, Search, Sort};
use super::counting::{Counted, Counting, Plan, Range};
use super::document::Fields;
use super::facets::{Facet, Values};
use super::gap::Gap;
use super::rows::Segments;
use super::when::{When, day_number};
use super::{FacetCounts, Found, Value, Way, words};

/// What one writing thread may hold in memory before it makes a segment.
const FILLING_BYTES: usize = 60_000_000;
const CHANGING_BYTES: usize = 15_000_000;
/// Threads that fill a new index.
const FILLERS: usize = 2;
/// Values of a facet that are told, beside those that are chosen.
const MOST_VALUES: usize = 50;

pub(super) struct Engine {
    index: Index,
    fields: Fields,
    reader: IndexReader,
    writer: Mutex<Option<IndexWriter>>,
    values: RwLock<Values>,
    segments: Segments,
}

/// Fills a new index.
pub(super) struct Filling {
    engine: Engine,
    writer: IndexWriter,
}

impl Filling {
    pub fn begin() -> tantivy::Result<Self> {
        let (schema, fields) = Fields::schema();
        let index = Index::create_in_ram(schema);
        words::register(&index);
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let writer = index.writer_with_num_threads(FILLERS, FILLERS * FILLING_BYTES)?;
        let (values, segments) = (RwLock::default(), Segments::default());
        Ok(Self { engine: Engine { index, fields, reader, writer: Mutex::new(None), values, segments }, writer })
    }

    pub fn add(&self, shown: &[Displayed], reference: &Reference) -> tantivy::Result<()> {
        let mut values = self.engine.values.write().unwrap_or_else(PoisonError::into_inner);
        for one in shown {
            self.writer.add_document(self.engine.fields.document(one, reference, &mut values))?;
        }
        Ok(())
    }

    /// Makes what was added one segment: a search then looks each word up once.
    pub fn end(mut self) -> tantivy::Result<Engine> {
        self.writer.commit()?;
        let ids = self.engine.index.searchable_segment_ids()?;
        if ids.len() > 1 {
            self.writer.merge(&ids).wait()?;
        }
        self.writer.wait_merging_threads()?;
        self.engine.show()?;
        Ok(self.engine)
    }
}

impl Engine {
    /// Searches see what was committed.
    fn show(&self) -> tantivy::Result<()> {
        self.reader.reload()?;
        let searcher = self.reader.searcher();
        self.segments.of(&searcher)?;
        self.segments.keep_only(&searcher);
        Ok(())
    }

    fn writer(&self) -> MutexGuard<'_, Option<IndexWriter>> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes over changes: of the activities that changed, those that are shown now. What has ended is left out
    /// for good.
    pub fn change(
        &self,
        changed: &[ActivityId],
        shown: &[Displayed],
        ended_before: Option<Date>,
        reference: &Reference,
    ) -> tantivy::Result<()> {
        let mut writer = self.writer();
        if writer.is_none() {
            *writer = Some(self.index.writer_with_num_threads(1, CHANGING_BYTES)?);
        }
        let Some(writer) = writer.as_mut() else { return Ok(()) };
        for id in changed {
            writer.delete_term(Term::from_field_u64(self.fields.id, id.as_str().parse().unwrap_or_default()));
        }
        if let Some(day) = ended_before {
            let before = Term::from_field_i64(self.fields.ends, day_number(day));
            let ended = RangeQuery::new(std::ops::Bound::Unbounded, std::ops::Bound::Excluded(before));
            writer.delete_query(Box::new(ended))?;
        }
        {
            let mut values = self.values.write().unwrap_or_else(PoisonError::into_inner);
            for one in shown {
                writer.add_document(self.fields.document(one, reference, &mut values))?;
            }
        }
        writer.commit()?;
        self.show()
    }

    /// Activities in the index; those that ended since midnight may be among them.
    pub fn len(&self) -> u64 {
        self.reader.searcher().num_docs()
    }

    /// What a search finds on a day. `shown`: only what could be seen first after the first of these changes, and
    /// not after the second.
    pub fn search(
        &self,
        search: &Search,
        today: Date,
        gap: Option<&Gap>,
        shown: Option<(i64, i64)>,
        most: Option<usize>,
    ) -> tantivy::Result<Found> {
        // first the searcher: all values that its activities have are known by then
        let searcher = self.reader.searcher();
        let values = self.values.read().unwrap_or_else(PoisonError::into_inner);
        let typed = words::words(&search.words);
        let (skipped, first) = match most {
            Some(most) => (0, most),
            None => ((search.page() - 1) * PER_PAGE, search.page() * PER_PAGE),
        };
        let plan = Arc::new(plan(search, &values, day_number(today), gap, shown, first, !typed.is_empty()));
        let is_scored = plan.has_words && plan.sort == Sort::Relevance;
        let query: Box<dyn Query> = if words::is_beyond_words(&search.words) {
            Box::new(EmptyQuery)
        } else {
            words::query(&searcher, &self.fields, &typed, is_scored)?
        };
        let counting = Counting { plan, segments: self.segments.of(&searcher)? };
        let counted = searcher.search(&*query, &counting)?;
        let read_as = words::nearest(&searcher, &self.fields, &typed)?;
        Ok(found(search, &values, &counted, skipped, read_as))
    }
}

fn plan(
    search: &Search,
    values: &Values,
    today: i64,
    gap: Option<&Gap>,
    shown: Option<(i64, i64)>,
    first: usize,
    has_words: bool,
) -> Plan {
    let all = values.all();
    let mut is_chosen = vec![false; all.len()];
    let mut wanted = 0;
    for (facet, chosen) in &search.chosen {
        wanted |= 1 << facet.place();
        for number in chosen.iter().filter_map(|value| values.find(*facet, value)) {
            if let Some(is_chosen) = is_chosen.get_mut(number as usize) {
                *is_chosen = true;
            }
        }
    }
    let when = search.chosen.get(&Facet::When);
    let from = search.from.map(day_number);
    let is_any = search.from.is_none() && search.to.is_none();
    let amount = |amount: domain::Amount| i32::try_from(amount.hundredths()).unwrap_or(i32::MAX);
    Plan {
        today,
        sort: search.sort(),
        has_words,
        first,
        facet_of: all.iter().map(|(facet, _)| u8::try_from(facet.place()).unwrap_or(u8::MAX)).collect(),
        is_chosen,
        wanted,
        when: when.into_iter().flatten().filter_map(|code| When::read(code)).collect(),
        dates: (!is_any).then(|| (from.unwrap_or(i64::MIN), search.to.map_or(i64::MAX, day_number))),
        amounts: (search.least.is_some() || search.most.is_some())
            .then(|| (search.least.map_or(0, amount), search.most.map_or(i32::MAX, amount))),
        fitting: gap
            .filter(|_| search.fits)
            .map(|gap| all.iter().map(|(facet, value)| gap.is_met_by(*facet, value)).collect()),
        shown,
        near: from.unwrap_or(today).max(today),
    }
}

fn found(search: &Search, values: &Values, counted: &Counted, skipped: usize, read_as: Vec<(String, String)>) -> Found {
    let ids = counted.first.iter().skip(skipped).filter_map(|id| format!("{id:09}").parse().ok()).collect();
    let mut by_facet: Vec<Vec<Value>> = vec![Vec::new(); Facet::ALL.len()];
    let value = |facet: Facet, code: &str, name: Option<&str>, count: u32| Value {
        code: code.to_owned(),
        name: name.map(str::to_owned),
        count: u64::from(count),
        is_chosen: search.is_chosen(facet, code),
    };
    for ((number, (facet, code)), count) in (0..).zip(values.all()).zip(&counted.counts) {
        if *count > 0 || search.is_chosen(*facet, code) {
            by_facet[facet.place()].push(value(*facet, code, values.name(number), *count));
        }
    }
    for (when, count) in When::ALL.into_iter().zip(counted.when) {
        if count > 0 || search.is_chosen(Facet::When, when.code()) {
            by_facet[Facet::When.place()].push(value(Facet::When, when.code(), None, count));
        }
    }
    let facets = Facet::ALL.iter().zip(by_facet).map(|(facet, mut values)| {
        // what is chosen and does not occur at all can still be taken back
        for code in search.chosen.get(facet).into_iter().flatten() {
            if !values.iter().any(|known| known.code == *code) {
                values.push(value(*facet, code, None, 0));
            }
        }
        let order = facet.order();
        if order.is_empty() {
            values.sort_by(|a, b| (b.count, &a.name, &a.code).cmp(&(a.count, &b.name, &b.code)));
        } else {
            values.sort_by_key(|value| order.iter().position(|code| *code == value.code).unwrap_or(usize::MAX));
        }
        let mut place = 0;
        values.retain(|value| {
            place += 1;
            place <= MOST_VALUES || value.is_chosen
        });
        FacetCounts { facet: *facet, values }
    });
    let ways = Facet::ALL.iter().map(|facet| Way::Facet(*facet)).chain(Range::ALL.into_iter().map(Way::Range));
    let more = ways.zip(counted.more_without).filter(|(_, count)| *count > 0);
    Found { total: counted.total, ids, facets: facets.collect(), more_without: more.collect(), read_as }
}
