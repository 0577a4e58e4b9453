//! The 64-bit keys under which a physician can be found. Keys are made of what is said, never of numbers
//! that depend on the order of the registry. All kinds share one table; the kind is part of the key.

use std::hash::Hasher;

use rustc_hash::FxHasher;

/// What a key stands for. The numbers only need to differ.
#[derive(Debug, Clone, Copy)]
#[repr(u64)]
pub(crate) enum Kind {
    /// The physician's own id.
    Id = 1,
    /// (state, digit core).
    License,
    /// Raw license in any state.
    LicenseAnywhere,
    Npi,
    /// (board, digit core).
    Board,
    /// (last name, day of birth).
    LastBirth,
    /// (first name, day of birth and state).
    FirstBirthState,
    /// (first name, last name): for counting bearers, and for finding them where no state is given.
    FullName,
    /// (sound of the last name and initial of the first, day of birth).
    SoundBirth,
    /// (full name, state): of a name as common as John Smith a small part.
    FullNameState,
}

/// Mixes kind and parts to a key whose every bit depends on every part.
pub(crate) fn key(kind: Kind, a: u64, b: u64) -> u64 {
    let first = fold(a ^ 0x9e37_79b9_7f4a_7c15, (kind as u64) ^ 0xd1b5_4a32_d192_ed03);
    fold(first ^ b, 0xa076_1d64_78bd_642f) ^ first
}

fn fold(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    (product as u64) ^ ((product >> 64) as u64)
}

pub(crate) fn hash_text(bytes: impl Iterator<Item = u8>) -> u64 {
    let mut hasher = FxHasher::default();
    bytes.for_each(|b| hasher.write_u8(b));
    hasher.finish()
}

/// Hash of a name for keys: spaces gone, and `AE OE UE` read as `A O U`, so that Müller, Mueller and Muller meet.
pub(crate) fn name_key(spaced: &str) -> u64 {
    let mut previous = 0;
    hash_text(spaced.bytes().filter(|b| *b != b' ').filter(move |b| {
        let umlaut = *b == b'E' && matches!(previous, b'A' | b'O' | b'U');
        previous = *b;
        !umlaut
    }))
}

pub(crate) fn first_birth_state(first: u64, day: u16, state: u16) -> u64 {
    key(Kind::FirstBirthState, first, u64::from(day) << 16 | u64::from(state))
}

pub(crate) fn full_name_state(first: u64, last: u64, state: u16) -> u64 {
    key(Kind::FullNameState, key(Kind::FullName, first, last), u64::from(state))
}

pub(crate) fn sound_birth(sound: u32, initial: u8, day: u16) -> u64 {
    key(Kind::SoundBirth, u64::from(sound) << 8 | u64::from(initial), u64::from(day))
}

/// A state as a small number: place in a 26 by 26 square.
pub(crate) fn state_number(state: domain::State) -> u16 {
    state.code().bytes().fold(0, |number, b| number * 26 + u16::from(b.saturating_sub(b'A')))
}

/// How many values [`state_number`] can have.
pub(crate) const STATE_NUMBERS: usize = 26 * 26;

/// A board's code as a number.
pub(crate) fn board_number(board: domain::Board) -> u64 {
    board.code().bytes().fold(0, |number, b| number << 8 | u64::from(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn umlauts_meet_in_every_spelling() {
        assert_eq!(name_key("MULLER"), name_key("MUELLER"));
        assert_eq!(name_key("DE LA CRUZ"), name_key("DELACRUZ"));
        assert_ne!(name_key("MULLER"), name_key("MILLER"));
    }

    #[test]
    fn kinds_and_parts_make_different_keys() {
        let keys =
            [key(Kind::Id, 1, 2), key(Kind::Npi, 1, 2), key(Kind::Id, 2, 1), key(Kind::Id, 0, 0), key(Kind::Npi, 0, 0)];
        for (i, a) in keys.iter().enumerate() {
            assert!(keys[i + 1..].iter().all(|b| a != b));
        }
    }
}
