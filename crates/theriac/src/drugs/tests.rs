//! What the directory tells the desks: the pharmacy's intake asks for a schedule, the counter for a unit of stock.

use super::{Entered, Files, Flag, Read};
use crate::commands::deployment::demonstration;
use crate::demo::{cast, world};
use crate::house::House;
use crate::house::clock::Clock;
use crate::house::event::{HouseEvent, Product};
use crate::house::program;
use crate::house::record::Fault;
use jiff::civil::date;
use theriac_law::vocab::{DrugClass, Word as _};
use theriac_model::{DrugUnit, Ndc, Schedule};

const PRODUCTS: &str = "PRODUCTNDC\tPRODUCTTYPENAME\tPROPRIETARYNAME\tNONPROPRIETARYNAME\tDOSAGEFORMNAME\tLABELERNAME\
    \tSUBSTANCENAME\tACTIVE_NUMERATOR_STRENGTH\tACTIVE_INGRED_UNIT\tDEASCHEDULE
99994-1234\tHUMAN PRESCRIPTION DRUG\tA\tHydrocodone and Acetaminophen\tTABLET\tL\tHYDROCODONE BITARTRATE; ACETAMINOPHEN\t5; 325\tmg/1; mg/1\tCIII
99994-1235\tHUMAN PRESCRIPTION DRUG\tB\tGuaifenesin and Codeine\tSYRUP\tL\tGUAIFENESIN; CODEINE PHOSPHATE\t100; 10\tmg/5mL; mg/5mL\tCV
99994-1236\tHUMAN PRESCRIPTION DRUG\tC\tLisinopril\tTABLET\tL\tLISINOPRIL\t10\tmg/1\t
99994-1237\tHUMAN OTC DRUG\tD\tPseudoephedrine HCl\tTABLET\tL\tPSEUDOEPHEDRINE HYDROCHLORIDE\t30\tmg/1\t
";

fn ndc(text: &str) -> Ndc {
    Ndc::parse(text).expect("an NDC")
}

/// A deployment with the directory imported.
fn house(dir: &std::path::Path) -> House {
    let config = demonstration();
    let begins = "2026-03-02T16:00:00Z".parse().expect("instant");
    let clock = Clock::told(crate::house::zone(&config).expect("zone"), begins);
    let house = House::found(dir, config, clock).expect("a deployment");
    let files = Files { products: PRODUCTS.as_bytes().to_vec(), packages: None };
    let read = Read::files(&files.products, None).expect("a header");
    assert_eq!((read.products.len(), read.refused()), (4, 0), "{:?}", read.refused_products);
    house.import_ndc(&files, &read, date(2026, 3, 1)).expect("imported");
    house
}

/// Requirements: pharm-drug-schedule-per-product
#[test]
fn the_directory_answers_for_a_package_with_the_schedule_that_stands_and_a_unit() {
    let place = tempfile::tempdir().expect("a folder");
    let house = house(place.path());
    let found = |package: &str| {
        let product = house.drug(&ndc(package)).expect("readable")?;
        Some((product.schedule, product.unit))
    };
    assert_eq!(found("99994-1234-01"), Some((Some(Schedule::II), DrugUnit::Tablet)), "an outdated listing");
    assert_eq!(found("99994-1235-01"), Some((Some(Schedule::V), DrugUnit::Millilitre)));
    assert_eq!(found("99994-1236-01"), Some((None, DrugUnit::Tablet)));
    assert_eq!(found("99994-1237-01"), Some((None, DrugUnit::Tablet)), "a listed chemical is in no schedule");
    assert_eq!(found("99994-1238-01"), None, "unknown, which is not uncontrolled");
    assert!(house.commodity(&ndc("99994-1235-01")).is_some() && house.commodity(&ndc("99994-1238-01")).is_none());
}

#[test]
fn the_deployments_own_row_goes_before_the_directory() {
    let place = tempfile::tempdir().expect("a folder");
    let house = house(place.path());
    let own = Product {
        ndc: ndc("99994-1234-01"),
        name: "Own".to_owned(),
        strength: "5-325 mg".to_owned(),
        form: "Tablet".to_owned(),
        unit: DrugUnit::Tablet,
        schedule: Some(Schedule::IV),
    };
    house.note(&program(), &[HouseEvent::ProductListed(own.clone())]).expect("listed");
    assert_eq!(house.drug(&own.ndc).expect("readable"), Some(own));
    let other = house.drug(&ndc("99994-1234-02")).expect("readable").expect("listed");
    assert_eq!((other.schedule, other.name.as_str()), (Some(Schedule::II), "Hydrocodone and Acetaminophen"));
}

