//! The day at the practice and the pharmacy, and the months after it.

use super::cast::{self, Patient, Product};
use super::telling::Telling;
use super::world::{self, Cast, PIN};
use crate::dispensary::{Arrival, Incoming, Verdict, Wanted};
use crate::house::House;
use crate::house::record::Fault;
use crate::output::Problem;
use crate::practice::{Channel, software};
use crate::relaying::{Carried, HouseRelay};
use crate::showing::in_words;
use crate::transport::Carrier;
use jiff::SignedDuration;
use theriac_books::{Document, DocumentKind};
use theriac_law::vocab::Recipient;
use theriac_model::{Actor, Address, CanonicalContents, Element, PersonName, Refusal, Role};
use theriac_pharmacy::{Part, PickUp, PrescriptionNumber};
use theriac_prescriber::event::Routing;
use theriac_prescriber::stage::Agreement;
use theriac_wire::script::compose::{Signature, Traffic};
use theriac_wire::script::{Envelope, Order, Party, SignatureGroup, encode, from_contents};

/// What a practitioner prescribes.
#[derive(Clone, Copy)]
pub(crate) struct Prescribed<'a> {
    pub(crate) id: &'a str,
    pub(crate) patient: &'a Patient,
    pub(crate) product: &'a Product,
    pub(crate) quantity: &'a str,
    pub(crate) refills: &'a str,
    pub(crate) directions: &'a str,
}

/// An intermediary that changes what it carries.
struct Tamperer<'a> {
    honest: HouseRelay<'a>,
    from: &'static str,
    to: &'static str,
}

impl Carrier for Tamperer<'_> {
    fn carry(&self, message: &[u8]) -> Result<Carried, Refusal> {
        let text = String::from_utf8_lossy(message).replace(self.from, self.to);
        self.honest.carry(text.as_bytes())
    }
}

/// Runs the story.
pub(crate) fn tell(house: &House, cast: &Cast, telling: &mut Telling<'_>) -> Result<(), Problem> {
    let mut story = Story {
        house,
        cast,
        telling,
        agent: actor(Role::Agent),
        doctor: actor(Role::Prescriber),
        pharmacist: actor(Role::Pharmacist),
    };
    super::stockroom::take_initial_inventory(house, &story.pharmacist)?;
    story.run().map_err(Problem::from)
}

fn actor(role: Role) -> Actor {
    match role {
        Role::Agent => world::actor(&cast::AGENT, role),
        Role::Pharmacist => world::actor(&cast::PHARMACIST, role),
        _ => world::actor(&cast::PRACTITIONER, role),
    }
}

struct Story<'a, 'b> {
    house: &'a House,
    cast: &'a Cast,
    telling: &'a mut Telling<'b>,
    agent: Actor,
    doctor: Actor,
    pharmacist: Actor,
}

impl Story<'_, '_> {
    fn run(&mut self) -> Result<(), Fault> {
        self.telling.chapter("Prescribed, signed, sent, received: the morning");
        let oxycodone = self.prescribe(&Prescribed {
            id: "R-1001",
            patient: &cast::PATIENTS[0],
            product: &cast::OXYCODONE,
            quantity: "30",
            refills: "0",
            directions: "Take 1 tablet every 6 hours as needed for pain",
        })?;
        let short = self.prescribe(&Prescribed {
            id: "R-1002",
            patient: &cast::PATIENTS[1],
            product: &cast::METHYLPHENIDATE,
            quantity: "60",
            refills: "0",
            directions: "Take 1 tablet twice daily",
        })?;
        let split = self.prescribe(&Prescribed {
            id: "R-1003",
            patient: &cast::PATIENTS[3],
            product: &cast::OXYCODONE,
            quantity: "40",
            refills: "0",
            directions: "Take 1 tablet every 8 hours as needed for pain",
        })?;
        let codeine = self.prescribe(&Prescribed {
            id: "R-1004",
            patient: &cast::PATIENTS[2],
            product: &cast::CODEINE_APAP,
            quantity: "30",
            refills: "5",
            directions: "Take 1 tablet every 6 hours as needed for pain",
        })?;
        let alprazolam = self.prescribe(&Prescribed {
            id: "R-1005",
            patient: &cast::PATIENTS[1],
            product: &cast::ALPRAZOLAM,
            quantity: "60",
            refills: "2",
            directions: "Take 1 tablet twice daily as needed for anxiety",
        })?;
        let syrup = self.prescribe(&Prescribed {
            id: "R-1006",
            patient: &cast::PATIENTS[0],
            product: &cast::COUGH_SYRUP,
            quantity: "120",
            refills: "0",
            directions: "Take 10 mL every 4 hours as needed for cough",
        })?;
        self.refused_at_the_practice()?;
        self.refused_at_the_pharmacy()?;
        self.dispense_the_day(&oxycodone, &short, &split, &codeine, &alprazolam, &syrup)
    }

