//! What the parts of a paper are (heading, row, cell ...), so that readers for the blind find their way through it.

use krilla::tagging::{Identifier, ListNumbering, Node as TagNode, TableHeaderScope, Tag, TagGroup, TagKind, TagTree};
use std::num::NonZeroU16;

/// A part of the paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PartId(u32);

/// What a part is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// A heading: level, and its text.
    Heading(u16, String),
    Paragraph,
    List,
    ListItem,
    Label,
    Body,
    Table,
    TableHead,
    TableBody,
    Row,
    ColumnHeader,
    Cell,
    /// A picture, and what it says.
    Figure(String),
}

#[derive(Debug)]
struct Part {
    role: Role,
    parent: Option<PartId>,
    pieces: Vec<Identifier>,
}

/// The parts in reading order; a parent always stands before its children.
#[derive(Debug, Default)]
pub(crate) struct Tree(Vec<Part>);

impl Tree {
    pub(crate) fn add(&mut self, role: Role, parent: Option<PartId>) -> PartId {
        // A paper of four thousand million parts does not fit into memory.
        let id = PartId(u32::try_from(self.0.len()).unwrap_or(u32::MAX));
        self.0.push(Part { role, parent, pieces: Vec::new() });
        id
    }

    /// A piece of a page that shows this part.
    pub(crate) fn shown(&mut self, part: PartId, piece: Identifier) {
        if let Some(part) = self.0.get_mut(part.0 as usize) {
            part.pieces.push(piece);
        }
    }

    /// The tree as the PDF writer wants it.
    pub(crate) fn tags(self, language: &str) -> TagTree {
        let mut tree = TagTree::new().with_lang(Some(language.to_owned()));
        let count = self.0.len();
        let mut children: Vec<Vec<TagGroup>> = (0..count).map(|_| Vec::new()).collect();
        let mut top = Vec::new();
        // Children come after their parents, so going backwards every part is complete when its turn comes.
        for part in self.0.into_iter().rev() {
            let below = children.pop().unwrap_or_default();
            if part.pieces.is_empty() && below.is_empty() {
                continue;
            }
            // Most parts have one child: room for exactly the children there are is what keeps a long table small.
            let mut nodes = Vec::with_capacity(part.pieces.len() + below.len());
            nodes.extend(part.pieces.into_iter().map(TagNode::from));
            nodes.extend(below.into_iter().rev().map(TagNode::Group));
            let group = TagGroup::with_children(kind(part.role), nodes);
            match part.parent {
                Some(parent) => {
                    if let Some(siblings) = children.get_mut(parent.0 as usize) {
                        siblings.push(group);
                    }
                }
                None => top.push(TagNode::Group(group)),
            }
        }
        for group in top.into_iter().rev() {
            tree.push(group);
        }
        tree
    }
}

fn kind(role: Role) -> TagKind {
    match role {
        Role::Heading(level, text) => Tag::Hn(NonZeroU16::new(level).unwrap_or(NonZeroU16::MIN), Some(text)).into(),
        Role::Paragraph => Tag::P.into(),
        Role::List => Tag::L(ListNumbering::None).into(),
        Role::ListItem => Tag::LI.into(),
        Role::Label => Tag::Lbl.into(),
        Role::Body => Tag::LBody.into(),
        Role::Table => Tag::Table.into(),
        Role::TableHead => Tag::THead.into(),
        Role::TableBody => Tag::TBody.into(),
        Role::Row => Tag::TR.into(),
        Role::ColumnHeader => Tag::TH(TableHeaderScope::Column).into(),
        Role::Cell => Tag::TD.into(),
        Role::Figure(says) => Tag::Figure(Some(says)).into(),
    }
}
