//! The reader: bytes to a message, bounded in every direction.

use super::limits::Limits;
use super::message::Message;
use super::notice::{Notice, NoticeKind};
use super::refusals;
use super::text::{all_xml_chars, is_blank, is_name, is_xml_char};
use super::tree::{Builder, Standing};
use super::v2017071;
use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesDecl, BytesRef, BytesStart, Event};
use std::io::Read;
use theriac_model::Refusal;

/// Reads a message within the usual [`Limits`].
///
/// # Errors
/// A [`Refusal`] with a code `WIRE-...`: bytes that are not UTF-8 XML 1.0, a document type, an entity, an instruction, a
/// bound that is exceeded, or a document that is not a SCRIPT message with one header and one message in its body.
pub fn decode(bytes: &[u8]) -> Result<Message, Box<Refusal>> {
    decode_with(bytes, &Limits::DEFAULT)
}

/// Reads a message from a stream, and never holds more than the limit of it.
///
/// # Errors
/// As [`decode`]; `WIRE-SIZE` as soon as the stream is longer than the limit, `WIRE-READ` when reading fails.
pub fn decode_from(source: impl Read, limits: &Limits) -> Result<Message, Box<Refusal>> {
    let most = u64::try_from(limits.message_bytes).unwrap_or(u64::MAX);
    let mut bytes = Vec::new();
    let read = source.take(most.saturating_add(1)).read_to_end(&mut bytes);
    read.map_err(|error| Box::new(refusals::unreadable(error.kind())))?;
    decode_with(&bytes, limits)
}

/// Reads a message within `limits`.
///
/// # Errors
/// As [`decode`].
pub fn decode_with(bytes: &[u8], limits: &Limits) -> Result<Message, Box<Refusal>> {
    let most = limits.message_bytes.min(u32::MAX as usize / 2);
    if bytes.len() > most {
        return Err(Box::new(refusals::too_large(most)));
    }
    let (text, mark) = utf8(bytes)?;
    let mut decoder = Decoder {
        builder: Builder::new(v2017071::TABLES.root, text.len()),
        limits,
        notices: Vec::new(),
        omitted: 0,
        pending: String::new(),
        prefix: None,
        namespace: None,
        closed: false,
    };
    if mark {
        decoder.notice(NoticeKind::LookAt, "the message begins with a byte order mark".to_owned());
    }
    decoder.run(text)?;
    decoder.finish()
}

/// The text without a byte order mark, and whether there was one.
fn utf8(bytes: &[u8]) -> Result<(&str, bool), Box<Refusal>> {
    let encoding = match bytes {
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => Some("UTF-32"),
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [b'<', 0, ..] | [0, b'<', ..] => Some("UTF-16"),
        _ => None,
    };
    if let Some(encoding) = encoding {
        return Err(Box::new(refusals::encoding(encoding)));
    }
    let (bytes, mark) = bytes.strip_prefix(b"\xEF\xBB\xBF").map_or((bytes, false), |rest| (rest, true));
    let text = std::str::from_utf8(bytes).map_err(|error| {
        // A declared other encoding is the better explanation of bytes that are not UTF-8.
        let declared = declared_encoding(bytes);
        Box::new(declared.map_or_else(|| refusals::not_utf8(error.valid_up_to()), refusals::encoding))
    })?;
    Ok((text, mark))
}

/// The encodings that are met in practice, by the declaration in the first line.
fn declared_encoding(bytes: &[u8]) -> Option<&'static str> {
    let head = bytes.get(..bytes.len().min(120))?;
    let head = String::from_utf8_lossy(head.split(|&b| b == b'>').next()?).to_ascii_lowercase();
    let known = [("iso-8859-15", "ISO-8859-15"), ("iso-8859-1", "ISO-8859-1"), ("windows-1252", "windows-1252")];
    let known = known.into_iter().chain([("latin1", "ISO-8859-1"), ("utf-16", "UTF-16")]);
    head.starts_with("<?xml").then(|| known.into_iter().find(|(name, _)| head.contains(name)))?.map(|(_, name)| name)
}