    fn now(&self) -> String {
        self.house.clock.wall(self.house.clock.now())
    }

    fn pass(&self, minutes: i64) {
        self.house.clock.advance(SignedDuration::from_mins(minutes));
    }

    fn days(&self, days: i64) {
        self.house.clock.advance(SignedDuration::from_hours(24 * days));
    }

    /// The whole way of one prescription, from the agent's draft to the pharmacy's answer.
    fn prescribe(&mut self, order: &Prescribed<'_>) -> Result<PrescriptionNumber, Fault> {
        self.reviewed(order)?;
        self.sign(&[order.id], PIN, Channel::Electronic)?;
        let arrival = self.send(&HouseRelay(self.house))?;
        match arrival.verdict {
            Verdict::Accepted { number } => {
                self.telling.figures.accepted += 1;
                let now = self.now();
                let product = order.product;
                let text = format!(
                    "{}  C-{:<3} {} {} #{}: drafted by agent, signed, re-laid by the relay, accepted as {number}",
                    order.id, product.schedule, product.name, product.strength, order.quantity
                );
                self.telling.tell(&now, &text);
                Ok(number)
            }
            Verdict::Rejected { refusals } => Err(crate::practice::first(refusals)),
            Verdict::Cancelled { .. } | Verdict::Noted { .. } => {
                Err(Fault::Broken("a new prescription was taken for a letter".to_owned()))
            }
        }
    }

    fn routing(&self, patient: &Patient) -> Routing {
        Routing {
            patient: patient.id.to_owned(),
            practitioner: self.doctor.id.clone(),
            pharmacy: cast::PHARMACY_NCPDP.to_owned(),
        }
    }

    /// Drafted by the agent, marked ready, reviewed and agreed to by the practitioner.
    fn reviewed(&mut self, order: &Prescribed<'_>) -> Result<(), Fault> {
        let written = self.contents(order)?;
        let routing = self.routing(order.patient);
        self.pass(2);
        self.house.draft(&self.agent, order.id, routing, written)?;
        self.house.mark_ready(&self.agent, order.id)?;
        self.pass(1);
        self.house.review(&self.doctor, order.id, Agreement::Agreed)
    }

    fn contents(&self, order: &Prescribed<'_>) -> Result<CanonicalContents, Fault> {
        let issued = self.house.clock.moment().date().to_string();
        contents(order, &issued, &cast::PRACTITIONER, cast::practitioner_number().as_str())
    }

    fn sign(&mut self, ids: &[&str], pin: &str, channel: Channel) -> Result<(), Fault> {
        let token = &self.cast.practitioner;
        let (credential, registration) = (&token.credential, &token.registration);
        self.house
            .sign(&self.doctor, ids, registration, credential, channel, |challenge| token.answer(challenge, pin))?;
        self.telling.figures.signed += 1;
        Ok(())
    }

    /// Lets the outbox work; the last message delivered is returned.
    fn send(&mut self, carrier: &dyn Carrier) -> Result<Arrival, Fault> {
        let worked = self.house.work(carrier)?;
        self.telling.figures.sent += u32::try_from(worked.delivered.len()).unwrap_or(u32::MAX);
        let last = worked.delivered.into_iter().next_back();
        last.map(|(_, arrival)| arrival).ok_or_else(|| Fault::Broken("nothing was sent".to_owned()))
    }

    /// Tells of a refusal; anything else is a fault of the demonstration.
    fn expect_refusal<T>(&mut self, tried: &str, outcome: Result<T, Fault>) -> Result<(), Fault> {
        match outcome {
            Err(Fault::Refused(refusal)) => {
                self.telling.refused(tried, &[*refusal]);
                Ok(())
            }
            Err(other) => Err(other),
            Ok(_) => Err(Fault::Broken(format!("this should have been refused: {tried}"))),
        }
    }

    fn expect_rejection(&mut self, tried: &str, bytes: &[u8]) -> Result<(), Fault> {
        let arrival = self.house.receive(Incoming::whole(bytes))?;
        self.house.work(&HouseRelay(self.house))?;
        self.told_rejection(tried, arrival)
    }

