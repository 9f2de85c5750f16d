//! The registration: what is known of it, the papers that people file with DEA about it, and what waits to be done.

use super::record::RoomEvent;
use crate::house::House;
use crate::house::record::{Change, Fault};
use crate::typed::{Typed, wrong};
use crate::watch::Placed;
use jiff::civil::Date;
use std::collections::BTreeMap;
use theriac_books::Party;
use theriac_model::{Actor, Address, BusinessActivity, Refusal};
use theriac_store::NewPiece;

/// Whether a field of the profile must be filled in before the registration is in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// It must.
    Required,
    /// It may stay empty.
    Optional,
}

/// The fields of the profile (manual, section III and appendix E): name, label, whether it must be there.
pub(crate) const PROFILE: [(&str, &str, Place); 25] = [
    ("name", "Registered name", Place::Required),
    ("trade-name", "Trade name", Place::Required),
    ("line1", "Number and street", Place::Required),
    ("line2", "Suite", Place::Optional),
    ("city", "City", Place::Required),
    ("state", "State, two letters", Place::Required),
    ("postal", "ZIP code", Place::Required),
    ("county", "County", Place::Optional),
    ("mailing", "Mailing address", Place::Required),
    ("telephone", "Telephone", Place::Required),
    ("activity", "Business activity, such as retail pharmacy", Place::Required),
    ("schedules", "Schedules authorised, such as II III IV V", Place::Required),
    ("issued", "Registration issued on", Place::Required),
    ("expires", "Registration expires on", Place::Required),
    ("licence", "State pharmacy licence number", Place::Required),
    ("board", "Board that issued the licence", Place::Required),
    ("licence-issued", "Licence issued on", Place::Optional),
    ("licence-expires", "Licence expires on", Place::Required),
    ("applicant", "Who signed the latest application", Place::Required),
    ("applicant-title", "Title of whoever signed it", Place::Required),
    ("entity", "Legal entity, for affidavits", Place::Optional),
    ("forms-wanted", "Order forms wanted with the application: yes or no", Place::Optional),
    ("fee", "Fee paid, for the application", Place::Optional),
    ("authorised", "Who may sign loss notices and Form 106: identifiers, with spaces between", Place::Optional),
    ("distributor", "Registration as a distributor, where there is one", Place::Optional),
];

/// Fields that hold a day.
const DAYS: [&str; 4] = ["issued", "expires", "licence-issued", "licence-expires"];

/// The papers about a registration that a person files with DEA: word, what it is.
pub(crate) const PAPERS: [(&str, &str); 6] = [
    ("form-224-data", "Data sheet for a new registration (DEA Form 224)"),
    ("affidavit-new", "Affidavit for a new pharmacy (21 CFR 1301.17(a))"),
    ("affidavit-transfer", "Affidavit for the transfer of a pharmacy (21 CFR 1301.17(b))"),
    ("chain-list", "List of registrations for a chain's renewal (DEA Form 224b)"),
    ("central-notice", "Notice of central recordkeeping, in triplicate (21 CFR 1304.04(a))"),
    ("closure", "Report of closure (21 CFR 1301.52)"),
];

/// A step's word, what it is, and its fields with their labels.
pub(crate) type StepForm = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

