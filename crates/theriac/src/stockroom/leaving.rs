//! What leaves otherwise than on a prescription, and what moves within the pharmacy: sales and returns to registrants,
//! reverse distributors, quarantine, Form 41, and the five-percent meter of the year.

use super::receiving::party;
use crate::house::House;
use crate::house::record::{Change, Fault};
use crate::typed::{Typed, wrong};
use theriac_books::outgoing::{
    Confirmation, FivePercent, Form41, Listing, Origin, OutDocument, OutLine, Outgoing, OutgoingEvent, Prepared,
    Recipient, Registry, Way, form_41_of,
};
use theriac_books::{Account, Document, DocumentKind, Movement, MovementKind};
use theriac_law::vocab::{Handling, Standing, Word as _};
use theriac_model::{Actor, BusinessActivity, DeaNumber, Ndc, Refusal, Schedule};

/// Something that left.
pub(crate) struct Left {
    pub(crate) id: String,
    pub(crate) seq: u64,
    pub(crate) outgoing: Outgoing,
    pub(crate) confirmed: Vec<Confirmation>,
    version: u64,
}

impl House {
    /// Everything that left for other registrants, oldest first.
    pub(crate) fn left(&self) -> Result<Vec<Left>, Fault> {
        self.room_streams("outgoing")?.iter().map(|listed| self.left_one(listed.id())).collect()
    }

    /// One of them.
    pub(crate) fn left_one(&self, id: &str) -> Result<Left, Fault> {
        let (records, version) = self.placed::<OutgoingEvent>(&format!("outgoing/{}/{id}", self.pharmacy))?;
        let mut left: Option<Left> = None;
        for placed in records {
            match (placed.record, &mut left) {
                (OutgoingEvent::Sent(outgoing), _) => {
                    let (id, seq, confirmed) = (id.to_owned(), placed.seq, Vec::new());
                    left = Some(Left { id, seq, outgoing: *outgoing, confirmed, version });
                }
                (OutgoingEvent::Confirmed(one), Some(left)) => left.confirmed.push(one),
                (OutgoingEvent::Confirmed(_), None) => {}
            }
        }
        left.ok_or_else(|| {
            let what = format!("nothing left under the number {id}");
            Refusal::new("BOOKS-OUT-UNKNOWN", "-", what, "choose one from the list").into()
        })
    }

    /// The five-percent figures of the year so far.
    pub(crate) fn five_percent(&self) -> Result<FivePercent, Fault> {
        let books = self.all_books()?;
        let now = self.clock.moment();
        Ok(FivePercent::of(books.plain(), now.date(), now.offset))
    }

    /// Sends stock to another registrant: the recipient's registration is looked up, the rulebook is asked, document and
    /// movements are one act. Answers its number and what the rulebook warns of.
    pub(crate) fn send_out(&self, actor: &Actor, typed: &Typed) -> Result<(String, Vec<Refusal>), Fault> {
        let way = typed.word("way", Way::parse)?;
        let activity = match way {
            Way::SaleToPharmacy => BusinessActivity::Pharmacy,
            Way::SaleToPractitioner => BusinessActivity::Practitioner,
            Way::ReverseDistribution => BusinessActivity::ReverseDistributor,
            _ => BusinessActivity::Distributor,
        };
        let to = party(typed, activity)?;
        let at = self.clock.moment();
        let (standing, schedules) = self.recipient_standing(to.number, typed)?;
        let listing = match typed.maybe("list-source") {
            Some(source) => Some(Listing { source, day: typed.day("list-day")? }),
            None => None,
        };
        let ndc = self.scanned_product(typed.get("ndc"))?;
        self.may_be_handled(Handling::Transfer, &ndc, at)??;
        let books = self.all_books()?;
        let mut goods = self.goods(&ndc)?;
        goods.product.commodity.unit = self.unit_in(&books, &ndc);
        let amount = goods.read_some("amount", typed.get("amount"))?;
        let containers = typed.number_or("containers", 1)?;
        let from = place(typed, "from")?;
        let kind = typed.word("document-kind", DocumentKind::parse)?;
        let lines = vec![OutLine { product: goods.product, from, containers, amount }];
        let outgoing = Outgoing {
            way,
            sender: self.registrant()?,
            recipient: Recipient {
                party: to,
                standing,
                schedules,
                checked_by: actor.clone(),
                checked_at: at,
                listing,
                origin: Origin::parse(typed.get("origin")).unwrap_or(Origin::Supplier),
            },
            lines,
            document: OutDocument { kind, number: typed.text("document")? },
            manner: typed.get("manner").to_owned(),
            arranged_by: typed.maybe("arranged-by"),
            counts_confirmed_by: typed.ticked("counts-confirmed").then(|| actor.clone()),
            board_notified: typed.maybe_day("board-notified")?,
            signer: actor.clone(),
            at,
        };
        let year = FivePercent::of(books.plain(), at.date(), at.offset);
        let distributor = DeaNumber::parse(self.registration()?.get("distributor")).ok();
        let registry = Registry { ledger: &books.ledger, year: &year, own_orders: &[], distributor };
        let Prepared { event, movements, warnings, .. } = outgoing.prepare(&self.profile, registry)?;
        let stock = self.posted(&books, &movements, at.timestamp)?;
        let id = format!("O-{}", self.room_streams("outgoing")?.len() + 1);
        let name = format!("outgoing/{}/{id}", self.pharmacy);
        let by = self.in_stockroom(actor, at);
        let change = Change::default().decided_on(&name, 0).event(&by, &name, &event)?;
        books.append(change, &by, &stock)?.commit(&self.store)?;
        Ok((id, warnings))
    }

