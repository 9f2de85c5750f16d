//! Taking in by hand: paper, its fax or a call, as typed at the counter, archived and sealed, decided and recorded.

use super::counter::Paper;
use super::intake::TRIES;
use crate::house::House;
use crate::house::record::{Change, Fault};
use theriac_law::Moment;
use theriac_law::vocab::{ForgerySign, Instrument, Origin, Sender, Signature, Word as _};
use theriac_model::{Actor, CanonicalContents, Decimal, DrugUnit, Element, Ndc, Quantity, Refusal};
use theriac_pharmacy::{
    Animal, AnimalPrescriber, Answered, ArchiveDigest, Aside, Beside, ByHand, Call, Came, Circumstance, Emergency, Fax,
    FaxGround, FaxNumber, HospiceNote, PrescriptionNumber, SignSeen, Spelling, Stock, TakingIn, VoidMark, take_in,
};

/// Elements that are typed as they stand on the prescription, by the name of their field.
pub(crate) const ELEMENTS: [(&str, Element); 22] = [
    ("issued", Element::Issued),
    ("patient-last", Element::PatientLast),
    ("patient-first", Element::PatientFirst),
    ("patient-born", Element::PatientBorn),
    ("patient-line1", Element::PatientLine1),
    ("patient-city", Element::PatientCity),
    ("patient-state", Element::PatientState),
    ("patient-postal", Element::PatientPostal),
    ("practitioner-last", Element::PractitionerLast),
    ("practitioner-first", Element::PractitionerFirst),
    ("practitioner-line1", Element::PractitionerLine1),
    ("practitioner-city", Element::PractitionerCity),
    ("practitioner-state", Element::PractitionerState),
    ("practitioner-postal", Element::PractitionerPostal),
    ("registration", Element::Registration),
    ("quantity", Element::QuantityValue),
    ("directions", Element::Directions),
    ("refills", Element::Refills),
    ("days-supply", Element::DaysSupply),
    ("earliest-fill", Element::EarliestFill),
    ("treatment-id", Element::TreatmentId),
    ("note", Element::Note),
];

/// Something taken in by hand, as typed. Fields that are not asked for a kind are left empty.
#[derive(Clone, Debug, Default)]
pub(crate) struct HandTyped {
    /// What was typed, by the names of the form.
    pub(crate) fields: Vec<(String, String)>,
    /// The scan of the paper or fax.
    pub(crate) scan: Option<Paper>,
}

/// What became of it.
#[derive(Clone, Debug)]
pub(crate) enum TakenIn {
    /// It is a prescription now.
    Accepted(PrescriptionNumber),
    /// It is archived, recorded, and not dispensed.
    Refused {
        /// The entry that records it.
        entry: u64,
        /// Why, all of it.
        refusals: Vec<Refusal>,
    },
}

pub(crate) fn wrong(field: &str, what: impl Into<std::borrow::Cow<'static, str>>, next: &'static str) -> Refusal {
    Refusal::new("PHARM-INTAKE-FIELD", "21 CFR 1306.05(a)", what, next).about(field.to_owned())
}

