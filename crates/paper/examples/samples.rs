//! One of each paper, to look at: `cargo run -p theriac-paper --example samples -- FOLDER`.

#![allow(clippy::disallowed_methods, reason = "an example writes files and reads its argument")]

use jiff::civil::date;
use std::path::Path;
use theriac_model::{CanonicalContents, Decimal, Element};
use theriac_paper::chart::{Lines, Mark, Series, Step, Waterfall};
use theriac_paper::papers::{
    AuditFinding, AuditSummary, FailedTransmission, IdentityProofing, IncidentReport, IncidentStep, Issue, LogLine,
    MonthlyLog, Notice, Opinion, PaperPrescription, RecordCopy,
};
use theriac_paper::{Document, Length, PageSize, Standing, Symbol, svg};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| ".".to_owned());
    let folder = Path::new(&folder);
    let issue = Issue {
        by: "North Clinic".to_owned(),
        registration: Some("AB1234563".to_owned()),
        dated: "2026-03-01T07:00:00Z".parse()?,
        standing: Standing::Demo,
        digest: Some([0x5a; 32]),
    };
    let papers = [
        ("log", log().paper(&issue)),
        ("notice", notice().paper(&issue)),
        ("incident", incident().paper(&issue)),
        ("proofing", IdentityProofing::default().paper(&issue)),
        ("prescription", prescription()?.paper(&issue)),
        ("copy", copy()?.paper(&issue)),
        ("audit", audit().paper(&issue)),
        ("charts", charts(&issue)),
        ("label", label(&issue)?),
    ];
    for (name, paper) in papers {
        std::fs::write(folder.join(format!("{name}.pdf")), paper.print()?.pdf)?;
    }
    std::fs::write(folder.join("log.xlsx"), log().sheet()?.to_xlsx()?)?;
    std::fs::write(folder.join("log.csv"), log().sheet()?.to_csv())?;
    std::fs::write(folder.join("stock.svg"), svg::print(&stock().draw(Length::points(480), Length::points(180))))?;
    Ok(())
}

fn contents() -> Result<CanonicalContents, theriac_model::NotCanonical> {
    let mut contents = CanonicalContents::default();
    for (element, value) in [
        (Element::Issued, "2026-03-01"),
        (Element::PatientFirst, "Ada"),
        (Element::PatientLast, "Sample"),
        (Element::PatientBorn, "1980-02-03"),
        (Element::PatientLine1, "1 Main Street"),
        (Element::PatientCity, "Phoenix"),
        (Element::PatientState, "AZ"),
        (Element::PatientPostal, "85001"),
        (Element::PractitionerFirst, "Grace"),
        (Element::PractitionerLast, "Example"),
        (Element::PractitionerSuffix, "MD"),
        (Element::PractitionerLine1, "2 Clinic Road"),
        (Element::PractitionerCity, "Phoenix"),
        (Element::PractitionerState, "AZ"),
        (Element::PractitionerPostal, "85002"),
        (Element::Registration, "AB1234563"),
        (Element::DrugName, "Oxycodone hydrochloride"),
        (Element::DrugStrength, "10 mg"),
        (Element::DrugForm, "Tablet"),
        (Element::DrugSchedule, "II"),
        (Element::QuantityValue, "30"),
        (Element::QuantityUnit, "tablet"),
        (Element::Directions, "Take one tablet by mouth every six hours as needed for pain"),
        (Element::Refills, "0"),
    ] {
        contents.set(element, value)?;
    }
    Ok(contents)
}

fn log() -> MonthlyLog {
    let line = |day: i8| LogLine {
        prescription: format!("RX-2026-{day:04}"),
        signed: format!("2026-02-{day:02} 10:15"),
        issued: Some(date(2026, 2, day)),
        patient: "Sample, Ada Beatrix".to_owned(),
        address: "1 Main Street, Phoenix, AZ 85001".to_owned(),
        drug: "Oxycodone hydrochloride".to_owned(),
        strength: "10 mg".to_owned(),
        form: "Tablet".to_owned(),
        schedule: "II".to_owned(),
        quantity: Decimal::parse("30").ok(),
        unit: "tablet".to_owned(),
        directions: "Take one tablet by mouth every six hours".to_owned(),
        refills: Some(0),
        registration: "AB1234563".to_owned(),
        pharmacy: "Example Pharmacy".to_owned(),
        fate: "delivered".to_owned(),
        remarks: if day == 9 { "three times the usual quantity".to_owned() } else { String::new() },
    };
    MonthlyLog {
        practitioner: "Grace Example".to_owned(),
        registrations: vec!["AB1234563".to_owned()],
        period: "February 2026".to_owned(),
        lines: (1..=28).map(line).collect(),
        proof: vec![("Tree size".to_owned(), "4711".to_owned()), ("Signing entries".to_owned(), "28".to_owned())],
        reviewed: None,
    }
}

fn notice() -> Notice {
    Notice {
        number: "N-3".to_owned(),
        from: vec!["North Clinic".to_owned(), "2 Clinic Road, Phoenix, AZ 85002".to_owned()],
        to: vec!["Drug Enforcement Administration".to_owned(), "Field division".to_owned()],
        date: "2026-03-01".to_owned(),
        subject: "Loss, theft or compromise of a signing token".to_owned(),
        facts: vec![("Discovered".to_owned(), "2026-03-01 06:00".to_owned())],
        text: vec!["The token was revoked at once. Nothing was signed with it after it was last seen.".to_owned()],
        enclosures: vec![("Entries of the journal".to_owned(), "5a".repeat(32))],
        deadline: Some("2026-03-01 18:00".to_owned()),
        cite: "73 FR 36722, 1311.155(c)".to_owned(),
        signed_by: Some("Olive Operator".to_owned()),
        capacity: "Operator".to_owned(),
    }
}