    fn told_rejection(&mut self, tried: &str, arrival: Arrival) -> Result<(), Fault> {
        match arrival.verdict {
            Verdict::Rejected { refusals } => {
                self.telling.figures.rejected += 1;
                self.telling.refused(tried, &refusals);
                Ok(())
            }
            Verdict::Accepted { .. } | Verdict::Cancelled { .. } | Verdict::Noted { .. } => {
                Err(Fault::Broken(format!("this should have been rejected: {tried}")))
            }
        }
    }

    fn refused_at_the_practice(&mut self) -> Result<(), Fault> {
        self.telling.chapter("Refused at the practice");
        let order = Prescribed {
            id: "R-1010",
            patient: &cast::PATIENTS[2],
            product: &cast::OXYCODONE,
            quantity: "30",
            refills: "0",
            directions: "Take 1 tablet every 6 hours as needed for pain",
        };
        let mut incomplete = self.contents(&order)?;
        incomplete.clear(Element::Directions);
        self.house.draft(&self.agent, order.id, self.routing(order.patient), incomplete)?;
        let marked = self.house.mark_ready(&self.agent, order.id);
        self.expect_refusal("mark a draft without directions as ready", marked)?;

        let order = Prescribed { id: "R-1011", ..order };
        self.reviewed(&order)?;
        let by_agent = self.house.review(&self.agent, order.id, Agreement::Agreed);
        self.expect_refusal("the agent agrees and signs", by_agent)?;
        let wrong_pin = self.sign(&[order.id], "000000", Channel::Electronic);
        self.expect_refusal("sign with a wrong PIN", wrong_pin)?;
        let other = Prescribed { id: "R-1012", patient: &cast::PATIENTS[0], ..order };
        self.reviewed(&other)?;
        let two_patients = self.sign(&[order.id, other.id], PIN, Channel::Electronic);
        self.expect_refusal("sign for two patients in one act", two_patients)?;

        self.sign(&[order.id], PIN, Channel::Paper)?;
        self.house.print(&self.doctor, order.id)?;
        let sent = self.house.transmitted(order.id, b"", None);
        self.expect_refusal("transmit a prescription that was printed", sent)?;
        let printed = self.house.print(&self.doctor, "R-1001");
        self.expect_refusal("print a prescription that was transmitted", printed)?;
        self.lapsed_practitioner()
    }

    /// A practitioner whose registration has run out, and the token with it.
    fn lapsed_practitioner(&mut self) -> Result<(), Fault> {
        let order = Prescribed {
            id: "R-1013",
            patient: &cast::PATIENTS[2],
            product: &cast::ALPRAZOLAM,
            quantity: "30",
            refills: "0",
            directions: "Take 1 tablet daily",
        };
        let lapsed = world::actor(&cast::LAPSED, Role::Prescriber);
        let issued = self.house.clock.moment().date().to_string();
        let written = contents(&order, &issued, &cast::LAPSED, cast::lapsed_number().as_str())?;
        let routing = Routing { practitioner: lapsed.id.clone(), ..self.routing(order.patient) };
        self.house.draft(&lapsed, order.id, routing, written)?;
        self.house.mark_ready(&lapsed, order.id)?;
        self.house.review(&lapsed, order.id, Agreement::Agreed)?;
        let token = &self.cast.lapsed;
        let signed = self.house.sign(
            &lapsed,
            &[order.id],
            &token.registration,
            &token.credential,
            Channel::Electronic,
            |challenge| token.answer(challenge, PIN),
        );
        self.expect_refusal("sign under a registration that has run out", signed)
    }

    fn refused_at_the_pharmacy(&mut self) -> Result<(), Fault> {
        self.telling.chapter("Rejected at the pharmacy (every message is archived and sealed first)");
        let order = Prescribed {
            id: "R-1020",
            patient: &cast::PATIENTS[3],
            product: &cast::OXYCODONE,
            quantity: "30",
            refills: "0",
            directions: "Take 1 tablet every 6 hours as needed for pain",
        };
        self.reviewed(&order)?;
        self.sign(&[order.id], PIN, Channel::Electronic)?;
        let tamperer = Tamperer { honest: HouseRelay(self.house), from: "<Value>30</Value>", to: "<Value>90</Value>" };
        let altered = self.send(&tamperer)?;
        self.told_rejection("an intermediary made 90 tablets of 30", altered)?;

        let written = self.contents(&Prescribed { id: "R-1021", ..order })?;
        let unsigned = self.foreign("R-1021", &written, None)?;
        self.expect_rejection("another vendor's message that does not say it is signed", &unsigned)?;
        let mut incomplete = written.clone();
        incomplete.clear(Element::PatientLine1);
        let incomplete = self.foreign("R-1022", &incomplete, Some(Signature::Indicated))?;
        self.expect_rejection("another vendor's message without the patient's street", &incomplete)?;

        let issued = self.house.clock.moment().date().to_string();
        let lapsed =
            contents(&Prescribed { id: "R-1023", ..order }, &issued, &cast::LAPSED, cast::lapsed_number().as_str())?;
        let lapsed = self.foreign("R-1023", &lapsed, Some(Signature::Indicated))?;
        self.expect_rejection("a registration that had run out at signing", &lapsed)?;

        let twin = crate::relaying::forward(self.house, &self.house.signed_message("R-1001")?, 1)?;
        self.expect_rejection("the first prescription once more, in another layout", &twin.message)?;
        let forged = self.forged(&written)?;
        self.expect_rejection("a signature by a key that nobody here trusts", &forged)
    }

