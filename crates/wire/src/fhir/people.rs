//! Patient and practitioner: names, addresses and registration numbers, where exactly one is meant.

use super::codes;
use super::draft::Gather;
use super::pool::{At, Pool};
use super::refusals;
use super::table;
use crate::script::NoticeKind;
use theriac_model::{Element, Refusal};

/// The elements of one person.
struct Person {
    last: Element,
    first: Element,
    middle: Element,
    suffix: Element,
    line1: Element,
    line2: Element,
    city: Element,
    state: Element,
    postal: Element,
    /// The use of the address that a prescription bears, when there are several.
    address: &'static str,
}

const PATIENT: Person = Person {
    last: Element::PatientLast,
    first: Element::PatientFirst,
    middle: Element::PatientMiddle,
    suffix: Element::PatientSuffix,
    line1: Element::PatientLine1,
    line2: Element::PatientLine2,
    city: Element::PatientCity,
    state: Element::PatientState,
    postal: Element::PatientPostal,
    address: "home",
};
const PRACTITIONER: Person = Person {
    last: Element::PractitionerLast,
    first: Element::PractitionerFirst,
    middle: Element::PractitionerMiddle,
    suffix: Element::PractitionerSuffix,
    line1: Element::PractitionerLine1,
    line2: Element::PractitionerLine2,
    city: Element::PractitionerCity,
    state: Element::PractitionerState,
    postal: Element::PractitionerPostal,
    address: "work",
};

impl Gather {
    pub(super) fn patient(&mut self, patient: &At<'_>) -> Result<(), Box<Refusal>> {
        patient.compare(table::PATIENT, &mut self.notices)?;
        in_use(patient)?;
        self.name(patient, &PATIENT)?;
        self.address(patient, &PATIENT)?;
        if let Some(born) = patient.text("birthDate")? {
            if born.len() == 10 {
                self.set(Element::PatientBorn, &patient.path_of("birthDate"), born);
            } else {
                self.notice(NoticeKind::LookAt, &patient.path_of("birthDate"), "is no full date and was left out");
            }
        }
        Ok(())
    }

