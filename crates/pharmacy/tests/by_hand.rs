//! Taking in by hand: paper, fax and telephone, what is refused at once and what is asked for before dispensing.

mod common;
use common::{
    RX, Rx, archive, at, contents, number, pharmacist, profile, registrant, tablets, technician, with_supply,
};
use theriac_law::Profile;
use theriac_law::vocab::{
    Element as LawElement, ForgerySign, Instrument, Origin, Resolution, Sender, Signature, Word as _,
};
use theriac_model::{CanonicalContents, DeaNumber, Element, Schedule};
use theriac_pharmacy::{
    Animal, AnimalPrescriber, Answered, Aside, ByHand, Call, Came, Circumstance, DrugFile, Emergency, Event, Fax,
    FaxGround, FaxNumber, GhbRecord, HospiceNote, Judgment, Moment, Narcotic, Paper, Prescription, RejectionStatus,
    SignSeen, Signed, Spelling, Supply, TakingIn, Twin, VoidMark, take_in,
};

const TWO: Rx = Rx { schedule: Schedule::II, refills: 0, ..RX };
const ENTERED: &str = "2026-03-02T12:30:00-07:00";

fn hand(rx: &Rx, came: Came) -> ByHand {
    ByHand {
        number: number("RX200001"),
        pharmacy: DeaNumber::parse("FT1234563").expect("a DEA number"),
        archive: archive(),
        at: at(ENTERED),
        by: pharmacist().person().clone(),
        contents: contents(rx),
        came,
        registrant: registrant(),
        drug: DrugFile::Scheduled(rx.schedule),
        narcotic: Narcotic::Narcotic,
        aside: theriac_pharmacy::Aside::default(),
        twin: Twin::None,
    }
}

fn call() -> Call {
    let (called, written) = (at("2026-03-02T12:20:00-07:00"), at("2026-03-02T12:25:00-07:00"));
    Call { agent: None, called, written, emergency: None }
}

fn told(change: impl FnOnce(&mut Call)) -> Came {
    let mut call = call();
    change(&mut call);
    Came::Call(Box::new(call))
}

fn faxed(change: impl FnOnce(&mut Fax)) -> Came {
    let mut fax = Fax::from_practitioner();
    change(&mut fax);
    Came::Fax(fax)
}

fn paper(change: impl FnOnce(&mut Paper)) -> Came {
    let mut paper = Paper::signed();
    change(&mut paper);
    Came::Paper(paper)
}

/// The codes of the refusals, or `accepted` with the duties that come with it.
fn verdict(profile: &Profile, hand: ByHand) -> String {
    match take_in(profile, hand) {
        TakingIn::Accepted(events) => {
            let [Event::Received(received)] = &events[..] else { panic!("one event") };
            let duties: Vec<&str> = received.duties.iter().map(|duty| duty.code.as_str()).collect();
            format!("accepted {}", duties.join(" ")).trim_end().to_owned()
        }
        TakingIn::Refused { events, refusals } => {
            let [Event::Rejected(record)] = &events[..] else { panic!("one record") };
            assert_eq!((record.refusals.len(), record.reply), (refusals.len(), None));
            refusals.iter().map(|refusal| refusal.code.0).collect::<Vec<_>>().join(" ")
        }
    }
}

fn check(rx: &Rx, came: Came, expected: &str) {
    assert_eq!(verdict(&profile(), hand(rx, came)), expected);
}

fn taken(rx: &Rx, came: Came) -> Prescription {
    match take_in(&profile(), hand(rx, came)) {
        TakingIn::Accepted(events) => Prescription::replay(&events).expect("consistent"),
        TakingIn::Refused { refusals, .. } => panic!("refused: {refusals:?}"),
    }
}

fn filled(rx: &Prescription, when: &str) -> String {
    match with_supply(when, |supply| rx.fill(&profile(), supply)) {
        Ok(_) => "filled".to_owned(),
        Err(refusal) => refusal.code.to_string(),
    }
}

