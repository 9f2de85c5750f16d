//! One package for an authority: the lines it asked for as a table, and of each prescription what arrived, its seal, the
//! certificates, and the journal's proof, with the words on how to check them (2008: 1311.180(c)).

use super::ask::Ask;
use super::event::ArchiveEvent;
use super::sheet::Format;
use crate::commands::export::bundle;
use crate::house::House;
use crate::house::record::Fault;
use std::collections::BTreeSet;
use std::io::{Cursor, Write};
use theriac_model::{Actor, Refusal};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// Prescriptions of a package: each brings its proof.
const PRESCRIPTIONS_MAX: usize = 2_000;
const CITE: &str = "21 CFR 1304.04(h), 1311.205(b)(12); 73 FR 36722, proposed 21 CFR 1311.180(c)";

/// A package that was made, after its making was recorded.
#[derive(Debug)]
pub(crate) struct Package {
    pub(crate) bytes: Vec<u8>,
    pub(crate) prescriptions: u64,
    pub(crate) name: String,
}

const READ_ME: &str = "\
What this package holds
=======================

records.csv, records.json  every prescription and dispensing that was asked for, with plain headings
records.pdf                the same on paper, where it fits
prescriptions/NUMBER/      one folder for each prescription that came as a message:
  message.xml              the message, byte for byte as it arrived
  message.xml.p7s          the pharmacy's seal over it, made on arrival
  contents.*               what the practitioner signed, where a signature travelled
  *.pem                    the certificates of those who signed, and of the authority
  evidence.json            the journal's entry with its proof, and the signed checkpoint
  CHECK.txt                how to check all of it with openssl alone

How to check it
===============

With openssl: follow CHECK.txt in each folder.
With this program, offline and without any store:

  theriac verify prescriptions/NUMBER/evidence.json

The key that the checkpoint must be signed with is in checkpoint.vkey; compare it with the one that the pharmacy published.
Prescriptions that came on paper, by fax or by telephone have no message; where a picture of the paper is kept, it is in the
folder with its seal.
";

fn broken(error: impl std::fmt::Display) -> Fault {
    Fault::Broken(error.to_string())
}

impl House {
    /// A package of what was asked for, as a ZIP file. That it was given, and to whom, is recorded before it is handed out.
    ///
    /// # Errors
    /// `ARCHIVE-TO` if it is not said for whom; `ARCHIVE-PACKAGE` for nothing, or for more prescriptions than a package holds.
    pub(crate) fn pack(&self, by: &Actor, ask: &Ask, to: &str) -> Result<Package, Fault> {
        let to = to.trim();
        if to.is_empty() || to.chars().count() > 200 {
            let next = "name the authority and the person who asks, in 1 to 200 characters";
            return Err(Refusal::new("ARCHIVE-TO", CITE, "it is not said who asks for the records", next)
                .about("to")
                .into());
        }
        let mut numbers = BTreeSet::new();
        self.each_line(ask, &mut |line| {
            if numbers.len() <= PRESCRIPTIONS_MAX {
                numbers.insert(line.number);
            }
            Ok(())
        })?;
        if numbers.is_empty() || numbers.len() > PRESCRIPTIONS_MAX {
            let what = if numbers.is_empty() {
                "there is no such record".to_owned()
            } else {
                format!("a package holds {PRESCRIPTIONS_MAX} prescriptions, and more were asked for")
            };
            let next = "ask for another period, or take a table of all of them as CSV";
            return Err(Refusal::new("ARCHIVE-PACKAGE", CITE, what, next).into());
        }
        let prescriptions = numbers.len() as u64;
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let mut add = |name: &str, bytes: &[u8]| -> Result<(), Fault> {
            // The date inside is fixed: the record of the package says when it was made.
            let options = SimpleFileOptions::default()
                .compression_method(CompressionMethod::Deflated)
                .last_modified_time(DateTime::default());
            zip.start_file(name, options).map_err(broken)?;
            zip.write_all(bytes).map_err(broken)
        };
        add("READ-ME.txt", READ_ME.as_bytes())?;
        for format in [Format::Csv, Format::Json, Format::Pdf] {
            match self.lines_as(ask, format) {
                Ok((bytes, _)) => add(&format!("records.{}", format.word()), &bytes)?,
                Err(Fault::Refused(_)) if format == Format::Pdf => {}
                Err(other) => return Err(other),
            }
        }
        for number in &numbers {
            for (name, bytes) in self.evidence_files(number)? {
                add(&format!("prescriptions/{number}/{name}"), &bytes)?;
            }
        }
        let bytes = zip.finish().map_err(broken)?.into_inner();
        let digest = theriac_journal::hash::sha256(&bytes).to_hex();
        self.note_retrieval(by, &ArchiveEvent::Packed { ask: ask.body(), to: to.to_owned(), prescriptions, digest })?;
        Ok(Package { bytes, prescriptions, name: format!("records-{}.zip", self.clock.moment().date()) })
    }

    /// What proves one prescription; for one that came by hand, what was archived of it with its seal and proof.
    fn evidence_files(&self, number: &str) -> Result<Vec<(String, Vec<u8>)>, Fault> {
        let stream = format!("rx/{number}");
        let Some(first) = self.store.stream(&stream)?.into_iter().next() else { return Ok(Vec::new()) };
        let pieces = self.store.archive(first.seq)?;
        if pieces.first().is_some_and(|piece| piece.media == "application/xml") {
            let files = bundle(self, number).map_err(broken)?;
            return Ok(files.into_iter().map(|file| (file.name, file.bytes)).collect());
        }
        let mut files = Vec::new();
        for (place, piece) in pieces.into_iter().enumerate() {
            let name = format!("original-{}.{}", place + 1, extension(&piece.media));
            if !piece.seal.is_empty() {
                files.push((format!("{name}.p7s"), piece.seal));
            }
            files.push((name, piece.bytes));
        }
        let proof = self.store.prove(first.seq)?;
        files.push(("evidence.json".to_owned(), proof.to_json().into_bytes()));
        files.push(("checkpoint.txt".to_owned(), proof.checkpoint.into_bytes()));
        files.push(("checkpoint.vkey".to_owned(), self.keys.verifier().to_text().into_bytes()));
        Ok(files)
    }
}

/// The usual end of a file's name.
pub(crate) fn extension(media: &str) -> &'static str {
    match media {
        "application/pdf" => "pdf",
        "image/png" => "png",
        "image/jpeg" => "jpg",
        "image/tiff" => "tif",
        "application/xml" => "xml",
        "application/json" => "json",
        "text/plain" => "txt",
        _ => "bin",
    }
}
