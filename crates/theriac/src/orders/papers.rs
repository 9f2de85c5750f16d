//! The papers of the order desk: the register of forms, an order as its purchaser keeps it, the statements about it, reports of
//! lost forms, powers of attorney and their revocation. The layout is the paper crate's.

use super::parties::address_of;
use crate::house::House;
use crate::house::record::Fault;
use theriac_books::Party;
use theriac_books::orders::{
    FormRegister, FormsEventRecord, LineStanding, Order, OrderEvent, PowerState, RequestChannel, Scope, ShippedEntry,
};
use theriac_law::Moment;
use theriac_law::vocab::{FormsEvent, Word as _};
use theriac_model::Refusal;
use theriac_paper::{Column, Document, Footer, PageSize, Table, Tick};

/// 21 CFR 1305.05(c): what a power of attorney says; the text is prescribed, with the names in the places of the blanks.
const POWER_FIRST: &str = ", the undersigned, who am authorized to sign the current application for registration of the \
    above-named registrant under the Controlled Substances Act or Controlled Substances Import and Export Act, have made, \
    constituted, and appointed, and by these presents, do make, constitute, and appoint ";
/// The same, what the attorney may do.
const POWER_THEN: &str = ", my true and lawful attorney for me in my name, place, and stead, to ";
const POWER_FORMS: &str = "execute applications for Forms 222";
const POWER_SIGN: &str = "sign orders for Schedule I and II controlled substances, whether these orders be on Form 222 or \
    electronic";
const POWER_LAST: &str = ", in accordance with 21 U.S.C. 828 and Part 1305 of Title 21 of the Code of Federal Regulations. I \
    hereby ratify and confirm all that said attorney must lawfully do or cause to be done by virtue hereof.";
const AFFIRMATION: &str = ", hereby affirm that I am the person named herein as attorney-in-fact and that the signature affixed \
    hereto is my signature.";
/// 21 CFR 1305.05(c): the notice of revocation.
const REVOCATION: &str = "The foregoing power of attorney is hereby revoked by the undersigned, who is authorized to sign the \
    current application for registration of the above-named registrant under the Controlled Substances Act or Controlled \
    Substances Import and Export Act. Written notice of this revocation has been given to the attorney-in-fact ";

/// A paper about an order, by its name in addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OrderPaper {
    /// The purchaser's copy.
    Copy,
    /// Notices that lines are cancelled.
    Cancellation,
    /// The supplier's notice that lines are void.
    Void,
    /// The supplier's statement that the order is not accepted.
    NotAccepted,
    /// The statement about a lost order.
    Lost,
}

impl OrderPaper {
    /// All papers with their names in addresses and in words.
    pub(crate) const ALL: [(Self, &'static str, &'static str); 5] = [
        (Self::Copy, "copy", "The order as it stands"),
        (Self::Cancellation, "cancellation", "Notice of cancellation"),
        (Self::Void, "void", "Supplier's notice: void"),
        (Self::NotAccepted, "not-accepted", "Statement: not accepted"),
        (Self::Lost, "lost", "Statement about the lost order"),
    ];

    /// The paper with this name.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known, _)| *known == name).map(|(paper, ..)| *paper)
    }
}

fn none_yet(what: &'static str) -> Fault {
    Refusal::new("ORDER-NO-PAPER", "-", what, "look at the order").into()
}

fn party_fields(capacity: &str, party: &Party) -> Vec<(String, String)> {
    vec![
        (capacity.to_owned(), party.name.clone()),
        ("Address".to_owned(), address_of(party)),
        ("DEA registration number".to_owned(), party.number.to_string()),
    ]
}

impl House {
    fn orders_paper(&self, title: impl Into<String>, at: Moment) -> Document {
        let issue = self.pharmacy_issue(at);
        Document::new(PageSize::LETTER, title, issue.by, issue.dated).standing(issue.standing).footer(Footer {
            registration: issue.registration,
            period: None,
            digest: None,
        })
    }

