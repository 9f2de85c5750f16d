//! A seed file's XML as a small tree: bounded, no document type, no entities beyond the five of XML itself.

use super::device::bad;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use theriac_model::Refusal;

/// The longest file, in bytes.
const LONGEST: usize = 32 * 1024 * 1024;
/// The most elements in a file, and the deepest.
const ELEMENTS_MOST: usize = 2_000_000;
const DEEPEST: usize = 16;
/// The most attributes of an element.
const ATTRIBUTES_MOST: usize = 32;

/// An element: its name without a prefix, attributes without prefixes, children, text.
#[derive(Debug, Default)]
pub(super) struct Element {
    pub(super) name: String,
    attributes: Vec<(String, String)>,
    pub(super) children: Vec<Element>,
    text: String,
}

impl Element {
    /// Reads a document whose root is `root` in `namespace`.
    pub(super) fn read(bytes: &[u8], root: &str, namespace: &str) -> Result<Self, Refusal> {
        if bytes.len() > LONGEST {
            return Err(bad("the file is longer than 32 MiB", "file"));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| bad("the file is not UTF-8 text", "file"))?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let found = tree(text)?;
        // Which prefix belongs to which namespace is looked at for the root alone: the names we read are distinct.
        let declared = found.attributes.iter().any(|(_, value)| value == namespace);
        if found.name != root || !declared {
            return Err(bad(format!("the file is not a {root} of {namespace}"), "file"));
        }
        Ok(found)
    }

    /// The first child of this name.
    pub(super) fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The element at the end of a path of names.
    pub(super) fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |element, name| element.child(name))
    }

    /// The text, without white space around it.
    pub(super) fn text(&self) -> &str {
        self.text.trim()
    }

    /// The text of the first child of this name.
    pub(super) fn child_text(&self, name: &str) -> Option<&str> {
        self.child(name).map(Self::text)
    }

    /// An attribute's value.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Seeds stand in the text of plain files.
impl Drop for Element {
    fn drop(&mut self) {
        use zeroize::Zeroize as _;
        self.text.zeroize();
    }
}

fn tree(text: &str) -> Result<Element, Refusal> {
    let broken = || bad("the file is not well-formed XML", "file");
    let mut reader = Reader::from_str(text);
    // Below the root there is one element that stands for the document.
    let mut open = vec![Element::default()];
    let mut count = 0_usize;
    loop {
        match reader.read_event().map_err(|_| broken())? {
            Event::Start(start) => {
                count += 1;
                if open.len() > DEEPEST || count > ELEMENTS_MOST {
                    return Err(bad("the file has more than 2000000 elements or more than 16 levels", "file"));
                }
                open.push(element(&start)?);
            }
            Event::Empty(start) => {
                count += 1;
                if count > ELEMENTS_MOST {
                    return Err(bad("the file has more than 2000000 elements", "file"));
                }
                open.last_mut().ok_or_else(broken)?.children.push(element(&start)?);
            }
            Event::End(_) => {
                let done = open.pop().ok_or_else(broken)?;
                open.last_mut().ok_or_else(broken)?.children.push(done);
            }
            Event::Text(text) => open.last_mut().ok_or_else(broken)?.text.push_str(&text.xml10_content()),
            Event::CData(data) => open.last_mut().ok_or_else(broken)?.text.push_str(&data.xml10_content()),
            Event::GeneralRef(reference) => {
                let character = match &*reference {
                    "amp" => '&',
                    "lt" => '<',
                    "gt" => '>',
                    "quot" => '"',
                    "apos" => '\'',
                    _ => return Err(bad("the file uses an entity", "file")),
                };
                open.last_mut().ok_or_else(broken)?.text.push(character);
            }
            Event::DocType(_) => return Err(bad("the file has a document type, which is not accepted", "file")),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof => break,
        }
    }
    let mut document = open.pop().filter(|_| open.is_empty()).ok_or_else(broken)?;
    let root = document.children.pop().filter(|_| document.children.is_empty());
    root.ok_or_else(broken)
}

fn element(start: &BytesStart<'_>) -> Result<Element, Refusal> {
    let broken = || bad("the file is not well-formed XML", "file");
    let local = |name: &str| name.rsplit(':').next().unwrap_or_default().to_owned();
    let mut attributes = Vec::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|_| broken())?;
        if attributes.len() >= ATTRIBUTES_MOST {
            return Err(broken());
        }
        let value = attribute.normalized_value(XmlVersion::Implicit1_0).map_err(|_| broken())?;
        attributes.push((local(attribute.key.into_inner()), value.into_owned()));
    }
    Ok(Element { name: local(start.name().into_inner()), attributes, children: Vec::new(), text: String::new() })
}
