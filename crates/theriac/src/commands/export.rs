//! `theriac export ...`.

use crate::archive::Ask;
use crate::cli::{At, Export, ExportPrescriptions};
use crate::house::{House, store_problem};
use crate::output::{Outcome, Problem, line};
use std::fs;
use std::path::Path;
use theriac_pki::cms;
use theriac_pki::evidence::{self, EvidenceFile, Form};
use theriac_wire::script::{decode, to_contents};

pub(crate) fn run(command: &Export) -> Result<Outcome, Problem> {
    match command {
        Export::Evidence { number, at, to } => evidence_of(number, at, to),
        Export::Prescriptions(wanted) => prescriptions(wanted),
    }
}

fn prescriptions(wanted: &ExportPrescriptions) -> Result<Outcome, Problem> {
    let house = wanted.at.open()?;
    let by = match &wanted.by {
        None => crate::house::program(),
        Some(id) => house.known_person(id).ok_or_else(|| {
            Problem::wrong_use("EXPORT-BY", format!("nobody here is called {id}"), "see `theriac people list`")
        })?,
    };
    let ask = Ask {
        prescriber: wanted.prescriber.clone(),
        patient: wanted.patient.clone(),
        drug: wanted.drug.clone(),
        number: wanted.number.clone(),
        from: wanted.from,
        until: wanted.until,
        group: wanted.schedules,
        which: wanted.which,
        sort: wanted.sort,
    };
    let ask = ask.checked().map_err(Problem::from)?;
    let (bytes, said) = if let Some(authority) = &wanted.package_for {
        let package = house.pack(&by, &ask, authority).map_err(Problem::from)?;
        (package.bytes, format!("{} prescriptions with their proofs", package.prescriptions))
    } else {
        let file = house.export_lines(&by, &ask, wanted.format).map_err(Problem::from)?;
        (file.bytes, format!("{} lines", file.lines))
    };
    match &wanted.out {
        Some(path) => {
            fs::write(path, &bytes).map_err(|error| Problem::unwritable(path, &error))?;
            line(format_args!("{said} in {}", path.display()))?;
        }
        None => crate::output::bytes(&bytes)?,
    }
    Ok(Outcome::Done)
}

fn evidence_of(number: &str, at: &At, to: &Path) -> Result<Outcome, Problem> {
    let house = at.open()?;
    let files = bundle(&house, number)?;
    fs::create_dir_all(to).map_err(|error| Problem::unwritable(to, &error))?;
    for file in &files {
        let path = to.join(&file.name);
        fs::write(&path, &file.bytes).map_err(|error| Problem::unwritable(&path, &error))?;
        line(path.display())?;
    }
    Ok(Outcome::Done)
}

/// Everything that proves what arrived under a number: the message with its seal, the practitioner's signed contents, and
/// the journal entry with its proof. `CHECK.txt` says how to check each with openssl alone.
pub(crate) fn bundle(house: &House, number: &str) -> Result<Vec<EvidenceFile>, Problem> {
    let damaged = |what: &str| Problem::failed("EXPORT-DAMAGED", what, "run `theriac journal check`");
    let rows =
        house.store.query("SELECT seq FROM received WHERE number = $1", &[number.into()]).map_err(store_problem)?;
    let Some(row) = rows.first() else {
        return Err(Problem::wrong_use(
            "EXPORT-UNKNOWN",
            format!("there is no prescription {number}"),
            "look the number up in the pharmacy's queue",
        ));
    };
    let proof = house.store.prove(row.u64(0).map_err(store_problem)?).map_err(store_problem)?;
    let piece = proof.pieces.first().ok_or_else(|| damaged("the message is not in the archive"))?;
    let authority = std::slice::from_ref(&house.keys.authority);
    let sealed =
        cms::verify_detached(&piece.seal, &piece.bytes, &[]).map_err(|error| damaged(&error.refusal().to_string()))?;
    let mut files = evidence::files("message.xml", Form::Detached, &piece.seal, &sealed, authority);
    let message = decode(&piece.bytes).map_err(|refusal| damaged(&refusal.to_string()))?;
    if let Some(group) = to_contents(&message).signature {
        let signature = group.signature().map_err(|refusal| damaged(&refusal.to_string()))?;
        let signed = cms::verify_attached(&signature, &[]).map_err(|error| damaged(&error.refusal().to_string()))?;
        let contents = evidence::files("contents.txt", Form::Attached, &signature, &signed, authority);
        for EvidenceFile { name, bytes } in contents {
            let name = match name.as_str() {
                "trust.pem" => continue,
                "signer.pem" => "contents-signer.pem".to_owned(),
                "CHECK.txt" => "CHECK-contents.txt".to_owned(),
                _ => name,
            };
            // The page says where the signer's certificate lies, which has another name beside the seal's.
            let bytes = match name.as_str() {
                "CHECK-contents.txt" => {
                    String::from_utf8_lossy(&bytes).replace(" signer.pem", " contents-signer.pem").into_bytes()
                }
                _ => bytes,
            };
            files.push(EvidenceFile { name, bytes });
        }
    }
    let file = |name: &str, bytes: Vec<u8>| EvidenceFile { name: name.to_owned(), bytes };
    files.push(file("checkpoint.txt", proof.checkpoint.clone().into_bytes()));
    files.push(file("checkpoint.vkey", house.keys.verifier().to_text().into_bytes()));
    files.push(file("evidence.json", proof.to_json().into_bytes()));
    Ok(files)
}
