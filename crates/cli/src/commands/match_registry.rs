//! A registry that lies in tab-separated files: what the generator writes as the truth.
//!
//! Ids there are texts of any form; here a physician's id is the place of their line, so that an answer
//! can be written with the text again, and is the same in whatever order physicians are indexed.

use std::collections::HashMap;
use std::path::Path;

use anyhow::{Context, Result, bail};
use domain::reference::{BoardRules, Reference, Settings};
use domain::{Board, MonthDay, PhysicianId, State};
use matching::{Index, Physician};
use uuid::Uuid;

use crate::progress::Step;

/// Every physician with their licenses and certifications, and the texts that are their ids.
pub(crate) struct FileRegistry {
    pub(crate) physicians: Vec<Physician>,
    ids: Vec<String>,
}

impl FileRegistry {
    /// Reads `physicians.tsv`, `licenses.tsv` and `certifications.tsv` of a folder. A line that cannot be read
    /// stops it: these files are made, not typed.
    pub(crate) fn read(folder: &Path) -> Result<Self> {
        let step = Step::begin("Reading the registry's files", 0);
        let (mut physicians, mut ids, mut places) = (Vec::new(), Vec::new(), HashMap::new());
        each_line(folder, "physicians.tsv", |cells| {
            let &[id, first, middle, last, suffix, former, birth, npi, ..] = cells else {
                bail!("8 columns are needed")
            };
            let place = physicians.len();
            if places.insert(id.to_owned(), place).is_some() {
                bail!("{id} stands there twice");
            }
            ids.push(id.to_owned());
            physicians.push(Physician {
                first: first.to_owned(),
                middle: middle.to_owned(),
                last: last.to_owned(),
                suffix: suffix.to_owned(),
                former_last: former.split(';').filter(|name| !name.is_empty()).map(str::to_owned).collect(),
                birth: MonthDay::read(birth),
                npi: Some(npi.to_owned()).filter(|npi| !npi.is_empty()),
                ..Physician::new(PhysicianId::new(Uuid::from_u128(place as u128)))
            });
            Ok(())
        })?;
        let total = ids.len() as u64;
        step.at(total, total);
        let mut held = |name, add: &dyn Fn(&mut Physician, &str, &str) -> Result<()>| {
            each_line(folder, name, |cells| {
                let &[id, of, number, ..] = cells else { bail!("3 columns are needed") };
                let place = places.get(id).with_context(|| format!("{id} is not in physicians.tsv"))?;
                physicians.get_mut(*place).map_or(Ok(()), |physician| add(physician, of, number))
            })
        };
        held("licenses.tsv", &|physician, state, number| {
            let state = State::read(state).with_context(|| format!("{state} is no state"))?;
            physician.licenses.push((state, number.to_owned()));
            Ok(())
        })?;
        held("certifications.tsv", &|physician, board, number| {
            let board = Board::read(board).with_context(|| format!("{board} is no board's code"))?;
            physician.certifications.push((board, number.to_owned()));
            Ok(())
        })?;
        step.end();
        Ok(Self { physicians, ids })
    }

    /// The text by which the files know a physician.
    pub(crate) fn id_of(&self, physician: PhysicianId) -> &str {
        let place = usize::try_from(physician.as_uuid().as_u128()).unwrap_or(usize::MAX);
        self.ids.get(place).map_or("", String::as_str)
    }

    /// The index of these physicians, in the order given.
    pub(crate) fn index<'a>(physicians: impl ExactSizeIterator<Item = &'a Physician>) -> Index {
        let mut builder = Index::builder(physicians.len());
        physicians.for_each(|physician| builder.push(physician));
        builder.build()
    }

    /// The boards that certify somebody here, without any rules: enough to read learners by.
    pub(crate) fn reference(&self) -> Reference {
        let mut boards: Vec<Board> = self.physicians.iter().flat_map(|p| &p.certifications).map(|(b, _)| *b).collect();
        boards.sort_unstable();
        boards.dedup();
        Reference::always(boards.into_iter().map(without_rules).collect(), Settings::default())
    }
}

fn without_rules(code: Board) -> BoardRules {
    BoardRules {
        code,
        label: code.to_string(),
        name: code.to_string(),
        credit_types: Vec::new(),
        practice_areas: Vec::new(),
        diplomate_id_optional: true,
        points_equal_credit: false,
        once_per_date: false,
        type_apart: None,
        completed_from: None,
        activity_starts_from: None,
    }
}

/// Calls back with the cells of every line below the header. An error is told with its file and line.
fn each_line(folder: &Path, name: &str, mut take: impl FnMut(&[&str]) -> Result<()>) -> Result<()> {
    let path = folder.join(name);
    let text = std::fs::read_to_string(&path).with_context(|| format!("{} cannot be read", path.display()))?;
    let mut cells = Vec::new();
    for (number, line) in (1..).zip(text.lines()).skip(1) {
        cells.clear();
        cells.extend(line.split('\t'));
        take(&cells).with_context(|| format!("{}, line {number}", path.display()))?;
    }
    Ok(())
}