/// Steps that a person takes about the registration: word, what it is, and its fields with their labels.
pub(crate) const TASKS: [StepForm; 12] = [
    (
        "submitted",
        "A paper was submitted to DEA",
        &[("paper", "Which paper"), ("on", "Submitted on"), ("confirmation", "Confirmation or tracking number")],
    ),
    ("forms-received", "Order forms arrived", &[("on", "Arrived on"), ("numbers", "Serial numbers")]),
    (
        "certificate-lost",
        "The certificate was lost, and a duplicate asked for",
        &[("on", "Lost on"), ("requested", "Duplicate asked for on"), ("channel", "How it was asked for")],
    ),
    (
        "chain-answer",
        "The chain affidavit was answered for one registration",
        &[
            ("number", "DEA number of the registration"),
            ("location", "Name and address"),
            ("expires", "Expires on"),
            ("answers", "Answers to the affidavit's questions"),
            ("responsible", "Responsible individual"),
            ("on", "Answered on"),
        ],
    ),
    (
        "acquisition-planned",
        "A pharmacy is to be taken over",
        &[
            ("seller", "Seller"),
            ("seller-trade-name", "Seller's trade name"),
            ("seller-number", "Seller's DEA number"),
            ("on", "Day of the transfer"),
            ("applied", "New State permit applied for on"),
            ("permit-board", "Board that issues it"),
            ("new-trade-name", "New trade name"),
            ("new-address", "New address"),
        ],
    ),
    (
        "central-notice",
        "Central recordkeeping was announced",
        &[("records", "Which records"), ("location", "Where they will be kept"), ("on", "Sent on")],
    ),
    (
        "central-receipt",
        "The return receipt of the notice came",
        &[("on", "Received by DEA on"), ("proof", "Number of the receipt")],
    ),
    ("central-begun", "Central recordkeeping began", &[("on", "Began on")]),
    (
        "closing-begun",
        "The business is to end",
        &[
            ("on", "Last day"),
            ("custody", "Where the records will be kept: address"),
            ("contact", "Who answers for them"),
        ],
    ),
    (
        "returned",
        "Something was given back to DEA",
        &[
            ("item", "What: the certificate, or the serial number of an order form"),
            ("on", "Given back on"),
            ("how", "How, and to whom"),
        ],
    ),
    ("closed", "The business has ended", &[("on", "Ended on")]),
    (
        "move-approved",
        "A move was approved",
        &[
            ("on", "Approved on"),
            ("old-address", "Address until then"),
            ("forms", "Serial numbers of unused order forms with the old address"),
        ],
    ),
];

/// The largest image of a certificate, in bytes.
pub(crate) const CERTIFICATE_BYTES_MAX: usize = 4 * 1024 * 1024;

/// Something about the registration that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Task {
    /// What.
    pub(crate) what: String,
    /// Since when.
    pub(crate) since: String,
    /// What would close it.
    pub(crate) until: &'static str,
}

/// A step as it was taken.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) seq: u64,
    pub(crate) what: String,
    pub(crate) fields: Typed,
    pub(crate) by: String,
    pub(crate) at: jiff::Timestamp,
}

/// A certificate on file.
#[derive(Clone, Debug)]
pub(crate) struct Certificate {
    pub(crate) seq: u64,
    pub(crate) number: String,
    pub(crate) expires: String,
    pub(crate) which: String,
}

/// Everything on file about the registration.
#[derive(Clone, Debug, Default)]
pub(crate) struct Registration {
    /// The profile as it was last entered.
    pub(crate) profile: BTreeMap<String, String>,
    /// The steps, oldest first.
    pub(crate) steps: Vec<Step>,
    version: u64,
}

