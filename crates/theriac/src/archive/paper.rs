//! Paper prescriptions in their files: the scheme, what waits to be filed, and the original of each (21 CFR 1304.04(h); manual,
//! section VI).

use super::event::ArchiveEvent;
use crate::house::House;
use crate::house::record::{Change, Fault, Recorded, stream};
use serde_json::Value;
use theriac_law::facts;
use theriac_law::vocab::{Form, Medium, Word as _};
use theriac_law::{Moment, Profile, Question, Request, decide};
use theriac_model::{Actor, Refusal, Schedule};
use theriac_pharmacy::{
    Filing, FilingScheme, Finding, Pharmacist, Prescription, PrescriptionNumber, SchemeChosen, Source,
};

const CITE: &str = "21 CFR 1304.04(h); Pharmacist's Manual 2010, section VI";

impl Recorded for SchemeChosen {
    const FORMAT: u32 = 1;

    fn kind(&self) -> &'static str {
        Self::KIND
    }

    fn body(&self) -> Value {
        self.to_json()
    }

    fn read(kind: &str, body: &Value) -> Result<Self, String> {
        Self::from_json(kind, body).map_err(|error| error.to_string())
    }
}

/// Prescriptions that wait to be filed, shown at most.
const WAITING_MAX: u32 = 200;

/// An original as it was archived.
#[derive(Debug)]
pub(crate) struct Original {
    pub(crate) media: String,
    pub(crate) bytes: Vec<u8>,
}

/// Paper that nobody has filed yet.
#[derive(Debug)]
pub(crate) struct ToBeFiled {
    pub(crate) number: String,
    pub(crate) schedule: String,
    pub(crate) patient: String,
    pub(crate) drug: String,
    pub(crate) received: String,
    /// The file of the scheme.
    pub(crate) file: &'static str,
    /// Whether the red C must be stamped: the file is shared, and no picture of the original is kept.
    pub(crate) red_c: RedC,
}

/// Whether the red C must be stamped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RedC {
    /// It must, one inch high, in the lower right corner.
    Needed,
    /// The file holds nothing else.
    OwnFile,
    /// The original is found by number, prescriber, patient, drug and date.
    Found,
}

impl RedC {
    pub(crate) const fn says(self) -> &'static str {
        match self {
            Self::Needed => "stamp a red C, one inch high, in the lower right corner",
            Self::OwnFile => "not needed: the file is its own",
            Self::Found => "not needed: the picture of the original is found by every key",
        }
    }
}

/// How schedules III to V lie under a scheme of paper files.
pub(super) const fn scheme_in_words(scheme: Option<FilingScheme>) -> &'static str {
    match scheme {
        None => "how paper is divided was not chosen yet",
        Some(FilingScheme::ThreeFiles) => "in a file of their own",
        Some(FilingScheme::TwoFiles) => "among others under a red C, or found by the picture of the original",
    }
}

/// Whether a transfer is a paper record here: its original was written, faxed or taken down.
pub(super) fn is_paper_of_transfer(prescription: &Prescription) -> bool {
    matches!(&prescription.received().source, Source::Transfer(taken) if taken.form != Form::Electronic)
}

fn is_picture(media: &str) -> bool {
    media.starts_with("image/") || media == "application/pdf"
}

/// Whether Federal law and the State's let the pharmacy file so: the strictest prescription of schedules III to V is asked for,
/// with the red C that the scheme puts on it.
fn scheme_allowed(profile: &Profile, scheme: FilingScheme, at: Moment) -> Result<(), Fault> {
    for schedule in [Schedule::II, Schedule::III, Schedule::V] {
        let file = scheme.file(schedule);
        let request = Request::FilePrescription { file, red_c_tenths_inch: 10, medium: Medium::Paper };
        let paper = facts::Prescription::new(schedule.into(), Form::Paper, at.date(), 1);
        let decision = decide(profile, &Question::new(at, request).about(paper))
            .map_err(|missing| Fault::Broken(format!("the rulebook has no answer for {}", missing.action)))?;
        decision.into_result().map_err(|refusal| refusal.about("scheme"))?;
    }
    Ok(())
}

impl House {
    /// The scheme in force with the version of its stream; none before one was chosen.
    pub(crate) fn filing_scheme(&self) -> Result<(Option<SchemeChosen>, u64), Fault> {
        let (mut chosen, version) = stream::<SchemeChosen>(&self.store, SchemeChosen::STREAM)?;
        Ok((chosen.pop(), version))
    }

    /// Every choice of a scheme, the newest first.
    pub(crate) fn filing_schemes(&self) -> Result<Vec<SchemeChosen>, Fault> {
        let (mut chosen, _) = stream::<SchemeChosen>(&self.store, SchemeChosen::STREAM)?;
        chosen.reverse();
        Ok(chosen)
    }