    /// A message of another application.
    fn foreign(&self, id: &str, written: &CanonicalContents, signature: Option<Signature>) -> Result<Vec<u8>, Fault> {
        let envelope = Envelope {
            to: Party::pharmacy(cast::PHARMACY_NCPDP),
            from: Party::prescriber("9999000000024"),
            message_id: format!("X-{id}"),
            relates_to: None,
            sent_time: self.house.clock.now(),
            software: software(),
            order_number: Some(id.to_owned()),
            rx_reference: None,
            traffic: Traffic::Test,
            order: Order { signature, ..Order::default() },
        };
        Ok(encode(&from_contents(written, &envelope).map_err(crate::practice::first)?))
    }

    /// Contents signed under another authority.
    fn forged(&self, written: &CanonicalContents) -> Result<Vec<u8>, Fault> {
        let broken = |error: &dyn std::fmt::Display| Fault::Broken(error.to_string());
        let demo = self.house.deployment.demo().ok_or_else(|| broken(&"not a demonstration"))?;
        let now = self.house.clock.now();
        let other = crate::house::keys::stranger(now, demo).map_err(|problem| broken(&problem))?;
        let mut signed = written.clone();
        signed.set(Element::SignedAt, &now.to_string()).map_err(|error| broken(&error))?;
        let bytes = signed.to_bytes();
        let cms = other.sign_contents(&bytes, now).map_err(|error| broken(&error))?;
        let digest = theriac_journal::hash::sha256(&bytes);
        let group = SignatureGroup::new(&digest.0, &cms, other.certificate().der());
        self.foreign("R-1024", written, Some(Signature::Attached(group)))
    }

    fn dispense_the_day(
        &mut self,
        oxycodone: &PrescriptionNumber,
        short: &PrescriptionNumber,
        split: &PrescriptionNumber,
        codeine: &PrescriptionNumber,
        alprazolam: &PrescriptionNumber,
        syrup: &PrescriptionNumber,
    ) -> Result<(), Fault> {
        self.telling.chapter("Dispensed: the day, and the months after it");
        self.pass(60);
        self.house.open_record(&self.pharmacist, oxycodone, "dispensing")?;
        self.dispensed(oxycodone, &cast::OXYCODONE, &Wanted::Fill)?;
        self.dispensed(syrup, &cast::COUGH_SYRUP, &Wanted::Fill)?;
        self.dispensed(codeine, &cast::CODEINE_APAP, &Wanted::Fill)?;
        let whole = self.house.dispense(&self.pharmacist, short, &world::ndc(&cast::METHYLPHENIDATE)?, &Wanted::Fill);
        self.expect_refusal("fill 60 of which 40 are on the shelf", whole)?;
        self.part(short, &cast::METHYLPHENIDATE, 40, Part::shortage)?;
        self.part(split, &cast::OXYCODONE, 20, Part::requested)?;
        self.part(alprazolam, &cast::ALPRAZOLAM, 30, Part::general)?;
        self.house.remark(&self.pharmacist, short, "Patient told that the rest comes the day after tomorrow.")?;
        let technician = world::actor(&cast::TECHNICIAN, Role::Technician);
        let by_technician =
            self.house.dispense(&technician, alprazolam, &world::ndc(&cast::ALPRAZOLAM)?, &Wanted::Remainder);
        self.expect_refusal("a technician dispenses", by_technician)?;
        let other_drug =
            self.house.dispense(&self.pharmacist, alprazolam, &world::ndc(&cast::CODEINE_APAP)?, &Wanted::Remainder);
        self.expect_refusal("the wrong bottle is scanned", other_drug)?;

        self.days(2);
        world::deliver(self.house, &cast::METHYLPHENIDATE, 2, Document::new(DocumentKind::OrderForm, "260000001"))?;
        self.dispensed(short, &cast::METHYLPHENIDATE, &Wanted::Remainder)?;
        self.dispensed(alprazolam, &cast::ALPRAZOLAM, &Wanted::Remainder)?;
        self.days(20);
        self.dispensed(split, &cast::OXYCODONE, &Wanted::Remainder)?;
        for _ in 0..5 {
            self.days(26);
            self.dispensed(codeine, &cast::CODEINE_APAP, &Wanted::Refill)?;
        }
        self.dispensed(alprazolam, &cast::ALPRAZOLAM, &Wanted::Refill)?;
        self.days(10);
        let sixth = self.house.dispense(&self.pharmacist, codeine, &world::ndc(&cast::CODEINE_APAP)?, &Wanted::Refill);
        self.expect_refusal("a sixth refill", sixth)?;
        let again = self.house.dispense(&self.pharmacist, oxycodone, &world::ndc(&cast::OXYCODONE)?, &Wanted::Refill);
        self.expect_refusal("a refill of schedule II", again)?;
        // The practice hears what was dispensed.
        self.house.work(&HouseRelay(self.house))?;
        self.days(25);
        let late = self.house.dispense(&self.pharmacist, alprazolam, &world::ndc(&cast::ALPRAZOLAM)?, &Wanted::Refill);
        self.expect_refusal("the last refill, more than six months after issue", late)
    }

