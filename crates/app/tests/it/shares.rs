//! Transcripts that a physician shares: who may open them, how often, what they show, and what the physician sees.

use app::shares::{self, Given, What};
use app::{Error, looks};
use domain::access::{Actor, LicensingBoardScope, PhysicianScope, Seat};
use domain::{Amount, ShareId};
use jiff::SignedDuration;
use store::shares::Standing;
use testkit::people::{self, OTHER_LICENSING_BOARD, actor};
use testkit::records::{self, physician, row, row_with_points};

use crate::world::World;

const EMAIL: &str = "alma@physician.example";
const RECIPIENT: &str = "jordan@clinic.example";

struct Sharing {
    world: World,
    actor: Actor,
    scope: PhysicianScope,
}

impl Sharing {
    /// The first physician, with 2 credits and 2 ABIM points.
    async fn new() -> Self {
        let world = World::new().await;
        world.upload(&format!("{}{}", records::HEADER, row_with_points(0, "2", "2"))).await;
        let seat = Seat::Physician(physician(0).id);
        let actor = people::add(&world.app, EMAIL, "Alma Ashdown", seat).await;
        let scope = actor.physician().unwrap();
        Self { world, actor, scope }
    }

    async fn create(&self, given: &Given) -> shares::Made {
        shares::create(&self.world.app, &self.actor, &self.scope, given).await.unwrap()
    }

    /// A bare link, changed.
    async fn link(&self, change: impl FnOnce(&mut Given)) -> (ShareId, String) {
        let mut given = Given::proposed("link");
        change(&mut given);
        let made = self.create(&given).await;
        (made.id, made.link.unwrap().expose().to_owned())
    }

    async fn email(&self) -> (ShareId, String) {
        let given = Given { email: RECIPIENT.into(), name: "Jordan Lee".into(), ..Given::proposed("email") };
        let made = self.create(&given).await;
        assert!(made.link.is_none(), "the letter alone has the link");
        (made.id, self.world.test.link_to(RECIPIENT).await.trim_start_matches("/shared/").to_owned())
    }

    /// Letters of one moment have no order.
    fn tick(&self) {
        self.world.app.clock.advance(SignedDuration::from_secs(1));
    }

    async fn code(&self) -> String {
        let (_, body) = self.world.test.letter_to(RECIPIENT).await;
        body.lines().find(|line| line.len() == 6 && line.bytes().all(|byte| byte.is_ascii_digit())).unwrap().to_owned()
    }

    async fn read(&self, link: &str, visit: &str, what: What) -> app::Result<Option<shares::Opened>> {
        shares::read(&self.world.app, link, visit, what, "Firefox on Windows").await
    }

    async fn looks(&self, id: ShareId) -> Vec<(String, String)> {
        let (_, looks) = shares::find(&self.world.app, &self.scope, id).await.unwrap();
        looks.into_iter().map(|look| (look.what, look.confirmed_email)).collect()
    }
}