const LATER: &str = "2026-03-02T13:00:00-07:00";

/// Requirements: pharm-rx-written-form, epcs-1300.03-paper-prescription, epcs-1306.05-d-2
#[test]
fn paper_is_taken_in_when_a_pharmacist_confirms_hand_signature_and_medium() {
    check(&RX, paper(|_| ()), "accepted");
    check(&TWO, paper(|_| ()), "accepted");
    for instrument in [Instrument::IndeliblePencil, Instrument::Typewriter, Instrument::Printer] {
        check(&TWO, paper(|paper| paper.instrument = instrument), "accepted");
    }
    check(&TWO, paper(|paper| paper.instrument = Instrument::Pencil), "LAW-1306.05-MEDIUM");
    for signature in [Signature::None, Signature::Image, Signature::Agent] {
        check(&RX, paper(|paper| paper.signature = signature), "LAW-1306.05-UNSIGNED");
        check(&TWO, paper(|paper| paper.signature = signature), "LAW-1306.05-UNSIGNED");
    }
    let both = paper(|paper| (paper.instrument, paper.signature) = (Instrument::Pencil, Signature::None));
    check(&RX, both, "LAW-1306.05-MEDIUM LAW-1306.05-UNSIGNED");
    let rx = taken(&TWO, paper(|_| ()));
    assert_eq!((&rx.received().signed, rx.received().message()), (&Signed::Seen, None));
    assert_eq!(filled(&rx, LATER), "filled");
}

/// Requirements: epcs-1300.03-electronic-prescription
#[test]
fn what_was_printed_or_faxed_is_paper_and_never_an_electronic_prescription() {
    check(&RX, faxed(|fax| fax.origin = Origin::ConvertedElectronic), "LAW-1311.170-NO-FAX");
    check(&RX, faxed(|fax| fax.origin = Origin::Email), "LAW-1311.170-NO-FAX");
    assert_eq!(common::prescription(&RX).received().source.form().to_string(), "electronic");
    for (came, form) in [(paper(|_| ()), "paper"), (faxed(|_| ()), "fax"), (told(|_| ()), "oral")] {
        assert_eq!(taken(&RX, came).received().source.form().to_string(), form);
    }
}

/// Requirements: pharm-fax-ii-original-annotated
#[test]
fn the_fax_of_schedule_ii_waits_for_its_original_and_the_original_is_what_is_filed() {
    check(&TWO, faxed(|_| ()), "accepted obtain-original");
    let mut rx = taken(&TWO, faxed(|_| ()));
    assert_eq!(filled(&rx, LATER), "LAW-1306.11-FAX");
    let differing = rx.present_original(&pharmacist(), at(LATER), vec![LawElement::Quantity], "II 2026/17");
    for event in differing.expect("a comparison") {
        rx.apply(&event).expect("foldable");
    }
    assert_eq!(filled(&rx, LATER), "LAW-1306.11-COMPARED");
    assert_eq!(rx.open_duties().count(), 1);
    let nowhere = rx.present_original(&pharmacist(), at(LATER), Vec::new(), " ").expect_err("no place");
    assert_eq!((nowhere.code.0, nowhere.field.as_deref()), ("PHARM-TEXT", Some("filed")));
    for event in rx.present_original(&pharmacist(), at(LATER), Vec::new(), "II 2026/17").expect("a comparison") {
        rx.apply(&event).expect("foldable");
    }
    assert_eq!((filled(&rx, LATER).as_str(), rx.open_duties().count()), ("filled", 0));
    let original = rx.original().expect("presented");
    assert_eq!((original.filed.as_str(), original.by.full_name.as_str()), ("II 2026/17", "Ana Rivera"));
    assert_eq!(rx.received().archive, archive(), "the fax stays as the working copy");
    let paper = taken(&TWO, paper(|_| ()));
    let refusal = paper.present_original(&pharmacist(), at(LATER), Vec::new(), "x").expect_err("not a fax");
    assert_eq!(refusal.code.0, "PHARM-NOT-A-FAX");
}

