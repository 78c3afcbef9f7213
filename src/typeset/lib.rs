//! Typesets a document: a template and its data become a PDF that is archived (PDF/A-3a) and accessible (PDF/UA-1).
//!
//! Apart from the portal, because what it stands on takes long to compile. A template sees its data as `/data.json` and
//! the files it was given, nothing of the machine and nothing of the network. Invariants: the same input gives the same
//! bytes; a character that no font has becomes [`SUBSTITUTE`] and stops nothing. A template may run for ever and take all
//! memory: whoever calls this does it in a process with limits.

mod facturx;

use serde_json::Value;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt as _, World, WorldExt as _};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

/// What stands for a character that no font has.
pub const SUBSTITUTE: char = '\u{25A1}';

/// The fonts of documents: Inter, and one that has the characters of East Asia.
const FONTS: [&[u8]; 3] = [
    include_bytes!("fonts/Inter-Regular.otf"),
    include_bytes!("fonts/Inter-SemiBold.otf"),
    include_bytes!("fonts/DroidSansFallback.ttf"),
];

/// What is typeset.
#[derive(Debug)]
pub struct Job<'a> {
    /// The template, in the language of Typst.
    pub template: &'a str,
    /// Its data.
    pub data: Value,
    /// Files that the template may use, or attaches: name and bytes.
    pub files: &'a [(&'a str, &'a [u8])],
    /// What tells this document from every other.
    pub ident: &'a str,
    /// When it was made: year, month, day, hour, minute, second, in UTC.
    pub made: (i32, u8, u8, u8, u8, u8),
    /// The attached `factur-x.xml` is an e-invoice, and the document says so.
    pub e_invoice: bool,
}

/// Typesets a document.
///
/// # Errors
/// Sentences with line numbers that say what is wrong with the template.
pub fn pdf(job: Job<'_>) -> Result<Vec<u8>, String> {
    let set = set(job);
    // What a document left in memory is of no use to the next, and never goes by itself.
    typst::comemo::evict(0);
    set
}

fn set(mut job: Job<'_>) -> Result<Vec<u8>, String> {
    let fonts: Vec<Font> = FONTS.iter().flat_map(|font| Font::iter(Bytes::new(*font))).collect();
    substitute(&mut job.data, &|c| {
        c.is_control()
            || c.is_whitespace()
            || fonts.iter().any(|font| font.info().coverage.contains(c.into()))
    });
    let main = file_id("/template.typ")?;
    let source = Source::new(main, job.template.to_owned());
    let data = serde_json::to_vec(&job.data).map_err(|error| error.to_string())?;
    let mut files = vec![(file_id("/data.json")?, Bytes::new(data))];
    for (name, bytes) in job.files {
        files.push((file_id(&format!("/{name}"))?, Bytes::new(bytes.to_vec())));
    }
    let world = TypesetWorld {
        library: LazyHash::new(Library::default()),
        book: LazyHash::new(FontBook::from_fonts(&fonts)),
        fonts,
        source,
        files,
    };
    let document = typst::compile::<PagedDocument>(&world).output.map_err(|all| told(&world, &all))?;
    let (year, month, day, hour, minute, second) = job.made;
    let made = Datetime::from_ymd_hms(year, month, day, hour, minute, second).ok_or("no such date")?;
    let standards = [PdfStandard::A_3a, PdfStandard::Ua_1];
    let options = PdfOptions {
        ident: Smart::Custom(job.ident.to_owned()),
        creator: Smart::Custom(Some("Latchkey".into())),
        timestamp: Some(Timestamp::new_utc(made)),
        standards: PdfStandards::new(&standards).map_err(|error| error.message().to_string())?,
        ..PdfOptions::default()
    };
    let pdf = typst_pdf::pdf(&document, &options).map_err(|all| told(&world, &all))?;
    if job.e_invoice { facturx::declare(pdf) } else { Ok(pdf) }
}

