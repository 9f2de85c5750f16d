//! A message as a tree: nodes in document order in one vector, all texts in one string.
//!
//! INVARIANT: a node's descendants follow it directly and end before [`Node::end`]; a child always has a greater index
//! than its parent. Elements that their part's table knows point to its row; all others are kept with their name.

use super::table::{Kind, Part, Row};

/// A piece of [`Tree::text`].
#[derive(Clone, Copy, Debug, Default)]
struct Span {
    start: u32,
    end: u32,
}

#[derive(Clone, Copy, Debug)]
struct Attribute {
    name: Span,
    value: Span,
}

#[derive(Clone, Copy, Debug)]
struct Node {
    row: Option<&'static Row>,
    /// Used where `row` is absent.
    name: Span,
    text: Span,
    attributes: Span,
    /// The index after the node's last descendant.
    end: u32,
}

/// An immutable tree.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tree {
    nodes: Vec<Node>,
    attributes: Vec<Attribute>,
    text: String,
}

impl Tree {
    fn slice(&self, span: Span) -> &str {
        self.text.get(span.start as usize..span.end as usize).unwrap_or_default()
    }

    /// The root element; `None` only for an empty tree.
    pub(crate) fn root(&self) -> Option<NodeRef<'_>> {
        (!self.nodes.is_empty()).then_some(NodeRef { tree: self, index: 0 })
    }

    /// The element at an index this tree gave out.
    pub(crate) fn at(&self, index: u32) -> Option<NodeRef<'_>> {
        ((index as usize) < self.nodes.len()).then_some(NodeRef { tree: self, index })
    }

    /// Elements in all.
    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }
}

/// The same elements with the same names, texts and attributes, in the same order; attributes have none.
impl PartialEq for Tree {
    fn eq(&self, other: &Self) -> bool {
        let same = |n: u32| {
            let (Some(a), Some(b)) = (self.at(n), other.at(n)) else { return false };
            a.node().end == b.node().end && a.name() == b.name() && a.text() == b.text() && a.same_attributes(b)
        };
        self.nodes.len() == other.nodes.len() && (0..self.nodes.len()).all(|n| u32::try_from(n).is_ok_and(same))
    }
}

impl Eq for Tree {}

/// An element of a message.
#[derive(Clone, Copy)]
pub struct NodeRef<'a> {
    tree: &'a Tree,
    index: u32,
}

impl std::fmt::Debug for NodeRef<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<{}>", self.name())
    }
}

/// The children of an element.
#[derive(Clone, Debug)]
pub struct Children<'a> {
    parent: NodeRef<'a>,
    next: u32,
    end: u32,
}

impl<'a> Iterator for Children<'a> {
    type Item = NodeRef<'a>;

    fn next(&mut self) -> Option<NodeRef<'a>> {
        if self.next >= self.end {
            return None;
        }
        let child = self.parent.tree.at(self.next)?;
        self.next = child.node().end.max(self.next + 1);
        Some(child)
    }
}

impl<'a> NodeRef<'a> {
    fn node(self) -> &'a Node {
        // INVARIANT: a `NodeRef` is only made for an index inside its tree.
        &self.tree.nodes[self.index as usize]
    }

    pub(crate) const fn index(self) -> u32 {
        self.index
    }

    /// The element's name, with its prefix where it is not one of the standard's.
    pub fn name(self) -> &'a str {
        self.node().row.map_or_else(|| self.tree.slice(self.node().name), |row| row.name)
    }

    /// Its row in the table; `None` for an element the table does not have there.
    pub fn row(self) -> Option<&'static Row> {
        self.node().row
    }

    /// Its text as it was written; empty where it holds elements.
    pub fn text(self) -> &'a str {
        self.tree.slice(self.node().text)
    }

    /// The children in order.
    pub fn children(self) -> Children<'a> {
        Children { parent: self, next: self.index + 1, end: self.node().end }
    }

    /// Whether it holds elements.
    pub fn has_children(self) -> bool {
        self.node().end > self.index + 1
    }

    /// The first child of this name that the table knows.
    pub fn child(self, name: &str) -> Option<NodeRef<'a>> {
        self.children_named(name).next()
    }

    /// All children of this name that the table knows.
    pub fn children_named<'n>(self, name: &'n str) -> impl Iterator<Item = NodeRef<'a>> + use<'a, 'n> {
        self.children().filter(move |child| child.row().is_some_and(|row| row.name == name))
    }

    /// The first element down this path.
    pub fn path(self, names: &[&str]) -> Option<NodeRef<'a>> {
        names.iter().try_fold(self, |node, name| node.child(name))
    }

    /// The trimmed text of the first element down this path; `None` if absent or empty.
    pub fn value(self, names: &[&str]) -> Option<&'a str> {
        let text = self.path(names)?.text().trim();
        (!text.is_empty()).then_some(text)
    }

    /// Attributes: name and value.
    pub fn attributes(self) -> impl Iterator<Item = (&'a str, &'a str)> {
        let span = self.node().attributes;
        let tree = self.tree;
        let range = span.start as usize..span.end as usize;
        tree.attributes.get(range).unwrap_or_default().iter().map(|a| (tree.slice(a.name), tree.slice(a.value)))
    }

    /// The value of an attribute.
    pub fn attribute(self, name: &str) -> Option<&'a str> {
        self.attributes().find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    fn same_attributes(self, other: NodeRef<'_>) -> bool {
        let count = |node: NodeRef<'_>| node.node().attributes.end - node.node().attributes.start;
        // Names are unique within an element, so equal counts and inclusion are equality.
        count(self) == count(other) && self.attributes().all(|(name, value)| other.attribute(name) == Some(value))
    }
}

