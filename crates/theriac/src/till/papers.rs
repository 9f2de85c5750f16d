//! The papers of the till (P26, P40, P42 to P48): each as PDF and as a sheet, with registration, period, page and digest.

use super::devices::{KitNow, MachineNow};
use super::lines::{BookLine, LogLine};
use super::online::OnlineNow;
use crate::house::House;
use crate::house::record::Fault;
use crate::stockroom::Cover;
use jiff::civil::Date;
use theriac_books::devices::{KitEvent, MachineEvent};
use theriac_books::logbook::{BookEntry, ChemicalLossReport, Contents, LOGBOOK_WARNING, Shown};
use theriac_books::online::{Block, MonthlyReport, ReportKind};
use theriac_journal::hash::sha256;
use theriac_law::vocab::Word as _;
use theriac_paper::sheet::{Cell, Heading, Kind, Sheet};
use theriac_paper::{Document, PageSize};

/// One row of a paper's table.
type Row = Vec<String>;

/// A quantity with the unit of its limit.
fn quantity(entry: &BookEntry) -> String {
    match entry.product.contents {
        Contents::OpiumByVolume | Contents::OtherByVolume => format!("{} mL", entry.quantity),
        Contents::OpiumByUnit | Contents::OtherByUnit => format!("{} units", entry.quantity),
    }
}

/// How a purchaser was identified, in words.
const fn identified(shown: Shown) -> &'static str {
    match shown {
        Shown::Known => "known to the pharmacist",
        Shown::PhotoDocument => "photographic document",
        Shown::Nothing => "nothing",
    }
}

impl House {
    /// A paper with one table, and the same table as a sheet. The digest is that of the sheet as CSV: whoever has the sheet can
    /// compare.
    fn tabled(
        &self,
        (title, period): (&str, Option<String>),
        facts: Vec<(&str, String)>,
        heads: &[&str],
        rows: Vec<Row>,
        empty: &str,
    ) -> Result<Cover, Fault> {
        let fault = |refusal: Box<theriac_model::Refusal>| Fault::from(*refusal);
        let headings = heads.iter().map(|head| Heading::new(*head, Kind::Text)).collect();
        let mut sheet = Sheet::new(title, headings).map_err(fault)?;
        let none = rows.is_empty();
        for row in rows {
            sheet.push(row.into_iter().map(Cell::Text).collect()).map_err(fault)?;
        }
        let digest = *sha256(&sheet.to_csv()).as_bytes();
        let size = if heads.len() > 5 { PageSize::LETTER_WIDE } else { PageSize::LETTER };
        let mut paper: Document = self.book_paper(size, title, period, Some(digest));
        let mut fields = vec![
            ("Registrant", self.seller_file()?.0.place().name.clone()),
            ("DEA registration", self.pharmacy.to_string()),
        ];
        fields.extend(facts);
        paper.fields(fields);
        if none {
            paper.strong(empty.to_owned());
        } else {
            paper.table(sheet.to_table());
        }
        Ok(Cover { paper, sheet: Some(sheet) })
    }

    /// P26: pages of the record book of sales without a prescription.
    pub(crate) fn record_book_paper(&self, lines: &[BookLine]) -> Result<Cover, Fault> {
        let rows = lines.iter().map(|line| {
            let (page, at) = line.place();
            let place = vec![line.number().to_string(), page.to_string(), at.to_string()];
            let rest = match line {
                BookLine::Sale(entry, _) => vec![
                    entry.buyer.name.clone(),
                    entry.buyer.address.clone(),
                    identified(entry.shown).to_owned(),
                    format!("{}, NDC {}", entry.product.name, entry.product.ndc),
                    quantity(entry),
                    self.moment_in_words(entry.sold),
                    self.full_name(&entry.pharmacist.id),
                ],
                BookLine::Correction { of, text, by, at, .. } => vec![
                    format!("Correction of line {of}: {text}"),
                    String::new(),
                    String::new(),
                    String::new(),
                    String::new(),
                    self.moment_in_words(*at),
                    self.full_name(by),
                ],
            };
            place.into_iter().chain(rest).collect()
        });
        let heads = [
            "Number",
            "Page",
            "Line",
            "Purchaser",
            "Address",
            "Identification",
            "Product",
            "Quantity",
            "Date and time",
            "Pharmacist",
        ];
        let period = lines.first().zip(lines.last());
        let period = period.map(|(first, last)| format!("lines {} to {}", first.number(), last.number()));
        let facts = vec![("Kept under", "21 CFR 1306.26(e)".to_owned())];
        let title = "Record book of controlled substances sold without a prescription";
        self.tabled((title, period), facts, &heads, rows.collect(), "No sale was made.")
    }

