//! The printed rulebook: one page for each part of the Code, as Markdown, made from the rules and parameters themselves.
//!
//! A rule stands under the section that its identifier begins with; a parameter beside the rule that cites the same
//! place, as far as the citations show it.

use super::setting;
use crate::edition::{By, Direction, Domain, Overlay, Parameter, UNLIMITED};
use crate::rule::Rule;
use crate::vocab::{State, Word as _};
use jiff::civil::Date;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use theriac_model::Edition;

/// One page of the printed rulebook.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The file's name, such as `part-1306.md`.
    pub file: String,
    /// Markdown.
    pub text: String,
}

/// A refusal that a rule gave when it was asked: what a reader may meet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The rule's identifier.
    pub rule: String,
    /// The refusal's code.
    pub code: String,
    /// The reason's word in the scenario format.
    pub reason: String,
    /// What was found, in the case that was asked.
    pub what: String,
    /// What to do next.
    pub next: String,
}

/// The rulebook as pages, without examples of refusals.
pub fn rulebook() -> Vec<Page> {
    rulebook_with(&[])
}

/// The rulebook as pages: the contents, one page for each part, one for each State. Below each rule stand those of
/// `refused` that are its own. A check compares what is printed with what decides.
pub fn rulebook_with(refused: &[Refused]) -> Vec<Page> {
    let mut parts: BTreeMap<Part, BTreeMap<String, Section>> = BTreeMap::new();
    for rule in crate::registry() {
        let section = section_of_rule(rule.id);
        parts.entry(Part::of(&section)).or_default().entry(section).or_default().rules.push(rule);
    }
    let places = Places::of_rules();
    for parameter in crate::parameters() {
        let section = places.section(parameter);
        parts.entry(Part::of(&section)).or_default().entry(section).or_default().parameters.push(parameter);
    }
    let mut pages = vec![Page { file: "README.md".to_owned(), text: contents(&parts) }];
    pages.extend(parts.iter().map(|(part, sections)| Page { file: part.file(), text: page(*part, sections, refused) }));
    let arizona = Overlay::built_in(State::Arizona);
    pages.push(Page { file: "state-arizona.md".to_owned(), text: state_page("Arizona", arizona) });
    pages.push(Page { file: "states-products.md".to_owned(), text: products_page() });
    pages
}

/// After all dates of an overlay: what it says in the end.
pub(super) const LAST_DAY: Date = Date::constant(2100, 1, 1);

/// What stands under one section.
#[derive(Default)]
struct Section {
    rules: Vec<&'static Rule>,
    parameters: Vec<&'static Parameter>,
}

/// A part of title 21, the statute, or what is in neither.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Code(u16),
    Statute,
    Other,
}

impl Part {
    /// The part of a section such as `1306.22`, `1306` or `829`.
    fn of(section: &str) -> Self {
        let number = section.split_once('.').map_or(section, |(part, _)| part);
        match number.parse() {
            Ok(part @ 1300..=1399) => Self::Code(part),
            Ok(800..=999) => Self::Statute,
            _ => Self::Other,
        }
    }

    fn file(self) -> String {
        match self {
            Self::Code(part) => format!("part-{part}.md"),
            Self::Statute => "statute.md".to_owned(),
            Self::Other => "elsewhere.md".to_owned(),
        }
    }

    fn title(self) -> String {
        let about = match self {
            Self::Statute => return "21 U.S.C.: the statute".to_owned(),
            Self::Other => return "Outside the numbered sections".to_owned(),
            Self::Code(1301) => "registration, security, theft and loss",
            Self::Code(1304) => "records, inventories and reports",
            Self::Code(1305) => "orders for schedules I and II",
            Self::Code(1306) => "prescriptions",
            Self::Code(1307) => "distribution by a pharmacy, and other matters",
            Self::Code(1308) => "schedules",
            Self::Code(1311) => "electronic orders and prescriptions",
            Self::Code(1314) => "retail sale of listed chemical products",
            Self::Code(1317) => "disposal",
            Self::Code(part) => return format!("21 CFR part {part}"),
        };
        format!("{}: {about}", self.name())
    }

