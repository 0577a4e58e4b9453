//! The certificate of one completion: a landscape page, centered, with the facts of verification at its foot. Texts
//! that do not fit one page go on to a second, inside the same border.

use krilla::tagging::{ArtifactType, Tag};

use crate::fonts::Fonts;
use crate::layout::{Align, Frame, Ink, Layout, Rectangle, Role, Strip};
use crate::qr::{self, Square};
use crate::styles::{
    ACCENT, CERTIFICATE_BODY, CERTIFICATE_HEADING, CERTIFICATE_NAME, CERTIFICATE_PHRASE, CERTIFICATE_TITLE, HAIRLINE,
    MARGINAL, NOTE, Style,
};
use crate::{Certificate, Error, write};

const LANDSCAPE: Frame =
    Frame { width: 792.0, height: 612.0, left: 108.0, right: 684.0, top: 88.0, next_top: 88.0, bottom: 476.0 };

const QR_SIDE: f32 = 62.0;
/// Where the foot of the page begins.
const FOOT: f32 = 492.0;

pub(crate) fn make(certificate: &Certificate) -> Result<Vec<u8>, Error> {
    let mut layout = Layout::new(Fonts::get()?, LANDSCAPE);
    let title = layout.fonts.bold.printable(&certificate.heading);
    let heading = layout.element(None, write::heading(title));
    let strip = layout.full(Align::Center);
    layout.paragraph(heading, &certificate.heading, &CERTIFICATE_HEADING, strip);
    layout.y += 24.0;
    sentence(&mut layout, "This certifies that", &CERTIFICATE_PHRASE);
    sentence(&mut layout, &certificate.physician, &CERTIFICATE_NAME);
    layout.y += 4.0;
    sentence(&mut layout, "completed the accredited continuing education activity", &CERTIFICATE_PHRASE);
    layout.y += 12.0;
    sentence(&mut layout, &certificate.title, &CERTIFICATE_TITLE);
    sentence(&mut layout, &certificate.provider, &CERTIFICATE_BODY);
    layout.y += 14.0;
    sentence(&mut layout, &format!("on {} and earned", certificate.date), &CERTIFICATE_PHRASE);
    layout.y += 4.0;
    for credit in &certificate.credits {
        sentence(&mut layout, credit, &CERTIFICATE_BODY);
    }
    layout.y += 18.0;
    for note in &certificate.notes {
        sentence(&mut layout, note, &NOTE);
    }
    let square = Square { x: layout.frame.right - QR_SIDE, y: FOOT, side: QR_SIDE };
    qr::draw(&mut layout, &certificate.verify_address, &certificate.verify_code, square)?;
    foot(&mut layout, certificate);
    for page in 0..layout.pages.len() {
        border(&mut layout, page);
    }
    let verify = [certificate.verify_address.as_str(), certificate.verify_code.as_str()];
    write::document(layout, &certificate.heading, &certificate.physician, verify)
}

fn sentence(layout: &mut Layout, text: &str, style: &'static Style) {
    let element = layout.element(None, Tag::P);
    layout.paragraph(element, text, style, layout.full(Align::Center));
}

/// Issue and verification at the left, level with the QR code at the right.
fn foot(layout: &mut Layout, certificate: &Certificate) {
    let strip = Strip { width: 400.0, ..layout.full(Align::Left) };
    let texts = [
        format!("Official certificate issued {}", certificate.issued),
        format!("Verify at {}", certificate.verify_address),
        format!("with code {}", certificate.verify_code),
    ];
    let height = MARGINAL.leading * texts.len() as f32;
    let mut y = FOOT + (QR_SIDE - height) / 2.0;
    for text in texts {
        let element = layout.element(None, Tag::P);
        if let Some(line) = layout.face(&MARGINAL).single_line(&text, MARGINAL.size, strip.width) {
            layout.place_on(0, Role::Content(element), line, &MARGINAL, strip, y);
        }
        y += MARGINAL.leading;
    }
}

/// A strong line and a fine one inside it, around the whole page.
fn border(layout: &mut Layout, page: usize) {
    for (inset, thickness, color) in [(30.0, 1.5, ACCENT), (35.0, 0.5, HAIRLINE)] {
        let (x, y) = (inset, inset);
        let (width, height) = (layout.frame.width - 2.0 * inset, layout.frame.height - 2.0 * inset);
        let rectangles = vec![
            Rectangle { x, y, width, height: thickness },
            Rectangle { x, y: y + height - thickness, width, height: thickness },
            Rectangle { x, y, width: thickness, height },
            Rectangle { x: x + width - thickness, y, width: thickness, height },
        ];
        layout.draw_on(page, Role::Artifact(ArtifactType::Layout), Ink::Rectangles { rectangles, color });
    }
}
