//! An invented world in memory: enough of everything to look at, and a count of what was asked.

use crate::house::House;
use crate::sessions::{Known, Secret, Sessions};
use crate::views::{
    DeploymentKind, DeploymentView, DispensingView, DutyView, ElementView, EntryRow, EntryView, JournalView, KeyHolder,
    MovementView, PersonView, PrescriptionRow, PrescriptionView, QueueRow, RecordView, RefusalView, StepView, StockRow,
    StockView, Unavailable, World,
};
use jiff::{SignedDuration, Timestamp};
use std::sync::{Mutex, PoisonError};
use theriac_model::{Actor, Edition, Refusal, Role};

/// The world.
pub(crate) struct Fake {
    kind: DeploymentKind,
    opened: Mutex<Vec<(String, Actor)>>,
    notes: Mutex<Vec<(String, Actor, String)>>,
    state: Mutex<State>,
    sessions: Sessions,
    clock: Mutex<Timestamp>,
}

/// How the store behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Well,
    /// Every question fails.
    Failing,
    /// Every question breaks off.
    Panicking,
}

/// A text that must never reach a browser unescaped.
pub(crate) const NASTY: &str = "<script>alert('x')</script>\"&";

const OXYCODONE: &str = "99999010101";

impl Fake {
    pub(crate) fn new(kind: DeploymentKind) -> Self {
        Self {
            kind,
            opened: Mutex::default(),
            notes: Mutex::default(),
            state: Mutex::new(State::Well),
            sessions: Sessions::default(),
            clock: Mutex::new(Timestamp::now()),
        }
    }

    pub(crate) fn behave(&self, state: State) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = state;
    }

    /// Lets time pass.
    pub(crate) fn pass(&self, seconds: i64) {
        let mut clock = self.clock.lock().unwrap_or_else(PoisonError::into_inner);
        *clock += SignedDuration::from_secs(seconds);
    }

    /// Records opened so far, by whom.
    pub(crate) fn opened(&self) -> Vec<(String, Actor)> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Notes added so far, by whom.
    pub(crate) fn notes(&self) -> Vec<(String, Actor, String)> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn answers(&self) -> Result<(), Unavailable> {
        let state = *self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match state {
            State::Well => Ok(()),
            State::Failing => Err(Unavailable("the disk of /secret/path is full".to_owned())),
            State::Panicking => panic!("a question broke off, on purpose"),
        }
    }
}

fn text(text: &str) -> String {
    text.to_owned()
}

fn person(role: Role) -> PersonView {
    let (name, what) = match role {
        Role::Prescriber => ("Alex Brook", "practitioner of the practice in Example Street"),
        Role::Agent => ("Quinn Quill", "agent of the practice in Example Street"),
        Role::Pharmacist => ("Fern Farmer", "pharmacist of the Corner Pharmacy"),
        Role::Intern => ("Ines Learner", "intern of the Corner Pharmacy"),
        Role::Technician => ("Tess Tally", "technician of the Corner Pharmacy"),
        Role::Custodian => ("Bo Booker", "keeper of the books of the Corner Pharmacy"),
        Role::Dispenser => ("Dee Dosewell", "nurse of the treatment program"),
        Role::Operator => ("Ola Operator", "runs this deployment"),
        Role::AccessController => ("Ada Accession", "grants and revokes the right to sign"),
        Role::Inspector => ("Ines Inspector", "government inspector, read-only"),
        Role::Auditor => ("Art Auditor", "third-party auditor, read-only"),
        Role::System => ("The program", "does what was scheduled"),
    };
    PersonView { id: text(role.word()), name: text(name), role: text(role.word()), what: text(what) }
}

fn prescription_row(id: &str, stage: &str, answer: &str) -> PrescriptionRow {
    PrescriptionRow {
        id: text(id),
        issued: text(if stage == "draft" { "" } else { "2026-01-05" }),
        patient: text("Pat Sample"),
        drug: text("Oxycodone hydrochloride 10 mg Tablet"),
        schedule: text("II"),
        quantity: text("30 tablets"),
        stage: text(stage),
        answer: text(answer),
    }
}

fn queue_row(number: &str, status: &str, remaining: &str) -> QueueRow {
    let (drug, schedule) = match number {
        "1002" => ("Acetaminophen and codeine phosphate 300-30 mg Tablet", "III"),
        "1003" => ("Alprazolam 0.5 mg Tablet", "IV"),
        "1004" => (NASTY, "V"),
        _ => ("Oxycodone hydrochloride 10 mg Tablet", "II"),
    };
    QueueRow {
        number: text(number),
        received: text("2026-01-05 09:14"),
        patient: text("Pat Sample"),
        practitioner: text("Alex Brook"),
        drug: text(drug),
        schedule: text(schedule),
        quantity: text("30 tablets"),
        status: text(status),
        remaining: text(remaining),
    }
}

