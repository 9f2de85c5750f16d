//! The medication, as prescribed, requested, answered or dispensed.

use super::super::table::{Kind, Part, code, many, numbered, one, text};
use super::{WHEN, when};

macro_rules! medication {
    ($($more:expr),*) => {
        &numbered([
            text("DrugDescription", 105).expected(),
            one("DrugCoded", Kind::Part(&DRUG_CODED)),
            one("Quantity", Kind::Part(&QUANTITY)).expected(),
            one("DaysSupply", Kind::Count),
            when("WrittenDate").expected(),
            when("LastFillDate"),
            code("Substitutions").expected(),
            one("NumberOfRefills", Kind::Count).expected(),
            many("Diagnosis", Kind::Open),
            code("PriorAuthorizationNumber"),
            text("Note", 210),
            many("DrugUseEvaluation", Kind::Open),
            many("DrugCoverageStatusCode", Kind::Code),
            code("PriorAuthorizationStatus"),
            one("Sig", Kind::Part(&SIG)).expected(),
            code("DoNotFill"),
            one("TimeZone", Kind::Part(&TIME_ZONE)),
            code("OrderCaptureMethod"),
            code("ReasonForSubstitutionCodeUsed"),
            code("SplitScript"),
            code("RxFillIndicator"),
            many("OfficeOfPharmacyAffairsID", Kind::Code),
            code("DeliveryRequest"),
            code("DeliveryLocation"),
            one("DiabeticSupply", Kind::Open),
            code("InjuryRelated"),
            one("Service", Kind::Open),
            one("IVAdministration", Kind::Open),
            one("TreatmentIndicator", Kind::Open),
            code("ProphylacticOrEpisodic"),
            one("CurrentTreatmentCycle", Kind::Open),
            one("NumberOfCyclesPlanned", Kind::Open),
            many("Wound", Kind::Open),
            code("PrescriberCheckedREMS"),
            code("REMSPatientRiskCategory"),
            code("REMSAuthorizationNumber"),
            one("Titration", Kind::Open),
            one("FlavoringRequested", Kind::Code),
            one("CompoundInformation", Kind::Part(&COMPOUND)),
            one("NumberOfPackagesToBeDispensed", Kind::Count),
            many("PatientCodifiedNote", Kind::Open),
            many("FacilitySpecificHoursOfAdministrationTiming", Kind::Open),
            many("OtherMedicationDate", Kind::Part(&OTHER_DATE)),
            one("NeedNoLaterThan", Kind::Open),
            one("PlaceOfServiceNonSelfAdministeredProduct", Kind::Open),
            one("ProviderExplicitAuthorizationToAdminister", Kind::Open),
            $($more),*
        ])
    };
}

pub(super) static MEDICATION: Part = Part::of("medication", medication!());

pub(super) static DISPENSED: Part =
    Part::of("medication dispensed", medication!(one("PharmacyRequestedRefills", Kind::Count)));

static DRUG_CODED: Part = Part::of(
    "drug coded",
    &numbered([
        one("ProductCode", Kind::Part(&CODED_PAIR)),
        one("Strength", Kind::Part(&STRENGTH)),
        one("DrugDBCode", Kind::Part(&CODED_PAIR)),
        one("DEASchedule", Kind::Part(&CODE_ONLY)),
    ]),
);

/// A code with the list it comes from. One public fixture writes the code as text and the list as an attribute.
static CODED_PAIR: Part = Part::with(
    "coded pair",
    &numbered([code("Code"), code("Qualifier"), one("Description", Kind::Text)]),
    &["Qualifier"],
);

static CODE_ONLY: Part = Part::of("code", &numbered([code("Code")]));

static STRENGTH: Part = Part::of(
    "strength",
    &numbered([
        text("StrengthValue", 70),
        one("StrengthForm", Kind::Part(&FORM)),
        one("StrengthUnitOfMeasure", Kind::Part(&STRENGTH_UNIT)),
    ]),
);

static FORM: Part = Part::of("form", &numbered([one("Code", Kind::Form)]));
static STRENGTH_UNIT: Part = Part::of("strength unit", &numbered([one("Code", Kind::StrengthUnit)]));
static QUANTITY_UNIT: Part = Part::of("quantity unit", &numbered([one("Code", Kind::QuantityUnit)]));

static QUANTITY: Part = Part::of(
    "quantity",
    &numbered([
        one("Value", Kind::Number).expected(),
        code("CodeListQualifier").expected(),
        one("QuantityUnitOfMeasure", Kind::Part(&QUANTITY_UNIT)).expected(),
    ]),
);

/// The structured parts may repeat in pairs, so they share one place.
static SIG: Part = Part::of(
    "directions",
    &numbered([
        text("SigText", 1000).expected(),
        one("CodeSystem", Kind::Open),
        many("Instruction", Kind::Open),
        many("MultipleInstructionModifier", Kind::Open).along(),
        many("IndicationForUse", Kind::Open),
        many("MaximumDoseRestriction", Kind::Open),
        one("ClarifyingFreeText", Kind::Text),
    ]),
);

static TIME_ZONE: Part =
    Part::of("time zone", &numbered([code("TimeZoneIdentifier"), code("TimeZoneDifferenceQuantity")]));

/// The outer and the inner element share a name.
static OTHER_DATE: Part = Part::of(
    "other medication date",
    &numbered([one("OtherMedicationDate", Kind::Part(&WHEN)), code("OtherMedicationDateQualifier")]),
);

static COMPOUND: Part = Part::of(
    "compound",
    &numbered([
        one("FinalCompoundPharmaceuticalDosageForm", Kind::Code),
        many("CompoundIngredientsLotNotUsed", Kind::Open),
    ]),
);
