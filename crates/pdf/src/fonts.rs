//! Noto Sans in two weights, and text shaped with it: glyphs with kerning and accents in place, broken into lines.
//! The faces are read once for the program.
//!
//! All text is shaped from left to right; `visible` has already replaced scripts that run otherwise.

use std::rc::Rc;
use std::sync::LazyLock;

use krilla::text::{Font, GlyphId, KrillaGlyph};
use rustybuzz::{Direction, ShapePlan, UnicodeBuffer, script};

use crate::Error;
use crate::visible::visible;

static FONTS: LazyLock<Option<Fonts>> = LazyLock::new(|| {
    Some(Fonts { regular: Face::read(notosans::REGULAR_TTF)?, bold: Face::read(notosans::BOLD_TTF)? })
});

/// The two weights that the documents use.
pub(crate) struct Fonts {
    pub(crate) regular: Face,
    pub(crate) bold: Face,
}

impl Fonts {
    pub(crate) fn get() -> Result<&'static Fonts, Error> {
        FONTS.as_ref().ok_or(Error::Fonts)
    }
}

/// One weight, for drawing and for shaping.
pub(crate) struct Face {
    pub(crate) font: Font,
    shaper: rustybuzz::Face<'static>,
    plan: ShapePlan,
}

/// A line of text that fits its width.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    /// The whole paragraph; the glyphs know their places in it.
    pub(crate) text: Rc<str>,
    pub(crate) glyphs: Vec<KrillaGlyph>,
    /// In points, without the space that ends a broken line.
    pub(crate) width: f32,
}

/// A paragraph whose glyphs are known. Providers, statuses and amounts come again and again on one document: a clone
/// shares the work.
#[derive(Clone)]
pub(crate) struct Shaped {
    text: Rc<str>,
    glyphs: Rc<[KrillaGlyph]>,
}

impl Shaped {
    /// Breaks it into lines of at most `width` points. Empty text is no line.
    pub(crate) fn lines(&self, size: f32, width: f32) -> Vec<Line> {
        let Self { text, glyphs } = self;
        let mut lines = Vec::new();
        let mut rest: &[KrillaGlyph] = glyphs;
        while !rest.is_empty() {
            let (glyphs, after) = rest.split_at(line_end(rest, text, width / size));
            // A broken line keeps its last space: to whoever reads by ear, the words would run together without it.
            let hanging = glyphs.last().filter(|glyph| is_space(glyph, text)).map_or(0.0, |space| space.x_advance);
            let advance: f32 = glyphs.iter().map(|glyph| glyph.x_advance).sum();
            lines.push(Line { text: text.clone(), glyphs: glyphs.to_vec(), width: (advance - hanging) * size });
            rest = after;
        }
        lines
    }
}

impl Face {
    fn read(bytes: &'static [u8]) -> Option<Face> {
        let shaper = rustybuzz::Face::from_slice(bytes, 0)?;
        let plan = ShapePlan::new(&shaper, Direction::LeftToRight, Some(script::LATIN), None, &[]);
        Some(Face { font: Font::new(bytes.into(), 0)?, shaper, plan })
    }

    /// The text with everything replaced that this face cannot print.
    pub(crate) fn printable(&self, text: &str) -> String {
        visible(text, |c| self.shaper.glyph_index(c).is_some())
    }

    /// Breaks a paragraph into lines of at most `width` points, at spaces where there are any. Empty text is no line.
    /// Not at hyphens: programs that extract text take one at the end of a line for hyphenation and drop it.
    pub(crate) fn lines(&self, text: &str, size: f32, width: f32) -> Vec<Line> {
        self.shaped(text).lines(size, width)
    }

    /// The text with the glyphs for it, at any size.
    pub(crate) fn shaped(&self, text: &str) -> Shaped {
        let text: Rc<str> = self.printable(text).into();
        Shaped { glyphs: self.shape(&text).into(), text }
    }

    /// One line of at most `width` points; what does not fit gives way to an ellipsis. Empty text is no line.
    pub(crate) fn single_line(&self, text: &str, size: f32, width: f32) -> Option<Line> {
        let mut lines = self.lines(text, size, width).into_iter();
        let first = lines.next()?;
        if lines.next().is_none() {
            return Some(first);
        }
        let mut kept = first.text().to_owned();
        while kept.pop().is_some() {
            let mut lines = self.lines(&format!("{}…", kept.trim_end()), size, width).into_iter();
            if let (Some(line), None) = (lines.next(), lines.next()) {
                return Some(line);
            }
        }
        Some(first)
    }

    fn shape(&self, text: &str) -> Vec<KrillaGlyph> {
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.set_direction(Direction::LeftToRight);
        buffer.set_script(script::LATIN);
        let shaped = rustybuzz::shape_with_plan(&self.shaper, &self.plan, buffer);
        let em = self.font.units_per_em();
        let mut end = text.len();
        let mut cluster_start = text.len();
        let mut glyphs: Vec<KrillaGlyph> = Vec::with_capacity(shaped.len());
        // From the back, since a glyph's text ends where the next cluster of characters begins.
        for (info, position) in shaped.glyph_infos().iter().zip(shaped.glyph_positions()).rev() {
            let start = info.cluster as usize;
            if start != cluster_start {
                end = cluster_start;
                cluster_start = start;
            }
            glyphs.push(KrillaGlyph::new(
                GlyphId::new(info.glyph_id),
                position.x_advance as f32 / em,
                position.x_offset as f32 / em,
                position.y_offset as f32 / em,
                0.0,
                start..end,
                None,
            ));
        }
        glyphs.reverse();
        glyphs
    }
}

impl Line {
    /// The characters on this line, with the space that ends a broken one.
    pub(crate) fn text(&self) -> &str {
        let start = self.glyphs.first().map_or(0, |glyph| glyph.text_range.start);
        let end = self.glyphs.last().map_or(0, |glyph| glyph.text_range.end);
        self.text.get(start..end).unwrap_or_default()
    }
}

/// How many of these glyphs make the next line: up to the last space that fits, or as many as fit if there is none.
fn line_end(glyphs: &[KrillaGlyph], text: &str, width_in_ems: f32) -> usize {
    let mut used = 0.0;
    let mut after_space = None;
    for (position, glyph) in glyphs.iter().enumerate() {
        used += glyph.x_advance;
        if is_space(glyph, text) {
            // May stand beyond the edge, where it is not seen.
            after_space = Some(position + 1);
        } else if used > width_in_ems && position > 0 {
            return after_space.unwrap_or(position);
        }
    }
    glyphs.len()
}

fn is_space(glyph: &KrillaGlyph, text: &str) -> bool {
    text.get(glyph.text_range.clone()) == Some(" ")
}
