//! Turns a layout into PDF: draws each page, ties what is drawn to its structure element, and writes title, language and
//! outline. The writer itself checks PDF/UA-1 and refuses what would not meet it.
//!
//! No date goes into the file's own metadata: the same transcript gives the same bytes.

use std::num::NonZeroU16;

use krilla::configure::{Accessibility, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::error::KrillaError;
use krilla::geom::{Path, PathBuilder, Point, Rect};
use krilla::metadata::Metadata;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ContentTag, Identifier, Node, SpanTag, Tag, TagGroup, TagKind, TagTree};
use krilla::{Document, SerializeSettings};

use crate::Error;
use crate::layout::{Element, Ink, Item, Layout, Rectangle, Role};
use crate::styles::{Color, rgb};

const LANGUAGE: &str = "en-US";

/// The tag of the document's one heading. PDF/UA wants its text once more as a title.
pub(crate) fn heading(title: String) -> TagKind {
    Tag::Hn(NonZeroU16::MIN, Some(title)).into()
}

/// Writes the whole document. Heading and name together become its title; how to verify it, its description, where
/// a program finds the code without reading pages.
pub(crate) fn document(layout: Layout, heading: &str, name: &str, verify: [&str; 2]) -> Result<Vec<u8>, Error> {
    let configuration = ConfigurationBuilder::new()
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|error| Error::Write(format!("{error:?}")))?;
    let mut document = Document::new_with(SerializeSettings { configuration, ..SerializeSettings::default() });

    let title = layout.fonts.regular.printable(&format!("{heading}: {name}"));
    let [address, code] = verify;
    let description = layout.fonts.regular.printable(&format!("Verify at {address} with code {code}"));
    let metadata = Metadata::new().title(title.clone()).description(description).language(LANGUAGE.to_owned());
    document.set_metadata(metadata);
    let mut outline = Outline::new();
    outline.push_child(OutlineNode::new(title, XyzDestination::new(0, Point::from_xy(0.0, 0.0))));
    document.set_outline(outline);

    let mut content: Vec<Vec<Node>> = layout.elements.iter().map(|_| Vec::new()).collect();
    for items in &layout.pages {
        let settings = PageSettings::from_wh(layout.frame.width, layout.frame.height);
        let mut page = document.start_page_with(settings.unwrap_or_default());
        let mut surface = page.surface();
        for item in items {
            let identifier = draw_tagged(&mut surface, &layout, item);
            if let Role::Content(element) = item.role
                && let Some(content) = content.get_mut(element.0)
            {
                content.push(identifier.into());
            }
        }
        surface.finish();
        page.finish();
    }
    document.set_tag_tree(tag_tree(layout.elements, content));
    document.finish().map_err(refusal)
}

fn draw_tagged(surface: &mut Surface, layout: &Layout, item: &Item) -> Identifier {
    let tag = match (item.role, &item.ink) {
        (Role::Artifact(kind), _) => ContentTag::Artifact(Artifact::with_kind(kind)),
        (Role::Content(_), Ink::Text { .. }) => ContentTag::Span(SpanTag::empty()),
        (Role::Content(_), Ink::Rectangles { .. }) => ContentTag::Other,
    };
    let identifier = surface.start_tagged(tag);
    match &item.ink {
        Ink::Text { line, x, baseline, style } => {
            surface.set_fill(Some(fill(style.color)));
            let font = layout.face(style).font.clone();
            surface.draw_glyphs(Point::from_xy(*x, *baseline), &line.glyphs, font, &line.text, style.size, false);
        }
        Ink::Rectangles { rectangles, color } => {
            surface.set_fill(Some(fill(*color)));
            if let Some(path) = path(rectangles) {
                surface.draw_path(&path);
            }
        }
    }
    surface.end_tagged();
    identifier
}

fn fill(color: Color) -> Fill {
    Fill { paint: rgb(color).into(), ..Fill::default() }
}

fn path(rectangles: &[Rectangle]) -> Option<Path> {
    let mut builder = PathBuilder::new();
    for Rectangle { x, y, width, height } in rectangles {
        builder.push_rect(Rect::from_xywh(*x, *y, *width, *height)?);
    }
    builder.finish()
}

/// Nests the elements. Each comes after its parent in the list, so going backwards finds every child complete.
fn tag_tree(elements: Vec<Element>, mut children: Vec<Vec<Node>>) -> TagTree {
    let mut top = Vec::new();
    for element in elements.into_iter().rev() {
        let mut nodes = children.pop().unwrap_or_default();
        // An empty paragraph is left out; an empty cell is not, or its row would have too few.
        if nodes.is_empty() && !matches!(element.tag, TagKind::TD(_) | TagKind::TH(_)) {
            continue;
        }
        if matches!(nodes.first(), Some(Node::Group(_))) {
            nodes.reverse();
        }
        let mut group = TagGroup::new(element.tag);
        group.children = nodes;
        let siblings = element.parent.and_then(|parent| children.get_mut(parent.0)).unwrap_or(&mut top);
        siblings.push(group.into());
    }
    let mut tree = TagTree::new().with_lang(Some(LANGUAGE.to_owned()));
    top.into_iter().rev().for_each(|node| tree.push(node));
    tree
}

fn refusal(error: KrillaError) -> Error {
    match error {
        KrillaError::Validation(failures) => Error::Write(format!("{failures:?}")),
        other => Error::Write(other.to_string()),
    }
}