/// Requirements: pharm-fax-exception-basis-stored
#[test]
fn the_ground_on_which_a_fax_is_the_original_is_kept_with_its_evidence_and_frees_from_nothing_else() {
    let on = |ground: FaxGround| faxed(|fax| fax.ground = Some(ground));
    let ltcf = || FaxGround::Ltcf { facility: "Saguaro Home, 3 Palm Street".to_owned() };
    let hospice = |note| FaxGround::Hospice { programme: "Desert Hospice".to_owned(), note };
    check(&TWO, on(ltcf()), "accepted");
    check(&TWO, on(FaxGround::Infusion { route: "intravenous".to_owned() }), "accepted");
    check(&TWO, on(hospice(HospiceNote::OnFace)), "accepted");
    check(&TWO, on(hospice(HospiceNote::Absent)), "LAW-1306.11-HOSPICE-NOTE");
    check(&TWO, on(FaxGround::Ltcf { facility: " ".to_owned() }), "PHARM-TEXT");
    let untold = |ground| verdict(&profile(), ByHand { narcotic: Narcotic::Untold, ..hand(&TWO, on(ground)) });
    assert_eq!(untold(ltcf()), "accepted", "this ground asks for no narcotic");
    assert_eq!(untold(hospice(HospiceNote::OnFace)), "DRUG-FLAG-MISSING");
    assert_eq!(untold(FaxGround::Infusion { route: "intravenous".to_owned() }), "DRUG-FLAG-MISSING");
    let rx = taken(&TWO, on(ltcf()));
    assert_eq!(filled(&rx, LATER), "filled");
    let Came::Fax(fax) = &rx.received().source.taken_in().expect("by hand").came else { panic!("a fax") };
    assert_eq!(fax.ground.as_ref().map(FaxGround::evidence), Some("Saguaro Home, 3 Palm Street"));
    let mut lacking = hand(&TWO, on(ltcf()));
    lacking.contents.clear(Element::PatientLine1);
    assert_eq!(verdict(&profile(), lacking), "LAW-1306.05-MISSING");
}

#[test]
fn a_doubt_about_a_fax_or_a_signature_is_settled_before_dispensing() {
    let fill_after = |came: Came, how: Resolution| {
        let mut rx = taken(&RX, came);
        let before = filled(&rx, LATER);
        for event in rx.settle_doubt(&pharmacist(), at(LATER), how, "Lee at the clinic").expect("settled") {
            rx.apply(&event).expect("foldable");
        }
        format!("{before} then {}", filled(&rx, LATER))
    };
    let number = || faxed(|fax| fax.number = FaxNumber::Unknown);
    let void = || faxed(|fax| fax.void = VoidMark::Visible);
    let misspelt = || paper(|paper| paper.spelling = Spelling::Misspelt);
    check(&RX, number(), "accepted verify-with-prescriber");
    assert_eq!(fill_after(number(), Resolution::Call), "LAW-1306.21-FAX-NUMBER then filled");
    assert_eq!(fill_after(void(), Resolution::PharmacistDecision), "LAW-FAX-VOID then filled");
    assert_eq!(fill_after(misspelt(), Resolution::Call), "LAW-AMEND-MISSPELT-SIGNATURE then filled");
    let decision = fill_after(misspelt(), Resolution::PharmacistDecision);
    assert_eq!(decision, "LAW-AMEND-MISSPELT-SIGNATURE then LAW-AMEND-MISSPELT-SIGNATURE");
    check(&RX, faxed(|fax| fax.sender = Sender::Patient), "LAW-1306.21-FAX-PATIENT");
}

