//! Where the paper of a prescription is filed (21 CFR 1304.04(h); Manual 2010, section VI): one scheme at a time, at the registered
//! location, with the red C where files are shared.

use crate::ask;
use crate::codec::stored::{event_record, record, stored_words};
use crate::event::Event;
use crate::hand_over::{refuse_empty, whole_seconds};
use crate::people::{Person, Pharmacist};
use crate::prescription::Prescription;
use crate::refusals as refuse;
use crate::words::words;
use theriac_law::vocab::{File, Form, Medium};
use theriac_law::{Moment, Profile, Request};
use theriac_model::{DeaNumber, Refusal, Schedule};

words! {
    /// How a pharmacy divides its paper.
    FilingScheme {
        /// Schedule II; schedules III to V; all others.
        ThreeFiles = "three-files",
        /// Schedule II; everything else, with the red C on schedules III to V.
        TwoFiles = "two-files",
    }

    /// Whether the application finds the original by number, practitioner, patient, drug and date.
    Finding {
        /// It does, so that no red C is needed.
        Finds = "finds",
        /// It does not.
        DoesNot = "does-not",
    }
}

impl FilingScheme {
    /// The file of a schedule.
    pub const fn file(self, schedule: Schedule) -> File {
        match (self, schedule) {
            (_, Schedule::I | Schedule::II) => File::ScheduleIi,
            (Self::ThreeFiles, _) => File::ScheduleIiiV,
            (Self::TwoFiles, _) => File::General,
        }
    }
}

/// Where somebody files the paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filing {
    /// The file; `None` for the one of the scheme.
    pub file: Option<File>,
    /// At which registered location it lies.
    pub location: DeaNumber,
    /// Where in the file: a number, a box.
    pub position: String,
    /// The height of the red C in the lower right corner, in tenths of an inch; 0 where there is none.
    pub red_c_tenths: u32,
    /// Whether the application finds the original.
    pub finding: Finding,
}

/// `rx.filed`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filed {
    /// Under which scheme.
    pub scheme: FilingScheme,
    /// In which file.
    pub file: File,
    /// At which registered location.
    pub location: DeaNumber,
    /// Where in the file.
    pub position: String,
    /// The height of the red C, in tenths of an inch.
    pub red_c_tenths: u32,
    /// When.
    pub at: Moment,
    /// By whom.
    pub by: Person,
}

/// `filing.scheme-chosen`: from this moment on the pharmacy files so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemeChosen {
    /// The scheme.
    pub scheme: FilingScheme,
    /// From when.
    pub at: Moment,
    /// By whom.
    pub by: Person,
}

stored_words! { FilingScheme File }

record! {
    Filed {
        "scheme" scheme, "file" file, "location" location, "position" position, "red-c-tenths" red_c_tenths, "at" at,
        "by" by,
    }
    SchemeChosen { "scheme" scheme, "at" at, "by" by, }
}

event_record!(SchemeChosen, "filing.scheme-chosen");

impl SchemeChosen {
    /// The name of the stream.
    pub const STREAM: &'static str = "filing-scheme";
}

impl Prescription {
    /// Files the paper of this prescription. It counts as filed from then on.
    ///
    /// # Errors
    /// `PHARM-FILE-PLACE` away from the registered location, `PHARM-TEXT` without a position, or the rulebook's refusal: of
    /// the medium, the file, or for want of the red C.
    pub fn file_paper(
        &self,
        profile: &Profile,
        pharmacist: &Pharmacist,
        at: Moment,
        scheme: FilingScheme,
        filing: &Filing,
    ) -> Result<Vec<Event>, Refusal> {
        if filing.location != self.received.pharmacy {
            return Err(refuse::file_place());
        }
        let file = filing.file.unwrap_or_else(|| scheme.file(self.face.schedule));
        let red_c_tenths_inch = filing.red_c_tenths;
        let request = Request::FilePrescription { file, red_c_tenths_inch, medium: Medium::Paper };
        let finds = filing.finding == Finding::Finds;
        let question = self.question(at, request).with(|facts| facts.pharmacy.retrieval_system = finds);
        ask::permission(profile, &question)?;
        if file != scheme.file(self.face.schedule) {
            return Err(refuse::other_file(file));
        }
        let filed = Filed {
            scheme,
            file,
            location: filing.location,
            position: refuse_empty(&filing.position, "position")?,
            red_c_tenths: filing.red_c_tenths,
            at: whole_seconds(at),
            by: pharmacist.person().clone(),
        };
        Ok(vec![Event::Filed(Box::new(filed))])
    }

    /// Where the paper is filed, once it is.
    pub const fn filed(&self) -> Option<&Filed> {
        self.filed.as_ref()
    }

    /// Whether there is paper to be filed that nobody has filed.
    pub fn is_to_be_filed(&self) -> bool {
        self.received.source.form() != Form::Electronic && self.filed.is_none()
    }
}
