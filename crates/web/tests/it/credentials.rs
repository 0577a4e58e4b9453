//! Digital credentials and certificates: issued once, verified by their file, withdrawn with their credit, and nobody
//! else's to fetch.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::access::Seat;
use ledger::DocumentSigner;
use serde_json::{Value, json};
use testkit::people::{LICENSING_BOARD, OTHER_LICENSING_BOARD};
use testkit::records::{physician, row, row_with_points};
use testkit::{Answer, Part, Visitor, people};

use crate::reading::{World, between, words};

const CREDENTIAL: &str = "/passport/transcript/credential.jwt";
const ORIGIN: &str = "http://127.0.0.1:8080";

fn parts(token: &str) -> [Value; 2] {
    let mut parts = token.split('.').map(|part| URL_SAFE_NO_PAD.decode(part).unwrap());
    [parts.next().unwrap(), parts.next().unwrap()].map(|part| serde_json::from_slice(&part).unwrap())
}

/// Sends a file to be verified, with what is typed about its holder.
async fn send(world: &World, file: &[u8], holder: &str) -> Answer {
    let parts = [Part::File("file", "sent", file), Part::Text("holder", holder)];
    world.test.anonymous().post_multipart("/verify", &parts).await
}

async fn verdict(world: &World, file: &[u8]) -> String {
    words(&send(world, file, "").await)
}

/// Whether the credential's bit is set in the list that it names.
async fn is_revoked(world: &World, credential: &Value) -> bool {
    let status = &credential["credentialStatus"];
    let list = status["statusListCredential"].as_str().unwrap().strip_prefix(ORIGIN).unwrap();
    let signed = world.test.anonymous().get(list).await.expect(200);
    assert_eq!(signed.header("content-type"), "application/vc+jwt");
    let [_, list] = parts(&signed.text());
    assert_eq!(list["credentialSubject"]["statusPurpose"], "revocation");
    let encoded = list["credentialSubject"]["encodedList"].as_str().unwrap();
    let packed = URL_SAFE_NO_PAD.decode(encoded.strip_prefix('u').unwrap()).unwrap();
    let mut bits = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(packed.as_slice()), &mut bits).unwrap();
    assert_eq!(bits.len(), 131_072 / 8);
    let index: usize = status["statusListIndex"].as_str().unwrap().parse().unwrap();
    bits[index / 8] & (0x80 >> (index % 8)) != 0
}

/// The id of the only completion on the physician's transcript page.
async fn completion_of(physician: &mut Visitor) -> String {
    let page = physician.get("/passport/transcript").await.expect(200).text();
    between(&page, "href=\"/passport/completions/", "\"").to_owned()
}

fn later(world: &World) {
    world.test.app.clock.advance(jiff::SignedDuration::from_mins(1));
}

#[tokio::test]
async fn the_same_content_is_signed_once_and_says_nothing_of_birthday_or_numbers() {
    let world = World::new().await;
    world.upload(&row_with_points(0, "2.5", "2")).await;
    let mut physician_ = world.physician().await;
    let first = physician_.get(CREDENTIAL).await.expect(200);
    assert_eq!(first.header("content-type"), "application/vc+jwt");
    assert!(first.header("content-disposition").contains("transcript-"), "{}", first.header("content-disposition"));
    world.test.app.clock.advance(jiff::SignedDuration::from_hours(30));
    let mut again = world.test.sign_in(crate::reading::PHYSICIAN).await;
    assert_eq!(again.get(CREDENTIAL).await.expect(200).text(), first.text(), "a day later, byte for byte");
    let open = again.get(&format!("{CREDENTIAL}?holder=email")).await.expect(200).text();
    assert_ne!(open, first.text(), "named otherwise, it is another");

    let [header, content] = parts(&first.text());
    assert_eq!(header["alg"], "EdDSA");
    let kid = header["kid"].as_str().unwrap();
    assert!(kid.starts_with("did:web:127.0.0.1%3A8080#"), "{kid}");
    let identity = &content["credentialSubject"]["identifier"][0];
    assert_eq!((&identity["identityType"], &identity["hashed"]), (&json!("emailAddress"), &json!(true)));
    assert_eq!(parts(&open)[1]["credentialSubject"]["identifier"][0]["identityHash"], crate::reading::PHYSICIAN);
    let whole = content.to_string();
    let whom = physician(0);
    for secret in [whom.last.as_str(), "A40000", "300000", "--01-01", "01/01", crate::reading::PHYSICIAN] {
        assert!(!whole.contains(secret), "{secret} in {whole}");
    }
    assert_eq!(content["credentialSubject"]["result"][0]["value"], "2.50");
    assert!(content["evidence"][0]["narrative"].as_str().unwrap().contains("2 ABIM Points"), "{whole}");
}

