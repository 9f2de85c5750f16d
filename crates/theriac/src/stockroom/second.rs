//! Acts that two people sign: the first enters the act, the second signs it in a session of their own, and only then is
//! anything posted. What is refused is refused when the first one enters it, and again when the second one signs.

use super::record::RoomEvent;
use super::shelves::Books;
use crate::house::House;
use crate::house::record::{Change, Fault};
use crate::typed::{Typed, wrong};
use jiff::Timestamp;
use theriac_books::outgoing::{Destruction, Manner, Spill, Wastage};
use theriac_books::{Account, CountId, Document, DocumentKind, EntryId, Movement, MovementKind, StockEvent};
use theriac_law::Moment;
use theriac_model::{Actor, Refusal, Role};

/// The acts: word, what it is.
pub(crate) const ACTS: [(&str, &str); 6] = [
    ("spill", "Breakage or spill"),
    ("set-aside", "Set aside for destruction"),
    ("destroy", "Destruction on Form 41"),
    ("waste", "Waste of the rest of a dose"),
    ("correct", "Correction of the books"),
    ("reverse", "Taking an entry back"),
];

/// An act that waits, or waited, for its second signature.
#[derive(Clone, Debug)]
pub(crate) struct Waiting {
    pub(crate) id: String,
    pub(crate) act: String,
    pub(crate) fields: Typed,
    pub(crate) by: String,
    pub(crate) at: Timestamp,
    /// `None` while it waits; else whether it was signed, by whom, and why it was taken back.
    pub(crate) settled: Option<(bool, String, String)>,
    version: u64,
}

/// What an act comes to when it is signed.
struct Decided {
    books: Books,
    stock: Vec<StockEvent>,
}

/// Somebody who has not signed yet, for trying an act out before it is offered to a second person.
fn somebody() -> Actor {
    Actor::new("second-signature", Role::Pharmacist)
}

impl House {
    /// Everything that was ever offered for a second signature, oldest first.
    pub(crate) fn second_signatures(&self) -> Result<Vec<Waiting>, Fault> {
        self.room_streams("second")?.iter().map(|listed| self.waiting_act(listed.id())).collect()
    }

    /// What waits for a second signature.
    pub(crate) fn waiting_acts(&self) -> Result<Vec<Waiting>, Fault> {
        let open = self.room_streams("second")?.into_iter().filter(|listed| listed.last_kind == "room.act-proposed");
        open.map(|listed| self.waiting_act(listed.id())).collect()
    }

    /// One act.
    pub(crate) fn waiting_act(&self, id: &str) -> Result<Waiting, Fault> {
        let (records, version) = self.placed::<RoomEvent>(&format!("second/{}/{id}", self.pharmacy))?;
        let mut found = None;
        for placed in records {
            match placed.record {
                RoomEvent::Proposed { act, fields, by } => {
                    let (id, fields, at) = (id.to_owned(), Typed(fields), placed.at);
                    found = Some(Waiting { id, act, fields, by, at, settled: None, version });
                }
                RoomEvent::Settled { signed, by, reason } => {
                    if let Some(waiting) = &mut found {
                        waiting.settled = Some((signed, by, reason));
                    }
                }
                _ => {}
            }
        }
        found.ok_or_else(|| {
            let what = format!("nothing with the number {id} waits for a second signature");
            Refusal::new("BOOKS-SECOND-UNKNOWN", "-", what, "look at the list on the page of the books").into()
        })
    }

    /// Enters an act of two people; answers its number. It is tried out first, so that a second person is not asked to sign
    /// what would be refused.
    pub(crate) fn propose_act(&self, actor: &Actor, act: &str, typed: &Typed) -> Result<String, Fault> {
        if !ACTS.iter().any(|(word, _)| *word == act) {
            return Err(wrong("act", "there is no such act", "choose one of the list"));
        }
        let happened = typed.time("at", self)?;
        let mut fields: Vec<(String, String)> =
            typed.0.iter().filter(|(name, _)| name != "at" && name != "act").cloned().collect();
        fields.push(("at".to_owned(), happened.to_string()));
        let fields = Typed(fields);
        let now = self.clock.moment();
        let id = format!("S-{}", self.room_streams("second")?.len() + 1);
        self.decided(act, &id, &fields, [actor, &somebody()], now)?;
        let name = format!("second/{}/{id}", self.pharmacy);
        let by = self.in_stockroom(actor, now);
        let event = RoomEvent::Proposed { act: act.to_owned(), fields: fields.0, by: actor.id.clone() };
        Change::default().decided_on(&name, 0).event(&by, &name, &event)?.commit(&self.store)?;
        Ok(id)
    }

    /// The second person signs: the act is decided again on the books as they stand, and posted.
    pub(crate) fn sign_second(&self, actor: &Actor, id: &str) -> Result<(), Fault> {
        let waiting = self.waiting_act(id)?;
        open_still(&waiting)?;
        if waiting.by == actor.id {
            let what = "the same person would sign twice".to_owned();
            let next = "let another person sign in and sign it";
            return Err(Refusal::new("BOOKS-SIGNERS", "21 CFR 1304.21(e), 1317.95(d)", what, next).into());
        }
        let first = self.known_person(&waiting.by).unwrap_or_else(|| Actor::new(waiting.by.clone(), Role::Pharmacist));
        let now = self.clock.moment();
        let decided = self.decided(&waiting.act, id, &waiting.fields, [&first, actor], now)?;
        let event = RoomEvent::Settled { signed: true, by: actor.id.clone(), reason: String::new() };
        self.settle(actor, &waiting, &event, now, Some(&decided))
    }