    /// The register of forms: every serial number and what became of it.
    pub(crate) fn forms_register_paper(&self, register: &FormRegister, at: Moment) -> Document {
        let mut paper = self.orders_paper("Register of DEA Forms 222", at);
        let mut table =
            Table::new(vec![Column::new("Serial number", 3), Column::new("Edition", 3), Column::new("State", 3)]);
        for (serial, edition, state) in register.all() {
            table.row([serial.to_string(), edition.word().replace('-', " "), state.word().replace('-', " ")]);
        }
        paper.table(table);
        paper.paragraph(format!("{} blank forms at hand.", register.blank().count()));
        paper
    }

    /// A request for order forms: what DEA asks for, and block 3 of the application where it is made with one.
    pub(crate) fn forms_request_paper(&self, register: &FormRegister, at: Moment) -> Result<Document, Fault> {
        let request = register.open_request().ok_or_else(|| none_yet("no forms were asked for"))?;
        let mut paper = self.orders_paper("Request for DEA Forms 222", at);
        paper.fields(party_fields("Registrant", &request.registrant));
        paper.fields([
            ("Telephone", request.telephone.clone()),
            ("How it is made", request.channel.word().to_owned()),
            ("Books or packs", request.books.to_string()),
            ("Why more are needed", request.need.clone().unwrap_or_else(|| "not more than usual".to_owned())),
        ]);
        if request.channel == RequestChannel::Application {
            paper.heading("Application for registration, block 3");
            paper.checkbox(Tick::Ticked, "Order forms are requested");
        }
        Ok(paper)
    }

    /// A report of lost, stolen or found forms to DEA's field office.
    pub(crate) fn forms_report_paper(&self, event: &FormsEventRecord) -> Result<Document, Fault> {
        let FormsEventRecord::Missing { event, forms, serials, issued_about, by, at } = event else {
            return Err(none_yet("this event of the register is no report"));
        };
        let title = match event {
            FormsEvent::Lost => "Report of lost order forms",
            FormsEvent::Stolen => "Report of stolen order forms",
            FormsEvent::Found => "Notice that order forms were found again",
        };
        let mut paper = self.orders_paper(title, *at);
        paper.fields(party_fields("Registrant", &self.order_party()));
        let numbers: Vec<String> = serials.iter().map(ToString::to_string).collect();
        paper.fields([
            ("To", "DEA field office".to_owned()),
            ("Discovered", self.moment_in_words(*at)),
            ("Which forms", forms.word().replace('-', " ")),
            ("Serial numbers", if numbers.is_empty() { "not known".to_owned() } else { numbers.join(", ") }),
            ("Issued about", issued_about.map_or_else(|| "-".to_owned(), |day| day.to_string())),
            ("Required by", "21 CFR 1305.16".to_owned()),
        ]);
        paper.signature("Registrant", Some(self.full_name(&by.id)));
        Ok(paper)
    }

