//! Every decision of typography: sizes, leading, weights, colors, measures. Points of 1/72 inch, on letter paper.
//! Grays keep a contrast of at least 4.5 to 1 on white, as WCAG asks of text.

use krilla::color::rgb;

/// How one kind of text looks.
pub(crate) struct Style {
    pub(crate) bold: bool,
    pub(crate) size: f32,
    /// Height of a line.
    pub(crate) leading: f32,
    pub(crate) color: Color,
}

/// Red, green, blue.
pub(crate) type Color = (u8, u8, u8);

pub(crate) fn rgb((red, green, blue): Color) -> rgb::Color {
    rgb::Color::new(red, green, blue)
}

pub(crate) const INK: Color = (0x1c, 0x23, 0x2e);
pub(crate) const GRAY: Color = (0x57, 0x60, 0x6e);
pub(crate) const ACCENT: Color = (0x15, 0x3f, 0x63);
pub(crate) const HAIRLINE: Color = (0xd5, 0xda, 0xe1);

const fn regular(size: f32, leading: f32, color: Color) -> Style {
    Style { bold: false, size, leading, color }
}

const fn bold(size: f32, leading: f32, color: Color) -> Style {
    Style { bold: true, size, leading, color }
}

// The transcript.
pub(crate) const HEADING: Style = bold(20.0, 28.0, ACCENT);
pub(crate) const PHYSICIAN: Style = bold(15.0, 21.0, INK);
pub(crate) const RANGE: Style = regular(10.5, 16.0, GRAY);
pub(crate) const LABEL: Style = regular(9.5, 15.0, GRAY);
pub(crate) const BODY: Style = regular(9.5, 15.0, INK);
pub(crate) const TOTAL_LABEL: Style = regular(10.0, 20.0, INK);
pub(crate) const TOTAL: Style = bold(10.0, 20.0, INK);
pub(crate) const COLUMN: Style = bold(8.5, 14.0, ACCENT);
pub(crate) const CELL: Style = regular(9.5, 13.5, INK);
// Programs that extract text take lines whose sizes differ by 5 % for separate blocks, and read the provider after the
// credits. So it differs by color.
pub(crate) const CELL_DETAIL: Style = regular(9.1, 13.0, GRAY);
pub(crate) const NOTE: Style = regular(8.5, 12.5, GRAY);
pub(crate) const MARGINAL: Style = regular(7.5, 11.0, GRAY);

// The certificate.
pub(crate) const CERTIFICATE_HEADING: Style = bold(26.0, 36.0, ACCENT);
pub(crate) const CERTIFICATE_PHRASE: Style = regular(11.0, 18.0, GRAY);
pub(crate) const CERTIFICATE_NAME: Style = bold(24.0, 36.0, INK);
pub(crate) const CERTIFICATE_TITLE: Style = bold(15.0, 22.0, INK);
pub(crate) const CERTIFICATE_BODY: Style = regular(11.0, 18.0, INK);