impl Registration {
    /// A field of the profile; empty when it is not there.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.profile.get(name).map_or("", String::as_str)
    }

    /// The labels of the required fields that are empty.
    pub(crate) fn missing(&self) -> Vec<&'static str> {
        let required = PROFILE.iter().filter(|(.., place)| *place == Place::Required);
        required.filter(|(name, ..)| self.get(name).is_empty()).map(|(_, label, _)| *label).collect()
    }

    fn steps_of<'a, 'b>(&'a self, what: &'b str) -> impl DoubleEndedIterator<Item = &'a Step> + use<'a, 'b> {
        self.steps.iter().filter(move |step| step.what == what)
    }

    /// The last step of a kind.
    pub(crate) fn last(&self, what: &str) -> Option<&Step> {
        self.steps_of(what).next_back()
    }

    /// The certificates on file, oldest first.
    pub(crate) fn certificates(&self) -> Vec<Certificate> {
        self.steps_of("certificate-filed")
            .map(|step| Certificate {
                seq: step.seq,
                number: step.fields.get("number").to_owned(),
                expires: step.fields.get("expires").to_owned(),
                which: step.fields.get("which").to_owned(),
            })
            .collect()
    }

    /// The locations for which the chain affidavit was answered, the last answer of each.
    pub(crate) fn chain(&self) -> Vec<&Step> {
        let mut last: BTreeMap<&str, &Step> = BTreeMap::new();
        for step in self.steps_of("chain-answer") {
            last.insert(step.fields.get("number"), step);
        }
        last.into_values().collect()
    }

    /// The serial numbers of order forms that arrived and were not given back.
    pub(crate) fn forms_held(&self) -> Vec<String> {
        let back: Vec<&str> = self.steps_of("returned").map(|step| step.fields.get("item")).collect();
        let arrived = self.steps_of("forms-received");
        let numbers = arrived.flat_map(|step| step.fields.get("numbers").split([' ', ',', ';', '\n']));
        let mut held: Vec<String> = numbers
            .map(str::trim)
            .filter(|number| !number.is_empty() && !back.contains(number))
            .map(str::to_owned)
            .collect();
        held.sort();
        held.dedup();
        held
    }

    /// What must still be given back before the business can end (manual, section III).
    pub(crate) fn to_give_back(&self) -> Vec<String> {
        let back = self.steps_of("returned").any(|step| step.fields.get("item") == "the certificate");
        let certificate = (!back).then(|| "the certificate".to_owned());
        certificate.into_iter().chain(self.forms_held()).collect()
    }

    /// What waits to be done.
    pub(crate) fn tasks(&self) -> Vec<Task> {
        let mut tasks = Vec::new();
        let missing = self.missing();
        if !missing.is_empty() {
            let what = format!("The registration profile lacks: {}", missing.join(", "));
            tasks.push(Task { what, since: String::new(), until: "all fields are entered" });
        }
        let after = |step: &Step, what: &str, check: &dyn Fn(&Step) -> bool| {
            self.steps_of(what).any(|later| later.seq > step.seq && check(later))
        };
        if let Some(lost) = self.last("certificate-lost") {
            let duplicate = |later: &Step| later.fields.get("which") == "duplicate";
            if !after(lost, "certificate-filed", &duplicate) {
                let (on, how) = (lost.fields.get("requested"), lost.fields.get("channel"));
                let what = format!("Duplicate certificate asked for on {on} by {how}");
                let since = lost.fields.get("on").to_owned();
                tasks.push(Task { what, since, until: "the duplicate is filed with its image" });
            }
        }
        let first =
            |step: &&Step| step.fields.get("paper") == "form-224-data" && step.fields.get("forms-wanted") == "yes";
        if let Some(sent) = self.steps_of("submitted").find(first)
            && !after(sent, "forms-received", &|_| true)
        {
            let what = "Order forms were asked for in block 3 of the application".to_owned();
            tasks.push(Task { what, since: sent.fields.get("on").to_owned(), until: "the forms arrive" });
        }
        if let Some(notice) = self.last("central-notice")
            && !after(notice, "central-receipt", &|_| true)
        {
            let what = "Return receipt of the notice of central recordkeeping".to_owned();
            tasks.push(Task { what, since: notice.fields.get("on").to_owned(), until: "the receipt is recorded" });
        }
        if let Some(moved) = self.last("move-approved") {
            let forms = moved.fields.get("forms");
            if !forms.is_empty() && !after(moved, "returned", &|later| forms.contains(later.fields.get("item"))) {
                let what = format!("Order forms with the old address are to be replaced: {forms}");
                tasks.push(Task { what, since: moved.fields.get("on").to_owned(), until: "they are given back" });
            }
        }
        self.tasks_of_a_transfer(&mut tasks);
        if let Some(closing) = self.last("closing-begun")
            && self.last("closed").is_none()
        {
            for item in self.to_give_back() {
                let what = format!("Give back to DEA: {item}");
                tasks.push(Task { what, since: closing.fields.get("on").to_owned(), until: "its return is recorded" });
            }
        }
        tasks
    }
}