impl HandTyped {
    /// A field, trimmed; empty when absent.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.fields.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim())
    }

    pub(crate) fn ticked(&self, name: &str) -> bool {
        !self.get(name).is_empty()
    }

    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.trim())
    }

    /// A word of a list; its first where nothing was chosen.
    fn word<T>(&self, name: &str, list: &[(&str, T)]) -> Result<T, Refusal>
    where
        T: Clone,
    {
        let chosen = self.get(name);
        let found = if chosen.is_empty() { list.first() } else { list.iter().find(|(word, _)| *word == chosen) };
        found
            .map(|(_, value)| value.clone())
            .ok_or_else(|| wrong(name, format!("{name} is none of the list"), "choose one"))
    }

    fn paper(&self) -> Result<theriac_pharmacy::Paper, Refusal> {
        let read =
            |name: &str, none: &'static str| if self.get(name).is_empty() { none } else { self.get(name) }.to_owned();
        let items = match self.get("items") {
            "" => 1,
            typed => typed.parse().ok().filter(|count| (1..=99).contains(count)).ok_or_else(|| {
                wrong("items", "the number of controlled items is not 1 to 99", "count the items on the paper")
            })?,
        };
        Ok(theriac_pharmacy::Paper {
            signature: Signature::from_word(&read("signature", "practitioner"))
                .ok_or_else(|| wrong("signature", "the signature is none of the list", "choose one"))?,
            instrument: Instrument::from_word(&read("instrument", "ink"))
                .ok_or_else(|| wrong("instrument", "the instrument is none of the list", "choose one"))?,
            spelling: if self.ticked("misspelt") { Spelling::Misspelt } else { Spelling::Right },
            stock: self.word("stock", &[("security-form", Stock::SecurityForm), ("plain", Stock::Plain)])?,
            items,
            beside: if self.ticked("others") { Beside::Others } else { Beside::ControlledOnly },
        })
    }

    fn fax(&self) -> Result<Fax, Refusal> {
        let evidence = self.get("evidence").to_owned();
        let ground = match self.get("ground") {
            "" => None,
            "infusion" => Some(FaxGround::Infusion { route: evidence }),
            "ltcf" => Some(FaxGround::Ltcf { facility: evidence }),
            "hospice" => {
                let note = if self.ticked("hospice-note") { HospiceNote::OnFace } else { HospiceNote::Absent };
                Some(FaxGround::Hospice { programme: evidence, note })
            }
            _ => return Err(wrong("ground", "the ground is none of the list", "choose one, or none")),
        };
        Ok(Fax {
            paper: self.paper()?,
            origin: self.word(
                "origin",
                &[
                    ("signed-paper", Origin::SignedPaper),
                    ("converted-electronic", Origin::ConvertedElectronic),
                    ("e-mail", Origin::Email),
                ],
            )?,
            sender: Sender::from_word(if self.get("sender").is_empty() { "practitioner" } else { self.get("sender") })
                .ok_or_else(|| wrong("sender", "the sender is none of the list", "choose one"))?,
            number: if self.ticked("number-known") { FaxNumber::Known } else { FaxNumber::Unknown },
            void: if self.ticked("void") { VoidMark::Visible } else { VoidMark::None },
            ground,
        })
    }

    /// A day; `None` where nothing was typed.
    pub(crate) fn day(&self, name: &str) -> Result<Option<jiff::civil::Date>, Refusal> {
        match self.get(name) {
            "" => Ok(None),
            text => text
                .parse()
                .map(Some)
                .map_err(|_| wrong(name, format!("{name} is not a day such as 2026-03-02"), "enter the day")),
        }
    }

    /// A count of something.
    pub(crate) fn whole(&self, name: &str) -> Result<Option<u32>, Refusal> {
        match self.get(name) {
            "" => Ok(None),
            text => text
                .parse()
                .map(Some)
                .map_err(|_| wrong(name, format!("{name} is not a whole number"), "enter it in digits")),
        }
    }

    /// A quantity in the unit of a prescription.
    pub(crate) fn quantity(&self, name: &str, unit: &DrugUnit) -> Result<Quantity, Refusal> {
        let value = Decimal::parse(self.get(name)).ok();
        value
            .and_then(|value| Quantity::new(value, unit.clone()).ok())
            .ok_or_else(|| wrong(name, format!("{name} is not a quantity of {unit}"), "enter how much, in digits"))
    }

    /// A count of stock in a unit: smallest units, zero included; `None` where nothing was typed.
    pub(crate) fn stock(&self, name: &str, unit: &DrugUnit) -> Result<Option<i64>, Refusal> {
        let text = self.get(name);
        if text.is_empty() {
            return Ok(None);
        }
        if Decimal::parse(text).is_ok() && text.bytes().all(|b| b == b'0' || b == b'.') {
            return Ok(Some(0));
        }
        self.quantity(name, unit).map(|quantity| Some(quantity.smallest_units()))
    }

    /// A word of the rulebook.
    pub(crate) fn law<T>(&self, name: &str, read: impl Fn(&str) -> Option<T>) -> Result<T, Refusal> {
        read(self.get(name)).ok_or_else(|| wrong(name, format!("{name} is none of those to choose from"), "choose one"))
    }

    /// A time by the clock of the place; now where nothing was typed.
    pub(crate) fn moment(&self, name: &str, house: &House) -> Result<Moment, Refusal> {
        if self.get(name).is_empty() {
            return Ok(house.clock.moment());
        }
        let wall: Option<jiff::civil::DateTime> = self.get(name).parse().ok();
        let zone = house.clock.zone();
        let zoned = wall.and_then(|wall| wall.to_zoned(zone).ok());
        let zoned = zoned.ok_or_else(|| {
            wrong(name, format!("{name} is not a time such as 2026-03-02T14:05"), "enter day and time")
        })?;
        if zoned.timestamp() > house.clock.now() {
            return Err(wrong(name, format!("{name} is in the future"), "enter when it was"));
        }
        Ok(Moment { timestamp: zoned.timestamp(), offset: zoned.offset() })
    }

    fn call(&self, house: &House, unit: Option<&DrugUnit>) -> Result<Call, Refusal> {
        let called = self.moment("called", house)?;
        let written = self.moment("written", house)?;
        let agent = Some(self.get("agent").to_owned()).filter(|agent| !agent.is_empty());
        let emergency = if self.ticked("emergency") {
            let all = [
                Circumstance::ImmediateNeed,
                Circumstance::NoAlternative,
                Circumstance::WrittenNotPossible,
                Circumstance::ElectronicAvailable,
                Circumstance::PractitionerKnown,
                Circumstance::CalledBack,
            ];
            let chosen: Vec<&str> = self.all("circumstance").collect();
            let circumstances = all.into_iter().filter(|one| chosen.contains(&one.word())).collect();
            let needed = Decimal::parse(self.get("needed")).ok().zip(unit);
            let needed = needed.and_then(|(value, unit)| Quantity::new(value, unit.clone()).ok());
            let needed = needed.ok_or_else(|| {
                wrong(
                    "needed",
                    "what the emergency takes is not a quantity",
                    "enter how much the emergency period takes",
                )
            })?;
            Some(Emergency { circumstances, needed, why: self.get("why").to_owned() })
        } else {
            None
        };
        Ok(Call { agent, called, written, emergency })
    }

    /// What was written down beside the prescription: the checklist for paper and fax, and the animal.
    fn aside(&self) -> Result<Aside, Refusal> {
        let mut checklist = Vec::new();
        if matches!(self.get("came"), "paper" | "fax") {
            for (word, sign) in ForgerySign::LIST {
                let name = format!("forgery-{word}");
                let answer = match self.get(&name) {
                    "yes" => Answered::Yes,
                    "no" => Answered::No,
                    _ => {
                        let what = "a sign of forgery is not answered";
                        return Err(wrong(&name, what, "look for it on the paper, and answer yes or no"));
                    }
                };
                checklist.push(SignSeen { sign: *sign, answer });
            }
        }
        let prescribed_by = match self.get("animal-prescriber") {
            "" if !self.ticked("animal-name") => None,
            "veterinarian" => Some(AnimalPrescriber::Veterinarian),
            "other" => Some(AnimalPrescriber::Other),
            _ => {
                let what = "it is not said whether a veterinarian prescribed it";
                return Err(wrong("animal-prescriber", what, "choose one of the list"));
            }
        };
        let name = self.get("animal-name").to_owned();
        Ok(Aside { checklist, animal: prescribed_by.map(|prescribed_by| Animal { name, prescribed_by }) })
    }

    /// What was typed, as it is archived where nothing was scanned.
    fn written_down(&self) -> Paper {
        let mut text = String::new();
        for (name, value) in self.fields.iter().filter(|(_, value)| !value.trim().is_empty()) {
            text.push_str(name);
            text.push_str(": ");
            text.push_str(value.trim());
            text.push('\n');
        }
        Paper { media: "text/plain".to_owned(), bytes: text.into_bytes() }
    }
}

