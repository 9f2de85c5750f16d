//! Facts about sales without a prescription.

use crate::read::block;
use crate::vocab::{
    BookElement, BookForm, BuyerActivity, Confirmation, Customer, Detail, IdDocument, LogElement, Placement, Schedule,
    SellerKind, StockPurpose,
};
use jiff::civil::Date;

block! {
    /// How a sale of a listed chemical product is carried out. Where it is not stated at all, everything is in order.
    SlcpSale
    required {}
    stated {
        /// Who sells.
        seller: SellerKind = SellerKind::Pharmacy,
        /// For whom it is bought.
        customer: Customer = Customer::Person,
        /// Where the product is kept.
        kept: Placement = Placement::BehindCounter,
        /// The document shown; where one is named, the lists of documents decide instead of `purchaser.identification`.
        document: Option<IdDocument> = None,
        /// The document has run out.
        document_expired: bool = false,
        /// The document carries a photograph.
        photograph: bool = true,
        /// What a document without photograph does not say.
        details_missing: Vec<Detail> = Vec::new(),
        /// The name in the log is the name on the document.
        name_matches: bool = true,
        /// Date and time in the log are right.
        time_right: bool = true,
        /// The form of the log.
        log: BookForm = BookForm::Electronic,
        /// What the entry lacks.
        log_missing: Vec<LogElement> = Vec::new(),
        /// The purchaser saw the warning against false entries before signing.
        notice_shown: bool = true,
        /// The last day of the seller's registration as a distributor of listed chemicals; absent when there is none.
        chemical_registration_until: Option<Date> = None,
        /// The last day of the seller's certificate.
        certified_until: Option<Date> = None,
        /// The seller's signed acknowledgement of the training is in the personnel file.
        acknowledged: bool = true,
        /// The training used the material of DEA.
        official_training: bool = true,
    }
}

block! {
    /// A seller certifies itself for sales of listed chemical products.
    Certification
    required {}
    stated {
        /// Who certifies.
        seller: SellerKind = SellerKind::Pharmacy,
        /// What is not confirmed.
        unconfirmed: Vec<Confirmation> = Vec::new(),
        /// At how many places it sells.
        locations: u32 = 1,
    }
}

block! {
    /// More about a sale of a controlled substance at the counter.
    CounterSale
    required {}
    stated {
        /// The schedule of the product.
        schedule: Schedule = Schedule::V,
        /// Where the product is kept.
        kept: Placement = Placement::BehindCounter,
        /// What the entry in the book lacks.
        missing: Vec<BookElement> = Vec::new(),
    }
}

block! {
    /// Who orders, and for what.
    Buyer
    required {
        /// The business activity of the registration.
        activity: BuyerActivity,
    }
    stated {
        /// What the stock is for.
        purpose: StockPurpose = StockPurpose::Dispensing,
    }
}
