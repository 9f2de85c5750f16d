//! The archive over a real deployment: found by every key, taken away in every form, and every look recorded.

use super::desk::Place;
use super::*;
use crate::archive::ArchiveEvent;
use crate::demo::cast;
use crate::demo::story::{Prescribed, contents};
use crate::demo::world;
use crate::dispensary::{Incoming, Verdict, Wanted};
use jiff::SignedDuration;
use std::io::{Cursor, Read as _};
use theriac_law::vocab::Recipient;
use theriac_model::{Actor, Element};
use theriac_pharmacy::{PickUp, PrescriptionNumber};
use theriac_prescriber::event::Routing;
use theriac_wire::script::SignatureGroup;

/// Who may come in, written down a second time.
pub(super) fn expected(door: Door, role: Role) -> Option<bool> {
    use Role::{AccessController, Auditor, Inspector, Operator, Pharmacist, Technician};
    let path = door.path();
    let looks = matches!(role, Inspector | Auditor);
    let takes = ["/archive/file/", "/archive/package"].iter().any(|own| path.starts_with(own));
    let watch = ["/archive/trail", "/archive/auditable", "/archive/monitors"];
    match () {
        () if watch.iter().any(|own| path.starts_with(own)) => {
            let acts = matches!(role, Operator | AccessController | Pharmacist);
            Some(acts || (looks && door.method() == Method::Get))
        }
        () if path.starts_with("/archive/books") => {
            Some(looks || matches!(role, Pharmacist | Technician | Role::Custodian))
        }
        () if path.ends_with("/report.pdf") => Some(looks || role == Pharmacist),
        () if ["/archive/filing", "/archive/notes", "/archive/patterns"].iter().any(|own| path.starts_with(own)) => {
            Some(role == Pharmacist || (door.method() == Method::Get && (looks || role == Technician)))
        }
        () if takes => Some(looks || role == Pharmacist),
        () if path == "/archive" || path.starts_with("/archive/records") || path.starts_with("/api/v1/archive") => {
            Some(looks || matches!(role, Pharmacist | Technician))
        }
        () => None,
    }
}

/// One prescription of the years: who for, what, how many refills.
#[derive(Clone, Copy)]
pub(super) struct Script {
    pub(super) id: &'static str,
    pub(super) patient: usize,
    pub(super) product: &'static cast::Product,
    pub(super) refills: &'static str,
    pub(super) last: &'static str,
    pub(super) note: &'static str,
}

pub(super) const OXY: Script =
    Script { id: "A-1", patient: 0, product: &cast::OXYCODONE, refills: "0", last: "Brook", note: "" };

impl Place {
    /// A message as a practice sends it.
    fn message(&self, script: Script) -> Vec<u8> {
        let house = &self.house;
        let order = Prescribed {
            id: script.id,
            patient: &cast::PATIENTS[script.patient],
            product: script.product,
            quantity: "30",
            refills: script.refills,
            directions: "Take 1 tablet daily",
        };
        let number = cast::practitioner_number();
        let at = house.clock.moment();
        let mut written =
            contents(&order, &at.date().to_string(), &cast::PRACTITIONER, number.as_str()).expect("contents");
        let second = jiff::Timestamp::from_second(at.timestamp.as_second()).unwrap();
        written.set(Element::SignedAt, &second.to_string()).unwrap();
        written.clear(Element::PractitionerLast);
        written.set(Element::PractitionerLast, script.last).unwrap();
        if !script.note.is_empty() {
            written.set(Element::Note, script.note).unwrap();
        }
        let bytes = written.to_bytes();
        let cms = house.keys.prescriber.sign_contents(&bytes, second).unwrap();
        let digest = theriac_journal::hash::sha256(&bytes);
        let group = SignatureGroup::new(&digest.0, &cms, house.keys.prescriber.certificate().der());
        let routing =
            Routing { patient: "p-1".into(), practitioner: "brook".into(), pharmacy: cast::PHARMACY_NCPDP.into() };
        house.compose(script.id, &written, &routing, group).expect("a message")
    }

    /// A prescription that has arrived.
    pub(super) fn arrived(&self, script: Script) -> PrescriptionNumber {
        let arrival = self.house.receive(Incoming::whole(&self.message(script))).expect("received");
        match arrival.verdict {
            Verdict::Accepted { number } => number,
            other => panic!("{other:?}"),
        }
    }

    /// Dispenses it and hands it over.
    pub(super) fn dispensed(&self, number: &PrescriptionNumber, product: &cast::Product, wanted: &Wanted) {
        let fern = fern();
        let ndc = world::ndc(product).unwrap();
        let filling = self.house.dispense(&fern, number, &ndc, wanted).expect("dispensed");
        let pick_up = PickUp::by_hand(Recipient::Patient, "the patient");
        self.house.hand_over(&fern, number, filling.no, &pick_up).expect("handed over");
    }

    pub(super) fn days(&self, days: i64) {
        self.house.clock.advance(SignedDuration::from_hours(24 * days));
        self.house.list_again_today().unwrap();
    }

    /// What was recorded of the archive's use.
    pub(super) fn retrievals(&self) -> Vec<ArchiveEvent> {
        let records = self.house.placed::<ArchiveEvent>(crate::archive::RETRIEVALS).unwrap().0;
        records.into_iter().map(|placed| placed.record).collect()
    }
}

pub(super) fn fern() -> Actor {
    world::actor(&cast::PHARMACIST, Role::Pharmacist)
}

/// Three practitioners, three patients, three drugs over three days: the numbers in the order in which they came.
fn three_days() -> (Place, Vec<PrescriptionNumber>) {
    let place = Place::new();
    let scripts = [
        Script { id: "A-1", patient: 2, product: &cast::OXYCODONE, refills: "0", last: "Cedar", note: "" },
        Script { id: "A-2", patient: 0, product: &cast::ALPRAZOLAM, refills: "2", last: "Brook", note: "" },
        Script { id: "A-3", patient: 1, product: &cast::CODEINE_APAP, refills: "1", last: "Alder", note: "" },
        Script { id: "A-4", patient: 0, product: &cast::OXYCODONE, refills: "0", last: "Brook", note: "" },
    ];
    let mut numbers = Vec::new();
    for script in scripts {
        let number = place.arrived(script);
        if script.id != "A-4" {
            place.dispensed(&number, script.product, &Wanted::Fill);
        }
        numbers.push(number);
        place.days(1);
    }
    place.days(20);
    place.dispensed(&numbers[1], &cast::ALPRAZOLAM, &Wanted::Refill);
    (place, numbers)
}

