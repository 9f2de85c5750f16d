//! Listed chemical products: the logbook, the seller's certificate, training, losses.

use crate::world::*;
use theriac_books::logbook::{
    Certificate, ChemicalEvent, ChemicalLog, ChemicalProduct, ChemicalRequest, ChemicalSalt, Confirmed, DocumentState,
    Evidence, LOGBOOK_WARNING, ListedChemical, Package, Purpose, SellerEvent, SellerFile, SellerPlace,
    SellerRegistration, Signature, Training, Warning, places_to_certify,
};
use theriac_law::Moment;
use theriac_law::vocab::{Channel, DisclosurePurpose, IdDocument, Placement};
use theriac_model::{Actor, Refusal};

read_back!(stored, ChemicalEvent);
read_back!(stored_seller, SellerEvent);

fn tablets(mg: u64, salt: ChemicalSalt) -> ChemicalProduct {
    ChemicalProduct {
        ndc: ndc("00904505324"),
        name: "Nasal decongestant".to_owned(),
        chemical: ListedChemical::Pseudoephedrine,
        salt,
        mg_per_unit: mg,
        package: Package::BlisterOfTwo,
    }
}

fn asked(units: u64) -> ChemicalRequest {
    ChemicalRequest {
        buyer: buyer("Ann Buyer", "1980-05-06"),
        document: IdDocument::DriversLicence,
        document_state: DocumentState::WithPhotograph,
        kept: Placement::BehindCounter,
        name_on_document: "BUYER ANN".to_owned(),
        product: tablets(30, ChemicalSalt::Hydrochloride),
        units,
        packages: 2,
        channel: Channel::Counter,
        purpose: Purpose::Personal,
        warning: Warning::Shown,
        signature: Some(Signature { digest: "ab".repeat(32), device: "pad 1".to_owned() }),
        keyed_by: technician(),
    }
}

fn well_asked(units: u64) -> ChemicalRequest {
    ChemicalRequest { name_on_document: "Ann Buyer".to_owned(), ..asked(units) }
}

fn place(name: &str, registration: SellerRegistration) -> SellerPlace {
    SellerPlace {
        name: name.to_owned(),
        address: "1 Main Street, Springfield IL 62701".to_owned(),
        number: (registration == SellerRegistration::Pharmacy).then(|| dea("FT1234563")),
        registration,
    }
}

fn evidence() -> Vec<Evidence> {
    let of = |confirmed: &Confirmed| Evidence { confirmed: *confirmed, rests_on: format!("{confirmed}: binder 2") };
    Confirmed::ALL.iter().map(of).collect()
}

fn certificate(until: &str) -> Certificate {
    Certificate { number: "SC-100".to_owned(), until: day(until), image: "cd".repeat(32) }
}

fn training(employee: &str) -> Training {
    Training {
        employee: employee.to_owned(),
        official_material: "DEA 2025-01".to_owned(),
        acknowledged: day("2026-01-05"),
        filed: "personnel file, section 4".to_owned(),
    }
}

fn certified(name: &str, registration: SellerRegistration) -> SellerFile {
    let mut file = SellerFile::new(place(name, registration));
    let (events, _) = file
        .certify(&strictest(), certificate("2026-12-31"), evidence(), ("Olga Owner", 1), nine("2026-01-02"))
        .expect("certified");
    let trained = file.train(training("lee"), pharmacist(), nine("2026-01-05")).expect("trained");
    for event in stored_seller(&events).iter().chain(&stored_seller(&trained)) {
        file.apply(event);
    }
    file
}

fn pharmacy() -> SellerFile {
    certified("Corner Pharmacy", SellerRegistration::Pharmacy)
}

fn sell(log: &mut ChemicalLog, asked: &ChemicalRequest, at: Moment) -> Result<(), Refusal> {
    for event in stored(&log.sell(&strictest(), asked, (&technician(), &pharmacy()), at)?) {
        log.apply(&event);
    }
    Ok(())
}

fn refusal(asked: &ChemicalRequest, code: &str) {
    let log = ChemicalLog::default();
    refused(log.sell(&strictest(), asked, (&technician(), &pharmacy()), nine("2026-03-02")), code);
}

fn spoilt(spoil: impl Fn(&mut ChemicalRequest)) -> ChemicalRequest {
    let mut asked = well_asked(24);
    spoil(&mut asked);
    asked
}

