//! Every act on a prescription besides filling: what a pharmacist takes down, decides or ends, and the hand-over.

use super::{Answer, Head, due_in_words, filling_of, number_of, plain, typed};
use crate::dispensary::counter::Following;
use crate::dispensary::{HandTyped, wrong};
use crate::house::House;
use crate::house::record::Fault;
use crate::http::answer::{page, see};
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::filters;
use crate::http::form::with_status;
use crate::http::practice::act;
use crate::http::shell::Shell;
use crate::showing::in_words;
use askama::Template;
use jiff::civil::Date;
use theriac_law::facts::{Screen, StaffNote};
use theriac_law::vocab::{
    Delivery, Flag, FlagDecision, ForgerySign, Grounds, Identifier, NumberSource, Payment, PickupDocument, Recipient,
    Resolution, Specialty, StaffNoteKind, Word,
};
use theriac_model::{Actor, Refusal};
use theriac_paper::papers::Notice;
use theriac_pharmacy::{
    AboutFlag, Acquaintance, Animal, AnimalPrescriber, AnnotationKind, Answered, Contact, FillingState, FollowUp,
    FollowUpDocument, Identity, Note, OnFace, OralAuthorization, PickUp, Premises, Prescription, PrescriptionNumber,
};

struct Duty {
    id: u32,
    what: String,
    why: String,
    due: String,
}

struct Uncollected {
    no: u32,
    quantity: String,
    since: String,
}

struct Raised {
    flag: String,
    name: String,
    what: String,
    cite: String,
    open: bool,
}

#[allow(clippy::struct_excessive_bools)] // each is one part of the page, shown or not
#[derive(Template)]
#[template(path = "counter_acts.html")]
struct ActsPage {
    shell: Shell,
    head: Head,
    duties: Vec<Duty>,
    uncollected: Vec<Uncollected>,
    raised: Vec<Raised>,
    beside: Vec<(&'static str, Vec<String>)>,
    unit: String,
    fax: bool,
    /// The checklist of the taking in: each sign, its answer, and who looked.
    checklist: Vec<(&'static str, &'static str, String)>,
    animal: Option<(String, &'static str)>,
    /// The prescriptions of one sitting that belong together, by number, and the first day of each.
    series: Vec<(String, String, String)>,
    emergency: bool,
    notice: bool,
    picture: bool,
    now: String,
    may_act: bool,
    may_hand: bool,
    /// Which form was sent, where it was refused.
    tried: String,
    typed: HandTyped,
    fault: Option<Failure>,
}

impl ActsPage {
    /// What was typed in a field of the form that was refused.
    fn was(&self, act: &str, name: &str) -> &str {
        if self.tried == act { self.typed.get(name) } else { "" }
    }

    /// Whether `word` was chosen in a list of the form that was refused.
    fn is(&self, act: &str, name: &str, word: &str) -> bool {
        self.was(act, name) == word
    }

    fn is_tried(&self, act: &str) -> bool {
        self.tried == act
    }

    fn forgery() -> Vec<(&'static str, &'static str)> {
        ForgerySign::LIST.iter().map(|(word, sign)| (*word, forgery_words(*sign))).collect()
    }

    fn decisions() -> [(&'static str, &'static str); 4] {
        [
            (FlagDecision::Resolved.word(), "resolved: it may be dispensed"),
            (FlagDecision::Declined.word(), "not resolved: it is not dispensed"),
            (FlagDecision::Forged.word(), "believed forged or altered"),
            (FlagDecision::Pattern.word(), "part of a pattern that is reported"),
        ]
    }
}

pub(super) fn forgery_words(sign: ForgerySign) -> &'static str {
    match sign {
        ForgerySign::TooLegible => "The hand is too legible",
        ForgerySign::UnusualUse => "Quantities, directions or doses unlike usual medical use",
        ForgerySign::Textbook => "Abbreviations that nobody uses, or worded as in a textbook",
        ForgerySign::NoAbbreviations => "Directions written out in full, without abbreviations",
        ForgerySign::Photocopied => "It looks photocopied",
        ForgerySign::SeveralInks => "Several inks or hands",
    }
}

/// `/pharmacy/prescriptions/{number}/acts`
pub(in crate::http) async fn show(asked: Asked) -> Answer {
    again(asked, String::new(), HandTyped::default(), None).await
}

async fn again(asked: Asked, tried: String, typed: HandTyped, fault: Option<Failure>) -> Answer {
    let number = number_of(&asked)?;
    let actor = asked.visitor()?.actor.clone();
    let shell = Shell::new(Door::CounterActs, &asked.visit);
    let status = fault.as_ref().map(|fault| fault.status);
    let found = asked.app.ask(move |world| {
        act(world, |house| {
            let prescription = house.open_record(&actor, &number, "counter")?;
            let numbers = |list: &[PrescriptionNumber]| list.iter().map(ToString::to_string).collect::<Vec<_>>();
            let compared = house.beside_others(&prescription)?;
            let beside = [
                ("The same drug and quantity, the same practitioner, the same day", numbers(&compared.alike)),
                ("New patients of the same practitioner on the same day", numbers(&compared.strangers)),
            ];
            Ok(ActsPage {
                shell,
                head: Head::of(house, &prescription),
                duties: duties(house, &prescription),
                uncollected: uncollected(house, &prescription),
                raised: raised(&prescription),
                beside: beside.into_iter().filter(|(_, list)| !list.is_empty()).collect(),
                unit: prescription.face().quantity.unit().to_string(),
                fax: prescription.received().source.form() == theriac_law::vocab::Form::Fax,
                checklist: checklist(&prescription),
                animal: prescription.received().source.animal().map(|animal| (animal.name.clone(), vet(animal))),
                series: super::series::rows(&house.series_of(&prescription)?),
                emergency: prescription.received().source.emergency().is_some(),
                notice: prescription.dea_notice(&house.profile, house.clock.moment()).is_some(),
                picture: prescription.received().message().is_none(),
                now: house.clock.wall(house.clock.now()).replace(' ', "T"),
                may_act: Door::CounterAct.admits(actor.role),
                may_hand: Door::HandOver.admits(actor.role),
                tried,
                typed,
                fault,
            })
        })
    });
    with_status(page(&found.await??), status)
}

fn checklist(prescription: &Prescription) -> Vec<(&'static str, &'static str, String)> {
    let Some(taken) = prescription.received().source.taken_in() else { return Vec::new() };
    let who = |answer: Answered| if answer == Answered::Yes { "yes" } else { "no" };
    let seen = taken.aside.checklist.iter();
    seen.map(|one| (forgery_words(one.sign), who(one.answer), taken.by.full_name.clone())).collect()
}

const fn vet(animal: &Animal) -> &'static str {
    match animal.prescribed_by {
        AnimalPrescriber::Veterinarian => "a veterinarian",
        AnimalPrescriber::Other => "a practitioner who is no veterinarian",
    }
}

