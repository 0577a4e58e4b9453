//! Progress of long work on stderr: a moving bar on a terminal, a line per step elsewhere.

use std::io::IsTerminal;

use indicatif::{ProgressBar, ProgressStyle};

use crate::output::{complain, count};

/// One step of long work.
pub(crate) struct Step {
    bar: ProgressBar,
    what: &'static str,
}

impl Step {
    /// Begins a step, such as `Writing physicians`. A total of 0 is not known yet.
    pub(crate) fn begin(what: &'static str, total: u64) -> Self {
        let bar = ProgressBar::new(total).with_message(what);
        let style = ProgressStyle::with_template("{msg:<28} {wide_bar} {human_pos}/{human_len} {per_sec} {eta}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self { bar, what }
    }

    /// So many are done, of so many.
    pub(crate) fn at(&self, done: u64, total: u64) {
        self.bar.set_length(total);
        self.bar.set_position(done);
    }

    /// Beside the bar: what has come of the work so far.
    pub(crate) fn note(&self, note: String) {
        self.bar.set_message(format!("{}: {note}", self.what));
    }

    /// Ends the step with its count and time, on a line that stays.
    pub(crate) fn end(self) {
        let (done, seconds) = (self.bar.position(), self.bar.elapsed().as_secs_f64());
        self.bar.finish_and_clear();
        let counted = if done == 0 { String::new() } else { format!(" {}", count(done)) };
        complain(&format!("  {:<28}{counted:>10}  {seconds:.1} s", self.what));
    }

    /// Ends a step that may have had nothing to do, without a word if it took no time worth one.
    pub(crate) fn end_quietly(self) {
        if self.bar.elapsed().as_millis() > 500 && std::io::stderr().is_terminal() {
            self.end();
        } else {
            self.bar.finish_and_clear();
        }
    }
}