/// Requirements: pharm-cmea-logbook-contents, pharm-cmea-electronic-capture
#[test]
fn an_entry_holds_seven_things_and_the_machine_enters_the_time() {
    let mut log = ChemicalLog::default();
    sell(&mut log, &well_asked(24), at("2026-03-02T09:31:07")).expect("sold");
    let entry = log.entries().first().expect("an entry");
    assert_eq!((entry.buyer.name.as_str(), entry.buyer.address.as_str()), ("Ann Buyer", "5 Elm Street, Springfield"));
    assert_eq!(entry.sold.to_string(), "2026-03-02T09:31:07-05:00");
    assert_eq!((entry.product.name.as_str(), entry.units), ("Nasal decongestant", 24));
    assert_eq!((entry.signature.digest.len(), entry.signature.device.as_str()), (64, "pad 1"));
    assert_eq!((entry.keyed_by.id.as_str(), entry.confirmed_by.id.as_str()), ("lee", "lee"));
    refusal(&spoilt(|asked| asked.buyer.name.clear()), "LAW-1314.30-ENTRY");
    refusal(&spoilt(|asked| asked.buyer.address.clear()), "LAW-1314.30-ENTRY");
    refusal(&spoilt(|asked| asked.product.name.clear()), "LAW-1314.30-ENTRY");
    refusal(&spoilt(|asked| asked.signature = None), "LAW-1314.30-ENTRY");
}

/// Requirements: pharm-cmea-seller-checks
#[test]
fn a_name_unlike_the_one_on_the_document_stops_the_sale() {
    refusal(&asked(24), "LAW-1314.30-CHECK");
    refusal(&spoilt(|asked| asked.name_on_document = "Anna Buyer".to_owned()), "LAW-1314.30-CHECK");
    let mut log = ChemicalLog::default();
    sell(&mut log, &spoilt(|asked| asked.name_on_document = "ANN  BUYER".to_owned()), nine("2026-03-02"))
        .expect("sold");
    assert_eq!(log.entries().first().map(|entry| entry.confirmed_by.id.as_str()), Some("lee"));
}

/// Requirements: pharm-cmea-notice
#[test]
fn the_warning_names_the_law_and_is_shown_before_anybody_signs() {
    assert!(LOGBOOK_WARNING.contains("1001"), "{LOGBOOK_WARNING}");
    refusal(&spoilt(|asked| asked.warning = Warning::NotShown), "LAW-1314.30-NOTICE");
}

#[test]
fn what_is_not_sold_at_all() {
    refusal(&spoilt(|asked| asked.product.package = Package::Bottle), "LAW-1314.05-PACKAGING");
    refusal(&spoilt(|asked| asked.purpose = Purpose::Institution), "LAW-1314-INSTITUTION");
    refusal(&spoilt(|asked| asked.document = IdDocument::WorkBadge), "LAW-1314.25-DOCUMENT");
    refusal(&spoilt(|asked| asked.product.chemical = ListedChemical::Phenylpropanolamine), "LAW-1314-WITHDRAWN");
    let log = ChemicalLog::default();
    let sell_by =
        |seller: &Actor, file: &SellerFile, on: &str| log.sell(&strictest(), &well_asked(24), (seller, file), nine(on));
    assert!(sell_by(&technician(), &pharmacy(), "2026-12-31").is_ok());
    refused(sell_by(&technician(), &pharmacy(), "2027-01-01"), "LAW-1314.40-CERTIFY");
    refused(sell_by(&pharmacist(), &pharmacy(), "2026-03-02"), "LAW-1314.35-TRAIN");
}

/// 146 tablets of 30 mg are a day, 366 are 30 days, 305 by mail; one more is refused. Salts and strengths are summed.
#[test]
fn the_limits_hold_over_days_registers_channels_and_salts() {
    let mut log = ChemicalLog::default();
    for (units, at_time) in [(100, "2026-03-02T09:00:00"), (40, "2026-03-02T12:00:00"), (6, "2026-03-02T18:00:00")] {
        sell(&mut log, &well_asked(units), at(at_time)).expect("within the day");
    }
    let one = well_asked(1);
    let again = |log: &ChemicalLog, asked: &ChemicalRequest, at| {
        log.sell(&strictest(), asked, (&technician(), &pharmacy()), at).map(|_| ())
    };
    refused(again(&log, &one, at("2026-03-02T23:59:00")), "LAW-1314.20-LIMIT");
    assert!(again(&log, &one, at("2026-03-03T00:00:00")).is_ok());
    for (units, on) in [(146, "2026-03-03"), (74, "2026-03-04")] {
        sell(&mut log, &well_asked(units), nine(on)).expect("within 30 days");
    }
    refused(again(&log, &one, nine("2026-03-20")), "LAW-1314.20-LIMIT");
    assert!(again(&log, &one, nine("2026-04-02")).is_ok());

    // 40 tablets of 120 mg sulfate hold 3702 mg of base; 38 hold 3516 mg and leave room for one of 60 mg hydrochloride.
    let mut log = ChemicalLog::default();
    let of = |mg, salt, units| ChemicalRequest { product: tablets(mg, salt), ..well_asked(units) };
    sell(&mut log, &of(120, ChemicalSalt::Sulfate, 38), nine("2026-03-02")).expect("sold");
    let small = |units| again(&log, &of(60, ChemicalSalt::Hydrochloride, units), nine("2026-03-02"));
    assert!(small(1).is_ok());
    refused(small(2), "LAW-1314.20-LIMIT");

    let mut log = ChemicalLog::default();
    let by_mail = |units| ChemicalRequest { channel: Channel::Mail, ..well_asked(units) };
    for (units, on) in [(146, "2026-03-02"), (146, "2026-03-03"), (13, "2026-03-04")] {
        sell(&mut log, &by_mail(units), nine(on)).expect("by mail");
    }
    refused(again(&log, &by_mail(1), nine("2026-03-05")), "LAW-1314.20-LIMIT");
    assert!(again(&log, &one, nine("2026-03-05")).is_ok());
}

