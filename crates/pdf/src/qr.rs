//! The QR code that opens the verification page, drawn as squares: sharp at any size, no image inside the file.

use krilla::geom::Rect;
use krilla::tagging::{BBox, Tag};
use qrcode::{Color, EcLevel, QrCode};

use crate::Error;
use crate::layout::{Ink, Layout, Rectangle, Role};
use crate::styles::INK;

/// Where the code stands, in points. The caller leaves a quiet zone of four modules around it (an eighth of the side).
#[derive(Clone, Copy)]
pub(crate) struct Square {
    pub(crate) x: f32,
    pub(crate) y: f32,
    pub(crate) side: f32,
}

/// Draws the code for `address/code` on the first page, as a figure with its meaning in words.
pub(crate) fn draw(layout: &mut Layout, address: &str, code: &str, square: Square) -> Result<(), Error> {
    let Square { x, y, side } = square;
    let qr = QrCode::with_error_correction_level(format!("{address}/{code}"), EcLevel::M)?;
    let size = side / qr.width() as f32;
    let mut rectangles = Vec::new();
    for (row, modules) in qr.to_colors().chunks(qr.width()).enumerate() {
        let mut column = 0;
        // Dark modules beside each other become one rectangle.
        for run in modules.chunk_by(|a, b| a == b) {
            if run.first() == Some(&Color::Dark) {
                let (x, y) = (x + column as f32 * size, y + row as f32 * size);
                rectangles.push(Rectangle { x, y, width: run.len() as f32 * size, height: size });
            }
            column += run.len();
        }
    }
    let printable = |text| layout.fonts.regular.printable(text);
    let alt = format!("QR code to verify this document at {} with code {}", printable(address), printable(code));
    let bounds = Rect::from_xywh(x, y, side, side).map(|rect| BBox::new(0, rect));
    let figure = layout.element(None, Tag::Figure(Some(alt)).with_bbox(bounds));
    layout.draw_on(0, Role::Content(figure), Ink::Rectangles { rectangles, color: INK });
    Ok(())
}
