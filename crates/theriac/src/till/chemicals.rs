//! Sales of products with a listed chemical, and who was shown the logbook: 21 U.S.C. 830(d), (e); 21 CFR 1314.

use super::counter::buyer;
use super::lines::{LogLine, no_such_line};
use super::products::{OnSale, Selling, some};
use super::{Answered, again, most};
use crate::house::House;
use crate::house::record::{Change, Fault, read};
use crate::typed::{Typed, wrong};
use theriac_books::logbook::{
    ChemicalEvent, ChemicalLog, ChemicalProduct, ChemicalRequest, DocumentState, LogEntry, Purpose, SellerFile,
    Signature, Warning,
};
use theriac_journal::hash::sha256;
use theriac_law::Moment;
use theriac_law::vocab::{Channel, Detail, DisclosurePurpose, IdDocument, Word as _};
use theriac_model::calendar::days_after;
use theriac_model::{Actor, Ndc};
use theriac_store::NewPiece;

/// How far back sales of a purchaser are looked up: the 30 days, and a margin that the rulebook does not count.
const LOOK_BACK_MS: i64 = 33 * 24 * 3_600 * 1_000;
/// The longest capture of a signature, in characters.
const SIGNATURE_CHARS_MAX: usize = 20_000;
/// Minutes after which a sale has left the thirty days: the rulebook counts them as elapsed time, the last instant included.
const WINDOW_MINUTES: i64 = 30 * 24 * 60 + 1;

/// A sale as it was made.
#[derive(Clone, Debug)]
pub(crate) enum ChemicalSale {
    /// With its entry in the logbook.
    Logged(Box<LogEntry>),
    /// One package so small that no entry is made.
    Unlogged { product: ChemicalProduct, units: u64 },
}

struct Asked {
    request: ChemicalRequest,
    log: ChemicalLog,
    version: u64,
    captured: Option<String>,
    units_per_package: u64,
}

