//! What a release brings to the help: questions, guides and release notes from the files in `crates/app/help`, and one
//! page for each problem code, so that none can be missing. What staff have edited is left alone.
//!
//! A file holds pages one after another: a line `=== KIND SLUG CATEGORY`, fields `name: value`, a line `---`, and the
//! text up to the next page.

use domain::help::{Category, Content, Kind, Status, is_slug};
use domain::{Code, HelpEntryId};
use sha2::{Digest, Sha256};
use store::Store;
use store::help::{Entry, Seed};
use uuid::Builder;

use crate::clock::Clock;
use crate::{Error, Result};

const FILES: [&str; 7] = [
    include_str!("../../help/everyone.md"),
    include_str!("../../help/physicians.md"),
    include_str!("../../help/providers.md"),
    include_str!("../../help/boards.md"),
    include_str!("../../help/guides.md"),
    include_str!("../../help/problems.md"),
    include_str!("../../help/releases.md"),
];

/// Brings in what is new, and what changed since the last release and nobody edited.
pub(crate) async fn seed(store: &Store, clock: &Clock) -> Result<()> {
    let seeds = all(clock.now())?;
    let mut tx = store.write().await?;
    let touched = store::help::seed(&mut tx, &seeds).await?;
    tx.commit().await?;
    if touched > 0 {
        tracing::info!(touched, "pages of the help came with this release");
    }
    Ok(())
}

/// Everything that this release has.
fn all(now: i64) -> Result<Vec<Seed>> {
    let mut seeds = Vec::new();
    for file in FILES {
        for (place, page) in (1..).zip(pages_of(file)) {
            seeds.push(page_of(page, place, now)?);
        }
    }
    // problems whose words say enough have no page in a file
    for (place, code) in (1..).zip(Code::ALL) {
        let written =
            seeds.iter_mut().find(|seed| seed.entry.kind == Kind::Problem && seed.entry.slug == code.as_str());
        let base = Content {
            title: code.title().to_owned(),
            summary: code.remedy().to_owned(),
            words: format!("problem code error {}", code.as_str()),
            ..Content::default()
        };
        match written {
            Some(seed) => {
                seed.entry.place = place;
                let written = std::mem::take(&mut seed.entry.content);
                seed.entry.content = Content { body: written.body, related: written.related, ..base };
                seed.digest = digest_of(&seed.entry);
            }
            None => seeds.push(seed_of(Kind::Problem, code.as_str(), None, base, (place, now))),
        }
    }
    Ok(seeds)
}

