//! The pages of the watch over a real deployment: every role at every door, and what each page is for.

use super::desk::{Place, STATEMENT};
use super::*;
use crate::watch::DEMONSTRATION_AUDIT;
use jiff::SignedDuration;
use theriac_prescriber::audit::Application;

/// Who may come in, written down a second time.
pub(super) fn expected(door: Door, role: Role) -> Option<bool> {
    use Role::{AccessController, Auditor, Inspector, Operator, Pharmacist, Prescriber};
    let path = door.path();
    let looks = matches!(role, Inspector | Auditor);
    match door.method() {
        _ if path.starts_with("/practice/log") || path.starts_with("/practice/duties") => Some(role == Prescriber),
        Method::Get if path.starts_with("/audits") => Some(true),
        Method::Get if path.starts_with("/watch/retention") || path == "/watch/copies" => {
            Some(role == Operator || looks)
        }
        Method::Post if path.starts_with("/audits") || path.starts_with("/watch/retention") => Some(role == Operator),
        Method::Get if path.starts_with("/watch") => {
            Some(looks || matches!(role, Operator | AccessController | Pharmacist))
        }
        Method::Post if path.starts_with("/watch") => Some(matches!(role, Operator | AccessController | Pharmacist)),
        _ => None,
    }
}

fn to_the_first_of_april(place: &Place) {
    let then = "2026-04-01T09:00[America/Phoenix]".parse::<jiff::Zoned>().unwrap().timestamp();
    place.house.clock.advance(then.duration_since(place.house.clock.now()));
}

async fn seen(place: &Place, path: &str, who: &str) -> String {
    let answer = place.get(path, who).await;
    assert_eq!(answer.status, StatusCode::OK, "{path} for {who}: {}", answer.text);
    answer.text
}