    /// A paper about an order.
    ///
    /// # Errors
    /// `ORDER-NO-PAPER` for a statement that nobody has made.
    pub(crate) fn order_paper(
        &self,
        order: &Order,
        events: &[OrderEvent],
        which: OrderPaper,
    ) -> Result<Document, Fault> {
        let executed = order.executed();
        let number = &executed.number;
        let dated = |what: &str| {
            let mut paper = self.orders_paper(format!("{what}: order {number}"), executed.signed);
            paper.fields(party_fields("Purchaser", &executed.purchaser));
            paper.fields(party_fields("Supplier", order.filled_by()));
            paper.fields([
                ("Order", number.to_string()),
                ("Made by", executed.method.word().replace('-', " ")),
                ("Signed", self.moment_in_words(executed.signed)),
                ("Signed by", self.full_name(&executed.signer)),
            ]);
            paper
        };
        let lines_in_words = |lines: &[u32]| lines.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        match which {
            OrderPaper::Copy => Ok(Self::copy_of_order(dated("Purchaser's copy"), order)),
            OrderPaper::Cancellation | OrderPaper::Void => {
                let cancelled = which == OrderPaper::Cancellation;
                let mut paper = dated(if cancelled { "Notice of cancellation" } else { "Notice: void" });
                let mut any = false;
                for event in events {
                    let (lines, notice, by, at) = match event {
                        OrderEvent::Cancelled { lines, notice, by, at } if cancelled => {
                            (lines, notice, Some(self.full_name(&by.id)), *at)
                        }
                        OrderEvent::Voided { lines, notice, at } if !cancelled => (lines, notice, None, *at),
                        _ => continue,
                    };
                    any = true;
                    paper.heading(self.moment_in_words(at));
                    paper.fields([("Lines", lines_in_words(lines))]);
                    paper.paragraph(notice.clone());
                    paper.signature(if cancelled { "Purchaser" } else { "Supplier" }, by);
                }
                if any { Ok(paper) } else { Err(none_yet("there is no such notice on this order")) }
            }
            OrderPaper::NotAccepted => {
                let statement = order.not_accepted().ok_or_else(|| none_yet("the order was not refused"))?;
                let mut paper = dated("Statement that the order is not accepted");
                paper.paragraph(statement);
                paper.fields([("To be kept with", copies_in_words(order.copies()))]);
                Ok(paper)
            }
            OrderPaper::Lost => {
                let (statement, other, of) = match (order.lost(), order.replaces()) {
                    (Some((statement, by)), _) => (statement, Some(by), "Statement about a lost order"),
                    (None, Some(statement)) => (statement, None, "Statement about the order that this one replaces"),
                    (None, None) => return Err(none_yet("the order was not lost")),
                };
                let mut paper = dated(of);
                paper.fields([
                    ("Lost order", statement.first.to_string()),
                    ("Dated", statement.dated.map_or_else(String::new, |day| day.to_string())),
                    ("Replaced by", other.map_or_else(|| number.to_string(), ToString::to_string)),
                    ("The supplier said", statement.supplier_said.clone().unwrap_or_default()),
                ]);
                paper.paragraph(statement.not_received.clone());
                paper.signature("Purchaser", statement.signed_by.as_deref().map(|id| self.full_name(id)));
                Ok(paper)
            }
        }
    }

    fn copy_of_order(mut paper: Document, order: &Order) -> Document {
        let executed = order.executed();
        paper.fields([
            (
                "Signed under",
                executed
                    .power
                    .as_ref()
                    .map_or_else(|| "the registration".to_owned(), |id| format!("power of attorney {}", id.as_str())),
            ),
            ("Last line completed", executed.lines.len().to_string()),
            ("SHA-256 of the signed file", executed.digest.clone().unwrap_or_else(|| "on paper".to_owned())),
            ("Invoices", order.invoices().join(", ")),
        ]);
        let mut table = Table::new(vec![
            Column::numbers("Line", 1),
            Column::numbers("Packages", 2),
            Column::numbers("Size", 2),
            Column::new("Item", 5),
            Column::new("NDC", 3),
            Column::new("Received: packages and date", 4),
            Column::new("State", 2),
        ]);
        for state in order.lines() {
            let product = &state.line.product;
            let came: Vec<String> =
                state.deliveries.iter().map(|(packages, on)| format!("{packages} on {on}")).collect();
            table.row([
                state.line.number.to_string(),
                state.line.packages.to_string(),
                Self::package_in_words(product),
                format!("{} {} {}", product.name, product.strength, product.form),
                product.commodity.ndc.to_string(),
                came.join("; "),
                match state.standing {
                    LineStanding::Open if state.outstanding() == 0 => "complete".to_owned(),
                    LineStanding::Open => format!("{} to come", state.outstanding()),
                    LineStanding::Cancelled => "cancelled".to_owned(),
                    LineStanding::Voided => "void".to_owned(),
                },
            ]);
        }
        paper.table(table);
        paper
    }