    /// P45: entries of the logbook of listed chemicals, for whoever may have them.
    pub(crate) fn logbook_paper(&self, lines: &[LogLine], given: Option<(&str, &str)>) -> Result<Cover, Fault> {
        let rows = lines.iter().map(|line| {
            let entry = &line.entry;
            vec![
                entry.number.to_string(),
                entry.buyer.name.clone(),
                entry.buyer.address.clone(),
                self.moment_in_words(entry.sold),
                format!("{}, NDC {}", entry.product.name, entry.product.ndc),
                format!("{} packages, {} units, {} mg of base", entry.packages, entry.units, line.base_mg()),
                entry.document.word().replace('-', " "),
                format!("captured on {}, sha256 {}", entry.signature.device, entry.signature.digest),
                format!(
                    "keyed by {}, confirmed by {}",
                    self.full_name(&entry.keyed_by.id),
                    self.full_name(&entry.confirmed_by.id)
                ),
            ]
        });
        let heads = [
            "Entry",
            "Purchaser",
            "Address",
            "Date and time",
            "Product",
            "Quantity",
            "Document shown",
            "Signature",
            "Employees",
        ];
        let mut facts = vec![("Warning shown before signing", LOGBOOK_WARNING.to_owned())];
        if let Some((to, purpose)) = given {
            facts.push(("Given to", to.to_owned()));
            facts.push(("For", purpose.replace('-', " ")));
        }
        let period = lines.first().zip(lines.last());
        let period = period.map(|(first, last)| format!("entries {} to {}", first.entry.number, last.entry.number));
        let title = "Logbook of listed chemical products";
        self.tabled((title, period), facts, &heads, rows.collect(), "No sale was logged.")
    }

    /// P46: the check before self-certification and the register of the certificate.
    pub(crate) fn certification_paper(&self) -> Result<Cover, Fault> {
        let (file, _) = self.seller_file()?;
        let latest = self.certification()?;
        let rows = theriac_books::logbook::Confirmed::ALL.iter().map(|what| {
            let shown = latest.as_ref().and_then(|(evidence, ..)| evidence.iter().find(|one| one.confirmed == *what));
            let rests = shown.map_or_else(|| "GAP: nothing is on file".to_owned(), |one| one.rests_on.clone());
            vec![what.word().replace('-', " "), rests]
        });
        let place = file.place();
        let mut facts = vec![
            ("Place", place.name.clone()),
            ("Business address", place.address.clone()),
            ("Fee", "none: the seller is a pharmacy registered with DEA".to_owned()),
        ];
        if let Some(certificate) = file.certificate() {
            facts.push(("Certificate", certificate.number.clone()));
            facts.push(("Valid until", certificate.until.to_string()));
            facts.push(("Image, sha256", certificate.image.clone()));
        }
        if let Some((_, warned, at)) = &latest {
            let when = self.moment_in_words(*at);
            facts.push(("False certification (18 U.S.C. 1001) acknowledged by", format!("{warned}, {when}")));
        }
        let period = file.certified_until().map(|day| format!("until {day}"));
        let title = "Self-certification for listed chemicals";
        self.tabled((title, period), facts, &["Statement", "What shows it"], rows.collect(), "")
    }

