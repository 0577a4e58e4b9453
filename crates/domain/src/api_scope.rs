//! What a provider's program may do with the web services. A token has some of these and nothing else.
//!
//! The words are part of the web services' contract and stand in the database: one is never renamed.

use std::fmt;

use crate::access::ProviderRole;

/// One thing that an owner may allow a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ApiScope {
    ActivitiesRead,
    ActivitiesWrite,
    LearnersRead,
    /// Report and withdraw learner credit, by record or by file.
    LearnersWrite,
    /// Check learners before any credit exists.
    LearnersMatch,
    EventsRead,
}

impl ApiScope {
    pub const ALL: &[ApiScope] = &[
        Self::ActivitiesRead,
        Self::ActivitiesWrite,
        Self::LearnersRead,
        Self::LearnersWrite,
        Self::LearnersMatch,
        Self::EventsRead,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Self::ActivitiesRead => "activities:read",
            Self::ActivitiesWrite => "activities:write",
            Self::LearnersRead => "learners:read",
            Self::LearnersWrite => "learners:write",
            Self::LearnersMatch => "learners:match",
            Self::EventsRead => "events:read",
        }
    }

    /// What it allows, for the owner who gives it.
    pub fn label(self) -> &'static str {
        match self {
            Self::ActivitiesRead => "Read activities",
            Self::ActivitiesWrite => "Save, close and delete activities",
            Self::LearnersRead => "Read what became of learner reports and uploads",
            Self::LearnersWrite => "Report and withdraw learner credit",
            Self::LearnersMatch => "Check learners before they are reported",
            Self::EventsRead => "Read events",
        }
    }

    pub fn read(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|scope| scope.code() == code)
    }

    /// The weakest role of a team that may do the same.
    pub fn role(self) -> ProviderRole {
        match self {
            Self::ActivitiesRead | Self::LearnersRead | Self::EventsRead => ProviderRole::Viewer,
            Self::LearnersWrite | Self::LearnersMatch => ProviderRole::LearnerData,
            Self::ActivitiesWrite => ProviderRole::Editor,
        }
    }
}

/// What a program may do: its scopes, each once. Programs of boards have none, they do what their seat does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ApiScopes(Vec<ApiScope>);

impl ApiScopes {
    pub fn of(scopes: impl IntoIterator<Item = ApiScope>) -> Self {
        let mut scopes: Vec<ApiScope> = scopes.into_iter().collect();
        scopes.sort_unstable();
        scopes.dedup();
        Self(scopes)
    }

    /// All that a role of a team may do.
    pub fn of_role(role: ProviderRole) -> Self {
        Self(ApiScope::ALL.iter().copied().filter(|scope| scope.role() <= role).collect())
    }

    /// Reads the stored words. `None`: one of them is no scope.
    pub fn read(words: &str) -> Option<Self> {
        words.split_whitespace().map(ApiScope::read).collect::<Option<Vec<_>>>().map(Self::of)
    }

    pub fn has(&self, scope: ApiScope) -> bool {
        self.0.contains(&scope)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = ApiScope> + '_ {
        self.0.iter().copied()
    }

    /// The role of the program's seat: the weakest that may do all of it.
    pub fn role(&self) -> ProviderRole {
        self.iter().map(ApiScope::role).max().unwrap_or(ProviderRole::Viewer)
    }
}

/// The words with a space between, as they are stored.
impl fmt::Display for ApiScopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (nth, scope) in self.0.iter().enumerate() {
            if nth > 0 {
                f.write_str(" ")?;
            }
            f.write_str(scope.code())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_read_back_and_unknown_words_are_no_scopes() {
        let all = ApiScopes::of_role(ProviderRole::Editor);
        assert_eq!(all.iter().count(), ApiScope::ALL.len());
        assert_eq!(ApiScopes::read(&all.to_string()), Some(all));
        assert_eq!(
            ApiScopes::read("learners:match activities:read learners:match"),
            ApiScopes::read("activities:read learners:match")
        );
        assert_eq!(ApiScopes::read("learners:write everything"), None);
        assert_eq!(ApiScopes::read(""), Some(ApiScopes::default()));
    }

    #[test]
    fn the_seat_is_the_weakest_that_may_do_all_of_it() {
        for (words, role) in [
            ("", ProviderRole::Viewer),
            ("events:read learners:read", ProviderRole::Viewer),
            ("learners:match", ProviderRole::LearnerData),
            ("activities:write learners:read", ProviderRole::Editor),
        ] {
            assert_eq!(ApiScopes::read(words).map(|scopes| scopes.role()), Some(role), "{words}");
        }
        assert!(!ApiScopes::of_role(ProviderRole::Viewer).has(ApiScope::LearnersMatch));
    }
}
