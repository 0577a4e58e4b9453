//! A list of activities as a file that can be sent again: every field, in any format.

use domain::access::ProviderScope;
use formats::activities::{ActivityFormat, DocumentWriter, Record, SheetWriter, Widths, record};
use formats::{Encoding, FileFormat};
use store::activities::{Filter, Sort};
use tokio::sync::mpsc;

use crate::uploads::ResultFile;
use crate::{App, Error, Result};

/// Activities read at once.
const PAGE: i64 = 500;

/// A format to choose from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    Xlsx,
    Csv,
    Tsv,
    Xml,
    Json,
}

impl ExportFormat {
    pub const ALL: &[ExportFormat] = &[Self::Xlsx, Self::Csv, Self::Tsv, Self::Xml, Self::Json];

    /// Its word in addresses, which is also the ending of its files.
    pub fn code(self) -> &'static str {
        match self {
            ExportFormat::Xlsx => "xlsx",
            ExportFormat::Csv => "csv",
            ExportFormat::Tsv => "txt",
            ExportFormat::Xml => "xml",
            ExportFormat::Json => "json",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            ExportFormat::Xlsx => "Excel",
            ExportFormat::Csv => "CSV",
            ExportFormat::Tsv => "Text, tab-delimited",
            ExportFormat::Xml => "XML",
            ExportFormat::Json => "JSON",
        }
    }

    pub fn read(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|format| format.code() == code)
    }

    fn format(self) -> ActivityFormat {
        match self {
            ExportFormat::Xlsx => ActivityFormat::Sheet(FileFormat::Xlsx),
            // Excel takes text for UTF-8 only with a mark
            ExportFormat::Csv => {
                ActivityFormat::Sheet(FileFormat::Text { delimiter: b',', encoding: Encoding::Utf8Bom })
            }
            ExportFormat::Tsv => ActivityFormat::Sheet(FileFormat::TSV),
            ExportFormat::Xml => ActivityFormat::Xml,
            ExportFormat::Json => ActivityFormat::Json,
        }
    }
}

/// Writes everything that the filter shows to a scratch file, as it was at one moment.
pub async fn export(
    app: &App,
    scope: &ProviderScope,
    filter: &Filter,
    sort: Sort,
    format: ExportFormat,
) -> Result<ResultFile> {
    let (today, reference) = (app.clock.today(), app.reference.get());
    let scratch = app.config.data.join("scratch");
    tokio::fs::create_dir_all(&scratch).await?;
    let kind = format.format();
    let file = ResultFile {
        path: scratch.join(app.chance.id(app.clock.now()).to_string()),
        name: format!("activities-{today}.{}", format.code()),
        content_type: kind.content_type(),
    };
    let mut tx = app.store.read().await?;
    let mut widths = Widths::template();
    if matches!(kind, ActivityFormat::Sheet(_)) {
        // a sheet's columns have to be known before its first row
        let mut first = 0;
        loop {
            let page = store::activities::list(&mut tx, scope, filter, today, sort, PAGE, first).await?;
            for listed in &page {
                widths.fit(&record(&listed.stored.activity, &reference, None));
            }
            first += PAGE;
            if (page.len() as i64) < PAGE {
                break;
            }
        }
    }
    let (to_write, records) = mpsc::channel(PAGE as usize);
    let path = file.path.clone();
    let writing = tokio::task::spawn_blocking(move || write(&path, kind, &widths, records));
    let mut first = 0;
    'reading: loop {
        let page = store::activities::list(&mut tx, scope, filter, today, sort, PAGE, first).await?;
        let count = page.len() as i64;
        for listed in page {
            if to_write.send(record(&listed.stored.activity, &reference, None)).await.is_err() {
                break 'reading; // the writer has stopped and says why below
            }
        }
        first += PAGE;
        if count < PAGE {
            break;
        }
    }
    drop(to_write);
    writing.await.map_err(|error| Error::Internal(error.to_string()))??;
    Ok(file)
}

fn write(
    path: &std::path::Path,
    format: ActivityFormat,
    widths: &Widths,
    mut records: mpsc::Receiver<Record>,
) -> Result<()> {
    let internal = |error: formats::result::WriteError| Error::Internal(error.to_string());
    if let ActivityFormat::Sheet(sheet) = format {
        let mut writer = SheetWriter::create(path, sheet, widths).map_err(internal)?;
        while let Some(record) = records.blocking_recv() {
            writer.write(&record).map_err(internal)?;
        }
        return writer.finish().map_err(internal);
    }
    let file = std::io::BufWriter::new(std::fs::File::create(path)?);
    let mut writer = DocumentWriter::begin(file, format)?;
    while let Some(record) = records.blocking_recv() {
        writer.write(&record)?;
    }
    writer.finish()?;
    Ok(())
}