    /// P47: who was trained, with the day of the acknowledgement.
    pub(crate) fn training_paper(&self) -> Result<Cover, Fault> {
        let (file, _) = self.seller_file()?;
        let rows = file.trained().map(|one| {
            vec![
                self.full_name(&one.employee),
                one.official_material.clone(),
                one.acknowledged.to_string(),
                one.filed.clone(),
            ]
        });
        let heads = ["Employee", "DEA's material", "Acknowledgement signed", "Where it is kept"];
        let title = "Training acknowledgments";
        let period = Some(format!("as of {}", self.clock.moment().date()));
        self.tabled((title, period), Vec::new(), &heads, rows.collect(), "Nobody was trained yet.")
    }

    /// P48: the written report of a loss of listed chemicals. DEA Form 106 is not used for it.
    fn chemical_loss_paper(&self, report: &ChemicalLossReport) -> Result<Cover, Fault> {
        let number = report.number.map_or_else(|| "none".to_owned(), |number| number.to_string());
        let rows = vec![
            vec!["DEA number".to_owned(), number],
            vec!["Name".to_owned(), report.name.clone()],
            vec!["Business address".to_owned(), report.address.clone()],
            vec!["Date of the loss".to_owned(), report.on.to_string()],
            vec!["Type of loss".to_owned(), report.kind.clone()],
            vec!["Circumstances".to_owned(), report.circumstances.clone()],
        ];
        let facts = vec![("Required by", "21 CFR 1314.15; DEA Form 106 is not used".to_owned())];
        let title = "Report of a loss of listed chemicals";
        let mut cover = self.tabled((title, Some(report.on.to_string())), facts, &["Item", "Entry"], rows, "")?;
        cover.paper.signature("Reported by", None);
        Ok(cover)
    }

    /// P48 of one loss, by its number in the seller's file.
    pub(crate) fn chemical_loss(&self, number: u64) -> Result<Cover, Fault> {
        let (file, _) = self.seller_file()?;
        self.chemical_loss_paper(&file.written(&self.profile, number, self.clock.moment())?)
    }

    /// P40: the ledger of a machine: loads, releases, refused doses, and the balance of each bin.
    pub(crate) fn machine_paper(&self, now: &MachineNow) -> Result<Cover, Fault> {
        let setup = now.machine.setup();
        let row = |at: theriac_law::Moment, what: &str, bin: &str, rest: [String; 4]| {
            let mut row = vec![self.moment_in_words(at), what.to_owned(), bin.to_owned()];
            row.extend(rest);
            row
        };
        let none = String::new;
        let rows = now.events.iter().filter_map(|event| {
            Some(match event {
                MachineEvent::Loaded { load, by, at } => row(
                    *at,
                    "load",
                    load.bin.as_str(),
                    [load.units.to_string(), load.product.name.clone(), load.sheet.clone(), self.full_name(&by.id)],
                ),
                MachineEvent::Released { dose, at } => row(
                    *at,
                    "release",
                    dose.bin.as_str(),
                    [
                        dose.units.to_string(),
                        format!("patient {}", dose.patient),
                        format!("prescription {}", dose.prescription),
                        dose.user.clone(),
                    ],
                ),
                MachineEvent::Denied { dose, code, at } => row(
                    *at,
                    "refused",
                    dose.bin.as_str(),
                    [dose.units.to_string(), format!("patient {}", dose.patient), code.clone(), dose.user.clone()],
                ),
                MachineEvent::UserGranted { user, at, .. } => {
                    row(*at, "user let in", "", [none(), none(), none(), user.clone()])
                }
                MachineEvent::UserRevoked { user, at, .. } => {
                    row(*at, "user shut out", "", [none(), none(), none(), user.clone()])
                }
                MachineEvent::Disabled { ndc, reason, by, at } => {
                    row(*at, "drug out of use", "", [none(), ndc.to_string(), reason.clone(), self.full_name(&by.id)])
                }
                MachineEvent::Enabled { ndc, by, at } => {
                    row(*at, "drug in use again", "", [none(), ndc.to_string(), none(), self.full_name(&by.id)])
                }
                MachineEvent::ChangeDenied { setting, user, code, at } => {
                    row(*at, "change refused", "", [none(), setting.clone(), code.clone(), self.full_name(user)])
                }
                MachineEvent::SetUp { .. } | MachineEvent::Activated { .. } => return None,
            })
        });
        let mut facts = vec![
            ("Machine", setup.name.as_str().to_owned()),
            ("Facility", setup.facility.clone()),
            ("Registration there", setup.registration.map_or_else(|| "none".to_owned(), |number| number.to_string())),
            ("Contact with DEA", setup.contacted.clone().unwrap_or_else(|| "none".to_owned())),
        ];
        for (bin, product, units) in now.machine.bins() {
            facts.push(("Balance", format!("bin {}: {units} of {} {}", bin.as_str(), product.name, product.strength)));
        }
        let heads = ["When", "What", "Bin", "Units", "Product or patient", "Document", "Person"];
        let title = "Ledger of an automated dispensing machine";
        let period = Some(format!("as of {}", self.clock.moment().date()));
        self.tabled((title, period), facts, &heads, rows.collect(), "Nothing happened yet.")
    }