/// A registration number in capitals, and an institution's internal code after it exactly as it was written.
fn number_as_written(text: &str) -> String {
    match text.split_once('-') {
        Some((number, code)) => format!("{}-{code}", number.to_uppercase()),
        None => text.to_uppercase(),
    }
}

impl House {
    /// The elements of what was typed, with drug and unit from the drug file.
    fn typed_contents(&self, typed: &HandTyped) -> Result<(CanonicalContents, Option<DrugUnit>), Fault> {
        let mut contents = CanonicalContents::default();
        let mut set = |element: Element, name: &str, text: &str| {
            contents
                .set(element, text)
                .map_err(|error| wrong(name, error.to_string(), "correct the field, then enter it again"))
        };
        for (name, element) in ELEMENTS {
            let text = typed.get(name);
            set(
                element,
                name,
                if name == "registration" { number_as_written(text) } else { text.to_owned() }.as_str(),
            )?;
        }
        let code = typed.get("ndc");
        let scanned = super::scan::read(code);
        let mut product = None;
        for ndc in scanned.iter().flat_map(|scan| &scan.codes) {
            product = product.or(self.drug(ndc)?);
        }
        if let Some(product) = &product {
            set(Element::DrugName, "ndc", &product.name)?;
            set(Element::DrugStrength, "ndc", &product.strength)?;
            set(Element::DrugForm, "ndc", &product.form)?;
            set(Element::DrugNdc, "ndc", product.ndc.as_str())?;
            set(Element::DrugSchedule, "ndc", product.schedule.map_or("", theriac_model::Schedule::roman))?;
            if !typed.get("quantity").is_empty() {
                set(Element::QuantityUnit, "quantity", &product.unit.name())?;
            }
        } else {
            return Err(wrong(
                "ndc",
                "this product is not in the drug file",
                "choose it by name or NDC, or import the FDA's directory",
            )
            .into());
        }
        Ok((contents, product.map(|product| product.unit)))
    }

