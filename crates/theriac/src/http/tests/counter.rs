//! The pharmacy's counter over a real deployment: taking in, filling, handing over, and everything that is refused there.

mod by_internet;
mod federal;
mod first_count;
mod interns;
mod rescheduled;
mod rows;

use super::desk::{Place, STATEMENT};
use super::keystrokes::stops;
use super::*;
use crate::demo::{cast, world};
use crate::relaying::HouseRelay;
use jiff::SignedDuration;
use theriac_books::Account;
use theriac_model::{Actor, Ndc};
use theriac_pharmacy::PrescriptionNumber;
use theriac_prescriber::audit::Application;

const OXYCODONE: &str = "99999010101";
const ALPRAZOLAM: &str = "99999030101";
const CODEINE: &str = "99999020101";

/// The six items of the checklist for forged prescriptions.
const SIGNS: [&str; 6] = [
    "forgery-too-legible",
    "forgery-unusual-use",
    "forgery-textbook",
    "forgery-no-abbreviations",
    "forgery-photocopied",
    "forgery-several-inks",
];

/// Who opens which door of the counter.
pub(super) fn expected(door: Door, role: Role) -> Option<bool> {
    use Role::{Auditor, Inspector, Intern, Pharmacist, Technician};
    let path = door.path();
    Some(match door {
        Door::Counter | Door::Filled | Door::CounterActs => {
            matches!(role, Pharmacist | Intern | Technician | Inspector | Auditor)
        }
        Door::FillPage | Door::Fill | Door::ApiFill => matches!(role, Pharmacist | Intern),
        Door::HandOver | Door::ApiHandOver | Door::MoveLabel | Door::ApiLabel => {
            matches!(role, Pharmacist | Intern | Technician)
        }
        Door::DeaNotice | Door::SeriesPaper | Door::Chart | Door::IntakePicture => {
            matches!(role, Pharmacist | Technician | Inspector | Auditor)
        }
        Door::IntakeNew | Door::IntakeEnter | Door::RefillEntry | Door::RefillEntered => {
            matches!(role, Pharmacist | Technician)
        }
        Door::Supervise | Door::CounterAct | Door::RefillConfirm | Door::ChartEnter => role == Pharmacist,
        _ => {
            assert!(!path.starts_with("/pharmacy/counter") && !path.starts_with("/pharmacy/intake"), "{door:?}");
            return None;
        }
    })
}

impl Place {
    /// An electronic prescription for p-1 that was sent and accepted; its number.
    async fn accepted(&self, ndc: &str, quantity: &str, refills: &str) -> String {
        let form = format!(
            "patient=p-1&practitioner=brook&ndc={ndc}&quantity={quantity}&refills={refills}&directions=Take+one"
        );
        let entered = self.ask("POST", "/practice/drafts", "brook", &form).await;
        let id = entered.location().rsplit('/').next().unwrap().to_owned();
        self.ask("POST", &format!("/practice/prescriptions/{id}/ready"), "brook", "").await;
        let sign = format!("one={id}&statement={STATEMENT}&agreed=yes&pin={}", world::PIN);
        let signed = self.ask("POST", "/practice/sign", "brook", &sign).await;
        assert_eq!(signed.status, StatusCode::SEE_OTHER, "{}", signed.text);
        self.house.work(&HouseRelay(&self.house)).unwrap();
        let rows = self.house.store.query("SELECT number FROM received ORDER BY seq DESC LIMIT 1", &[]).unwrap();
        rows[0].text(0).unwrap().to_owned()
    }

    fn prescription(&self, number: &str) -> theriac_pharmacy::Prescription {
        self.house.dispensing_now(&PrescriptionNumber::parse(number).unwrap()).unwrap().0
    }

    async fn open_signs_decided(&self, number: &str) {
        let page = self.get(&format!("/pharmacy/prescriptions/{number}/fill"), "fern").await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        let open: Vec<&'static str> =
            self.prescription(number).open_flags().map(|raised| theriac_law::vocab::Word::word(raised.flag)).collect();
        for flag in open {
            let form =
                format!("flag={flag}&decision=resolved&grounds=judgement&number=independent&outcome=known+for+years");
            let decided = self.counter(number, "flag", &form).await;
            assert_eq!(decided.status, StatusCode::SEE_OTHER, "{flag}: {}", decided.text);
        }
    }

