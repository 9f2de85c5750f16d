//! Labels of what was dispensed: printed on paper or for a label printer, every print recorded, a reprint with its reason.

use super::moved::{LabelPrinted, MovedEvent};
use crate::house::House;
use crate::house::record::{By, Change, Fault, stream};
use jiff::civil::Date;
use theriac_law::{Moment, dependence_needs_waiver};
use theriac_model::{Actor, Refusal};
use theriac_paper::papers::{DispensingLabel, Issue};
use theriac_paper::{PageSize, Standing};
use theriac_pharmacy::{Filling, FillingState, Label, Pharmacy, Prescription, PrescriptionNumber};

/// In which form a label is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LabelForm {
    /// As a PDF of 4 by 6 inches, with the number as a barcode.
    Large,
    /// As a PDF of 4 by 2 inches.
    Small,
    /// In ZPL II for a printer of 8 dots to the millimetre (203 dpi), 4 by 2 inches.
    Zpl8,
    /// In ZPL II for a printer of 12 dots to the millimetre (300 dpi), 4 by 2 inches.
    Zpl12,
}

impl LabelForm {
    /// Each with its word in addresses and records, and its name.
    pub(crate) const ALL: [(Self, &'static str, &'static str); 4] = [
        (Self::Small, "pdf", "PDF, 4 by 2 inches"),
        (Self::Large, "pdf-4x6", "PDF, 4 by 6 inches with barcode"),
        (Self::Zpl8, "zpl", "ZPL, 203 dpi"),
        (Self::Zpl12, "zpl-300", "ZPL, 300 dpi"),
    ];

    /// Reads a word of the list.
    pub(crate) fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, known, _)| *known == word).map(|(form, ..)| form)
    }

    fn word(self) -> &'static str {
        Self::ALL.into_iter().find(|(form, ..)| *form == self).map_or("pdf", |(_, word, _)| word)
    }

    /// The media type of what is printed.
    pub(crate) const fn media(self) -> &'static str {
        match self {
            Self::Large | Self::Small => "application/pdf",
            Self::Zpl8 | Self::Zpl12 => "text/plain; charset=utf-8",
        }
    }

    fn print(self, label: &DispensingLabel, issue: &Issue) -> Result<Vec<u8>, Fault> {
        let pdf = |size| -> Result<Vec<u8>, Box<Refusal>> { Ok(label.paper(size, issue)?.print()?.pdf) };
        let printed = match self {
            Self::Large => pdf(PageSize::LABEL_4_BY_6),
            Self::Small => pdf(PageSize::LABEL_4_BY_2),
            Self::Zpl8 => label.zpl(PageSize::LABEL_4_BY_2, 8).map(String::into_bytes),
            Self::Zpl12 => label.zpl(PageSize::LABEL_4_BY_2, 12).map(String::into_bytes),
        };
        printed.map_err(|refusal| (*refusal).into())
    }
}

/// A print of a label, as the record shows it.
#[derive(Clone, Debug)]
pub(crate) struct Print {
    pub(crate) at: String,
    pub(crate) who: String,
    pub(crate) no: u32,
    pub(crate) copy: u32,
    pub(crate) format: String,
    pub(crate) why: String,
}

fn not_printed(what: String, next: &'static str) -> Fault {
    Refusal::new("PHARM-LABEL-PRINT", "21 CFR 1306.14(a), 1306.24(a)", what, next).about("label").into()
}

/// Refills left in words.
fn left(refills: u32) -> String {
    match refills {
        0 => "no refills left".to_owned(),
        1 => "1 refill left".to_owned(),
        more => format!("{more} refills left"),
    }
}

impl House {
    /// This pharmacy as labels and other pharmacies' records name it.
    pub(crate) fn own_pharmacy(&self) -> Pharmacy {
        let configured = &self.config.pharmacy;
        Pharmacy {
            name: configured.name.clone(),
            address: configured.address.clone(),
            registration: Some(self.pharmacy),
            number: String::new(),
        }
    }

    /// The registration as records of dispensing on `days` show it: on days on which the profile asks those who treat opioid
    /// dependence for a waiver, with its identification number beside it (Pharmacist's Manual 2010, section XII).
    pub(crate) fn registered_on(&self, days: impl IntoIterator<Item = Date>) -> String {
        let asked = || days.into_iter().any(|day| dependence_needs_waiver(&self.profile, day));
        match &self.config.pharmacy.treatment_id {
            Some(id) if asked() => format!("{}, identification number {id}", self.pharmacy),
            _ => self.pharmacy.to_string(),
        }
    }

    /// The pharmacy as the issuer of a paper.
    pub(crate) fn pharmacy_issue(&self, dated: Moment) -> Issue {
        Issue {
            by: self.config.pharmacy.name.clone(),
            registration: Some(self.registered_on([dated.date()])),
            dated: dated.timestamp,
            standing: if self.deployment.demo().is_some() { Standing::Demo } else { Standing::Production },
            digest: None,
        }
    }

