//! Words about products and substances.

use super::words;

words! {
    /// How a counter product is packed.
    Packaging {
        /// Blister packs of at most two doses each.
        Blister2 = "blister-2",
        /// Blister packs of more doses.
        BlisterLarger = "blister-larger",
        /// Unit dose packets or pouches.
        UnitDose = "unit-dose",
        /// A bottle of loose units.
        Bottle = "bottle",
        /// A liquid.
        Liquid = "liquid",
    }
}

words! {
    /// A scheduled listed chemical.
    Chemical {
        /// Ephedrine.
        Ephedrine = "ephedrine",
        /// Pseudoephedrine.
        Pseudoephedrine = "pseudoephedrine",
        /// Phenylpropanolamine.
        Phenylpropanolamine = "phenylpropanolamine",
    }
}

words! {
    /// The salt of a listed chemical.
    Salt {
        /// Hydrochloride.
        Hydrochloride = "hydrochloride",
        /// Sulfate.
        Sulfate = "sulfate",
    }
}

words! {
    /// A substance whose schedule depends on more than its name, or is asked for by name.
    Substance {
        /// Codeine.
        Codeine = "codeine",
        /// Dihydrocodeine.
        Dihydrocodeine = "dihydrocodeine",
        /// Ethylmorphine.
        Ethylmorphine = "ethylmorphine",
        /// Opium.
        Opium = "opium",
        /// Morphine.
        Morphine = "morphine",
        /// Diphenoxylate.
        Diphenoxylate = "diphenoxylate",
        /// Difenoxin.
        Difenoxin = "difenoxin",
        /// Dronabinol.
        Dronabinol = "dronabinol",
        /// Nabilone.
        Nabilone = "nabilone",
        /// Cannabidiol, the approved product.
        Cannabidiol = "cannabidiol",
        /// Butalbital.
        Butalbital = "butalbital",
        /// Butabarbital.
        Butabarbital = "butabarbital",
        /// Pentobarbital.
        Pentobarbital = "pentobarbital",
        /// Secobarbital.
        Secobarbital = "secobarbital",
        /// Amobarbital.
        Amobarbital = "amobarbital",
        /// Phenobarbital.
        Phenobarbital = "phenobarbital",
        /// Hydrocodone.
        Hydrocodone = "hydrocodone",
        /// Oxycodone.
        Oxycodone = "oxycodone",
        /// Sodium oxybate, the approved product.
        SodiumOxybate = "sodium-oxybate",
        /// Gamma-hydroxybutyric acid.
        GammaHydroxybutyricAcid = "gamma-hydroxybutyric-acid",
        /// Buprenorphine.
        Buprenorphine = "buprenorphine",
        /// Propoxyphene.
        Propoxyphene = "propoxyphene",
        /// Tramadol.
        Tramadol = "tramadol",
        /// Heroin.
        Heroin = "heroin",
        /// Ketamine.
        Ketamine = "ketamine",
        /// The cannabis plant; the amount is that of THC.
        Cannabis = "cannabis",
    }
}

words! {
    /// A dosage form.
    DosageForm {
        /// Tablet.
        Tablet = "tablet",
        /// Capsule.
        Capsule = "capsule",
        /// Oral solution.
        OralSolution = "oral-solution",
        /// Syrup.
        Syrup = "syrup",
        /// Suppository.
        Suppository = "suppository",
        /// Injection.
        Injection = "injection",
        /// Not known yet.
        Unknown = "unknown",
    }
}

words! {
    /// What an amount of substance is given for.
    Per {
        /// One dosage unit.
        DosageUnit = "dosage-unit",
        /// 100 millilitres.
        HundredMillilitres = "100-mL",
        /// 100 grams.
        HundredGrams = "100-g",
    }
}

words! {
    /// What else is in a preparation.
    Ingredient {
        /// Another active non-narcotic ingredient.
        NonNarcoticActive = "non-narcotic-active",
        /// Acetaminophen.
        Acetaminophen = "acetaminophen",
        /// Aspirin.
        Aspirin = "aspirin",
        /// Caffeine.
        Caffeine = "caffeine",
        /// Guaifenesin.
        Guaifenesin = "guaifenesin",
        /// Promethazine.
        Promethazine = "promethazine",
        /// Codeine.
        Codeine = "codeine",
        /// An isoquinoline alkaloid of opium, in at least the same amount as the substance.
        IsoquinolineAlkaloid = "isoquinoline-alkaloid",
    }
}