#[tokio::test]
async fn issuer_and_keys_stand_where_a_verifier_looks_for_them() {
    let world = World::new().await;
    world.upload(&row("Add", 0, "2")).await;
    let token = world.physician().await.get(CREDENTIAL).await.expect(200).text();
    let [header, content] = parts(&token);
    let mut anybody = world.test.anonymous();
    let did = anybody.get("/.well-known/did.json").await.expect(200).json();
    assert_eq!(did["id"], content["issuer"]["id"]);
    assert_eq!(did["verificationMethod"][0]["id"], header["kid"]);
    let jwks = anybody.get("/.well-known/jwks.json").await.expect(200).json();
    assert_eq!(jwks["keys"][0]["x"], did["verificationMethod"][0]["publicKeyJwk"]["x"]);
    assert_eq!(jwks["keys"][0]["kid"], header["kid"]);
    assert_eq!(jwks["keys"][0].get("d"), None);
    anybody.get("/credentials/status/1").await.expect(404);
    for odd in ["-1", "x", "99999999999"] {
        anybody.get(&format!("/credentials/status/{odd}")).await.expect(404);
    }
}

#[tokio::test]
async fn a_deleted_completion_withdraws_its_credential_its_certificate_and_its_bit() {
    let world = World::new().await;
    world.upload(&row("Add", 0, "2")).await;
    let mut physician = world.physician().await;
    let completion = completion_of(&mut physician).await;
    let base = format!("/passport/completions/{completion}");
    let token = physician.get(&format!("{base}/credential.jwt")).await.expect(200).text();
    let paper = physician.get(&format!("{base}/certificate.pdf")).await.expect(200).body;
    let [_, content] = parts(&token);
    assert_eq!(content["name"], "Care of the Heart");
    assert_eq!(content["credentialSubject"]["creditsEarned"], 2);
    assert_eq!(content["credentialSubject"]["achievement"]["creator"]["name"], "Harborview Medical Society");
    let valid = verdict(&world, token.as_bytes()).await;
    assert!(valid.contains("A credential that we signed") && valid.contains("Success: Valid"), "{valid}");
    let whole = verdict(&world, &paper).await;
    assert!(whole.contains("Exactly the file that was issued") && whole.contains("Success: Valid"), "{whole}");
    assert!(whole.contains("Activity Care of the Heart Provider Harborview Medical Society Completed 11/02/2026"));
    assert!(!is_revoked(&world, &content).await);

    world.upload(&row("Delete", 0, "2")).await;
    later(&world);
    for file in [token.as_bytes(), &paper] {
        let withdrawn = verdict(&world, file).await;
        assert!(withdrawn.contains("Error: Withdrawn"), "{withdrawn}");
        assert!(withdrawn.contains("1 credit was withdrawn by the provider"), "{withdrawn}");
    }
    assert!(is_revoked(&world, &content).await);
    physician.get(&base).await.expect(404);
    physician.get(&format!("{base}/credential.jwt")).await.expect(404);
    physician.get(&format!("{base}/certificate.pdf")).await.expect(404);
    world.assert_sound().await;
}