fn fields<T: std::fmt::Debug>(result: app::Result<T>) -> Vec<&'static str> {
    match result {
        Err(Error::Invalid(faults)) => faults.iter().map(|fault| fault.field).collect(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_link_is_opened_by_an_act_and_shows_what_is_on_record_at_that_moment() {
    let sharing = Sharing::new().await;
    let app = &sharing.world.app;
    let (id, link) = sharing.link(|_| ()).await;
    let offered = shares::offer(app, &link).await.unwrap();
    assert_eq!(offered.physician, "Alma Ashdown, MD");
    assert!(sharing.read(&link, "", What::Page).await.unwrap().is_none(), "nobody opened it");
    assert!(sharing.looks(id).await.is_empty(), "looking at the offer is no look");

    let visit = shares::open(app, &link).await.unwrap();
    let opened = sharing.read(&link, visit.expose(), What::Page).await.unwrap().unwrap();
    assert_eq!(opened.official.transcript.totals[0].amount, Amount::new(200));
    let later = row("Add", 0, "3").replace("11/02/2026", "11/05/2026");
    sharing.world.upload(&format!("{}{later}", records::HEADER)).await;
    let opened = sharing.read(&link, visit.expose(), What::Pdf).await.unwrap().unwrap();
    assert_eq!(opened.official.transcript.totals[0].amount, Amount::new(500), "as it is now");
    let verified = app::verification::verify(app, &opened.official.code).await.unwrap();
    assert_eq!(verified.credits, 3);
    let page = |what: &str| (what.to_owned(), String::new());
    assert_eq!(sharing.looks(id).await, [page("pdf"), page("page")]);

    app.clock.advance(SignedDuration::from_mins(61));
    assert!(sharing.read(&link, visit.expose(), What::Page).await.unwrap().is_none(), "a visit ends");
    let (share, _) = shares::find(app, &sharing.scope, id).await.unwrap();
    assert_eq!(share.openings, 1);
}

#[tokio::test]
async fn what_the_physician_left_out_is_in_no_rendering() {
    let sharing = Sharing::new().await;
    let app = &sharing.world.app;
    let early = row("Add", 0, "3").replace("11/02/2026", "05/01/2026");
    sharing.world.upload(&format!("{}{early}", records::HEADER)).await;
    let (_, link) = sharing
        .link(|given| {
            given.from = "2026-09-01".into();
            given.kind = "CME".into();
            given.numbers = String::new();
        })
        .await;
    let visit = shares::open(app, &link).await.unwrap();
    let opened = sharing.read(&link, visit.expose(), What::Json).await.unwrap().unwrap();
    let official = opened.official;
    assert_eq!(official.transcript.totals.len(), 1);
    assert_eq!(official.transcript.totals[0].amount, Amount::new(200));
    let json = app::transcripts::json(app, std::slice::from_ref(&official)).unwrap();
    for hidden in ["A40000", "300000", "05-01", "Patient Safety", "Medical Knowledge"] {
        assert!(!json.contains(hidden), "{hidden}: {json}");
    }
    let pdf = app::transcripts::pdf(app, &official).await.unwrap();
    assert!(!String::from_utf8_lossy(&pdf).contains("A40000"));
    assert!(official.licenses.is_empty() && official.certifications.is_empty());

    let (_, link) = sharing.link(|given| given.downloads = String::new()).await;
    let visit = shares::open(app, &link).await.unwrap();
    for what in [What::Pdf, What::Json] {
        assert!(matches!(sharing.read(&link, visit.expose(), what).await, Err(Error::NotFound)));
    }
    assert!(sharing.read(&link, visit.expose(), What::Page).await.unwrap().is_some());
}

#[tokio::test]
async fn only_the_recipient_opens_what_asks_for_a_code() {
    let sharing = Sharing::new().await;
    let app = &sharing.world.app;
    let (id, link) = sharing.email().await;
    assert_eq!(shares::offer(app, &link).await.unwrap().address, "j•••@clinic.example");
    assert!(matches!(shares::open(app, &link).await, Err(Error::NotFound)), "the link alone opens nothing");
    assert_eq!(fields(shares::confirm(app, &link, "123456").await), ["code"], "none was sent");
    sharing.tick();
    shares::send_code(app, &link).await.unwrap();
    let code = sharing.code().await;
    let other = format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000);
    assert_eq!(fields(shares::confirm(app, &link, &other).await), ["code"]);
    assert_eq!(fields(shares::confirm(app, &link, "").await), ["code"]);
    let spaced = format!(" {}-{} ", &code[..3], &code[3..]);
    let visit = shares::confirm(app, &link, &spaced).await.unwrap();
    assert_eq!(fields(shares::confirm(app, &link, &code).await), ["code"], "it is used up");
    sharing.read(&link, visit.expose(), What::Page).await.unwrap().unwrap();
    assert_eq!(sharing.looks(id).await, [("page".to_owned(), RECIPIENT.to_owned())]);

    let (_, body) = sharing.world.test.letter_to(EMAIL).await;
    assert!(body.contains("Jordan Lee, jordan@clinic.example was opened for the first time"), "{body}");
}

#[tokio::test]
async fn codes_cannot_be_guessed_by_trying() {
    let sharing = Sharing::new().await;
    let app = &sharing.world.app;
    let (_, link) = sharing.email().await;
    let mut wrong = 0;
    loop {
        sharing.tick();
        match shares::send_code(app, &link).await {
            Ok(()) => {}
            // the letters of this hour are used up
            Err(Error::TooMany { retry_after_seconds: 3_600 }) => {
                app.clock.advance(SignedDuration::from_mins(61));
                continue;
            }
            Err(Error::TooMany { .. }) => break,
            Err(error) => panic!("{error:?}"),
        }
        let code = sharing.code().await;
        let other = format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000);
        for _ in 0..5 {
            match shares::confirm(app, &link, &other).await {
                Err(Error::Invalid(_)) => wrong += 1,
                Err(Error::TooMany { .. }) => {}
                other => panic!("{other:?}"),
            }
        }
        // five wrong ones end it: the right one does not help any more
        assert!(shares::confirm(app, &link, &code).await.is_err());
    }
    assert!((15..=20).contains(&wrong), "{wrong} guesses within a day");
    app.clock.advance(SignedDuration::from_hours(25));
    shares::send_code(app, &link).await.unwrap();
    shares::confirm(app, &link, &sharing.code().await).await.unwrap();
}