/// An open element while a tree is being built.
#[derive(Debug)]
struct Frame {
    node: u32,
    part: Option<&'static Part>,
    hint: usize,
    /// Greatest place of a row met so far.
    place: u8,
    /// One bit for each row met.
    seen: u64,
}

/// Whether the table has an element where it was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It has.
    Known,
    /// It describes what stands there, and this is something else.
    Unknown,
    /// It does not describe what stands there.
    Undescribed,
}

/// How an element that was opened stands to its part's table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Opened {
    pub(crate) standing: Standing,
    pub(crate) out_of_order: bool,
    pub(crate) repeated: bool,
}

/// Builds a tree in document order.
#[derive(Debug)]
pub(crate) struct Builder {
    tree: Tree,
    stack: Vec<Frame>,
    root: &'static Row,
    shuffled: bool,
}

impl Builder {
    pub(crate) fn new(root: &'static Row, capacity: usize) -> Self {
        // Bounded, so that a large message which is refused at its first bytes costs no more than a small one.
        let tree = Tree {
            nodes: Vec::with_capacity((capacity / 32).clamp(16, 1024)),
            attributes: Vec::with_capacity(8),
            text: String::with_capacity((capacity / 3).min(16 * 1024)),
        };
        Self { tree, stack: Vec::with_capacity(16), root, shuffled: false }
    }

    fn push(&mut self, text: &str) -> Span {
        let start = self.tree.text.len();
        self.tree.text.push_str(text);
        Span { start: offset(start), end: offset(self.tree.text.len()) }
    }

    /// Opens an element inside the one that is open. `foreign` elements are never looked up.
    pub(crate) fn open(&mut self, name: &str, foreign: bool) -> Opened {
        let mut opened = Opened { standing: Standing::Undescribed, out_of_order: false, repeated: false };
        let mut row = None;
        match self.stack.last_mut() {
            None => row = (!foreign && name == self.root.name).then_some(self.root),
            Some(frame) => {
                let parent = self.tree.nodes.get(frame.node as usize).and_then(|node| node.row);
                if parent.is_some_and(|row| !matches!(row.kind, Kind::Open)) {
                    opened.standing = Standing::Unknown;
                }
                let found = if foreign { None } else { frame.part.and_then(|part| part.find(name, frame.hint)) };
                if let Some((n, found)) = found {
                    row = Some(found);
                    opened.out_of_order = found.order < frame.place;
                    let bit = 1u64 << n;
                    opened.repeated = frame.seen & bit != 0 && found.times == super::table::Times::Once;
                    frame.seen |= bit;
                    frame.place = frame.place.max(found.order);
                    frame.hint = n;
                    self.shuffled |= opened.out_of_order;
                }
            }
        }
        if row.is_some() {
            opened.standing = Standing::Known;
        }
        let name = if row.is_some() { Span::default() } else { self.push(name) };
        let node = offset(self.tree.nodes.len());
        let attributes = offset(self.tree.attributes.len());
        self.tree.nodes.push(Node {
            row,
            name,
            text: Span::default(),
            attributes: Span { start: attributes, end: attributes },
            end: node + 1,
        });
        let part = row.and_then(Row::part);
        self.stack.push(Frame { node, part, hint: 0, place: 0, seen: 0 });
        opened
    }

