//! The business passes to another registrant: the notice to DEA, and the day itself (21 CFR 1301.52(d), (e)).

use crate::house::House;
use crate::house::record::{Change, Fault};
use crate::stockroom::record::RoomEvent;
use crate::typed::{Typed, wrong};
use theriac_books::inventory::Occasion;
use theriac_books::outgoing::{BusinessTransfer, GoesOn, Notified, Passed, TransferNotice, Transferee};
use theriac_books::{Document, DocumentKind, Party};
use theriac_model::{Actor, Address, BusinessActivity, Refusal};
use theriac_paper::{Document as Paper, PageSize};

fn address(typed: &Typed) -> Address {
    Address {
        line1: typed.get("line1").to_owned(),
        line2: None,
        city: typed.get("city").to_owned(),
        state: typed.get("state").to_ascii_uppercase(),
        postal: typed.get("postal").to_owned(),
    }
}

/// The only street of an address written on one line.
fn elsewhere(text: &str) -> Address {
    Address { line1: text.to_owned(), line2: None, city: "-".to_owned(), state: "-".to_owned(), postal: "-".to_owned() }
}

impl House {
    /// The notice as it was recorded last.
    ///
    /// # Errors
    /// `BOOKS-TRANSFER-NOTICE` where nobody has recorded one.
    pub(crate) fn transfer_notice(&self) -> Result<TransferNotice, Fault> {
        let now = self.registration()?;
        let step = now.last("business-notice").ok_or_else(|| {
            let next = "record what the notice says at Books, Registration";
            Refusal::new("BOOKS-TRANSFER-NOTICE", "21 CFR 1301.52(d)", "no notice was made out", next)
        })?;
        let fields = &step.fields;
        Ok(TransferNotice {
            transferor: self.registrant()?,
            transferee: Party {
                name: fields.get("transferee").to_owned(),
                address: address(fields),
                number: fields.dea("number")?,
                activity: BusinessActivity::parse(fields.get("activity")).unwrap_or(BusinessActivity::Pharmacy),
            },
            place: match fields.get("place") {
                "same" => GoesOn::SamePlace,
                "" => GoesOn::Unstated,
                text => GoesOn::At(elsewhere(text)),
            },
            day: Some(fields.day("on")?),
        })
    }

    /// The notice of a transfer of business as a paper.
    ///
    /// # Errors
    /// As [`House::transfer_notice`]; the rulebook's `LAW-1301.52-NOTICE`, naming what is missing.
    pub(crate) fn transfer_notice_paper(&self) -> Result<Paper, Fault> {
        let notice = self.transfer_notice()?;
        let today = self.clock.moment().date();
        notice.whole(&self.profile, today)?;
        let now = self.registration()?;
        let step = now.last("business-notice");
        let mut paper = self.paper_of_books(PageSize::LETTER, "Notice of a transfer of business (21 CFR 1301.52(d))");
        paper.footer.period = notice.day.map(|day| day.to_string());
        paper.strong("In person, or by registered or certified mail, return receipt requested");
        paper.fields([("To", "DEA Special Agent in Charge")]);
        for (heading, party) in [("Transferor", &notice.transferor), ("Transferee", &notice.transferee)] {
            paper.heading(heading);
            paper.fields([
                ("Name", party.name.clone()),
                ("Address", party.address.one_line()),
                ("DEA registration", party.number.to_string()),
                ("Authorised business activity", party.activity.word().replace('-', " ")),
            ]);
        }
        paper.heading("Transfer");
        let place = step.map_or("", |step| step.fields.get("place"));
        let place = if place == "same" { "at the same place".to_owned() } else { format!("at a new place: {place}") };
        paper.fields([
            ("The business goes on", place),
            ("Day on which the controlled substances move", notice.day.map_or_else(String::new, |day| day.to_string())),
        ]);
        if let Some(step) = now.last("business-notice-received") {
            paper.fields([(
                "What became of this notice",
                format!("{} {}: {}", step.fields.get("how"), step.fields.get("on"), step.fields.get("proof")),
            )]);
        }
        paper.signature("Transferor", None);
        Ok(paper)
    }

    /// What became of the notice.
    fn notified(&self) -> Result<Notified, Fault> {
        let now = self.registration()?;
        let (Some(notice), Some(step)) = (now.last("business-notice"), now.last("business-notice-received")) else {
            return Ok(Notified::NotYet);
        };
        Ok(match step.fields.get("how") {
            _ if step.seq < notice.seq => Notified::NotYet,
            "waived" => Notified::Waived,
            _ => Notified::On(step.fields.day("on")?),
        })
    }

    /// Passes the business: the whole stock leaves the books on the inventory of the day. Answers both sides' movements; those
    /// of the transferee go with the records.
    ///
    /// # Errors
    /// What the core and the rulebook refuse: the notice, the inventory of the day, a variance that is not settled, an order
    /// form that is missing, records that were not handed over.
    pub(crate) fn pass_business(&self, actor: &Actor, typed: &Typed) -> Result<Passed, Fault> {
        let notice = self.transfer_notice()?;
        let sheet = self.sheet(typed.get("inventory"))?;
        let at = self.clock.moment();
        let now = self.registration()?;
        let order = match (typed.get("order-kind"), typed.get("order")) {
            (_, "") => None,
            ("csos-order", number) => Some(Document::new(DocumentKind::CsosOrder, number)),
            (_, number) => Some(Document::new(DocumentKind::OrderForm, number)),
        };
        let transfer = BusinessTransfer {
            notice: &notice,
            notified: self.notified()?,
            inventory: &sheet.inventory,
            order,
            document: typed.maybe("document"),
            transferee: match typed.get("registered") {
                "early-with-another" => Transferee::EarlyWithAnother,
                "early-alone" => Transferee::EarlyAlone,
                "licensed" => Transferee::Licensed,
                _ => return Err(wrong("registered", "it is not said how the transferee is registered", "choose one")),
            },
            records_passed: match now.last("business-records-passed") {
                Some(step) => Some(step.fields.day("on")?),
                None => None,
            },
            signer: actor.clone(),
            receiver: Actor::new(typed.text("receiver")?, actor.role),
            at,
        };
        let books = self.all_books()?;
        let passed = transfer.pass(&self.profile, &books.ledger)?;
        let stock = self.posted(&books, &passed.out, at.timestamp)?;
        let by = self.in_stockroom(actor, at);
        let fields = vec![
            ("on".to_owned(), at.date().to_string()),
            ("inventory".to_owned(), typed.get("inventory").to_owned()),
            ("to".to_owned(), notice.transferee.number.to_string()),
        ];
        let event = RoomEvent::Step { what: "business-passed".to_owned(), fields, by: actor.id.clone() };
        let change = self.decided_on_registration(Change::default(), &now, &by, &event)?;
        books.append(change, &by, &stock)?.commit(&self.store)?;
        Ok(passed)
    }

    /// The inventories of a transfer that are closed, the newest first.
    pub(crate) fn transfer_inventories(&self) -> Result<Vec<String>, Fault> {
        let closed = self.inventories()?.into_iter().rev();
        let closed = closed
            .filter(|one| one.inventory.closed().is_some() && one.inventory.plan().occasion == Occasion::Transfer);
        Ok(closed.map(|one| one.inventory.plan().id.as_str().to_owned()).collect())
    }
}
