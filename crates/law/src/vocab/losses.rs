//! Words about dealing with a theft or loss: its weight, the notice, the form, the crime.

use super::words;

words! {
    /// What the registrant thinks of a loss.
    Significance {
        /// Significant.
        Significant = "significant",
        /// Not significant.
        NotSignificant = "not-significant",
        /// Not decided, or in doubt.
        Unsure = "unsure",
    }
}

words! {
    /// A factor that decides whether a loss is significant.
    SignificanceFactor {
        /// The quantity against the type of business.
        Quantity = "quantity",
        /// The substances.
        Substances = "substances",
        /// Who had access, and unique activities.
        Access = "access",
        /// The pattern over time, and what looking into it came to.
        Pattern = "pattern",
        /// Whether the drugs are likely to be diverted.
        Diversion = "diversion",
        /// Trends in the place.
        LocalTrends = "local-trends",
    }
}

words! {
    /// To whom a notice of loss went.
    NoticeTo {
        /// DEA.
        Dea = "dea",
        /// The company's head office or security department only.
        HeadOffice = "head-office",
        /// The police only.
        Police = "police",
    }
}

words! {
    /// Who signed a notice.
    NoticeSigner {
        /// An individual whom the registrant has authorised.
        Authorized = "authorized",
        /// Anybody else.
        Other = "other",
        /// Nobody.
        Nobody = "nobody",
    }
}

words! {
    /// How a case of loss ended.
    CaseOutcome {
        /// A theft or significant loss.
        Confirmed = "confirmed",
        /// A loss that is not significant.
        NotSignificant = "not-significant",
        /// Nothing was lost.
        NoLoss = "no-loss",
    }
}

words! {
    /// The type of theft or loss on Form 106.
    TheftType {
        /// A break-in at night.
        NightBreakIn = "night-break-in",
        /// An armed robbery.
        ArmedRobbery = "armed-robbery",
        /// Pilferage by an employee.
        EmployeePilferage = "employee-pilferage",
        /// Theft by a customer.
        CustomerTheft = "customer-theft",
        /// Lost in transit.
        LostInTransit = "lost-in-transit",
        /// Any other.
        Other = "other",
    }
}

words! {
    /// How a line of Form 106 gives its drug.
    LineKind {
        /// One active ingredient.
        Single = "single",
        /// A combination with acetaminophen, aspirin, ibuprofen or the like.
        Combination = "combination",
        /// A liquid.
        Liquid = "liquid",
    }
}

words! {
    /// Which earlier losses are counted.
    EarlierLosses {
        /// All in the 24 months before.
        Within24Months = "within-24-months",
        /// Those with the same carrier, whenever they were.
        SameCarrier = "same-carrier",
    }
}

words! {
    /// Whether a theft may be a Federal offence.
    FederalOffence {
        /// It may.
        Possible = "possible",
        /// Nothing says so.
        None = "none",
    }
}
