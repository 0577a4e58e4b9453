//! The test application seen from one provider: files go in, and the record proves itself.

use app::App;
use domain::UploadId;
use domain::access::{Actor, ProviderRole, ProviderScope};
use store::uploads::Upload;
use testkit::people::{OWNER, actor};
use testkit::{TestApp, records};

pub struct World {
    pub app: App,
    pub test: TestApp,
    pub actor: Actor,
}

impl World {
    pub async fn new() -> Self {
        let test = TestApp::new().await;
        records::fill(&test.app).await;
        let actor = actor(&test.app, OWNER).await;
        Self { app: test.app.clone(), test, actor }
    }

    pub fn scope(&self) -> ProviderScope {
        self.actor.provider(ProviderRole::LearnerData).unwrap()
    }

    pub async fn receive(&self, file: &str) -> app::uploads::Received {
        self.receive_bytes(file.as_bytes()).await
    }

    pub async fn receive_bytes(&self, file: &[u8]) -> app::uploads::Received {
        let bytes = futures::stream::iter([Ok::<_, std::io::Error>(file.to_vec())]);
        let staged = app::uploads::stage(&self.app, bytes).await.unwrap();
        app::uploads::receive(&self.app, &self.actor, "Ida Ward", "learners.txt", staged).await.unwrap()
    }

    /// Sends a file and works until nothing is left to do.
    pub async fn upload(&self, file: &str) -> Upload {
        self.upload_bytes(file.as_bytes()).await
    }

    pub async fn upload_bytes(&self, file: &[u8]) -> Upload {
        let id = self.receive_bytes(file).await.upload.id;
        records::work(&self.app).await;
        let upload = self.find(id).await;
        assert!(upload.status.is_over(), "{upload:?}");
        upload
    }

    pub async fn find(&self, id: UploadId) -> Upload {
        let mut tx = self.app.store.read().await.unwrap();
        store::uploads::find(&mut tx, &self.scope(), id).await.unwrap().unwrap()
    }

    /// Changes one row behind the program's back.
    pub async fn tamper(&self, sql: &str) {
        assert_eq!(testkit::database::tamper(&self.test.address, sql).await, 1, "{sql}");
    }

    pub async fn verify(&self) -> app::verify::Report {
        let key = self.app.ledger.signer().verifying_key();
        app::verify::run(&self.app.store, &key, &|_, _| {}).await.unwrap()
    }

    /// The whole record proves itself.
    pub async fn assert_sound(&self) -> app::verify::Report {
        let report = self.verify().await;
        assert!(report.is_sound(), "{:#?}", report.faults);
        report
    }
}