#[tokio::test]
async fn a_code_ends_after_a_quarter_of_an_hour() {
    let sharing = Sharing::new().await;
    let app = &sharing.world.app;
    let (_, link) = sharing.email().await;
    sharing.tick();
    shares::send_code(app, &link).await.unwrap();
    app.clock.advance(SignedDuration::from_mins(16));
    assert_eq!(fields(shares::confirm(app, &link, &sharing.code().await).await), ["code"]);
}

#[tokio::test]
async fn an_ended_link_says_so_and_an_unknown_one_is_not_found() {
    let sharing = Sharing::new().await;
    let app = &sharing.world.app;
    let (id, link) = sharing.link(|given| given.ends = "7".into()).await;
    let visit = shares::open(app, &link).await.unwrap();
    assert!(matches!(shares::offer(app, "no such link").await, Err(Error::NotFound)));
    assert!(matches!(shares::read(app, "x", visit.expose(), What::Page, "").await, Err(Error::NotFound)));
    shares::revoke(app, &sharing.actor, &sharing.scope, id).await.unwrap();
    assert!(
        matches!(sharing.read(&link, visit.expose(), What::Page).await, Err(Error::LinkOver)),
        "revoked while open"
    );
    assert!(matches!(shares::offer(app, &link).await, Err(Error::LinkOver)));
    assert!(matches!(shares::open(app, &link).await, Err(Error::LinkOver)));

    let (id, link) = sharing.link(|given| given.ends = "7".into()).await;
    app.clock.advance(SignedDuration::from_hours(7 * 24));
    assert!(matches!(shares::offer(app, &link).await, Err(Error::LinkOver)), "expired");
    let longer = Given { ends: "30".into(), ..Given::default() };
    shares::extend(app, &sharing.actor, &sharing.scope, id, &longer).await.unwrap();
    shares::offer(app, &link).await.unwrap();
    let (_, other) = sharing.link(|_| ()).await;
    let visit = shares::open(app, &other).await.unwrap();
    assert!(sharing.read(&link, visit.expose(), What::Page).await.unwrap().is_none(), "a visit opens one link");
}

#[tokio::test]
async fn a_link_is_opened_no_more_often_than_allowed_even_by_many_at_once() {
    let sharing = Sharing::new().await;
    let (id, link) = sharing.link(|given| given.openings = "3".into()).await;
    let tries = (0..12).map(|_| {
        let (app, link) = (sharing.world.app.clone(), link.clone());
        tokio::spawn(async move { shares::open(&app, &link).await })
    });
    let mut visits = Vec::new();
    for tried in futures::future::join_all(tries).await {
        match tried.unwrap() {
            Ok(visit) => visits.push(visit),
            Err(Error::LinkOver) => {}
            Err(error) => panic!("{error:?}"),
        }
    }
    assert_eq!(visits.len(), 3);
    let (share, _) = shares::find(&sharing.world.app, &sharing.scope, id).await.unwrap();
    assert_eq!((share.openings, share.standing(sharing.world.app.clock.now())), (3, Standing::UsedUp));
    let read = sharing.read(&link, visits[0].expose(), What::Page).await.unwrap();
    assert!(read.is_some(), "whoever opened it reads on");
}

#[tokio::test]
async fn a_new_link_ends_the_one_before() {
    let sharing = Sharing::new().await;
    let app = &sharing.world.app;
    let (id, link) = sharing.link(|_| ()).await;
    let made = shares::renew(app, &sharing.actor, &sharing.scope, id).await.unwrap();
    assert!(matches!(shares::offer(app, &link).await, Err(Error::NotFound)));
    shares::offer(app, made.link.unwrap().expose()).await.unwrap();

    let (id, link) = sharing.email().await;
    sharing.tick();
    shares::renew(app, &sharing.actor, &sharing.scope, id).await.unwrap();
    let sent = sharing.world.test.link_to(RECIPIENT).await;
    assert_ne!(sent, format!("/shared/{link}"));
    shares::offer(app, sent.trim_start_matches("/shared/")).await.unwrap();
}