fn queue() -> Vec<QueueRow> {
    vec![
        queue_row("1004", "rejected", "nothing"),
        queue_row("1003", "filled", "5 refills of 30 tablets"),
        queue_row("1002", "accepted", "30 tablets and 2 refills"),
        queue_row("1001", "partly-filled", "10 tablets until 2026-01-08 09:20"),
    ]
}

fn elements(number: &str) -> Vec<ElementView> {
    let rows = [
        ("issued", "2026-01-05"),
        ("signed-at", "2026-01-05T16:12:41Z"),
        ("patient.last", "Sample"),
        ("patient.first", "Pat"),
        ("patient.born", "1961-05-17"),
        ("patient.address.line1", "1 Invented Way"),
        ("patient.address.city", "Tucson"),
        ("patient.address.state", "AZ"),
        ("patient.address.postal", "85701"),
        ("practitioner.last", "Brook"),
        ("practitioner.first", "Alex"),
        ("practitioner.address.line1", "20 Example Street"),
        ("practitioner.address.line2", "Suite 3"),
        ("practitioner.address.city", "Tucson"),
        ("practitioner.address.state", "AZ"),
        ("practitioner.address.postal", "85702"),
        ("practitioner.registration", "FB0047117-00A9B8"),
        ("drug.name", "Oxycodone hydrochloride"),
        ("drug.strength", "10 mg"),
        ("drug.form", "Tablet"),
        ("drug.ndc", OXYCODONE),
        ("drug.schedule", "II"),
        ("quantity.value", "30"),
        ("quantity.unit", "Tablet"),
        ("directions", "Take 1 tablet by mouth every 6 hours as needed for severe pain"),
        ("refills", "0"),
    ];
    let kept = rows.into_iter().filter(|(tag, _)| number != "1004" || *tag != "directions");
    let mut elements: Vec<ElementView> =
        kept.map(|(tag, value)| ElementView { tag: text(tag), value: text(value) }).collect();
    if number == "1004" {
        elements.push(ElementView { tag: text("note"), value: text(NASTY) });
    }
    elements
}

fn step(at: &str, who: &str, what: &str, entry: u64) -> StepView {
    StepView { at: text(at), who: text(who), what: text(what), entry }
}

fn movements() -> Vec<MovementView> {
    let rows: [(&str, &str, &str, i64); 7] = [
        ("2026-01-02 08:00", "initial count", "supplier -300, shelf +300", 300),
        ("2026-01-05 09:20", "fill of 1001", "shelf -20, patient +20", 280),
        ("2026-01-05 11:02", "fill of 998", "shelf -60, patient +60", 220),
        ("2026-01-06 10:30", "fill of 1003", "shelf -120, patient +120", 100),
        ("2026-01-07 08:15", "receipt 17 on order form 260000001", "supplier -200, shelf +200", 300),
        ("2026-01-07 16:40", "fill of 1009", "shelf -88, patient +88", 212),
        ("2026-01-08 09:00", "return to will-call", "shelf -12, will-call +12", 212),
    ];
    let numbered = (11u64..).zip(rows);
    numbered
        .map(|(entry, (at, document, lines, on_hand))| MovementView {
            at: text(at),
            document: text(document),
            who: text("Fern Farmer (pharmacist)"),
            lines: text(lines),
            on_hand,
            on_hand_text: format!("{on_hand} tablets"),
            entry,
        })
        .collect()
}

fn stock_row() -> StockRow {
    StockRow {
        ndc: text(OXYCODONE),
        name: text("Oxycodone hydrochloride 10 mg Tablet"),
        schedule: text("II"),
        on_hand: text("212 tablets"),
        received: text("500 tablets"),
        dispensed: text("288 tablets"),
    }
}

fn entry_row(seq: u64) -> EntryRow {
    EntryRow {
        seq,
        at: text("2026-01-05 09:14:41"),
        actor: text("fern"),
        role: text("pharmacist"),
        location: text("FF1231237"),
        kind: text("pharmacy.prescription.received"),
        stream: text("prescription/1001"),
        leaf: format!("Zk3v9QmXH0mQ2y1wqCq8bJ4yJ2l4M0W7r9sS1uPq{seq:03}="),
    }
}

/// How many entries the journal has.
pub(crate) const ENTRIES: u64 = 214;