    fn name(self) -> String {
        match self {
            Self::Code(part) => format!("21 CFR part {part}"),
            Self::Statute => "21 U.S.C.".to_owned(),
            Self::Other => "Elsewhere".to_owned(),
        }
    }
}

/// The section that a rule's identifier begins with: `1306.22` of `1306.22-count`; the empty text where it has none.
fn section_of_rule(id: &str) -> String {
    let head = id.split('-').next().unwrap_or_default();
    if head.starts_with(|c: char| c.is_ascii_digit()) { head.to_owned() } else { String::new() }
}

/// Where the rules stand, by what they cite: it finds the section beside which a parameter is read.
struct Places {
    /// Sections that have rules.
    sections: BTreeSet<String>,
    /// The section of the first rule that cites a paragraph.
    exact: BTreeMap<String, String>,
    /// The section of the first rule that cites anything in a section.
    cited: BTreeMap<String, String>,
}

impl Places {
    fn of_rules() -> Self {
        let mut places = Self { sections: BTreeSet::new(), exact: BTreeMap::new(), cited: BTreeMap::new() };
        for rule in crate::registry() {
            let section = section_of_rule(rule.id);
            if section.is_empty() {
                continue;
            }
            for place in places_in(rule.cite) {
                places.cited.entry(bare(&place).to_owned()).or_insert_with(|| section.clone());
                if place != bare(&place) {
                    places.exact.entry(place).or_insert_with(|| section.clone());
                }
            }
            places.sections.insert(section);
        }
        places
    }

    /// The section for a parameter, by its own citations, else by those of its siblings (`expiry.iii-iv.months` for
    /// `expiry.ii.days`); the empty text where neither cites a section.
    fn section(&self, parameter: &Parameter) -> String {
        let family = |id: &'static str| id.split('.').next();
        let siblings = crate::parameters().iter().filter(|other| family(other.id) == family(parameter.id));
        self.by_citation(parameter)
            .or_else(|| siblings.copied().find_map(|sibling| self.by_citation(sibling)))
            .unwrap_or_default()
    }

    /// The same paragraph in a rule, or the same section with rules; then a section that a rule cites; then the section itself.
    fn by_citation(&self, parameter: &Parameter) -> Option<String> {
        let places: Vec<String> = parameter.rows.iter().flat_map(|row| places_in(row.cite)).collect();
        let beside = |place: &String| {
            let section = bare(place);
            self.exact.get(place).cloned().or_else(|| self.sections.get(section).cloned())
        };
        let cited = |place: &String| self.cited.get(bare(place)).cloned();
        let found = places.iter().find_map(beside).or_else(|| places.iter().find_map(cited));
        found.or_else(|| places.first().map(|place| bare(place).to_owned()))
    }
}

/// The places a citation names: `1306.22(a)` of `21 CFR 1306.22(a)`, and `829(f)(2)` of `21 U.S.C. 829(f)(2)`.
fn places_in(cite: &str) -> Vec<String> {
    let mut places = Vec::new();
    for piece in cite.split("; ") {
        let statute = piece.contains("21 U.S.C.");
        for word in piece.split([' ', ',']) {
            let section = bare(word);
            let of_code = section.len() > 5 && section.starts_with("13") && section.get(4..5) == Some(".");
            let of_statute = statute && section.starts_with('8') && section.get(..3).is_some_and(is_number);
            if of_code || of_statute {
                places.push(word.to_owned());
            }
        }
    }
    places
}

fn is_number(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_digit())
}

/// A place without its paragraphs.
fn bare(place: &str) -> &str {
    place.split_once('(').map_or(place, |(section, _)| section)
}