#[tokio::test]
async fn a_corrected_completion_makes_what_was_issued_before_corrected_since() {
    let world = World::new().await;
    world.upload(&row("Add", 0, "2")).await;
    let mut physician = world.physician().await;
    let token = physician.get(CREDENTIAL).await.expect(200).text();
    world.upload(&row("Delete", 0, "2")).await;
    world.upload(&row("Add", 0, "1.5")).await;
    later(&world);
    let corrected = verdict(&world, token.as_bytes()).await;
    assert!(corrected.contains("Warning: Corrected since"), "{corrected}");
    assert!(corrected.contains("1 credit was corrected by the provider"), "{corrected}");
    assert!(is_revoked(&world, &parts(&token)[1]).await, "what it says is not true any more");
    let renewed = physician.get(CREDENTIAL).await.expect(200).text();
    assert_ne!(renewed, token);
    assert!(!is_revoked(&world, &parts(&renewed)[1]).await);
    assert!(verdict(&world, renewed.as_bytes()).await.contains("Success: Valid"));
}

#[tokio::test]
async fn rejected_points_revoke_what_counted_them_and_are_never_signed() {
    let world = World::new().await;
    world.upload(&row_with_points(0, "2", "2")).await;
    let mut physician = world.physician().await;
    let token = physician.get(&format!("{CREDENTIAL}?kind=ABIM")).await.expect(200).text();
    crate::reading::answer_points(&world, &[("answer", "reject"), ("reason", "outside_cycle")]).await.expect(303);
    later(&world);
    assert!(verdict(&world, token.as_bytes()).await.contains("Error: Withdrawn"));
    assert!(is_revoked(&world, &parts(&token)[1]).await);
    physician.get(&format!("{CREDENTIAL}?kind=ABIM")).await.expect(404);
    let rest = parts(&physician.get(CREDENTIAL).await.expect(200).text());
    assert!(!rest[1].to_string().contains("ABIM Points"), "{}", rest[1]);
}

#[tokio::test]
async fn who_types_the_holders_address_is_told_whether_it_fits() {
    let world = World::new().await;
    world.upload(&row("Add", 0, "2")).await;
    let token = world.physician().await.get(CREDENTIAL).await.expect(200).text();
    let fits = words(&send(&world, token.as_bytes(), " ALMA@physician.example").await);
    assert!(fits.contains("About the person you named"), "{fits}");
    let other = words(&send(&world, token.as_bytes(), "bruno@physician.example").await);
    assert!(other.contains("Not about the person you named"), "{other}");
    let kept_by_a_wallet = json!({ "verifiableCredential": [token] }).to_string();
    assert!(verdict(&world, kept_by_a_wallet.as_bytes()).await.contains("A credential that we signed"));
}

#[tokio::test]
async fn a_pdf_with_one_changed_letter_is_not_the_file_that_was_issued() {
    let world = World::new().await;
    world.upload(&row("Add", 0, "2")).await;
    let mut physician = world.physician().await;
    let pdf = physician.get("/passport/transcript.pdf").await.expect(200).body;
    assert!(verdict(&world, &pdf).await.contains("Exactly the file that was issued"));
    for at in [20, pdf.len() / 3, pdf.len() / 2, pdf.len() - 5] {
        let mut altered = pdf.clone();
        altered[at] ^= 1;
        let said = verdict(&world, &altered).await;
        assert!(said.contains("Not the file that was issued") && !said.contains("Exactly"), "byte {at}: {said}");
        assert!(said.contains("Total AMA PRA Category 1 Credits 2.00"), "what was issued is told beside: {said}");
    }
    let appended = [pdf.as_slice(), b"\n9 0 obj\n(70 credits)\nendobj\n"].concat();
    assert!(verdict(&world, &appended).await.contains("Not the file that was issued"));
    // without the seal the file still names its code
    let mark = pdf.windows(15).position(|window| window == b"%credence-seal ").unwrap();
    let unsealed = [&pdf[..mark], b"startxref\n0\n%%EOF"].concat();
    assert!(verdict(&world, &unsealed).await.contains("Not the file that was issued"));
    let foreign = verdict(&world, b"%PDF-1.7\nsome other paper\n%%EOF").await;
    assert!(foreign.contains("No code in this PDF"), "{foreign}");
    let invented = verdict(&world, b"%PDF-1.7\nVerify at x with code 0000-0000-0000\n%%EOF").await;
    assert!(invented.contains("Not issued by us"), "{invented}");
}

