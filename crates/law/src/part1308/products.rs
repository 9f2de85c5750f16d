//! The schedules of products by name or brand, from our own dated table (`data/schedules.toml`).
//!
//! One name may have several entries, because formulation or strength decides. Until the formulation is known the
//! strictest of them stands. A name without an entry is unknown, never uncontrolled.

use crate::edition::{By, Profile, Row};
use crate::vocab::{Schedule, Word};
use crate::when::parse_date;
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::OnceLock;
use theriac_model::Edition;

/// What a product is under Federal law.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// In a schedule, or in none ([`Schedule::None`]).
    Scheduled(Schedule),
    /// A scheduled listed chemical product (21 U.S.C. 802(45)).
    ListedChemical,
}

impl Status {
    /// The word of the data file: `II`, `none`, `listed-chemical`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Scheduled(schedule) => schedule.word(),
            Self::ListedChemical => "listed-chemical",
        }
    }

    /// The status of what is in a schedule.
    pub const fn of(schedule: theriac_model::Schedule) -> Self {
        use theriac_model::Schedule as Numbered;
        Self::Scheduled(match schedule {
            Numbered::I => Schedule::I,
            Numbered::II => Schedule::II,
            Numbered::III => Schedule::III,
            Numbered::IV => Schedule::IV,
            Numbered::V => Schedule::V,
        })
    }

    /// The schedule it is in, if any.
    pub const fn schedule(self) -> Option<theriac_model::Schedule> {
        use theriac_model::Schedule as Numbered;
        match self {
            Self::Scheduled(Schedule::I) => Some(Numbered::I),
            Self::Scheduled(Schedule::II) => Some(Numbered::II),
            Self::Scheduled(Schedule::III) => Some(Numbered::III),
            Self::Scheduled(Schedule::IV) => Some(Numbered::IV),
            Self::Scheduled(Schedule::V) => Some(Numbered::V),
            Self::Scheduled(Schedule::None) | Self::ListedChemical => None,
        }
    }

    fn parse(word: &str) -> Option<Self> {
        if word == "listed-chemical" {
            Some(Self::ListedChemical)
        } else {
            Schedule::from_word(word).map(Self::Scheduled)
        }
    }

    /// The stricter of two: schedule I before II, ... V, listed chemical, none.
    #[must_use]
    pub fn stricter(self, other: Self) -> Self {
        if other.rank() < self.rank() { other } else { self }
    }

    pub(super) fn rank(self) -> usize {
        match self {
            Self::Scheduled(Schedule::None) => 6,
            Self::ListedChemical => 5,
            Self::Scheduled(schedule) => schedule as usize,
        }
    }
}

/// One entry of the table.
#[derive(Clone, Debug)]
pub struct Product {
    /// The generic name.
    pub name: String,
    /// Brands and other names.
    pub also: Vec<String>,
    /// What it is.
    pub status: Status,
    /// Which formulation, strength or product the entry means; absent where the name alone decides.
    pub when: Option<String>,
    /// The class of the drug.
    pub class: String,
    /// Where it is said.
    pub source: String,
    /// DEA exempts some products of this kind; the status stands until a house records that it exempts this one.
    pub exemptible: bool,
    /// The first day on which it binds under the Code; `None` when it has no beginning here.
    pub since: Option<Date>,
    /// The last day on which it binds under the Code.
    pub until: Option<Date>,
    by: By,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FileForm {
    product: Vec<EntryForm>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryForm {
    name: String,
    #[serde(default)]
    also: Vec<String>,
    status: String,
    when: Option<String>,
    #[serde(default)]
    editions: Vec<String>,
    since: Option<String>,
    until: Option<String>,
    #[serde(default)]
    exemptible: bool,
    class: String,
    source: String,
}

fn entry(form: EntryForm) -> Option<Product> {
    let one = |name: &String| match Edition::parse(name)? {
        Edition::Proposed2008 => Some(By::P08),
        Edition::Cfr => Some(By::CFR),
        Edition::Manual2010 => Some(By::M10),
        Edition::Cards2021 => Some(By::C21),
        Edition::State(_) | Edition::House(_) => None,
    };
    let named = form.editions.iter().map(one).try_fold(None, |set: Option<By>, by| {
        let by = by?;
        Some(Some(set.map_or(by, |set| set.and(by))))
    })?;
    let day = |text: &Option<String>| match text {
        None => Some(None),
        Some(text) => parse_date(text).map(Some),
    };
    Some(Product {
        status: Status::parse(&form.status)?,
        since: day(&form.since)?,
        until: day(&form.until)?,
        exemptible: form.exemptible,
        by: named.unwrap_or(By::ALL),
        name: form.name,
        also: form.also,
        when: form.when,
        class: form.class,
        source: form.source,
    })
}

struct Table {
    products: Vec<Product>,
    names: BTreeMap<String, Vec<usize>>,
}

/// Lower case, letters and digits only: `Tylenol #3` and `tylenol 3` are one name.
pub fn key(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let form: FileForm =
            toml::from_str(include_str!("../../data/schedules.toml")).expect("a test reads our own table");
        let products: Vec<Product> = form.product.into_iter().filter_map(entry).collect();
        let mut names: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (n, product) in products.iter().enumerate() {
            for name in std::iter::once(&product.name).chain(&product.also) {
                names.entry(key(name)).or_default().push(n);
            }
        }
        Table { products, names }
    })
}