#[test]
fn one_package_of_sixty_milligrams_is_sold_without_an_entry() {
    let log = ChemicalLog::default();
    let single = spoilt(|asked| {
        asked.units = 2;
        asked.packages = 1;
        asked.signature = None;
    });
    let events = log.sell(&strictest(), &single, (&technician(), &pharmacy()), nine("2026-03-02")).expect("sold");
    let stored = stored(&events);
    assert!(matches!(stored.as_slice(), [ChemicalEvent::SoldUnlogged { units: 2, .. }]));
    assert!(!events.first().expect("one").to_json().to_string().contains("Ann"));
    refusal(&spoilt(|asked| (asked.units, asked.packages, asked.signature) = (3, 1, None)), "LAW-1314.30-ENTRY");
    refusal(&spoilt(|asked| (asked.units, asked.packages, asked.signature) = (2, 2, None)), "LAW-1314.30-ENTRY");
}

/// Requirements: pharm-cmea-privacy
#[test]
fn the_log_is_given_for_the_purposes_of_the_law_only_and_that_is_recorded() {
    let mut log = ChemicalLog::default();
    sell(&mut log, &well_asked(24), nine("2026-03-02")).expect("sold");
    let give = |purpose, to: &str| {
        let by = (pharmacist(), nine("2026-03-03"));
        log.disclose(&strictest(), to, purpose, (1, 10), by).map(|(entries, events)| (entries.len(), events))
    };
    refused(give(DisclosurePurpose::Marketing, "a mailing house"), "LAW-1314.45-DISCLOSE");
    refused(give(DisclosurePurpose::Other, "a neighbour"), "LAW-1314.45-DISCLOSE");
    refused(give(DisclosurePurpose::LawEnforcement, " "), "BOOKS-BOOK-TEXT");
    let (entries, events) = give(DisclosurePurpose::LawEnforcement, "Sheriff, case 26-101").expect("given");
    assert_eq!(entries, 1);
    let mut after = log.clone();
    for event in stored(&events) {
        after.apply(&event);
    }
    assert_eq!(after.disclosures(), [("Sheriff, case 26-101".to_owned(), DisclosurePurpose::LawEnforcement)]);
    assert_eq!(ChemicalLog::kept_until(&strictest(), day("2026-03-02")), Some(day("2028-03-02")));
}

/// Requirements: pharm-cmea-certificate-record, pharm-cmea-false-certification
#[test]
fn a_certificate_rests_on_evidence_for_each_confirmation_and_somebody_was_warned() {
    let file = SellerFile::new(place("Corner Pharmacy", SellerRegistration::Pharmacy));
    let certify = |evidence: Vec<Evidence>, warned: &str| {
        file.certify(&strictest(), certificate("2026-12-31"), evidence, (warned, 1), nine("2026-01-02"))
    };
    for confirmed in Confirmed::ALL {
        let without: Vec<Evidence> = evidence().into_iter().filter(|one| one.confirmed != *confirmed).collect();
        refused(certify(without, "Olga Owner"), "LAW-1314.40-CONFIRM");
    }
    refused(certify(evidence(), " "), "BOOKS-BOOK-TEXT");
    let (events, _) = certify(evidence(), "Olga Owner").expect("certified");
    assert!(matches!(events.as_slice(), [SellerEvent::Certified { warned, .. }] if warned == "Olga Owner"));
    let file = file.replay(&stored_seller(&events));
    assert_eq!(file.certificate(), Some(&certificate("2026-12-31")));
}