/// Signs a prescription over the pages.
async fn signed(place: &Place) -> String {
    let id = place.draft("quill", "").await;
    let page = format!("/practice/prescriptions/{id}");
    place.ask("POST", &format!("{page}/ready"), "quill", "").await;
    let form = format!("one={id}&statement={STATEMENT}&agreed=yes&pin={}", crate::demo::world::PIN);
    let answer = place.ask("POST", "/practice/sign", "brook", &form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    id
}

/// Requirements: epcs-1311.140-b, epcs-1311.155-d-1, epcs-1311.155-d-2, epcs-pre-8-2-log-unusual
#[tokio::test]
async fn the_practitioner_is_reminded_reads_the_log_reviews_it_and_takes_it_away() {
    let place = Place::new();
    let id = signed(&place).await;
    to_the_first_of_april(&place);
    place.house.make_logs().unwrap();
    let overview = seen(&place, "/", "brook").await;
    assert!(
        overview.contains("Log of electronic prescriptions for review") && overview.contains("Review the monthly log"),
        "{overview}"
    );
    let overview = seen(&place, "/", "brook").await;
    assert!(overview.contains("Review the monthly log"), "the reminder stays until it is done");
    let list = seen(&place, "/practice/logs", "brook").await;
    assert!(list.contains("2026-03") && list.contains("to be reviewed"), "{list}");

    let early = place.ask("POST", "/practice/logs/2026-03/review", "brook", "").await;
    assert!(early.text.contains("RX-LOG-NOT-OPEN"), "{}", early.text);
    let log = seen(&place, "/practice/logs/2026-03", "brook").await;
    for shown in [
        "Sample, Pat",
        "Oxycodone hydrochloride 10 mg Tablet",
        "Take one",
        "Quinn Quill",
        "patient not in an earlier log",
        "drug not in an earlier log",
        "By patient",
        "By drug",
        ">complete<",
        id.as_str(),
    ] {
        assert!(log.contains(shown), "{shown}: {log}");
    }
    let reviewed = place.ask("POST", "/practice/logs/2026-03/review", "brook", "").await;
    assert_eq!(reviewed.location(), "/practice/logs/2026-03", "{}", reviewed.text);
    let log = seen(&place, "/practice/logs/2026-03", "brook").await;
    assert!(log.contains("Received and reviewed by Alex Brook on 2026-04-01 09:00"), "{log}");
    assert!(!seen(&place, "/", "brook").await.contains("Review the monthly log"));
    let csv = place.get("/practice/logs/2026-03/file/csv", "brook").await;
    assert_eq!(csv.headers[header::CONTENT_TYPE], "text/csv; charset=utf-8");
    assert!(csv.text.contains("\"Sample, Pat\""), "{}", csv.text);
    assert_eq!(place.bytes("/practice/logs/2026-03/file/pdf", "brook").await.get(..5), Some(&b"%PDF-"[..]));
    assert_eq!(place.bytes("/practice/logs/2026-03/file/xlsx", "brook").await.get(..2), Some(&b"PK"[..]));
    assert_eq!(place.get("/practice/logs/2026-03/file/exe", "brook").await.status, StatusCode::NOT_FOUND);
    assert_eq!(place.get("/practice/logs/2026-13", "brook").await.status, StatusCode::NOT_FOUND);
    let none = place.get("/practice/logs/2026-02", "brook").await;
    assert!(none.text.contains("RX-LOG-UNKNOWN"), "{}", none.text);
}

/// Requirements: epcs-1311.140-d
#[tokio::test]
async fn a_log_on_request_is_a_page_and_a_file_and_a_wrong_question_keeps_what_was_typed() {
    let place = Place::new();
    let id = signed(&place).await;
    place.house.work(&crate::relaying::HouseRelay(&place.house)).unwrap();
    let page = seen(&place, "/practice/log-request?patient=sample&sort=drug", "brook").await;
    assert!(page.contains("1 transmitted from 2021-03-02 to 2026-03-02") && page.contains(&id), "{page}");
    let none = seen(&place, "/practice/log-request?patient=example&sort=date", "brook").await;
    assert!(none.contains("0 transmitted"), "{none}");
    let csv = place.get("/practice/log-request?sort=patient&format=csv", "brook").await;
    assert!(csv.text.contains(&id), "{}", csv.text);
    let wrong = place.get("/practice/log-request?from=2026-03-02&until=2026-03-01&drug=oxy", "brook").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("RX-LOG-PERIOD") && wrong.text.contains("value=\"oxy\""), "{}", wrong.text);
}

/// Requirements: epcs-1306.08-a-3, epcs-1311.155-b, epcs-1311.155-e
#[tokio::test]
async fn the_page_of_duties_shows_last_and_next_and_a_dispute_becomes_a_notice() {
    let place = Place::new();
    let id = signed(&place).await;
    let page = seen(&place, "/practice/duties", "brook").await;
    for shown in [
        "Acknowledge your responsibility",
        "2026-03-02 09:00",
        "2027-03-02",
        "I keep the token in my sole possession",
        id.as_str(),
    ] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    let dispute = |form: String| async move { form };
    let wrong = dispute(format!("prescription={id}&ground=&discovered=2026-03-02T08:00")).await;
    let refused = place.ask("POST", "/practice/duties/dispute", "brook", &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.text.contains("FORM-FIELD") && refused.text.contains(&format!("value=\"{id}\"")),
        "{}",
        refused.text
    );
    let other =
        place.ask("POST", "/practice/duties/dispute", "lapham", &wrong.replace("ground=", "ground=not-signed")).await;
    assert!(
        other.text.contains("no prescription of yours") || other.text.contains("No prescription of yours"),
        "{}",
        other.text
    );
    let told =
        place.ask("POST", "/practice/duties/dispute", "brook", &wrong.replace("ground=", "ground=not-signed")).await;
    assert_eq!(told.status, StatusCode::SEE_OTHER, "{}", told.text);
    let watch = seen(&place, "/watch", "ola").await;
    assert!(
        watch.contains("Drug Enforcement Administration") && watch.contains("2026-03-02 20:00"),
        "12 hours: {watch}"
    );
    let duties = seen(&place, "/practice/duties", "brook").await;
    assert!(duties.contains(">due<"), "telling is not done until DEA was told: {duties}");
}

