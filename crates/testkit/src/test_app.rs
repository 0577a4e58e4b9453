//! The application under test: everything but the network.

use std::path::{Path, PathBuf};

use app::{App, Chance, Clock, Config};
use axum::Router;
use store::{Database, Store};
use tempfile::TempDir;

use crate::visitor::Visitor;
use crate::{database, people};

/// A whole application with its pages, two providers, boards and the people of [`people`].
pub struct TestApp {
    pub app: App,
    /// Where the database is, for looking at it from outside.
    pub address: String,
    router: Router,
    folder: TempDir,
}

impl TestApp {
    pub async fn new() -> Self {
        Self::with(|_| ()).await
    }

    /// With other settings than the defaults.
    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().expect("a scratch folder");
        let mut config = Config::read(None).expect("the default settings");
        config.data = PathBuf::from(folder.path());
        config.database = database::fresh(folder.path()).await;
        // tests about second factors ask for them
        config.require_second_factor = false;
        change(&mut config);
        let address = config.database.clone();
        let clock = Clock::fixed("2026-11-23T15:00:00Z".parse().expect("a time"));
        let app = App::open(config, clock, Chance::seeded(7), &|_, _| {}).await.expect("the application opens");
        people::settle(&app).await;
        let router = web::router(app.clone());
        Self { app, address, router, folder }
    }

    /// Where the application keeps its files.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A browser that nobody signed in with yet.
    pub fn anonymous(&self) -> Visitor {
        Visitor::new(self.router.clone())
    }

    /// A browser in which one of [`people`] signed in.
    pub async fn sign_in(&self, email: &str) -> Visitor {
        let mut visitor = self.anonymous();
        // all in one browser that is known: letters about new ones have tests of their own
        visitor.set_cookie("credence_device", "a-known-browser");
        let answer = visitor.post_form("/sign-in", &[("email", email), ("password", people::PASSWORD)]).await;
        assert_eq!(answer.status, 303, "{email} signs in: {}", answer.text());
        visitor
    }

    /// A program with this token.
    pub fn bearer(&self, token: &str) -> Visitor {
        let mut visitor = self.anonymous();
        visitor.show_token(token);
        visitor
    }

    /// The last letter to this address: subject and body.
    pub async fn letter_to(&self, email: &str) -> (String, String) {
        let mut tx = self.app.store.read().await.expect("a transaction");
        let mails = store::mails::list_newest(&mut tx, 100).await.expect("letters");
        let mail = mails.into_iter().find(|mail| mail.to_address == email);
        let mail = mail.unwrap_or_else(|| panic!("no letter to {email}"));
        (mail.subject, mail.body)
    }

    /// The path of the link in the last letter to this address.
    pub async fn link_to(&self, email: &str) -> String {
        let (_, body) = self.letter_to(email).await;
        let base = self.app.config.link("");
        let line = body.lines().find(|line| line.starts_with(&base)).expect("a link on a line of its own");
        line[base.len()..].to_owned()
    }
}

/// A database with its tables and nothing else, for the tests of `store`.
pub struct TestStore {
    pub store: Store,
    pub address: String,
    _folder: TempDir,
}

impl TestStore {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a scratch folder");
        let address = database::fresh(folder.path()).await;
        let store = Store::open(&Database::read(&address).expect("an address")).await.expect("the database opens");
        Self { store, address, _folder: folder }
    }
}
