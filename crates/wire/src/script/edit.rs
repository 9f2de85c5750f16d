//! Changed copies of a message: what an intermediary may do to a header, and what a test or a demonstration does to a body
//! to see it caught.

use super::compose::Software;
use super::message::Message;
use super::refusals;
use super::text::all_xml_chars;
use super::tree::{Builder, NodeRef};
use super::v2017071::TABLES;
use theriac_model::Refusal;

/// What an intermediary writes into a header of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Routing {
    /// The software that sends it on, in place of the one before.
    pub software: Option<Software>,
    /// The number under which the intermediary can trace it, as `Mailbox/AdditionalTraceNumber`. One that is there
    /// already stays.
    pub trace_number: Option<String>,
}

/// The message with another routing. Body and all other header elements are the same.
///
/// # Errors
/// `WIRE-TOO-LONG` or `WIRE-CANNOT-CARRY` for a name or number the standard cannot carry.
pub fn reroute(message: &Message, routing: &Routing) -> Result<Message, Box<Refusal>> {
    if let Some(software) = &routing.software {
        let names = [
            ("Header/SenderSoftware/SenderSoftwareDeveloper", &software.developer),
            ("Header/SenderSoftware/SenderSoftwareProduct", &software.product),
            ("Header/SenderSoftware/SenderSoftwareVersionRelease", &software.version),
        ];
        for (path, text) in names {
            if text.chars().count() > 35 {
                return Err(Box::new(refusals::too_long(path, path, 35)));
            }
            carried(path, text)?;
        }
    }
    if let Some(trace) = &routing.trace_number {
        carried("Header/Mailbox/AdditionalTraceNumber", trace)?;
    }
    let header = message.header();
    let trace = routing.trace_number.as_deref().filter(|_| header.trace_number().is_none());
    let mut builder = Builder::new(TABLES.root, message.elements() * 40);
    open(message.root(), &mut builder);
    for part in message.root().children() {
        if part.index() != header.node().index() {
            copy(part, &mut builder);
            continue;
        }
        open(part, &mut builder);
        let mut mailbox = false;
        for node in part.children() {
            match (node.row().map(|row| row.name), &routing.software) {
                (Some("SenderSoftware"), Some(software)) => write_software(software, &mut builder),
                (Some("Mailbox"), _) if !mailbox => {
                    mailbox = true;
                    open(node, &mut builder);
                    node.children().for_each(|child| copy(child, &mut builder));
                    if let Some(trace) = trace {
                        leaf("AdditionalTraceNumber", trace, &mut builder);
                    }
                    builder.close();
                }
                _ => copy(node, &mut builder),
            }
        }
        if let (None, Some(software)) = (part.child("SenderSoftware"), &routing.software) {
            write_software(software, &mut builder);
        }
        if let (false, Some(trace)) = (mailbox, trace) {
            builder.open("Mailbox", false);
            leaf("AdditionalTraceNumber", trace, &mut builder);
            builder.close();
        }
        builder.close();
    }
    Message::assemble(builder.finish(), Vec::new())
}

fn carried(path: &'static str, text: &str) -> Result<(), Box<Refusal>> {
    let fits = all_xml_chars(text) && !text.trim().is_empty();
    let problem = "it is empty, or holds a character that XML 1.0 does not allow";
    if fits { Ok(()) } else { Err(Box::new(refusals::cannot_carry(path, path, problem))) }
}

fn write_software(software: &Software, builder: &mut Builder) {
    builder.open("SenderSoftware", false);
    leaf("SenderSoftwareDeveloper", &software.developer, builder);
    leaf("SenderSoftwareProduct", &software.product, builder);
    leaf("SenderSoftwareVersionRelease", &software.version, builder);
    builder.close();
}

fn leaf(name: &str, text: &str, builder: &mut Builder) {
    builder.open(name, false);
    builder.text(text);
    builder.close();
}

/// One change to the first element down a path from the message's own element, such as
/// `["MedicationPrescribed", "Quantity", "Value"]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change<'t> {
    /// Another text in place of what the element holds.
    Text(&'t str),
    /// The element is taken out with all it holds.
    Remove,
    /// The element stands twice.
    Double,
}

/// The message with one change in its body; `None` if the path leads nowhere or the text has characters XML does not allow.
pub fn change_body(message: &Message, path: &[&str], change: Change<'_>) -> Option<Message> {
    change_at(message, message.element().path(path)?, change)
}

/// The message with one change in its header; `None` as for [`change_body`].
pub fn change_header(message: &Message, path: &[&str], change: Change<'_>) -> Option<Message> {
    change_at(message, message.header().node().path(path)?, change)
}

fn change_at(message: &Message, target: NodeRef<'_>, change: Change<'_>) -> Option<Message> {
    if matches!(change, Change::Text(text) if !all_xml_chars(text)) {
        return None;
    }
    let mut builder = Builder::new(TABLES.root, message.elements() * 40);
    copy_changed(message.root(), target.index(), change, &mut builder);
    Message::assemble(builder.finish(), Vec::new()).ok()
}

fn copy_changed(node: NodeRef<'_>, target: u32, change: Change<'_>, builder: &mut Builder) {
    if node.index() != target {
        open(node, builder);
        node.children().for_each(|child| copy_changed(child, target, change, builder));
        builder.close();
        return;
    }
    match change {
        Change::Remove => {}
        Change::Text(text) => {
            builder.open(node.name(), node.row().is_none());
            node.attributes().for_each(|(name, value)| builder.attribute(name, value));
            builder.text(text);
            builder.close();
        }
        Change::Double => {
            copy(node, builder);
            copy(node, builder);
        }
    }
}

/// Opens a copy of the element with its attributes and text.
fn open(node: NodeRef<'_>, builder: &mut Builder) {
    builder.open(node.name(), node.row().is_none());
    node.attributes().for_each(|(name, value)| builder.attribute(name, value));
    if !node.text().is_empty() {
        builder.text(node.text());
    }
}

/// Depth is bounded by the reader's limit, so recursion is.
fn copy(node: NodeRef<'_>, builder: &mut Builder) {
    open(node, builder);
    node.children().for_each(|child| copy(child, builder));
    builder.close();
}
