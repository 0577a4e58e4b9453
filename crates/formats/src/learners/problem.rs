//! Faults of a document's form as problems of the file or of one report.

use domain::{Code, Problem};

use crate::tree::{Fault, Node, What};

/// Line, column and path of a value.
pub(super) fn at(node: &Node) -> String {
    format!("{}, {}", node.spot, node.path)
}

/// What ends a document.
pub(super) fn of_file(fault: &Fault) -> Problem {
    let at = if fault.path.is_empty() { fault.spot.to_string() } else { format!("{}, {}", fault.spot, fault.path) };
    let problem = Problem::file(code(fault)).fact(fault.fact.as_str());
    match fault.what {
        // the whole is meant, not a place in it
        What::Empty | What::Unreadable => problem,
        _ => problem.at(at),
    }
}

/// What costs only the report it stands in.
pub(super) fn of_record(fault: &Fault) -> Problem {
    let name = fault.path.rsplit('/').next().unwrap_or_default();
    let at = format!("{}, {}", fault.spot, fault.path);
    Problem::row(code(fault)).given(name).fact(fault.fact.as_str()).at(at)
}

fn code(fault: &Fault) -> Code {
    match fault.what {
        What::Empty => Code::FileEmpty,
        What::TooLarge => Code::FileTooLarge,
        What::Unreadable => Code::FileUnreadable,
        What::Encoding => Code::EncodingWrong,
        What::ControlCharacter => Code::ControlCharacter,
        What::Malformed | What::Endless => Code::DocumentMalformed,
        What::Doctype => Code::DocumentType,
        What::Entity => Code::EntityUnknown,
        What::TooDeep => Code::DocumentTooDeep,
        What::SecondRoot => Code::SecondRoot,
        What::Truncated => Code::DocumentTruncated,
        What::DuplicateKey => Code::KeyRepeated,
        What::TooManyValues | What::TooManyAttributes => Code::TooManyValues,
        What::TextTooLong => Code::ValueTooLong,
    }
}
