//! What the directory tells the desks: the pharmacy's intake asks for a schedule, the counter for a unit of stock.

use super::{Files, Read};
use crate::commands::deployment::demonstration;
use crate::demo::{cast, world};
use crate::house::House;
use crate::house::clock::Clock;
use crate::house::event::{HouseEvent, Product};
use crate::house::program;
use jiff::civil::date;
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
