//! All published pages of one moment, ready to be shown: markup rendered, words indexed, what belongs together found.

use std::collections::{HashMap, HashSet};

use domain::help::{Category, Kind};
use store::help::Entry;

use super::index::{Index, Results};
use super::markup;

/// A page as everybody reads it.
#[derive(Debug, Clone)]
pub struct Page {
    pub entry: Entry,
    /// Of its body.
    pub html: String,
}

impl Page {
    /// Its address.
    pub fn path(&self) -> String {
        path(self.entry.kind, &self.entry.slug)
    }
}

/// The address of a page.
pub(super) fn path(kind: Kind, slug: &str) -> String {
    match kind {
        Kind::Question => format!("/help/questions/{slug}"),
        Kind::Guide => format!("/help/guides/{slug}"),
        Kind::Webinar => format!("/help/webinars/{slug}"),
        Kind::Release => format!("/help/releases#{slug}"),
        Kind::Problem => format!("/help/problems/{slug}"),
    }
}

/// The address of a page, also of one that only staff see.
pub fn path_of(entry: &Entry) -> String {
    path(entry.kind, &entry.slug)
}

/// How related pages are named in what a page says: `questions/what-is-moc`.
pub(super) fn name(kind: Kind, slug: &str) -> String {
    path(kind, slug).trim_start_matches("/help/").to_owned()
}

pub struct Shelf {
    seen: i64,
    pages: Vec<Page>,
    by_address: HashMap<(Kind, String), usize>,
    index: Index,
}

/// Related pages of each.
const RELATED: usize = 4;

impl Shelf {
    pub(super) fn of(seen: i64, entries: Vec<Entry>) -> Self {
        let pages: Vec<Page> =
            entries.into_iter().map(|entry| Page { html: markup::html_of(&entry.content.body), entry }).collect();
        let by_address =
            pages.iter().enumerate().map(|(at, page)| ((page.entry.kind, page.entry.slug.clone()), at)).collect();
        let index = Index::of(&pages);
        Self { seen, pages, by_address, index }
    }

    /// The change up to which it is current.
    pub fn seen(&self) -> i64 {
        self.seen
    }

    pub fn pages(&self) -> &[Page] {
        &self.pages
    }

    /// `None`: no such page, or not for everybody.
    pub fn find(&self, kind: Kind, slug: &str) -> Option<&Page> {
        self.at(kind, slug).and_then(|at| self.pages.get(at))
    }

    fn at(&self, kind: Kind, slug: &str) -> Option<usize> {
        self.by_address.get(&(kind, slug.to_owned())).copied()
    }

    /// Pages of a kind, in order.
    pub fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &Page> {
        self.pages.iter().filter(move |page| page.entry.kind == kind)
    }

    /// Questions or guides of a category, in order.
    pub fn of_category(&self, kind: Kind, category: Category) -> impl Iterator<Item = &Page> {
        self.of_kind(kind).filter(move |page| page.entry.category == Some(category))
    }

    /// The pages that fit best what was typed.
    pub fn search(&self, typed: &str) -> Results {
        self.index.search(typed, &self.pages)
    }

    /// Pages that belong to one: chosen by hand first, then by their words, those of its category before others.
    pub fn related(&self, page: &Page) -> Vec<&Page> {
        let Some(own) = self.at(page.entry.kind, &page.entry.slug) else { return Vec::new() };
        let chosen = &page.entry.content.related;
        let mut near: Vec<usize> = chosen
            .iter()
            .filter_map(|chosen| {
                self.pages.iter().position(|other| name(other.entry.kind, &other.entry.slug) == *chosen)
            })
            .collect();
        if matches!(page.entry.kind, Kind::Question | Kind::Guide | Kind::Problem) {
            let like = self.index.like(own).into_iter().filter(|other| self.is_offered(page, *other));
            let is_near =
                |other: &usize| self.pages.get(*other).is_some_and(|other| other.entry.category == page.entry.category);
            let (inside, outside): (Vec<usize>, Vec<usize>) = like.take(RELATED * 3).partition(is_near);
            near.extend(inside.into_iter().chain(outside));
        }
        let mut seen = HashSet::from([own]);
        near.retain(|one| seen.insert(*one));
        near.truncate(RELATED.max(chosen.len()));
        near.into_iter().filter_map(|at| self.pages.get(at)).collect()
    }

    /// Questions and guides are; problems, which are many and alike, beside each other only.
    fn is_offered(&self, beside: &Page, other: usize) -> bool {
        match self.pages.get(other).map(|other| other.entry.kind) {
            Some(Kind::Question | Kind::Guide) => true,
            kind => kind == Some(Kind::Problem) && beside.entry.kind == Kind::Problem,
        }
    }
}