impl Registration {
    /// What waits about a waiver, and about a transfer of the business. An inventory that DEA has asked for is a task with its
    /// copy; as long as nobody has asked, nothing is to be sent.
    fn tasks_of_a_transfer(&self, tasks: &mut Vec<Task>) {
        let answered = |step: &Step, what: &str, field: &str| {
            let same = |later: &Step| later.fields.get(field) == step.fields.get(field);
            self.steps_of(what).any(|later| later.seq > step.seq && same(later))
        };
        for step in self.steps_of("waiver-requested") {
            if !answered(step, "waiver-approved", "person") {
                let what = format!(
                    "Employment waiver for {}: until it is approved there is no access",
                    step.fields.get("person")
                );
                tasks.push(Task { what, since: step.fields.get("on").to_owned(), until: "DEA has approved it" });
            }
        }
        if let Some(notice) = self.last("business-notice")
            && !self.steps_of("business-notice-received").any(|later| later.seq > notice.seq)
        {
            let what =
                format!("Notice of the transfer of business on {}, at least 14 days before", notice.fields.get("on"));
            let since = notice.fields.get("on").to_owned();
            tasks.push(Task { what, since, until: "DEA has it, or has waived the period" });
        }
        for step in self.steps_of("business-inventory-asked") {
            if !answered(step, "business-inventory-sent", "inventory") {
                let (who, which) = (step.fields.get("by"), step.fields.get("inventory"));
                let what = format!("{who} asked for a copy of inventory {which}: print it at Books, Papers, P29");
                tasks.push(Task { what, since: step.fields.get("on").to_owned(), until: "it is sent" });
            }
        }
    }
}

fn refuse(code: &'static str, cite: &'static str, what: String, next: &'static str) -> Fault {
    Refusal::new(code, cite, what, next).into()
}

impl House {
    fn registration_stream(&self) -> String {
        format!("registration/{}", self.pharmacy)
    }

    /// What is on file about the pharmacy's registration.
    pub(crate) fn registration(&self) -> Result<Registration, Fault> {
        let (records, version) = self.placed::<RoomEvent>(&self.registration_stream())?;
        let mut registration = Registration { version, ..Registration::default() };
        for Placed { seq, at, record } in records {
            match record {
                RoomEvent::Profile { fields } => registration.profile = fields,
                RoomEvent::Step { what, fields, by } => {
                    registration.steps.push(Step { seq, what, fields: Typed(fields), by, at });
                }
                _ => {}
            }
        }
        Ok(registration)
    }

    /// Enters the profile. Every required field must be there: a registration with gaps is not in use.
    pub(crate) fn enter_profile(&self, actor: &Actor, typed: &Typed) -> Result<(), Fault> {
        let mut fields = BTreeMap::new();
        for (name, label, place) in PROFILE {
            let value = typed.get(name);
            if value.is_empty() && place == Place::Required {
                return Err(refuse(
                    "BOOKS-PROFILE",
                    "Pharmacist's Manual 2010 sec. III",
                    format!("{label} is missing"),
                    "enter it",
                )
                .about_field(name));
            }
            if DAYS.contains(&name) && !value.is_empty() && value.parse::<Date>().is_err() {
                return Err(wrong(name, format!("{label} is not a day such as 2026-03-31"), "enter the day"));
            }
            if value.chars().count() > 300 {
                return Err(wrong(name, format!("{label} is longer than 300 characters"), "say it shorter"));
            }
            if !value.is_empty() {
                fields.insert(name.to_owned(), value.to_owned());
            }
        }
        let now = self.registration()?;
        self.add_to_registration(actor, &now, &RoomEvent::Profile { fields }, Vec::new())
    }

    /// Adds a step about the registration to a change that does something else, too.
    pub(super) fn decided_on_registration(
        &self,
        change: Change,
        now: &Registration,
        by: &crate::house::record::By<'_>,
        event: &RoomEvent,
    ) -> Result<Change, Fault> {
        let name = self.registration_stream();
        change.decided_on(&name, now.version).event(by, &name, event)
    }

