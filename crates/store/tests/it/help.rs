//! The help's pages, votes and requests: what everybody reads, versions, and that nothing is changed unseen.

use domain::access::{Actor, Seat, StaffScope, Who};
use domain::help::{Category, Content, Kind, RequestState, RequestStep, Status, Topic};
use domain::{AccountId, HelpEntryId, HelpFileId, HelpRequestId};
use store::help::{self, Entry, File, NewLine, NewRequest, Owner, RequestFilter, Seed, Standing, Votes};
use testkit::people::{self, ACCREDITOR, OWNER};
use testkit::{TestApp, TestStore};
use uuid::Uuid;

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn staff() -> StaffScope {
    Actor { who: Who::Account(AccountId::new(id(1))), seat: Seat::Accreditor }.staff().unwrap()
}

fn entry(n: u128, slug: &str, status: Status) -> Entry {
    Entry {
        id: HelpEntryId::new(id(n)),
        kind: Kind::Question,
        slug: slug.into(),
        category: Some(Category::Basics),
        status,
        place: i64::try_from(n).unwrap(),
        content: Content { title: format!("Title {n}"), body: "Body".into(), ..Content::default() },
        is_edited: false,
        version: 1,
        created_at: 10,
        changed_at: 10,
        changed_by: String::new(),
    }
}

#[tokio::test]
async fn everybody_reads_what_is_published_in_its_order() {
    let test = TestStore::new().await;
    let mut tx = test.store.write().await.unwrap();
    let before = help::newest(&mut tx).await.unwrap();
    for (n, slug, status) in
        [(3, "third", Status::Published), (1, "first", Status::Published), (2, "second", Status::Draft)]
    {
        assert!(help::insert(&mut tx, &staff(), &entry(n, slug, status)).await.unwrap());
    }
    assert!(!help::insert(&mut tx, &staff(), &entry(4, "first", Status::Draft)).await.unwrap(), "the address is taken");
    assert_eq!(help::newest(&mut tx).await.unwrap(), before + 3);
    let slugs = |entries: Vec<Entry>| entries.into_iter().map(|entry| entry.slug).collect::<Vec<_>>();
    assert_eq!(slugs(help::published(&mut tx).await.unwrap()), ["first", "third"]);
    assert_eq!(slugs(help::list(&mut tx, &staff()).await.unwrap()), ["first", "second", "third"]);
    help::set_places(&mut tx, &staff(), &[(HelpEntryId::new(id(3)), 0)]).await.unwrap();
    assert_eq!(slugs(help::published(&mut tx).await.unwrap()), ["third", "first"]);
}

#[tokio::test]
async fn a_change_names_the_version_that_was_seen_and_all_versions_are_kept() {
    let test = TestStore::new().await;
    let mut tx = test.store.write().await.unwrap();
    let seeds = [Seed { entry: entry(1, "one", Status::Published), digest: "a".into() }];
    assert_eq!(help::seed(&mut tx, &seeds).await.unwrap(), 1);
    assert_eq!(help::seed(&mut tx, &seeds).await.unwrap(), 0, "it is there already");
    let found = help::find(&mut tx, &staff(), HelpEntryId::new(id(1))).await.unwrap().unwrap();
    assert!(!found.is_edited && help::versions(&mut tx, &staff(), found.id).await.unwrap().is_empty());

    // a release changes what nobody edited
    let newer = |digest: &str, title: &str| {
        let content = Content { title: title.into(), ..Content::default() };
        [Seed { entry: Entry { content, ..entry(1, "one", Status::Draft) }, digest: digest.into() }]
    };
    assert_eq!(help::seed(&mut tx, &newer("b", "Newer")).await.unwrap(), 1);
    let found = help::find(&mut tx, &staff(), found.id).await.unwrap().unwrap();
    assert_eq!((found.content.title.as_str(), found.version, found.status), ("Newer", 2, Status::Published));

    let content = Content { title: "Ours".into(), ..Content::default() };
    let ours = Entry { content, changed_by: "Ada".into(), changed_at: 20, ..found.clone() };
    assert!(help::change(&mut tx, &staff(), &ours).await.unwrap());
    assert!(!help::change(&mut tx, &staff(), &ours).await.unwrap(), "seen before the change");
    assert_eq!(help::seed(&mut tx, &newer("c", "Newest")).await.unwrap(), 0, "what was edited is left alone");
    let found = help::find(&mut tx, &staff(), found.id).await.unwrap().unwrap();
    assert_eq!((found.content.title.as_str(), found.version, found.is_edited), ("Ours", 3, true));
    let versions = help::versions(&mut tx, &staff(), found.id).await.unwrap();
    let told: Vec<(i64, &str, &str)> =
        versions.iter().map(|one| (one.version, one.content.title.as_str(), one.author.as_str())).collect();
    assert_eq!(told, [(3, "Ours", "Ada"), (2, "Newer", "")]);
}

