//! A QR code as the path of an SVG: sharp at any size, and nothing that the content security policy refuses.

use qrcode::{Color, QrCode};

/// Empty modules around the code, without which readers do not find it.
const QUIET: usize = 4;

/// A square of `side` modules and the path of the dark ones. `None` if the text is too long.
pub(super) struct Qr {
    pub(super) side: usize,
    pub(super) path: String,
}

pub(super) fn draw(text: &str) -> Option<Qr> {
    let code = QrCode::new(text).ok()?;
    let mut path = String::new();
    for (row, modules) in code.to_colors().chunks(code.width()).enumerate() {
        let mut column = 0;
        // dark modules beside each other become one rectangle
        for run in modules.chunk_by(|a, b| a == b) {
            if run.first() == Some(&Color::Dark) {
                let (x, y, width) = (column + QUIET, row + QUIET, run.len());
                path.push_str(&format!("M{x} {y}h{width}v1h-{width}z"));
            }
            column += run.len();
        }
    }
    Some(Qr { side: code.width() + 2 * QUIET, path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_row_is_a_finder_pattern() {
        let qr = draw("otpauth://totp/x?secret=A").unwrap();
        assert!(qr.path.starts_with("M4 4h7v1h-7z"), "{}", qr.path);
        assert!(draw(&"x".repeat(5000)).is_none());
    }
}
