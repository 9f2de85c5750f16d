//! Values with their paths, and the resources of a document that others refer to.

use super::json::Json;
use super::refusals;
use super::table::{self, Elements, Use};
use crate::script::{Notice, NoticeKind};
use theriac_model::Refusal;

/// An object of a document, and where it stands in FHIR's own path: `MedicationRequest.dispenseRequest`.
#[derive(Clone, Debug)]
pub(super) struct At<'a> {
    members: &'a [(String, Json)],
    pub(super) path: String,
}

impl<'a> At<'a> {
    pub(super) fn new(json: &'a Json, path: impl Into<String>) -> Result<Self, Box<Refusal>> {
        let path = path.into();
        match json {
            Json::Object(members) => Ok(Self { members, path }),
            _ => Err(refusals::kind(&path, "an object")),
        }
    }

    pub(super) fn path_of(&self, name: &str) -> String {
        format!("{}.{name}", self.path)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &'a str> {
        self.members.iter().map(|(name, _)| name.as_str())
    }

    /// The member; `None` when it is absent. FHIR has no null members.
    pub(super) fn get(&self, name: &str) -> Option<&'a Json> {
        self.members.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// A string member, trimmed; `None` when absent or empty.
    pub(super) fn text(&self, name: &str) -> Result<Option<&'a str>, Box<Refusal>> {
        match self.get(name) {
            None => Ok(None),
            Some(Json::Text(text)) => Ok(Some(text.trim()).filter(|text| !text.is_empty())),
            Some(_) => Err(refusals::kind(&self.path_of(name), "a string")),
        }
    }

    /// A number member, as written.
    pub(super) fn number(&self, name: &str) -> Result<Option<&'a str>, Box<Refusal>> {
        match self.get(name) {
            None => Ok(None),
            Some(Json::Number(text)) => Ok(Some(text)),
            Some(_) => Err(refusals::kind(&self.path_of(name), "a number")),
        }
    }

    /// Whether a boolean member is true; an absent one is not.
    pub(super) fn is_true(&self, name: &str) -> Result<bool, Box<Refusal>> {
        self.boolean(name).map(|value| value == Some(true))
    }

    pub(super) fn boolean(&self, name: &str) -> Result<Option<bool>, Box<Refusal>> {
        match self.get(name) {
            None => Ok(None),
            Some(Json::Bool(value)) => Ok(Some(*value)),
            Some(_) => Err(refusals::kind(&self.path_of(name), "true or false")),
        }
    }

    /// An object member.
    pub(super) fn object(&self, name: &str) -> Result<Option<At<'a>>, Box<Refusal>> {
        self.get(name).map(|value| At::new(value, self.path_of(name))).transpose()
    }

    /// A list member; absent means empty.
    pub(super) fn list(&self, name: &str) -> Result<&'a [Json], Box<Refusal>> {
        match self.get(name) {
            None => Ok(&[]),
            Some(Json::List(items)) => Ok(items),
            Some(_) => Err(refusals::kind(&self.path_of(name), "a list")),
        }
    }

    /// A list member of objects.
    pub(super) fn objects(&self, name: &str) -> Result<Vec<At<'a>>, Box<Refusal>> {
        let items = self.list(name)?.iter().enumerate();
        items.map(|(index, item)| At::new(item, format!("{}[{index}]", self.path_of(name)))).collect()
    }

    /// A list member of strings.
    pub(super) fn texts(&self, name: &str) -> Result<Vec<&'a str>, Box<Refusal>> {
        let text = |(index, item): (usize, &'a Json)| match item {
            Json::Text(text) => Ok(text.trim()),
            _ => Err(refusals::kind(&format!("{}[{index}]", self.path_of(name)), "a string")),
        };
        self.list(name)?.iter().enumerate().map(text).collect()
    }

    /// Contained resources are looked at when they are used; a modifier in one that is not used changes nothing.
    fn refuse_modifiers(&self) -> Result<(), Box<Refusal>> {
        for (name, value) in self.members.iter().filter(|(name, _)| name != "contained") {
            if matches!(name.as_str(), "modifierExtension" | "_modifierExtension" | "implicitRules") {
                return Err(refusals::modifier(&self.path_of(name)));
            }
            let items = if let Json::List(items) = value { items.as_slice() } else { std::slice::from_ref(value) };
            for (index, item) in items.iter().enumerate().filter(|(_, item)| matches!(item, Json::Object(_))) {
                let place = if matches!(value, Json::List(_)) { format!("[{index}]") } else { String::new() };
                At::new(item, format!("{}{place}", self.path_of(name)))?.refuse_modifiers()?;
            }
        }
        Ok(())
    }

    /// Compares the members with a table: those that need an eye and those that R4 does not have are noticed; what would change
    /// the meaning is refused, however deep it stands.
    pub(super) fn compare(&self, elements: Elements, notices: &mut Vec<Notice>) -> Result<(), Box<Refusal>> {
        self.refuse_modifiers()?;
        for name in self.names() {
            let (kind, what) = match table::use_of(elements, name) {
                Some(Use::Read | Use::Passed) => continue,
                // "Not deceased" needs nobody's eye.
                Some(Use::LookAt) if self.get(name) == Some(&Json::Bool(false)) => continue,
                Some(Use::LookAt) => (NoticeKind::LookAt, "is not carried into the draft and needs a look"),
                None => (NoticeKind::UnknownElement, "is no element that R4 has there; it was left out"),
            };
            // A name that R4 does not have is the sender's own text: bounded, and without what could steer a terminal.
            let shown: String = name.chars().filter(|c| !c.is_control()).take(60).collect();
            notices.push(Notice::new(kind, self.path_of(&shown), what));
        }
        Ok(())
    }
}