    /// P40: the ledger of an emergency kit with its counts.
    pub(crate) fn emergency_kit_paper(&self, now: &KitNow) -> Result<Cover, Fault> {
        let design = now.kit.design();
        let row = |at: theriac_law::Moment, what: &str, rest: [String; 5]| {
            let mut row = vec![self.moment_in_words(at), what.to_owned()];
            row.extend(rest);
            row
        };
        let none = String::new;
        let rows = now.events.iter().filter_map(|event| {
            Some(match event {
                KitEvent::Stocked { ndc, units, record, by, at } => row(
                    *at,
                    "stocked",
                    [ndc.to_string(), units.to_string(), none(), record.clone(), self.full_name(&by.id)],
                ),
                KitEvent::Used { used, at } => row(
                    *at,
                    "used",
                    [
                        used.ndc.to_string(),
                        used.units.to_string(),
                        format!("patient {}, {}; authorised by {}", used.patient, used.condition, used.authorised_by),
                        used.record.clone(),
                        used.user.clone(),
                    ],
                ),
                KitEvent::Counted { ndc, found, by, at } => {
                    row(*at, "counted", [ndc.to_string(), found.to_string(), none(), none(), self.full_name(&by.id)])
                }
                KitEvent::Breached { breach, by, at } => row(
                    *at,
                    "breach",
                    [none(), none(), format!("{}: {}", breach.activity, breach.found), none(), self.full_name(&by.id)],
                ),
                KitEvent::Reinstated { reason, by, at } => {
                    row(*at, "released", [none(), none(), reason.clone(), none(), self.full_name(&by.id)])
                }
                KitEvent::Designed { .. } => return None,
            })
        });
        let mut facts = vec![
            ("Kit", design.name.as_str().to_owned()),
            ("Facility", design.facility.clone()),
            ("State approval", design.approval.clone()),
            ("Source", self.pharmacy.to_string()),
            ("May open it", design.access.join(", ")),
            ("Safeguards", design.safeguards.clone()),
        ];
        for allowed in &design.list {
            let ndc = &allowed.product.commodity.ndc;
            let counted =
                now.kit.counted(ndc).map_or_else(String::new, |(found, on)| format!(", counted {found} on {on}"));
            let balance = now.kit.balance(ndc);
            facts
                .push(("Balance", format!("{}: {balance} of at most {}{counted}", allowed.product.name, allowed.most)));
        }
        let heads = ["When", "What", "NDC", "Units", "For whom, or what", "Record", "Person"];
        let title = "Ledger of an emergency kit";
        let period = Some(format!("as of {}", self.clock.moment().date()));
        self.tabled((title, period), facts, &heads, rows.collect(), "Nothing happened yet.")
    }