    pub(super) fn at_the_counter<'a>(&'a self, actor: &'a Actor, at: Moment) -> By<'a> {
        By { actor, location: self.pharmacy.as_str(), law: &self.config.profile, at: at.timestamp }
    }

    pub(super) fn label_paper(&self, label: &Label) -> DispensingLabel {
        let own = &self.config.pharmacy;
        DispensingLabel {
            pharmacy: own.name.clone(),
            pharmacy_address: own.address.clone(),
            telephone: own.telephone.clone(),
            number: label.number.clone(),
            filled: label.filled,
            patient: label.patient.clone(),
            practitioner: label.practitioner.clone(),
            directions: label.directions.clone(),
            cautions: label.warning.iter().map(|warning| (*warning).to_owned()).collect(),
            drug: format!("{} (NDC {})", label.drug, label.ndc),
            quantity: crate::showing::in_words(&label.quantity),
            left: match label.first_filled {
                Some(first) => format!("first filled {first}, {}", left(label.refills_left)),
                None => left(label.refills_left),
            },
            filled_at: None,
        }
    }

    /// The filling whose label may be printed.
    fn to_be_labelled(prescription: &Prescription, no: u32) -> Result<&Filling, Fault> {
        let filling = prescription.filling(no).ok_or_else(|| {
            not_printed(format!("there is no filling {no}"), "take the filling from the record's list")
        })?;
        if filling.central.is_some() {
            let what = format!("filling {no} came with the label of the pharmacy that filled it");
            return Err(not_printed(what, "print the notice of the other pharmacy's label there"));
        }
        if matches!(filling.state, FillingState::Returned { .. }) {
            let what = format!("filling {no} was put back");
            return Err(not_printed(what, "fill it again, and print that label"));
        }
        Ok(filling)
    }

    /// Prints the label of filling `no`. The print is recorded before the label is handed out.
    ///
    /// # Errors
    /// `PHARM-LABEL-PRINT` for a filling that is not there, was put back or filled centrally, and for a reprint without a
    /// reason; the rulebook's refusal naming what the label lacks; `PAPER-LABEL-FULL`.
    pub(crate) fn print_label(
        &self,
        actor: &Actor,
        number: &PrescriptionNumber,
        no: u32,
        form: LabelForm,
        why: &str,
    ) -> Result<Vec<u8>, Fault> {
        let (prescription, _) = self.dispensing_now(number)?;
        let filling = Self::to_be_labelled(&prescription, no)?;
        let label = prescription.label(&self.profile, filling);
        prescription.check_label(&self.profile, filling, &label, &self.own_pharmacy())?;
        let printed = form.print(&self.label_paper(&label), &self.pharmacy_issue(filling.at))?;
        self.note_print(actor, number.as_str(), no, form, why)?;
        Ok(printed)
    }

    /// Prints the label of a package that is filled here for another pharmacy.
    ///
    /// # Errors
    /// As [`House::print_label`].
    pub(super) fn print_foreign(
        &self,
        actor: &Actor,
        (of, no): (&str, u32),
        label: &DispensingLabel,
        at: Moment,
        (form, why): (LabelForm, &str),
    ) -> Result<Vec<u8>, Fault> {
        let printed = form.print(label, &self.pharmacy_issue(at))?;
        self.note_print(actor, of, no, form, why)?;
        Ok(printed)
    }

    fn note_print(&self, actor: &Actor, of: &str, no: u32, form: LabelForm, why: &str) -> Result<(), Fault> {
        let name = format!("label/{of}");
        let (before, version) = stream::<MovedEvent>(&self.store, &name)?;
        let copies =
            before.iter().filter(|event| matches!(event, MovedEvent::LabelPrinted(one) if one.no == no)).count();
        let why = why.trim();
        if copies > 0 && !(1..=500).contains(&why.chars().count()) {
            let what = format!("the label of filling {no} was printed before");
            return Err(not_printed(
                what,
                "say why it is printed again, in 1 to 500 characters; every print is recorded",
            ));
        }
        let printed = MovedEvent::LabelPrinted(LabelPrinted {
            of: of.to_owned(),
            no,
            copy: u32::try_from(copies).unwrap_or(u32::MAX).saturating_add(1),
            format: form.word().to_owned(),
            why: if copies > 0 { why.to_owned() } else { String::new() },
        });
        let by = self.at_the_counter(actor, self.clock.moment());
        Change::default().decided_on(&name, version).event(&by, &name, &printed)?.commit(&self.store)?;
        Ok(())
    }

    /// Every print of a prescription's labels, or of a transmission's.
    pub(crate) fn prints(&self, of: &str) -> Result<Vec<Print>, Fault> {
        let entries = self.store.stream(&format!("label/{of}"))?;
        let mut prints = Vec::new();
        for entry in entries.iter().filter(|entry| entry.body_bytes().is_some()) {
            let MovedEvent::LabelPrinted(label) = crate::house::record::read(entry)? else { continue };
            let step = self.step(entry);
            let (no, copy, format, why) = (label.no, label.copy, label.format, label.why);
            prints.push(Print { at: step.at, who: step.who, no, copy, format, why });
        }
        Ok(prints)
    }
}
