//! Words about registered places, their staff, their end, machines and kits, and about practitioners who use another's
//! registration or none.

use super::words;

words! {
    /// What is done with controlled substances at a place.
    Handling {
        /// Ordering.
        Order = "order",
        /// Receiving.
        Receive = "receive",
        /// Dispensing, refills included.
        Dispense = "dispense",
        /// Transferring to another registrant.
        Transfer = "transfer",
    }
}

words! {
    /// The State's pharmacy licence of a place.
    Licence {
        /// In force.
        Valid = "valid",
        /// Applied for.
        Pending = "pending",
        /// Not applied for.
        None = "none",
        /// Lapsed.
        Lapsed = "lapsed",
        /// Revoked.
        Revoked = "revoked",
    }
}

words! {
    /// The address at which something is done.
    AddressStatus {
        /// The registered address.
        Registered = "registered",
        /// A new address for which the modification is asked for.
        Requested = "requested",
        /// A new address for which the modification is approved.
        Approved = "approved",
    }
}

words! {
    /// For what a form of DEA is sought.
    FormPurpose {
        /// Ordering schedules I and II.
        OrderIiAndI = "order-i-ii",
        /// Reporting a theft or significant loss.
        TheftOrLoss = "theft-or-loss",
        /// Recording destruction.
        Destruction = "destruction",
        /// Registering a pharmacy, hospital, practitioner or other dispenser.
        RegisterDispenser = "register-dispenser",
        /// Renewing the registration of a dispenser.
        RenewDispenser = "renew-dispenser",
        /// Renewing the registrations of a chain of pharmacies.
        RenewChain = "renew-chain",
        /// Registering a manufacturer.
        RegisterManufacturer = "register-manufacturer",
        /// Registering a distributor.
        RegisterDistributor = "register-distributor",
        /// Registering a researcher.
        RegisterResearcher = "register-researcher",
        /// Registering a narcotic treatment program.
        RegisterTreatmentProgram = "register-treatment-program",
        /// Registering for listed chemicals.
        RegisterChemicals = "register-chemicals",
        /// The certificate of registration.
        Certificate = "certificate",
    }
}

words! {
    /// A form of DEA.
    FormNumber {
        /// DEA Form 222.
        Form222 = "form-222",
        /// DEA Form 106.
        Form106 = "form-106",
        /// DEA Form 41.
        Form41 = "form-41",
        /// DEA Form 224.
        Form224 = "form-224",
        /// DEA Form 224a.
        Form224a = "form-224a",
        /// DEA Form 224b.
        Form224b = "form-224b",
        /// DEA Form 225.
        Form225 = "form-225",
        /// DEA Form 363.
        Form363 = "form-363",
        /// DEA Form 510.
        Form510 = "form-510",
        /// DEA Form 223.
        Form223 = "form-223",
    }
}

words! {
    /// What an employee's screening found.
    Screening {
        /// Nothing.
        Clear = "clear",
        /// A conviction of a felony about controlled substances.
        FelonyConviction = "felony-conviction",
        /// An application for registration was denied.
        Denied = "denied",
        /// A registration was revoked.
        Revoked = "revoked",
        /// A registration was surrendered for cause.
        SurrenderedForCause = "surrendered-for-cause",
        /// Nobody has asked yet.
        NotAsked = "not-asked",
    }
}

words! {
    /// What kind of access an employee would have.
    Access {
        /// To the stock itself: ordering, receiving, counting, dispensing, adjusting.
        Physical = "physical",
        /// Influence over its handling: rules, users, reports, configuration.
        Influence = "influence",
        /// Neither.
        None = "none",
    }
}

words! {
    /// An employment waiver.
    Waiver {
        /// Not asked for.
        None = "none",
        /// Asked for.
        Requested = "requested",
        /// Approved.
        Approved = "approved",
    }
}

words! {
    /// What is done with an automated dispensing system.
    MachineStep {
        /// It is put into operation.
        Activate = "activate",
        /// It is stocked.
        Stock = "stock",
        /// A dose is released.
        Release = "release",
        /// Its settings are changed.
        Configure = "configure",
    }
}

words! {
    /// What is done with an emergency kit.
    KitStep {
        /// It is stocked.
        Stock = "stock",
        /// A drug is taken from it.
        Use = "use",
    }
}

words! {
    /// A branch of service or agency.
    Service {
        /// U.S. Army.
        Army = "army",
        /// U.S. Navy.
        Navy = "navy",
        /// U.S. Marine Corps.
        MarineCorps = "marine-corps",
        /// U.S. Air Force.
        AirForce = "air-force",
        /// U.S. Coast Guard.
        CoastGuard = "coast-guard",
        /// Public Health Service.
        PublicHealthService = "public-health-service",
        /// Bureau of Prisons.
        BureauOfPrisons = "bureau-of-prisons",
        /// Indian Health Service.
        IndianHealthService = "indian-health-service",
        /// U.S. Space Force.
        SpaceForce = "space-force",
    }
}

words! {
    /// For whom an official prescribes.
    PatientKind {
        /// A patient within the official duty.
        OfficialDuty = "official-duty",
        /// A private patient.
        Private = "private",
    }
}

words! {
    /// To whom an internal code of a hospital is assigned.
    CodeHolder {
        /// To this practitioner.
        ThisPractitioner = "this-practitioner",
        /// To another practitioner.
        OtherPractitioner = "other-practitioner",
        /// To nobody on the hospital's list.
        Nobody = "nobody",
    }
}