/// The numbers of the lines that a question finds, in order.
async fn found(place: &Place, query: &str) -> Vec<String> {
    let answer = place.get(&format!("/api/v1/archive?{query}"), "iris").await;
    assert_eq!(answer.status, StatusCode::OK, "{query}: {}", answer.text);
    let json = answer.json();
    let lines = json["lines"].as_array().unwrap();
    assert_eq!(json["total"].as_u64().unwrap(), lines.len() as u64);
    lines.iter().map(|line| line["number"].as_str().unwrap().to_owned()).collect()
}

/// Requirements: epcs-1311.165-f, epcs-pre-8-3-retrieve-now, epcs-1304.04-h-5-2, pharm-files-retrievable-for-dea
#[tokio::test]
async fn the_four_keys_alone_and_together_find_all_of_what_they_name_and_nothing_else() {
    let (place, numbers) = three_days();
    let [first, second, third, fourth] = [0, 1, 2, 3].map(|n| numbers[n].to_string());
    let check = async |query: &str, expected: &[&String]| {
        let expected: Vec<String> = expected.iter().map(|number| (*number).clone()).collect();
        assert_eq!(found(&place, query).await, expected, "{query}");
    };
    // Each key alone.
    check("prescriber=cedar", &[&first]).await;
    check("prescriber=Brook", &[&second, &fourth, &second]).await;
    check(&format!("prescriber={}", cast::practitioner_number()), &[&first, &second, &third, &fourth, &second]).await;
    check("patient=sample", &[&second, &fourth, &second]).await;
    check("patient=pat+SAM", &[&second, &fourth, &second]).await;
    check("drug=oxycodone", &[&first, &fourth]).await;
    check("drug=10+mg+tab", &[&first, &fourth]).await;
    check("from=2026-03-03&until=2026-03-04", &[&second, &third]).await;
    check("from=2026-03-26&until=2026-03-26", &[&second]).await;
    check(&format!("number={third}"), &[&third]).await;
    // Together.
    check("prescriber=brook&drug=oxy", &[&fourth]).await;
    check("patient=sample&drug=alpra&from=2026-03-20", &[&second]).await;
    check("prescriber=cedar&patient=sample", &[]).await;
    check("drug=oxycodone&which=filled", &[&first]).await;
    check("which=unfilled", &[&fourth]).await;
    // Nothing of a name is a pattern.
    check("patient=%25", &[]).await;
    check("patient=s_mple", &[]).await;
    // An inspector asks for schedule II of one prescriber in a range: the original and its dispensing, at once.
    let page = place.get("/archive?prescriber=cedar&from=2026-03-01&until=2026-03-31&schedules=ii", "iris").await;
    for shown in [first.as_str(), "Cedar, Alex", "30 tablets, first filling", "Fern Farmer", "/archive/file/csv?"] {
        assert!(page.text.contains(shown), "{shown}: {}", page.text);
    }
    let record = place.get(&format!("/pharmacy/prescriptions/{first}"), "iris").await;
    assert_eq!(record.status, StatusCode::OK);
}

/// Requirements: epcs-1304.04-h-5-4, epcs-1311.165-g-1, law-elec-sortable
#[tokio::test]
async fn four_sorts_of_one_export_are_four_orders_and_a_spreadsheet_sees_days_as_days() {
    let (place, numbers) = three_days();
    let orders: [(&str, &[usize]); 4] = [
        ("date", &[0, 1, 2, 3, 1]),
        ("prescriber", &[2, 1, 3, 1, 0]),
        ("patient", &[2, 0, 1, 3, 1]),
        ("drug", &[2, 1, 1, 0, 3]),
    ];
    for (sort, order) in orders {
        let csv = place.get(&format!("/archive/file/csv?sort={sort}"), "fern").await.text;
        let mut lines = csv.trim_start_matches('\u{feff}').lines();
        let head = "Prescription number,Prescriber,Patient,Drug,Date filled,";
        assert!(lines.next().unwrap().starts_with(head), "one line of headings, the four keys among them");
        let written: Vec<&str> = lines.map(|line| line.split(',').next().unwrap()).collect();
        let expected: Vec<String> = order.iter().map(|n| numbers[*n].to_string()).collect();
        assert_eq!(written, expected, "{sort}");
    }
    let bytes = place.bytes("/archive/file/xlsx?sort=date", "fern").await;
    let mut book = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut sheet = String::new();
    book.by_name("xl/worksheets/sheet1.xml").unwrap().read_to_string(&mut sheet).unwrap();
    let cell = |name: &str| {
        let (_, after) = sheet.split_once(&format!("<c r=\"{name}\"")).unwrap_or_else(|| panic!("{name}: {sheet}"));
        after.split_once("</c>").unwrap().0.to_owned()
    };
    // 46,083 days from 1900 are 2 March 2026; a day is a number with the style of a day, a name is a text.
    assert!(cell("E2").contains("<v>46083</v>") && cell("E2").contains(" s=\""), "{}", cell("E2"));
    assert!(cell("P2").contains("<v>30</v>") && !cell("P2").contains("t=\"inlineStr\""), "{}", cell("P2"));
    assert!(cell("C2").contains("t=\"inlineStr\""), "{}", cell("C2"));
    assert!(sheet.contains("<autoFilter"), "the columns offer to be sorted");
}

