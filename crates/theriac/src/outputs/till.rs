//! P26, P40 and P42 to P48: the papers of the till, as its own pages print them.

use super::chosen;
use super::{About, Desk, Output, Wanted, nothing};
use crate::house::House;
use crate::house::record::Fault;
use crate::stockroom::Cover;
use crate::till::{BookLine, PlaceOfStock, read_month};
use crate::typed::wrong;
use theriac_law::vocab::Word as _;

/// The outputs of this part.
pub(super) const TABLE: &[Output] = &[
    Output {
        id: "P26",
        title: "Record book of sales without a prescription",
        desk: Desk::Logbook,
        about: About::Period,
        subjects: nothing,
        make: record_book,
    },
    Output {
        id: "P40",
        title: "Ledger of a machine or an emergency kit, with its counts",
        desk: Desk::Books,
        about: About::One("the machine or the kit"),
        subjects: chosen::devices,
        make: device,
    },
    Output {
        id: "P42",
        title: "Home page of the online pharmacy (as HTML under Till, Online pharmacy)",
        desk: Desk::Books,
        about: About::Nothing,
        subjects: nothing,
        make: |house, _| house.site_paper(&house.home_blocks(&house.online()?)?.0),
    },
    Output {
        id: "P43",
        title: "Monthly report of an online pharmacy, or its negative report",
        desk: Desk::Books,
        about: About::One("the month, such as 2026-03"),
        subjects: chosen::months,
        make: month,
    },
    Output {
        id: "P44",
        title: "Notices of dispensing by means of the Internet",
        desk: Desk::Books,
        about: About::Nothing,
        subjects: nothing,
        make: |house, _| house.notices_paper(&house.online()?),
    },
    Output {
        id: "P45",
        title: "Logbook of listed chemicals: the entries that were given to somebody",
        desk: Desk::Logbook,
        about: About::One("the entry that records to whom it was given"),
        subjects: chosen::disclosures,
        make: logbook,
    },
    Output {
        id: "P46",
        title: "Self-certification for listed chemicals: the check and the certificate",
        desk: Desk::Books,
        about: About::Nothing,
        subjects: nothing,
        make: |house, _| house.certification_paper(),
    },
    Output {
        id: "P47",
        title: "Training acknowledgments for listed chemicals",
        desk: Desk::Books,
        about: About::Nothing,
        subjects: nothing,
        make: |house, _| house.training_paper(),
    },
    Output {
        id: "P48",
        title: "Report of a loss of listed chemicals",
        desk: Desk::Books,
        about: About::One("the loss, by its number"),
        subjects: chosen::chemical_losses,
        make: |house, wanted| {
            let number = wanted.of.parse().map_err(|_| wrong("of", "that is no loss", "choose one from the list"))?;
            house.chemical_loss(number)
        },
    },
];

fn record_book(house: &House, wanted: &Wanted<'_>) -> Result<Cover, Fault> {
    let mut lines = house.book_lines((1, u64::MAX >> 1))?;
    lines.retain(|line| {
        wanted.holds(match line {
            BookLine::Sale(entry, _) => entry.sold.date(),
            BookLine::Correction { at, .. } => at.date(),
        })
    });
    house.record_book_paper(&lines)
}

fn device(house: &House, wanted: &Wanted<'_>) -> Result<Cover, Fault> {
    match PlaceOfStock::named(wanted.of) {
        Some((PlaceOfStock::Machine, name)) => house.machine_paper(&house.machine(name)?),
        Some((PlaceOfStock::Kit, name)) => house.emergency_kit_paper(&house.kit(name)?),
        None => Err(wrong("of", "that is no machine and no kit", "choose one from the list")),
    }
}

fn month(house: &House, wanted: &Wanted<'_>) -> Result<Cover, Fault> {
    let month = read_month(wanted.of)
        .ok_or_else(|| wrong("of", format!("{:?} is no month", wanted.of), "give year and month, such as 2026-03"))?;
    house.monthly_paper(&house.month_reported(month)?)
}

fn logbook(house: &House, wanted: &Wanted<'_>) -> Result<Cover, Fault> {
    let unknown = || {
        let next = "give the entries on the page of the logbook first: to whom and what for is recorded there";
        wrong("of", "nothing was given of the logbook under this number", next)
    };
    let (to, purpose, lines) = house.disclosed(wanted.of.parse().map_err(|_| unknown())?)?;
    house.logbook_paper(&lines, Some((&to, purpose.word())))
}