#[test]
fn a_name_is_found_among_brands_and_generic_names_however_it_is_written() {
    let place = tempfile::tempdir().expect("a folder");
    let house = house(place.path());
    world::populate(&house).expect("a world beside the directory");
    let count = |name: &str| house.listed_by_name(name).expect("readable").1;
    assert_eq!(
        [count("b"), count("GUAIFENESIN & codeine"), count("guaifenesin and  Codeine"), count("")],
        [1, 0, 1, 0]
    );
    assert_eq!(count(cast::ALPRAZOLAM.name), 0, "the demonstration's own products are not in the directory");
}

/// Requirements: pharm-drug-attribute-flags
#[test]
fn each_product_carries_every_fact_and_a_rule_that_needs_a_missing_one_names_it() {
    let place = tempfile::tempdir().expect("a folder");
    let house = house(place.path());
    let facts = |package: &str| house.drug_facts(&ndc(package)).expect("readable").expect("listed");
    let said = |package: &str| Flag::ALL.map(|flag| facts(package).says(flag).unwrap_or_default());
    assert_eq!(said("99994-1235-01"), ["yes", "no", "yes", "liquid", "none", ""]);
    assert_eq!(said("99994-1236-01"), ["no", "no", "yes", "counted", "none", ""]);
    assert_eq!(said("99994-1237-01"), ["no", "no", "no", "counted", "pseudoephedrine hydrochloride, 30 mg", ""]);
    assert_eq!(facts("99994-1235-01").missing(), [Flag::Container], "no package file was imported");

    let enter = |facts: &[(&'static str, &str)], source: &str| {
        let facts = facts.iter().map(|(flag, text)| (*flag, (*text).to_owned())).collect();
        let entered = Entered { facts, source: source.to_owned() };
        house.enter_facts(&program(), &ndc("99994-1235-01"), &entered)
    };
    let code = |done: Result<(), Fault>| match done {
        Err(Fault::Refused(refusal)) => refusal.field.unwrap_or_default().into_owned(),
        other => format!("{other:?}"),
    };
    assert_eq!(code(enter(&[("container", "0")], "label")), "container");
    assert_eq!(code(enter(&[("chemical", "pseudoephedrine hydrochloride")], "label")), "chemical");
    assert_eq!(code(enter(&[("opium", "perhaps")], "label")), "opium");
    assert_eq!(code(enter(&[], "label")), "narcotic");
    assert_eq!(code(enter(&[("container", "473")], "")), "source");
    enter(&[("container", "473"), ("chemical", "ephedrine sulfate 12.5")], "the label").expect("entered");
    let now = facts("99994-1235-01");
    assert_eq!(now.says(Flag::Container).as_deref(), Some("473 mL"));
    assert_eq!(now.says(Flag::Chemical).as_deref(), Some("ephedrine sulfate, 12.5 mg"));
    assert!(now.entered.iter().any(|(flag, by)| *flag == Flag::Container && by.ends_with("from the label")));
    assert!(house.drug_facts(&ndc("99994-1238-01")).expect("readable").is_none());
}

#[test]
fn the_drug_file_tells_narcotic_and_class_of_what_the_deployment_lists_by_name() {
    let place = tempfile::tempdir().expect("a folder");
    let house = house(place.path());
    world::populate(&house).expect("a world beside the directory");
    let told = |product: &cast::Product| {
        let facts = house.drug_facts(&ndc(product.ndc)).expect("readable").expect("listed");
        (facts.narcotic.word(), facts.class())
    };
    assert_eq!(told(&cast::OXYCODONE), ("yes", DrugClass::Opioid));
    assert_eq!(told(&cast::CODEINE_APAP), ("yes", DrugClass::Opioid));
    assert_eq!(told(&cast::METHYLPHENIDATE), ("no", DrugClass::Stimulant));
    assert_eq!(told(&cast::ALPRAZOLAM), ("no", DrugClass::Benzodiazepine));
    assert_eq!(house.class_by_name("oxycodone hydrochloride 10 mg tablet"), DrugClass::Opioid);
    assert_eq!(house.class_by_name("something else 10 mg tablet"), DrugClass::Other);
}
