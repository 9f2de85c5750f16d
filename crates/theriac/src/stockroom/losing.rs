//! Theft and loss at the desk: the discovery with its clock, the decision on significance, the notice, Form 106, the end.

use super::receiving::party;
use crate::house::House;
use crate::house::record::{Change, Fault};
use crate::typed::{Typed, wrong};
use theriac_books::losses::{
    Assessed, Custody, Details, Discovery, Figures, Form106, Incident, IncidentEvent, Notice, OthersTold, PoliceReport,
    SupplierTold, Transit,
};
use theriac_books::{Account, Commodity, CountId, Name, StockEvent};
use theriac_law::vocab::{
    CaseOutcome, Medium, NoticeTo, Party as LawParty, Significance, SignificanceFactor, TheftType, Word as _,
};
use theriac_model::{Actor, BusinessActivity, Ndc, Refusal};

/// One case of theft or loss.
pub(crate) struct Case {
    pub(crate) id: String,
    pub(crate) incident: Incident,
    version: u64,
}

fn custody(word: &str) -> Result<Custody, Fault> {
    Ok(match word {
        "signed" => Custody::Signed,
        "not-signed" => Custody::NotSigned,
        "refused" => Custody::Refused,
        _ => return Err(wrong("custody", "that is none to choose from", "choose one")),
    })
}

/// Days over which the pharmacy's own figures for the decision are taken.
const FIGURE_DAYS: i64 = 365;

impl House {
    /// All cases, oldest first.
    pub(crate) fn loss_cases(&self) -> Result<Vec<Case>, Fault> {
        self.room_streams("incident")?.iter().map(|listed| self.loss_case(listed.id())).collect()
    }

    /// One case.
    pub(crate) fn loss_case(&self, id: &str) -> Result<Case, Fault> {
        let (records, version) = self.placed::<IncidentEvent>(&format!("incident/{}/{id}", self.pharmacy))?;
        let unknown = || {
            let what = format!("there is no case {id}");
            Fault::from(Refusal::new("BOOKS-INCIDENT-UNKNOWN", "-", what, "choose one from the list"))
        };
        let incident = Incident::replay(records.iter().map(|placed| &placed.record)).ok_or_else(unknown)?;
        Ok(Case { id: id.to_owned(), incident, version })
    }

    /// Opens a case: from here the clock of the notice runs. Answers its number.
    pub(crate) fn discover_loss(&self, actor: &Actor, typed: &Typed) -> Result<String, Fault> {
        let discovered = self.moment_of(typed.time("discovered", self)?);
        if discovered.timestamp > self.clock.now() {
            return Err(wrong("discovered", "the discovery would lie in the future", "enter when it was discovered"));
        }
        let transit = match typed.get("custody") {
            "" => None,
            word => Some(Transit {
                supplier: party(typed, BusinessActivity::Distributor)?,
                carrier: typed.text("carrier")?,
                hired_by: match typed.get("hired-by") {
                    "" => None,
                    _ => Some(typed.word("hired-by", |word| {
                        LawParty::from_word(word)
                            .filter(|one| matches!(one, LawParty::Pharmacy | LawParty::CentralFillPharmacy))
                    })?),
                },
                custody: custody(word)?,
            }),
        };
        let id = format!("L-{}", self.room_streams("incident")?.len() + 1);
        let discovery = Discovery {
            id: Name::parse(&id.to_ascii_lowercase()).map_err(|error| Fault::Broken(error.to_string()))?,
            registrant: self.registrant()?,
            discovered,
            kind: typed.word("kind", TheftType::from_word)?,
            circumstances: typed.get("circumstances").to_owned(),
            transit,
            by: actor.clone(),
        };
        let events = Incident::discover(discovery)?;
        let id = id.to_ascii_lowercase();
        self.append_case(actor, &id, 0, &events, Change::default())?;
        Ok(id)
    }

    fn append_case(
        &self,
        actor: &Actor,
        id: &str,
        version: u64,
        events: &[IncidentEvent],
        change: Change,
    ) -> Result<(), Fault> {
        let (name, at) = (format!("incident/{}/{id}", self.pharmacy), self.clock.moment());
        let by = self.in_stockroom(actor, at);
        let mut change = change.decided_on(&name, version);
        for event in events {
            change = change.event(&by, &name, event)?;
        }
        change.commit(&self.store)?;
        Ok(())
    }

