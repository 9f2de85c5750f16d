//! The first day of a production deployment: from an empty house to a signed prescription that the pharmacy accepts. Every
//! person comes in with an invitation's code and a passkey of their own, and every step is a page's; what the README says to
//! do with a command (the first invitation, imported data, the list of models) is done by what that command calls.

use super::desk::Place;
use super::founding::registrant;
use super::operator::{CHECK, RECORD, SCAN, application, but, contact, encoded, multipart, paper};
use super::virtual_key::{Holder, VirtualKey};
use super::*;
use crate::commands::deployment::demonstration;
use crate::demo::cast;
use crate::drugs::{Files, Read};
use crate::house::clock::Clock;
use crate::house::{House, program};
use crate::people::NewPerson;
use crate::relaying::HouseRelay;
use jiff::ToSpan as _;
use jiff::tz::TimeZone;
use std::collections::HashMap;
use theriac_pki::Password;
use theriac_prescriber::duties::Acknowledged;
use theriac_prescriber::registrants::Manifest;

/// One product of the FDA's directory, as its file has it.
const PRODUCTS: &str = "PRODUCTNDC\tPRODUCTTYPENAME\tPROPRIETARYNAME\tNONPROPRIETARYNAME\tDOSAGEFORMNAME\tLABELERNAME\
    \tSUBSTANCENAME\tACTIVE_NUMERATOR_STRENGTH\tACTIVE_INGRED_UNIT\tDEASCHEDULE
99994-2001\tHUMAN PRESCRIPTION DRUG\tA\tOxycodone hydrochloride\tTABLET\tL\tOXYCODONE HYDROCHLORIDE\t10\tmg/1\tCII
";

/// Its package, as the other file has it.
const PACKAGES: &str = "PRODUCTNDC\tNDCPACKAGECODE\tPACKAGEDESCRIPTION
99994-2001\t99994-2001-1\t100 TABLET in 1 BOTTLE (99994-2001-1)
";

/// The deployment, the sessions of those who came in, and the key that answers in every browser.
struct Day {
    place: Place,
    key: VirtualKey,
    cookies: HashMap<String, String>,
}

impl Day {
    /// What `theriac init --config`, the two imports and a list of models leave: nobody is here.
    fn begun() -> Self {
        let key = VirtualKey::new();
        let dir = tempfile::tempdir().unwrap();
        let mut config = demonstration();
        config.deployment = "production".to_owned();
        config.name = "rx.example/journal".to_owned();
        let clock = Clock::told(TimeZone::get("America/Phoenix").unwrap(), key.now());
        let password = Password::new("only the operator knows this");
        let house = House::found_with(&dir.path().join("house"), config, clock, password).unwrap();
        let today = house.today();
        let mut rows = Vec::new();
        for row in
            [registrant(cast::newcomer_number(), "NOVAK, NOA"), registrant(cast::controller_number(), "BARRIER, BEN")]
        {
            theriac_wire::registrants::print(&row, &mut rows);
        }
        let path = house.dir.join("registrants.txt");
        std::fs::write(&path, rows).unwrap();
        house.import_registrants(&path, &Manifest { issued: Some(today), rows: None, digest: None }).unwrap();
        house.recheck(None).unwrap();
        let files = Files { products: PRODUCTS.as_bytes().to_vec(), packages: Some(PACKAGES.as_bytes().to_vec()) };
        let read = Read::files(&files.products, files.packages.as_deref()).unwrap();
        house.import_ndc(&files, &read, today).unwrap();
        let (from, until) = (today.saturating_sub(2.days()), today.saturating_add(2.days()));
        let head = format!("version = 1\nissued = \"{from}\"\nreview-by = \"{until}\"\n");
        std::fs::write(house.dir.join("token-models.toml"), head + &key.model(3, from)).unwrap();
        Self { place: Place::of(house, dir), key, cookies: HashMap::new() }
    }

    fn house(&self) -> &House {
        &self.place.house
    }