struct Decoder<'l> {
    builder: Builder,
    limits: &'l Limits,
    notices: Vec<Notice>,
    omitted: usize,
    /// Text of the open element, gathered over references, CDATA and comments.
    pending: String,
    /// The prefix of the root, where it has one.
    prefix: Option<String>,
    /// The namespace of the root, where it has one.
    namespace: Option<String>,
    /// The root was closed.
    closed: bool,
}

type Outcome = Result<(), Box<Refusal>>;

fn refuse(refusal: Refusal) -> Outcome {
    Err(Box::new(refusal))
}

impl Decoder<'_> {
    fn notice(&mut self, kind: NoticeKind, what: String) {
        if self.notices.len() < self.limits.notices {
            let path = self.builder.path();
            self.notices.push(Notice { kind, path, what });
        } else {
            self.omitted += 1;
        }
    }

    fn run(&mut self, text: &str) -> Outcome {
        let mut reader = Reader::from_str(text);
        reader.config_mut().check_comments = true;
        let mut first = true;
        loop {
            let event = match reader.read_event() {
                Ok(event) => event,
                Err(error) => {
                    let problem = error.to_string();
                    // The reader's message may quote names out of the message; 120 characters are enough to find the place.
                    let problem: String = problem.chars().filter(|c| !c.is_control()).take(120).collect();
                    return refuse(refusals::syntax(self.builder.path(), reader.error_position(), &problem));
                }
            };
            match event {
                Event::Start(start) => self.open(&start)?,
                Event::Empty(start) => {
                    self.open(&start)?;
                    self.close()?;
                }
                Event::End(_) => self.close()?,
                Event::Text(text) => self.text(&text.xml10_content())?,
                Event::CData(data) => self.text(&data.xml10_content())?,
                Event::GeneralRef(reference) => self.reference(&reference)?,
                Event::Comment(comment) => {
                    if !all_xml_chars(&comment.xml10_content()) {
                        return refuse(refusals::character(self.builder.path()));
                    }
                }
                Event::Decl(declaration) if first => declared(&declaration)?,
                Event::Decl(_) | Event::PI(_) => return refuse(refusals::instruction(reader.buffer_position())),
                Event::DocType(_) => return refuse(refusals::document_type(reader.buffer_position())),
                Event::Eof => break,
            }
            first = false;
        }
        if self.builder.depth() > 0 {
            let problem = "the message ends inside an element";
            return refuse(refusals::syntax(self.builder.path(), reader.buffer_position(), problem));
        }
        if self.closed { Ok(()) } else { refuse(refusals::empty()) }
    }

    fn open(&mut self, start: &BytesStart<'_>) -> Outcome {
        if self.builder.depth() == 0 && self.closed {
            return refuse(refusals::syntax("Message".to_owned(), 0, "a second root element"));
        }
        self.flush_before_child()?;
        let depth = self.builder.depth();
        if depth >= self.limits.depth {
            return refuse(refusals::depth(self.builder.path(), self.limits.depth));
        }
        if self.builder.len() >= self.limits.elements {
            return refuse(refusals::elements(self.builder.path(), self.limits.elements));
        }
        let name = start.name().into_inner();
        if name.len() > self.limits.name_bytes {
            return refuse(refusals::length(self.builder.path(), self.limits.name_bytes));
        }
        let bare = is_blank(start.attributes_raw());
        if depth == 0 {
            return self.open_root(name, start);
        }
        let (name, mut foreign) = self.unprefixed(name)?;
        if !bare {
            foreign |= self.leaves_namespace(start);
        }
        self.open_named(name, foreign)?;
        if bare { Ok(()) } else { self.attributes(start) }
    }

    fn open_root(&mut self, name: &str, start: &BytesStart<'_>) -> Outcome {
        let (prefix, local) = name.split_once(':').map_or((None, name), |(prefix, local)| (Some(prefix), local));
        if local != "Message" {
            return refuse(refusals::root());
        }
        self.prefix = prefix.map(str::to_owned);
        let declared = match prefix {
            Some(prefix) => format!("xmlns:{prefix}"),
            None => "xmlns".to_owned(),
        };
        let mut found = start.attributes().take(self.limits.attributes).flatten();
        self.namespace = found.find(|a| a.key.into_inner() == declared).map(|a| a.value.into_owned());
        self.builder.open("Message", false);
        if self.namespace.is_some() {
            self.notice(
                NoticeKind::Namespace,
                "the message uses a namespace, which SCRIPT 2017071 does not".to_owned(),
            );
        }
        self.attributes(start)
    }

    /// The name without the root's prefix, and whether it belongs to another vocabulary.
    fn unprefixed<'n>(&self, name: &'n str) -> Result<(&'n str, bool), Box<Refusal>> {
        match (&self.prefix, name.split_once(':')) {
            (None, None) => Ok((name, false)),
            (Some(prefix), Some((found, local))) if prefix == found => Ok((local, false)),
            (Some(_), None) => Err(Box::new(refusals::namespace(self.builder.path()))),
            _ => Ok((name, true)),
        }
    }

    /// Whether the element declares another namespace for its own name.
    fn leaves_namespace(&self, start: &BytesStart<'_>) -> bool {
        let own = self.namespace.as_deref().unwrap_or_default();
        start.attributes().take(self.limits.attributes).flatten().any(|attribute| {
            let key = attribute.key.into_inner();
            let for_own_name = match (&self.prefix, key.strip_prefix("xmlns")) {
                (None, Some("")) => true,
                (Some(prefix), Some(rest)) => rest.strip_prefix(':') == Some(prefix),
                _ => false,
            };
            for_own_name && attribute.value != own
        })
    }

    fn open_named(&mut self, name: &str, foreign: bool) -> Outcome {
        let opened = self.builder.open(name, foreign);
        if opened.standing == Standing::Known {
            if opened.out_of_order {
                self.notice(NoticeKind::OutOfOrder, "stands after elements that follow it in the table".to_owned());
            }
            if opened.repeated {
                self.notice(NoticeKind::Repeated, "stands more than once".to_owned());
            }
            return Ok(());
        }
        if !is_name(name) {
            return refuse(refusals::syntax(self.builder.path(), 0, "not a name of an element"));
        }
        if opened.standing == Standing::Unknown {
            self.notice(NoticeKind::UnknownElement, "not in the tables; kept as it is".to_owned());
        }
        Ok(())
    }

    fn attributes(&mut self, start: &BytesStart<'_>) -> Outcome {
        for (count, attribute) in start.attributes().enumerate() {
            let attribute = attribute.map_err(|error| {
                let problem: String = error.to_string().chars().filter(|c| !c.is_control()).take(120).collect();
                Box::new(refusals::syntax(self.builder.path(), 0, &problem))
            })?;
            if count >= self.limits.attributes {
                return refuse(refusals::attributes(self.builder.path(), self.limits.attributes));
            }
            let name = attribute.key.into_inner();
            if name.len() > self.limits.name_bytes || attribute.value.len() > self.limits.text_bytes {
                return refuse(refusals::length(self.builder.path(), self.limits.text_bytes));
            }
            if !is_name(name) || attribute.value.contains('<') {
                return refuse(refusals::syntax(self.builder.path(), 0, "not an attribute"));
            }
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|_| Box::new(refusals::entity(self.builder.path())))?;
            if !all_xml_chars(&value) {
                return refuse(refusals::character(self.builder.path()));
            }
            self.keep_attribute(name, &value);
        }
        Ok(())
    }

    fn keep_attribute(&mut self, name: &str, value: &str) {
        let at_root = self.builder.depth() == 1;
        // The root's own prefix is dropped from all names, so its declaration becomes that of the default namespace.
        let own_prefix = self.prefix.as_ref().is_some_and(|prefix| name.strip_prefix("xmlns:") == Some(prefix));
        if own_prefix {
            self.builder.attribute("xmlns", value);
            return;
        }
        self.builder.attribute(name, value);
        let known = match self.builder.row() {
            None => true,
            Some(row) => row.part().is_none_or(|part| part.attributes.contains(&name)) && row.part().is_some(),
        };
        let plumbing =
            at_root && (name.starts_with("xmlns") || name.starts_with("xsi:") || matches!(name, "version" | "release"));
        if !known && !plumbing {
            let what = format!("attribute {name} is not in the tables; kept as it is");
            self.notice(NoticeKind::UnknownAttribute, what);
        }
    }

    fn text(&mut self, text: &str) -> Outcome {
        if self.builder.depth() == 0 {
            if is_blank(text) {
                return Ok(());
            }
            let what = "text outside the root element";
            return refuse(refusals::syntax("Message".to_owned(), 0, what));
        }
        if is_blank(text) && self.pending.is_empty() && self.builder.has_children() {
            return Ok(());
        }
        if self.pending.len() + text.len() > self.limits.text_bytes {
            return refuse(refusals::length(self.builder.path(), self.limits.text_bytes));
        }
        if !all_xml_chars(text) {
            return refuse(refusals::character(self.builder.path()));
        }
        self.pending.push_str(text);
        Ok(())
    }

    fn reference(&mut self, reference: &BytesRef<'_>) -> Outcome {
        let entity = match &**reference {
            "lt" => Some('<'),
            "gt" => Some('>'),
            "amp" => Some('&'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => None,
        };
        let found = match entity {
            Some(c) => c,
            None if reference.is_char_ref() => match reference.resolve_char_ref() {
                Ok(Some(c)) if is_xml_char(c) => c,
                _ => return refuse(refusals::character(self.builder.path())),
            },
            None => return refuse(refusals::entity(self.builder.path())),
        };
        self.text(found.encode_utf8(&mut [0; 4]))
    }

    /// Text before a child must be blank.
    fn flush_before_child(&mut self) -> Outcome {
        if !is_blank(&self.pending) {
            return refuse(refusals::mixed(self.builder.path()));
        }
        self.pending.clear();
        Ok(())
    }

    fn close(&mut self) -> Outcome {
        let has_text = !is_blank(&self.pending);
        if has_text {
            if self.builder.has_children() {
                return refuse(refusals::mixed(self.builder.path()));
            }
            self.keep_text();
        }
        self.pending.clear();
        let missing = self.missing();
        if let Some(missing) = missing {
            self.notice(NoticeKind::Missing, missing);
        }
        self.builder.close();
        self.closed |= self.builder.depth() == 0;
        Ok(())
    }

    fn keep_text(&mut self) {
        let pending = std::mem::take(&mut self.pending);
        self.builder.text(&pending);
        if let Some(row) = self.builder.row() {
            if row.part().is_some_and(|part| !part.rows.is_empty()) {
                self.notice(
                    NoticeKind::TextInPart,
                    "text stands where elements are expected; kept as it is".to_owned(),
                );
            }
            if let Some(most) = row.characters_max.map(usize::from)
                && pending.len() > most
                && pending.trim().chars().count() > most
            {
                self.notice(NoticeKind::TooLong, format!("longer than {most} characters; kept whole"));
            }
        }
        self.pending = pending;
    }

    /// The names the open part should have and has not, as one sentence.
    fn missing(&self) -> Option<String> {
        let (part, seen) = self.builder.open_part()?;
        let mut names =
            v2017071::expected(part).filter(|(n, _)| seen & (1 << n) == 0).map(|(_, row)| row.name).peekable();
        names.peek()?;
        Some(format!("without {}", names.collect::<Vec<_>>().join(", ")))
    }

    fn finish(mut self) -> Result<Message, Box<Refusal>> {
        if self.omitted > 0 {
            let what = format!("{} more notices were left out", self.omitted);
            self.notices.push(Notice::new(NoticeKind::Omitted, "Message", what));
        }
        Message::assemble(self.builder.finish(), self.notices)
    }
}

/// XML 1.0 in UTF-8, or in ASCII, which is the same bytes.
fn declared(declaration: &BytesDecl<'_>) -> Outcome {
    match declaration.version() {
        Ok(version) if version == "1.0" => {}
        _ => return refuse(refusals::xml_version()),
    }
    let Some(encoding) = declaration.encoding() else { return Ok(()) };
    let encoding = encoding.map_err(|_| Box::new(refusals::encoding("an encoding that cannot be read")))?;
    let fits = ["utf-8", "utf8", "us-ascii", "ascii"].iter().any(|name| encoding.eq_ignore_ascii_case(name));
    if fits {
        return Ok(());
    }
    let name: String = encoding.chars().filter(char::is_ascii_graphic).take(40).collect();
    refuse(refusals::encoding(&name))
}