    /// An order to fill with what stands in the supplier's places: packages shipped, product code, dates, and lines that ended.
    pub(crate) fn supply_paper(&self, state: &theriac_books::orders::Supply, at: Moment) -> Document {
        let order = state.order();
        let mut paper = self.orders_paper(format!("Supplier's record: order {}", order.number), at);
        paper.fields(party_fields("Purchaser", &order.purchaser));
        paper.fields([("Executed", order.executed.to_string()), ("Made by", order.method.word().replace('-', " "))]);
        let mut table = Table::new(vec![
            Column::numbers("Line", 1),
            Column::numbers("Ordered", 2),
            Column::new("Item", 5),
            Column::new("Furnished: packages, NDC, date", 6),
        ]);
        for (line, shipped) in order.lines.iter().zip(state.shipped()) {
            let product = &line.product;
            let furnished = match &shipped.1 {
                ShippedEntry::Furnished(sent) => {
                    let sent: Vec<String> = sent.iter().map(|(n, ndc, on)| format!("{n}, {ndc}, {on}")).collect();
                    sent.join("; ")
                }
                ended => ended.mark().unwrap_or_default().to_owned(),
            };
            table.row([
                line.number.to_string(),
                line.packages.to_string(),
                format!("{} {} {}", product.name, product.strength, product.form),
                furnished,
            ]);
        }
        paper.table(table);
        paper
    }

    /// A power of attorney, in the words of 21 CFR 1305.05(c).
    pub(crate) fn power_paper(&self, state: &PowerState, at: Moment) -> Document {
        let paper_of = &state.paper;
        let (grantor, attorney) = (self.full_name(&paper_of.grantor), self.full_name(&paper_of.attorney));
        let mut paper = self.orders_paper("Power of Attorney for DEA Forms 222 and Electronic Orders", at);
        paper.fields(party_fields("Name of registrant", &paper_of.registrant));
        let may: Vec<&str> = paper_of
            .scopes
            .iter()
            .map(|scope| match scope {
                Scope::ObtainForms => POWER_FORMS,
                Scope::SignOrders => POWER_SIGN,
            })
            .collect();
        paper.paragraph(format!("I, {grantor}{POWER_FIRST}{attorney}{POWER_THEN}{}{POWER_LAST}", may.join(" and to ")));
        paper.signature("Signature of person granting power", state.granted.map(|_| grantor.clone()));
        paper.paragraph(format!("I, {attorney}{AFFIRMATION}"));
        paper.signature("Signature of attorney-in-fact", state.affirmed.map(|_| attorney.clone()));
        self.power_witnesses(&mut paper, &state.witnesses);
        paper.paragraph(format!("Signed and dated on {}, at {}.", paper_of.dated, paper_of.place));
        paper
    }

    /// The notice that revokes a power of attorney.
    ///
    /// # Errors
    /// `ORDER-NO-PAPER` for one that stands.
    pub(crate) fn revocation_paper(
        &self,
        state: &PowerState,
        events: &[theriac_books::orders::PowerEvent],
    ) -> Result<Document, Fault> {
        use theriac_books::orders::PowerEvent;
        let revoked = events.iter().find_map(|event| match event {
            PowerEvent::Revoked { id, grantor, witnesses, place, at } if *id == state.paper.id => {
                Some((grantor, witnesses, place, *at))
            }
            _ => None,
        });
        let (grantor, witnesses, place, at) = revoked.ok_or_else(|| none_yet("the power was not revoked"))?;
        let mut paper = self.orders_paper("Notice of Revocation", at);
        paper.fields(party_fields("Name of registrant", &state.paper.registrant));
        paper.fields([("Power of attorney", format!("{} of {}", state.paper.id.as_str(), state.paper.dated))]);
        paper.paragraph(format!("{REVOCATION}{} this same day.", self.full_name(&state.paper.attorney)));
        paper.signature("Signature of person revoking power", Some(self.full_name(grantor)));
        self.power_witnesses(&mut paper, witnesses);
        paper.paragraph(format!("Signed and dated on {}, at {place}.", at.date()));
        Ok(paper)
    }

    fn power_witnesses(&self, paper: &mut Document, names: &[String]) {
        paper.heading("Witnesses");
        for n in 0..names.len().max(2) {
            paper.signature(format!("Witness {}", n + 1), names.get(n).map(|name| self.full_name(name)));
        }
    }
}

fn copies_in_words(copies: &[u8]) -> String {
    if copies.is_empty() {
        return "the order".to_owned();
    }
    let copies: Vec<String> = copies.iter().map(ToString::to_string).collect();
    format!("copies {} of the form", copies.join(", "))
}