    /// Where a recipient's registration stands: as the registrant data say, else as somebody checked by hand.
    fn recipient_standing(&self, number: DeaNumber, typed: &Typed) -> Result<(Standing, Vec<Schedule>), Fault> {
        let Some(row) = self.registrant_row(number) else {
            let standing = typed.word("standing", Standing::from_word)?;
            let schedules = typed.get("schedules").split([' ', ',']).filter_map(Schedule::parse).collect();
            return Ok((standing, schedules));
        };
        let standing = match row.status.as_str() {
            "valid" if row.expires >= self.clock.moment().date() => Standing::Valid,
            "valid" | "expired" => Standing::Expired,
            "suspended" => Standing::Suspended,
            _ => Standing::Revoked,
        };
        Ok((standing, row.schedules))
    }

    /// Files a reverse distributor's word that it destroyed what it received. The books stay as they are.
    pub(crate) fn file_confirmation(&self, actor: &Actor, id: &str, typed: &Typed) -> Result<(), Fault> {
        let left = self.left_one(id)?;
        if left.outgoing.way != Way::ReverseDistribution {
            return Err(wrong("id", "that did not go to a reverse distributor", "choose one that did"));
        }
        let at = self.clock.moment();
        let confirmation = Confirmation {
            document: left.outgoing.document.number.clone(),
            form: typed.text("form")?,
            destroyed: typed.day("destroyed")?,
            by: actor.clone(),
            at,
        };
        let name = format!("outgoing/{}/{id}", self.pharmacy);
        let by = self.in_stockroom(actor, at);
        let change = Change::default().decided_on(&name, left.version);
        change.event(&by, &name, &OutgoingEvent::Confirmed(confirmation))?.commit(&self.store)?;
        Ok(())
    }

    /// Moves stock within the pharmacy: to quarantine, or to another place.
    pub(crate) fn move_within(&self, actor: &Actor, ndc: &Ndc, typed: &Typed) -> Result<(), Fault> {
        let books = self.books_of(std::slice::from_ref(ndc))?;
        let mut goods = self.goods(ndc)?;
        goods.product.commodity.unit = self.unit_in(&books, ndc);
        let amount = goods.read_some("amount", typed.get("amount"))?;
        let (from, to) = (place(typed, "from")?, place(typed, "to")?);
        let (kind, document) = if to == Account::Quarantine {
            (MovementKind::Quarantine, DocumentKind::DamageReport)
        } else {
            (MovementKind::Relocation, DocumentKind::RelocationNote)
        };
        let number = typed.text("document")?;
        let at = self.clock.moment();
        let when = (self.moment_of(typed.time("at", self)?).timestamp, Document::new(document, number));
        let what = (goods.product.commodity.clone(), goods.product.schedule);
        let mut movement = Movement::new(what, kind, (from, to), amount, when, vec![actor.clone()]);
        movement.reason = typed.maybe("reason");
        let stock = self.posted(&books, &[movement], at.timestamp)?;
        let by = self.in_stockroom(actor, at);
        books.append(Change::default(), &by, &stock)?.commit(&self.store)?;
        Ok(())
    }

    /// Form 41 of a destruction that two people have signed.
    pub(crate) fn form_41(&self, id: &str) -> Result<Form41, Fault> {
        let act = self.waiting_act(id)?;
        if act.act != "destroy" || !matches!(act.settled, Some((true, ..))) {
            let what = format!("{id} is no destruction that two people have signed");
            return Err(Refusal::new(
                "BOOKS-FORM-41-ENTRIES",
                "21 CFR 1317.95(d)",
                what,
                "let the second person sign it",
            )
            .into());
        }
        let ndc = act.fields.ndc("ndc")?;
        let books = self.books_of(std::slice::from_ref(&ndc))?;
        let product = |commodity: &theriac_books::Commodity| {
            let mut goods = self.goods(&commodity.ndc).ok()?;
            goods.product.commodity = commodity.clone();
            Some(goods.product)
        };
        let number = act.fields.maybe("document").unwrap_or_else(|| id.to_owned());
        let registration = self.registration()?;
        Ok(form_41_of(
            &number,
            (&self.registrant()?, registration.get("telephone")),
            (act.fields.get("method"), act.fields.get("place")),
            books.plain(),
            product,
            self.clock.moment().offset,
        )?)
    }
}

/// A place of the books; the shelf where nothing was typed.
fn place(typed: &Typed, name: &'static str) -> Result<Account, Fault> {
    match typed.get(name) {
        "" => Ok(Account::Shelf),
        text => Account::parse(text)
            .ok_or_else(|| wrong(name, "that is no place of the books", "write shelf, quarantine, or place:safe")),
    }
}
