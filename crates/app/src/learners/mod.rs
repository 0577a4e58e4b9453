//! What a provider does with the list of its learners beside reading it: takes it away as a file, and goes through
//! what boards have rejected.

mod download;
mod rejected;

pub use download::{MOST_IN_A_FILE, download};
pub use rejected::{Rejection, rejections, send_all_again};
