//! What a new database is filled with, from the files of `reference/`: `boards.toml`,
//! `settings.toml`, `requirements.toml` and one `.tsv` for each list.
//!
//! Once a list has entries the tables count, not the file, so a later release never overwrites what
//! the accreditor has changed; a list that a release adds is filled when it is first started.

use domain::reference::{BoardRules, Item, List, Settings};
use domain::requirement::Requirement;
use jiff::civil::Date;
use serde::Deserialize;

use super::{BOARDS, BoardVersion, Entry, REQUIREMENTS, SETTINGS, put};
use crate::error::{Error, Result};
use crate::tx::WriteTx;
use crate::values::{at, from_json, json};

const BOARDS_FILE: &str = include_str!("../../reference/boards.toml");
const SETTINGS_FILE: &str = include_str!("../../reference/settings.toml");
const REQUIREMENTS_FILE: &str = include_str!("../../reference/requirements.toml");

fn file(list: List) -> &'static str {
    match list {
        List::Countries => include_str!("../../reference/countries.tsv"),
        List::States => include_str!("../../reference/states.tsv"),
        List::Supporters => include_str!("../../reference/supporters.tsv"),
        List::CommendationTags => include_str!("../../reference/commendation_tags.tsv"),
        List::StateTopics => include_str!("../../reference/state_topics.tsv"),
        List::Outcomes => include_str!("../../reference/outcomes.tsv"),
        List::Professions => include_str!("../../reference/professions.tsv"),
        List::Specialties => include_str!("../../reference/specialties.tsv"),
        List::RemsPrograms => include_str!("../../reference/rems_programs.tsv"),
        List::CreditKinds => include_str!("../../reference/credit_kinds.tsv"),
        List::PharmacyTypes => include_str!("../../reference/pharmacy_types.tsv"),
        List::PharmacyTopics => include_str!("../../reference/pharmacy_topics.tsv"),
        List::RejectionReasons => include_str!("../../reference/rejection_reasons.tsv"),
        List::DeclineReasons => include_str!("../../reference/decline_reasons.tsv"),
        List::OrganizationTypes => include_str!("../../reference/organization_types.tsv"),
        List::AccreditationDecisions => include_str!("../../reference/accreditation_decisions.tsv"),
    }
}

#[derive(Deserialize)]
struct BoardsFile {
    board: Vec<BoardRules>,
}

#[derive(Deserialize)]
struct RequirementsFile {
    requirement: Vec<Requirement>,
}

/// Fills lists that have no entry yet with what the release brings. Tells whether there was one.
pub async fn seed(tx: &mut WriteTx) -> Result<bool> {
    let filled = all!(tx, (String,), "select distinct list from reference_entry")?;
    let is_empty = |list: &str| !filled.iter().any(|(name,)| name == list);
    let mut entries = Vec::new();
    if is_empty(BOARDS) {
        entries.extend(boards()?);
    }
    if is_empty(SETTINGS) {
        entries.extend(settings()?);
    }
    if is_empty(REQUIREMENTS) {
        entries.extend(requirements()?.into_iter().map(|one| Entry::Requirement(None, one.state, Some(one))));
    }
    for list in List::ALL.iter().filter(|list| is_empty(list.code())) {
        entries.extend(items(*list)?.into_iter().map(|item| Entry::Item(None, item.key(), Some(item))));
    }
    if entries.is_empty() {
        return Ok(false);
    }
    put(tx, &entries, Date::MIN, None, 0).await?;
    Ok(true)
}

fn broken(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::Sql(sqlx::Error::Decode(Box::new(error)))
}

fn boards() -> Result<Vec<Entry>> {
    let file: BoardsFile = toml::from_str(BOARDS_FILE).map_err(broken)?;
    let version = |rules: BoardRules| BoardVersion { code: rules.code, until: None, rules: Some(rules) };
    Ok(file.board.into_iter().map(|rules| Entry::Board(None, version(rules))).collect())
}

fn settings() -> Result<Vec<Entry>> {
    let settings: Settings = toml::from_str(SETTINGS_FILE).map_err(broken)?;
    let fields: std::collections::BTreeMap<String, serde_json::Value> =
        from_json(&json(&settings)?, at("settings.toml", "all", &"all"))?;
    Ok(fields.into_iter().map(|(name, value)| Entry::Setting(None, name, Some(value))).collect())
}

fn requirements() -> Result<Vec<Requirement>> {
    let file: RequirementsFile = toml::from_str(REQUIREMENTS_FILE).map_err(broken)?;
    Ok(file.requirement)
}

/// Lines of code, name, group, first and last day, with tabs between; an empty code is the name.
fn items(list: List) -> Result<Vec<Item>> {
    let lines = file(list).lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty()).skip(1);
    lines
        .map(|line| {
            let mut cells = line.split('\t').map(str::trim);
            let mut cell = || cells.next().unwrap_or_default();
            let (code, name, group, from, until) = (cell(), cell(), cell(), cell(), cell());
            let day = |text: &str| match text {
                "" => Ok(None),
                text => text.parse().map(Some).map_err(broken),
            };
            Ok(Item {
                list,
                group: group.to_owned(),
                code: if code.is_empty() { name } else { code }.to_owned(),
                name: name.to_owned(),
                valid_from: day(from)?,
                valid_until: day(until)?,
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_list_has_a_file_whose_items_are_told_apart() {
        for list in List::ALL {
            let items = items(*list).unwrap();
            let keys: HashSet<(&str, &str)> = items.iter().map(|item| (&*item.group, &*item.code)).collect();
            assert!(!items.is_empty() && keys.len() == items.len(), "{list}");
            assert!(items.iter().all(|item| !item.name.is_empty()), "{list}");
            assert!(file(*list).contains("# ") && file(*list).contains("Source: "), "{list} says where it is from");
        }
        assert_eq!(items(List::Countries).unwrap().len(), 249);
    }

    #[test]
    fn the_requirements_are_examples_and_name_topics_that_there_are() {
        let topics = items(List::StateTopics).unwrap();
        let all = requirements().unwrap();
        let states: HashSet<_> = all.iter().map(|one| one.state).collect();
        assert!(all.len() >= 12 && states.len() == all.len());
        for one in &all {
            assert!(one.is_example && !one.note.is_empty(), "{} says what it is", one.state);
            assert!(one.hours.hundredths() % 25 == 0 && one.carry_over <= one.hours);
            for topic in &one.topics {
                let is_listed =
                    |item: &Item| item.group == topic.domain && (topic.topic.is_empty() || item.code == topic.topic);
                assert!(topics.iter().any(is_listed), "{} asks for {topic:?}", one.state);
            }
        }
    }

    #[test]
    fn the_files_of_boards_and_settings_are_read_whole() {
        assert_eq!(boards().unwrap().len(), 10);
        let from_file: Settings = toml::from_str(SETTINGS_FILE).unwrap();
        assert_eq!(from_file, Settings::default());
        assert!(from_file.faults().is_empty());
    }
}
