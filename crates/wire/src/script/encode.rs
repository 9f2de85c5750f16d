//! The writer: a message to bytes, in the order of the tables.

use super::message::Message;
use super::text::{push_attribute, push_text};
use super::tree::NodeRef;

const DECLARATION: &[u8] = b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// The message on one line, without white space between elements.
pub fn encode(message: &Message) -> Vec<u8> {
    write(message, None)
}

/// The message for people to read: one element a line, two spaces for each level.
pub fn encode_indented(message: &Message) -> Vec<u8> {
    write(message, Some(0))
}

fn write(message: &Message, indent: Option<usize>) -> Vec<u8> {
    let mut out = Vec::with_capacity(message.elements() * 40 + 64);
    out.extend_from_slice(DECLARATION);
    element(message.root(), indent, &mut out);
    if indent.is_some() {
        out.push(b'\n');
    }
    out
}

/// Depth is bounded by the reader's limit, so recursion is.
fn element(node: NodeRef<'_>, indent: Option<usize>, out: &mut Vec<u8>) {
    let name = node.name();
    out.push(b'<');
    out.extend_from_slice(name.as_bytes());
    for (key, value) in node.attributes() {
        out.push(b' ');
        out.extend_from_slice(key.as_bytes());
        out.extend_from_slice(b"=\"");
        push_attribute(out, value);
        out.push(b'"');
    }
    let text = node.text();
    if text.is_empty() && !node.has_children() {
        out.extend_from_slice(b"/>");
        return;
    }
    out.push(b'>');
    push_text(out, text);
    if node.has_children() {
        for child in node.children() {
            new_line(indent.map(|level| level + 1), out);
            element(child, indent.map(|level| level + 1), out);
        }
        new_line(indent, out);
    }
    out.extend_from_slice(b"</");
    out.extend_from_slice(name.as_bytes());
    out.push(b'>');
}

fn new_line(indent: Option<usize>, out: &mut Vec<u8>) {
    if let Some(level) = indent {
        out.push(b'\n');
        out.resize(out.len() + 2 * level, b' ');
    }
}