    /// Comes in by the page of invitations, with a passkey that is made now.
    async fn joins(&mut self, person: &str, code: &str) {
        let begin = format!(r#"{{"person":"{person}","code":"{code}"}}"#);
        let asked = self.place.nobody("POST", "/api/v1/join", &begin).await.json();
        let credential = self.key.create(&asked["publicKey"], Holder::EntersPin);
        let answer = serde_json::json!({"ticket": asked["ticket"], "credential": credential}).to_string();
        let joined = self.place.nobody("POST", "/api/v1/join/answer", &answer).await;
        assert_eq!(joined.status, StatusCode::OK, "{person}: {}", joined.text);
        let cookie = joined.headers[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
        self.cookies.insert(person.to_owned(), cookie);
    }

    async fn send(&self, method: &str, path: &str, who: &str, body: &str) -> Answer {
        self.place.send(method, path, &self.cookies[who], body).await
    }

    async fn page(&self, path: &str, who: &str) -> String {
        let page = self.send("GET", path, who, "").await;
        assert_eq!(page.status, StatusCode::OK, "{who} {path}: {}", page.text);
        assert!(!page.text.contains("DEMO"), "{path}");
        page.text
    }

    /// A form that must be taken; where it leads.
    async fn form(&self, who: &str, path: &str, fields: &[(&str, &str)]) -> String {
        let answer = self.send("POST", path, who, &encoded(fields)).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{who} {path}: {}", answer.text);
        answer.location().to_owned()
    }

    /// The operator adds somebody, and hands over the code that the page shows.
    async fn added(&mut self, name: &str, role: &str) -> String {
        self.form("ola-operator", "/operator/people", &[("name", name), ("role", role), ("what", "")]).await;
        let id = crate::people::identifier(name);
        let invited = self.send("POST", &format!("/operator/people/{id}/invitation"), "ola-operator", "").await;
        let code = after(&invited.text, "<dt>Code</dt><dd><code>", '<').to_owned();
        self.joins(&id, &code).await;
        id
    }

    /// Binds the key that waits on a page of its holder.
    async fn binds(&mut self, who: &str, page: &str) {
        let shown = self.page(page, who).await;
        let offer = format!(r#"{{"offer":"{}"}}"#, after(&shown, "name=\"offer\" value=\"", '"'));
        let asked = self.send("POST", "/api/v1/tokens", who, &offer).await.json();
        let made = self.key.create(&asked["publicKey"], Holder::EntersPin).to_string();
        let bound = self.send("POST", "/api/v1/tokens/answer", who, &made).await;
        assert_eq!(bound.status, StatusCode::OK, "{who}: {}", bound.text);
    }

    /// Answers a ceremony with both factors.
    async fn answers(&mut self, who: &str, (begin, answer): (&str, &str), body: &str) {
        let asked = self.send("POST", begin, who, body).await;
        assert_eq!(asked.status, StatusCode::OK, "{who} {begin}: {}", asked.text);
        let credential = self.key.get(&asked.json()["publicKey"], Holder::EntersPin).to_string();
        let answered = self.send("POST", answer, who, &credential).await;
        assert_eq!(answered.status, StatusCode::OK, "{who} {answer}: {}", answered.text);
    }

    /// The third party's report, uploaded for both applications.
    async fn audited(&self) {
        let today = self.house().today();
        let (from, on) = (today.saturating_sub(90.days()).to_string(), today.to_string());
        for (application, id) in [("prescribing", "p-1"), ("dispensing", "d-1")] {
            let fields = [
                ("id", id),
                ("kind", "soc-2"),
                ("auditor", "Invented Assurance"),
                ("qualification", "CISA 000000"),
                ("from", &from),
                ("audited", &on),
                ("issued", &on),
                ("version", env!("CARGO_PKG_VERSION")),
                ("scope", "security"),
                ("scope", "processing-integrity"),
                ("scope", "physical-security"),
                ("part-1311", "meet"),
                ("security", "adequate"),
            ];
            let body = super::watch::upload(&fields, "%PDF-1.7 the report");
            let media = "multipart/form-data; boundary=xyz";
            let path = format!("/audits/{application}");
            let cookie = &self.cookies["ola-operator"];
            let taken = self.place.send_as(&path, cookie, media, body.into_bytes()).await;
            assert_eq!(taken.location(), "/audits", "{application}: {}", taken.text);
        }
    }

    /// What the operator enters of the practitioner, over the forms of the enrolment's page.
    async fn proved(&self, who: &str, number: &str) {
        let (ola, page) = ("ola-operator", format!("/operator/enrolments/{who}"));
        let today = self.house().today().to_string();
        self.form(who, "/enrolment", &application(number)).await;
        self.form(who, "/enrolment/acknowledgement", &[]).await;
        self.form(ola, &format!("{page}/document"), &but(&paper(number), "proofed-on", &today)).await;
        let (media, scan) = multipart(SCAN);
        let uploaded = self.place.send_as(&format!("{page}/scan"), &self.cookies[ola], &media, scan).await;
        assert_eq!(uploaded.status, StatusCode::SEE_OTHER, "{}", uploaded.text);
        self.form(ola, &format!("{page}/acceptance"), &[]).await;
        self.form(ola, &format!("{page}/record"), &but(&RECORD, "record.issued", &today)).await;
        self.form(ola, &format!("{page}/checks"), &CHECK).await;
        self.form(ola, &format!("{page}/registrations"), &[("registration", number)]).await;
        self.form(ola, &format!("{page}/contacts"), &contact(number)).await;
        let address = [
            ("address.registration", number),
            ("address.first", "Noa"),
            ("address.last", "Novak"),
            ("address.line1", "20 Example Street"),
            ("address.city", "Tucson"),
            ("address.state", "AZ"),
            ("address.postal", "85702"),
        ];
        self.form(ola, &format!("{page}/places"), &address).await;
        assert!(self.page(&page, ola).await.contains("Nothing is missing or stale today"));
    }
}

/// What stands between a text and the next `end`.
fn after<'a>(page: &'a str, text: &str, end: char) -> &'a str {
    page.split(text).nth(1).and_then(|rest| rest.split(end).next()).unwrap_or_else(|| panic!("{text}: {page}"))
}

/// Requirements: epcs-1311.125-a-1, epcs-1311.125-d-2
#[tokio::test]
async fn from_an_empty_production_deployment_to_a_signature_everything_is_done_by_people_on_pages() {
    let mut day = Day::begun();
    // `theriac people invite --name "Ola Operator" --role operator`
    let first = NewPerson { name: "Ola Operator".into(), role: "operator".into(), ..NewPerson::default() };
    let ola = day.house().add_person(&program(), &first).unwrap();
    let code = day.house().invite(&program(), &ola).unwrap();
    day.joins(&ola, &code).await;
    day.audited().await;

    let ada = day.added("Ada Accession", "access-controller").await;
    let ben = day.added("Ben Barrier", "access-controller").await;
    let number = cast::controller_number().to_string();
    day.form(&ola, "/access/controllers", &[("person", &ada)]).await;
    day.form(&ola, "/access/controllers", &[("person", &ben), ("registration", &number)]).await;
    day.form(&ola, &format!("/access/controllers/{ben}/key"), &[("serial", "BEN-1")]).await;
    day.binds(&ben, "/access/keys").await;

    let noa = day.added("Noa Novak", "prescriber").await;
    let number = cast::newcomer_number().to_string();
    let told = day.page("/practice/notices", &noa).await;
    assert!(told.contains("RX-ACCESS-NOT-GRANTED"), "{told}");
    day.proved(&noa, &number).await;
    day.form(&ada, &format!("/access/people/{noa}/nominate"), &[]).await;
    day.answers(&ben, ("/api/v1/grants", "/api/v1/grants/answer"), &format!(r#"{{"person":"{noa}"}}"#)).await;
    let handed = [("registration", number.as_str()), ("serial", "NOA-1")];
    day.form(&ola, &format!("/operator/tokens/{noa}/offer"), &handed).await;
    day.binds(&noa, "/practice/tokens").await;
    for what in Acknowledged::ALL {
        day.form(&noa, "/practice/duties/acknowledge", &[("what", what.word()), ("agreed", "yes")]).await;
    }
    day.form(&noa, "/practice/duties/determine", &[("report", "p-1"), ("outcome", "meets")]).await;
    let told = day.page("/practice/notices", &noa).await;
    assert!(told.contains("Nothing stops your signature today") && told.contains("no spare"), "{told}");

    let patient = [
        ("first", "Pat"),
        ("last", "Sample"),
        ("born", "1961-05-17"),
        ("line1", "1 Invented Way"),
        ("city", "Tucson"),
        ("state", "AZ"),
        ("postal", "85701"),
    ];
    let card = day.form(&noa, "/practice/patients", &patient).await;
    let patient = card.rsplit('/').next().unwrap();
    let options = day.page("/practice/drugs?part=options&q=oxy", &noa).await;
    assert!(options.contains("schedule II"), "{options}");
    let ndc = after(&options, "value=\"", '"');
    let written = [("patient", patient), ("ndc", ndc), ("quantity", "30"), ("directions", "Take one")];
    let page = day.form(&noa, "/practice/drafts", &written).await;
    let id = page.rsplit('/').next().unwrap().to_owned();
    day.form(&noa, &format!("{page}/ready"), &[]).await;
    let review = day.page(&format!("/practice/sign?ids={id}"), &noa).await;
    assert!(!review.contains("name=\"pin\""), "no software token outside a demonstration");
    let statement = after(&review, "data-statement=\"", '"');
    let begin = format!(r#"{{"ids":"{id}","statement":"{statement}","agreed":true}}"#);
    day.answers(&noa, ("/api/v1/signing", "/api/v1/signing/answer"), &begin).await;
    assert!(day.page(&page, &noa).await.contains(">signed<"));
    day.house().work(&HouseRelay(day.house())).unwrap();
    let status = day.page(&page, &noa).await;
    assert!(status.contains(">accepted<"), "{status}");
    assert!(day.house().store.check(&[]).unwrap().is_clean());
}