#[tokio::test]
async fn another_physician_reaches_nothing_of_a_share() {
    let sharing = Sharing::new().await;
    let app = &sharing.world.app;
    let (id, link) = sharing.link(|_| ()).await;
    let seat = Seat::Physician(physician(1).id);
    let other = people::add(app, "bruno@physician.example", "Bruno Birchwood", seat).await;
    let scope = other.physician().unwrap();
    let given = Given { ends: "30".into(), ..Given::default() };
    assert!(matches!(shares::find(app, &scope, id).await, Err(Error::NotFound)));
    assert!(matches!(shares::revoke(app, &other, &scope, id).await, Err(Error::NotFound)));
    assert!(matches!(shares::extend(app, &other, &scope, id, &given).await, Err(Error::NotFound)));
    assert!(matches!(shares::renew(app, &other, &scope, id).await, Err(Error::NotFound)));
    shares::offer(app, &link).await.unwrap();
}

#[tokio::test]
async fn a_board_reads_what_was_sent_to_it_without_a_license_in_its_state() {
    let sharing = Sharing::new().await;
    let app = &sharing.world.app;
    let to = |state: &str| Given { state: state.into(), openings: "1".into(), ..Given::proposed("board") };
    let made = sharing.create(&to("NV")).await;
    assert!(made.link.is_none());
    let reader = actor(app, OTHER_LICENSING_BOARD).await;
    let scope = reader.licensing_board().unwrap();
    let read = |what| shares::read_received(app, &reader, &scope, made.id, what, "Edge on Windows");
    for _ in 0..2 {
        let opened = read(What::Page).await.unwrap();
        assert_eq!(opened.official.transcript.totals[0].amount, Amount::new(200));
    }
    let elsewhere = LicensingBoardScope::of_record(domain::State::read("CA").unwrap());
    let foreign = shares::read_received(app, &reader, &elsewhere, made.id, What::Page, "").await;
    assert!(matches!(foreign, Err(Error::NotFound)));
    let lines = looks::list(app, &sharing.scope, &looks::Filter::default()).await.unwrap().lines;
    let line = lines.iter().find(|line| line.what == "Read your shared transcript").unwrap();
    assert_eq!((line.who.as_str(), line.times), ("Medical Board of Nevada", 2));
    shares::revoke(app, &sharing.actor, &sharing.scope, made.id).await.unwrap();
    assert!(matches!(read(What::Page).await, Err(Error::NotFound)));

    for wrong in ["", "TX", "Nevada!"] {
        assert_eq!(fields(shares::create(app, &sharing.actor, &sharing.scope, &to(wrong)).await), ["state"], "{wrong}");
    }
}

#[tokio::test]
async fn a_form_is_answered_with_all_its_faults() {
    let sharing = Sharing::new().await;
    let app = &sharing.world.app;
    let faults = async |given: Given| fields(shares::create(app, &sharing.actor, &sharing.scope, &given).await);
    let email = |email: &str| Given { email: email.into(), ..Given::proposed("email") };
    assert_eq!(faults(email("")).await, ["email"]);
    assert_eq!(faults(email("jordan@x")).await, ["email"]);
    assert_eq!(faults(email("a@x.example\r\nBcc: b@x.example")).await, ["email"]);
    let all = Given {
        to: "email".into(),
        from: "2026-05-01".into(),
        until: "2026-04-01".into(),
        ends: "date".into(),
        ends_on: "2028-01-01".into(),
        openings: "0".into(),
        message: "x".repeat(1_001),
        ..Given::default()
    };
    assert_eq!(faults(all).await, ["email", "until", "ends_on", "openings", "message"]);
    let link = || Given::proposed("link");
    assert_eq!(faults(Given { name: "two\nlines".into(), ..link() }).await, ["name"]);
    assert_eq!(faults(Given { kind: "REMS".into(), ..link() }).await, ["kind"]);
    assert_eq!(faults(Given { ends: "9999".into(), ..link() }).await, ["ends"]);
    assert_eq!(faults(Given { ends: "date".into(), ends_on: "2026-11-22".into(), ..link() }).await, ["ends_on"]);
    assert_eq!(faults(Given { openings: "many".into(), ..link() }).await, ["openings"]);
    assert_eq!(faults(Given::proposed("nobody")).await, ["to"]);
}