#[tokio::test]
async fn hostile_and_foreign_files_are_refused_in_words() {
    let world = World::new().await;
    world.upload(&row("Add", 0, "2")).await;
    let token = world.physician().await.get(CREDENTIAL).await.expect(200).text();
    let [header, content] = parts(&token);
    let encoded = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let (text, signature) = token.rsplit_once('.').unwrap();
    let unsigned = |alg: &str| {
        let mut header = header.clone();
        header["alg"] = json!(alg);
        format!("{}.{}.{signature}", encoded(&header), encoded(&content))
    };
    let mut more = content.clone();
    more["credentialSubject"]["result"][0]["value"] = json!("200.00");
    let stranger = DocumentSigner::from_seed(&[9; 32]);
    let kid = header["kid"].as_str().unwrap();
    let by_a_stranger = stranger.sign("JWT", kid, content.to_string().as_bytes());
    let with_its_own_key = stranger.sign("JWT", "did:web:other.example#k", content.to_string().as_bytes());
    let list = world.test.anonymous().get("/credentials/status/0").await.expect(200).text();
    let many = format!("{}{}", "{\"vc\":".repeat(50_000), "1");
    let files: Vec<(String, &str)> = vec![
        (unsigned("none"), "Not signed by us"),
        (unsigned("HS256"), "Not signed by us"),
        (format!("{}..", encoded(&json!({ "alg": "none" }))), "Not signed by us"),
        (with_its_own_key, "Not signed by us"),
        (by_a_stranger, "Altered"),
        (format!("{}.{}.{signature}", text.split('.').next().unwrap(), encoded(&more)), "Altered"),
        (token[..token.len() - 10].to_owned(), "Altered"),
        (format!("{text}."), "Altered"),
        (list, "No credential"),
        (content.to_string(), "No signature"),
        (many, "Neither a PDF nor a credential"),
        ("x".repeat(2_000_000), "Too large"),
        ("%PDF-".to_owned() + &"x".repeat(6_000_000), "Too large"),
        ("PK\u{3}\u{4} a workbook".to_owned(), "Neither a PDF nor a credential"),
        ("\u{0}\u{1}".to_owned(), "Neither a PDF nor a credential"),
    ];
    for (file, expected) in files {
        let answer = send(&world, file.as_bytes(), "").await.expect(422);
        let said = words(&answer);
        assert!(said.contains(&format!("Error: {expected}")), "{expected} for {:.60}: {said}", file);
    }
    let nothing = world.test.anonymous().post_multipart("/verify", &[Part::Text("holder", "x")]).await.expect(422);
    assert!(words(&nothing).contains("Choose a PDF or a credential file"));
}

#[tokio::test]
async fn one_file_after_another_is_held_up_and_goes_on_a_minute_later() {
    let world = World::new().await;
    let mut held_up = None;
    for _ in 0..200 {
        let answer = send(&world, b"%PDF-1.7", "").await;
        if answer.status == 429 {
            held_up = Some(answer);
            break;
        }
    }
    assert_eq!(held_up.expect("a limit").header("retry-after"), "1");
    later(&world);
    send(&world, b"%PDF-1.7", "").await.expect(422);
}