    /// Takes what is missing out of the books, for a case: the entry names the case and no form is needed for it.
    pub(crate) fn post_loss(&self, actor: &Actor, id: &str, typed: &Typed) -> Result<(), Fault> {
        let case = self.loss_case(id)?;
        if case.incident.closed.is_some() {
            return Err(wrong("id", "the case is closed", "open another case"));
        }
        let ndc = self.scanned_product(typed.get("ndc"))?;
        let books = self.books_of(std::slice::from_ref(&ndc))?;
        let mut goods = self.goods(&ndc)?;
        goods.product.commodity.unit = self.unit_in(&books, &ndc);
        let amount = goods.read_some("amount", typed.get("amount"))?;
        let from = match typed.get("from") {
            "" => Account::Shelf,
            text => Account::parse(text).ok_or_else(|| wrong("from", "that is no place of the books", "choose one"))?,
        };
        let mut movement = case.incident.movement(&goods.product, from, amount, actor.clone());
        if !typed.get("count").is_empty() {
            let count = CountId(typed.number("count")?);
            movement = movement.explaining(count, typed.text("reason")?);
        }
        let at = self.clock.moment();
        let stock = self.posted(&books, &[movement], at.timestamp)?;
        let by = self.in_stockroom(actor, at);
        books.append(Change::default(), &by, &stock)?.commit(&self.store)?;
        Ok(())
    }

    /// The letter that nothing was lost, as it was sent.
    pub(crate) fn letter_of(&self, id: &str) -> Result<Option<String>, Fault> {
        let (records, _) = self.placed::<IncidentEvent>(&format!("incident/{}/{id}", self.pharmacy))?;
        Ok(records.into_iter().rev().find_map(|placed| match placed.record {
            IncidentEvent::LetterSent { letter, .. } => Some(letter),
            _ => None,
        }))
    }

    /// The books of the products of a case.
    pub(crate) fn lost_in(&self, case: &Case) -> Result<Vec<(Commodity, i64)>, Fault> {
        let mut lost = Vec::new();
        for ndc in self.stocked_with(&case.incident.account())? {
            let books = self.books_of(std::slice::from_ref(&ndc))?;
            lost.extend(case.incident.quantities(books.plain()));
        }
        Ok(lost)
    }

    /// The products whose books have touched an account.
    fn stocked_with(&self, account: &Account) -> Result<Vec<Ndc>, Fault> {
        let sql = "SELECT ndc FROM balances WHERE registration = $1 AND account = $2 ORDER BY ndc";
        let rows = self.store.query(sql, &[self.pharmacy.as_str().into(), account.to_string().into()])?;
        Ok(rows.iter().filter_map(|row| Ndc::parse(row.text(0).ok()?).ok()).collect())
    }

    /// The pharmacy's own figures for what a case lost, over the year before its discovery.
    pub(crate) fn loss_figures(&self, case: &Case) -> Result<Vec<Figures>, Fault> {
        let until = case.incident.discovery.discovered.timestamp;
        let from = until.checked_sub(jiff::SignedDuration::from_hours(24 * FIGURE_DAYS)).unwrap_or(until);
        let mut figures = Vec::new();
        for (commodity, lost) in self.lost_in(case)? {
            let books = self.books_of(std::slice::from_ref(&commodity.ndc))?;
            figures.push(Figures::of(&commodity, lost, (from, until), books.plain()));
        }
        Ok(figures)
    }

    /// Who may sign notices and Form 106 for the registrant.
    fn authorised(&self) -> Result<Vec<String>, Fault> {
        Ok(self
            .registration()?
            .get("authorised")
            .split([' ', ','])
            .filter(|id| !id.is_empty())
            .map(str::to_owned)
            .collect())
    }

    /// A step of a case.
    pub(crate) fn step_of_case(
        &self,
        actor: &Actor,
        id: &str,
        act: &str,
        typed: &Typed,
    ) -> Result<Option<Refusal>, Fault> {
        let case = self.loss_case(id)?;
        let at = self.clock.moment();
        let incident = &case.incident;
        let mut said = None;
        let events = match act {
            "assess" => {
                let answers =
                    SignificanceFactor::LIST.iter().map(|(word, factor)| (*factor, typed.get(word).to_owned()));
                let assessed = Assessed {
                    significance: typed.word("significance", Significance::from_word)?,
                    answers: answers.collect(),
                    reasons: typed.get("reasons").to_owned(),
                    theft_in_doubt: typed.ticked("in-doubt"),
                    in_spite_of_pattern: typed.ticked("in-spite"),
                    earlier_small: self.small_losses(&case)?,
                    by: actor.clone(),
                    at,
                };
                incident.assess(&self.profile, assessed)?.0
            }
            "notify" => {
                let title = typed.get("title").to_owned();
                let notice = Notice {
                    to: typed.word("to", NoticeTo::from_word)?,
                    in_writing: typed.ticked("in-writing"),
                    channel: typed.text("channel")?,
                    signer: typed.ticked("signed").then(|| (actor.clone(), title)),
                    copy: typed.maybe("copy"),
                    at: self.moment_of(typed.time("at", self)?),
                };
                let (events, late) = incident.notify(&self.profile, LawParty::Pharmacy, notice, &self.authorised()?)?;
                said = late;
                events
            }
            "others" => {
                let police = match typed.maybe("department") {
                    Some(department) => Some((department, typed.text("telephone")?, typed.maybe("report"))),
                    None => None,
                };
                incident.tell_others(OthersTold { police, board: typed.maybe("board"), by: actor.clone(), at })?
            }
            "supplier" => {
                incident.tell_supplier(SupplierTold { by: actor.clone(), channel: typed.text("channel")?, at })?
            }
            "form" => {
                let form = self.form_106(&case, actor, typed)?;
                let (channel, copy) = (typed.text("channel")?, typed.text("copy")?);
                let authorised = self.authorised()?;
                incident.file(
                    &self.profile,
                    LawParty::Pharmacy,
                    (&form, &channel, &copy),
                    actor.clone(),
                    &authorised,
                )?
            }
            "letter" => {
                let found = typed.text("found")?;
                let letter = incident.no_loss_letter(&found, at.date());
                vec![IncidentEvent::LetterSent { letter, copy: typed.text("copy")?, by: actor.clone(), at }]
            }
            "turned-up" => {
                let came = self.moment_of(typed.time("at", self)?);
                if came.timestamp > self.clock.now() {
                    return Err(wrong("at", "it would lie in the future", "enter when it turned up"));
                }
                incident.turned_up(custody(typed.get("custody"))?, actor.clone(), came)?
            }
            "close" => {
                let outcome = typed.word("outcome", CaseOutcome::from_word)?;
                incident.close(&self.profile, outcome, actor.clone(), at)?
            }
            _ => return Err(wrong("act", "there is no such step", "choose one of the page")),
        };
        self.append_case(actor, id, case.version, &events, Change::default())?;
        Ok(said)
    }