fn contents(parts: &BTreeMap<Part, BTreeMap<String, Section>>) -> String {
    let mut text = "# The rulebook\n\n\
        What Theriac holds the law of controlled substances to be: every rule it asks and every number it counts with, made\n\
        from the rules themselves by `cargo xtask rulebook`. Change the rule, not the page. This is no legal advice.\n\n\
        ## How to read it\n\n\
        A rule states in our words what is asked, where it is written, who says it, and what a refusal looks like. A number\n\
        may differ between editions and from day to day, so each has a table of its values. The editions are:\n\n"
        .to_owned();
    for edition in By::ALL.editions() {
        let _ = writeln!(text, "- **{}** (`{edition}`): {}", words_of(&edition), edition.standing());
    }
    text.push_str(
        "\nThe default profile, `strictest`, takes the proposal and the Code together and obeys the stricter value of each;\n\
         `in-force` obeys the Code alone. An edition that is silent forbids nothing. A State only ever narrows the answer,\n\
         except where federal law knows nothing of the act.\n\n\
         ## Parts\n\n| part | rules | numbers |\n|---|---|---|\n",
    );
    for (part, sections) in parts {
        let rules: usize = sections.values().map(|section| section.rules.len()).sum();
        let parameters: usize = sections.values().map(|section| section.parameters.len()).sum();
        let _ = writeln!(text, "| [{}]({}) | {rules} | {parameters} |", part.title(), part.file());
    }
    text.push_str("| [Arizona](state-arizona.md) | | |\n| [Products that States control](states-products.md) | | |\n\n## By subject\n\n| subject | rules |\n|---|---|\n");
    let mut areas: BTreeMap<&str, Vec<&Rule>> = BTreeMap::new();
    for rule in crate::registry() {
        areas.entry(rule.area).or_default().push(rule);
    }
    for (area, rules) in areas {
        let links: Vec<String> = rules
            .iter()
            .map(|rule| format!("[{}]({}#{})", rule.id, Part::of(&section_of_rule(rule.id)).file(), anchor(rule.id)))
            .collect();
        let _ = writeln!(text, "| {} | {} |", subject(area), links.join(", "));
    }
    text
}

/// The anchor that renderers of Markdown give a heading: lower case, points left out.
fn anchor(heading: &str) -> String {
    heading.to_lowercase().replace('.', "")
}

/// An area of the catalogue as people write it.
fn subject(area: &str) -> String {
    let words = match area {
        "cmea" => "listed chemical products at retail",
        "dea-number" => "DEA numbers",
        "electronic" => "electronic prescriptions",
        "online" => "online pharmacies",
        "oral" => "oral prescriptions",
        "fax" => "prescriptions by fax",
        "dispense-to" => "to whom it may be dispensed",
        "mail-export" => "mail and export",
        "multiple-cii" => "several schedule II prescriptions at once",
        "otc-schedule-v" => "schedule V without a prescription",
        "partial-fill" => "partial filling",
        "state-law" => "State law",
        "theft-loss" => "theft and loss",
        "who-may-prescribe" => "who may prescribe",
        other => return other.replace('-', " "),
    };
    words.to_owned()
}

fn page(part: Part, sections: &BTreeMap<String, Section>, refused: &[Refused]) -> String {
    let mut text = format!("# {}\n\n[All parts](README.md)\n", part.title());
    for (section, held) in sections {
        let _ = write!(text, "\n## {}\n", section_title(part, section, held));
        for rule in &held.rules {
            text.push_str(&rule_text(rule, refused));
        }
        for parameter in &held.parameters {
            text.push_str(&parameter_text(parameter));
        }
    }
    text
}

fn section_title(part: Part, section: &str, held: &Section) -> String {
    let subjects: BTreeSet<String> = held.rules.iter().map(|rule| subject(rule.area)).collect();
    let subjects = subjects.into_iter().collect::<Vec<_>>().join(", ");
    let number = match part {
        Part::Code(whole) if section == whole.to_string() => "The part as a whole".to_owned(),
        Part::Statute => format!("21 U.S.C. {section}"),
        Part::Other if section.is_empty() => "Guidance and other laws".to_owned(),
        Part::Code(_) | Part::Other => format!("§ {section}"),
    };
    if subjects.is_empty() { number } else { format!("{number}: {subjects}") }
}