/// What a document without photograph says instead; a box for each.
fn document_state(typed: &Typed) -> Result<DocumentState, Fault> {
    match typed.get("document-state") {
        "" | "photograph" => Ok(DocumentState::WithPhotograph),
        "expired" => Ok(DocumentState::Expired),
        "no-photograph" => {
            let lacks = |(word, _): &&(&'static str, Detail)| !typed.ticked(&format!("detail-{word}"));
            Ok(DocumentState::WithoutPhotograph(Detail::LIST.iter().filter(lacks).map(|(_, detail)| *detail).collect()))
        }
        _ => Err(wrong("document-state", "that is no state of a document", "choose one")),
    }
}

impl House {
    fn chemical_request(&self, actor: &Actor, typed: &Typed, at: Moment) -> Result<(Asked, OnSale), Fault> {
        let ndc = Ndc::parse(typed.get("ndc")).or_else(|_| self.scanned_product(typed.get("ndc")))?;
        let product = self.on_sale_one(&ndc)?;
        let Selling::Chemical { product: sold, units_per_package } = product.selling.clone() else {
            let what = "that product is a controlled substance and is sold from the record book";
            return Err(wrong("ndc", what, "use the form for schedule V"));
        };
        let packages = some("packages", typed)?;
        let units = packages
            .checked_mul(units_per_package)
            .filter(|units| *units <= 1_000_000)
            .ok_or_else(|| wrong("packages", "nobody buys so many packages", "enter the number of packages again"))?;
        let captured = typed.maybe("signature");
        if captured.as_ref().is_some_and(|text| text.len() > SIGNATURE_CHARS_MAX) {
            return Err(wrong("signature", "the capture is too long", "capture the signature again"));
        }
        let device = typed.maybe("device").unwrap_or_else(|| "till".to_owned());
        let signature =
            captured.as_ref().map(|captured| Signature { digest: sha256(captured.as_bytes()).to_hex(), device });
        let request = ChemicalRequest {
            buyer: buyer(typed)?,
            document: typed.word("document", IdDocument::from_word)?,
            document_state: document_state(typed)?,
            kept: product.kept,
            name_on_document: typed.get("name-on-document").to_owned(),
            product: sold,
            units,
            packages,
            channel: match typed.get("channel") {
                "" => Channel::Counter,
                _ => typed.word("channel", Channel::from_word)?,
            },
            purpose: match typed.get("purpose") {
                "" => Purpose::Personal,
                _ => typed.word("purpose", Purpose::parse)?,
            },
            warning: if typed.get("warning") == "shown" { Warning::Shown } else { Warning::NotShown },
            signature,
            keyed_by: actor.clone(),
        };
        let stream = self.chemical_logbook();
        let (version, numbers) = self.book_now(&stream)?;
        let from = at.timestamp.as_millisecond().saturating_sub(LOOK_BACK_MS);
        let mut own = Vec::new();
        for entry in self.purchases_of(&stream, &request.buyer, from)? {
            if let ChemicalEvent::Sold { entry } = read::<ChemicalEvent>(&entry)? {
                own.push(entry);
            }
        }
        let log = ChemicalLog::for_one_purchaser(numbers, own);
        Ok((Asked { request, log, version, captured, units_per_package }, product))
    }

    /// Whether it may be sold; nothing is recorded. The signature is not asked for yet.
    pub(crate) fn ask_chemical_sale(&self, actor: &Actor, typed: &Typed) -> Result<Answered, Fault> {
        let at = self.clock.moment();
        let (mut asked, _) = self.chemical_request(actor, typed, at)?;
        // What comes after the answer: the warning, and the signature under it.
        asked.request.warning = Warning::Shown;
        asked.request.signature = Some(Signature { digest: String::new(), device: String::new() });
        Ok(self.judge_chemical(&asked, (actor, &self.seller_file()?.0), at))
    }

    fn judge_chemical(&self, asked: &Asked, by: (&Actor, &SellerFile), at: Moment) -> Answered {
        let wanted = asked.request.packages;
        let sells = |packages: u64, at: Moment| {
            let units = packages.saturating_mul(asked.units_per_package);
            let request = ChemicalRequest { packages, units, ..asked.request.clone() };
            asked.log.sell(&self.profile, &request, by, at).map(|_| ())
        };
        let Err(refusal) = sells(wanted, at) else {
            return Answered { refusal: None, allowed_from: None, most_now: wanted };
        };
        // A new day begins, or a sale leaves the thirty days.
        let tomorrow = days_after(at.date(), 1).and_then(|day| day.to_zoned(self.clock.zone()).ok());
        let leaving =
            asked.log.entries().iter().filter_map(|entry| {
                entry.sold.timestamp.checked_add(jiff::SignedDuration::from_mins(WINDOW_MINUTES)).ok()
            });
        let mut starts: Vec<_> = tomorrow.map(|day| day.timestamp()).into_iter().chain(leaving).collect();
        starts.retain(|start| *start > at.timestamp);
        starts.sort_unstable();
        let mut starts = starts.into_iter().map(|start| self.moment_of(start));
        let allowed_from = starts.find(|start| sells(wanted, *start).is_ok());
        let most_now = most(wanted, |packages| packages == 0 || sells(packages, at).is_ok());
        Answered { refusal: Some(Box::new(refusal)), allowed_from, most_now }
    }

    /// Sells and logs; what was captured of the signature is archived beside the entry.
    pub(crate) fn chemical_sale(&self, actor: &Actor, typed: &Typed) -> Result<ChemicalSale, Fault> {
        again(|| {
            let at = self.clock.moment();
            let (asked, _) = self.chemical_request(actor, typed, at)?;
            let (file, _) = self.seller_file()?;
            let events = match asked.log.sell(&self.profile, &asked.request, (actor, &file), at) {
                Ok(events) => events,
                Err(refusal) => {
                    let answered = self.judge_chemical(&asked, (actor, &file), at);
                    return Err(self.with_next_sale(refusal, &answered, "packages").into());
                }
            };
            let event = events.into_iter().next().ok_or_else(|| Fault::Broken("a sale without an event".to_owned()))?;
            let (stream, by) = (self.chemical_logbook(), self.in_stockroom(actor, at));
            let mut pieces = Vec::new();
            if let (ChemicalEvent::Sold { .. }, Some(captured)) = (&event, &asked.captured) {
                let bytes = captured.clone().into_bytes();
                let sealed = self.keys.pharmacy.seal(&bytes, at.timestamp);
                let seal = sealed.map_err(|error| Fault::Broken(error.to_string()))?;
                pieces.push(NewPiece { media: "text/plain".to_owned(), bytes, seal });
            }
            let change = Change::default().decided_on(&stream, asked.version);
            change.with_pieces(&by, &stream, &event, pieces)?.commit(&self.store)?;
            match event {
                ChemicalEvent::Sold { entry } => Ok(ChemicalSale::Logged(Box::new(entry))),
                ChemicalEvent::SoldUnlogged { product, units, .. } => Ok(ChemicalSale::Unlogged { product, units }),
                ChemicalEvent::Disclosed { .. } => Err(Fault::Broken("a sale that is a disclosure".to_owned())),
            }
        })
    }

    /// Gives entries of the logbook to somebody and records it: to whom, what for, which. Answers the journal's entry.
    pub(crate) fn disclose_log(&self, actor: &Actor, typed: &Typed) -> Result<u64, Fault> {
        again(|| {
            let purpose = typed.word("purpose", DisclosurePurpose::from_word)?;
            let (from, through) = (some("from", typed)?, some("through", typed)?);
            let stream = self.chemical_logbook();
            let (version, numbers) = self.book_now(&stream)?;
            let entries = self.log_lines((from, through))?.into_iter().map(|line| line.entry).collect();
            let log = ChemicalLog::for_one_purchaser(numbers, entries);
            let at = self.clock.moment();
            let to = typed.get("to");
            let (_, events) = log.disclose(&self.profile, to, purpose, (from, through), (actor.clone(), at))?;
            let by = self.in_stockroom(actor, at);
            let mut change = Change::default().decided_on(&stream, version);
            for event in &events {
                change = change.event(&by, &stream, event)?;
            }
            let appended = change.commit(&self.store)?;
            Ok(appended.seqs.start)
        })
    }

    /// The journal's entries that say to whom something was given of the logbook, the newest first.
    pub(crate) fn disclosures(&self, most: usize) -> Result<Vec<u64>, Fault> {
        let sql = "SELECT seq FROM entries WHERE stream = $1 AND kind = 'slcp.disclosed' ORDER BY seq DESC LIMIT $2";
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let rows = self.store.query(sql, &[self.chemical_logbook().into(), most.into()])?;
        Ok(rows.iter().map(|row| row.u64(0)).collect::<Result<_, _>>()?)
    }

    /// What was given to somebody, by the journal's entry that says so.
    pub(crate) fn disclosed(&self, seq: u64) -> Result<(String, DisclosurePurpose, Vec<LogLine>), Fault> {
        let entry = self.store.entry(seq).map_err(|_| no_such_line(seq))?;
        if entry.stream != self.chemical_logbook() || entry.kind != "slcp.disclosed" {
            return Err(no_such_line(seq));
        }
        match read::<ChemicalEvent>(&entry)? {
            ChemicalEvent::Disclosed { to, purpose, from, through, .. } => {
                Ok((to, purpose, self.log_lines((from, through))?))
            }
            _ => Err(no_such_line(seq)),
        }
    }
}