    /// The days of earlier small losses of the products of a case.
    fn small_losses(&self, case: &Case) -> Result<Vec<jiff::civil::Date>, Fault> {
        let mut days = Vec::new();
        for figures in self.loss_figures(case)? {
            for (_, at, _) in figures.earlier {
                if at < case.incident.discovery.discovered.timestamp {
                    days.push(self.moment_of(at).date());
                }
            }
        }
        days.sort();
        days.dedup();
        Ok(days)
    }

    /// Form 106 of a case, filled from its entries and from what the form on the page says.
    pub(crate) fn form_106(&self, case: &Case, signer: &Actor, typed: &Typed) -> Result<Form106, Fault> {
        let registration = self.registration()?;
        let today = self.clock.moment().date();
        let lost = self.lost_in(case)?;
        // A price for each product, under its NDC; one for all where only that is typed.
        let cents = |name: &'static str, ndc: &Ndc| -> Result<u64, Fault> {
            let text = typed.maybe(&format!("{name}-{ndc}")).unwrap_or_else(|| typed.get(name).to_owned());
            let text = text.as_str();
            let read = theriac_model::Decimal::parse(text).ok().and_then(|number| number.in_fractions(2));
            let read = read.and_then(|cents| u64::try_from(cents).ok());
            read.ok_or_else(|| {
                wrong(name, format!("{name} is no amount of money such as 12.50"), "enter dollars and cents")
            })
        };
        let mut prices = Vec::new();
        for (commodity, _) in &lost {
            prices.push((commodity.clone(), cents("paid", &commodity.ndc)?, cents("sold", &commodity.ndc)?));
        }
        let earlier = self.loss_cases()?;
        let earlier = earlier.iter().filter(|other| other.id != case.id && !other.incident.forms.is_empty());
        let details = Details {
            telephone: registration.get("telephone").to_owned(),
            county: registration.get("county").to_owned(),
            police: typed
                .maybe("department")
                .map(|department| PoliceReport { department, telephone: typed.get("police-telephone").to_owned() }),
            hurt: typed.number_or("hurt", 0)?,
            other_goods: None,
            label_marks: typed.get("label-marks").to_owned(),
            order_forms: typed.maybe("order-forms").into_iter().collect(),
            security: typed.text("security")?,
            period: match typed.maybe_day("began")? {
                Some(began) => Some((began, typed.day("ended")?, typed.get("explained").to_owned())),
                None => None,
            },
            earlier: earlier.map(|other| other.incident.discovery.discovered.date()).collect(),
            earlier_by_carrier: Vec::new(),
            prices,
            medium: typed.word("medium", Medium::from_word)?,
            signer: (signer.clone(), typed.text("title")?),
            completed: today,
            dated: today,
            amends: typed.maybe_day("amends")?,
        };
        let mut events: Vec<StockEvent> = Vec::new();
        for (commodity, _) in &lost {
            events.extend(self.books_of(std::slice::from_ref(&commodity.ndc))?.plain().cloned());
        }
        let product = |commodity: &Commodity| {
            let mut goods = self.goods(&commodity.ndc).ok()?;
            goods.product.commodity = commodity.clone();
            Some(goods.product)
        };
        Ok(Form106::fill(&self.profile, &case.incident, details, &events, product)?)
    }
}
