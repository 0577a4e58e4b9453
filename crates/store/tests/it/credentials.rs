//! Digital credentials that were issued, their places in status lists, and transcripts whose credit was replaced.

use domain::access::{PhysicianScope, ProviderScope};
use domain::credit::{CreditStatus, Kind, Part};
use domain::transcript::Filter;
use domain::{Amount, CompletionId, CredentialId, CreditId, UploadId};
use jiff::civil::date;
use store::completions::{self, NewCompletion, NewCredit};
use store::credentials::{self, Credential, Place};
use store::identity_changes::records as identity;
use store::transcript_issues::{self, Cited, Issue};
use store::transcripts::Record;
use testkit::{TestStore, people, records};
use uuid::Uuid;

use crate::shares::{reported, settled};

const NOW: i64 = 1_795_000_000_000_000;
const CODE: &str = "7KQ2MX4D91TB";

fn cited(n: u128) -> Cited {
    Cited { credit: CreditId::new(Uuid::from_u128(n)), status: CreditStatus::Accepted }
}

fn issue(completion: Option<u128>) -> Issue {
    let completion = completion.map(|n| CompletionId::new(Uuid::from_u128(n)));
    Issue {
        code: CODE.into(),
        physician: records::physician(0).id,
        issued_at: NOW,
        issued_by_kind: "physician".into(),
        filter: Filter { completion, ..Filter::default() },
        cited: vec![cited(1), cited(2)],
        totals: vec![],
        ledger_size: 2,
    }
}

fn credential(n: u128, place: Place) -> Credential {
    Credential {
        id: CredentialId::new(Uuid::from_u128(n)),
        code: CODE.into(),
        physician: records::physician(0).id,
        content: vec![n as u8; 32],
        key: "first-key".into(),
        place,
        issued_at: NOW,
        token: "e30.e30.c2ln".into(),
    }
}

#[tokio::test]
async fn what_was_signed_is_found_by_its_content_and_key_and_its_place_is_its_own() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    reported(&mut tx).await;
    transcript_issues::insert(&mut tx, &issue(None)).await.unwrap();
    assert_eq!(credentials::last_list(&mut tx).await.unwrap(), None);
    let place = Place { list: 0, index: 41 };
    let one = credential(1, place);
    credentials::insert(&mut tx, &one, &[cited(1), cited(2)]).await.unwrap();
    assert_eq!(credentials::find(&mut tx, one.id).await.unwrap().unwrap(), one);
    assert!(credentials::find(&mut tx, CredentialId::new(Uuid::from_u128(9))).await.unwrap().is_none());
    let own = |n: usize| Record::own(&PhysicianScope::of_record(records::physician(n).id));
    let same = credentials::find_same(&mut tx, &own(0), &[1; 32], "first-key").await.unwrap();
    assert_eq!(same.unwrap(), one);
    for (record, content, key) in
        [(own(1), [1; 32], "first-key"), (own(0), [2; 32], "first-key"), (own(0), [1; 32], "second-key")]
    {
        assert!(credentials::find_same(&mut tx, &record, &content, key).await.unwrap().is_none());
    }
    assert!(credentials::is_taken(&mut tx, place).await.unwrap());
    assert!(!credentials::is_taken(&mut tx, Place { list: 1, index: 41 }).await.unwrap());
    credentials::insert(&mut tx, &credential(2, Place { list: 2, index: 0 }), &[cited(1)]).await.unwrap();
    credentials::insert(&mut tx, &credential(3, Place { list: 2, index: 7 }), &[cited(1)]).await.unwrap();
    assert_eq!(credentials::last_list(&mut tx).await.unwrap(), Some((2, 2)));
    let twice = credentials::insert(&mut tx, &credential(4, place), &[cited(1)]).await;
    assert!(twice.is_err_and(|error| error.is_unique_violation()));
}