/// Why a resource is in a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// It was sent: a request among them asks for a draft.
    Sent,
    /// It was fetched so that others can refer to it: a request among them was made before.
    Fetched,
}

/// A resource of a document.
#[derive(Clone, Debug)]
struct Entry<'a> {
    url: Option<&'a str>,
    kind: &'a str,
    /// `Patient/17`; empty without an id.
    name: String,
    resource: &'a Json,
    path: String,
    standing: Standing,
}

/// The resources of a document.
#[derive(Clone, Debug, Default)]
pub(super) struct Pool<'a>(Vec<Entry<'a>>);

impl<'a> Pool<'a> {
    /// Adds a resource.
    pub(super) fn add(
        &mut self,
        url: Option<&'a str>,
        resource: &'a Json,
        path: String,
        standing: Standing,
    ) -> Result<(), Box<Refusal>> {
        let at = At::new(resource, path)?;
        let kind = at.text("resourceType")?.unwrap_or_default();
        let name = at.text("id")?.map(|id| format!("{kind}/{id}")).unwrap_or_default();
        self.0.push(Entry { url, kind, name, resource, path: at.path, standing });
        Ok(())
    }

    /// The requests that ask for a draft, with their paths.
    pub(super) fn requests(&self) -> Vec<(&'a Json, String)> {
        let asks = |entry: &&Entry<'a>| entry.kind == "MedicationRequest" && entry.standing == Standing::Sent;
        self.0.iter().filter(asks).map(|entry| (entry.resource, entry.path.clone())).collect()
    }

    /// The resource a reference of `owner` points to, if it is in the document; it must be of one of `kinds`.
    ///
    /// # Errors
    /// When two resources answer to the reference, or it is of another type.
    pub(super) fn find(
        &self,
        owner: &At<'a>,
        reference: &At<'a>,
        kinds: &[&str],
    ) -> Result<Option<(At<'a>, &'a str)>, Box<Refusal>> {
        let Some(target) = reference.text("reference")? else { return Ok(None) };
        let path = reference.path_of("reference");
        let mut found: Vec<(&'a Json, String)> = Vec::new();
        // The same resource may stand there twice, as one that was fetched by two names.
        let mut meet = |resource: &'a Json, path: String| {
            if !found.iter().any(|(known, _)| *known == resource) {
                found.push((resource, path));
            }
        };
        if let Some(id) = target.strip_prefix('#') {
            for (index, contained) in owner.list("contained")?.iter().enumerate() {
                let at = At::new(contained, format!("{}[{index}]", owner.path_of("contained")))?;
                if at.text("id")? == Some(id) {
                    meet(contained, at.path);
                }
            }
        } else {
            // A version after the id does not make it another resource.
            let plain = target.split("/_history/").next().unwrap_or(target);
            for entry in &self.0 {
                if entry.url == Some(target) || (!entry.name.is_empty() && entry.name == plain) {
                    meet(entry.resource, entry.path.clone());
                }
            }
        }
        let mut found = found.into_iter();
        let Some((resource, at)) = found.next() else { return Ok(None) };
        if found.next().is_some() {
            return Err(refusals::reference(&path, "points to two resources of the document"));
        }
        let resource = At::new(resource, at)?;
        let kind = resource.text("resourceType")?.unwrap_or_default();
        if kinds.contains(&kind) {
            Ok(Some((resource, kind)))
        } else {
            Err(refusals::reference(&path, "points to a resource of another type than stands there"))
        }
    }
}
