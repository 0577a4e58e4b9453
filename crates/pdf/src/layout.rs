//! Where everything stands: pages of placed lines, rules and squares, and beside them the tree of structure elements
//! that tells assistive technology what they are. Nothing is drawn yet, because the footer needs the number of pages.
//!
//! `y` runs downwards from the top of the page, in points.

use std::cell::RefCell;
use std::collections::HashMap;

use krilla::tagging::{ArtifactType, TagKind};

use crate::fonts::{Face, Fonts, Line, Shaped};
use crate::styles::{Color, Style};

/// A document that is being laid out. Lines are added at `y`, which moves down and on to the next page.
pub(crate) struct Layout {
    pub(crate) fonts: &'static Fonts,
    pub(crate) frame: Frame,
    pub(crate) pages: Vec<Vec<Item>>,
    pub(crate) elements: Vec<Element>,
    /// The next free position on the last page.
    pub(crate) y: f32,
    /// Texts that were shaped before on this document, in each of the two weights.
    shaped: RefCell<[HashMap<String, Shaped>; 2]>,
}

/// The paper and the part of it that holds running text.
pub(crate) struct Frame {
    pub(crate) width: f32,
    pub(crate) height: f32,
    pub(crate) left: f32,
    pub(crate) right: f32,
    /// Where text begins on the first page.
    pub(crate) top: f32,
    /// Where text begins on the others, below their running header.
    pub(crate) next_top: f32,
    /// Where text ends, above the footer.
    pub(crate) bottom: f32,
}

/// One thing on a page.
pub(crate) struct Item {
    pub(crate) role: Role,
    pub(crate) ink: Ink,
}

/// What a thing on the page is to a reader.
#[derive(Clone, Copy)]
pub(crate) enum Role {
    /// Content of this structure element.
    Content(ElementId),
    /// Decoration or repetition, which assistive technology leaves out.
    Artifact(ArtifactType),
}

/// What is drawn.
pub(crate) enum Ink {
    Text { line: Line, x: f32, baseline: f32, style: &'static Style },
    Rectangles { rectangles: Vec<Rectangle>, color: Color },
}

#[derive(Clone, Copy)]
pub(crate) struct Rectangle {
    pub(crate) x: f32,
    pub(crate) y: f32,
    pub(crate) width: f32,
    pub(crate) height: f32,
}

/// A structure element such as a paragraph or a table cell. It holds either other elements or items.
pub(crate) struct Element {
    pub(crate) tag: TagKind,
    pub(crate) parent: Option<ElementId>,
}

/// The position in [`Layout::elements`].
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct ElementId(pub(crate) usize);

/// The strip of the page that a paragraph fills.
#[derive(Clone, Copy)]
pub(crate) struct Strip {
    pub(crate) x: f32,
    pub(crate) width: f32,
    pub(crate) align: Align,
}

#[derive(Clone, Copy)]
pub(crate) enum Align {
    Left,
    Center,
    Right,
}

impl Layout {
    pub(crate) fn new(fonts: &'static Fonts, frame: Frame) -> Layout {
        Layout { fonts, y: frame.top, frame, pages: vec![Vec::new()], elements: Vec::new(), shaped: RefCell::default() }
    }

    /// The strip between the margins.
    pub(crate) fn full(&self, align: Align) -> Strip {
        Strip { x: self.frame.left, width: self.frame.right - self.frame.left, align }
    }

    pub(crate) fn face(&self, style: &Style) -> &'static Face {
        if style.bold { &self.fonts.bold } else { &self.fonts.regular }
    }

    pub(crate) fn lines(&self, text: &str, style: &Style, width: f32) -> Vec<Line> {
        let face = self.face(style);
        let mut known = self.shaped.borrow_mut();
        let [regular, bold] = &mut *known;
        let known = if style.bold { bold } else { regular };
        if let Some(shaped) = known.get(text) {
            return shaped.lines(style.size, width);
        }
        let shaped = face.shaped(text);
        let lines = shaped.lines(style.size, width);
        known.insert(text.to_owned(), shaped);
        lines
    }

    /// Adds a structure element: at the end of the document, or at the end of its parent.
    pub(crate) fn element(&mut self, parent: Option<ElementId>, tag: impl Into<TagKind>) -> ElementId {
        self.elements.push(Element { tag: tag.into(), parent });
        ElementId(self.elements.len() - 1)
    }

    /// How much of the page is left.
    pub(crate) fn room(&self) -> f32 {
        self.frame.bottom - self.y
    }

    pub(crate) fn break_page(&mut self) {
        self.pages.push(Vec::new());
        self.y = self.frame.next_top;
    }

    /// Places text at `y`, line by line, over as many pages as it takes.
    pub(crate) fn paragraph(&mut self, element: ElementId, text: &str, style: &'static Style, strip: Strip) {
        for line in self.lines(text, style, strip.width) {
            if self.room() < style.leading {
                self.break_page();
            }
            self.place(Role::Content(element), line, style, strip, self.y);
            self.y += style.leading;
        }
    }

    /// Places one line on the last page with its top at `y`.
    pub(crate) fn place(&mut self, role: Role, line: Line, style: &'static Style, strip: Strip, y: f32) {
        let page = self.pages.len() - 1;
        self.place_on(page, role, line, style, strip, y);
    }

    /// Places one line on any page.
    pub(crate) fn place_on(
        &mut self,
        page: usize,
        role: Role,
        line: Line,
        style: &'static Style,
        strip: Strip,
        y: f32,
    ) {
        let slack = strip.width - line.width;
        let x = match strip.align {
            Align::Left => strip.x,
            Align::Center => strip.x + slack / 2.0,
            Align::Right => strip.x + slack,
        };
        // Capitals of Noto Sans are 0.714 em high: this centers them in the line.
        let baseline = y + style.leading / 2.0 + style.size * 0.357;
        self.draw_on(page, role, Ink::Text { line, x, baseline, style });
    }

    /// Draws a horizontal rule on the last page, as wide as the strip.
    pub(crate) fn rule(&mut self, strip: Strip, y: f32, thickness: f32, color: Color) {
        let rectangle = Rectangle { x: strip.x, y, width: strip.width, height: thickness };
        self.draw(Role::Artifact(ArtifactType::Layout), Ink::Rectangles { rectangles: vec![rectangle], color });
    }

    pub(crate) fn draw(&mut self, role: Role, ink: Ink) {
        let page = self.pages.len() - 1;
        self.draw_on(page, role, ink);
    }

    pub(crate) fn draw_on(&mut self, page: usize, role: Role, ink: Ink) {
        if let Some(items) = self.pages.get_mut(page) {
            items.push(Item { role, ink });
        }
    }
}
