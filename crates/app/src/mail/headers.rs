//! Headers that lettre has no types for: how a letter is ended by one request, and that no person wrote it.

use lettre::message::header::{Header, HeaderName, HeaderValue};

type Fault = Box<dyn std::error::Error + Send + Sync>;

/// The address that ends such letters by a POST (RFC 2369).
#[derive(Debug, Clone)]
pub(super) struct ListUnsubscribe(pub String);

impl Header for ListUnsubscribe {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("List-Unsubscribe")
    }

    fn parse(text: &str) -> Result<Self, Fault> {
        let address = text.strip_prefix('<').and_then(|rest| rest.strip_suffix('>'));
        address.map(|address| Self(address.to_owned())).ok_or_else(|| "an address stands in angle brackets".into())
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), format!("<{}>", self.0))
    }
}

/// One POST is enough, without another question (RFC 8058).
#[derive(Debug, Clone)]
pub(super) struct ListUnsubscribePost;

const ONE_CLICK: &str = "List-Unsubscribe=One-Click";

impl Header for ListUnsubscribePost {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("List-Unsubscribe-Post")
    }

    fn parse(text: &str) -> Result<Self, Fault> {
        if text == ONE_CLICK { Ok(Self) } else { Err("RFC 8058 knows one value".into()) }
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), ONE_CLICK.to_owned())
    }
}

/// Keeps answering machines from answering (RFC 3834).
#[derive(Debug, Clone)]
pub(super) struct AutoSubmitted;

const GENERATED: &str = "auto-generated";

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(text: &str) -> Result<Self, Fault> {
        if text == GENERATED { Ok(Self) } else { Err("letters of ours are generated".into()) }
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), GENERATED.to_owned())
    }
}
