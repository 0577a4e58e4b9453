//! What an operation can answer, free of HTTP. Internal causes go to the log, never to a person.

/// The result of an operation.
pub type Result<T, E = Error> = std::result::Result<T, E>;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Absent and foreign are the same answer.
    #[error("there is no such record")]
    NotFound,
    #[error("this is not allowed: {0}")]
    Forbidden(&'static str),
    /// What was typed has faults, each with its field.
    #[error("the form has faults")]
    Invalid(Vec<Fault>),
    /// A file or row has problems.
    #[error("the data has problems")]
    Problems(Vec<domain::Problem>),
    /// Somebody else changed the record meanwhile.
    #[error("the record was changed by somebody else meanwhile")]
    Stale,
    #[error("too many tries; try again later")]
    TooMany { retry_after_seconds: i64 },
    /// The link or code is used up, expired or wrong; which of them is not said.
    #[error("this link is no longer valid")]
    LinkOver,
    #[error(transparent)]
    Store(#[from] store::Error),
    #[error("a file could not be stored or read")]
    Io(#[from] std::io::Error),
    #[error("{0}")]
    Internal(String),
}

/// A fault beside a field of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub field: &'static str,
    pub message: String,
}

impl Fault {
    pub fn new(field: &'static str, message: impl Into<String>) -> Self {
        Self { field, message: message.into() }
    }
}

impl Error {
    pub fn invalid(field: &'static str, message: impl Into<String>) -> Self {
        Self::Invalid(vec![Fault::new(field, message)])
    }
}