/// Requirements: epcs-1304.04-h-5-3, epcs-1311.165-g-2, epcs-pre-8-3-print-now
#[tokio::test]
async fn what_was_found_is_taken_away_in_every_form_and_one_record_is_printed_at_once() {
    let (place, numbers) = three_days();
    let csv = place.get("/archive/file/csv?sort=patient", "iris").await;
    assert_eq!(csv.headers[header::CONTENT_TYPE], "text/csv; charset=utf-8");
    let lines: Vec<&str> = csv.text.trim_end().lines().collect();
    assert_eq!(lines.len(), 6, "{}", csv.text);
    assert!(lines[0].contains("Prescription number,Prescriber,Patient,Drug,Date filled"), "{}", lines[0]);
    for plain in ["\"Sample, Pat\"", "first filling", "refill", "handed over 2026-03-26", "electronic"] {
        assert!(csv.text.contains(plain), "{plain}: {}", csv.text);
    }
    let json = place.get("/archive/file/json?sort=drug", "iris").await.json();
    assert_eq!(json["rows"].as_array().unwrap().len(), 5);
    assert_eq!(json["rows"][0]["Schedule"], "III");
    assert_eq!(place.bytes("/archive/file/pdf", "iris").await.get(..5), Some(&b"%PDF-"[..]));
    assert_eq!(place.get("/archive/file/exe", "iris").await.status, StatusCode::NOT_FOUND);
    let record = format!("/archive/records/{}/record.pdf", numbers[1]);
    assert_eq!(place.bytes(&record, "iris").await.get(..5), Some(&b"%PDF-"[..]));
    let opened = place.get(&format!("/pharmacy/prescriptions/{}", numbers[1]), "fern").await;
    assert!(opened.text.contains("inspector"), "the print is on the record: {}", opened.text);
    // Every look and every file is on record, with what was asked.
    let formats: Vec<String> = place
        .retrievals()
        .into_iter()
        .filter_map(|event| match event {
            ArchiveEvent::Exported { format, lines: 5, .. } => Some(format),
            _ => None,
        })
        .collect();
    assert_eq!(formats, ["csv", "json", "pdf"]);
}

/// Requirements: epcs-pre-10-export-minimum
#[tokio::test]
async fn an_export_holds_what_a_prescription_must_bear_and_no_diagnosis_or_note() {
    let place = Place::new();
    let number = place.arrived(Script { note: "ICD F11.20; Plan 88-22-33; patient anxious", ..OXY });
    place.dispensed(&number, &cast::OXYCODONE, &Wanted::Fill);
    place.house.remark(&fern(), &number, "the insurer called about plan 88-22-33").unwrap();
    let seq = place.house.store.stream(&number.stream()).unwrap()[0].seq;
    let archived = String::from_utf8(place.house.store.archive(seq).unwrap().remove(0).bytes).unwrap();
    assert!(archived.contains("F11.20"), "the original is kept whole");
    for format in ["csv", "json"] {
        let file = place.get(&format!("/archive/file/{format}"), "iris").await.text;
        assert!(file.contains("Sample, Pat") && file.contains("Take 1 tablet daily"), "{file}");
        for more in ["F11.20", "88-22-33", "anxious", "insurer", "1961-05-17"] {
            assert!(!file.contains(more), "{more} in {format}: {file}");
        }
    }
}

/// Requirements: epcs-1304.04-h-1, epcs-1304.04-h-3
#[tokio::test]
async fn schedule_ii_and_schedules_iii_to_v_are_each_given_whole_and_apart() {
    let (place, numbers) = three_days();
    let of = async |group: &str| found(&place, &format!("schedules={group}")).await;
    let (two, others, all) = (of("ii").await, of("iii-v").await, of("all").await);
    assert_eq!(two, [numbers[0].to_string(), numbers[3].to_string()]);
    assert_eq!(others, [numbers[1].to_string(), numbers[2].to_string(), numbers[1].to_string()]);
    assert_eq!(all.len(), two.len() + others.len());
    assert!(two.iter().all(|number| !others.contains(number)));
}