fn rule_text(rule: &Rule, refused: &[Refused]) -> String {
    let mut text = format!(
        "\n### {}\n\n{}.\n\n- Where: {}\n- Who says it: {}\n",
        rule.id,
        rule.summary,
        rule.cite,
        said_by(rule.by)
    );
    if rule.since.is_some() || rule.until.is_some() {
        let _ = writeln!(text, "- In force: {}", period(rule.since, rule.until));
    }
    for refusal in refused.iter().filter(|refusal| refusal.rule == rule.id) {
        let _ = writeln!(
            text,
            "- Refused as `{}` ({}), for example: {}. Next: {}.",
            refusal.reason,
            refusal.code,
            refusal.what.trim_end_matches('.'),
            refusal.next.trim_end_matches('.')
        );
    }
    if !rule.requirements.is_empty() {
        let _ = writeln!(text, "- Requirements: {}", rule.requirements.join(", "));
    }
    text
}

fn parameter_text(parameter: &'static Parameter) -> String {
    let mut text =
        format!("\n### {}\n\n{}. {}\n\n", parameter.id, capital(parameter.what), strictness(parameter.direction));
    let arizona = Overlay::built_in(State::Arizona);
    let of_state = arizona.row(parameter, LAST_DAY).map(|row| arizona.said(row));
    if parameter.rows.is_empty() {
        text.push_str("Federal law is silent; a State may speak.\n");
        if of_state.is_none() {
            return text;
        }
        text.push('\n');
    }
    text.push_str("| who says it | when | value | where |\n|---|---|---|---|\n");
    for row in parameter.rows {
        let (days, value) = (period(row.since, row.until), shown(parameter, row.value));
        let _ = writeln!(text, "| {} | {days} | {value} | {} |", said_by(row.by), row.cite);
    }
    if let Some(bound) = of_state {
        let value = shown(parameter, bound.value);
        let _ = writeln!(text, "| [Arizona](state-arizona.md) | as it stands | {value} | {} |", bound.cite);
    }
    text
}

fn state_page(name: &str, overlay: &Overlay) -> String {
    let mut text = format!(
        "# {name}\n\n[All parts](README.md)\n\nWhat the State adds (`{}`). Where a value is looser than the federal one, the federal\n\
         one stays.\n\n| what | value | where |\n|---|---|---|\n",
        overlay.edition()
    );
    for parameter in crate::parameters() {
        if let Some(row) = overlay.row(parameter, LAST_DAY) {
            let bound = overlay.said(row);
            let value = shown(parameter, bound.value);
            let _ = writeln!(text, "| {} (`{}`) | {value} | {} |", capital(parameter.what), parameter.id, bound.cite);
        }
    }
    text
}

/// Which products the built-in overlays put into a schedule.
fn products_page() -> String {
    let mut text = "# Products that States control\n\n[All parts](README.md)\n\nFederal law puts them into no schedule, or into a looser one; where a State is\nnamed, the State's schedule and its rules bind.\n\n| State | product | schedule | where |\n|---|---|---|---|\n".to_owned();
    for (word, state) in State::LIST {
        for product in Overlay::built_in(*state).products() {
            let schedule = product.schedule.map_or("reported only".to_owned(), |schedule| schedule.to_string());
            let _ = writeln!(text, "| {word} | {} | {schedule} | {} |", product.names().join(", "), product.cite);
        }
    }
    text
}

/// A value in words: `1 business day`, `no limit`, `yes`.
pub(super) fn shown(parameter: &Parameter, value: u64) -> String {
    match (parameter.domain, setting(parameter, value)) {
        (Domain::Number(_), _) if value == UNLIMITED => "no limit".to_owned(),
        (Domain::Number(unit @ ("level" | "day")), _) => format!("{unit} {value}"),
        (Domain::Number(unit), _) if value == 1 => format!("1 {}", unit.strip_suffix('s').unwrap_or(unit)),
        (_, Value::Bool(yes)) => if yes { "yes" } else { "no" }.to_owned(),
        (_, Value::Array(words)) if words.is_empty() => "none".to_owned(),
        (Domain::Number(unit), _) => format!("{} {unit}", grouped(value)),
        (_, Value::Array(words)) => {
            words.iter().filter_map(Value::as_str).map(|word| word.replace('-', " ")).collect::<Vec<_>>().join(", ")
        }
        (_, Value::String(text)) => text,
        (_, other) => other.to_string(),
    }
}

/// A number with a comma before each three digits: `15,000`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