/// Requirements: pharm-cmea-fee
#[test]
fn a_shop_pays_a_fee_and_a_pharmacy_does_not() {
    let duties = |registration| {
        let file = SellerFile::new(place("A seller", registration));
        let certified =
            file.certify(&strictest(), certificate("2026-12-31"), evidence(), ("Olga Owner", 1), nine("2026-01-02"));
        certified.expect("certified").1
    };
    assert_eq!(duties(SellerRegistration::Pharmacy), []);
    assert_eq!(duties(SellerRegistration::Store), [theriac_law::Duty::PayFee]);
}

/// Requirements: pharm-cmea-certify-per-location
#[test]
fn eleven_places_may_certify_by_mail_and_each_keeps_its_own_certificate() {
    let mut files: Vec<SellerFile> =
        (1..=11).map(|n| certified(&format!("Shop {n}"), SellerRegistration::Pharmacy)).collect();
    let listed = places_to_certify(&files);
    assert_eq!(listed.len(), 11);
    assert!(listed.iter().all(|(place, certificate)| place.number.is_some() && certificate.is_some()));
    assert_eq!(listed.last().map(|(place, _)| place.name.as_str()), Some("Shop 11"));
    let duties = |places| {
        let file = files.first().expect("a place");
        let certificate = certificate("2027-12-31");
        file.certify(&strictest(), certificate, evidence(), ("Olga Owner", places), nine("2026-12-01")).expect("good")
    };
    assert!(duties(10).1.is_empty());
    assert_eq!(duties(11).1, [theriac_law::Duty::FileByMail]);
    let (events, _) = duties(11);
    for event in &events {
        files.first_mut().expect("a place").apply(event);
    }
    let until: Vec<_> = files.iter().take(2).map(SellerFile::certified_until).collect();
    assert_eq!(until, [Some(day("2027-12-31")), Some(day("2026-12-31"))]);
}

/// Requirements: pharm-cmea-training-records-kept
#[test]
fn each_sellers_acknowledgement_is_found_in_the_personnel_file() {
    let file = pharmacy();
    let listed: Vec<(&str, &str, String)> =
        file.trained().map(|one| (one.employee.as_str(), one.filed.as_str(), one.acknowledged.to_string())).collect();
    assert_eq!(listed, [("lee", "personnel file, section 4", "2026-01-05".to_owned())]);
    let without = |spoil: &dyn Fn(&mut Training)| {
        let mut one = training("kim");
        spoil(&mut one);
        file.train(one, pharmacist(), nine("2026-01-05"))
    };
    refused(without(&|one| one.official_material.clear()), "BOOKS-BOOK-TEXT");
    refused(without(&|one| one.filed.clear()), "BOOKS-BOOK-TEXT");
    assert!(without(&|_| {}).is_ok());
}

/// Requirements: pharm-cmea-loss-oral-report, pharm-cmea-loss-written-15-days
#[test]
fn a_loss_is_told_by_telephone_first_and_in_writing_within_fifteen_days() {
    let mut file = pharmacy();
    let found = |circumstances| {
        let by = (pharmacist(), at("2010-05-01T10:00:00"));
        pharmacy().loss(&strictest(), day("2010-04-30"), "burglary", circumstances, by)
    };
    for event in stored_seller(&found("a window was broken at night")) {
        file.apply(&event);
    }
    assert_eq!(file.losses().first().expect("a loss").written_due, Some(day("2010-05-16")));
    assert_eq!(file.calls_owed().collect::<Vec<_>>(), [1]);
    refused(file.called(1, "", pharmacist(), nine("2010-05-01")), "BOOKS-BOOK-TEXT");
    refused(file.called(2, "Ms Diaz", pharmacist(), nine("2010-05-01")), "BOOKS-BOOK-LINE");
    for event in stored_seller(&file.called(1, "Ms Diaz", pharmacist(), at("2010-05-01T10:20:00")).expect("called")) {
        file.apply(&event);
    }
    assert_eq!(file.calls_owed().count(), 0);
    let called = file.losses().first().and_then(|loss| loss.called.clone()).expect("called");
    assert_eq!((called.0.to_string(), called.1), ("2010-05-01T10:20:00-05:00".to_owned(), "Ms Diaz".to_owned()));
    let report = file.written(&strictest(), 1, nine("2010-05-10")).expect("complete");
    assert_eq!((report.number, report.name.as_str()), (Some(dea("FT1234563")), "Corner Pharmacy"));
    assert_eq!((report.on, report.kind.as_str()), (day("2010-04-30"), "burglary"));
    assert!(!report.address.is_empty() && !report.circumstances.is_empty());
    let mut silent = pharmacy();
    for event in found(" ") {
        silent.apply(&event);
    }
    refused(silent.written(&strictest(), 1, nine("2010-05-10")), "LAW-1314.15-REPORT");
}