    /// From now on paper is filed so.
    ///
    /// # Errors
    /// `PHARM-SCHEME-SAME` for the scheme in force; by anyone but a pharmacist.
    pub(crate) fn choose_scheme(&self, by: &Actor, scheme: FilingScheme) -> Result<(), Fault> {
        let (now, version) = self.filing_scheme()?;
        if now.is_some_and(|now| now.scheme == scheme) {
            let what = "paper is filed so already";
            return Err(Refusal::new("PHARM-SCHEME-SAME", CITE, what, "choose the other scheme, or leave it").into());
        }
        let pharmacist = Pharmacist::new(self.pharmacy_person(by))?;
        let at = self.clock.moment();
        scheme_allowed(&self.profile, scheme, at)?;
        let chosen = SchemeChosen { scheme, at, by: pharmacist.person().clone() };
        let desk = self.by(by, self.pharmacy.as_str());
        Change::default()
            .decided_on(SchemeChosen::STREAM, version)
            .event(&desk, SchemeChosen::STREAM, &chosen)?
            .commit(&self.store)?;
        Ok(())
    }

    /// The original of a prescription, as it was archived when it came.
    pub(crate) fn original(&self, number: &str) -> Result<Option<Original>, Fault> {
        let Some(first) = self.store.stream(&format!("rx/{number}"))?.into_iter().next() else { return Ok(None) };
        let piece = self.store.archive(first.seq)?.into_iter().next();
        Ok(piece.map(|piece| Original { media: piece.media, bytes: piece.bytes }))
    }

    fn has_picture(&self, number: &str) -> Result<bool, Fault> {
        Ok(self.original(number)?.is_some_and(|original| is_picture(&original.media)))
    }

    fn red_c(&self, scheme: FilingScheme, prescription: &Prescription) -> Result<RedC, Fault> {
        use theriac_law::vocab::File;
        if scheme.file(prescription.face().schedule) != File::General {
            return Ok(RedC::OwnFile);
        }
        let number = prescription.received().number.to_string();
        Ok(if self.has_picture(&number)? { RedC::Found } else { RedC::Needed })
    }

    /// Paper that waits to be filed, the oldest first.
    pub(crate) fn to_be_filed(&self) -> Result<Vec<ToBeFiled>, Fault> {
        let scheme = self.filing_scheme()?.0.map_or(FilingScheme::ThreeFiles, |chosen| chosen.scheme);
        let sql = format!(
            "SELECT stream, patient, drug, received FROM archive_lines WHERE came IN ('paper', 'fax', 'telephone') AND filed = '' \
             ORDER BY seq LIMIT {WAITING_MAX}"
        );
        let mut waiting: Vec<ToBeFiled> = Vec::new();
        for row in self.store.query(&sql, &[])? {
            let number = row.text(0)?.strip_prefix("rx/").unwrap_or_default().to_owned();
            if waiting.last().is_some_and(|last| last.number == number) {
                continue;
            }
            let Ok(parsed) = PrescriptionNumber::parse(&number) else { continue };
            let (prescription, _) = self.dispensing_now(&parsed)?;
            let schedule = prescription.face().schedule;
            waiting.push(ToBeFiled {
                schedule: schedule.to_string(),
                patient: row.text(1)?.to_owned(),
                drug: row.text(2)?.to_owned(),
                received: row.text(3)?.to_owned(),
                file: scheme.file(schedule).word(),
                red_c: self.red_c(scheme, &prescription)?,
                number,
            });
        }
        Ok(waiting)
    }

    /// Files the paper of a prescription at this pharmacy.
    ///
    /// # Errors
    /// `PHARM-SCHEME` before a scheme was chosen; the core's and the rulebook's refusals.
    pub(crate) fn file_paper(
        &self,
        by: &Actor,
        number: &PrescriptionNumber,
        position: &str,
        red_c_tenths: u32,
    ) -> Result<(), Fault> {
        let Some(chosen) = self.filing_scheme()?.0 else {
            let next = "choose how this pharmacy divides its paper first";
            return Err(Refusal::new("PHARM-SCHEME", CITE, "no filing scheme was chosen yet", next)
                .about("scheme")
                .into());
        };
        let (prescription, version) = self.dispensing_now(number)?;
        let pharmacist = Pharmacist::new(self.pharmacy_person(by))?;
        let finding = if self.has_picture(&number.to_string())? { Finding::Finds } else { Finding::DoesNot };
        let filing =
            Filing { file: None, location: self.pharmacy, position: position.to_owned(), red_c_tenths, finding };
        let at = self.clock.moment();
        let events = prescription.file_paper(&self.profile, &pharmacist, at, chosen.scheme, &filing)?;
        let (desk, name) = (self.by(by, self.pharmacy.as_str()), number.stream());
        let mut change = Change::default().decided_on(&name, version);
        for event in &events {
            change = change.event(&desk, &name, event)?;
        }
        change.commit(&self.store)?;
        Ok(())
    }

    /// Records that somebody took an original away, then hands it out.
    pub(crate) fn show_original(&self, by: &Actor, number: &str) -> Result<Option<Original>, Fault> {
        let Some(original) = self.original(number)? else { return Ok(None) };
        let digest = theriac_journal::hash::sha256(&original.bytes).to_hex();
        let ask = serde_json::json!({"number": number});
        self.note_retrieval(by, &ArchiveEvent::Exported { ask, format: original.media.clone(), lines: 1, digest })?;
        Ok(Some(original))
    }
}