fn file_id(path: &str) -> Result<FileId, String> {
    let path = VirtualPath::new(path).map_err(|error| format!("{error:?}"))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

/// Puts [`SUBSTITUTE`] where no font has a character.
fn substitute(value: &mut Value, known: &impl Fn(char) -> bool) {
    match value {
        Value::String(text) if text.chars().any(|c| !known(c)) => {
            *text = text.chars().map(|c| if known(c) { c } else { SUBSTITUTE }).collect();
        }
        Value::Array(all) => all.iter_mut().for_each(|one| substitute(one, known)),
        Value::Object(all) => all.values_mut().for_each(|one| substitute(one, known)),
        _ => {}
    }
}

/// What went wrong, a line each: the line of the template and a sentence.
fn told(world: &TypesetWorld, all: &[SourceDiagnostic]) -> String {
    let line = |one: &SourceDiagnostic| {
        let at = world.range(one.span).map(|range| {
            let before = world.source.text().get(..range.start).unwrap_or_default();
            format!("Line {}: ", before.matches('\n').count() + 1)
        });
        format!("{}{}", at.unwrap_or_default(), one.message)
    };
    all.iter().take(5).map(line).collect::<Vec<_>>().join("\n")
}

/// All that a template sees of the world.
struct TypesetWorld {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    source: Source,
    files: Vec<(FileId, Bytes)>,
}

impl World for TypesetWorld {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.source.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.source.id() { Ok(self.source.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let found = self.files.iter().find(|(known, _)| *known == id);
        found.map(|(_, bytes)| bytes.clone()).ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const TEMPLATE: &str = r#"#let data = json("/data.json")
#set document(title: data.title, date: datetime(year: 2026, month: 11, day: 26))
#set text(font: ("Inter", "Droid Sans Fallback"), lang: "en")
= #data.title
#if data.attach { pdf.attach("/factur-x.xml", relationship: "alternative", mime-type: "text/xml", description: "Invoice") }
"#;

    fn set(template: &str, title: &str, attach: bool) -> Result<Vec<u8>, String> {
        pdf(Job {
            template,
            data: json!({ "title": title, "attach": attach }),
            files: &[("factur-x.xml", b"<a/>")],
            ident: "one",
            made: (2026, 11, 26, 12, 0, 0),
            e_invoice: attach,
        })
    }

    #[test]
    fn the_same_input_gives_the_same_bytes() {
        let one = set(TEMPLATE, "Invoice", false).unwrap();
        assert!(one.starts_with(b"%PDF-1.7"));
        assert_eq!(one, set(TEMPLATE, "Invoice", false).unwrap());
    }

    #[test]
    fn a_name_outside_the_fonts_stops_nothing() {
        let known = set(TEMPLATE, "Αρτοποιείο Ключ", false).unwrap();
        let east = set(TEMPLATE, "山田パン", false).unwrap();
        assert!(east.len() > known.len() / 2);
        let substitute = format!("Bakery {SUBSTITUTE}");
        let emoji = set(TEMPLATE, "Bakery \u{1F950}", false).unwrap();
        assert_eq!(emoji, set(TEMPLATE, &substitute, false).unwrap(), "it is shown as {SUBSTITUTE}");
    }

    #[test]
    fn what_is_wrong_with_a_template_is_said_with_its_line() {
        let wrong = set("#let a = 1\n#nothing", "x", false).unwrap_err();
        assert!(wrong.starts_with("Line 2: unknown variable: nothing"), "{wrong}");
    }

    #[test]
    fn a_template_sees_its_files_and_nothing_else() {
        for reads in ["#read(\"/etc/passwd\")", "#read(\"../lib.rs\")", "#import \"@preview/cetz:0.3.0\""] {
            assert!(set(reads, "x", false).is_err(), "{reads}");
        }
    }

    #[test]
    fn an_e_invoice_is_declared_and_the_table_of_objects_still_holds() {
        let declared = set(TEMPLATE, "Invoice", true).unwrap();
        let text = String::from_utf8_lossy(&declared);
        assert!(
            text.contains("<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>")
                && text.contains("factur-x.xml")
        );
        // Each entry of the table points at the beginning of its object.
        let table = declared.windows(6).rposition(|window| window == b"\nxref\n").unwrap() + 1;
        assert!(text.trim_end().ends_with(&format!("startxref\n{table}\n%%EOF")));
        let entries = String::from_utf8_lossy(&declared[table..]).into_owned();
        let places: Vec<usize> = entries
            .lines()
            .skip(2)
            .take_while(|line| line.len() >= 18)
            .filter(|line| line.contains(" n"))
            .map(|line| line[..10].parse().unwrap())
            .collect();
        assert!(places.len() > 10);
        for (n, place) in places.iter().enumerate() {
            let begins = format!("{} 0 obj", n + 1);
            assert!(declared[*place..].starts_with(begins.as_bytes()), "{begins} is not at {place}");
        }
        // Its length is what stands between its marks.
        let metadata = text.find("<?xpacket begin").unwrap();
        let end = text[metadata..].find("\nendstream").unwrap();
        assert!(text[..metadata].ends_with("stream\n"));
        let said = text[..metadata].rfind("/Length ").unwrap() + 8;
        assert!(text[said..].starts_with(&end.to_string()));
    }
}