    /// Takes in what somebody typed from paper, fax or a call.
    ///
    /// # Errors
    /// `PHARM-INTAKE-FIELD` naming the field that cannot be read, `PHARM-INTAKE-SCAN` for paper or fax without its picture;
    /// nothing is recorded then. What the law refuses is recorded, and comes back as [`TakenIn::Refused`].
    pub(crate) fn take_in_by_hand(&self, actor: &Actor, typed: &HandTyped) -> Result<TakenIn, Fault> {
        let (contents, unit) = self.typed_contents(typed)?;
        let came = match typed.get("came") {
            "paper" => Came::Paper(typed.paper()?),
            "fax" => Came::Fax(typed.fax()?),
            "call" => Came::Call(Box::new(typed.call(self, unit.as_ref())?)),
            _ => return Err(wrong("came", "how it came is not said", "choose paper, fax or call").into()),
        };
        let paper = match (&came, &typed.scan) {
            (Came::Call(_), _) => typed.written_down(),
            (_, Some(scan)) => scan.clone(),
            (_, None) => {
                return Err(Refusal::new(
                    "PHARM-INTAKE-SCAN",
                    "21 CFR 1304.04(h); 73 FR 36722, 1311.180",
                    "the picture of the paper is missing",
                    "scan the prescription as it is, both sides, and choose the file",
                )
                .about("file")
                .into());
            }
        };
        let aside = typed.aside()?;
        let digest = paper.digest();
        for _ in 0..TRIES {
            match self.hand_entered(actor, digest, (&contents, &came, &aside), &paper) {
                Err(Fault::Conflict) => self.twins.load(&self.store)?,
                done => return done,
            }
        }
        Err(Fault::Conflict)
    }