    fn add_to_registration(
        &self,
        actor: &Actor,
        now: &Registration,
        event: &RoomEvent,
        pieces: Vec<NewPiece>,
    ) -> Result<(), Fault> {
        let (name, at) = (self.registration_stream(), self.clock.moment());
        let by = self.in_stockroom(actor, at);
        let change = Change::default().decided_on(&name, now.version).with_pieces(&by, &name, event, pieces)?;
        change.commit(&self.store)?;
        Ok(())
    }

    /// Takes a step about the registration.
    pub(crate) fn registration_step(&self, actor: &Actor, what: &str, typed: &Typed) -> Result<(), Fault> {
        let now = self.registration()?;
        let listed = super::steps::GROUPS.iter().any(|(_, words)| words.contains(&what));
        let (_, _, names) = super::steps::step_form(what)
            .filter(|_| listed)
            .ok_or_else(|| wrong("what", "there is no such step", "choose one of the list"))?;
        let mut fields = Vec::new();
        for (name, label) in *names {
            let value = typed.get(name);
            if value.is_empty() && !super::steps::may_be_empty(name) {
                return Err(wrong(*name, format!("{label}: nothing was entered"), "enter it"));
            }
            if matches!(*name, "on" | "requested" | "expires" | "applied") && value.parse::<Date>().is_err() {
                return Err(wrong(*name, format!("{label}: {value:?} is not a day"), "enter a day such as 2026-03-31"));
            }
            fields.push(((*name).to_owned(), value.to_owned()));
        }
        self.may_step(&now, what, typed)?;
        if what == "submitted" {
            // What was submitted is kept as it stood on that day.
            fields.push(("forms-wanted".to_owned(), now.get("forms-wanted").to_owned()));
            fields.extend(now.profile.iter().map(|(name, value)| (format!("profile.{name}"), value.clone())));
        }
        let event = RoomEvent::Step { what: what.to_owned(), fields, by: actor.id.clone() };
        self.add_to_registration(actor, &now, &event, Vec::new())
    }

    fn may_step(&self, now: &Registration, what: &str, typed: &Typed) -> Result<(), Fault> {
        match what {
            "central-begun" if now.last("central-receipt").is_none() => Err(refuse(
                "BOOKS-CENTRAL-RECEIPT",
                "21 CFR 1304.04(a); Pharmacist's Manual 2010 sec. VI",
                "there is no proof that DEA received the notice of central recordkeeping".to_owned(),
                "record the return receipt with its day first",
            )),
            "central-receipt" if now.last("central-notice").is_none() => Err(refuse(
                "BOOKS-CENTRAL-NOTICE",
                "21 CFR 1304.04(a); Pharmacist's Manual 2010 sec. VI",
                "no notice of central recordkeeping was sent".to_owned(),
                "prepare and send the notice first",
            )),
            "closed" => self.may_close(now),
            "submitted" if typed.get("paper") == "chain-list" => {
                let open = now.chain().into_iter().find(|step| step.fields.get("answers").is_empty());
                match (now.chain().is_empty(), open) {
                    (false, None) => Ok(()),
                    (_, open) => Err(refuse(
                        "BOOKS-CHAIN-ANSWERS",
                        "Pharmacist's Manual 2010 sec. III",
                        format!(
                            "the affidavit is not answered for {}",
                            open.map_or("any registration", |s| s.fields.get("number"))
                        ),
                        "answer the affidavit for each registration of the list",
                    )),
                }
            }
            _ => super::steps::check(self, now, what, typed),
        }
    }

