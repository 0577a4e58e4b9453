//! The help center: kinds of pages, where each belongs, and how requests to the accreditor stand.
//!
//! A page about a problem is named by the problem's own code, so that none can be without.

use serde::{Deserialize, Serialize};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$inner:meta])* $variant:ident $code:literal $label:literal)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$inner])* $variant,)+ }

        impl $name {
            pub const ALL: &[$name] = &[$($name::$variant,)+];

            /// As stored, and in addresses.
            pub fn code(self) -> &'static str {
                match self { $($name::$variant => $code,)+ }
            }

            /// As people read it.
            pub fn label(self) -> &'static str {
                match self { $($name::$variant => $label,)+ }
            }

            pub fn read(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.code() == code)
            }
        }
    };
}

words! {
    /// What a page of the help is.
    Kind {
        Question "question" "Question"
        /// Longer, with steps.
        Guide "guide" "How-to guide"
        /// Past with a recording, or upcoming with a time.
        Webinar "webinar" "Webinar"
        Release "release" "Release note"
        /// What is behind a problem's code; its address is the code.
        Problem "problem" "Problem code"
    }
}

words! {
    /// Who may read a page: drafts and what is archived are the accreditor's staff's.
    Status {
        Draft "draft" "Draft"
        Published "published" "Published"
        Archived "archived" "Archived"
    }
}

words! {
    /// Whom a part of the help is for.
    Audience {
        Everyone "everyone" "Everyone"
        Physicians "physicians" "Physicians"
        Providers "providers" "Providers"
        LicensingBoards "licensing-boards" "Licensing boards"
        CertifyingBoards "certifying-boards" "Certifying boards"
    }
}

words! {
    /// Parts of the help, in the order in which they stand.
    Category {
        Basics "basics" "Learner credit data"
        Matching "matching" "How people are recognized"
        Account "account" "Signing in"
        Verifying "verifying" "Verifying a transcript"
        Passport "passport" "Passport"
        Missing "missing" "Missing credit"
        Sharing "sharing" "Transcripts and sharing"
        Reporting "reporting" "Reporting learners"
        Fixing "fixing" "Fixing what was refused"
        Activities "activities" "Activities and year-end"
        Programs "programs" "Programs, tokens and webhooks"
        Mark "mark" "The provider mark"
        Licensing "licensing" "Licensees, lists and audits"
        Certifying "certifying" "Credit for certification"
    }
}

impl Category {
    pub fn audience(self) -> Audience {
        match self {
            Self::Basics | Self::Matching | Self::Account | Self::Verifying => Audience::Everyone,
            Self::Passport | Self::Missing | Self::Sharing => Audience::Physicians,
            Self::Reporting | Self::Fixing | Self::Activities | Self::Programs | Self::Mark => Audience::Providers,
            Self::Licensing => Audience::LicensingBoards,
            Self::Certifying => Audience::CertifyingBoards,
        }
    }
}

words! {
    /// What a request to the accreditor is about.
    Topic {
        Account "account" "Signing in or my account"
        Credit "credit" "Credit on a transcript"
        Reporting "reporting" "Reporting learners or activities"
        Organization "organization" "My organization’s details or standing"
        Board "board" "A board’s work with the system"
        Programs "programs" "Programs and web services"
        Other "other" "Something else"
    }
}

words! {
    /// How a request stands.
    RequestState {
        New "new" "New"
        InHand "in_hand" "In hand"
        Answered "answered" "Answered"
    }
}

words! {
    /// What happened to a request.
    RequestStep {
        Sent "sent" "Sent"
        Taken "taken" "Taken in hand"
        Assigned "assigned" "Given to somebody"
        Noted "noted" "Note for staff"
        Answered "answered" "Answered by e-mail"
        Reopened "reopened" "Opened again"
    }
}

/// What a page says. All kinds share it; what a kind does not have is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Content {
    pub title: String,
    /// The answer in a sentence or two, for lists.
    pub summary: String,
    /// Plain text with a small markup.
    pub body: String,
    /// More words by which people look for it.
    pub words: String,
    /// Addresses of questions and guides that belong to it, chosen by hand.
    pub related: Vec<String>,
    /// Of a webinar: when it begins (microseconds), and how long it lasts.
    pub starts_at: Option<i64>,
    pub minutes: i64,
    /// Of a webinar: where to join, and the recording.
    pub join_link: String,
    pub recording_link: String,
    /// Of a release: its number and the ISO date.
    pub released_on: String,
}

/// Longest address of a page.
pub const LONGEST_SLUG: usize = 80;

/// Whether a text can be the address of a page: small letters, digits and single hyphens.
pub fn is_slug(text: &str) -> bool {
    (1..=LONGEST_SLUG).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
        && !text.starts_with('-')
        && !text.ends_with('-')
        && !text.contains("--")
}

/// An address made of a title.
pub fn slug_of(title: &str) -> String {
    let mut slug = String::new();
    for letter in title.to_lowercase().chars() {
        match letter {
            'a'..='z' | '0'..='9' => slug.push(letter),
            '\'' | '’' => {}
            _ if !slug.is_empty() && !slug.ends_with('-') => slug.push('-'),
            _ => {}
        }
    }
    slug.truncate(LONGEST_SLUG);
    slug.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_small_letters_digits_and_hyphens() {
        for good in ["a", "what-is-moc", "2026-notes"] {
            assert!(is_slug(good), "{good}");
        }
        for bad in ["", "-a", "a-", "a--b", "A", "a b", "é", "a/b", "..", &"a".repeat(81)] {
            assert!(!is_slug(bad), "{bad}");
        }
    }

    #[test]
    fn a_title_becomes_an_address() {
        for (title, slug) in [
            ("What is learner credit data?", "what-is-learner-credit-data"),
            ("  My provider’s “mark” -- 2026 ", "my-providers-mark-2026"),
            ("Ünïcode", "n-code"),
        ] {
            assert_eq!(slug_of(title), slug);
            assert!(is_slug(&slug_of(title)), "{title}");
        }
        assert!(is_slug(&slug_of(&"long title ".repeat(30))));
    }

    #[test]
    fn every_code_is_read_back() {
        assert!(Kind::ALL.iter().all(|one| Kind::read(one.code()) == Some(*one)));
        assert!(Category::ALL.iter().all(|one| Category::read(one.code()) == Some(*one) && is_slug(one.code())));
        assert_eq!(Topic::read("drop table"), None);
    }
}