/// Requirements: epcs-1306.21-a-2
#[test]
fn a_call_is_taken_by_a_pharmacist_and_written_down_with_everything_but_the_signature() {
    check(&RX, told(|_| ()), "accepted");
    let rx = taken(&RX, told(|_| ()));
    assert_eq!(rx.received().signed, Signed::Oral);
    let kept = rx.received().source.taken_in().expect("by hand");
    let Came::Call(kept_call) = &kept.came else { panic!("a call") };
    assert_eq!((kept.by.full_name.as_str(), kept_call.written), ("Ana Rivera", call().written));
    assert_eq!(filled(&rx, LATER), "filled");
    assert_eq!(rx.open_duties().count(), 0, "it is written down");
    let mut by_technician = hand(&RX, told(|_| ()));
    by_technician.by = technician();
    assert_eq!(verdict(&profile(), by_technician), "LAW-1306.21-TAKEN-BY");
    check(&RX, told(|call| call.written = at("2026-03-02T12:19:59-07:00")), "LAW-1306.21-NOT-WRITTEN");
    check(&RX, told(|call| call.written = at("2026-03-02T12:30:01-07:00")), "LAW-1306.21-NOT-WRITTEN");
    let in_force = |call: Came| verdict(&Profile::in_force(), hand(&RX, call));
    assert_eq!(in_force(told(|call| call.agent = Some("Lee".to_owned()))), "accepted");
    assert_eq!(in_force(told(|call| call.agent = Some(" ".to_owned()))), "LAW-1306.03-AGENT");
    check(&RX, told(|call| call.agent = Some("Lee".to_owned())), "LAW-1306.21-ORAL-AGENT");
    for element in Element::ALL.iter().filter(|element| element.need() == theriac_model::Need::Required) {
        let mut lacking = hand(&RX, told(|_| ()));
        lacking.contents.clear(*element);
        let found = verdict(&profile(), lacking);
        assert!(found.starts_with("LAW-1306.05-MISSING"), "{element}: {found}");
    }
}

fn emergency(circumstances: &[Circumstance], needed: u32) -> Came {
    let circumstances = circumstances.to_vec();
    let why = "acute pain at night".to_owned();
    told(|call| call.emergency = Some(Emergency { circumstances, needed: tablets(needed), why }))
}

#[test]
fn schedule_ii_is_taken_by_telephone_only_in_an_emergency() {
    use Circumstance::{
        CalledBack, ElectronicAvailable, ImmediateNeed, NoAlternative, PractitionerKnown, WrittenNotPossible,
    };
    check(&TWO, told(|_| ()), "LAW-1306.11-ORAL");
    let all = [ImmediateNeed, NoAlternative, WrittenNotPossible, PractitionerKnown];
    check(&TWO, emergency(&all, 30), "accepted obtain-followup");
    check(&TWO, emergency(&all, 29), "LAW-1306.11-EMERGENCY-QUANTITY");
    check(&TWO, emergency(&all[1..], 30), "LAW-1306.11-NO-EMERGENCY");
    check(&TWO, emergency(&[ImmediateNeed, WrittenNotPossible, PractitionerKnown], 30), "LAW-1306.11-NO-EMERGENCY");
    check(&TWO, emergency(&[ImmediateNeed, NoAlternative, PractitionerKnown], 30), "LAW-1306.11-NO-EMERGENCY");
    check(&TWO, emergency(&all[..3], 30), "LAW-1306.11-UNKNOWN");
    check(&TWO, emergency(&[all[0], all[1], all[2], CalledBack], 30), "accepted obtain-followup");
    check(&TWO, emergency(&[all[0], all[1], all[2], all[3], ElectronicAvailable], 30), "LAW-1306.11-NO-EMERGENCY");
}

