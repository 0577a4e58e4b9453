//! The official transcript and the certificate of one completion, as tagged PDF that meets PDF/UA-1. Plain strings in,
//! bytes out: whoever calls has already formatted dates, credits and names, and sorted the rows.
//!
//! The same input gives the same bytes. Any text is accepted: what the font cannot draw, and what would reorder or hide
//! other text, becomes a visible replacement character.

mod certificate;
mod fonts;
mod layout;
mod qr;
mod styles;
mod table;
mod transcript;
mod visible;
mod write;

/// An official transcript (domain: "Transcript"). Every string is printed as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Transcript {
    /// `Accredited Continuing Education Transcript`.
    pub heading: String,
    /// The physician's full name.
    pub physician: String,
    /// The range of completion dates, such as `January 1, 2024 to December 31, 2025`.
    pub range: String,
    /// One line for each license: board and number.
    pub licenses: Vec<String>,
    /// One line for each certification: board and diplomate ID.
    pub certifications: Vec<String>,
    /// Label and amount with 2 decimals, such as `Total AMA PRA Category 1 Credits` and `45.50`.
    pub totals: Vec<(String, String)>,
    /// The completions, newest first.
    pub rows: Vec<Row>,
    /// Date and time of issue with its time zone, for the footer.
    pub issued: String,
    /// The page where anyone can check this transcript, without a slash at the end. The QR code holds this address,
    /// a slash and the code.
    pub verify_address: String,
    /// The code to type on that page.
    pub verify_code: String,
    /// Sentences printed after the table, such as what a mark on derived credits means.
    pub notes: Vec<String>,
}

/// One completion on a transcript.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Row {
    /// Completion date.
    pub date: String,
    /// The activity's title.
    pub title: String,
    /// The accredited provider, printed under the title.
    pub provider: String,
    /// Lines such as `7 AMA PRA Category 1 Credits`, `7 ABA Points`, then one for each credit type.
    pub credits: Vec<String>,
    /// Lines such as `Accepted`.
    pub status: Vec<String>,
}

/// The certificate of one completion.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Certificate {
    /// Such as `Certificate of Completion`.
    pub heading: String,
    /// The physician's full name.
    pub physician: String,
    /// The activity's title.
    pub title: String,
    /// The accredited provider.
    pub provider: String,
    /// Completion date.
    pub date: String,
    /// Credit lines, as in [`Row::credits`].
    pub credits: Vec<String>,
    /// As in [`Transcript::issued`].
    pub issued: String,
    /// As in [`Transcript::verify_address`].
    pub verify_address: String,
    /// As in [`Transcript::verify_code`].
    pub verify_code: String,
    /// Sentences printed below, such as the provider's accreditation statement.
    pub notes: Vec<String>,
}

/// No PDF could be made. No text in a row leads here; a verification address that is too long does.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The fonts inside the program do not read.
    #[error("the built-in fonts cannot be read")]
    Fonts,
    /// Address and code together are longer than a QR code holds (some 2,300 bytes).
    #[error("the verification address does not fit a QR code: {0}")]
    QrCode(#[from] qrcode::types::QrError),
    /// The PDF writer refused the document, for instance because it would not meet PDF/UA-1.
    #[error("the PDF cannot be written: {0}")]
    Write(String),
}

/// Makes the transcript on letter paper.
pub fn transcript(transcript: &Transcript) -> Result<Vec<u8>, Error> {
    transcript::make(transcript)
}

/// Makes the certificate on letter paper, landscape.
pub fn certificate(certificate: &Certificate) -> Result<Vec<u8>, Error> {
    certificate::make(certificate)
}