fn duties(house: &House, prescription: &Prescription) -> Vec<Duty> {
    let open = prescription.open_duties().map(|duty| Duty {
        id: duty.id,
        what: plain(&duty.code),
        why: duty.why.clone(),
        due: due_in_words(house, duty.due),
    });
    open.collect()
}

fn uncollected(house: &House, prescription: &Prescription) -> Vec<Uncollected> {
    let filled = prescription.fillings().iter().filter(|filling| filling.state == FillingState::Filled);
    filled
        .map(|filling| Uncollected {
            no: filling.no,
            quantity: in_words(&filling.quantity),
            since: house.clock.wall(filling.at.timestamp),
        })
        .collect()
}

fn raised(prescription: &Prescription) -> Vec<Raised> {
    let open: Vec<Flag> = prescription.open_flags().map(|raised| raised.flag).collect();
    let last = prescription.screenings().last();
    last.into_iter()
        .flat_map(|screened| &screened.raised)
        .map(|raised| Raised {
            flag: raised.flag.word().to_owned(),
            name: plain(raised.flag.word()),
            what: raised.what.clone(),
            cite: raised.cite.clone(),
            open: open.contains(&raised.flag),
        })
        .collect()
}

/// `POST /pharmacy/prescriptions/{number}/acts/{act}`
pub(in crate::http) async fn done(asked: Asked) -> Answer {
    let (number, which) = (number_of(&asked)?, asked.id("act")?);
    let actor = asked.visitor()?.actor.clone();
    let typed = typed(&asked).await?;
    let (given, word, at) = (typed.clone(), which.clone(), number.clone());
    match asked.app.ask(move |world| act(world, |house| carry_out(house, &actor, &at, &word, &given))).await? {
        Ok(()) => see(&format!("/pharmacy/prescriptions/{number}/acts")),
        Err(fault) => again(asked, which, typed, Some(fault)).await,
    }
}

