//! Every letter once, with invented contents: to look at (`credence letters`), and for the test that reads them all.
//!
//! A new kind of letter that is missing here fails that test.

use domain::announcement::{Kind, Level, Persona};
use domain::missing_credit::Step;
use domain::transcript::Filter;
use domain::{CompletionId, MissingCreditId, ShareId};
use store::announcements::Words;
use store::notices::News;
use store::shares::{Recipient, Terms};
use uuid::Uuid;

use super::{AccountLetter, Item, Letter, Written};
use crate::App;
use crate::accounts::Secret;
use crate::accounts::notices::Notice;
use crate::announcements::letters as announcements;
use crate::missing_credit::letters as missing;
use crate::notices::letters as news;
use crate::shares::letters as shares;

/// Words of other people that stand in letters.
#[derive(Debug, Clone)]
pub struct Foreign {
    pub person: String,
    pub organization: String,
    /// Of an activity, a search, a passkey.
    pub title: String,
    /// Somebody's own words, perhaps in several lines.
    pub message: String,
}

impl Default for Foreign {
    fn default() -> Self {
        Self {
            person: "Alma Ashdown".into(),
            organization: "Harborview Medical Society".into(),
            title: "Care of the Heart".into(),
            message: "Here is the transcript that you asked for.\nCall me if anything is missing.".into(),
        }
    }
}

/// All letters.
pub fn samples(app: &App, foreign: &Foreign) -> Vec<Written> {
    let secret = Secret::new("a-secret-that-opens-nothing".into());
    let mut all = of_the_enum(app, foreign, &secret);
    all.extend(account_letters(app, foreign, &secret));
    all.extend(shared(app, foreign, &secret));
    all.extend(cases(app, foreign));
    all.push(morning(app, foreign));
    all.push(notice(app, foreign));
    all
}

fn items(foreign: &Foreign) -> Vec<Item> {
    let item = |number: u32| Item {
        title: format!("{} (20260004{number})", foreign.title),
        detail: "2 ABIM credits: Name and diplomate ID do not agree".into(),
        href: String::new(),
    };
    (0..3).map(item).collect()
}

fn of_the_enum(app: &App, foreign: &Foreign, secret: &Secret) -> Vec<Written> {
    let Foreign { person: name, organization, title, message } = foreign;
    let until = "03/14/2026, 2:05 PM CDT";
    let (lines, subject) = (items(foreign), format!("Audit of your license A40000: {title}"));
    let found: Vec<Item> =
        lines.iter().map(|item| Item { href: app.config.link("/activities/202600040"), ..item.clone() }).collect();
    let body =
        format!("{name}\nLicense A40000\n\n{organization} drew your license in its audit “{title}”.\n\n{message}\n");
    let words =
        format!("Hello {name},\n\n{message}\n\n- {title}\n- {title}\n\nRead it here:\n{}\n", app.config.link("/help"));
    [
        Letter::Invitation { organization, role: "Learner data", inviter: name, secret, until },
        Letter::PasswordReset { name, secret },
        Letter::PasswordChanged { name },
        Letter::Claim { name, secret, until },
        Letter::ClaimedAgain { name },
        Letter::RecordJoined { name },
        Letter::RecordReturned { name },
        Letter::LicenseAudit { subject: &subject, body: &body },
        Letter::CreditRejected { name, organization, credits: 6, lines: &lines },
        Letter::NewActivities {
            name,
            search: title,
            query: "q=heart&format=live_course",
            total: 3,
            lines: &found,
            stop_key: secret.expose(),
        },
        Letter::Words { subject: title, body: &words },
    ]
    .iter()
    .map(|letter| letter.write(app))
    .collect()
}

fn account_letters(app: &App, foreign: &Foreign, secret: &Secret) -> Vec<Written> {
    let (name, reason) = (foreign.person.as_str(), foreign.message.as_str());
    let (from, until) = ("03/14/2026, 2:05 PM CDT", "03/17/2026, 2:05 PM CDT");
    let notices = [
        Notice::AuthenticatorOn,
        Notice::AuthenticatorOff,
        Notice::PasskeyAdded(foreign.title.clone()),
        Notice::PasskeyRemoved(foreign.title.clone()),
        Notice::PasskeyCopied(foreign.title.clone()),
        Notice::NewRecoveryCodes,
        Notice::RecoveryCodeUsed(1),
        Notice::CodesWrong,
        Notice::NewDevice("Firefox on Windows".into()),
        Notice::FactorsCleared,
    ];
    let told = notices.iter().map(|notice| AccountLetter::Notice { name, notice });
    told.chain([
        AccountLetter::ConfirmEmail { name, secret },
        AccountLetter::EmailChanging { name, secret },
        AccountLetter::EmailChanged { name },
        AccountLetter::HelpAsked { name, secret },
        AccountLetter::HelpAnswered { name, reason, from: Some(from) },
        AccountLetter::HelpAnswered { name, reason, from: None },
        AccountLetter::ClaimGranted { secret, reason, from, until },
        AccountLetter::ClaimRefused { reason },
        AccountLetter::ClaimTakesOver { name, secret, from },
    ])
    .map(|letter| Letter::Account(letter).write(app))
    .collect()
}

fn shared(app: &App, foreign: &Foreign, secret: &Secret) -> Vec<Written> {
    let recipient =
        Recipient::Email { name: foreign.organization.clone(), email: "jordan@clinic.example".into(), asks_code: true };
    let terms = Terms {
        recipient,
        message: foreign.message.clone(),
        filter: Filter::default(),
        shows_numbers: true,
        allows_downloads: true,
        expires_at: app.clock.now(),
        most_openings: None,
    };
    let share = ShareId::new(Uuid::nil());
    vec![
        shares::shared(app, &terms, &foreign.person, secret),
        shares::code(app, "402718", 10),
        shares::opened(app, share, &foreign.person, &foreign.organization, app.clock.now()).ends(
            app,
            "/passport/sharing#letters",
            "/unsubscribe/a-secret-that-opens-nothing",
        ),
    ]
}

fn cases(app: &App, foreign: &Foreign) -> Vec<Written> {
    let case = MissingCreditId::new(Uuid::nil());
    let what = format!("“{}” (activity 202600040)", foreign.title);
    let due = "03/31/2026";
    let mut all = Vec::new();
    for step in Step::ALL {
        if let Some(words) = missing::provider_words(*step, &what, due) {
            all.push(missing::provider_letter(app, &foreign.person, &words, case));
        }
        if let Some(words) = missing::physician_words(*step, &what, &foreign.organization, due) {
            all.push(missing::physician_letter(app, &foreign.person, &words, case));
        }
    }
    all
}

fn morning(app: &App, foreign: &Foreign) -> Written {
    let news: Vec<News> = (0..3)
        .map(|_| News {
            completion: CompletionId::new(Uuid::nil()),
            title: foreign.title.clone(),
            provider: foreign.organization.clone(),
            completed_on: "2026-03-14".into(),
        })
        .collect();
    let letter = news::begin(app, &foreign.person);
    let letter = news::listed(letter, "Credit was reported for you:", &news);
    news::end(app, letter, "a-secret-that-opens-nothing")
}

fn notice(app: &App, foreign: &Foreign) -> Written {
    let words = Words {
        kind: Kind::Maintenance,
        level: Level::Warning,
        title: foreign.title.clone(),
        body: foreign.message.clone(),
        path: "/status".into(),
        personas: vec![Persona::Provider],
        shows_from: app.clock.now(),
        shows_until: app.clock.now(),
        is_dismissible: true,
    };
    announcements::letter(app, &words, &foreign.person, "a-secret-that-opens-nothing")
}