impl World for Fake {
    fn sessions(&self) -> &Sessions {
        &self.sessions
    }

    fn sessions_ended(&self, _: &str) -> Result<Option<u64>, Unavailable> {
        Ok(None)
    }

    fn open_session(&self, person: &str, known: Known) -> Result<Secret, Unavailable> {
        Ok(self.sessions.open(person, known, self.now()).expect("random bytes"))
    }

    fn now(&self) -> Timestamp {
        *self.clock.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn site(&self) -> Option<String> {
        None
    }

    fn idle(&self) -> SignedDuration {
        SignedDuration::from_secs(120)
    }

    fn house(&self) -> Result<&House, Unavailable> {
        Err(Unavailable(text("there is no deployment behind this world")))
    }

    fn key_holder(&self, key: &str) -> Result<Option<KeyHolder>, Unavailable> {
        let holder = |person: &str| KeyHolder { id: text("k-1"), acts_as: text(person) };
        Ok(key.strip_prefix("key-of-").map(holder))
    }

    fn deployment(&self) -> Result<DeploymentView, Unavailable> {
        self.answers()?;
        Ok(DeploymentView {
            name: text("Example Valley"),
            kind: self.kind,
            profile: text("strictest"),
            now: text("2026-01-08 09:00"),
            entries: ENTRIES,
        })
    }

    fn people(&self) -> Result<Vec<PersonView>, Unavailable> {
        self.answers()?;
        Ok(Role::ALL.iter().map(|&role| person(role)).collect())
    }

    fn actor(&self, person: &str) -> Option<Actor> {
        Role::parse(person).map(|role| Actor::new(person, role))
    }

    fn prescriptions(&self, _: &Actor) -> Result<Vec<PrescriptionRow>, Unavailable> {
        self.answers()?;
        Ok(vec![
            prescription_row("rx-5", "draft", ""),
            prescription_row("rx-4", "rejected", "directions for use are missing"),
            prescription_row("rx-3", "transmitted", ""),
            prescription_row("rx-2", "filled", "filled on 2026-01-06, 5 refills remain"),
            prescription_row("rx-1", "accepted", "partly filled: 20 of 30 tablets"),
        ])
    }

    fn prescription(&self, id: &str) -> Result<Option<PrescriptionView>, Unavailable> {
        self.answers()?;
        if id == "rx-of-another-practice" {
            return Ok(Some(PrescriptionView {
                row: prescription_row(id, "signed", ""),
                elements: Vec::new(),
                steps: Vec::new(),
            }));
        }
        let row = self.prescriptions(&Actor::new("x", Role::Prescriber))?.into_iter().find(|row| row.id == id);
        Ok(row.map(|row| PrescriptionView {
            row,
            elements: elements("1001"),
            steps: vec![
                step("2026-01-05 09:02", "Quinn Quill (agent)", "drafted", 3),
                step("2026-01-05 09:10", "Alex Brook (prescriber)", "reviewed and signed with two factors", 5),
                step("2026-01-05 09:10", "the program", "transmitted as SCRIPT 2017071", 6),
                step("2026-01-05 09:15", "the program", "answer received: accepted", 9),
            ],
        }))
    }

    fn queue(&self) -> Result<Vec<QueueRow>, Unavailable> {
        self.answers()?;
        Ok(queue())
    }

    fn open_record(&self, number: &str, by: &Actor) -> Result<Option<RecordView>, Unavailable> {
        self.answers()?;
        let Some(row) = queue().into_iter().find(|row| row.number == number) else { return Ok(None) };
        self.opened.lock().unwrap_or_else(PoisonError::into_inner).push((text(number), by.clone()));
        let rejected = row.status == "rejected";
        let shown = |actor: &Actor| {
            let name = Role::parse(&actor.id).map_or_else(|| actor.id.clone(), |role| person(role).name);
            format!("{name} ({})", actor.role)
        };
        let opened = self.opened();
        let opened = (30u64..).zip(opened.iter().filter(|(opened, _)| opened == number));
        let notes = self.notes();
        let notes = (60u64..).zip(notes.iter().filter(|(noted, ..)| noted == number));
        let missing = Refusal::new(
            "PHARM-1311.165-MISSING",
            "73 FR 36722, 1311.165(c)(3)",
            "the prescription does not bear directions for use",
            "ask the practitioner to issue a new prescription; the sender has been told",
        )
        .under(Edition::Proposed2008)
        .about("directions");
        let altered = Refusal::new(
            "PHARM-1306.08-ALTERED",
            "73 FR 36722, 1306.08(d)",
            "the signature does not cover what arrived: quantity.value was changed on the way",
            "do not dispense; ask the practitioner for a new prescription and report the incident",
        )
        .about("quantity.value");
        let refusals = if rejected { vec![RefusalView::from(&missing), RefusalView::from(&altered)] } else { vec![] };
        Ok(Some(RecordView {
            row,
            elements: elements(number),
            signature: text(if rejected {
                "signed at 2026-01-05T16:12:41Z by FB0047117; the digest is not that of the contents received"
            } else {
                "verified: signed at 2026-01-05T16:12:41Z by FB0047117 under the prescriber system's certificate 4A:01"
            }),
            archived: text("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
            refusals,
            dispensings: if rejected {
                Vec::new()
            } else {
                vec![DispensingView {
                    at: text("2026-01-05 09:20"),
                    kind: text("part of the first filling"),
                    quantity: text("20 tablets"),
                    pharmacist: text("Fern Farmer"),
                    entry: 12,
                }]
            },
            duties: if rejected {
                Vec::new()
            } else {
                vec![DutyView {
                    what: text("dispense the remaining 10 tablets or notify the practitioner"),
                    cite: text("21 CFR 1306.13(a)"),
                    due: text("2026-01-08 09:20"),
                }]
            },
            annotations: notes
                .map(|(entry, (_, by, note))| step("2026-01-08 09:00", &shown(by), note, entry))
                .collect(),
            opened: opened.map(|(entry, (_, by))| step("2026-01-08 09:00", &shown(by), "opened", entry)).collect(),
            steps: vec![
                step("2026-01-05 09:14", "the program", "received, archived as it arrived and sealed", 7),
                step("2026-01-05 09:14", "the program", "verified: signature, registration, required elements", 8),
                step("2026-01-05 09:20", "Fern Farmer (pharmacist)", "part of the first filling: 20 tablets", 12),
            ],
        }))
    }

    fn annotate(&self, number: &str, by: &Actor, note: &str) -> Result<Result<(), Refusal>, Unavailable> {
        self.answers()?;
        if !queue().iter().any(|row| row.number == number && row.status != "rejected") {
            return Ok(Err(Refusal::new(
                "PHARM-1306.08-ANNOTATE",
                "21 CFR 1306.08(c)",
                "this prescription cannot be annotated",
                "annotate the record of a prescription that was accepted",
            )));
        }
        self.notes.lock().unwrap_or_else(PoisonError::into_inner).push((text(number), by.clone(), text(note)));
        Ok(Ok(()))
    }

    fn stock(&self) -> Result<Vec<StockRow>, Unavailable> {
        self.answers()?;
        Ok(vec![stock_row()])
    }

    fn stock_of(&self, ndc: &str) -> Result<Option<StockView>, Unavailable> {
        self.answers()?;
        Ok((ndc == OXYCODONE).then(|| StockView { row: stock_row(), movements: movements() }))
    }

    fn journal(&self, before: Option<u64>) -> Result<JournalView, Unavailable> {
        self.answers()?;
        let end = before.unwrap_or(ENTRIES).min(ENTRIES);
        let start = end.saturating_sub(100);
        Ok(JournalView {
            rows: (start..end).rev().map(entry_row).collect(),
            older: (start > 0).then_some(start),
            checkpoint: text(
                "example-valley.theriac/journal\n214\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n\
                 — example-valley.theriac/journal 5p2mPv1sNVQ2Qq3k0h2J6uZ8k1xqv0m3i9o4b7Yc2dE1fG5hJ8kL0nP3rS6tV9wX2yZ4aB7cD0eF3gH6iJ9\n",
            ),
            verifier_key: text("example-valley.theriac/journal+e69da63e+ATYd0wq1gQ6z5mYw8Zr1o3Jx9i0l7v2b4n6c8x1k3j5h"),
        })
    }

    fn entry(&self, seq: u64) -> Result<Option<EntryView>, Unavailable> {
        self.answers()?;
        Ok((seq < ENTRIES).then(|| EntryView {
            row: entry_row(seq),
            body: text("{\n  \"format\": 1,\n  \"number\": \"1001\",\n  \"note\": \"<b>\"\n}"),
            law: text("strictest: permitted, 21 CFR 1306.13(a)"),
            proof: (0..8u64).map(|level| entry_row(level * 7).leaf).collect(),
            tree_size: ENTRIES,
            root: text("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="),
            verdict: text("verified"),
            evidence: format!("{{\"format\":1,\"seq\":{seq}}}"),
        }))
    }
}