/// Does one act as typed.
fn carry_out(
    house: &House,
    actor: &Actor,
    number: &PrescriptionNumber,
    which: &str,
    typed: &HandTyped,
) -> Result<(), Fault> {
    let profile = &house.profile;
    let reason = typed.get("reason");
    match which {
        "decline" => house.at_record(actor, number, "decline", |rx, who, at| rx.decline(who, at, reason)),
        "void" => house.at_record(actor, number, "void", |rx, who, at| rx.void(who, at, reason)),
        "discontinue" => house.at_record(actor, number, "discontinue", |rx, who, at| rx.discontinue(who, at, reason)),
        "contact" => house.at_record(actor, number, "annotate", |rx, who, at| {
            let contact = Contact { person: typed.get("person").to_owned(), method: typed.get("method").to_owned() };
            let (kind, text) = (AnnotationKind::PrescriberContact, typed.get("text").to_owned());
            rx.annotate(who, at, &Note { kind, text, contact: Some(contact), corrects: None })
        }),
        "refills" => {
            let (prescription, _) = house.dispensing_now(number)?;
            let authorization = OralAuthorization {
                at: typed.moment("called", house)?,
                additional: typed.whole("additional")?.unwrap_or(0),
                quantity: match typed.get("quantity") {
                    "" => prescription.face().quantity.clone(),
                    _ => typed.quantity("quantity", prescription.face().quantity.unit())?,
                },
                practitioner: typed.get("practitioner").to_owned(),
            };
            house.at_record(actor, number, "add-refills", |rx, who, _| rx.add_refills(profile, who, &authorization))
        }
        "settle" => {
            let how = typed.law("how", Resolution::from_word)?;
            house.at_record(actor, number, "settle-doubt", |rx, who, at| {
                rx.settle_doubt(who, at, how, typed.get("words"))
            })
        }
        "original" => {
            use theriac_law::vocab::Element;
            let differs = typed.all("differs").map(Element::from_word).collect::<Option<Vec<_>>>();
            let differs =
                differs.ok_or_else(|| wrong("differs", "what differs is none of the list", "choose from it"))?;
            house.at_record(actor, number, "present-original", |rx, who, at| {
                rx.present_original(who, at, differs, typed.get("filed"))
            })
        }
        "follow-up" => follow_up(house, actor, number, typed),
        "dea-told" => house.at_record(actor, number, "notify-dea", |rx, who, at| {
            rx.notified_dea(who, at, typed.get("office"), typed.get("how"))
        }),
        "duty" => {
            let id = typed.whole("duty")?.unwrap_or(0);
            house.at_record(actor, number, "duty-done", |rx, who, at| {
                rx.duty_done(id, who.person(), at, typed.get("how"))
            })
        }
        "screen" => {
            let seen = seen(house, actor, typed)?;
            house.screen_at_counter(actor, number, |screen| seen.over(screen))
        }
        "flag" => {
            let about = about_flag(house, typed)?;
            house.at_record(actor, number, "decide-flag", |rx, who, at| {
                rx.decide_flag(profile, who, at, &about).map(|(events, _)| events)
            })
        }
        "return" => house.return_to_stock(actor, number, typed.whole("no")?.unwrap_or(0), reason),
        _ => Err(wrong("act", "there is no such act", "choose one of the page").into()),
    }
}

fn follow_up(house: &House, actor: &Actor, number: &PrescriptionNumber, typed: &HandTyped) -> Result<(), Fault> {
    let (prescription, _) = house.dispensing_now(number)?;
    let stands = |name: &str| if typed.ticked(name) { OnFace::Stands } else { OnFace::Absent };
    let document = match typed.get("electronic") {
        "" => {
            let scan = typed.scan.as_ref().ok_or_else(|| {
                wrong(
                    "file",
                    "neither a scan nor an electronic prescription is given",
                    "choose the scanned file, or give the number",
                )
            })?;
            FollowUpDocument::Paper { archive: scan.digest(), filed: typed.get("filed").to_owned() }
        }
        text => FollowUpDocument::Electronic {
            number: PrescriptionNumber::parse(text)
                .map_err(|error| wrong("electronic", error.to_string(), "take the number from the queue"))?,
        },
    };
    let what = FollowUp {
        by: typed.law("by", Delivery::from_word)?,
        received: typed.day("received")?.unwrap_or_else(|| house.clock.moment().date()),
        postmarked: typed.day("postmarked")?,
        statement: stands("statement"),
        oral_date: stands("oral-date"),
        quantity: typed.quantity("quantity", prescription.face().quantity.unit())?,
        document,
    };
    let following =
        Following { authorization: typed.get("authorization").to_owned(), oral_order: typed.day("oral-order")? };
    house.follow_up(actor, number, &what, typed.scan.as_ref(), &following)
}

