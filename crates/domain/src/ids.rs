//! Identifiers. Ours are UUIDv7, made by `app`'s source of chance; those of the field (provider,
//! activity) are text with leading zeros, and a value of the type is always well formed.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! uuid_ids {
    ($($(#[$doc:meta])* $name:ident)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            pub const fn new(id: Uuid) -> Self {
                Self(id)
            }

            pub const fn as_uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    )+};
}

uuid_ids! {
    /// A person who signs in.
    AccountId
    /// A program that calls the web services.
    ApiClientId
    /// A physician of the registry.
    PhysicianId
    /// One learner finished one activity on one date.
    CompletionId
    /// One amount of one kind of credit of a completion.
    CreditId
    /// A signed digital credential.
    CredentialId
    /// One submitted file or request.
    UploadId
    /// A piece of background work.
    JobId
    /// A registry row that a person must decide about.
    ReviewId
    /// A board's roster on its way into the registry.
    RegistryImportId
    /// A license or certification that stands otherwise than before.
    StandingChangeId
    /// Two records of the registry joined, or one taken apart.
    IdentityChangeId
    /// A letter in the mail log.
    MailId
    /// An invitation to join an organisation.
    InvitationId
    /// What somebody began to type of an activity.
    SketchId
    /// A page of the help center.
    HelpEntryId
    /// A file of such a page.
    HelpFileId
    /// A request to the accreditor's staff.
    HelpRequestId
    /// One count of a year's figures.
    YearReportId
    /// A notice of the accreditor.
    AnnouncementId
    /// An address that is told of events.
    WebhookId
    /// One event told to one webhook.
    DeliveryId
    /// A transcript that a physician lets somebody see.
    ShareId
    /// A list of licensees that a licensing board checks.
    LicenseeListId
    /// One check of a list against a requirement.
    ComplianceCheckId
    /// An audit of a sample of licensees.
    LicenseAuditId
    /// One licensee of an audit's sample.
    AuditCaseId
    /// A case about credit that a physician misses.
    MissingCreditId
    /// Credit that a physician entered.
    OwnCreditId
    /// A file that a physician shows.
    EvidenceId
}

/// Why a text is not an identifier of the field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotDigits {
    pub wanted: usize,
}

impl fmt::Display for NotDigits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "exactly {} digits are needed", self.wanted)
    }
}

impl std::error::Error for NotDigits {}

macro_rules! digit_ids {
    ($($(#[$doc:meta])* $name:ident: $digits:literal)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name([u8; $digits]);

        impl $name {
            /// The digits, leading zeros included.
            pub fn as_str(&self) -> &str {
                std::str::from_utf8(&self.0).unwrap_or_default()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = NotDigits;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let wrong = NotDigits { wanted: $digits };
                let digits: [u8; $digits] = text.as_bytes().try_into().map_err(|_| wrong.clone())?;
                if digits.iter().all(u8::is_ascii_digit) { Ok(Self(digits)) } else { Err(wrong) }
            }
        }

        impl TryFrom<String> for $name {
            type Error = NotDigits;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.as_str().to_owned()
            }
        }
    )+};
}

digit_ids! {
    /// An accredited provider: 7 digits, leading zeros kept (domain.md, Nouns).
    ProviderId: 7
    /// An activity: 9 digits, issued by this system (domain.md, Nouns).
    ActivityId: 9
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leading_zeros_are_kept() {
        assert_eq!("0001234".parse::<ProviderId>().unwrap().to_string(), "0001234");
    }

    #[test]
    fn other_lengths_and_letters_are_refused() {
        for text in ["", "12345678", "1234567890", "12345678x", "１２３４５６７８９"] {
            assert!(text.parse::<ActivityId>().is_err(), "{text:?}");
        }
    }
}
