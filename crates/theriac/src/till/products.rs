//! What is sold without a prescription here: entered once with what the law asks of the product, then sold by its code.

use super::record::TillEvent;
use crate::house::House;
use crate::house::record::{Change, Fault, stream};
use crate::typed::{Typed, wrong};
use std::collections::BTreeMap;
use theriac_books::logbook::{
    ChemicalProduct, ChemicalSalt, Contents, CounterProduct, ListedChemical, Marking, Package,
};
use theriac_law::vocab::{Placement, Word as _};
use theriac_model::{Actor, Ndc, Refusal};

/// How a product is sold.
#[derive(Clone, Debug)]
pub(crate) enum Selling {
    /// A controlled substance, sold by a pharmacist and entered in the record book.
    Counter { product: CounterProduct, marking: Marking },
    /// A product with a listed chemical, entered in the logbook.
    Chemical { product: ChemicalProduct, units_per_package: u64 },
}

/// A product of the till.
#[derive(Clone, Debug)]
pub(crate) struct OnSale {
    pub(crate) ndc: Ndc,
    pub(crate) name: String,
    pub(crate) kept: Placement,
    pub(crate) selling: Selling,
}

impl OnSale {
    /// The unit in which it is sold.
    pub(crate) fn unit(&self) -> &'static str {
        match &self.selling {
            Selling::Counter { product, .. } => match product.contents {
                Contents::OpiumByVolume | Contents::OtherByVolume => "mL",
                Contents::OpiumByUnit | Contents::OtherByUnit => "units",
            },
            Selling::Chemical { .. } => "units",
        }
    }
}

impl House {
    fn till_products_stream(&self) -> String {
        format!("till/{}", self.pharmacy)
    }

    /// The products of the till, in order of their names.
    pub(crate) fn on_sale(&self) -> Result<Vec<OnSale>, Fault> {
        let (events, _) = stream::<TillEvent>(&self.store, &self.till_products_stream())?;
        let mut latest: BTreeMap<String, Vec<(String, String)>> = BTreeMap::new();
        for event in events {
            if let TillEvent::Product { ndc, fields, .. } = event {
                latest.insert(ndc, fields);
            }
        }
        let mut found =
            latest.into_values().map(|fields| self.read_product(&Typed(fields))).collect::<Result<Vec<_>, _>>()?;
        found.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(found)
    }

    /// One of them.
    pub(crate) fn on_sale_one(&self, ndc: &Ndc) -> Result<OnSale, Fault> {
        self.on_sale()?.into_iter().find(|one| one.ndc == *ndc).ok_or_else(|| {
            let what = format!("NDC {ndc} is not sold without a prescription here");
            wrong("ndc", what, "enter the product at the till's products first, or sell it on a prescription")
        })
    }

    fn read_product(&self, typed: &Typed) -> Result<OnSale, Fault> {
        let ndc = typed.ndc("ndc")?;
        let name = typed.text("name")?;
        let kept = typed.word("kept", Placement::from_word)?;
        let selling = match typed.get("kind") {
            "chemical" => Selling::Chemical {
                product: ChemicalProduct {
                    ndc: ndc.clone(),
                    name: name.clone(),
                    chemical: typed.word("chemical", ListedChemical::parse)?,
                    salt: typed.word("salt", ChemicalSalt::parse)?,
                    mg_per_unit: some("mg", typed)?,
                    package: typed.word("package", Package::parse)?,
                },
                units_per_package: some("units-per-package", typed)?,
            },
            "counter" => {
                let goods = self.goods(&ndc)?;
                Selling::Counter {
                    product: CounterProduct {
                        ndc: ndc.clone(),
                        name: name.clone(),
                        schedule: goods.product.schedule,
                        contents: typed.word("contents", Contents::parse)?,
                    },
                    marking: typed.word("marking", Marking::parse)?,
                }
            }
            _ => return Err(wrong("kind", "the kind of sale is not chosen", "choose counter or chemical")),
        };
        Ok(OnSale { ndc, name, kept, selling })
    }

    /// Enters a product that is sold without a prescription, or enters it again. What would never be sold is refused here.
    ///
    /// # Errors
    /// `FORM-FIELD` for what cannot be read, `TILL-PLACE` for an open shelf, `TILL-PACKAGE` for loose tablets,
    /// `TILL-WITHDRAWN` for phenylpropanolamine.
    pub(crate) fn enter_product(&self, actor: &Actor, typed: &Typed) -> Result<(), Fault> {
        let product = self.read_product(typed)?;
        if let Selling::Chemical { product, .. } = &product.selling {
            if typed.word("kept", Placement::from_word)? == Placement::OpenShelf {
                let what = "a product with a listed chemical does not lie on an open shelf";
                let next = "keep it behind the counter or in a locked cabinet, and enter it with that place";
                return Err(Refusal::new("TILL-PLACE", "21 CFR 1314.25", what, next).about("kept").into());
            }
            if product.package == Package::Bottle {
                let what = "what is not a liquid is sold in blisters of at most two units or in unit doses only";
                let next = "order it in blisters or packets";
                return Err(Refusal::new("TILL-PACKAGE", "21 CFR 1314.20(c); 21 U.S.C. 830(d)(2)", what, next)
                    .about("package")
                    .into());
            }
            if product.chemical == ListedChemical::Phenylpropanolamine {
                let what = "phenylpropanolamine is not sold to people: it was withdrawn as unsafe";
                let next = "for an animal it takes a prescription";
                return Err(Refusal::new("TILL-WITHDRAWN", "Manual 2010, appendix G", what, next)
                    .about("chemical")
                    .into());
            }
        }
        let names = [
            "ndc",
            "name",
            "kept",
            "kind",
            "chemical",
            "salt",
            "mg",
            "package",
            "units-per-package",
            "contents",
            "marking",
        ];
        let fields = names.iter().filter_map(|name| Some(((*name).to_owned(), typed.maybe(name)?))).collect();
        let event = TillEvent::Product { ndc: product.ndc.to_string(), fields, by: actor.id.clone() };
        let by = self.in_stockroom(actor, self.clock.moment());
        Change::default().event(&by, &self.till_products_stream(), &event)?.commit(&self.store)?;
        Ok(())
    }
}

/// A whole number that is not zero.
pub(super) fn some(name: &'static str, typed: &Typed) -> Result<u64, Fault> {
    match typed.number(name)? {
        0 => Err(wrong(name, format!("{name} is zero"), "enter how much it is")),
        number => Ok(number),
    }
}