/// What a person has seen of a presentation.
struct Seen {
    distance: Option<u64>,
    early: u64,
    pharmacies: Option<u64>,
    payment: Payment,
    specialty: Option<Specialty>,
    pending: bool,
    forgery: Vec<ForgerySign>,
    notes: Vec<StaffNote>,
    names: Option<u64>,
}

impl Seen {
    fn over(self, screen: Screen) -> Screen {
        Screen {
            distance_miles: self.distance,
            early_requests: self.early,
            pharmacies: self.pharmacies.unwrap_or(screen.pharmacies),
            payment: self.payment,
            specialty: self.specialty,
            pending_action: self.pending,
            forgery: if self.forgery.is_empty() { screen.forgery } else { self.forgery },
            notes: self.notes,
            in_other_names: self.names.unwrap_or(screen.in_other_names),
            ..screen
        }
    }
}

fn seen(house: &House, actor: &Actor, typed: &HandTyped) -> Result<Seen, Refusal> {
    let count = |name: &str| typed.whole(name).map(|count| count.map(u64::from));
    let forgery = typed.all("forgery").map(ForgerySign::from_word).collect::<Option<Vec<_>>>();
    let noted = typed.all("noted").map(StaffNoteKind::from_word).collect::<Option<Vec<_>>>();
    let (forgery, noted) =
        forgery.zip(noted).ok_or_else(|| wrong("forgery", "a sign is none of the list", "tick those of the list"))?;
    let at = house.clock.moment();
    let author = house.full_name(&actor.id);
    let notes = noted.into_iter().map(|kind| StaffNote::new(kind, author.clone(), at.into()));
    Ok(Seen {
        distance: count("distance")?,
        early: count("early")?.unwrap_or(0),
        pharmacies: count("pharmacies")?,
        payment: if typed.get("payment").is_empty() {
            Payment::Insurance
        } else {
            typed.law("payment", Payment::from_word)?
        },
        specialty: if typed.get("specialty").is_empty() {
            None
        } else {
            Some(typed.law("specialty", Specialty::from_word)?)
        },
        pending: typed.ticked("pending"),
        forgery,
        notes: notes.collect(),
        names: count("names")?,
    })
}

fn about_flag(house: &House, typed: &HandTyped) -> Result<AboutFlag, Refusal> {
    let person = Some(typed.get("person").to_owned()).filter(|person| !person.is_empty());
    let contacted = if typed.get("contacted").is_empty() { None } else { Some(typed.moment("contacted", house)?) };
    Ok(AboutFlag {
        flag: typed.law("flag", Flag::from_word)?,
        decision: typed.law("decision", FlagDecision::from_word)?,
        grounds: typed.law("grounds", Grounds::from_word)?,
        person,
        contacted,
        number: if typed.get("number").is_empty() {
            NumberSource::Independent
        } else {
            typed.law("number", NumberSource::from_word)?
        },
        outcome: typed.get("outcome").to_owned(),
    })
}

/// Who picks up, as typed.
pub(super) fn pick_up(typed: &HandTyped) -> Result<PickUp, Refusal> {
    let list = |name: &str| -> Result<Vec<Identifier>, Refusal> {
        let words = typed.all(name).map(Identifier::from_word).collect::<Option<Vec<_>>>();
        words.ok_or_else(|| wrong(name, format!("{name} is none of the list"), "choose from it"))
    };
    let digits = typed.get("last-digits");
    if !digits.is_empty() && (digits.len() > 4 || !digits.bytes().all(|b| b.is_ascii_alphanumeric())) {
        return Err(wrong("last-digits", "only the last four characters of a document are kept", "type at most four"));
    }
    let document = match typed.get("document") {
        "" => None,
        _ => Some(typed.law("document", PickupDocument::from_word)?),
    };
    let (matching, differing) = (list("matching")?, list("differing")?);
    let known = typed.ticked("acquainted");
    let looked = known || document.is_some() || !matching.is_empty() || !differing.is_empty();
    Ok(PickUp {
        to: if typed.get("to").is_empty() { Recipient::Patient } else { typed.law("to", Recipient::from_word)? },
        by: if typed.get("by").is_empty() { Delivery::Hand } else { typed.law("by", Delivery::from_word)? },
        recipient: typed.get("recipient").to_owned(),
        identity: looked.then(|| Identity {
            acquaintance: if known { Acquaintance::Known } else { Acquaintance::Unknown },
            document,
            last_digits: (!digits.is_empty()).then(|| digits.to_owned()),
            matching,
            differing,
        }),
        premises: Premises::default(),
    })
}