/// Requirements: epcs-1311.180-c-2
#[tokio::test]
async fn a_package_for_an_authority_verifies_alone_and_its_giving_is_recorded() {
    let (place, numbers) = three_days();
    let unsaid = place.get("/archive/package?patient=sample", "fern").await;
    assert_eq!(unsaid.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", unsaid.text);
    let nothing = place.get("/archive/package?patient=nobody&to=DEA", "fern").await;
    assert!(nothing.text.contains("ARCHIVE-PACKAGE"), "{}", nothing.text);
    let path = format!("/archive/package?prescriber={}&to=DEA+Tucson", cast::practitioner_number());
    let bytes = place.bytes(&path, "fern").await;
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut read = |name: &str| {
        let mut bytes = Vec::new();
        zip.by_name(name).unwrap_or_else(|_| panic!("{name}")).read_to_end(&mut bytes).unwrap();
        bytes
    };
    assert!(String::from_utf8(read("READ-ME.txt")).unwrap().contains("theriac verify"));
    assert!(String::from_utf8(read("records.csv")).unwrap().contains("Sample, Pat"));
    assert_eq!(read("records.pdf").get(..5), Some(&b"%PDF-"[..]));
    let own = crate::commands::export::bundle(&place.house, numbers[0].as_str()).unwrap();
    for file in own.iter().filter(|file| file.name != "evidence.json" && file.name != "checkpoint.txt") {
        assert_eq!(read(&format!("prescriptions/{}/{}", numbers[0], file.name)), file.bytes, "{}", file.name);
    }
    let evidence = String::from_utf8(read(&format!("prescriptions/{}/evidence.json", numbers[0]))).unwrap();
    let evidence = theriac_journal::Evidence::from_json(&evidence).expect("evidence");
    let verified =
        theriac_journal::verify_evidence(&evidence, &place.house.config.name, &[place.house.keys.verifier()]);
    assert!(verified.is_ok(), "{verified:?}");
    assert!(place.retrievals().iter().any(|event| matches!(event,
        ArchiveEvent::Packed { to, prescriptions: 4, .. } if to == "DEA Tucson")));
}

#[tokio::test]
async fn a_question_that_cannot_be_answered_is_refused_and_keeps_what_was_typed() {
    let place = Place::new();
    let checks = [
        ("from=2026-03-05&until=2026-03-01&drug=oxy", "ARCHIVE-PERIOD"),
        (&format!("drug=oxy&patient={}", "x".repeat(81)), "ARCHIVE-TEXT"),
        ("drug=oxy&sort=size", "FORM-FIELD"),
        ("drug=oxy&from=yesterday", "FORM-FIELD"),
        ("drug=oxy&page=1000", "FORM-FIELD"),
    ];
    for (query, code) in checks {
        let answer = place.get(&format!("/archive?{query}"), "fern").await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{query}");
        assert!(answer.text.contains(code) && answer.text.contains("value=\"oxy\""), "{query}: {}", answer.text);
    }
    let none = place.get("/archive/records/none/record.pdf", "fern").await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
}

/// The table is made of the journal alone: made again, it is the same.
#[tokio::test]
async fn the_archive_is_made_again_from_the_journal() {
    let (place, _) = three_days();
    let before = place.house.store.query("SELECT * FROM archive_lines ORDER BY seq", &[]).unwrap();
    assert_eq!(before.len(), 5);
    place.house.store.rebuild().unwrap();
    assert_eq!(place.house.store.query("SELECT * FROM archive_lines ORDER BY seq", &[]).unwrap(), before);
    assert!(place.house.store.check(&[]).unwrap().is_clean());
}

/// What an auditable event was, as the register of the pharmacy holds it: kind, attempt, person.
fn noticed(place: &Place) -> Vec<(String, String, String)> {
    let stream = crate::watch::incidents_stream(theriac_prescriber::audit::Application::Dispensing);
    let records = place.house.placed::<theriac_prescriber::incident::IncidentEvent>(stream).unwrap().0;
    let events = records.into_iter().filter_map(|placed| match placed.record {
        theriac_prescriber::incident::IncidentEvent::Noticed(event) => Some(event),
        _ => None,
    });
    events.map(|event| (event.kind.to_string(), event.attempt.to_string(), event.person)).collect()
}

/// The findings of a daily analysis of the pharmacy, made now.
fn analysed(place: &Place) -> Vec<String> {
    let done = place.house.round(None).unwrap();
    let of_pharmacy = theriac_prescriber::audit::Application::Dispensing;
    let (_, audited) = done.audits.into_iter().find(|(application, _)| *application == of_pharmacy).unwrap();
    audited.run.findings.into_iter().map(|finding| format!("{}|{}", finding.person, finding.detail)).collect()
}

/// Requirements: epcs-1300.03-audit-trail
#[tokio::test]
async fn the_trail_of_a_person_lists_every_act_of_the_time_and_nobody_elses() {
    let place = Place::new();
    let number = place.arrived(OXY);
    place.days(1);
    place.get(&format!("/pharmacy/prescriptions/{number}"), "fern").await;
    place.house.remark(&fern(), &number, "counted twice").unwrap();
    place.dispensed(&number, &cast::OXYCODONE, &Wanted::Fill);
    place.get(&format!("/pharmacy/prescriptions/{number}"), "tess").await;
    place.get("/watch/retention", "fern").await;
    place.days(1);
    place.get(&format!("/pharmacy/prescriptions/{number}"), "fern").await;
    let csv = place.get("/archive/trail/file/csv?person=fern&from=2026-03-03&until=2026-03-03", "iris").await.text;
    let mut acts: Vec<&str> = csv.lines().skip(1).filter(|line| !line.contains("Tally")).collect();
    acts.reverse();
    let acts: Vec<&str> = acts.iter().map(|line| line.split(',').nth(4).unwrap().trim_matches('"')).collect();
    let (tried, done) = acts.split_last().unwrap();
    assert_eq!(
        done,
        ["opened", "annotated", "filled", "posted", "handed over", "posted"],
        "in order, and nothing else: {csv}"
    );
    assert!(tried.starts_with("attempted unauthorized access: "), "what was tried is said: {tried}");
    assert!(csv.lines().skip(1).all(|line| line.contains("Fern Farmer") && line.contains("2026-03-03")), "{csv}");
    let page = place.get("/archive/trail?person=tess&from=2026-03-03&until=2026-03-03", "iris").await;
    assert!(page.text.contains("1 act<") && page.text.contains("opened"), "{}", page.text);
    let none = place.get("/archive/trail?person=tess&from=2026-03-04", "iris").await;
    assert!(none.text.contains("0 acts"), "{}", none.text);
    let only = place.get("/archive/trail?person=&kind=rx.annotated", "ola").await;
    assert!(only.text.contains("1 act<") && only.text.contains("Fern Farmer"), "{}", only.text);
    let wrong = place.get("/archive/trail?from=2026-03-04&until=2026-03-03", "iris").await;
    assert!(wrong.text.contains("ARCHIVE-PERIOD"), "{}", wrong.text);
}

/// Requirements: epcs-1311.170-c
#[tokio::test]
async fn the_list_of_auditable_events_grows_but_never_below_the_six_and_each_kind_is_recorded() {
    let place = Place::new();
    let number = place.arrived(OXY);
    let page = place.get("/archive/auditable", "iris").await;
    let six = ["access", "use", "disclosure", "modification", "destruction"];
    for kind in six {
        assert!(page.text.contains(&format!("unauthorized {kind}")), "{kind}: {}", page.text);
    }
    assert!(page.text.contains("interference with operation"), "{}", page.text);
    // Attempted: somebody stands before a door that is not theirs, and is refused.
    for (method, path) in [
        ("GET", "/watch/retention"),
        ("POST", "/pharmacy/prescriptions/1/requests"),
        ("GET", "/archive/file/csv"),
        ("POST", "/pharmacy/prescriptions/1/annotations"),
        ("POST", "/watch/retention/erase"),
        ("POST", "/audits/dispensing"),
    ] {
        let refused = place.ask(method, path, "tess", "").await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{path}: {}", refused.text);
    }
    let kinds: Vec<String> = noticed(&place)
        .into_iter()
        .map(|(kind, attempt, person)| {
            assert_eq!((attempt.as_str(), person.as_str()), ("attempted", "tess"));
            kind
        })
        .collect();
    let all = [
        "unauthorized-access",
        "unauthorized-use",
        "unauthorized-disclosure",
        "unauthorized-modification",
        "unauthorized-destruction",
        "interference-with-operation",
    ];
    assert_eq!(kinds, all);
    // Successful: what people saw.
    for kind in all {
        let form = format!("kind={kind}&attempt=successful&subject=system&what=seen+at+the+counter");
        let reported = place.ask("POST", "/archive/auditable/sighting", "fern", &form).await;
        assert_eq!(reported.location(), "/archive/auditable", "{}", reported.text);
    }
    assert_eq!(noticed(&place).iter().filter(|event| event.1 == "successful").count(), 6);
    // One of the six stays; taking it off is itself an attempt on the trail.
    let refused = place.ask("POST", "/archive/auditable", "fern", "act=remove&kind=unauthorized-access").await;
    assert!(refused.text.contains("RX-INCIDENT-MINIMUM"), "{}", refused.text);
    assert_eq!(noticed(&place).last().unwrap().0, "interference-with-audit-trail");
    // One of the pharmacy's own: every such record is then an auditable event.
    place.house.round(None).unwrap();
    place.house.remark(&fern(), &number, "before").unwrap();
    assert!(!analysed(&place).iter().any(|one| one.contains("rx.annotated")));
    let added = place.ask("POST", "/archive/auditable", "fern", "act=add&name=rx.annotated").await;
    assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text);
    place.house.remark(&fern(), &number, "after").unwrap();
    assert!(analysed(&place).iter().any(|one| one.starts_with("fern|house:rx.annotated")));
    let off = place.ask("POST", "/archive/auditable", "fern", "act=remove&kind=house%3Arx.annotated").await;
    assert_eq!(off.status, StatusCode::SEE_OTHER, "{}", off.text);
}