    /// P43: the monthly report of an online pharmacy, or its negative report.
    pub(crate) fn monthly_paper(&self, report: &MonthlyReport) -> Result<Cover, Fault> {
        let month = report.month.strftime("%Y-%m").to_string();
        let rows: Vec<Row> =
            report.lines.iter().map(|line| vec![line.ndc.to_string(), line.units.to_string()]).collect();
        let total = report.lines.iter().fold(0_u64, |sum, line| sum.saturating_add(line.units));
        let mut facts = vec![
            ("Month", month.clone()),
            ("Due by", report.due.map_or_else(String::new, |day| day.to_string())),
            ("Dispensed in all", format!("{total} dosage units")),
        ];
        if report.kind == ReportKind::Negative {
            facts.push(("Response", "negative".to_owned()));
        }
        let title = "Monthly report of controlled substances dispensed";
        let empty = match report.kind {
            ReportKind::None => "No report is owed for this month.",
            ReportKind::Full | ReportKind::Negative => {
                "Negative response: in this month neither threshold of 21 CFR 1304.55 was reached."
            }
        };
        self.tabled((title, Some(month)), facts, &["NDC", "Dosage units"], rows, empty)
    }

    /// P44: the notices: the application to DEA, each State's board, changes of the address.
    pub(crate) fn notices_paper(&self, now: &OnlineNow) -> Result<Cover, Fault> {
        let day = |day: Option<Date>| day.map_or_else(|| "not yet".to_owned(), |day| day.to_string());
        let after = |from: Option<Date>| from.and_then(|from| theriac_model::calendar::days_after(from, 30));
        let applied = now.registration.applied();
        let mut rows = vec![vec![
            "DEA: application for a modified registration, which is the notice".to_owned(),
            day(applied),
            day(after(applied)),
            String::new(),
        ]];
        for (state, now) in &now.states {
            let licence = now
                .licence
                .as_ref()
                .map_or_else(|| "no licence on file".to_owned(), |(number, until)| format!("{number}, until {until}"));
            rows.push(vec![format!("Board of pharmacy of {state}"), day(now.told), day(now.offered_from), licence]);
        }
        for change in &now.addresses {
            let word = if change.late.is_some() { "LATE" } else { "in time" };
            rows.push(vec![
                format!("DEA: new address of the website {}", change.new),
                change.told.to_string(),
                change.on.to_string(),
                word.to_owned(),
            ]);
        }
        let heads = ["Notice", "Told on", "In effect from", "Licence, or remark"];
        let title = "Notices of dispensing by means of the Internet";
        let facts = vec![("Required by", "21 U.S.C. 831(b); 21 CFR 1304.40".to_owned())];
        let period = Some(format!("as of {}", self.clock.moment().date()));
        self.tabled((title, period), facts, &heads, rows, "")
    }

    /// P42 on paper: the parts of the home page.
    pub(crate) fn site_paper(&self, blocks: &[Block]) -> Result<Cover, Fault> {
        let rows: Vec<Row> =
            blocks.iter().map(|block| vec![block.element.word().replace('-', " "), block.text.clone()]).collect();
        let period = Some(format!("as of {}", self.clock.moment().date()));
        self.tabled(("Home page of the online pharmacy", period), Vec::new(), &["Part", "Text"], rows, "")
    }
}

/// P42: the block for the home page, as HTML that stands in any page.
pub(crate) fn site_html(blocks: &[Block]) -> String {
    let mut html = String::from("<section class=\"dea-disclosure\">\n");
    for block in blocks {
        let text = block.text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        html.push_str("<p data-part=\"");
        html.push_str(block.element.word());
        html.push_str("\">");
        html.push_str(&text);
        html.push_str("</p>\n");
    }
    html.push_str("</section>\n");
    html
}