/// Requirements: epcs-1311.155-f-1, epcs-1311.155-f-2
#[tokio::test]
async fn the_yearly_check_is_recorded_from_its_page_and_a_no_stops_signing() {
    let place = Place::new();
    let determine = |outcome: &'static str| format!("report={DEMONSTRATION_AUDIT}&outcome={outcome}");
    let unknown = place.ask("POST", "/practice/duties/determine", "brook", "report=other&outcome=meets").await;
    assert!(unknown.text.contains("RX-DUTY-REPORT"), "{}", unknown.text);
    let no = place.ask("POST", "/practice/duties/determine", "brook", &determine("does-not-meet")).await;
    assert_eq!(no.status, StatusCode::SEE_OTHER, "{}", no.text);
    assert!(place.house.clearance("brook").is_err());
    assert!(seen(&place, "/", "brook").await.contains("Determine from the audit report"));
    place.ask("POST", "/practice/duties/determine", "brook", &determine("meets")).await;
    assert!(place.house.clearance("brook").is_ok());
    place.house.clock.advance(SignedDuration::from_hours(24 * 366));
    assert!(seen(&place, "/", "brook").await.contains("overdue since 2027-03-02"), "asked for again after a year");
}

/// The body of the form with its file.
pub(super) fn upload(fields: &[(&str, &str)], file: &str) -> String {
    let part = |(name, value): &(&str, &str)| {
        format!("--xyz\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let fields = fields.iter().map(part).collect::<Vec<_>>().concat();
    format!(
        "{fields}--xyz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"r.pdf\"\r\nContent-Type: application/pdf\r\n\r\n{file}\r\n--xyz--\r\n"
    )
}

const REPORT: [(&str, &str); 13] = [
    ("id", "soc2-2026"),
    ("kind", "soc-2"),
    ("auditor", "Invented Assurance"),
    ("qualification", "CISA 000000"),
    ("from", "2026-01-01"),
    ("audited", "2026-03-01"),
    ("issued", "2026-03-02"),
    ("version", "9.9"),
    ("scope", "security"),
    ("scope", "processing-integrity"),
    ("scope", "physical-security"),
    ("part-1311", "meet"),
    ("security", "adequate"),
];

fn with(name: &str, value: &'static str) -> Vec<(&'static str, &'static str)> {
    REPORT.iter().map(|&(key, old)| (key, if key == name { value } else { old })).collect()
}

/// Requirements: epcs-1311.150-c-1, epcs-1311.170-g-2, epcs-1311.150-b
#[tokio::test]
async fn audit_reports_are_uploaded_by_the_operator_and_read_by_everybody_without_an_account() {
    let place = Place::new();
    for (path, name) in [("prescribing", "practitioner"), ("dispensing", "pharmacy")] {
        let list = place.nobody("GET", "/audits", "").await;
        assert_eq!(list.status, StatusCode::OK);
        assert!(
            list.text.contains(&format!("{name}&#39;s application"))
                && !list.text.contains("<form method=\"post\" action=\"/audits"),
            "{}",
            list.text
        );
        let one = place.nobody("GET", &format!("/audits/{path}/{DEMONSTRATION_AUDIT}"), "").await;
        assert!(one.text.contains("nobody has audited this demonstration"), "{}", one.text);
        let file = place.nobody("GET", &format!("/audits/{path}/{DEMONSTRATION_AUDIT}/file"), "").await;
        assert!(file.text.starts_with("DEMO: this stands for"), "{}", file.text);
        assert!(seen(&place, "/", "fern").await.contains("href=\"/audits\""), "and from inside");
    }
    let send = |fields: Vec<(&'static str, &'static str)>, file: &'static str| {
        let body = upload(&fields, file);
        let place = &place;
        async move { place.upload("/audits/prescribing", "ola", body).await }
    };
    for (name, value, code) in [
        ("part-1311", "not-decided", "RX-AUDIT-OUTCOME"),
        ("issued", "2026-03-03", "RX-AUDIT-DATES"),
        ("id", "a/b", "FORM-FIELD"),
        ("kind", "hearsay", "FORM-FIELD"),
        ("auditor", " ", "RX-AUDIT-FIELD"),
        ("id", DEMONSTRATION_AUDIT, "RX-AUDIT-TWICE"),
        ("from", "soon", "FORM-FIELD"),
    ] {
        let refused = send(with(name, value), "%PDF-1.7 x").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}={value}: {}", refused.text);
        assert!(
            refused.text.contains(code) && refused.text.contains("value=\"CISA 000000\""),
            "{name}: {}",
            refused.text
        );
    }
    let html = send(REPORT.to_vec(), "\u{1}<script>").await;
    assert!(html.text.contains("neither a PDF nor plain text"), "{}", html.text);
    let taken = send(REPORT.to_vec(), "%PDF-1.7 the report").await;
    assert_eq!(taken.location(), "/audits", "{}", taken.text);
    let file = place.nobody("GET", "/audits/prescribing/soc2-2026/file", "").await;
    assert_eq!(
        (file.text.as_str(), &file.headers[header::CONTENT_TYPE]),
        ("%PDF-1.7 the report", &header::HeaderValue::from_static("application/pdf"))
    );
    assert_eq!(file.headers["x-content-type-options"], "nosniff");
    let large = "x".repeat(super::super::watch::audits::REPORT_BYTES_MAX + 70_000);
    let large = place.upload("/audits/prescribing", "ola", upload(&REPORT, &large)).await;
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
    let cut = place.upload("/audits/prescribing", "ola", "--xyz\r\n".to_owned()).await;
    assert_eq!(cut.status, StatusCode::BAD_REQUEST, "{}", cut.text);
    let agent = place.upload("/audits/prescribing", "quill", upload(&REPORT, "%PDF-1.7")).await;
    assert_eq!(agent.status, StatusCode::FORBIDDEN);
}