    /// Adds an attribute to the element that was just opened.
    pub(crate) fn attribute(&mut self, name: &str, value: &str) {
        let (name, value) = (self.push(name), self.push(value));
        self.tree.attributes.push(Attribute { name, value });
        if let Some(node) = self.stack.last().and_then(|frame| self.tree.nodes.get_mut(frame.node as usize)) {
            node.attributes.end = offset(self.tree.attributes.len());
        }
    }

    /// Sets the text of the open element, which has no children.
    pub(crate) fn text(&mut self, text: &str) {
        let span = self.push(text);
        if let Some(node) = self.stack.last().and_then(|frame| self.tree.nodes.get_mut(frame.node as usize)) {
            node.text = span;
        }
    }

    /// Closes the open element; `false` if none was open.
    pub(crate) fn close(&mut self) -> bool {
        let Some(frame) = self.stack.pop() else { return false };
        let end = offset(self.tree.nodes.len());
        if let Some(node) = self.tree.nodes.get_mut(frame.node as usize) {
            node.end = end;
        }
        true
    }

    /// The row of the element that is open.
    pub(crate) fn row(&self) -> Option<&'static Row> {
        self.stack.last().and_then(|frame| self.tree.nodes.get(frame.node as usize)).and_then(|node| node.row)
    }

    /// The part of the open element and which of its rows were met; `None` if the table describes no elements there, or
    /// if it holds text.
    pub(crate) fn open_part(&self) -> Option<(&'static Part, u64)> {
        let frame = self.stack.last()?;
        let part = frame.part.filter(|part| !part.rows.is_empty())?;
        let node = self.tree.nodes.get(frame.node as usize)?;
        (node.text.start == node.text.end).then_some((part, frame.seen))
    }

    /// Whether the open element has children already.
    pub(crate) fn has_children(&self) -> bool {
        self.stack.last().is_some_and(|frame| frame.node as usize + 1 < self.tree.nodes.len())
    }

    /// Elements so far.
    pub(crate) fn len(&self) -> usize {
        self.tree.nodes.len()
    }

    /// Elements open.
    pub(crate) fn depth(&self) -> usize {
        self.stack.len()
    }

    /// The names from the root to the open element.
    pub(crate) fn path(&self) -> String {
        let mut path = String::new();
        for frame in &self.stack {
            if let Some(node) = self.tree.at(frame.node) {
                if !path.is_empty() {
                    path.push('/');
                }
                path.extend(node.name().chars().take(60));
            }
        }
        path
    }

    /// The tree, in the tables' order.
    pub(crate) fn finish(mut self) -> Tree {
        while self.close() {}
        if self.shuffled { in_order(&self.tree) } else { self.tree }
    }
}

/// INVARIANT: a message is at most `u32::MAX` bytes long ([`super::Limits::message_bytes`] is clamped to it).
fn offset(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// The children of `node` by their table's order. An element the table does not have stays behind the sibling it follows.
pub(crate) fn ordered<'a>(node: NodeRef<'a>, out: &mut Vec<NodeRef<'a>>) {
    out.clear();
    out.extend(node.children());
    let described = node.row().is_some_and(|row| matches!(row.kind, Kind::Part(_)));
    if !described || out.is_sorted_by_key(|child| child.row().map_or(0, |row| row.order)) {
        return;
    }
    let mut place = 0;
    let mut keyed: Vec<(u16, NodeRef<'a>)> = out
        .iter()
        .map(|&child| {
            // Unknown elements before all known ones stay there: places of rows begin at 1 here.
            place = child.row().map_or(place, |row| u16::from(row.order) + 1);
            (place, child)
        })
        .collect();
    keyed.sort_by_key(|(place, _)| *place);
    out.clear();
    out.extend(keyed.into_iter().map(|(_, child)| child));
}

/// A copy of the tree in the tables' order.
fn in_order(tree: &Tree) -> Tree {
    let mut copy = Tree {
        nodes: Vec::with_capacity(tree.nodes.len()),
        attributes: tree.attributes.clone(),
        text: tree.text.clone(),
    };
    if let Some(root) = tree.root() {
        copy_node(root, &mut copy);
    }
    copy
}

/// Depth is bounded by the reader's limit, so recursion is.
fn copy_node(node: NodeRef<'_>, copy: &mut Tree) {
    let at = copy.nodes.len();
    copy.nodes.push(*node.node());
    let mut children = Vec::new();
    ordered(node, &mut children);
    for child in children {
        copy_node(child, copy);
    }
    let end = offset(copy.nodes.len());
    copy.nodes[at].end = end;
}
