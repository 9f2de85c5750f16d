//! Building a message element by element, within the tables and their lengths.

use super::message::Message;
use super::refusals;
use super::text::all_xml_chars;
use super::tree::{Builder, NodeRef, Standing};
use super::v2017071::{TABLES, VERSION_ATTRIBUTES};
use std::borrow::Cow;
use theriac_model::Refusal;

/// A message under construction. Elements may be given in any order; the tables put them in theirs.
pub(super) struct Composer {
    builder: Builder,
    refusals: Vec<Refusal>,
}

impl Composer {
    pub(super) fn new() -> Self {
        let mut builder = Builder::new(TABLES.root, 8192);
        builder.open("Message", false);
        for name in VERSION_ATTRIBUTES {
            builder.attribute(name, if name == "TransactionDomain" { "SCRIPT" } else { TABLES.literal });
        }
        Self { builder, refusals: Vec::new() }
    }

    /// An element with elements inside, made by `inside`.
    pub(super) fn part(&mut self, name: &'static str, inside: impl FnOnce(&mut Self)) {
        let opened = self.builder.open(name, false);
        debug_assert!(opened.standing == Standing::Known, "{name} is not in the table");
        inside(self);
        self.builder.close();
    }

    /// An attribute of the element that was just opened.
    pub(super) fn attribute(&mut self, name: &'static str, value: &str) {
        if !all_xml_chars(value) {
            self.refuse_character(None);
        }
        self.builder.attribute(name, value);
    }

    /// An element with text; nothing at all if the text is empty. `field` is the name people know the value by.
    pub(super) fn leaf(&mut self, name: &'static str, field: Option<&'static str>, text: &str) {
        if text.is_empty() {
            return;
        }
        let opened = self.builder.open(name, false);
        debug_assert!(opened.standing == Standing::Known, "{name} is not in the table");
        self.text(field, text);
        self.builder.close();
    }

    /// The text of the element that is open.
    pub(super) fn text(&mut self, field: Option<&'static str>, text: &str) {
        if !all_xml_chars(text) {
            self.refuse_character(field);
        }
        let most = self.builder.row().and_then(|row| row.characters_max).map(usize::from);
        if let Some(most) = most.filter(|&most| text.len() > most && text.chars().count() > most) {
            let path = self.builder.path();
            self.refusals.push(refusals::too_long(named(field, &path), &path, most));
        }
        self.builder.text(text);
    }

    /// The same for a value that may be absent.
    pub(super) fn optional(&mut self, name: &'static str, text: Option<&str>) {
        self.leaf(name, None, text.unwrap_or_default());
    }

    /// An element of another message with all it holds.
    pub(super) fn copy(&mut self, node: NodeRef<'_>) {
        self.builder.open(node.name(), node.row().is_none());
        for (name, value) in node.attributes() {
            self.builder.attribute(name, value);
        }
        if !node.text().is_empty() {
            self.builder.text(node.text());
        }
        for child in node.children() {
            self.copy(child);
        }
        self.builder.close();
    }

    /// Refuses the message for a value that must not be empty.
    pub(super) fn require(&mut self, name: &'static str, text: &str) {
        if text.trim().is_empty() {
            let path = format!("{}/{name}", self.builder.path());
            self.refusals.push(refusals::cannot_carry(path.clone(), &path, "it is empty"));
        }
    }

    fn refuse_character(&mut self, field: Option<&'static str>) {
        let path = self.builder.path();
        let problem = "it holds a character that XML 1.0 does not allow";
        self.refusals.push(refusals::cannot_carry(named(field, &path), &path, problem));
    }

    /// # Errors
    /// Everything that was refused on the way.
    pub(super) fn finish(self) -> Result<Message, Vec<Refusal>> {
        let message = Message::assemble(self.builder.finish(), Vec::new()).map_err(|refusal| vec![*refusal])?;
        if self.refusals.is_empty() { Ok(message) } else { Err(self.refusals) }
    }
}

fn named(field: Option<&'static str>, path: &str) -> Cow<'static, str> {
    field.map_or_else(|| Cow::Owned(path.to_owned()), Cow::Borrowed)
}