pub(super) fn strictness(direction: Direction) -> &'static str {
    match direction {
        Direction::Min => "The smaller value is the stricter.",
        Direction::Max => "The larger value is the stricter.",
        Direction::Required => "If any edition that binds requires it, it is required.",
        Direction::Permitted => "If any edition that binds forbids it, it is forbidden.",
        Direction::Union => "Everything that any binding edition requires is required.",
        Direction::Intersection => "Only what every binding edition allows is allowed.",
        Direction::Window => "A permission with dates; outside them it is refused.",
        Direction::Choice => {
            "No value is stricter than another: the Code's is taken, else the first edition's that speaks."
        }
    }
}

/// The days in words; both ends are inside.
pub(super) fn period(since: Option<Date>, until: Option<Date>) -> String {
    let day = |date: Date| date.strftime("%-d %B %Y").to_string();
    match (since, until) {
        (None, None) => "always".to_owned(),
        (Some(since), None) => format!("from {}", day(since)),
        (None, Some(until)) => format!("to {}", day(until)),
        (Some(since), Some(until)) => format!("{} to {}", day(since), day(until)),
    }
}

pub(super) fn said_by(by: By) -> String {
    if by == By::ALL {
        return "all four editions".to_owned();
    }
    by.editions().map(|edition| words_of(&edition)).collect::<Vec<_>>().join(", ")
}

fn words_of(edition: &Edition) -> String {
    match edition {
        Edition::Proposed2008 => "proposal of 2008".to_owned(),
        Edition::Cfr => "Code and statute".to_owned(),
        Edition::Manual2010 => "Manual 2010".to_owned(),
        Edition::Cards2021 => "Cards 2021".to_owned(),
        other => other.to_string(),
    }
}

/// The sentence with a capital at its beginning.
pub(super) fn capital(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map_or_else(String::new, |first| first.to_uppercase().chain(rest).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_rule_stands_on_the_page_of_its_part() {
        assert_eq!(Part::of(&section_of_rule("1306.22-count")).file(), "part-1306.md");
        assert_eq!(Part::of(&section_of_rule("1306-quantity")).file(), "part-1306.md");
        assert_eq!(Part::of(&section_of_rule("829-evaluation")).file(), "statute.md");
        assert_eq!(Part::of(&section_of_rule("disaster-supply")).file(), "elsewhere.md");
    }

    #[test]
    fn a_parameter_stands_beside_the_rule_that_cites_its_place() {
        assert_eq!(places_in("21 CFR 1305.12(b), 1305.13; 21 U.S.C. 829a"), ["1305.12(b)", "1305.13", "829a"]);
        assert_eq!(places_in("84 FR 51368").len(), 0);
        let places = Places::of_rules();
        let check = |id, section| assert_eq!(places.section(crate::parameter(id).expect("known")), section, "{id}");
        check("refill.iii-iv.count", "1306.22");
        check("partial.ii.requested.days", "1306.13");
        check("cmea.day.mg", "1314.20");
        check("expiry.ii.days", "1306.22");
        check("transfer.unfilled-electronic", "1306.25");
        check("disaster.days", "");
    }

    #[test]
    fn dates_and_numbers_are_written_as_people_write_them() {
        assert_eq!(period(Some(date(2016, 7, 22)), None), "from 22 July 2016");
        assert_eq!(period(None, Some(date(2016, 7, 21))), "to 21 July 2016");
        let hours = crate::parameter("notice.loss.business-days").expect("known");
        assert_eq!((shown(hours, 1), shown(hours, 2)), ("1 business day".into(), "2 business days".into()));
        assert_eq!(shown(hours, UNLIMITED), "no limit");
        assert_eq!([0, 999, 1000, 15001, 1_234_567].map(grouped), ["0", "999", "1,000", "15,001", "1,234,567"]);
    }

    /// A link into a page leads to a heading that is there.
    #[test]
    fn the_contents_link_to_headings_that_exist() {
        let pages = rulebook();
        for rule in crate::registry() {
            let file = Part::of(&section_of_rule(rule.id)).file();
            let page = pages.iter().find(|page| page.file == file).expect("its page");
            assert!(page.text.contains(&format!("\n### {}\n", rule.id)), "{}", rule.id);
        }
    }
}