/// Requirements: epcs-1311.150-d-1, epcs-1311.150-d-2, epcs-1311.150-d-3
#[tokio::test]
async fn an_adverse_report_from_the_page_stops_signing_and_is_seen_at_sign_in_and_on_the_list() {
    let place = Place::new();
    let mut adverse = with("part-1311", "do-not-meet");
    adverse.push(("unmet", "1311.125(c)\r\n1311.130(a)"));
    let taken = place.upload("/audits/prescribing", "ola", upload(&adverse, "%PDF-1.7 bad")).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.text);
    let list = place.nobody("GET", "/audits", "").await;
    assert!(list.text.contains("RX-AUDIT-ADVERSE") && list.text.contains(">adverse<"), "{}", list.text);
    let overview = seen(&place, "/", "brook").await;
    assert!(overview.contains("Adverse third-party audit: do not use"), "{overview}");
    let watch = seen(&place, "/watch", "ola").await;
    assert!(watch.contains("given in time"), "the practitioner's sign-in is on record: {watch}");
    let book = place.house.notices().unwrap();
    let dea = book.notices.to_do()[0].notice.id.clone();
    let number = book.number(&dea);
    let notice = seen(&place, &format!("/watch/notices/{number}"), "ola").await;
    for shown in ["Drug Enforcement Administration", "soc2-2026", "1311.125(c)", "To be given by"] {
        assert!(notice.contains(shown), "{shown}: {notice}");
    }
    assert_eq!(place.bytes(&format!("/watch/notices/{number}/letter.pdf"), "ola").await.get(..5), Some(&b"%PDF-"[..]));
    let path = format!("/watch/notices/{number}/given");
    let refused = place.ask("POST", &path, "ola", "how=fax&reached=&proof=report+no.+17").await;
    assert!(
        refused.text.contains("RX-NOTICE-REACHED") && refused.text.contains("report no. 17</textarea>"),
        "{}",
        refused.text
    );
    let given = place.ask("POST", &path, "ola", "how=fax&reached=field+office&proof=report+no.+17").await;
    assert_eq!(given.status, StatusCode::SEE_OTHER, "{}", given.text);
    let notice = seen(&place, &format!("/watch/notices/{number}"), "iris").await;
    assert!(notice.contains("fax to field office") && !notice.contains("<form class=\"narrow\""), "{notice}");
    let again = place.ask("POST", &format!("/watch/notices/{number}/again"), "ola", "reason=wrong+number").await;
    assert_eq!(again.status, StatusCode::SEE_OTHER);
    assert!(place.house.notices().unwrap().notices.to_do().iter().any(|item| item.notice.id == dea));
    assert_eq!(place.get("/watch/notices/0", "ola").await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

/// Requirements: epcs-1311.145-a, epcs-1311.170-e-1, epcs-1311.170-e-2
#[tokio::test]
async fn findings_are_decided_and_incidents_opened_and_closed_on_the_page_of_the_watch() {
    let place = Place::new();
    let refused = place.get("/journal", "tess").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    place.house.round(None).unwrap();
    let watch = seen(&place, "/watch", "ola").await;
    assert!(watch.contains("the role technician was refused") && watch.contains("Daily audits"), "{watch}");
    let watching = place.house.watching(Application::Dispensing).unwrap();
    let audit = &watching.audits()[0];
    let page = seen(&place, &format!("/watch/dispensing/audits/{}", audit.seq), "fern").await;
    assert!(page.contains("What was looked at") && page.contains("auditable event"), "{page}");
    let paper = place.bytes(&format!("/watch/dispensing/audits/{}/report.pdf", audit.seq), "iris").await;
    assert_eq!(paper.get(..5), Some(&b"%PDF-"[..]));

    let finding = place.house.under_terms(|terms| watching.register.undecided(terms))[0].finding.id.to_string();
    let finding = finding.replace('+', "%2B").replace(':', "%3A").replace('/', "%2F");
    let judge = |decision: &str, reason: &str| format!("finding={finding}&decision={decision}&reason={reason}");
    let without = place.ask("POST", "/watch/dispensing/findings", "fern", &judge("not-an-incident", "")).await;
    assert!(without.text.contains("RX-INCIDENT-REASON"), "{}", without.text);
    let operator = place.ask("POST", "/watch/dispensing/findings", "ola", &judge("not-an-incident", "x")).await;
    assert!(operator.text.contains("RX-INCIDENT-JUDGE"), "the pharmacy decides: {}", operator.text);
    let nothing = place.ask("POST", "/watch/dispensing/findings", "fern", "decision=incident&reason=tried").await;
    assert!(
        nothing.text.contains("no finding was chosen") || nothing.text.contains("No finding was chosen"),
        "{}",
        nothing.text
    );
    let judged = place.ask("POST", "/watch/dispensing/findings", "fern", &judge("incident", "tried+a+door")).await;
    assert_eq!(judged.location(), "/watch", "{}", judged.text);

    let opened = place.ask("POST", "/watch/prescribing/incidents", "ola", "heading=intrusion&what=&discovered=").await;
    assert!(opened.text.contains("RX-INCIDENT-WHAT"), "{}", opened.text);
    let early = "heading=intrusion&what=a+login+from+outside&discovered=2026-03-03T09%3A00";
    let opened = place.ask("POST", "/watch/prescribing/incidents", "ola", early).await;
    assert!(
        opened.text.contains("RX-INCIDENT-FUTURE") && opened.text.contains("a login from outside</textarea>"),
        "{}",
        opened.text
    );
    let opened = place.ask("POST", "/watch/prescribing/incidents", "ola", &early.replace("-03T", "-02T")).await;
    assert_eq!(opened.status, StatusCode::SEE_OTHER, "{}", opened.text);
    let watching = place.house.watching(Application::Prescribing).unwrap();
    let incident = watching.register.incidents().find(|one| one.what.contains("from outside")).unwrap();
    let path = format!("/watch/prescribing/incidents/{}", watching.opened_at(&incident.id));
    let page = seen(&place, &path, "ola").await;
    for shown in ["1311.145(b)(5)", "end of 2026-03-03, a Tuesday", "Drug Enforcement Administration"] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    assert_eq!(place.bytes(&format!("{path}/report.pdf"), "iris").await.get(..5), Some(&b"%PDF-"[..]));
    let close = place.ask("POST", &format!("{path}/close"), "ola", "done=locked+out").await;
    assert!(
        close.text.contains("RX-INCIDENT-UNTOLD") && close.text.contains("locked out</textarea>"),
        "{}",
        close.text
    );
    assert_eq!(place.get("/watch/prescribing/incidents/0", "ola").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(place.get("/watch/nothing/incidents/0", "ola").await.status, StatusCode::NOT_FOUND);
}

/// Requirements: epcs-pre-8-3-record-list, epcs-1311.180-a-1
#[tokio::test]
async fn the_page_of_retention_lists_each_kind_and_refuses_before_the_term() {
    let place = Place::new();
    let id = signed(&place).await;
    let page = seen(&place, "/watch/retention", "ola").await;
    for kind in [
        "proofing document",
        "signed prescription",
        "received prescription",
        "dispensing annotation",
        "pharmacy backup",
        "pharmacy audit trail",
        "monthly log",
        "third party audit report",
        "5 years from issue",
    ] {
        assert!(page.contains(kind), "{kind}: {page}");
    }
    let record = seen(&place, &format!("/watch/retention?stream=prescription%2F{id}"), "iris").await;
    assert!(record.contains("2031-03-03") && !record.contains("Erase its body"), "{record}");
    let entries = place.house.store.stream(&format!("prescription/{id}")).unwrap();
    let form = format!("seq={}&reason=tidying", entries[0].seq);
    let refused = place.ask("POST", "/watch/retention/erase", "ola", &form).await;
    assert!(refused.text.contains("RX-KEEP-UNTIL") && refused.text.contains("value=\"tidying\""), "{}", refused.text);
    let held = place
        .ask("POST", "/watch/retention/hold", "ola", &format!("act=hold&stream=prescription%2F{id}&reason=case"))
        .await;
    assert_eq!(held.status, StatusCode::SEE_OTHER, "{}", held.text);
    let record = seen(&place, &format!("/watch/retention?stream=prescription%2F{id}"), "ola").await;
    assert!(record.contains("held: case"), "{record}");
}

/// Nothing a person sees of a prescription that passed says that it is legitimate; the practitioner's own attestation is stored,
/// and the statement they acknowledge says what the checks are worth.
///
/// Requirements: epcs-1311.155-g-1
#[tokio::test]
async fn no_page_says_that_a_prescription_that_passed_is_legitimate() {
    let place = Place::new();
    let id = signed(&place).await;
    place.house.work(&crate::relaying::HouseRelay(&place.house)).unwrap();
    let number = place.house.store.query("SELECT number FROM received", &[]).unwrap()[0].text(0).unwrap().to_owned();
    for (path, who) in [
        ("/practice/prescriptions".to_owned(), "brook"),
        (format!("/practice/prescriptions/{id}"), "brook"),
        ("/pharmacy/queue".to_owned(), "fern"),
        (format!("/pharmacy/prescriptions/{number}"), "fern"),
    ] {
        let page = seen(&place, &path, who).await.to_lowercase();
        assert!(page.contains("accepted"), "{path}");
        assert!(!page.contains("legitimate") && !page.contains("approved"), "{path}: {page}");
    }
    let entries = place.house.store.stream(&format!("prescription/{id}")).unwrap();
    let reviewed = entries.iter().find(|entry| entry.kind == "prescription.reviewed").unwrap();
    let body = String::from_utf8(reviewed.body_bytes().unwrap().to_vec()).unwrap();
    assert!(body.contains("statement") && body.contains("brook"), "{body}");
    let duties = seen(&place, "/practice/duties", "brook").await;
    assert!(duties.contains("checks says nothing about its legitimate"), "{duties}");
}
