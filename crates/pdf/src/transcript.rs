//! The transcript's pages, in the order that today's readers of transcripts expect: heading, name, range, licenses and
//! certifications, totals, the table, notes. The running header and the footer come last, when the pages are counted.

use krilla::tagging::{ArtifactType, TableHeaderScope, Tag};

use crate::fonts::Fonts;
use crate::layout::{Align, Frame, Layout, Role, Strip};
use crate::qr::{self, Square};
use crate::styles::{
    ACCENT, BODY, HAIRLINE, HEADING, LABEL, MARGINAL, NOTE, PHYSICIAN, RANGE, Style, TOTAL, TOTAL_LABEL,
};
use crate::{Error, Transcript, table, write};

const LETTER: Frame =
    Frame { width: 612.0, height: 792.0, left: 54.0, right: 558.0, top: 50.0, next_top: 68.0, bottom: 722.0 };

const QR_SIDE: f32 = 70.0;
/// Left of the QR code stays free so that it can be scanned.
const QR_GAP: f32 = 24.0;

const LABEL_WIDTH: f32 = 92.0;
const AMOUNT_WIDTH: f32 = 90.0;
const MARGIN_GAP: f32 = 16.0;

pub(crate) fn make(transcript: &Transcript) -> Result<Vec<u8>, Error> {
    let mut layout = Layout::new(Fonts::get()?, LETTER);
    identity(&mut layout, transcript)?;
    totals(&mut layout, &transcript.totals);
    layout.y += 22.0;
    if transcript.rows.is_empty() {
        sentence(&mut layout, "No credits are recorded for this range.", &BODY);
    } else {
        table::draw(&mut layout, &transcript.rows);
    }
    layout.y += 12.0;
    for note in &transcript.notes {
        sentence(&mut layout, note, &NOTE);
        layout.y += 3.0;
    }
    margins(&mut layout, transcript);
    let verify = [transcript.verify_address.as_str(), transcript.verify_code.as_str()];
    write::document(layout, &transcript.heading, &transcript.physician, verify)
}

/// Heading, name and range, licenses and certifications, with the QR code at their right.
fn identity(layout: &mut Layout, transcript: &Transcript) -> Result<(), Error> {
    let full = layout.full(Align::Left);
    let title = layout.fonts.bold.printable(&transcript.heading);
    let heading = layout.element(None, write::heading(title));
    layout.paragraph(heading, &transcript.heading, &HEADING, full);
    layout.y += 7.0;
    layout.rule(full, layout.y, 1.25, ACCENT);
    layout.y += 16.0;

    let qr = Square { x: layout.frame.right - QR_SIDE, y: layout.y + 3.0, side: QR_SIDE };
    let beside = Strip { width: full.width - QR_SIDE - QR_GAP, ..full };
    let name = layout.element(None, Tag::P);
    layout.paragraph(name, &transcript.physician, &PHYSICIAN, beside);
    let range = layout.element(None, Tag::P);
    layout.paragraph(range, &transcript.range, &RANGE, beside);
    layout.y += 9.0;
    labelled(layout, "Licenses", &transcript.licenses, beside);
    labelled(layout, "Certifications", &transcript.certifications, beside);
    qr::draw(layout, &transcript.verify_address, &transcript.verify_code, qr)?;
    if layout.pages.len() == 1 {
        layout.y = layout.y.max(qr.y + qr.side);
    }
    Ok(())
}

/// Lines with their name at the left of the first one.
fn labelled(layout: &mut Layout, label: &str, lines: &[String], strip: Strip) {
    if lines.is_empty() {
        return;
    }
    let element = layout.element(None, Tag::P);
    let values = Strip { x: strip.x + LABEL_WIDTH, width: strip.width - LABEL_WIDTH, ..strip };
    if layout.room() < BODY.leading {
        layout.break_page();
    }
    for line in layout.lines(label, &LABEL, LABEL_WIDTH) {
        layout.place(Role::Content(element), line, &LABEL, strip, layout.y);
    }
    for text in lines {
        let element = layout.element(None, Tag::P);
        layout.paragraph(element, text, &BODY, values);
    }
    layout.y += 3.0;
}

/// A table of two columns without a heading row: each label heads its own row.
fn totals(layout: &mut Layout, totals: &[(String, String)]) {
    if totals.is_empty() {
        return;
    }
    layout.y += 14.0;
    let full = layout.full(Align::Left);
    let labels = Strip { width: full.width - AMOUNT_WIDTH, ..full };
    let amounts = Strip { x: full.x + labels.width, width: AMOUNT_WIDTH, align: Align::Right };
    let table = layout.element(None, Tag::Table.with_summary(Some("Totals".to_owned())));
    layout.rule(full, layout.y, 0.5, HAIRLINE);
    for (label, amount) in totals {
        let row = layout.element(Some(table), Tag::TR);
        let head = layout.element(Some(row), Tag::TH(TableHeaderScope::Row));
        let cell = layout.element(Some(row), Tag::TD);
        if layout.room() < TOTAL.leading {
            layout.break_page();
        }
        let amount = layout.face(&TOTAL).single_line(amount, TOTAL.size, AMOUNT_WIDTH);
        layout.y += 1.0;
        layout.paragraph(head, label, &TOTAL_LABEL, labels);
        if let Some(amount) = amount {
            layout.place(Role::Content(cell), amount, &TOTAL, amounts, layout.y - TOTAL.leading);
        }
        layout.y += 1.0;
        layout.rule(full, layout.y, 0.5, HAIRLINE);
    }
}

fn sentence(layout: &mut Layout, text: &str, style: &'static Style) {
    let element = layout.element(None, Tag::P);
    layout.paragraph(element, text, style, layout.full(Align::Left));
}

/// The running header of every page but the first, and the footer of all.
fn margins(layout: &mut Layout, transcript: &Transcript) {
    let count = layout.pages.len();
    for page in 0..count {
        if page > 0 {
            let whose = format!("{} · {}", transcript.heading, transcript.physician);
            marginal(layout, page, ArtifactType::Header, 40.0, [&whose, &transcript.range]);
        }
        let issued = format!("Official transcript issued {}", transcript.issued);
        let number = format!("Page {} of {count}", page + 1);
        let verify = format!("Verify at {} with code {}", transcript.verify_address, transcript.verify_code);
        marginal(layout, page, ArtifactType::Footer, 738.0, [&issued, &number]);
        marginal(layout, page, ArtifactType::Footer, 749.0, [&verify, ""]);
    }
}

/// One line in a page's margin: a text at the left, a shorter one at the right.
fn marginal(layout: &mut Layout, page: usize, kind: ArtifactType, y: f32, [left, right]: [&str; 2]) {
    let full = layout.full(Align::Left);
    let face = layout.face(&MARGINAL);
    let right = face.single_line(right, MARGINAL.size, full.width / 3.0);
    let taken = right.as_ref().map_or(0.0, |line| line.width + MARGIN_GAP);
    let left = face.single_line(left, MARGINAL.size, full.width - taken);
    for (line, align) in [(left, Align::Left), (right, Align::Right)] {
        if let Some(line) = line {
            layout.place_on(page, Role::Artifact(kind), line, &MARGINAL, Strip { align, ..full }, y);
        }
    }
}