/// Every fault of what was taken in is named, and the first one gives the status.
#[test]
fn several_faults_are_all_named_and_the_first_is_the_status() {
    let status = |hand: ByHand| match take_in(&profile(), hand) {
        TakingIn::Refused { events, .. } => match &events[..] {
            [Event::Rejected(record)] => record.status(),
            _ => panic!("one record"),
        },
        TakingIn::Accepted(_) => panic!("accepted"),
    };
    let mut several = hand(&RX, paper(|paper| paper.signature = Signature::None));
    several.contents.clear(Element::Directions);
    several.registrant.found = None;
    let found = verdict(&profile(), several.clone());
    assert_eq!(found, "LAW-1306.05-MISSING LAW-1306.05-UNSIGNED LAW-1306.03-REGISTRATION");
    assert_eq!(status(several), RejectionStatus::Incomplete);
    let mut twin = hand(&RX, paper(|_| ()));
    twin.twin = Twin::SameBytes(number("RX100001"));
    assert_eq!(status(twin), RejectionStatus::Duplicate);
    let mut nothing = hand(&RX, paper(|_| ()));
    nothing.contents = CanonicalContents::default();
    assert_eq!(status(nothing), RejectionStatus::Incomplete);
    let mut unknown = hand(&RX, paper(|_| ()));
    unknown.drug = DrugFile::NotControlled;
    assert_eq!(status(unknown), RejectionStatus::DrugUnclear);
    let old =
        ByHand { at: Moment::parse("2026-09-03T00:00:00-07:00").expect("an instant"), ..hand(&RX, paper(|_| ())) };
    assert_eq!(status(old), RejectionStatus::Expired);
}

/// Requirements: pharm-flag-forgery-checklist
#[test]
fn the_checklist_for_forged_paper_has_six_signs_each_kept_with_its_answer_and_person() {
    assert_eq!(ForgerySign::LIST.len(), 6);
    let all = |yes: ForgerySign| -> Vec<SignSeen> {
        let answer = |sign| if sign == yes { Answered::Yes } else { Answered::No };
        ForgerySign::LIST.iter().map(|(_, sign)| SignSeen { sign: *sign, answer: answer(*sign) }).collect()
    };
    let with =
        |came: Came, checklist: Vec<SignSeen>| ByHand { aside: Aside { checklist, animal: None }, ..hand(&RX, came) };
    let whole = all(ForgerySign::Photocopied);
    for came in [paper(|_| ()), faxed(|fax| fax.number = FaxNumber::Known)] {
        let TakingIn::Accepted(events) = take_in(&profile(), with(came, whole.clone())) else { panic!("accepted") };
        let taken = Prescription::replay(&events).expect("consistent");
        let kept = taken.received().source.taken_in().expect("by hand");
        assert_eq!((&kept.aside.checklist, kept.by.full_name.as_str()), (&whole, "Ana Rivera"));
    }
    let five = whole[..5].to_vec();
    assert_eq!(verdict(&profile(), with(paper(|_| ()), five)), "PHARM-CHECKLIST");
    let twice = [whole[..5].to_vec(), vec![whole[0]]].concat();
    assert_eq!(verdict(&profile(), with(paper(|_| ()), twice)), "PHARM-CHECKLIST");
    assert_eq!(verdict(&profile(), with(told(|_| ()), whole)), "PHARM-CHECKLIST");
}

