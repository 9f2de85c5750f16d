//! Words about sales without a prescription: who sells, what is shown, which book is kept, what is online.

use super::words;

words! {
    /// What kind of seller sells listed chemical products.
    SellerKind {
        /// A pharmacy registered with DEA.
        Pharmacy = "pharmacy",
        /// A shop without a registration.
        Store = "store",
        /// A stand that is meant to be temporary or moved about.
        MobileVendor = "mobile-vendor",
        /// A shop of the Armed Forces.
        ArmedForces = "armed-forces",
    }
}

words! {
    /// For whom something is bought.
    Customer {
        /// A person, for own use.
        Person = "person",
        /// An institution or another business.
        Institution = "institution",
    }
}

words! {
    /// Where a product is kept.
    Placement {
        /// Behind the counter, out of the public's reach.
        BehindCounter = "behind-counter",
        /// In a locked cabinet.
        LockedCabinet = "locked-cabinet",
        /// On an open shelf.
        OpenShelf = "open-shelf",
    }
}

words! {
    /// A document that shows who a purchaser is.
    IdDocument {
        /// A photographic card of a State or the Federal government.
        GovernmentPhotoCard = "government-photo-card",
        /// A passport of the United States.
        UsPassport = "us-passport",
        /// A permanent resident card, Form I-551.
        FormI551 = "i-551",
        /// A foreign passport with a temporary I-551 stamp or notation.
        ForeignPassportI551 = "foreign-passport-i-551",
        /// An employment authorisation document with photograph, Form I-766.
        FormI766 = "i-766",
        /// A foreign passport with Form I-94, for work with one employer.
        ForeignPassportI94 = "foreign-passport-i-94",
        /// A passport of Micronesia or the Marshall Islands with Form I-94.
        MicronesiaMarshallPassport = "micronesia-marshall-passport",
        /// A military card of a person enlisted under 10 U.S.C. 504, which the Armed Forces may accept.
        EnlistmentCard = "enlistment-card",
        /// A driver's licence or identification card of a State.
        DriversLicence = "drivers-licence",
        /// A school card with photograph.
        SchoolCard = "school-card",
        /// A voter's registration card.
        VoterCard = "voter-card",
        /// A military card or draft record.
        MilitaryCard = "military-card",
        /// An identification card of a government or an agency.
        GovernmentCard = "government-card",
        /// A card of a military dependant.
        DependantCard = "dependant-card",
        /// A Native American tribal document.
        TribalDocument = "tribal-document",
        /// A Merchant Mariner card of the Coast Guard.
        MerchantMarinerCard = "merchant-mariner-card",
        /// A Canadian driver's licence.
        CanadianLicence = "canadian-licence",
        /// A school record or report card.
        SchoolRecord = "school-record",
        /// A record of a clinic, doctor or hospital.
        MedicalRecord = "medical-record",
        /// A record of a day-care centre or nursery.
        NurseryRecord = "nursery-record",
        /// A badge of an employer.
        WorkBadge = "work-badge",
        /// Anything else.
        Other = "other",
    }
}

words! {
    /// What a licence or government card without photograph says instead.
    Detail {
        /// The name.
        Name = "name",
        /// The date of birth.
        BirthDate = "birth-date",
        /// The sex.
        Sex = "sex",
        /// The height.
        Height = "height",
        /// The colour of the eyes.
        EyeColour = "eye-colour",
        /// The address.
        Address = "address",
    }
}

words! {
    /// What the log of a sale of a listed chemical product holds.
    LogElement {
        /// The purchaser's name.
        PurchaserName = "purchaser-name",
        /// The purchaser's address.
        PurchaserAddress = "purchaser-address",
        /// The date of the sale.
        Date = "date",
        /// The time of the sale.
        Time = "time",
        /// The product's name.
        Product = "product",
        /// The amount sold.
        Amount = "amount",
        /// The purchaser's signature.
        Signature = "signature",
        /// The seller's own entry of product and amount.
        SellerEntry = "seller-entry",
    }
}

words! {
    /// In what form a book of sales is kept.
    BookForm {
        /// Bound.
        Bound = "bound",
        /// Electronic.
        Electronic = "electronic",
        /// On loose sheets.
        LooseSheets = "loose-sheets",
    }
}