#[tokio::test]
async fn nobody_fetches_what_is_of_another() {
    let world = World::new().await;
    world.upload(&row("Add", 0, "2")).await;
    let completion = completion_of(&mut world.physician().await).await;
    let licensee = physician(0).id;
    let own = [
        format!("/passport/completions/{completion}"),
        format!("/passport/completions/{completion}/certificate.pdf"),
        format!("/passport/completions/{completion}/credential.jwt"),
    ];
    let of_board = [
        format!("/board/licensees/{licensee}.jwt"),
        format!("/board/licensees/{licensee}.csv"),
        format!("/board/licensees/{licensee}.xlsx"),
        format!("/board/licensees/{licensee}/completions/{completion}"),
        format!("/board/licensees/{licensee}/completions/{completion}.pdf"),
        format!("/board/licensees/{licensee}/completions/{completion}.jwt"),
    ];
    people::add(&world.test.app, "bruno@physician.example", "Bruno", Seat::Physician(physician(1).id)).await;
    let mut another = world.test.sign_in("bruno@physician.example").await;
    for path in &own {
        another.get(path).await.expect(404);
        world.test.sign_in(LICENSING_BOARD).await.get(path).await.expect(403);
        world.test.anonymous().get(path).await.expect(303);
    }
    let mut elsewhere = world.test.sign_in(OTHER_LICENSING_BOARD).await;
    for path in &of_board {
        elsewhere.get(path).await.expect(404);
        another.get(path).await.expect(403);
        world.test.anonymous().get(path).await.expect(303);
    }
    let mut board = world.test.sign_in(LICENSING_BOARD).await;
    for path in &of_board {
        board.get(path).await.expect(200);
    }
    let unlicensed = physician(1).id;
    board.get(&format!("/board/licensees/{unlicensed}/completions/{completion}.jwt")).await.expect(404);
    board.get(&format!("/board/licensees/{licensee}/completions/{completion}.exe")).await.expect(404);
    let mut own_page = world.test.sign_in(crate::reading::PHYSICIAN).await;
    let looks = words(&own_page.get("/passport/access").await.expect(200));
    assert!(looks.contains("Medical Board of California"), "{looks}");
    assert_eq!(own_page.get("/passport/completions/x").await.status, 404);
}

#[tokio::test]
async fn a_licensees_credential_names_them_by_a_scrambled_name() {
    let world = World::new().await;
    world.upload(&row("Add", 0, "2")).await;
    let mut board = world.test.sign_in(LICENSING_BOARD).await;
    let token = board.get(&format!("/board/licensees/{}.jwt", physician(0).id)).await.expect(200).text();
    assert!(!parts(&token)[1].to_string().contains("Ashdown"));
    let fits = words(&send(&world, token.as_bytes(), "Alma Ashdown, MD").await);
    assert!(fits.contains("About the person you named"), "{fits}");
}

