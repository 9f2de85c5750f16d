//! Words about dispensing by means of the Internet.

use super::words;

words! {
    /// What somebody does in connection with the Internet that the definition of an online pharmacy names.
    OnlineRole {
        /// Sells, or offers to sell, controlled substances through a website.
        SellsByWebsite = "sells-by-website",
        /// Operates such a website.
        OperatesWebsite = "operates-website",
        /// Pays a practitioner to prescribe for customers of such a website.
        PaysPractitioner = "pays-practitioner",
        /// Pays a pharmacy to dispense to customers of such a website.
        PaysPharmacy = "pays-pharmacy",
        /// A pharmacy that knowingly fills prescriptions issued to customers of such a website.
        FillsForWebsite = "fills-for-website",
        /// Sends electronic mail that offers such sales or leads buyers to such a website.
        SendsOffers = "sends-offers",
    }
}

words! {
    /// A kind of person or activity that the definition leaves out.
    ExemptKind {
        /// A manufacturer or distributor who does not dispense to unregistered persons.
        ManufacturerOrDistributor = "manufacturer-or-distributor",
        /// A registered practitioner who is no pharmacy and lists the affiliated practitioners.
        NonpharmacyPractitioner = "nonpharmacy-practitioner",
        /// A hospital or facility of the United States.
        FederalFacility = "federal-facility",
        /// A facility of a tribe or tribal organisation.
        TribalFacility = "tribal-facility",
        /// An agent or employee of such a hospital or facility.
        FacilityAgent = "facility-agent",
        /// Mere advertising that does not take part in a sale.
        Advertising = "advertising",
        /// A person abroad who does not serve the United States.
        AbroadOnly = "abroad-only",
        /// A pharmacy that only refills schedules III to V.
        RefillsIiiV = "refills-iii-v",
        /// A pharmacy that only fills new prescriptions of schedules III to V as defined.
        NewIiiV = "new-iii-v",
        /// A pharmacy that only fills electronic prescriptions that conform.
        ElectronicPrescriptions = "electronic-prescriptions",
        /// A pharmacy that only sends information to its automated system in a long term care facility.
        LtcfAutomatedDispensing = "ltcf-automated-dispensing",
    }
}

words! {
    /// What somebody is under the definition.
    OnlineStanding {
        /// An online pharmacy.
        OnlinePharmacy = "online-pharmacy",
        /// Left out by an exemption.
        Exempt = "exempt",
        /// Nothing that the definition speaks of.
        NotOnline = "not-online",
    }
}

words! {
    /// How a practitioner came to know the patient.
    Evaluation {
        /// In the physical presence of the patient.
        InPerson = "in-person",
        /// By a practitioner for whom this one is covering.
        Covering = "covering",
        /// By telemedicine as the statute defines it.
        Telemedicine = "telemedicine",
        /// By video alone.
        VideoOnly = "video-only",
        /// By a questionnaire.
        Questionnaire = "questionnaire",
        /// Not at all.
        None = "none",
    }
}

words! {
    /// What the home page of an online pharmacy shows.
    SiteElement {
        /// Name and address as on the registration.
        NameAndAddress = "name-and-address",
        /// Telephone number and electronic mail address.
        PhoneAndMail = "phone-and-mail",
        /// The pharmacist in charge: name, degree, States of licensure, telephone.
        PharmacistInCharge = "pharmacist-in-charge",
        /// The States in which the pharmacy is licensed.
        StatesLicensed = "states-licensed",
        /// The certification that it is registered to dispense by means of the Internet.
        Certification = "certification",
        /// Each contracted practitioner: name, address, telephone, degree, States of licensure.
        Practitioners = "practitioners",
        /// The statement that it must comply and dispenses on valid prescriptions only.
        ObligationStatement = "obligation-statement",
        /// The declaration that the notices were made.
        NotificationStatement = "notification-statement",
        /// The declaration of compliance, which names the pharmacy as registered.
        ComplianceStatement = "compliance-statement",
    }
}

words! {
    /// How far the application for a modified registration has come.
    Approval {
        /// Applied for.
        Applied = "applied",
        /// Granted.
        Approved = "approved",
    }
}

words! {
    /// By which means a pharmacy dispensed.
    Means {
        /// The Internet.
        Internet = "internet",
        /// The mail.
        Mail = "mail",
        /// Face to face.
        FaceToFace = "face-to-face",
        /// Any other.
        Other = "other",
    }
}