    async fn counter(&self, number: &str, act: &str, form: &str) -> Answer {
        self.ask("POST", &format!("/pharmacy/prescriptions/{number}/acts/{act}"), "fern", form).await
    }

    async fn fill(&self, number: &str, form: &str) -> Answer {
        self.ask("POST", &format!("/pharmacy/prescriptions/{number}/fill"), "fern", form).await
    }

    /// Takes in by hand; `fields` over a prescription for alprazolam that lacks nothing.
    async fn take_in(&self, who: &str, came: &str, fields: &[(&str, &str)], scan: &[u8]) -> Answer {
        let registration = cast::practitioner_number().to_string();
        let mut all: Vec<(&str, &str)> = vec![
            ("came", came),
            ("ndc", ALPRAZOLAM),
            ("quantity", "30"),
            ("directions", "Take 1 tablet daily"),
            ("refills", "0"),
            ("issued", "2026-03-02"),
            ("patient-last", "Sample"),
            ("patient-first", "Pat"),
            ("patient-born", "1961-05-17"),
            ("patient-line1", "1 Invented Way"),
            ("patient-city", "Tucson"),
            ("patient-state", "AZ"),
            ("patient-postal", "85701"),
            ("practitioner-last", "Brook"),
            ("practitioner-first", "Alex"),
            ("practitioner-line1", "20 Example Street"),
            ("practitioner-city", "Tucson"),
            ("practitioner-state", "AZ"),
            ("practitioner-postal", "85702"),
            ("registration", &registration),
        ];
        if came != "call" {
            all.extend(SIGNS.map(|sign| (sign, "no")));
        }
        all.retain(|(name, _)| !fields.iter().any(|(over, _)| over == name));
        all.extend(fields);
        let mut body = Vec::new();
        for (name, value) in all {
            let part = format!("--xyz\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend(part.into_bytes());
        }
        if !scan.is_empty() {
            body.extend(b"--xyz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n");
            body.extend(scan);
            body.extend(b"\r\n");
        }
        body.extend(b"--xyz--\r\n");
        self.send_file("/pharmacy/intake", who, "multipart/form-data; boundary=xyz", body).await
    }

    fn shelf(&self, ndc: &str) -> i64 {
        let commodity = self.house.commodity(&Ndc::parse(ndc).unwrap()).unwrap();
        self.house.stock_now(&commodity).unwrap().0.balance(&Account::Shelf)
    }
}

fn number_in(answer: &Answer) -> String {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    answer.location().rsplit('/').next().unwrap().to_owned()
}

fn refused(answer: &Answer, code: &str) {
    assert!(answer.status.is_client_error() && answer.text.contains(code), "{code}: {} {}", answer.status, answer.text);
}

/// From the list of what is open to the printed label: the access key, what the scanner types, the count, Enter, Enter.
#[tokio::test]
async fn a_fill_takes_at_most_four_keystrokes_beyond_the_count() {
    let place = Place::new();
    let number = place.accepted(ALPRAZOLAM, "30", "1").await;
    place.open_signs_decided(&number).await;
    let mut keys = 0;
    let list = place.get("/pharmacy/counter", "fern").await.text;
    let link = stops(&list).into_iter().find(|tag| tag.contains("accesskey=\"f\"")).expect("a key for the first");
    let to = link.split("href=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();
    assert_eq!(to, format!("/pharmacy/prescriptions/{number}/fill"));
    keys += 2;
    let page = place.get(&to, "fern").await.text;
    let focus = |page: &str| stops(page).into_iter().find(|tag| tag.contains("autofocus")).unwrap().to_owned();
    assert!(focus(&page).contains("name=\"scan\""), "{page}");
    // The scanner types the code and Enter.
    let page = place.get(&format!("{to}?scan=0100399999301015"), "fern").await;
    assert_eq!(page.status, StatusCode::OK);
    let page = place.get(&format!("{to}?scan=99999-0301-01"), "fern").await.text;
    assert!(focus(&page).contains("name=\"counted\""), "{page}");
    assert!(page.contains("the product prescribed"), "{page}");
    keys += 1;
    let form = format!("scan={ALPRAZOLAM}&filling=1&counted=170&what=fill&quantity=&basis=&judgment=&looked=");
    let filled = place.fill(&number, &form).await;
    let to = filled.location().to_owned();
    let page = place.get(&to, "fern").await.text;
    assert!(focus(&page).starts_with("button"), "Enter prints: {page}");
    keys += 1;
    let printer = format!("/pharmacy/records/{number}/label");
    let label = place.ask("POST", &printer, "fern", "no=1&format=pdf").await;
    assert!(label.text.starts_with("%PDF"), "{}", label.text);
    assert!(keys <= 4, "{keys} keys");
    refused(&place.ask("POST", &printer, "fern", "no=1&format=pdf").await, "PHARM-LABEL-PRINT");
}

/// What the books say is not on the page before the count, and stands beside it afterwards.
#[tokio::test]
async fn the_count_is_typed_before_the_expected_figure_is_shown_and_adjusts_nothing() {
    let place = Place::new();
    let number = place.accepted(ALPRAZOLAM, "30", "1").await;
    place.open_signs_decided(&number).await;
    assert_eq!(place.shelf(ALPRAZOLAM), 200);
    let path = format!("/pharmacy/prescriptions/{number}/fill");
    let page = place.get(&format!("{path}?scan={ALPRAZOLAM}"), "fern").await.text;
    assert!(!page.contains("200") && !page.contains("170"), "{page}");
    refused(
        &place.fill(&number, &format!("scan={ALPRAZOLAM}&filling=1&what=fill&counted=")).await,
        "PHARM-COUNT-MISSING",
    );
    refused(
        &place.fill(&number, &format!("scan={ALPRAZOLAM}&filling=1&what=fill&counted=many")).await,
        "PHARM-INTAKE-FIELD",
    );
    assert_eq!(place.shelf(ALPRAZOLAM), 200);
    let filled = place.fill(&number, &format!("scan={ALPRAZOLAM}&filling=1&what=fill&counted=168")).await;
    let page = place.get(filled.location(), "fern").await.text;
    assert!(page.contains("Counted 168 tablets, and the books say 170 tablets: 2 tablets fewer"), "{page}");
    let commodity = place.house.commodity(&Ndc::parse(ALPRAZOLAM).unwrap()).unwrap();
    let stock = place.house.stock_now(&commodity).unwrap().0;
    assert_eq!(stock.open_variances().map(|(_, left)| left).collect::<Vec<_>>(), [-2]);
    assert_eq!(place.shelf(ALPRAZOLAM), 170, "nothing was adjusted");
    assert!(place.house.store.check(&[]).unwrap().is_clean());
}

/// A form that is sent again, a second terminal and another product: each is refused, recorded, and moves nothing.
#[tokio::test]
async fn a_form_sent_twice_fills_once_and_every_refusal_is_on_the_record() {
    let place = Place::new();
    let number = place.accepted(ALPRAZOLAM, "30", "5").await;
    place.open_signs_decided(&number).await;
    let form =
        |what: &str, no: u32, more: &str| format!("scan={ALPRAZOLAM}&filling={no}&counted=170&what={what}&{more}");
    refused(&place.fill(&number, &form("refill", 1, "")).await, "PHARM-NOT-FILLED");
    refused(&place.fill(&number, &form("remainder", 1, "")).await, "PHARM-NO-REMAINDER");
    refused(&place.fill(&number, &form("fill", 1, "").replace(ALPRAZOLAM, OXYCODONE)).await, "PHARM-PRODUCT");
    refused(&place.fill(&number, &form("fill", 1, "").replace(ALPRAZOLAM, "nonsense")).await, "PHARM-SCAN");
    let expired = "%2801%2900399999301015%2817%29250131%2810%29L1";
    refused(&place.fill(&number, &form("fill", 1, "").replace(ALPRAZOLAM, expired)).await, "PHARM-EXPIRED");
    refused(&place.fill(&number, &form("part", 1, "quantity=0")).await, "PHARM-INTAKE-FIELD");
    refused(&place.fill(&number, &form("part", 1, "quantity=181")).await, "LAW-");
    refused(&place.fill(&number, &form("anything", 1, "")).await, "PHARM-INTAKE-FIELD");
    for part in 1..=2 {
        let done = place.fill(&number, &form("part", part, "quantity=10")).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    }
    refused(&place.fill(&number, &form("part", 2, "quantity=10")).await, "PHARM-FILLING-TAKEN");
    assert_eq!(place.prescription(&number).dispensed(), 20);
    let done = place.fill(&number, &form("remainder", 3, "")).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let prescription = place.prescription(&number);
    assert_eq!((prescription.dispensed(), place.shelf(ALPRAZOLAM)), (30, 170));
    let tried: Vec<&str> = prescription.attempts().iter().map(|attempt| attempt.refusal.code.as_str()).collect();
    for code in ["PHARM-NOT-FILLED", "PHARM-NO-REMAINDER", "PHARM-PRODUCT", "PHARM-FILLING-TAKEN"] {
        assert!(tried.contains(&code), "{code}: {tried:?}");
    }
    assert!(place.house.store.check(&[]).unwrap().is_clean());
}

#[tokio::test]
async fn paper_is_taken_in_with_its_picture_once_and_filled() {
    let place = Place::new();
    let scan = b"%PDF-1.7 a scan";
    refused(&place.take_in("tess", "paper", &[("ndc", OXYCODONE)], b"").await, "PHARM-INTAKE-SCAN");
    refused(&place.take_in("tess", "paper", &[("ndc", "99999-9999-99")], scan).await, "PHARM-INTAKE-FIELD");
    refused(&place.take_in("tess", "paper", &[], b"not a scan").await, "PHARM-INTAKE-FIELD");
    refused(&place.take_in("tess", "pigeon", &[], scan).await, "PHARM-INTAKE-FIELD");
    let pencil = place.take_in("tess", "paper", &[("instrument", "pencil")], b"%PDF-1.7 pencil").await;
    assert_eq!(pencil.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(pencil.text.contains("LAW-1306.05") && pencil.text.contains("archived and recorded as"), "{}", pencil.text);
    let number = number_in(&place.take_in("tess", "paper", &[("ndc", OXYCODONE)], scan).await);
    refused(&place.take_in("tess", "paper", &[("ndc", OXYCODONE)], scan).await, "PHARM-TWIN");
    let picture = place.get(&format!("/pharmacy/prescriptions/{number}/picture"), "tess").await;
    assert_eq!(picture.text.as_bytes(), scan);
    place.open_signs_decided(&number).await;
    let done = place.fill(&number, &format!("scan={OXYCODONE}&filling=1&counted=270&what=fill")).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let asked =
        place.ask("POST", &format!("/pharmacy/prescriptions/{number}/requests"), "fern", "what=renewal&note=x").await;
    refused(&asked, "PHARM-NO-SENDER");
}

#[tokio::test]
async fn a_schedule_ii_fax_waits_for_its_original() {
    let place = Place::new();
    let fields = [("ndc", OXYCODONE), ("number-known", "yes")];
    let number = number_in(&place.take_in("fern", "fax", &fields, b"\x89PNG\r\n\x1a\n fax").await);
    place.open_signs_decided(&number).await;
    let form = format!("scan={OXYCODONE}&filling=1&counted=270&what=fill");
    refused(&place.fill(&number, &form).await, "LAW-1306.11");
    refused(&place.counter(&number, "original", "filed=").await, "PHARM-TEXT");
    let shown = place.counter(&number, "original", "filed=file+7").await;
    assert_eq!(shown.status, StatusCode::SEE_OTHER, "{}", shown.text);
    assert_eq!(place.fill(&number, &form).await.status, StatusCode::SEE_OTHER);
    let electronic = place.accepted(ALPRAZOLAM, "30", "0").await;
    refused(&place.counter(&electronic, "original", "filed=x").await, "PHARM-NOT-A-FAX");
}

/// An oral order, its filling, seven days without a paper, the duty of the daily round, the notice, the record of it.
#[tokio::test]
async fn an_emergency_order_that_nothing_follows_is_told_to_dea() {
    let place = Place::new();
    let plain = [("ndc", OXYCODONE)];
    let refused_call = place.take_in("fern", "call", &plain, b"").await;
    assert!(refused_call.text.contains("LAW-1306.11"), "{}", refused_call.text);
    let mut fields = vec![
        ("ndc", OXYCODONE),
        ("quantity", "6"),
        ("emergency", "yes"),
        ("needed", "6"),
        ("why", "acute pain"),
        ("circumstance", "immediate-need"),
        ("circumstance", "no-alternative"),
        ("circumstance", "written-not-possible"),
        ("circumstance", "practitioner-known"),
    ];
    refused(
        &place.take_in("fern", "call", &[&fields[..], &[("called", "2030-01-01T10:00")]].concat(), b"").await,
        "future",
    );
    let number = number_in(&place.take_in("fern", "call", &fields, b"").await);
    fields.clear();
    place.open_signs_decided(&number).await;
    let done = place.fill(&number, &format!("scan={OXYCODONE}&filling=1&counted=294&what=fill")).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let notice = format!("/pharmacy/prescriptions/{number}/dea-notice.pdf");
    assert_eq!(place.get(&notice, "fern").await.status, StatusCode::NOT_FOUND, "nothing is owed yet");
    let owes = || place.prescription(&number).open_duties().any(|duty| duty.code == "notify-dea");
    place.house.clock.advance(SignedDuration::from_hours(24 * 7));
    place.house.counter_round().unwrap();
    assert!(!owes(), "the seventh day is inside");
    place.house.clock.advance(SignedDuration::from_hours(24));
    place.house.counter_round().unwrap();
    place.house.counter_round().unwrap();
    assert!(owes());
    let list = place.get("/pharmacy/counter", "fern").await.text;
    assert!(list.contains("notify dea"), "{list}");
    assert!(place.bytes(&notice, "fern").await.starts_with(b"%PDF"));
    super::papers::prints(&place, "P23", &number, &["acute pain", "immediate need", "Notice to DEA is owed"]).await;
    refused(&place.counter(&number, "dea-told", "office=Phoenix&how=").await, "PHARM-TEXT");
    let told = place.counter(&number, "dea-told", "office=Phoenix&how=by+telephone").await;
    assert_eq!(told.status, StatusCode::SEE_OTHER, "{}", told.text);
    assert!(!owes());
}

/// While the audits' gate is shut an electronic prescription waits, and paper goes on.
#[tokio::test]
async fn an_adverse_audit_stops_electronic_prescriptions_and_spares_paper() {
    let place = Place::new();
    let electronic = place.accepted(ALPRAZOLAM, "30", "0").await;
    let paper = number_in(&place.take_in("fern", "paper", &[], b"%PDF-1.7 paper").await);
    for number in [&electronic, &paper] {
        place.open_signs_decided(number).await;
    }
    place.house.clock.advance(SignedDuration::from_hours(24 * 400));
    place.house.list_again_today().unwrap();
    let gate = place.house.gate_today(Application::Dispensing).unwrap();
    assert!(gate.standing.require().is_err(), "the demonstration's report is over");
    let form = format!("scan={ALPRAZOLAM}&filling=1&counted=170&what=fill");
    refused(&place.fill(&electronic, &form).await, "RX-AUDIT-");
    let late = place.fill(&paper, &form).await;
    assert!(late.text.contains("LAW-1306.22"), "only its own age stands against paper: {}", late.text);
    let fresh = place.house.clock.moment().date().to_string();
    let today = number_in(&place.take_in("fern", "paper", &[("issued", &fresh)], b"%PDF-1.7 today").await);
    place.open_signs_decided(&today).await;
    assert_eq!(place.fill(&today, &form).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_technician_hands_over_with_the_record_of_who_took_it_and_a_pharmacist_puts_back() {
    let place = Place::new();
    let number = place.accepted(ALPRAZOLAM, "30", "2").await;
    place.open_signs_decided(&number).await;
    place.fill(&number, &format!("scan={ALPRAZOLAM}&filling=1&counted=170&what=fill")).await;
    let path = format!("/pharmacy/prescriptions/{number}/fillings/1/hand-over");
    refused(&place.ask("POST", &path, "tess", "recipient=").await, "PHARM-TEXT");
    refused(&place.ask("POST", &path, "tess", "recipient=x&last-digits=12345").await, "PHARM-INTAKE-FIELD");
    refused(&place.ask("POST", &path, "tess", "recipient=x&to=nobody").await, "PHARM-INTAKE-FIELD");
    let other = path.replace("/1/", "/9/");
    refused(&place.ask("POST", &other, "tess", "recipient=x").await, "PHARM-FILLING-STATE");
    let done = place
        .ask(
            "POST",
            &path,
            "tess",
            "recipient=Pat+Sample&document=state-card&last-digits=77A1&matching=name&matching=birth-date",
        )
        .await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    assert_eq!(place.shelf(ALPRAZOLAM), 170);
    refused(&place.counter(&number, "return", "no=1&reason=never+came").await, "PHARM-FILLING-STATE");
    place.fill(&number, &format!("scan={ALPRAZOLAM}&filling=2&counted=140&what=refill")).await;
    refused(&place.counter(&number, "return", "no=2&reason=").await, "PHARM-TEXT");
    let back = place.counter(&number, "return", "no=2&reason=never+came").await;
    assert_eq!((back.status, place.shelf(ALPRAZOLAM)), (StatusCode::SEE_OTHER, 170), "{}", back.text);
    let technician =
        place.ask("POST", &format!("/pharmacy/prescriptions/{number}/acts/return"), "tess", "no=2&reason=x").await;
    refused(&technician, "HTTP-ROLE");
}

/// Each act, done once and refused once.
#[tokio::test]
async fn every_act_of_the_counter_is_done_or_refused_with_its_reason() {
    let place = Place::new();
    let number = place.accepted(CODEINE, "20", "1").await;
    let act = async |which: &str, form: &str| place.counter(&number, which, form).await;
    refused(&act("refills", "additional=0&practitioner=Alex+Brook").await, "PHARM-TEXT");
    refused(&act("refills", "additional=1&practitioner=Someone+Else").await, "PHARM-OTHER-PRACTITIONER");
    refused(&act("refills", "additional=9&practitioner=Alex+Brook").await, "LAW-1306.22");
    assert_eq!(act("refills", "additional=1&practitioner=Alex+Brook").await.status, StatusCode::SEE_OTHER);
    refused(&act("contact", "person=&method=telephone&text=asked").await, "PHARM-TEXT");
    let noted = act("contact", "person=Dr+Brook&method=telephone&text=no+undue+risk+in+the+series").await;
    assert_eq!(noted.status, StatusCode::SEE_OTHER, "{}", noted.text);
    refused(&act("duty", "duty=99&how=x").await, "PHARM-NO-SUCH-DUTY");
    refused(&act("settle", "how=guess&words=x").await, "PHARM-INTAKE-FIELD");
    refused(&act("settle", "how=call&words=").await, "PHARM-TEXT");
    refused(&act("follow-up", "by=hand&quantity=1&electronic=0000001").await, "PHARM-");
    refused(&act("dea-told", "office=x&how=y").await, "PHARM-NO-EMERGENCY");
    refused(&act("flag", "flag=cash&decision=resolved&grounds=judgement&outcome=x").await, "PHARM-NO-SUCH-FLAG");
    refused(&act("dance", "").await, "PHARM-INTAKE-FIELD");
    let screened = act("screen", "distance=400&payment=cash&forgery=photocopied&noted=street-name").await;
    assert_eq!(screened.status, StatusCode::SEE_OTHER, "{}", screened.text);
    let page = place.get(&format!("/pharmacy/prescriptions/{number}/fill"), "fern").await.text;
    for sign in ["Distance.", "Cash.", "Street name.", "400"] {
        assert!(page.contains(sign), "{sign}: {page}");
    }
    refused(&place.fill(&number, &format!("scan={CODEINE}&filling=1&counted=380&what=fill")).await, "PHARM-FLAG-OPEN");
    refused(&act("flag", "flag=cash&decision=resolved&grounds=contact&number=independent&outcome=x").await, "LAW-");
    refused(&act("decline", "reason=").await, "PHARM-TEXT");
    assert_eq!(act("decline", "reason=not+legitimate").await.status, StatusCode::SEE_OTHER);
    for (which, form) in [("void", "reason=x"), ("discontinue", "reason=x"), ("decline", "reason=x")] {
        refused(&act(which, form).await, "PHARM-CLOSED");
    }
    let record = place.get(&format!("/pharmacy/prescriptions/{number}"), "fern").await.text;
    assert!(record.contains("no undue risk in the series"), "{record}");
    let unknown = place.counter("7777777", "decline", "reason=x").await;
    refused(&unknown, "PHARM-UNKNOWN");
}

#[tokio::test]
async fn a_program_fills_and_hands_over_in_the_pharmacists_name() {
    let place = Place::new();
    let number = place.accepted(ALPRAZOLAM, "30", "1").await;
    place.open_signs_decided(&number).await;
    let path = format!("/api/v1/records/{number}/fillings");
    let body = r#"{"scan":"99999-0301-01","what":"fill","filling":1,"counted":"170"}"#;
    let done = place.ask("POST", &path, "fern", body).await;
    assert_eq!(done.status, StatusCode::CREATED, "{}", done.text);
    assert_eq!(done.json()["counted"], "170 tablets");
    assert_eq!(done.json()["book"], "170 tablets");
    let again = place.ask("POST", &path, "fern", body).await;
    assert_eq!(again.json()["code"], "PHARM-FILLING-TAKEN", "{}", again.text);
    let over = place.ask("POST", &format!("{path}/1/hand-over"), "tess", r#"{"recipient":"Pat Sample"}"#).await;
    assert_eq!(over.status, StatusCode::OK, "{}", over.text);
    assert_eq!(over.json()["filling"], 1);
    let more = place.ask("POST", &path, "fern", r#"{"scan":"x","what":"fill","filling":1,"more":1}"#).await;
    assert_eq!(more.json()["code"], "HTTP-JSON");
    let fern = Actor::new("fern", Role::Pharmacist);
    assert!(
        place
            .house
            .hand_over(
                &fern,
                &PrescriptionNumber::parse(&number).unwrap(),
                1,
                &theriac_pharmacy::PickUp::by_hand(theriac_law::vocab::Recipient::Patient, "x")
            )
            .is_err()
    );
}

/// An institution's internal code stays as it was typed, on the page, on the interface and in what is stored.
///
/// Requirements: epcs-1311.165-d-2
#[tokio::test]
async fn a_number_with_its_extension_stays_as_it_came_on_paper() {
    let place = Place::new();
    let hospital = format!("{}-00A9B8x", cast::hospital_number());
    let listed = crate::house::event::Registrant {
        number: cast::hospital_number(),
        name: "Example Hospital".to_owned(),
        activity: "institution".to_owned(),
        status: "valid".to_owned(),
        expires: jiff::civil::date(2028, 12, 31),
        schedules: vec![theriac_model::Schedule::II, theriac_model::Schedule::IV],
        issued: place.house.clock.moment().date(),
    };
    let listed = crate::house::event::HouseEvent::RegistrantListed(listed);
    place.house.note(&crate::house::program(), &[listed]).unwrap();
    let taken = place.take_in("fern", "paper", &[("registration", &hospital)], b"%PDF-1.7 code").await;
    let record = taken
        .text
        .split("/pharmacy/prescriptions/R")
        .nth(1)
        .map(|rest| format!("R{}", rest.split('"').next().unwrap()));
    let record = record.unwrap_or_else(|| number_in(&taken));
    let page = place.get(&format!("/pharmacy/prescriptions/{record}"), "fern").await.text;
    assert!(page.contains(&hospital), "{page}");
    let csv = place.get("/archive/file/csv?sort=date", "fern").await.text;
    assert!(csv.contains(&hospital), "{csv}");
    let number = PrescriptionNumber::parse(&record).unwrap();
    let prescription = place.house.dispensing_now(&number).unwrap().0;
    let history = prescription.refill_history(None);
    let paper = place.house.refill_sheet(&prescription.original_order(), &history, place.house.clock.moment());
    assert!(format!("{paper:?}").contains(&hospital), "{paper:?}");
}