#[tokio::test]
async fn a_credential_falls_with_credit_that_it_cites() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    reported(&mut tx).await;
    transcript_issues::insert(&mut tx, &issue(None)).await.unwrap();
    let at = |index| Place { list: 0, index };
    credentials::insert(&mut tx, &credential(1, at(5)), &[cited(1), cited(2)]).await.unwrap();
    credentials::insert(&mut tx, &credential(2, at(6)), &[cited(2)]).await.unwrap();
    assert!(credentials::fallen(&mut tx, 0).await.unwrap().is_empty());
    completions::withdraw_credits(&mut tx, &[(cited(1).credit, 90)], NOW + 9).await.unwrap();
    assert_eq!(credentials::fallen(&mut tx, 0).await.unwrap(), [5]);
    assert!(credentials::fallen(&mut tx, 1).await.unwrap().is_empty(), "another list");
    assert!(credentials::elsewhere(&mut tx, 0).await.unwrap().is_empty());
    let (from, into) = (records::physician(0).id, records::physician(1).id);
    let moved = CompletionId::new(Uuid::from_u128(2));
    assert!(identity::move_completion(&mut tx, moved, from, into).await.unwrap());
    let mut elsewhere = credentials::elsewhere(&mut tx, 0).await.unwrap();
    elsewhere.sort_by_key(|one| one.index);
    let found: Vec<_> = elsewhere.iter().map(|one| (one.index, one.issued_for, one.stands_on)).collect();
    assert_eq!(found, [(5, from, Some(into)), (6, from, Some(into))]);
}

#[tokio::test]
async fn credit_that_was_corrected_is_told_from_credit_that_was_taken_away() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    reported(&mut tx).await;
    let both = [cited(1), cited(2)];
    assert!(transcript_issues::replaced(&mut tx, &both).await.unwrap().is_empty());
    completions::withdraw_credits(&mut tx, &[(cited(1).credit, 90), (cited(2).credit, 91)], NOW + 9).await.unwrap();
    completions::withdraw(&mut tx, CompletionId::new(Uuid::from_u128(1)), NOW + 9).await.unwrap();
    assert!(transcript_issues::replaced(&mut tx, &both).await.unwrap().is_empty(), "nothing stands in their place");
    // the first completion is reported again, of the same activity and day
    let again = NewCompletion {
        id: CompletionId::new(Uuid::from_u128(11)),
        activity: records::activity_id(),
        provider: people::provider_id(),
        physician: Some(records::physician(0).id),
        reported_physician: Some(records::physician(0).id),
        completed_on: date(2026, 5, 1),
        first_name: "Alma".into(),
        last_name: "Ashdown".into(),
        birth: None,
        state: None,
        learner_identifier: String::new(),
        rems: None,
        person_key: None,
        submission_id: String::new(),
        upload: UploadId::new(Uuid::from_u128(1)),
        row_number: 7,
        reported_at: NOW + 10,
        withdrawn_at: None,
    };
    let credit = NewCredit {
        id: CreditId::new(Uuid::from_u128(11)),
        completion: again.id,
        kind: Kind::Cme,
        part: Part::Whole,
        amount: Amount::new(150),
        types: vec![],
        diplomate_id: String::new(),
        status: CreditStatus::Accepted,
        derived_from: None,
        reported_at: NOW + 10,
        leaf_index: 92,
        withdrawn: None,
    };
    let scope = ProviderScope::of_record(people::provider_id());
    completions::insert(&mut tx, &scope, &[again], &[credit]).await.unwrap();
    assert_eq!(transcript_issues::replaced(&mut tx, &both).await.unwrap(), [cited(1).credit]);
}

#[tokio::test]
async fn a_certificate_tells_of_its_completion_even_when_that_was_withdrawn() {
    let test = TestStore::new().await;
    let mut tx = settled(&test).await;
    reported(&mut tx).await;
    assert_eq!(transcript_issues::certified(&mut tx, &issue(None)).await.unwrap(), None, "of no one completion");
    assert_eq!(transcript_issues::certified(&mut tx, &issue(Some(99))).await.unwrap(), None);
    let of = issue(Some(1));
    let (_, provider, day) = transcript_issues::certified(&mut tx, &of).await.unwrap().unwrap();
    assert_eq!((provider.as_str(), day), ("Harborview", date(2026, 5, 1)));
    completions::withdraw(&mut tx, CompletionId::new(Uuid::from_u128(1)), NOW).await.unwrap();
    assert_eq!(transcript_issues::certified(&mut tx, &of).await.unwrap().unwrap().2, date(2026, 5, 1));
}
