//! Paper in its files: the scheme, what waits, and each original.

use super::Answer;
use crate::archive::{Kept, ToBeFiled};
use crate::house::House;
use crate::house::record::Fault;
use crate::http::answer::{page, see};
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::failure::Failure;
use crate::http::filters;
use crate::http::form::{file, posted, with_status};
use crate::http::practice::act;
use crate::http::shell::Shell;
use crate::typed::{Typed, wrong};
use askama::Template;
use theriac_law::vocab::{Record, Word as _};
use theriac_model::Actor;
use theriac_pharmacy::{FilingScheme, PrescriptionNumber};

struct Chosen {
    at: String,
    who: String,
    scheme: &'static str,
}

#[derive(Template)]
#[template(path = "archive_filing.html")]
struct FilingPage {
    shell: Shell,
    history: Vec<Chosen>,
    waiting: Vec<ToBeFiled>,
    places: Vec<Kept>,
    may_act: bool,
    typed: Typed,
    fault: Option<Failure>,
}

impl FilingPage {
    fn records() -> &'static [Record] {
        // The records of a pharmacy.
        use Record as R;
        &[
            R::Invoice,
            R::FinancialRecord,
            R::ElectronicPrescription,
            R::PaperPrescription,
            R::ExecutedOrderForm,
            R::CsosOrder,
            R::PowerOfAttorney,
            R::Inventory,
            R::RefillPrintout,
            R::Form106,
        ]
    }
}

const fn says(scheme: FilingScheme) -> &'static str {
    match scheme {
        FilingScheme::ThreeFiles => "three files: schedule II; schedules III to V; all others",
        FilingScheme::TwoFiles => "two files: schedule II; everything else, with a red C on schedules III to V",
    }
}

/// `/archive/filing`
pub(in crate::http) async fn show(asked: Asked) -> Answer {
    again(asked, Typed::default(), None).await
}

async fn again(asked: Asked, typed: Typed, fault: Option<Failure>) -> Answer {
    let role = asked.visitor()?.actor.role;
    let shell = Shell::new(Door::Filing, &asked.visit);
    let status = fault.as_ref().map(|fault| fault.status);
    let found = asked.app.ask(move |world| {
        act(world, |house| {
            let chosen = house.filing_schemes()?.into_iter().map(|one| Chosen {
                at: house.moment_in_words(one.at),
                who: one.by.full_name,
                scheme: says(one.scheme),
            });
            Ok(FilingPage {
                shell,
                history: chosen.collect(),
                waiting: house.to_be_filed()?,
                places: house.kept_elsewhere()?.0,
                may_act: Door::FilePaper.admits(role),
                typed,
                fault,
            })
        })
    });
    with_status(page(&found.await??), status)
}

async fn acted(
    asked: Asked,
    work: impl FnOnce(&House, &Actor, &Typed) -> Result<(), Fault> + Send + 'static,
) -> Answer {
    match posted(&asked, work).await? {
        Ok(()) => see("/archive/filing"),
        Err((typed, fault)) => again(asked, typed, Some(fault)).await,
    }
}

/// `POST /archive/filing/scheme`
pub(in crate::http) async fn choose(asked: Asked) -> Answer {
    acted(asked, |house, by, typed| house.choose_scheme(by, typed.word("scheme", FilingScheme::from_word)?)).await
}

/// `POST /archive/filing/places`
pub(in crate::http) async fn place(asked: Asked) -> Answer {
    acted(asked, |house, by, typed| {
        let record = typed.word("record", Record::from_word)?;
        house.keep_at(by, record, typed.get("place"), typed.maybe_day("notified")?)
    })
    .await
}

/// `POST /archive/filing`: one paper is put into its file.
pub(in crate::http) async fn put(asked: Asked) -> Answer {
    acted(asked, |house, by, typed| {
        let number = typed.word("number", |text| PrescriptionNumber::parse(text).ok())?;
        let red_c = match typed.get("red_c") {
            "" => 0,
            "stamped" => 10,
            _ => {
                return Err(wrong("red_c", "it is not said whether the red C is stamped".to_owned(), "tick it or not"));
            }
        };
        house.file_paper(by, &number, typed.get("position"), red_c)
    })
    .await
}

/// `/archive/records/{number}/original`: the original as it came; taking it away is recorded.
pub(in crate::http) async fn original(asked: Asked) -> Answer {
    let by = asked.visitor()?.actor.clone();
    let number = asked.id("number")?;
    let wanted = number.clone();
    let found = asked.app.ask(move |world| act(world, |house| house.show_original(&by, &wanted)));
    let original =
        found.await??.ok_or_else(|| Failure::no_such("original", "look the prescription up in the archive"))?;
    file(&format!("original-{number}.{}", crate::archive::extension(&original.media)), &original.media, original.bytes)
}