    /// The practitioner, or the role of one whose practitioner is in the document, too.
    pub(super) fn requester<'a>(
        &mut self,
        request: &At<'a>,
        requester: &At<'a>,
        pool: &Pool<'a>,
    ) -> Result<(), Box<Refusal>> {
        let kinds = ["Practitioner", "PractitionerRole", "Organization", "Patient", "RelatedPerson", "Device"];
        let (mut person, mut identifiers) = (None, Vec::new());
        match pool.find(request, requester, &kinds)? {
            Some((practitioner, "Practitioner")) => person = Some(practitioner),
            Some((role, "PractitionerRole")) => {
                role.compare(table::PRACTITIONER_ROLE, &mut self.notices)?;
                in_use(&role)?;
                identifiers = role.objects("identifier")?;
                if let Some(reference) = role.object("practitioner")? {
                    person = pool.find(request, &reference, &["Practitioner"])?.map(|found| found.0);
                }
            }
            Some((other, _)) => {
                self.notice(NoticeKind::LookAt, &other.path, "is the requester and is no practitioner");
                return Ok(());
            }
            None => {}
        }
        let Some(person) = person else {
            let what = "points to a practitioner who is not in the document";
            self.notice(NoticeKind::Missing, &requester.path, what);
            return self.registration(&requester.path, &identifiers);
        };
        person.compare(table::PRACTITIONER, &mut self.notices)?;
        in_use(&person)?;
        self.name(&person, &PRACTITIONER)?;
        self.address(&person, &PRACTITIONER)?;
        identifiers.extend(person.objects("identifier")?);
        self.registration(&person.path, &identifiers)
    }

    /// The only DEA number among the identifiers; of several the practitioner has to choose.
    fn registration(&mut self, path: &str, identifiers: &[At<'_>]) -> Result<(), Box<Refusal>> {
        let mut numbers: Vec<(&str, String)> = Vec::new();
        for identifier in identifiers {
            let mut is_dea = identifier.text("system")? == Some(codes::DEA);
            if let Some(kind) = identifier.object("type")? {
                for coding in kind.objects("coding")? {
                    let system = coding.text("system")?;
                    is_dea |= system == Some(codes::IDENTIFIER_TYPE) && coding.text("code")? == Some("DEA");
                }
            }
            let old = matches!(identifier.text("use")?, Some("old"));
            if let (Some(value), true, false) = (identifier.text("value")?, is_dea, old)
                && !numbers.iter().any(|(known, _)| *known == value)
            {
                numbers.push((value, identifier.path.clone()));
            }
        }
        match numbers.as_slice() {
            [] => {}
            [(number, path)] => self.set(Element::Registration, path, number),
            _ => {
                let problem = "bears several DEA registration numbers";
                self.problems.push(refusals::ambiguous(Element::Registration.tag(), path, problem));
            }
        }
        Ok(())
    }

    fn name(&mut self, who: &At<'_>, person: &Person) -> Result<(), Box<Refusal>> {
        let Some(name) = self.only(who, "name", "official", person.last)? else { return Ok(()) };
        if let Some(family) = name.text("family")? {
            self.set(person.last, &name.path_of("family"), family);
        }
        let given = name.texts("given")?;
        if let [first, middle @ ..] = given.as_slice() {
            self.set(person.first, &name.path_of("given"), first);
            self.set(person.middle, &name.path_of("given"), &middle.join(" "));
        }
        self.set(person.suffix, &name.path_of("suffix"), &name.texts("suffix")?.join(" "));
        if name.get("family").is_none() && name.get("text").is_some() {
            let what = "has a name in one text, which is not taken apart";
            self.notice(NoticeKind::LookAt, &name.path, what);
        }
        Ok(())
    }

    fn address(&mut self, who: &At<'_>, person: &Person) -> Result<(), Box<Refusal>> {
        let Some(address) = self.only(who, "address", person.address, person.line1)? else { return Ok(()) };
        if let Some(country) = address.text("country")? {
            let here = ["US", "USA", "United States", "United States of America"];
            if !here.iter().any(|name| name.eq_ignore_ascii_case(country)) {
                let path = address.path_of("country");
                let problem = "the address is in a country other than the United States";
                self.problems.push(refusals::malformed(person.line1.tag(), &path, problem));
                return Ok(());
            }
        }
        let lines = address.texts("line")?;
        if let [first, rest @ ..] = lines.as_slice() {
            self.set(person.line1, &address.path_of("line"), first);
            self.set(person.line2, &address.path_of("line"), &rest.join(", "));
        }
        for (element, name) in [(person.city, "city"), (person.state, "state"), (person.postal, "postalCode")] {
            if let Some(text) = address.text(name)? {
                let text = if name == "state" { codes::state(text) } else { text };
                self.set(element, &address.path_of(name), text);
            }
        }
        Ok(())
    }

    /// The one that counts of several names or addresses: those of the past and of other purposes do not, and of the rest the
    /// one of the preferred use does. Two that are left are a problem.
    fn only<'a>(
        &mut self,
        who: &At<'a>,
        name: &str,
        preferred: &str,
        element: Element,
    ) -> Result<Option<At<'a>>, Box<Refusal>> {
        let mut left = Vec::new();
        for one in who.objects(name)? {
            let aside = ["old", "maiden", "nickname", "anonymous", "temp", "billing"];
            if !one.text("use")?.is_some_and(|usage| aside.contains(&usage)) {
                left.push(one);
            }
        }
        if left.len() > 1 {
            let mut chosen = Vec::new();
            for one in &left {
                if one.text("use")? == Some(preferred) {
                    chosen.push(one.clone());
                }
            }
            if !chosen.is_empty() {
                left = chosen;
            }
        }
        if left.len() > 1 {
            let problem = "is given more than once";
            self.problems.push(refusals::ambiguous(element.tag(), &who.path_of(name), problem));
            return Ok(None);
        }
        Ok(left.pop())
    }
}

/// A person whose record was retired cannot be prescribed for, or prescribe.
fn in_use(who: &At<'_>) -> Result<(), Box<Refusal>> {
    if who.boolean("active")? == Some(false) {
        return Err(refusals::not_for_drafts(&who.path_of("active"), "says that the record is no longer in use"));
    }
    Ok(())
}