/// An attempted deletion is on record, whoever tries it.
#[tokio::test]
async fn an_erasure_before_its_time_is_refused_and_noted() {
    let place = Place::new();
    let number = place.arrived(OXY);
    let seq = place.house.store.stream(&number.stream()).unwrap()[0].seq;
    let refused = place.ask("POST", "/watch/retention/erase", "ola", &format!("seq={seq}&reason=tidy")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let last = noticed(&place).pop().unwrap();
    assert_eq!((last.0.as_str(), last.2.as_str()), ("unauthorized-destruction", "ola"));
}

/// The monitors of the daily analysis, each just inside and just outside what is usual.
#[tokio::test]
async fn the_daily_analysis_names_what_is_unusual_at_the_counter() {
    let place = Place::new();
    let quiet = analysed(&place);
    assert!(!quiet.iter().any(|one| one.contains("house:")), "{quiet:?}");
    let form = "opens=8&closes=20&opened=2&partials=1&copies=2";
    let set = place.ask("POST", "/archive/monitors", "fern", form).await;
    assert_eq!(set.location(), "/archive/auditable", "{}", set.text);
    let wrong = place.ask("POST", "/archive/monitors", "fern", "opens=8&closes=8&opened=2&partials=1&copies=2").await;
    assert!(wrong.text.contains("MONITOR-SETTING"), "{}", wrong.text);
    let numbers: Vec<PrescriptionNumber> =
        [("A-1", 0), ("A-2", 1), ("A-3", 2)].map(|(id, patient)| place.arrived(Script { id, patient, ..OXY })).into();
    // One record opened and not filled: not yet enough.
    place.house.open_record(&fern(), &numbers[0], "queue").unwrap();
    assert!(!analysed(&place).iter().any(|one| one.contains("opened-none-filled")));
    place.house.open_record(&fern(), &numbers[0], "queue").unwrap();
    place.house.open_record(&fern(), &numbers[1], "queue").unwrap();
    let found = analysed(&place);
    assert!(found.iter().any(|one| one.starts_with("fern|house:opened-none-filled")), "{found:?}");
    // At 21:00, outside the hours.
    place.house.clock.advance(SignedDuration::from_hours(12));
    place.dispensed(&numbers[2], &cast::OXYCODONE, &Wanted::Fill);
    let found = analysed(&place);
    assert!(found.iter().any(|one| one.starts_with("fern|house:off-hours successful: 2 steps")), "{found:?}");
    assert!(!found.iter().any(|one| one.contains("same-person")), "nobody entered it by hand");
}

/// A paper prescription, taken in by the pharmacist, with a picture of the original or without.
fn on_paper(place: &Place, script: Script, picture: Option<&[u8]>) -> PrescriptionNumber {
    use crate::house::record::{By, Change};
    use theriac_pharmacy::{
        Activity, ArchiveDigest, ByHand, Came, DrugFile, Narcotic, Paper, Registrant, RegistrantLookup, TakingIn, Twin,
        take_in,
    };
    let house = &place.house;
    let order = Prescribed {
        id: script.id,
        patient: &cast::PATIENTS[script.patient],
        product: script.product,
        quantity: "30",
        refills: script.refills,
        directions: "Take 1 tablet daily",
    };
    let at = house.clock.moment();
    let number = cast::practitioner_number();
    let written = contents(&order, &at.date().to_string(), &cast::PRACTITIONER, number.as_str()).unwrap();
    let seen = picture.unwrap_or(b"kept on paper only").to_vec();
    let schedules = vec![theriac_model::Schedule::II, theriac_model::Schedule::III, theriac_model::Schedule::IV];
    let own = PrescriptionNumber::parse(&format!("9{:05}", house.store.size().unwrap())).unwrap();
    let hand = ByHand {
        number: own.clone(),
        pharmacy: house.pharmacy,
        archive: ArchiveDigest(theriac_journal::hash::sha256(&seen).0),
        at,
        by: house.pharmacy_person(&fern()),
        contents: written,
        came: Came::Paper(Paper::signed()),
        registrant: RegistrantLookup {
            found: Some(Registrant {
                activity: Activity::Practitioner,
                status: theriac_law::vocab::Status::Valid,
                expires: None,
                schedules,
            }),
            age_days: 1,
            source: "registrant data".to_owned(),
        },
        drug: DrugFile::Scheduled(script.product.schedule),
        narcotic: Narcotic::Other,
        aside: theriac_pharmacy::Aside::default(),
        twin: Twin::None,
    };
    let TakingIn::Accepted(events) = take_in(&house.profile, hand) else { panic!("not taken in") };
    let actor = fern();
    let by = By { actor: &actor, location: house.pharmacy.as_str(), law: "", at: at.timestamp };
    let media = if picture.is_some() { "image/png" } else { "text/plain" };
    let mut pieces = vec![theriac_store::NewPiece { media: media.to_owned(), bytes: seen, seal: Vec::new() }];
    let mut change = Change::default();
    for event in &events {
        change = change.with_pieces(&by, &own.stream(), event, std::mem::take(&mut pieces)).unwrap();
    }
    change.commit(&house.store).unwrap();
    own
}

/// One pair of hands from the paper to the patient, a label printed again, fillings in parts: inside what is usual, and beyond.
#[tokio::test]
async fn the_daily_analysis_names_one_pair_of_hands_labels_printed_again_and_fillings_in_parts() {
    let place = Place::new();
    let set = place.ask("POST", "/archive/monitors", "fern", "opens=8&closes=20&opened=50&partials=2&copies=2").await;
    assert_eq!(set.location(), "/archive/auditable", "{}", set.text);
    let ndc = world::ndc(&cast::ALPRAZOLAM).unwrap();
    let paper =
        |id, patient| on_paper(&place, Script { id, patient, product: &cast::ALPRAZOLAM, ..OXY }, Some(id.as_bytes()));
    let named = |monitor: &str, person: &str| {
        analysed(&place).iter().any(|one| one.starts_with(&format!("{person}|house:{monitor} ")))
    };
    // Taken in and filled by the pharmacist, handed over by the technician; then by the pharmacist alone.
    let (two, one) = (paper("P-1", 0), paper("P-2", 1));
    let tess = world::actor(&cast::TECHNICIAN, Role::Technician);
    let pick_up = PickUp::by_hand(Recipient::Patient, "the patient");
    place.house.dispense(&fern(), &two, &ndc, &Wanted::Fill).unwrap();
    place.house.hand_over(&tess, &two, 1, &pick_up).unwrap();
    assert!(!named("same-person", "fern") && !named("same-person", "tess"));
    place.dispensed(&one, &cast::ALPRAZOLAM, &Wanted::Fill);
    assert!(named("same-person", "fern"));

    let label = format!("/pharmacy/records/{one}/label");
    assert_eq!(place.ask("POST", &label, "tess", "no=1&format=zpl").await.status, StatusCode::OK);
    assert!(!named("reprints", "tess"));
    assert_eq!(place.ask("POST", &label, "tess", "no=1&format=zpl").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(place.ask("POST", &label, "tess", "no=1&format=zpl&why=torn").await.status, StatusCode::OK);
    assert!(named("reprints", "tess"), "the first copy was printed before the last analysis");

    let face = place.house.dispensing_now(&one).unwrap().0.face().quantity.clone();
    let part =
        || Wanted::Part(Box::new(theriac_pharmacy::Part::general(crate::house::House::quantity(5, &face).unwrap())));
    let parts = paper("P-3", 2);
    place.house.dispense(&fern(), &parts, &ndc, &part()).unwrap();
    assert!(!named("partials", "fern"));
    place.house.dispense(&fern(), &parts, &ndc, &part()).unwrap();
    place.house.dispense(&fern(), &parts, &ndc, &part()).unwrap();
    assert!(named("partials", "fern"));
}

/// Requirements: epcs-1304.04-h-4-2
#[tokio::test]
async fn paper_in_a_shared_file_waits_for_the_red_c() {
    let place = Place::new();
    let paper = Script { id: "P-1", product: &cast::ALPRAZOLAM, ..OXY };
    let number = on_paper(&place, paper, None);
    let early = place.ask("POST", "/archive/filing", "fern", &format!("number={number}&position=7")).await;
    assert!(early.text.contains("PHARM-SCHEME"), "{}", early.text);
    let chosen = place.ask("POST", "/archive/filing/scheme", "fern", "scheme=two-files").await;
    assert_eq!(chosen.location(), "/archive/filing", "{}", chosen.text);
    let again = place.ask("POST", "/archive/filing/scheme", "fern", "scheme=two-files").await;
    assert!(again.text.contains("PHARM-SCHEME-SAME"), "{}", again.text);
    place.dispensed(&number, &cast::ALPRAZOLAM, &Wanted::Fill);
    let page = place.get("/archive/filing", "fern").await;
    assert!(page.text.contains("stamp a red C") && page.text.contains(number.as_str()), "{}", page.text);
    let refused = place.ask("POST", "/archive/filing", "fern", &format!("number={number}&position=7")).await;
    assert!(refused.text.contains("LAW-1304.04-RED-C"), "{}", refused.text);
    let page = place.get("/archive/filing", "iris").await;
    assert!(page.text.contains(number.as_str()), "it still waits: {}", page.text);
    let done = place.ask("POST", "/archive/filing", "fern", &format!("number={number}&position=7&red_c=stamped")).await;
    assert_eq!(done.location(), "/archive/filing", "{}", done.text);
    let page = place.get("/archive/filing", "fern").await;
    assert!(page.text.contains("Every paper is in its file") && page.text.contains("Fern Farmer"), "{}", page.text);
    let found = place.get(&format!("/archive?number={number}"), "iris").await;
    assert!(found.text.contains("filed: general, 7"), "{}", found.text);
}

/// What came electronically, on paper, as a transfer of either, and what was refused: each is counted in its class, and the
/// sum is what the journal holds.
///
/// Requirements: epcs-1306.28-a
#[tokio::test]
async fn every_prescription_record_is_in_one_class_and_none_in_no_class() {
    let place = Place::new();
    let counts = async || {
        let page = place.get("/archive/filing/classes", "fern").await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        assert!(page.text.contains("No record is in no class"), "{}", page.text);
        let report = place.house.records_by_class().unwrap();
        assert_eq!(report.lines.iter().map(|line| line.records).sum::<u64>(), report.in_all, "{report:?}");
        report.lines.iter().map(|line| (line.records, line.waiting)).collect::<Vec<_>>()
    };
    assert_eq!(counts().await, [(0, 0), (0, 0), (0, 0), (0, 0)]);
    place.arrived(OXY);
    place.arrived(Script { id: "A-2", product: &cast::ALPRAZOLAM, refills: "2", ..OXY });
    on_paper(&place, Script { id: "P-1", patient: 1, ..OXY }, None);
    let codeine = on_paper(&place, Script { id: "P-2", product: &cast::CODEINE_APAP, ..OXY }, None);
    assert_eq!(counts().await, [(1, 1), (1, 1), (2, 0), (0, 0)]);
    // Paper that is in its file waits no more, and stays in its class.
    place.ask("POST", "/archive/filing/scheme", "fern", "scheme=three-files").await;
    let filed = place.ask("POST", "/archive/filing", "fern", &format!("number={codeine}&position=1")).await;
    assert_eq!(filed.status, StatusCode::SEE_OTHER, "{}", filed.text);
    // A transfer that was written down is paper; a message that is none is kept as it came.
    super::moving::listed(&place.house, &super::moving::elsewhere().pharmacy.registration);
    let taken = place.ask("POST", "/pharmacy/transfers", "fern", &super::moving::by_hand(&[])).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.text);
    place.house.receive(Incoming::whole(b"<no message>")).unwrap();
    assert_eq!(counts().await, [(1, 1), (2, 0), (2, 0), (1, 0)]);
    place.house.store.rebuild().unwrap();
    assert_eq!(counts().await, [(1, 1), (2, 0), (2, 0), (1, 0)]);
}

/// Requirements: epcs-1304.04-h-4-3, pharm-files-red-c-waiver
#[tokio::test]
async fn where_the_picture_is_found_by_number_and_four_keys_no_red_c_is_asked_for() {
    let place = Place::new();
    let picture: &[u8] = b"\x89PNG a picture of paper";
    let script = Script { id: "P-1", product: &cast::ALPRAZOLAM, ..OXY };
    let number = on_paper(&place, script, Some(picture));
    place.dispensed(&number, &cast::ALPRAZOLAM, &Wanted::Fill);
    place.ask("POST", "/archive/filing/scheme", "fern", "scheme=two-files").await;
    for key in [
        format!("number={number}"),
        "prescriber=brook".to_owned(),
        "patient=sample".to_owned(),
        "drug=alprazolam".to_owned(),
        "from=2026-03-02&until=2026-03-02".to_owned(),
    ] {
        let page = place.get(&format!("/archive?{key}"), "iris").await;
        let original = format!("/archive/records/{number}/original");
        assert!(page.text.contains(&original), "{key}: {}", page.text);
        assert_eq!(place.bytes(&original, "iris").await, picture, "{key}");
    }
    let page = place.get("/archive/filing", "fern").await;
    assert!(page.text.contains("not needed: the picture of the original"), "{}", page.text);
    let filed = place.ask("POST", "/archive/filing", "fern", &format!("number={number}&position=7")).await;
    assert_eq!(filed.location(), "/archive/filing", "{}", filed.text);
    // Without the picture the red C is asked for again.
    let plain = on_paper(&place, Script { id: "P-2", patient: 1, ..script }, None);
    let refused = place.ask("POST", "/archive/filing", "fern", &format!("number={plain}&position=8")).await;
    assert!(refused.text.contains("LAW-1304.04-RED-C"), "{}", refused.text);
}

/// Requirements: epcs-1304.04-b-1
#[tokio::test]
async fn order_forms_and_inventories_stay_here_while_other_records_may_be_kept_centrally() {
    let place = Place::new();
    let keep = async |record: &str, more: &str| {
        let form = format!("record={record}&place=Head+office,+Phoenix&{more}");
        place.ask("POST", "/archive/filing/places", "fern", &form).await
    };
    for record in ["executed-order-form", "inventory", "paper-prescription"] {
        let refused = keep(record, "notified=2026-01-02").await;
        assert!(refused.text.contains("LAW-1304.04-PLACE"), "{record}: {}", refused.text);
    }
    let unannounced = keep("invoice", "").await;
    assert!(unannounced.text.contains("LAW-1304.04-NOTICE"), "{}", unannounced.text);
    for (record, more) in [("electronic-prescription", ""), ("invoice", "notified=2026-01-02")] {
        assert_eq!(keep(record, more).await.location(), "/archive/filing", "{record}");
    }
    let page = place.get("/archive/filing", "iris").await;
    assert!(page.text.contains("invoice: Head office, Phoenix"), "{}", page.text);
    assert!(!page.text.contains("inventory: Head office"));
}

/// Requirements: law-ord-ciii-v-retrievable
#[tokio::test]
async fn receipts_of_schedules_iii_to_v_of_a_year_are_given_apart() {
    use theriac_books::{Document, DocumentKind};
    let place = Place::new();
    for (product, kind, number) in [
        (&cast::OXYCODONE, DocumentKind::OrderForm, "260000002"),
        (&cast::ALPRAZOLAM, DocumentKind::Invoice, "INV-4"),
        (&cast::CODEINE_APAP, DocumentKind::Invoice, "INV-3"),
    ] {
        world::deliver(&place.house, product, 1, Document::new(kind, number)).unwrap();
        place.days(1);
    }
    let page = place.get("/archive/books?schedules=iii-v&show=receipts&from=2026-01-01&until=2026-12-31", "iris").await;
    assert!(
        page.text.contains("2 records") && page.text.contains("INV-4") && page.text.contains("INV-3"),
        "{}",
        page.text
    );
    assert!(!page.text.contains("260000002") && !page.text.contains("C-II<"), "{}", page.text);
    let two = place.get("/archive/books?schedules=ii&from=2026-01-01", "iris").await;
    assert!(
        two.text.contains("260000002") && two.text.contains("INITIAL-1") && !two.text.contains("INV-4"),
        "{}",
        two.text
    );
    let before =
        place.get("/archive/books?schedules=iii-v&show=receipts&from=2025-01-01&until=2025-12-31", "iris").await;
    assert!(before.text.contains("0 records"), "{}", before.text);
}

/// Requirements: pharm-flag-local-trends
#[tokio::test]
async fn a_note_on_a_drug_is_shown_with_the_next_prescription_for_it_and_with_no_other() {
    let place = Place::new();
    let added =
        place.ask("POST", "/archive/notes", "fern", "act=add&drug=oxycodone+10&text=Forged+on+blue+paper+here").await;
    assert_eq!(added.location(), "/archive/notes", "{}", added.text);
    let (oxy, other) = (place.arrived(OXY), place.arrived(Script { id: "A-2", product: &cast::ALPRAZOLAM, ..OXY }));
    let record = place.get(&format!("/pharmacy/prescriptions/{oxy}"), "fern").await;
    assert!(record.text.contains("Forged on blue paper here"), "{}", record.text);
    let record = place.get(&format!("/pharmacy/prescriptions/{other}"), "fern").await;
    assert!(!record.text.contains("Forged on blue paper here"));
    let empty = place.ask("POST", "/archive/notes", "fern", "act=add&drug=oxycodone&text=").await;
    assert!(empty.text.contains("PHARM-TEXT"), "{}", empty.text);
    let id = place.house.alerts().unwrap().0[0].id.clone();
    let ended = place.ask("POST", "/archive/notes", "fern", &format!("act=end&id={id}&reason=over")).await;
    assert_eq!(ended.location(), "/archive/notes", "{}", ended.text);
    let record = place.get(&format!("/pharmacy/prescriptions/{oxy}"), "fern").await;
    assert!(!record.text.contains("Forged on blue paper here"));
    let twice = place.ask("POST", "/archive/notes", "fern", &format!("act=end&id={id}&reason=over")).await;
    assert!(twice.text.contains("PHARM-ALERT"), "{}", twice.text);
}

/// Requirements: pharm-flag-pattern-report
#[tokio::test]
async fn dispensings_are_put_together_as_a_pattern_whose_report_is_printed_and_its_sending_recorded() {
    let (place, numbers) = three_days();
    let page = place.get("/archive?patient=sample&which=filled", "fern").await;
    assert!(page.text.contains("name=\"line\""), "{}", page.text);
    let ask = crate::archive::Ask { patient: Some("sample".into()), ..crate::archive::Ask::default() };
    let lines = place.house.find_lines(&ask, 0).unwrap().lines;
    let form = lines.iter().map(|line| format!("line={}", line.seq)).collect::<Vec<_>>().join("&");
    let one = place.ask("POST", "/archive/patterns", "fern", &format!("what=x&line={}", lines[0].seq)).await;
    assert!(one.text.contains("PHARM-PATTERN"), "{}", one.text);
    let made = place.ask("POST", "/archive/patterns", "fern", &format!("what=Too+soon+and+too+much&{form}")).await;
    assert_eq!(made.location(), "/archive/notes", "{}", made.text);
    let pattern = place.house.patterns().unwrap().0.remove(0);
    let paper = format!("{:?}", place.house.pattern_paper(&pattern).unwrap().blocks);
    for shown in ["Too soon and too much", "Sample, Pat", "Brook, Alex", "2026-03-26", "30", numbers[1].as_str()] {
        assert!(paper.contains(shown), "{shown}: {paper}");
    }
    let path = format!("/archive/patterns/{}", pattern.id);
    assert_eq!(place.bytes(&format!("{path}/report.pdf"), "fern").await.get(..5), Some(&b"%PDF-"[..]));
    let early = place.ask("POST", &format!("{path}/sent"), "fern", "to=the+board&how=letter&on=2027-01-01").await;
    assert!(early.text.contains("PHARM-PATTERN-SENT"), "{}", early.text);
    let sent = place.ask("POST", &format!("{path}/sent"), "fern", "to=the+board&how=letter&on=2026-03-26").await;
    assert_eq!(sent.location(), "/archive/notes", "{}", sent.text);
    let list = place.get("/archive/notes", "iris").await;
    assert!(list.text.contains("2026-03-26, letter, to the board"), "{}", list.text);
}

/// Requirements: epcs-1311.180-c-1
#[tokio::test]
async fn a_stored_record_is_shown_in_plain_words_beside_its_bytes_whatever_version_wrote_it() {
    use theriac_store::{Append, NewEvent};
    let place = Place::new();
    let number = place.arrived(OXY);
    let seq = place.house.store.stream(&number.stream()).unwrap()[0].seq;
    let page = place.get(&format!("/journal/{seq}"), "iris").await;
    assert!(page.text.contains("<dt>contents, Drug</dt><dd>Oxycodone hydrochloride</dd>"), "{}", page.text);
    assert!(page.text.contains("&#34;drug.name&#34;"), "the stored bytes stand beside it: {}", page.text);
    // A record of a format that no program of today writes.
    let old = NewEvent {
        stream: "rx/old".to_owned(),
        at_ms: place.house.clock.now().as_millisecond(),
        actor: "fern".to_owned(),
        role: "pharmacist".to_owned(),
        location: String::new(),
        law: String::new(),
        kind: "rx.scribbled".to_owned(),
        format: 0,
        body: br#"{"how_many":"30","who":{"full_name":"Fern Farmer"}}"#.to_vec(),
        archive: Vec::new(),
    };
    let seq = place.house.store.append(Append { events: vec![old], ..Append::default() }).unwrap().seqs.start;
    let page = place.get(&format!("/journal/{seq}"), "iris").await;
    for shown in ["<dt>how many</dt><dd>30</dd>", "<dt>who, full name</dt><dd>Fern Farmer</dd>"] {
        assert!(page.text.contains(shown), "{shown}: {}", page.text);
    }
}

/// Requirements: epcs-1304.04-h-5-1
#[tokio::test]
async fn no_electronic_prescription_is_filed_while_the_application_may_not_be_used() {
    let place = Place::new();
    let message = place.message(OXY);
    // Two years and a day after the last audit the application may not be used.
    place.days(366 * 2);
    let verdict = place.house.receive(Incoming::whole(&message)).unwrap().verdict;
    assert!(matches!(verdict, Verdict::Rejected { .. }), "{verdict:?}");
    let ask = crate::archive::Ask::default();
    assert_eq!(place.house.find_lines(&ask, 0).unwrap().total, 0);
}

/// Requirements: pharm-erec-separate-file-two-years
#[tokio::test]
async fn the_refill_printout_of_a_day_23_months_ago_is_in_a_file_of_its_own_and_cannot_be_erased() {
    let (place, _) = three_days();
    let day = place.house.clock.moment().date();
    place.house.print_refill_day(&fern(), day).unwrap();
    place.house.sign_refill_day(&fern(), day).unwrap();
    place.days(700);
    let file = format!("refill-day/{day}");
    let page = place.get(&format!("/watch/retention?stream={file}"), "iris").await;
    assert!(page.text.contains("printed") && page.text.contains("signed"), "{}", page.text);
    assert!(!page.text.contains("rx/"), "nothing else lies in this file: {}", page.text);
    let seq = place.house.store.stream(&file).unwrap()[0].seq;
    let refused = place.ask("POST", "/watch/retention/erase", "ola", &format!("seq={seq}&reason=old")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    assert!(!place.house.store.stream(&file).unwrap()[0].body_bytes().unwrap().is_empty());
}