#[tokio::test]
async fn a_voter_has_one_vote_and_files_tell_the_status_of_their_page() {
    let test = TestStore::new().await;
    let mut tx = test.store.write().await.unwrap();
    let page = HelpEntryId::new(id(1));
    help::insert(&mut tx, &staff(), &entry(1, "one", Status::Draft)).await.unwrap();
    for (voter, yes, words, at) in [("a", true, "", 1), ("b", false, "Too short", 2), ("a", false, "Unclear", 3)] {
        help::vote(&mut tx, page, voter, yes, words, at).await.unwrap();
    }
    assert_eq!(help::all_votes(&mut tx, &staff()).await.unwrap().get(&page), Some(&Votes { yes: 0, no: 2 }));
    let said = help::said(&mut tx, &staff(), page, 10).await.unwrap();
    assert_eq!(said.iter().map(|one| one.words.as_str()).collect::<Vec<_>>(), ["Unclear", "Too short"]);

    let file =
        File { id: HelpFileId::new(id(5)), entry: page, file_name: "s.pdf".into(), bytes: 7, digest: "d".into() };
    help::insert_file(&mut tx, &staff(), &file, 4).await.unwrap();
    assert_eq!(help::files(&mut tx, page).await.unwrap(), std::slice::from_ref(&file));
    assert_eq!(help::find_file(&mut tx, file.id).await.unwrap(), Some((file.clone(), Status::Draft)));
    assert!(help::delete_file(&mut tx, &staff(), file.id).await.unwrap());
    assert!(!help::delete_file(&mut tx, &staff(), file.id).await.unwrap());
    assert_eq!(help::find_file(&mut tx, file.id).await.unwrap(), None);
}

#[tokio::test]
async fn requests_have_numbers_are_found_and_changed_only_as_they_were_seen() {
    let test = TestApp::new().await;
    let (ada, owner) = (people::account_id(&test.app, ACCREDITOR).await, people::account_id(&test.app, OWNER).await);
    let mut tx = test.app.store.write().await.unwrap();
    let request = |n: u128, words: &str, account, at| NewRequest {
        id: HelpRequestId::new(id(n)),
        topic: Topic::Credit,
        words: words.into(),
        name: "Ó Briain".into(),
        email: "o@clinic.example".into(),
        account,
        opened_at: at,
    };
    let first = help::insert_request(&mut tx, &request(1, "100% of it is_gone", None, 5)).await.unwrap();
    let second = help::insert_request(&mut tx, &request(2, "Another thing", Some(owner), 6)).await.unwrap();
    assert_eq!((first, second), (1_001, 1_002));
    let mut found = async |filter: RequestFilter| {
        let (found, all) = help::list_requests(&mut tx, &staff(), &filter, 0, 10).await.unwrap();
        assert_eq!(usize::try_from(all).unwrap(), found.len());
        found.into_iter().map(|one| one.number).collect::<Vec<_>>()
    };
    let words = |words: &str| RequestFilter { words: words.into(), ..RequestFilter::default() };
    assert_eq!(found(RequestFilter::default()).await, [1_001, 1_002]);
    assert_eq!(found(words("ó BRIAIN 100%")).await, [1_001]);
    assert_eq!(found(words("1002")).await, [1_002]);
    assert_eq!(found(words("%")).await, [1_001], "a sign is no wildcard");
    assert_eq!(found(words("s_g")).await, [1_001]);
    assert_eq!(found(words("'; drop table help_request; --")).await, [] as [i64; 0]);
    assert_eq!(found(RequestFilter { topic: Some(Topic::Other), ..RequestFilter::default() }).await, [] as [i64; 0]);

    let one = help::find_request(&mut tx, &staff(), HelpRequestId::new(id(1))).await.unwrap().unwrap();
    let taken = help::Request { state: RequestState::Answered, assigned_to: Some(ada), answered_at: Some(9), ..one };
    assert!(help::change_request(&mut tx, &staff(), &taken).await.unwrap());
    assert!(!help::change_request(&mut tx, &staff(), &taken).await.unwrap(), "seen before the change");
    let one = help::find_request(&mut tx, &staff(), taken.id).await.unwrap().unwrap();
    assert_eq!((one.assigned_name.as_str(), one.version, one.answered_at), ("Ada Crane", 2, Some(9)));
    assert_eq!(help::count_requests(&mut tx, &staff()).await.unwrap(), 1);
    let mut found = async |filter: RequestFilter| {
        let (found, _) = help::list_requests(&mut tx, &staff(), &filter, 0, 10).await.unwrap();
        found.into_iter().map(|one| one.number).collect::<Vec<_>>()
    };
    assert_eq!(found(RequestFilter::default()).await, [1_002], "those that wait");
    let any = RequestFilter { standing: Standing::Any, ..RequestFilter::default() };
    assert_eq!(found(any.clone()).await, [1_002, 1_001]);
    assert_eq!(found(RequestFilter { owner: Owner::Account(ada), ..any.clone() }).await, [1_001]);
    assert_eq!(found(RequestFilter { owner: Owner::Nobody, ..any.clone() }).await, [1_002]);
    let answered = RequestFilter { standing: Standing::State(RequestState::Answered), ..any };
    assert_eq!(found(answered).await, [1_001]);

    let line = NewLine { id: id(9), at: 7, step: RequestStep::Noted, author: "Ada", words: "Call them" };
    help::add_line(&mut tx, taken.id, &line).await.unwrap();
    assert_eq!(help::lines(&mut tx, taken.id).await.unwrap()[0].words, "Call them");
    let second = HelpRequestId::new(id(2));
    assert!(help::find_own_request(&mut tx, owner, second).await.unwrap().is_some());
    assert!(help::find_own_request(&mut tx, ada, second).await.unwrap().is_none(), "somebody else's");
    assert!(help::find_own_request(&mut tx, owner, taken.id).await.unwrap().is_none(), "nobody's");
    assert_eq!(help::list_own_requests(&mut tx, owner).await.unwrap().len(), 1);
    assert_eq!(help::staff(&mut tx, &staff()).await.unwrap().len(), 1);
}
