//! Learner reports as XML and JSON: real documents in, rows and problems out.

mod by_hand;
mod documents;
mod drafts;
mod five;
mod hostile;
mod on_record;
mod round_trip;