words! {
    /// A book of sales without prescription.
    Book {
        /// The record book of counter sales of controlled substances.
        CounterBook = "counter-book",
        /// The logbook of listed chemical products.
        SlcpLog = "slcp-log",
    }
}

words! {
    /// What is done to an entry of a book.
    BookChange {
        /// A new entry.
        Append = "append",
        /// A new entry that corrects an earlier one and points to it.
        Correct = "correct",
        /// The entry is written over.
        Edit = "edit",
        /// The entry is taken out.
        Delete = "delete",
    }
}

words! {
    /// What the data of a book are wanted for.
    DisclosurePurpose {
        /// Law enforcement.
        LawEnforcement = "law-enforcement",
        /// To comply with Title 21.
        TitleTwentyOne = "title-21",
        /// A recall of the product.
        Recall = "recall",
        /// Advertising.
        Marketing = "marketing",
        /// Anything else.
        Other = "other",
    }
}

words! {
    /// What a seller confirms when certifying itself.
    Confirmation {
        /// Those who sell were trained.
        StaffTrained = "staff-trained",
        /// Records of the training are kept.
        TrainingRecords = "training-records",
        /// The limit of a day is kept.
        DailyLimit = "daily-limit",
        /// Products are packed as required.
        Packaging = "packaging",
        /// Products are behind the counter or locked up.
        Placement = "placement",
        /// The logbook is kept.
        Logbook = "logbook",
        /// The log is disclosed only as the law allows.
        Disclosure = "disclosure",
    }
}

words! {
    /// What a written report of a lost listed chemical holds.
    ReportElement {
        /// The DEA number, of a registrant.
        DeaNumber = "dea-number",
        /// The name.
        Name = "name",
        /// The business address.
        BusinessAddress = "business-address",
        /// The date of the loss.
        Date = "date",
        /// The kind of loss.
        LossType = "loss-type",
        /// The circumstances.
        Circumstances = "circumstances",
    }
}

words! {
    /// What the book of counter sales holds of each.
    BookElement {
        /// The purchaser's name.
        PurchaserName = "purchaser-name",
        /// The purchaser's address.
        PurchaserAddress = "purchaser-address",
        /// The drug's name.
        DrugName = "drug-name",
        /// The quantity.
        Quantity = "quantity",
        /// The date.
        Date = "date",
        /// The pharmacist's name or initials.
        Pharmacist = "pharmacist",
    }
}

words! {
    /// Whether a seller is registered with DEA as a pharmacy.
    Registrant {
        /// It is.
        Registered = "registered",
        /// It is not.
        NotRegistered = "not-registered",
    }
}

words! {
    /// How a product is lawfully sold.
    Market {
        /// Without a prescription.
        Nonprescription = "nonprescription",
        /// On a prescription only.
        Prescription = "prescription",
    }
}

words! {
    /// A product of the cannabis plant.
    CannabisProduct {
        /// Marijuana.
        Marijuana = "marijuana",
        /// Paraphernalia.
        Paraphernalia = "paraphernalia",
        /// Cannabidiol as a dietary supplement.
        CbdSupplement = "cbd-supplement",
        /// Cannabidiol in food.
        CbdFood = "cbd-food",
        /// Cannabidiol from hemp for use on the skin.
        HempTopical = "hemp-topical",
    }
}

words! {
    /// The business activity for which a purchaser is registered.
    BuyerActivity {
        /// A pharmacy.
        Pharmacy = "pharmacy",
        /// A practitioner or hospital.
        Practitioner = "practitioner",
        /// A researcher.
        Researcher = "researcher",
        /// A laboratory of chemical analysis.
        Laboratory = "laboratory",
        /// A manufacturer.
        Manufacturer = "manufacturer",
    }
}

words! {
    /// What ordered stock is for.
    StockPurpose {
        /// To be dispensed.
        Dispensing = "dispensing",
        /// Research.
        Research = "research",
        /// Analysis.
        Analysis = "analysis",
        /// Making other drugs.
        Manufacture = "manufacture",
    }
}