/// Requirements: pharm-rx-animal-patient
#[test]
fn a_prescription_for_an_animal_names_it_and_its_owner_and_one_of_no_veterinarian_is_a_doubt() {
    use theriac_law::vocab::Recipient;
    let animal = |name: &str, prescribed_by| Some(Animal { name: name.to_owned(), prescribed_by });
    let with = |animal| ByHand { aside: Aside { checklist: Vec::new(), animal }, ..hand(&RX, paper(|_| ())) };
    let vet = animal("Rex, a dog", AnimalPrescriber::Veterinarian);
    assert_eq!(verdict(&profile(), with(vet.clone())), "accepted");
    assert_eq!(verdict(&profile(), with(animal(" ", AnimalPrescriber::Veterinarian))), "PHARM-ANIMAL");
    let other = animal("Rex", AnimalPrescriber::Other);
    assert_eq!(verdict(&profile(), with(other.clone())), "accepted verify-with-prescriber");
    let mut nameless = with(vet.clone());
    nameless.contents.clear(Element::PatientLine1);
    assert_eq!(verdict(&profile(), nameless), "LAW-1306.05-MISSING", "the owner's address");

    let taken = |hand| match take_in(&profile(), hand) {
        TakingIn::Accepted(events) => Prescription::replay(&events).expect("consistent"),
        TakingIn::Refused { refusals, .. } => panic!("refused: {refusals:?}"),
    };
    let mut doubted = taken(with(other));
    assert_eq!(filled(&doubted, LATER), "LAW-1306.04-SCOPE");
    let settled = doubted.settle_doubt(&pharmacist(), at(LATER), Resolution::Call, "Dr. Brook treats the dog, too");
    for event in settled.expect("settled") {
        doubted.apply(&event).expect("consistent");
    }
    assert_eq!(filled(&doubted, LATER), "filled");

    // What a veterinarian prescribed goes to the owner; what nobody prescribed for an animal does not.
    let to = |rx: &mut Prescription| {
        for event in with_supply(LATER, |supply| rx.fill(&profile(), supply)).expect("filled").events {
            rx.apply(&event).expect("consistent");
        }
        let owner = theriac_pharmacy::PickUp { to: Recipient::AnimalOwner, ..common::pick_up("Pat Sample") };
        let by = pharmacist();
        rx.release(&profile(), 1, &owner, by.person(), at(LATER))
            .map_or_else(|refusal| refusal.code.to_string(), |_| "released".to_owned())
    };
    assert_eq!(to(&mut taken(with(vet))), "released");
    assert_eq!(to(&mut taken(with(None))), "LAW-DISPENSE-TO");
}

/// Requirements: epcs-1306.28-b-9
#[test]
fn gamma_hydroxybutyric_acid_leaves_with_its_further_record_whole() {
    let mut oxybate = hand(&RX, paper(|_| ()));
    oxybate.contents.clear(Element::DrugName);
    oxybate.contents.set(Element::DrugName, "Sodium oxybate").expect("set");
    oxybate.contents.set(Element::Note, "narcolepsy with cataplexy").expect("set");
    let events = match take_in(&profile(), oxybate) {
        TakingIn::Accepted(events) => events,
        TakingIn::Refused { refusals, .. } => panic!("refused: {refusals:?}"),
    };
    let rx = Prescription::replay(&events).expect("consistent");
    let filled = |ghb: Option<GhbRecord>| {
        let done = with_supply(LATER, |supply| {
            let judgment = Judgment { ghb, ..supply.judgment.clone() };
            rx.fill(&profile(), &Supply { judgment, ..supply.clone() })
        });
        done.map_err(|refusal| refusal.code.to_string())
    };
    let whole = GhbRecord { state_number: "AZ-4711".into(), verified: "State board, today".into(), insurer: None };
    assert_eq!(filled(None).err().as_deref(), Some("PHARM-GHB-RECORD"));
    let number = GhbRecord { state_number: " ".into(), ..whole.clone() };
    assert_eq!(filled(Some(number)).err().as_deref(), Some("LAW-1304.26-GHB"));
    let unverified = GhbRecord { verified: String::new(), ..whole.clone() };
    assert_eq!(filled(Some(unverified)).err().as_deref(), Some("LAW-1304.26-GHB"));
    let done = filled(Some(whole.clone())).expect("filled");
    let event = &done.events[0];
    let Event::Filled(filling) = Event::from_json(event.kind(), &event.to_json()).expect("read back") else { panic!() };
    assert_eq!(filling.judgment.ghb, Some(whole), "it is in the record");
    // Another drug takes none.
    assert_eq!(self::filled(&taken(&RX, paper(|_| ())), LATER), "filled");
}