#[tokio::test]
async fn a_certificate_reads_in_order_and_is_tagged() {
    let world = World::new().await;
    world.upload(&row_with_points(0, "2.5", "2")).await;
    let mut physician = world.physician().await;
    let completion = completion_of(&mut physician).await;
    let page = words(&physician.get(&format!("/passport/completions/{completion}")).await.expect(200));
    assert!(page.contains("Care of the Heart") && page.contains("Pending at ABIM"), "{page}");
    let pdf = physician.get(&format!("/passport/completions/{completion}/certificate.pdf")).await.expect(200).body;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("certificate.pdf");
    std::fs::write(&file, &pdf).unwrap();
    let said = |program: &str, arguments: &[&str]| {
        let to_stdout = (program == "pdftotext").then_some("-");
        let output = std::process::Command::new(program).args(arguments).arg(&file).args(to_stdout).output();
        let output = output.expect("poppler-utils is installed");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let text = said("pdftotext", &["-layout"]);
    let mut rest = text.as_str();
    for part in [
        "Certificate of Completion",
        "Alma Ashdown, MD",
        "Care of the Heart",
        "Harborview Medical Society",
        "on November 2, 2026 and earned",
        "2.5 AMA PRA Category 1 Credits",
        "2 ABIM Points",
        "ABIM has not answered",
        "Official certificate issued",
        "with code",
    ] {
        rest = rest.split_once(part).unwrap_or_else(|| panic!("{part} in its place in {text}")).1;
    }
    let structure = said("pdfinfo", &["-struct"]);
    assert!(structure.contains("Document H1") && structure.contains("Figure"), "{structure}");
    assert!(said("pdfinfo", &["-meta"]).contains("with code"), "the code stands in the file's description");
}

#[tokio::test]
async fn tables_have_a_line_for_each_credit_and_start_no_formula() {
    let world = World::new().await;
    world.upload(&row_with_points(0, "2.5", "2")).await;
    crate::reading::answer_points(&world, &[("answer", "reject"), ("reason", "outside_cycle")]).await.expect(303);
    let id = testkit::records::ACTIVITY;
    let mut tx = world.test.app.store.write().await.unwrap();
    let scope = domain::access::ProviderScope::of_record(people::provider_id());
    let mut stored = store::activities::find(&mut tx, &scope, id.parse().unwrap()).await.unwrap().unwrap();
    stored.activity.title = "=HYPERLINK(\"https://x\")".into();
    let attested = store::activities::Attested { by: None, at: 0 };
    assert!(store::activities::update(&mut tx, &scope, &stored.activity, stored.version, attested).await.unwrap());
    tx.commit().await.unwrap();
    let mut physician = world.physician().await;
    let csv = physician.get("/passport/transcript.csv").await.expect(200);
    assert_eq!(csv.header("content-type"), "text/csv; charset=utf-8");
    let lines: Vec<String> = csv.text().lines().map(str::to_owned).collect();
    assert_eq!(lines.len(), 3, "{lines:?}");
    assert!(lines[0].contains("Completion Date,Activity ID,Activity,"), "{}", lines[0]);
    assert!(lines[1].contains("'=HYPERLINK") && lines[1].contains(",2.50,2.50,,Accepted,"), "{}", lines[1]);
    assert!(lines[2].contains("ABIM Points,2.00,0.00,2 Medical Knowledge,Rejected,"), "{}", lines[2]);
    let xlsx = physician.get("/passport/transcript.xlsx?kind=CME").await.expect(200).body;
    let mut book = calamine::open_workbook_auto_from_rs(std::io::Cursor::new(xlsx)).unwrap();
    let sheet = calamine::Reader::worksheet_range(&mut book, "Transcript").unwrap();
    assert_eq!(sheet.height(), 2);
    assert!(sheet.get((1, 2)).unwrap().to_string().starts_with("'=HYPERLINK"));
    let about = calamine::Reader::worksheet_range(&mut book, "About").unwrap();
    let said: Vec<String> = about.rows().flatten().map(ToString::to_string).collect();
    assert!(said.iter().any(|text| text.contains("with the code")), "{said:?}");
}

#[tokio::test]
async fn a_day_that_is_none_is_refused_beside_its_field_and_issues_nothing() {
    let world = World::new().await;
    world.upload(&row("Add", 0, "2")).await;
    let mut physician_ = world.physician().await;
    let refused = physician_.get("/passport/transcript?from=02%2F30%2F2026&until=2026-01-01").await.expect(422);
    let page = refused.text();
    assert!(page.contains("id=\"from-error\"") && page.contains("value=\"02/30/2026\""), "{page}");
    assert!(words(&refused).contains("02/30/2026 is not a day of the calendar."));
    assert!(!page.contains("Official transcript"));
    let turned = physician_.get("/passport/transcript?from=2026-02-01&until=2026-01-01").await.expect(422);
    assert!(turned.text().contains("id=\"until-error\""));
    physician_.get("/passport/transcript.csv?from=soon").await.expect(422);
    let mut board = world.test.sign_in(LICENSING_BOARD).await;
    let path = format!("/board/licensees/{}?until=never", physician(0).id);
    assert!(board.get(&path).await.expect(422).text().contains("id=\"until-error\""));
    let us = physician_.get("/passport/transcript?from=11/01/2026&provider=0001234").await.expect(200);
    assert!(words(&us).contains("Since November 1, 2026, provider 0001234 only"), "{}", words(&us));
    let none = physician_.get("/passport/transcript?provider=0007654").await.expect(200);
    assert!(words(&none).contains("No credits are recorded for this choice"));
}