/// The pages of a file, each from the line that names it.
fn pages_of(file: &'static str) -> impl Iterator<Item = &'static str> {
    file.split("\n=== ").map(|page| page.trim_start_matches("=== ")).filter(|page| !page.trim().is_empty())
}

fn page_of(page: &str, place: i64, now: i64) -> Result<Seed> {
    let broken = |what: &str| {
        let first = page.lines().next().unwrap_or_default();
        Error::Internal(format!("a page of the help cannot be read, {what}: {first}"))
    };
    let (head, body) = page.split_once("\n---\n").ok_or_else(|| broken("no line ---"))?;
    let mut lines = head.lines();
    let mut named = lines.next().unwrap_or_default().split(' ');
    let kind = named.next().and_then(Kind::read).ok_or_else(|| broken("its kind"))?;
    let slug = named.next().unwrap_or_default();
    let category = named.next().and_then(Category::read);
    let needs_category = matches!(kind, Kind::Question | Kind::Guide);
    if category.is_some() != needs_category {
        return Err(broken("its category"));
    }
    let is_named = match kind {
        Kind::Problem => slug.parse::<Code>().is_ok(),
        _ => is_slug(slug),
    };
    if !is_named {
        return Err(broken("its address"));
    }
    let mut content = Content { body: body.trim().to_owned(), ..Content::default() };
    for line in lines {
        let (name, value) = line.split_once(": ").ok_or_else(|| broken("a field"))?;
        let value = value.trim().to_owned();
        match name {
            "title" => content.title = value,
            "summary" => content.summary = value,
            "words" => content.words = value,
            "related" => content.related = value.split_whitespace().map(str::to_owned).collect(),
            "released" => content.released_on = value,
            _ => return Err(broken("an unknown field")),
        }
    }
    Ok(seed_of(kind, slug, category, content, (place, now)))
}

fn seed_of(kind: Kind, slug: &str, category: Option<Category>, content: Content, (place, now): (i64, i64)) -> Seed {
    let digest = Sha256::digest(format!("help page {} {slug}", kind.code()));
    let mut id = [0_u8; 16];
    for (to, from) in id.iter_mut().zip(digest) {
        *to = from;
    }
    let entry = Entry {
        // the same in every installation
        id: HelpEntryId::new(Builder::from_custom_bytes(id).into_uuid()),
        kind,
        slug: slug.to_owned(),
        category,
        status: Status::Published,
        place,
        content,
        is_edited: false,
        version: 1,
        created_at: now,
        changed_at: now,
        changed_by: String::new(),
    };
    Seed { digest: digest_of(&entry), entry }
}

fn digest_of(entry: &Entry) -> String {
    let category = entry.category.map_or("", Category::code);
    let all = format!("{category} {} {:?}", entry.place, entry.content);
    Sha256::digest(all).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::help::{markup, shelf};

    #[test]
    fn every_page_can_be_read_and_every_problem_has_one() {
        let seeds = all(0).unwrap();
        let count = |kind| seeds.iter().filter(|seed| seed.entry.kind == kind).count();
        assert!(count(Kind::Question) >= 45, "{} questions", count(Kind::Question));
        assert!(count(Kind::Guide) >= 8, "{} guides", count(Kind::Guide));
        assert_eq!(count(Kind::Problem), Code::ALL.len());
        let addresses: HashSet<_> = seeds.iter().map(|seed| (seed.entry.kind, seed.entry.slug.clone())).collect();
        assert_eq!(addresses.len(), seeds.len(), "two pages have one address");
        for Seed { entry, .. } in &seeds {
            let Content { title, summary, body, .. } = &entry.content;
            assert!(!title.is_empty() && title.chars().count() <= 150, "{}", entry.slug);
            assert!(!summary.is_empty() && summary.chars().count() <= 400, "{}", entry.slug);
            assert!(entry.kind == Kind::Problem || body.split_whitespace().count() >= 40, "{} is short", entry.slug);
        }
        let of_category = |category| seeds.iter().filter(|seed| seed.entry.category == Some(category)).count();
        assert!(Category::ALL.iter().all(|category| of_category(*category) >= 2));
    }

    #[test]
    fn what_a_page_refers_to_is_there() {
        let seeds = all(0).unwrap();
        let names: HashSet<String> = seeds.iter().map(|seed| shelf::name(seed.entry.kind, &seed.entry.slug)).collect();
        for Seed { entry, .. } in &seeds {
            for related in &entry.content.related {
                assert!(names.contains(related), "{} names {related}", entry.slug);
            }
            for link in markup::own_links(&entry.content.body) {
                if let Some(page) = link.strip_prefix("/help/").filter(|page| page.contains('/')) {
                    let is_part = page.starts_with("categories/");
                    assert!(is_part || names.contains(page), "{} links to {link}", entry.slug);
                }
            }
        }
    }

    #[test]
    fn no_text_blames_shouts_or_says_please() {
        for Seed { entry, .. } in all(0).unwrap() {
            let text = format!("{} {} {}", entry.content.title, entry.content.summary, entry.content.body);
            let lower = text.to_lowercase();
            for word in ["!", "please", "licence", "simply", "obviously", "accredited provider id"] {
                assert!(!lower.contains(word), "{} holds “{word}”", entry.slug);
            }
        }
    }
}