/// `POST /pharmacy/prescriptions/{number}/fillings/{no}/hand-over`
pub(in crate::http) async fn hand_over(asked: Asked) -> Answer {
    let (number, no) = (number_of(&asked)?, filling_of(&asked)?);
    let actor = asked.visitor()?.actor.clone();
    let typed = typed(&asked).await?;
    let (given, at) = (typed.clone(), number.clone());
    let done = asked.app.ask(move |world| act(world, |house| house.hand_over(&actor, &at, no, &pick_up(&given)?)));
    match done.await? {
        Ok(_) => see(&format!("/pharmacy/prescriptions/{number}/fillings/{no}")),
        Err(fault) => again(asked, format!("hand-over-{no}"), typed, Some(fault)).await,
    }
}

/// `/pharmacy/prescriptions/{number}/dea-notice.pdf`: the notice that nothing followed an emergency.
pub(in crate::http) async fn dea_notice(asked: Asked) -> Answer {
    let number = number_of(&asked)?;
    let actor = asked.visitor()?.actor.clone();
    let name = format!("dea-notice-{number}");
    let printed = asked.app.ask(move |world| {
        act(world, |house| {
            let prescription = house.open_record(&actor, &number, "notice to DEA")?;
            let Some(notice) = prescription.dea_notice(&house.profile, house.clock.moment()) else { return Ok(None) };
            let today = house.clock.moment();
            let paper = Notice {
                number: number.to_string(),
                from: vec![
                    house.config.pharmacy.name.clone(),
                    house.config.pharmacy.address.clone(),
                    format!("DEA registration {}", house.pharmacy),
                ],
                to: vec!["Drug Enforcement Administration".to_owned(), "Diversion field office of the area".to_owned()],
                date: today.date().to_string(),
                subject: "No written prescription followed an emergency oral order (21 CFR 1306.11(d)(4))".to_owned(),
                facts: facts(&notice, &prescription),
                text: vec![
                    "On an oral authorization for an emergency, this pharmacy dispensed the drug above. The prescribing \
                     practitioner has not delivered a written or electronic prescription within the period of the rule."
                        .to_owned(),
                ],
                enclosures: Vec::new(),
                deadline: notice_due(house, &prescription),
                cite: "21 CFR 1306.11(d)(4)".to_owned(),
                signed_by: None,
                capacity: "Pharmacist".to_owned(),
            };
            let printed = paper.paper(&house.pharmacy_issue(today)).print().map_err(|refusal| Fault::from(*refusal))?;
            Ok(Some(printed.pdf))
        })
    });
    let bytes = printed.await??.ok_or_else(|| {
        Failure::no_such(
            "notice",
            "a notice is owed only where an oral order was dispensed and nothing followed in time",
        )
    })?;
    crate::http::answer::pdf(bytes, &name)
}

/// By when DEA has to be told, where the duty was raised.
fn notice_due(house: &House, prescription: &Prescription) -> Option<String> {
    let duty = prescription.open_duties().find(|duty| duty.code == theriac_law::Duty::NotifyDea.word())?;
    Some(due_in_words(house, duty.due))
}

fn facts(notice: &theriac_pharmacy::DeaNotice, prescription: &Prescription) -> Vec<(String, String)> {
    let day = |date: Date| date.to_string();
    let unit = prescription.face().quantity.unit();
    let rows = [
        ("Prescription", notice.number.to_string()),
        ("Practitioner", notice.practitioner.clone()),
        ("DEA registration", notice.registration.clone()),
        ("Patient", notice.patient.clone()),
        ("Drug", notice.drug.clone()),
        ("Dispensed", super::fill::counted_in(notice.dispensed_units, unit)),
        ("Oral order", day(notice.oral_order)),
        ("Written prescription due", day(notice.due)),
    ];
    rows.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// `/pharmacy/prescriptions/{number}/picture`: what was scanned or written down when it was taken in, as it is archived.
pub(in crate::http) async fn picture(asked: Asked) -> Answer {
    let number = number_of(&asked)?;
    let actor = asked.visitor()?.actor.clone();
    let name = number.to_string();
    let found = asked.app.ask(move |world| {
        act(world, |house| {
            house.open_record(&actor, &number, "picture")?;
            house.archived_picture(&number)
        })
    });
    let paper = found.await??.ok_or_else(|| Failure::no_such("picture", "the record says how it came"))?;
    crate::http::form::file(&name, &paper.media, paper.bytes)
}