fn incident() -> IncidentReport {
    IncidentReport {
        number: "I-1".to_owned(),
        kind: "attempted penetration from outside".to_owned(),
        application: "Theriac 0.1".to_owned(),
        happened: "2026-03-01 02:00".to_owned(),
        found: "2026-03-01 06:00".to_owned(),
        due: "2026-03-02".to_owned(),
        account: "Forty wrong passwords within a minute, from an address outside the clinic.".to_owned(),
        records: "None was opened or changed.".to_owned(),
        judged: "Reportable, by Olive Operator on 2026-03-01.".to_owned(),
        steps: vec![IncidentStep {
            at: "2026-03-01 02:00".to_owned(),
            who: "unknown".to_owned(),
            what: "first wrong password".to_owned(),
            record: Some(17),
        }],
        cite: "73 FR 36722, 1311.150".to_owned(),
        signed_by: None,
    }
}

fn prescription() -> Result<PaperPrescription, theriac_model::NotCanonical> {
    Ok(PaperPrescription {
        number: "P-17".to_owned(),
        contents: contents()?,
        service: None,
        replaces: Some(FailedTransmission {
            prescription: "RX-2026-0009".to_owned(),
            pharmacy: "Example Pharmacy, Phoenix".to_owned(),
            sent: "2026-03-01 07:00 (UTC)".to_owned(),
            reason: "the pharmacy's system did not answer".to_owned(),
        }),
    })
}

fn copy() -> Result<RecordCopy, theriac_model::NotCanonical> {
    let entry = ("RX-2026-0001".to_owned(), contents()?, "delivered".to_owned());
    Ok(RecordCopy { about: "Sample, Ada".to_owned(), prescriptions: vec![entry] })
}

fn audit() -> AuditSummary {
    let finding = |cite: &str, requirement: &str, opinion, evidence: &str| AuditFinding {
        cite: cite.to_owned(),
        requirement: requirement.to_owned(),
        opinion,
        evidence: evidence.to_owned(),
    };
    AuditSummary {
        application: "Theriac 0.1".to_owned(),
        auditor: "Example Auditors".to_owned(),
        qualification: "licensed for SysTrust".to_owned(),
        kind: "SysTrust".to_owned(),
        issued: "2026-01-10".to_owned(),
        period: "2025".to_owned(),
        next: "2027-01-10".to_owned(),
        part_1311: Opinion::NotMet,
        security: Opinion::Met,
        findings: vec![
            finding("1311.130(a)", "sent at once when signed", Opinion::Met, "trial 12"),
            finding("1311.140(a)", "a log every month", Opinion::NotMet, "March is missing"),
        ],
        report_digest: "5a".repeat(32),
    }
}

fn stock() -> Lines {
    let book = [500, 470, 470, 410, 380, 880, 850, 790];
    Lines {
        says: "The book goes from 500 to 790 tablets with one receipt; two counts agree, the last is one short."
            .to_owned(),
        axis: "Day".to_owned(),
        places: (1..=8).map(|day| format!("Mar {day}")).collect(),
        series: vec![
            Series {
                name: "book, tablets".to_owned(),
                mark: Mark::Steps,
                values: book.into_iter().map(Some).collect(),
            },
            Series {
                name: "count, tablets".to_owned(),
                mark: Mark::Squares,
                values: vec![Some(500), None, None, Some(410), None, None, None, Some(789)],
            },
        ],
    }
}

fn charts(issue: &Issue) -> Document {
    let mut paper = Document::new(PageSize::LETTER, "Accountability of oxycodone 10 mg", issue.by.clone(), issue.dated);
    let statement = Waterfall {
        says: "Opening count 500, received 500, dispensed 209, one short at the closing count of 790.".to_owned(),
        unit: "tablets".to_owned(),
        steps: vec![
            Step::Balance("Opening".to_owned(), 500),
            Step::Change("Received".to_owned(), 500),
            Step::Change("Dispensed".to_owned(), -209),
            Step::Change("Destroyed".to_owned(), 0),
            Step::Balance("Expected".to_owned(), 791),
            Step::Balance("Counted".to_owned(), 790),
        ],
    };
    paper.heading("Stock over time");
    paper.figure(stock().draw(Length::points(510), Length::points(190)));
    paper.table(stock().table());
    paper.heading("Accountability");
    paper.figure(statement.draw(Length::points(510), Length::points(190)));
    paper.table(statement.table());
    paper
}

fn label(issue: &Issue) -> Result<Document, Box<theriac_model::Refusal>> {
    let mut label = Document::label(PageSize::LABEL_4_BY_2, "Vial label", issue.by.clone(), issue.dated);
    label.strong("Sample, Ada");
    label.paragraph(
        "Oxycodone hydrochloride 10 mg Tablet. Quantity 30.\nTake one tablet by mouth every six hours as needed.",
    );
    label.barcode(Symbol::code_128("RX-2026-0001", Length::thousandths(900), Length::points(24))?);
    Ok(label)
}