    /// The business ends only when the stock is gone, what belongs to DEA is back, and the records have a keeper.
    fn may_close(&self, now: &Registration) -> Result<(), Fault> {
        const CITE: &str = "21 CFR 1301.52; Pharmacist's Manual 2010 sec. III";
        let begun = now.last("closing-begun").ok_or_else(|| {
            let what = "nobody has said where the records will be kept and who answers for them".to_owned();
            refuse("BOOKS-CLOSING-RECORDS", CITE, what, "record first that the business is to end")
        })?;
        if begun.fields.get("custody").is_empty() || begun.fields.get("contact").is_empty() {
            let what = "the records have no keeper".to_owned();
            return Err(refuse("BOOKS-CLOSING-RECORDS", CITE, what, "enter the address and who answers for them"));
        }
        let open = now.to_give_back();
        if !open.is_empty() {
            let what = format!("not given back to DEA yet: {}", open.join(", "));
            return Err(refuse("BOOKS-CLOSING-RETURNS", CITE, what, "give them back and record each return"));
        }
        let books = self.all_books()?;
        let left = books.ledger.stocks().find(|stock| stock.on_hand() != 0);
        if let Some(stock) = left {
            let goods = self.goods_as_known(&stock.commodity().ndc, stock.commodity().unit)?;
            let what = format!("the books still show {} of {}", goods.amount(stock.on_hand()), goods.title());
            return Err(refuse("BOOKS-CLOSING-STOCK", CITE, what, "transfer, return or destroy it first"));
        }
        Ok(())
    }

    /// Files the image of a certificate: the first one, a duplicate, or one after a move. Earlier ones stay.
    pub(crate) fn file_certificate(
        &self,
        actor: &Actor,
        typed: &Typed,
        media: &str,
        image: Vec<u8>,
    ) -> Result<(), Fault> {
        let now = self.registration()?;
        let number = typed.dea("number")?;
        if number != self.pharmacy {
            return Err(wrong(
                "number",
                "the certificate is of another registration",
                "file it with that registration",
            ));
        }
        let expires = typed.day("expires")?;
        let which = typed
            .word("which", |word| ["current", "duplicate", "after-move"].into_iter().find(|known| *known == word))?;
        if image.is_empty() || image.len() > CERTIFICATE_BYTES_MAX {
            let what = format!("the image has {} bytes; 1 to {CERTIFICATE_BYTES_MAX} are taken", image.len());
            return Err(wrong("image", what, "scan the certificate and upload the file"));
        }
        let at = self.clock.now();
        let seal = self.keys.pharmacy.seal(&image, at).map_err(|error| Fault::Broken(error.to_string()))?;
        let fields = vec![
            ("number".to_owned(), number.to_string()),
            ("expires".to_owned(), expires.to_string()),
            ("which".to_owned(), which.to_owned()),
            ("media".to_owned(), media.to_owned()),
        ];
        let event = RoomEvent::Step { what: "certificate-filed".to_owned(), fields, by: actor.id.clone() };
        let piece = NewPiece { media: media.to_owned(), bytes: image, seal };
        self.add_to_registration(actor, &now, &event, vec![piece])
    }

    /// The registrant as documents name it.
    pub(crate) fn registrant(&self) -> Result<Party, Fault> {
        let now = self.registration()?;
        let missing = now.missing();
        if !missing.is_empty() {
            let what = format!("the registration's profile lacks: {}", missing.join(", "));
            return Err(refuse(
                "BOOKS-PROFILE",
                "Pharmacist's Manual 2010 sec. III",
                what,
                "enter the profile at Books, Registration",
            ));
        }
        Ok(Party {
            name: now.get("name").to_owned(),
            address: Address {
                line1: now.get("line1").to_owned(),
                line2: Some(now.get("line2")).filter(|line| !line.is_empty()).map(str::to_owned),
                city: now.get("city").to_owned(),
                state: now.get("state").to_owned(),
                postal: now.get("postal").to_owned(),
            },
            number: self.pharmacy,
            activity: BusinessActivity::Pharmacy,
        })
    }
}

/// A refusal of this desk with the field that it is about.
trait About {
    fn about_field(self, field: &'static str) -> Self;
}

impl About for Fault {
    fn about_field(self, field: &'static str) -> Self {
        match self {
            Self::Refused(refusal) => Self::from(refusal.about(field)),
            other => other,
        }
    }
}
