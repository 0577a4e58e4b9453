//! Deadlines, limits and thresholds. Each is dated by itself; those that mean one thing together, such as
//! month and day of a deadline, are changed together.

use domain::reference::{Rules, Settings};
use jiff::civil::Date;
use serde_json::Value;
use store::reference::{Entry, Kept};

use super::change::{Plan, fault_of_start, none_or_invalid, nothing_changes};
use crate::error::{Error, Fault, Result};

pub(super) fn put(kept: &Kept, rules: &Rules, values: Vec<(String, Value)>, from: Date, today: Date) -> Result<Plan> {
    none_or_invalid(fault_of_start(from, today).into_iter().collect())?;
    let stands = rules.settings.iter().rev().find(|version| version.from <= from).map(|version| &version.value);
    let standard = Settings::default();
    let stands = stands.unwrap_or(&standard);
    let fields = fields(stands);
    // a value of another kind would keep everything from being read again
    let faults = values.iter().filter_map(|(name, value)| fault_of_kind(stands, name, value));
    none_or_invalid(faults.collect())?;
    let is_other = |(name, value): &(String, Value)| fields.get(name) != Some(value);
    let changed: Vec<(String, Value)> = values.into_iter().filter(is_other).collect();
    if changed.is_empty() {
        return Err(nothing_changes("from"));
    }
    let names: Vec<&str> = changed.iter().map(|(name, _)| name.as_str()).collect();
    let subject = format!("settings/{}", names.join(","));
    let said: Vec<String> = changed.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    let detail = format!("{} from {from}", said.join(", "));
    let entries: Vec<Entry> =
        changed.into_iter().map(|(name, value)| Entry::Setting(Some(from), name, Some(value))).collect();
    let plan = Plan { entries, day: from, action: "reference.put_setting", subject, detail };
    none_or_invalid(faults_after(kept, &plan)?)?;
    Ok(plan)
}

fn fields(settings: &Settings) -> serde_json::Map<String, Value> {
    match serde_json::to_value(settings) {
        Ok(Value::Object(fields)) => fields,
        _ => serde_json::Map::new(),
    }
}

fn fault_of_kind(settings: &Settings, name: &str, value: &Value) -> Option<Fault> {
    let mut fields = fields(settings);
    let known = fields.get_mut(name).map(|field| field.clone_from(value)).is_some();
    let is_fit = known && serde_json::from_value::<Settings>(Value::Object(fields)).is_ok();
    (!is_fit).then(|| Fault::new("value", "There is no such setting, or the value is of another kind."))
}

/// The settings must fit beside each other on the plan's day and on every later one.
fn faults_after(kept: &Kept, plan: &Plan) -> Result<Vec<Fault>> {
    let mut after = kept.clone();
    plan.entries.iter().for_each(|entry| after.put(entry.clone()));
    let mut faults = Vec::new();
    for version in after.rules()?.settings.iter().filter(|version| version.from >= plan.day) {
        for (field, words) in version.value.faults() {
            let fault = Fault::new(field, words);
            if !faults.contains(&fault) {
                faults.push(fault);
            }
        }
    }
    Ok(faults)
}

/// Takes back the values that are planned for a later day.
pub(super) fn take_back(kept: &Kept, names: Vec<String>, from: Date, today: Date) -> Result<Plan> {
    if from <= today {
        return Err(Error::Forbidden("a setting that is in force already is not taken back; set a new value"));
    }
    let is_planned = |name: &String| kept.setting(name).iter().any(|(day, _)| *day == Some(from));
    let planned: Vec<String> = names.into_iter().filter(is_planned).collect();
    if planned.is_empty() {
        return Err(Error::NotFound);
    }
    let plan = Plan {
        day: from,
        action: "reference.take_back_setting",
        subject: format!("settings/{}", planned.join(",")),
        detail: from.to_string(),
        entries: planned.into_iter().map(|name| Entry::Setting(Some(from), name, None)).collect(),
    };
    none_or_invalid(faults_after(kept, &plan)?)?;
    Ok(plan)
}