    /// Takes an act back that nobody has signed yet.
    pub(crate) fn take_back(&self, actor: &Actor, id: &str, reason: &str) -> Result<(), Fault> {
        let waiting = self.waiting_act(id)?;
        open_still(&waiting)?;
        if reason.trim().is_empty() {
            return Err(wrong("reason", "no reason is given", "say why it is not signed"));
        }
        let event = RoomEvent::Settled { signed: false, by: actor.id.clone(), reason: reason.trim().to_owned() };
        self.settle(actor, &waiting, &event, self.clock.moment(), None)
    }

    fn settle(
        &self,
        actor: &Actor,
        waiting: &Waiting,
        event: &RoomEvent,
        now: Moment,
        decided: Option<&Decided>,
    ) -> Result<(), Fault> {
        let name = format!("second/{}/{}", self.pharmacy, waiting.id);
        let by = self.in_stockroom(actor, now);
        let mut change = Change::default().decided_on(&name, waiting.version).event(&by, &name, event)?;
        if let Some(decided) = decided {
            change = decided.books.append(change, &by, &decided.stock)?;
        }
        change.commit(&self.store)?;
        Ok(())
    }

    /// What the act would post, signed by these two.
    fn decided(
        &self,
        act: &str,
        id: &str,
        fields: &Typed,
        signers: [&Actor; 2],
        now: Moment,
    ) -> Result<Decided, Fault> {
        let ndc = fields.ndc("ndc")?;
        let books = self.books_of(std::slice::from_ref(&ndc))?;
        let mut goods = self.goods(&ndc)?;
        goods.product.commodity.unit = self.unit_in(&books, &ndc);
        let signers: Vec<Actor> = signers.into_iter().cloned().collect();
        let at = self.moment_of(fields.time("at", self)?);
        let from = match fields.get("from") {
            "" => Account::Shelf,
            text => Account::parse(text)
                .ok_or_else(|| wrong("from", "that is no place of the books", "choose one of the list"))?,
        };
        let product = goods.product.clone();
        let number = fields.maybe("document").unwrap_or_else(|| id.to_owned());
        let movements: Vec<Movement> = match act {
            "spill" => {
                let amount = |name: &'static str| match fields.get(name) {
                    "" | "0" => Ok(None),
                    text => goods.read_some(name, text).map(Some),
                };
                let spill = Spill {
                    number,
                    product,
                    from,
                    recovered: amount("recovered")?,
                    lost: amount("lost")?,
                    circumstances: fields.get("circumstances").to_owned(),
                    witnesses: signers,
                    at,
                };
                spill.record(&self.profile)?.movements
            }
            "set-aside" | "destroy" => {
                let manner = if act == "destroy" { Manner::Destroyed } else { Manner::SetAside };
                if act == "destroy" {
                    fields.text("method")?;
                    fields.text("place")?;
                }
                let amount = goods.read_some("amount", fields.get("amount"))?;
                Destruction { number, manner, lines: vec![(product, from, amount)], signers, at }.movements()?
            }
            "waste" => {
                let amount = goods.read_some("amount", fields.get("amount"))?;
                let waste = Wastage { number, product, from, amount, signers, at };
                vec![waste.record(&self.profile)?.0]
            }
            "correct" => vec![Self::correction(&goods, fields, (from, number), signers, at)?],
            _ => {
                let stock = reversal(&books, &goods.product.commodity, fields, number, signers, (at, now))?;
                return Ok(Decided { books, stock });
            }
        };
        let stock = self.posted(&books, &movements, now.timestamp)?;
        Ok(Decided { books, stock })
    }

    /// A clerical correction: more or less on the shelf than the books say.
    fn correction(
        goods: &super::Goods,
        fields: &Typed,
        (place, number): (Account, String),
        signers: Vec<Actor>,
        at: Moment,
    ) -> Result<Movement, Fault> {
        let (kind, accounts) = match fields.get("way") {
            "more" => (MovementKind::ClericalIn, (Account::Clerical, place)),
            "less" => (MovementKind::ClericalOut, (place, Account::Clerical)),
            _ => return Err(wrong("way", "it is not said whether there is more or less", "choose one")),
        };
        let amount = goods.read_some("amount", fields.get("amount"))?;
        let what = (goods.product.commodity.clone(), goods.product.schedule);
        let when = (at.timestamp, Document::new(DocumentKind::DiscrepancyLog, number));
        let mut movement = Movement::new(what, kind, accounts, amount, when, signers);
        movement.reason = Some(fields.text("reason")?);
        if !fields.get("count").is_empty() {
            movement.explains = Some(CountId(fields.number("count")?));
        }
        Ok(movement)
    }
}

/// An entry taken back by its mirror image.
fn reversal(
    books: &Books,
    commodity: &theriac_books::Commodity,
    fields: &Typed,
    number: String,
    signers: Vec<Actor>,
    (at, now): (Moment, Moment),
) -> Result<Vec<StockEvent>, Fault> {
    let wanted = EntryId(fields.number("entry")?);
    let entry = books.of(commodity).find_map(|(_, event)| match event {
        StockEvent::Posted { entry, .. } if entry.id == wanted => Some(entry),
        _ => None,
    });
    let entry = entry.ok_or_else(|| wrong("entry", format!("there is no entry {wanted}"), "take it from the list"))?;
    let document = Document::new(DocumentKind::DiscrepancyLog, number);
    let reason = fields.text("reason")?;
    let stock = books.stock(commodity);
    Ok(stock.reverse(entry, &reason, (at.timestamp, now.timestamp), document, signers)?)
}

fn open_still(waiting: &Waiting) -> Result<(), Fault> {
    if waiting.settled.is_none() {
        return Ok(());
    }
    let what = format!("{} is settled already", waiting.id);
    Err(Refusal::new("BOOKS-SECOND-SETTLED", "-", what, "look at the books of the product").into())
}