    fn part(
        &mut self,
        number: &PrescriptionNumber,
        product: &Product,
        units: u32,
        why: impl FnOnce(theriac_model::Quantity) -> Part,
    ) -> Result<(), Fault> {
        let (prescription, _) = self.house.dispensing_now(number)?;
        let quantity = House::quantity(units, &prescription.face().quantity)
            .ok_or_else(|| Fault::Broken("not a quantity".to_owned()))?;
        self.dispensed(number, product, &Wanted::Part(Box::new(why(quantity))))
    }

    /// Dispenses and hands over.
    fn dispensed(&mut self, number: &PrescriptionNumber, product: &Product, wanted: &Wanted) -> Result<(), Fault> {
        self.pass(10);
        let filling = self.house.dispense(&self.pharmacist, number, &world::ndc(product)?, wanted)?;
        self.pass(5);
        let pick_up = PickUp::by_hand(Recipient::Patient, "the patient");
        self.house.hand_over(&self.pharmacist, number, filling.no, &pick_up)?;
        self.telling.figures.dispensed += 1;
        let now = self.now();
        let text = format!(
            "{number}  {:<9} {} of {} {}",
            filling.kind.word().replace('-', " "),
            in_words(&filling.quantity),
            product.name,
            product.strength
        );
        self.telling.tell(&now, &text);
        Ok(())
    }
}

/// The contents of an order by a practitioner of the demonstration.
pub(crate) fn contents(
    order: &Prescribed<'_>,
    issued: &str,
    practitioner: &cast::Person,
    registration: &str,
) -> Result<CanonicalContents, Fault> {
    let (patient, product) = (order.patient, order.product);
    let Address { line1, city, state, postal, .. } = cast::patient_address(patient);
    let practice = cast::practice_address();
    let PersonName { last, first, .. } = cast::name(practitioner);
    let elements = [
        (Element::Issued, issued),
        (Element::PatientLast, patient.last),
        (Element::PatientFirst, patient.first),
        (Element::PatientBorn, patient.born),
        (Element::PatientLine1, &line1),
        (Element::PatientCity, &city),
        (Element::PatientState, &state),
        (Element::PatientPostal, &postal),
        (Element::PractitionerLast, &last),
        (Element::PractitionerFirst, &first),
        (Element::PractitionerLine1, &practice.line1),
        (Element::PractitionerLine2, practice.line2.as_deref().unwrap_or_default()),
        (Element::PractitionerCity, &practice.city),
        (Element::PractitionerState, &practice.state),
        (Element::PractitionerPostal, &practice.postal),
        (Element::Registration, registration),
        (Element::DrugName, product.name),
        (Element::DrugStrength, product.strength),
        (Element::DrugForm, product.form),
        (Element::DrugNdc, product.ndc),
        (Element::DrugSchedule, product.schedule.roman()),
        (Element::QuantityValue, order.quantity),
        (Element::QuantityUnit, &product.unit.name()),
        (Element::Directions, order.directions),
        (Element::Refills, order.refills),
    ];
    let mut contents = CanonicalContents::default();
    for (element, value) in elements {
        contents.set(element, value).map_err(|error| Fault::Broken(error.to_string()))?;
    }
    Ok(contents)
}
