//! Books about sales without a prescription: the record book of controlled substances sold at the counter, and the logbook
//! of listed chemical products with its seller's certificate, training and losses.

mod chemical;
mod counter;
mod person;
mod refuse;
mod seller;

pub use chemical::{
    ChemicalEvent, ChemicalLog, ChemicalProduct, ChemicalRequest, ChemicalSalt, DocumentState, LOGBOOK_WARNING,
    ListedChemical, LogEntry, Package, Purpose, Signature, Warning,
};
pub use counter::{
    BookEntry, Contents, CounterEvent, CounterProduct, CounterRequest, LINES_ON_A_PAGE, Marking, RecordBook, Shown,
};
pub use person::Buyer;
pub use seller::{
    Certificate, ChemicalLoss, ChemicalLossReport, Confirmed, Evidence, SellerEvent, SellerFile, SellerPlace,
    SellerRegistration, Training, places_to_certify,
};