/// All entries.
pub fn all() -> &'static [Product] {
    &table().products
}

/// What the table says of a name.
#[derive(Clone, Debug)]
pub enum Found {
    /// One status, whatever the formulation.
    Certain(Status, Vec<&'static Product>),
    /// The formulation decides; until it is known this, the strictest, stands.
    Depends(Status, Vec<&'static Product>),
    /// Not in the table: to be classified by hand, and never taken as uncontrolled.
    Unknown,
}

impl Product {
    /// The editions that say it.
    pub fn editions(&self) -> impl Iterator<Item = Edition> {
        self.by.editions()
    }

    /// Whether the entry speaks under `profile` on `day`. A single edition reads entries without regard to their dates.
    fn speaks(&self, profile: &Profile, day: Date) -> bool {
        let mut row = Row::of(self.by, 0, "");
        (row.since, row.until) = (self.since, self.until);
        profile.reads(self.by) && (!profile.is_dated() || row.binds(day))
    }
}

/// Words of a formulation that may follow a name and are no part of it.
const FORMULATION: &[&str] = &[
    "tablet",
    "capsule",
    "solution",
    "suspension",
    "syrup",
    "liquid",
    "oral",
    "rectal",
    "nasal",
    "gel",
    "spray",
    "film",
    "patch",
    "injection",
    "injectable",
    "suppository",
    "suppositories",
    "single",
    "ingredient",
    "extended-release",
    "er",
    "immediate-release",
    "ir",
    "xr",
    "odt",
];

fn is_formulation(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    FORMULATION.contains(&word.as_str()) || word.strip_suffix('s').is_some_and(|one| FORMULATION.contains(&one))
}

/// The entries of a name. Where the name as it stands has none, words of a formulation at its end are left away one by
/// one, so that "oxycodone extended-release single ingredient" is oxycodone; the entries that remain say what decides.
fn entries_of(name: &str) -> Vec<&'static Product> {
    let table = table();
    let mut words: Vec<&str> = name.split_whitespace().collect();
    loop {
        let whole = words.concat();
        let found = table.names.get(&key(&whole)).or_else(|| table.names.get(key(&whole).strip_suffix('s')?));
        if let Some(indices) = found {
            return indices.iter().map(|n| &table.products[*n]).collect();
        }
        match words.pop() {
            Some(last) if is_formulation(last) && !words.is_empty() => {}
            _ => return Vec::new(),
        }
    }
}

/// Looks a generic name or a brand up; case, spaces and punctuation do not matter, nor does a formulation after the name
/// that decides nothing.
pub fn lookup(profile: &Profile, name: &str, day: Date) -> Found {
    let entries = entries_of(name);
    let own: Vec<&'static Product> = entries.iter().copied().filter(|product| product.speaks(profile, day)).collect();
    // A single edition that does not list a product borrows from the others, as for every rule.
    let spoken = if own.is_empty() && !profile.is_dated() { entries } else { own };
    let Some(strictest) = spoken.iter().map(|product| product.status).reduce(Status::stricter) else {
        return Found::Unknown;
    };
    // "Not controlled" with a condition is not certain until the condition is known to hold.
    let conditional =
        |product: &&Product| product.status == Status::Scheduled(Schedule::None) && product.when.is_some();
    let certain = spoken.iter().all(|product| product.status == strictest && !conditional(product));
    if certain { Found::Certain(strictest, spoken) } else { Found::Depends(strictest, spoken) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const TODAY: Date = date(2026, 11, 22);

    fn word(profile: &Profile, name: &str, day: Date) -> String {
        match lookup(profile, name, day) {
            Found::Certain(status, _) => status.word().to_owned(),
            Found::Depends(status, _) => format!("{}?", status.word()),
            Found::Unknown => "unknown".to_owned(),
        }
    }

    fn check(name: &str, expected: &str) {
        assert_eq!(word(&Profile::in_force(), name, TODAY), expected, "{name}");
    }

    #[test]
    fn every_entry_of_our_table_is_read() {
        let entries = include_str!("../../data/schedules.toml").lines().filter(|line| *line == "[[product]]").count();
        assert_eq!(all().len(), entries);
    }

    /// Requirements: law-form-oxycodone-all, law-form-buprenorphine-all, law-form-nabilone
    #[test]
    fn names_and_brands_are_found_however_they_are_written() {
        check("Percocet", "II");
        check("  OXYCODONE/acetaminophen ", "II");
        check("tylenol 3", "III");
        check("Suboxone", "III");
        check("Cesamet", "II");
        check("Xanax XR", "IV");
        check("Lyrica", "V");
        check("pseudoephedrine", "listed-chemical");
        check("LSD", "I");
    }

    /// Requirements: law-sched-unknown-is-not-uncontrolled
    #[test]
    fn a_name_that_is_not_in_the_table_is_unknown() {
        check("Imaginarol", "unknown");
        check("", "unknown");
    }

    /// Requirements: law-form-ask-when-ambiguous
    #[test]
    fn where_formulation_decides_the_strictest_stands_until_it_is_known() {
        check("codeine combination", "II?");
        check("opium combination", "III?");
        assert!(
            matches!(lookup(&Profile::in_force(), "codeine combination", TODAY), Found::Depends(_, entries) if entries.len() == 2)
        );
    }

    /// Requirements: law-sched-brand-equals-generic, law-form-dronabinol-capsule, law-form-dronabinol-solution,
    /// law-form-barbiturate-suppository, law-sched-civ-benzodiazepines
    #[test]
    fn a_formulation_after_the_name_is_heeded_where_it_decides_and_left_away_where_not() {
        all_are("dronabinol oral solution; Syndros; oxycodone extended-release single ingredient", "II");
        all_are("dronabinol capsule; dronabinol capsules; Marinol; pentobarbital suppository", "III");
        all_are(
            "diazepam rectal gel; midazolam nasal spray; lorazepam injection; clonazepam tablets; alprazolam ODT",
            "IV",
        );
        all_are("Imaginarol tablets; tablets; oral solution", "unknown");
    }

    fn all_are(names: &str, expected: &str) {
        for name in names.split(';').map(str::trim) {
            check(name, expected);
        }
    }

    /// Requirements: law-sched-ci-list, law-sched-cii-opioid-list, law-sched-cii-stimulant-list, law-sched-cii-other-list
    #[test]
    fn schedules_i_and_ii_hold_what_the_sources_list() {
        all_are(
            "MDMA; ecstasy; heroin; diacetylmorphine; LSD; marijuana; cannabis; mescaline; peyote; methaqualone; GHB",
            "I",
        );
        all_are(
            "alfentanil; codeine; fentanyl; Duragesic; hydrocodone; Norco; hydromorphone; Dilaudid; levorphanol",
            "II",
        );
        all_are(
            "meperidine; methadone; Dolophine; morphine; MS Contin; opium; oxycodone; Percocet; Percodan; Opana",
            "II",
        );
        all_are("oxymorphone; sufentanil; tapentadol; Nucynta", "II");
        all_are("amphetamine; Adderall; Focalin; dextroamphetamine; Vyvanse; Desoxyn; methylphenidate; Concerta", "II");
        all_are("cocaine; Syndros; LAAM; Cesamet; glutethimide; pentobarbital; secobarbital; amobarbital", "II");
    }

    /// Requirements: law-sched-civ-hypnotics, law-sched-civ-weight-loss, law-sched-civ-other, law-sched-cv-list
    #[test]
    fn schedules_iii_to_v_hold_what_the_sources_list() {
        all_are(
            "benzphetamine; phendimetrazine; buprenorphine; Suboxone; butabarbital; Fiorinal; Tylenol #4; Marinol",
            "III",
        );
        all_are("ketamine; paregoric; Fycompa; Xyrem; testosterone; AndroGel; oxandrolone", "III");
        all_are(
            "alprazolam; Xanax; Librium; Onfi; Klonopin; Tranxene; Valium; estazolam; flurazepam; Ativan; Versed",
            "IV",
        );
        all_are("Lunesta; DayVigo; Belsomra; zaleplon; Ambien; diethylpropion; Adipex-P; Lomaira; Qsymia", "IV");
        all_are("Nuvigil; Stadol; Soma; Motofen; Viberzi; Provigil; phenobarbital; Darvon; Ultram; Ultracet", "IV");
        all_are("Briviact; Vimpat; Lyrica; Lomotil; Phenergan with Codeine; Robitussin AC", "V");
    }

    /// Requirements: law-sched-brand-equals-generic, law-sched-slcp-is-not-a-schedule, law-sched-order-by-abuse
    #[test]
    fn brand_and_generic_carry_one_status_and_statuses_are_ordered() {
        all_are("oxycontin; OxyContin\u{ae}; OXYCODONE", "II");
        all_are("ephedrine; pseudoephedrine; phenylpropanolamine", "listed-chemical");
        let order = [Schedule::I, Schedule::II, Schedule::III, Schedule::IV, Schedule::V, Schedule::None]
            .map(Status::Scheduled);
        for pair in order.windows(2) {
            assert_eq!(pair[0].stricter(pair[1]), pair[0]);
            assert_eq!(pair[1].stricter(pair[0]), pair[0]);
        }
    }

    /// Requirements: law-sched-reports-source
    #[test]
    fn every_entry_says_who_says_it_and_where() {
        for product in all() {
            assert!(!product.source.is_empty() && product.editions().next().is_some(), "{}", product.name);
        }
    }

    /// Requirements: law-sched-newly-controlled-by-edition, law-sched-date-effective, law-sched-hydrocodone-combination-edition
    #[test]
    fn what_was_controlled_later_has_its_edition_and_day() {
        for profile in [Profile::strictest(), Profile::cards_2021()] {
            assert_eq!(word(&profile, "Ultram", TODAY), "IV");
            assert_eq!(word(&profile, "Soma", TODAY), "IV");
            assert_eq!(word(&profile, "Vicodin", TODAY), "II");
        }
        assert_eq!(word(&Profile::proposed_2008(), "Vicodin", TODAY), "III");
        assert_eq!(word(&Profile::in_force(), "carisoprodol", date(2012, 1, 10)), "unknown");
        assert_eq!(word(&Profile::in_force(), "carisoprodol", date(2012, 1, 11)), "IV");
    }

    /// Requirements: law-form-epidiolex-by-date, law-conc-hydrocodone-2010
    #[test]
    fn entries_have_their_days() {
        let on = |name: &str, day: Date| word(&Profile::in_force(), name, day);
        assert_eq!(on("Vicodin", date(2014, 10, 5)), "III");
        assert_eq!(on("Vicodin", date(2014, 10, 6)), "II");
        assert_eq!(on("tramadol", date(2014, 8, 17)), "unknown");
        assert_eq!(on("tramadol", date(2014, 8, 18)), "IV");
        assert_eq!(on("Epidiolex", date(2020, 4, 5)), "V");
        assert_eq!(word(&Profile::manual_2010(), "Vicodin", TODAY), "III");
        assert_eq!(word(&Profile::cards_2021(), "Vicodin", TODAY), "II");
        assert_eq!(word(&Profile::cards_2021(), "Darvon", TODAY), "IV");
    }
}
