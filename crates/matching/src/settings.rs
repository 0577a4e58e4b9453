//! The policy choices an operator may change. Everything measured about the data is in `parameters`;
//! only how sure is sure enough is here.

/// How sure the engine must be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settings {
    /// Least weight of a match, in natural logs of the odds: 6.0 is 1 in 400 wrong at the very edge and far less
    /// on average. 7.0 suits a provider whose files are poor; each point costs about 0.01 of recall.
    pub match_at: f64,
    /// How far the best physician must lie before the next one: 4.6 is odds of 100 to 1.
    pub ahead_by: f64,
    /// Least weight at which a physician counts as possible; below, the answer is `none`: even odds.
    pub possible_at: f64,
    /// Share of reported people who are not in the registry. An estimate; it moves every weight alike.
    pub unregistered: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { match_at: 6.0, ahead_by: 4.6, possible_at: 0.0, unregistered: 0.06 }
    }
}