    fn hand_entered(
        &self,
        actor: &Actor,
        digest: ArchiveDigest,
        (contents, came, aside): (&CanonicalContents, &Came, &Aside),
        paper: &Paper,
    ) -> Result<TakenIn, Fault> {
        let at = self.clock.moment();
        let ndc = contents.get(Element::DrugNdc).and_then(|text| Ndc::parse(text).ok());
        let narcotic = self.narcotic(ndc.as_ref())?;
        let claim = self.twins.claim(digest, "", None);
        let release = || self.twins.release(&claim, digest, "", None);
        let hand = ByHand {
            number: claim.number.clone(),
            pharmacy: self.pharmacy,
            archive: digest,
            at,
            by: self.pharmacy_person(actor),
            contents: contents.clone(),
            came: came.clone(),
            registrant: self.look_up_registrant_on(contents, at.date()),
            drug: self.look_up_drug(contents),
            narcotic,
            aside: aside.clone(),
            twin: claim.twin.clone(),
        };
        let (stream, events, outcome) = match take_in(&self.profile, hand) {
            TakingIn::Accepted(events) => (claim.number.stream(), events, None),
            TakingIn::Refused { events, refusals } => {
                release();
                (digest.stream(), events, Some(refusals))
            }
        };
        let by = self.at_the_counter(actor, at);
        let mut pieces = self.sealed(Some(paper), at)?;
        let mut change = Change::default();
        if outcome.is_none() {
            change = change.decided_on(&stream, 0);
        }
        for event in &events {
            change = change.with_pieces(&by, &stream, event, std::mem::take(&mut pieces))?;
        }
        let appended = match change.commit(&self.store) {
            Ok(appended) => appended,
            Err(fault) => {
                release();
                return Err(fault);
            }
        };
        Ok(match outcome {
            None => TakenIn::Accepted(claim.number),
            Some(refusals) => TakenIn::Refused { entry: appended.seqs.start, refusals },
        })
    }

    /// The picture that was archived with what was taken in by hand, as it came.
    pub(crate) fn archived_picture(&self, number: &PrescriptionNumber) -> Result<Option<Paper>, Fault> {
        let Some(arrived) = self.store.stream(&number.stream())?.into_iter().next() else { return Ok(None) };
        let piece = self.store.archive(arrived.seq)?.into_iter().next();
        Ok(piece.map(|piece| Paper { media: piece.media, bytes: piece.bytes }))
    }

    /// A code typed or scanned at a record: the product that may be dispensed on it, if it is one.
    ///
    /// # Errors
    /// `PHARM-SCAN` for what is no code of a drug; `PHARM-EXPIRED` for a package past its date. Another product than
    /// prescribed comes back as it is: the core refuses it.
    pub(crate) fn scanned(&self, prescription: &theriac_pharmacy::Prescription, text: &str) -> Result<Ndc, Refusal> {
        let refuse = |code, what, next| Refusal::new(code, "21 CFR 1304.22(c)", what, next).about("scan");
        let scan = super::scan::read(text).ok_or_else(|| {
            let next = "scan the container's code again, or type its NDC with hyphens";
            refuse("PHARM-SCAN", "the code is no NDC of a drug".to_owned(), next)
        })?;
        let today = self.clock.moment().date();
        if let Some(expires) = scan.expires.filter(|day| *day < today) {
            let lot = scan.lot.as_deref().unwrap_or("not stated");
            let what = format!("the package expired on {expires} (lot {lot})");
            return Err(refuse("PHARM-EXPIRED", what, "put it into quarantine, and take another package"));
        }
        let own = prescription.face().ndc.clone();
        let may = |ndc: &&Ndc| own.as_ref() == Some(ndc) || self.equivalents(prescription).contains(ndc);
        let found = scan.codes.iter().find(may).or_else(|| scan.codes.first()).cloned();
        found.ok_or_else(|| refuse("PHARM-SCAN", "the code is no NDC of a drug".to_owned(), "scan it again"))
    }
}
