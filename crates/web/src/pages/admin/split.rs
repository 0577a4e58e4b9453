//! `/admin/changes/split`: proposing that a record is of two people, and what belongs to the other one: a
//! new record, or one that is there.
//!
//! "Show what would happen" and "Propose" are two buttons of one form, so nothing chosen is lost.

use app::identity::{self, Facts, Plan};
use app::{App, Fault, physicians};
use askama::Template;
use axum::Router;
use axum::extract::{Form, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use domain::check::us_date;
use domain::{Board, MonthDay, PhysicianId, State as UsState};
use serde::Deserialize;
use store::physicians::Physician;
use store::registry_pages::Reported;

use super::preview::{PreviewView, Record};
use crate::access::StaffVisitor;
use crate::{Chrome, Faults, Page, REFUSED, Result};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/admin/changes/split", get(form).post(propose))
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct About {
    from: String,
    into: String,
}

/// Names, birthday and NPI of one record, as typed.
#[derive(Default, Clone)]
struct Person {
    first: String,
    middle: String,
    last: String,
    suffix: String,
    /// Separated by semicolons.
    former: String,
    degree: String,
    /// `MM/DD`.
    birth: String,
    npi: String,
}

impl Person {
    fn of(facts: Facts) -> Self {
        Self {
            first: facts.first,
            middle: facts.middle,
            last: facts.last,
            suffix: facts.suffix,
            former: facts.former_last.join("; "),
            degree: facts.degree,
            birth: facts.birth.map(|day| day.to_string()).unwrap_or_default(),
            npi: facts.npi.unwrap_or_default(),
        }
    }

    fn put(&mut self, field: &str, value: String) {
        match field {
            "first" => self.first = value,
            "middle" => self.middle = value,
            "last" => self.last = value,
            "suffix" => self.suffix = value,
            "former" => self.former = value,
            "degree" => self.degree = value,
            "birth" => self.birth = value,
            "npi" => self.npi = value,
            _ => {}
        }
    }

    /// `None` where the birthday cannot be read.
    fn facts(&self) -> Option<Facts> {
        let text = |text: &str| text.trim().to_owned();
        let birth = self.birth.trim();
        let npi = text(&self.npi);
        Some(Facts {
            first: text(&self.first),
            middle: text(&self.middle),
            last: text(&self.last),
            suffix: text(&self.suffix),
            former_last: self.former.split(';').map(text).filter(|name| !name.is_empty()).collect(),
            degree: text(&self.degree),
            birth: if birth.is_empty() { None } else { Some(MonthDay::read(birth)?) },
            npi: (!npi.is_empty()).then_some(npi),
        })
    }
}

/// The form as sent.
#[derive(Default, Clone)]
struct Given {
    from: String,
    into: String,
    reason: String,
    /// `STATE NUMBER`, `BOARD ID` and completion ids that go.
    licenses: Vec<String>,
    certifications: Vec<String>,
    completions: Vec<String>,
    /// The first record's Passport account goes too.
    account: bool,
    keeps: Person,
    gets: Person,
    /// Only show what would happen.
    only_shows: bool,
}

impl Given {
    fn read(fields: Vec<(String, String)>) -> Self {
        let mut given = Self::default();
        for (field, value) in fields {
            match field.as_str() {
                "from" => given.from = value,
                "into" => given.into = value,
                "reason" => given.reason = value,
                "license" => given.licenses.push(value),
                "certification" => given.certifications.push(value),
                "completion" => given.completions.push(value),
                "account" => given.account = true,
                "then" => given.only_shows = value == "show",
                field => match field.split_once('_') {
                    Some(("keeps", field)) => given.keeps.put(field, value),
                    Some(("gets", field)) => given.gets.put(field, value),
                    _ => {}
                },
            }
        }
        given
    }

    fn records(&self) -> Result<(PhysicianId, Option<PhysicianId>), app::Error> {
        let id = |text: &str| text.parse().map_err(|_| app::Error::NotFound);
        let into = if self.into.is_empty() { None } else { Some(id(&self.into)?) };
        Ok((id(&self.from)?, into))
    }

    /// What is asked for; values that no box of the page has are left out.
    fn plan(&self) -> Result<Plan, app::Error> {
        let mut faults = Vec::new();
        let mut facts = |person: &Person, field| {
            person.facts().unwrap_or_else(|| {
                faults.push(Fault::new(field, "Write month and day of birth as MM/DD, such as 04/28, or nothing."));
                Facts::default()
            })
        };
        let (keeps, gets) = (facts(&self.keeps, "keeps_birth"), facts(&self.gets, "gets_birth"));
        if !faults.is_empty() {
            return Err(app::Error::Invalid(faults));
        }
        Ok(Plan {
            licenses: self.licenses.iter().filter_map(|held| numbered(held, UsState::read)).collect(),
            certifications: self.certifications.iter().filter_map(|held| numbered(held, Board::read)).collect(),
            completions: self.completions.iter().filter_map(|id| id.parse().ok()).collect(),
            account: self.account,
            keeps,
            gets,
        })
    }
}

/// `CA A12345` as issuer and number.
fn numbered<T>(held: &str, issuer: impl Fn(&str) -> Option<T>) -> Option<(T, String)> {
    let (by, number) = held.split_once(' ')?;
    Some((issuer(by)?, number.to_owned()))
}

#[derive(Template)]
#[template(path = "admin/split.html")]
struct Split {
    chrome: Chrome,
    given: Given,
    faults: Faults,
    from: Record,
    /// The record that is there already, if it is not to be a new one.
    into: Option<Record>,
    licenses: Vec<Choice>,
    certifications: Vec<Choice>,
    completions: Vec<Choice>,
    /// Somebody signs in for the first record.
    has_account: bool,
    preview: Option<PreviewView>,
}

impl Split {
    /// Both records: the prefix of their fields, the title, what was typed.
    fn sides(&self) -> [(&'static str, &'static str, &Person); 2] {
        [("keeps", "First record", &self.given.keeps), ("gets", "Second record", &self.given.gets)]
    }

    /// What is wrong with a field of one of the two records.
    fn error(&self, side: &str, field: &str) -> &str {
        let fault = self.faults.iter().find(|fault| fault.field.split_once('_') == Some((side, field)));
        fault.map_or("", |fault| fault.message.as_str())
    }
}

/// Something of the record that may belong to the other person.
struct Choice {
    value: String,
    words: String,
    under: String,
    chosen: bool,
}

async fn form(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Query(about): Query<About>,
) -> Result<Response> {
    let mut given = Given { from: about.from, into: about.into, ..Given::default() };
    let (from, into) = given.records()?;
    let draft = match identity::split_draft(&app, &visitor.session.actor, from, into).await {
        Ok(draft) => draft,
        Err(error) => {
            let faults = Faults::from_error(error)?;
            let page = page(&app, &visitor, chrome, given, faults, None).await?;
            return Ok((REFUSED, page).into_response());
        }
    };
    given.keeps = Person::of(draft.keeps);
    given.gets = Person::of(draft.gets);
    Ok(page(&app, &visitor, chrome, given, Faults::none(), None).await?.into_response())
}

async fn propose(
    State(app): State<App>,
    visitor: StaffVisitor,
    chrome: Chrome,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let given = Given::read(fields);
    let (from, into) = given.records()?;
    let actor = &visitor.session.actor;
    let refused = async |chrome, given: Given, error| -> Result<Response> {
        let faults: Vec<Fault> = Faults::from_error(error)?.iter().map(|fault| beside(fault, &given)).collect();
        let page = page(&app, &visitor, chrome, given, faults.into(), None).await?;
        Ok((REFUSED, page).into_response())
    };
    let plan = match given.plan() {
        Ok(plan) => plan,
        Err(error) => return refused(chrome, given, error).await,
    };
    if given.only_shows {
        return match identity::of_split(&app, actor, from, into, &plan).await {
            Ok(preview) => {
                let preview = Some(PreviewView::of(preview));
                Ok(page(&app, &visitor, chrome, given, Faults::none(), preview).await?.into_response())
            }
            Err(error) => refused(chrome, given, error).await,
        };
    }
    match identity::propose_split(&app, actor, from, into, &plan, &given.reason).await {
        Ok(change) => Ok(Redirect::to(&format!("/admin/changes/{change}?done=proposed")).into_response()),
        Err(error) => refused(chrome, given, error).await,
    }
}

/// A fault of the plan beside the field of the form that it is about.
fn beside(fault: &Fault, given: &Given) -> Fault {
    let keeps = |is_missing: bool, keeps, gets| if is_missing { keeps } else { gets };
    let field = match fault.field {
        "first" => keeps(given.keeps.first.trim().is_empty(), "keeps_first", "gets_first"),
        "last" => keeps(given.keeps.last.trim().is_empty(), "keeps_last", "gets_last"),
        "npi" => "gets_npi",
        "plan" => "license",
        "into" => "records",
        field => field,
    };
    Fault { field, ..fault.clone() }
}

async fn page(
    app: &App,
    visitor: &StaffVisitor,
    chrome: Chrome,
    given: Given,
    faults: Faults,
    preview: Option<PreviewView>,
) -> Result<Page<Split>> {
    let (from, into) = given.records()?;
    let (actor, scope) = (&visitor.session.actor, &visitor.scope);
    let (physician, completions) = physicians::completions(app, actor, scope, from).await?;
    let into = match into {
        Some(into) => Some(Record::of(&physicians::read(app, actor, scope, into).await?)),
        None => None,
    };
    let mut tx = app.store.read().await?;
    let standing = store::registry_pages::standing(&mut tx, scope, from).await?;
    drop(tx);
    let (licenses, certifications) = held(&physician, &given);
    Ok(Page(Split {
        chrome,
        faults,
        from: Record::of(&physician),
        into,
        licenses,
        certifications,
        completions: completions.into_iter().map(|completion| reported(completion, &given)).collect(),
        has_account: standing.is_some_and(|standing| standing.account_since.is_some()),
        given,
        preview,
    }))
}

fn held(physician: &Physician, given: &Given) -> (Vec<Choice>, Vec<Choice>) {
    let licenses = physician.licenses.iter().map(|held| {
        let value = format!("{} {}", held.state, held.number);
        let chosen = given.licenses.contains(&value);
        Choice { words: format!("License {value}"), under: held.status.clone(), value, chosen }
    });
    let certifications = physician.certifications.iter().map(|held| {
        let value = format!("{} {}", held.board, held.diplomate_id);
        let chosen = given.certifications.contains(&value);
        Choice { words: value.clone(), under: held.status.clone(), value, chosen }
    });
    (licenses.collect(), certifications.collect())
}

fn reported(completion: Reported, given: &Given) -> Choice {
    let value = completion.id.to_string();
    Choice {
        chosen: given.completions.contains(&value),
        words: completion.title,
        under: format!("{}, completed {}", completion.provider_name, us_date(completion.completed_on)),
        value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(fields: &[(&str, &str)]) -> Vec<(String, String)> {
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn boxes_become_a_plan_and_nonsense_is_left_out() {
        let given = Given::read(fields(&[
            ("license", "CA A-1 2"),
            ("license", "nonsense"),
            ("certification", "ABIM 7"),
            ("completion", "x"),
            ("gets_former", "Okoye; ;Reed"),
            ("gets_birth", "4/28"),
        ]));
        let plan = given.plan().ok().unwrap_or_default();
        assert_eq!(plan.licenses, [(UsState::read("CA").unwrap(), "A-1 2".to_owned())]);
        assert_eq!((plan.certifications.len(), plan.completions.len()), (1, 0));
        assert_eq!(plan.gets.former_last, ["Okoye", "Reed"]);
        assert_eq!(plan.gets.birth, MonthDay::new(4, 28));
    }

    #[test]
    fn a_birthday_that_is_none_is_a_fault_beside_its_field() {
        let given = Given::read(fields(&[("keeps_birth", "02/30"), ("gets_birth", "")]));
        let Err(app::Error::Invalid(faults)) = given.plan() else { panic!("02/30 was taken") };
        assert_eq!(faults.iter().map(|fault| fault.field).collect::<Vec<_>>(), ["keeps_birth"]);
    }
}
