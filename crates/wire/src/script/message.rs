//! A message: envelope, header and body.

use super::notice::{Notice, NoticeKind};
use super::refusals;
use super::tree::{NodeRef, Tree};
use super::v2017071;
use super::views::{CancelRx, Fill, Header, NewRx, Reported, Request, Responded, Verified};
use std::fmt;
use theriac_model::Refusal;

/// The version of SCRIPT a message announces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TransactionVersion {
    /// 2017071.
    V2017071,
    /// Another, as the message writes it (at most 40 characters).
    Other(String),
    /// None.
    Unstated,
}

impl fmt::Display for TransactionVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::V2017071 => f.write_str("2017071"),
            Self::Other(text) => f.write_str(text),
            Self::Unstated => f.write_str("unstated"),
        }
    }
}

/// Which message it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MessageKind {
    /// A new prescription.
    NewRx,
    /// The practitioner withdraws a prescription.
    CancelRx,
    /// The pharmacy's answer to that.
    CancelRxResponse,
    /// The pharmacy asks for a change.
    RxChangeRequest,
    /// The practitioner's answer to that.
    RxChangeResponse,
    /// The pharmacy asks for a renewal.
    RxRenewalRequest,
    /// The practitioner's answer to that.
    RxRenewalResponse,
    /// The pharmacy tells what was dispensed.
    RxFill,
    /// A pharmacy asks another for a prescription.
    RxTransferRequest,
    /// The other pharmacy's answer to that: the prescription, or why not.
    RxTransferResponse,
    /// The pharmacy that asked says whether it took the prescription in.
    RxTransferConfirm,
    /// A message was accepted.
    Status,
    /// A message was not accepted.
    Error,
    /// A message reached its final recipient.
    Verify,
    /// Anything else.
    Unsupported,
}

impl MessageKind {
    /// The kinds this codec understands.
    pub const UNDERSTOOD: [Self; 14] = [
        Self::NewRx,
        Self::CancelRx,
        Self::CancelRxResponse,
        Self::RxChangeRequest,
        Self::RxChangeResponse,
        Self::RxRenewalRequest,
        Self::RxRenewalResponse,
        Self::RxFill,
        Self::RxTransferRequest,
        Self::RxTransferResponse,
        Self::RxTransferConfirm,
        Self::Status,
        Self::Error,
        Self::Verify,
    ];

    /// The element's name; `unsupported` for [`MessageKind::Unsupported`].
    pub const fn name(self) -> &'static str {
        match self {
            Self::NewRx => "NewRx",
            Self::CancelRx => "CancelRx",
            Self::CancelRxResponse => "CancelRxResponse",
            Self::RxChangeRequest => "RxChangeRequest",
            Self::RxChangeResponse => "RxChangeResponse",
            Self::RxRenewalRequest => "RxRenewalRequest",
            Self::RxRenewalResponse => "RxRenewalResponse",
            Self::RxFill => "RxFill",
            Self::RxTransferRequest => "RxTransferRequest",
            Self::RxTransferResponse => "RxTransferResponse",
            Self::RxTransferConfirm => "RxTransferConfirm",
            Self::Status => "Status",
            Self::Error => "Error",
            Self::Verify => "Verify",
            Self::Unsupported => "unsupported",
        }
    }

    fn of(node: NodeRef<'_>) -> Self {
        let named = |kind: &Self| node.row().is_some_and(|row| row.name == kind.name());
        Self::UNDERSTOOD.into_iter().find(named).unwrap_or(Self::Unsupported)
    }

    /// Whether a prescription can be filled from messages of this kind, if they approve one.
    pub const fn may_prescribe(self) -> bool {
        matches!(self, Self::NewRx | Self::RxChangeResponse | Self::RxRenewalResponse)
    }
}

/// A SCRIPT message that was read or made. Two messages are equal when they hold the same elements, texts and attributes;
/// notices do not count.
#[derive(Clone, Debug)]
pub struct Message {
    pub(super) tree: Tree,
    notices: Vec<Notice>,
    version: TransactionVersion,
    kind: MessageKind,
    header: u32,
    body: u32,
}

impl PartialEq for Message {
    fn eq(&self, other: &Self) -> bool {
        self.tree == other.tree
    }
}

impl Eq for Message {}

/// What a message says. Each variant looks at the parts that its message may have.
#[derive(Clone, Copy, Debug)]
pub enum Body<'a> {
    /// A new prescription.
    NewRx(NewRx<'a>),
    /// The practitioner withdraws a prescription.
    CancelRx(CancelRx<'a>),
    /// The pharmacy's answer to that.
    CancelRxResponse(Responded<'a>),
    /// The pharmacy asks for a change.
    RxChangeRequest(Request<'a>),
    /// The practitioner's answer to that.
    RxChangeResponse(Responded<'a>),
    /// The pharmacy asks for a renewal.
    RxRenewalRequest(Request<'a>),
    /// The practitioner's answer to that.
    RxRenewalResponse(Responded<'a>),
    /// The pharmacy tells what was dispensed.
    RxFill(Fill<'a>),
    /// A pharmacy asks another for a prescription.
    RxTransferRequest(Request<'a>),
    /// The other pharmacy's answer to that.
    RxTransferResponse(Responded<'a>),
    /// The pharmacy that asked says whether it took the prescription in.
    RxTransferConfirm(Responded<'a>),
    /// A message was accepted.
    Status(Reported<'a>),
    /// A message was not accepted.
    Error(Reported<'a>),
    /// A message reached its final recipient.
    Verify(Verified<'a>),
    /// Anything else: the element.
    Unsupported(NodeRef<'a>),
}

impl Message {
    /// # Errors
    /// When there is not exactly one header and one message in one body.
    pub(super) fn assemble(tree: Tree, mut notices: Vec<Notice>) -> Result<Self, Box<Refusal>> {
        let (version, kind, header, body) = outline(&tree)?;
        if version != TransactionVersion::V2017071 {
            let what = format!("the message announces version {version}; it is read as 2017071");
            notices.push(Notice::new(NoticeKind::OtherVersion, "Message", what));
        }
        Ok(Self { tree, notices, version, kind, header, body })
    }

    fn node(&self, index: u32) -> NodeRef<'_> {
        // INVARIANT: `assemble` took the indices from this tree, which never changes.
        self.tree.at(index).unwrap_or_else(|| unreachable!("the tree of a message has its header and body"))
    }

    /// The root element, to look at whatever the views do not show.
    pub fn root(&self) -> NodeRef<'_> {
        self.node(0)
    }

    /// The header.
    pub fn header(&self) -> Header<'_> {
        Header(self.node(self.header))
    }

    /// The element of the message itself, such as `NewRx`.
    pub fn element(&self) -> NodeRef<'_> {
        self.node(self.body)
    }

    /// The message, by its kind.
    pub fn body(&self) -> Body<'_> {
        let node = self.element();
        match self.kind {
            MessageKind::NewRx => Body::NewRx(NewRx(node)),
            MessageKind::CancelRx => Body::CancelRx(CancelRx(node)),
            MessageKind::CancelRxResponse => Body::CancelRxResponse(Responded(node)),
            MessageKind::RxChangeRequest => Body::RxChangeRequest(Request(node)),
            MessageKind::RxChangeResponse => Body::RxChangeResponse(Responded(node)),
            MessageKind::RxRenewalRequest => Body::RxRenewalRequest(Request(node)),
            MessageKind::RxRenewalResponse => Body::RxRenewalResponse(Responded(node)),
            MessageKind::RxFill => Body::RxFill(Fill(node)),
            MessageKind::RxTransferRequest => Body::RxTransferRequest(Request(node)),
            MessageKind::RxTransferResponse => Body::RxTransferResponse(Responded(node)),
            MessageKind::RxTransferConfirm => Body::RxTransferConfirm(Responded(node)),
            MessageKind::Status => Body::Status(Reported(node)),
            MessageKind::Error => Body::Error(Reported(node)),
            MessageKind::Verify => Body::Verify(Verified(node)),
            MessageKind::Unsupported => Body::Unsupported(node),
        }
    }

    /// Which message it is.
    pub const fn kind(&self) -> MessageKind {
        self.kind
    }

    /// The name of the message's element, also of an unsupported one.
    pub fn name(&self) -> &str {
        self.element().name()
    }

    /// The version it announces.
    pub const fn version(&self) -> &TransactionVersion {
        &self.version
    }

    /// What was noticed while it was read.
    pub fn notices(&self) -> &[Notice] {
        &self.notices
    }

    /// Elements in all.
    pub fn elements(&self) -> usize {
        self.tree.len()
    }
}

/// Version and kind, and where the header and the message stand.
fn outline(tree: &Tree) -> Result<(TransactionVersion, MessageKind, u32, u32), Box<Refusal>> {
    let root = tree.root().ok_or_else(|| Box::new(refusals::empty()))?;
    let mut headers = root.children_named("Header");
    let (Some(header), None) = (headers.next(), headers.next()) else { return Err(Box::new(refusals::header())) };
    let mut bodies = root.children_named("Body");
    let (Some(body), None) = (bodies.next(), bodies.next()) else { return Err(Box::new(refusals::bodies())) };
    let mut messages = body.children();
    let (Some(message), None) = (messages.next(), messages.next()) else {
        return Err(Box::new(refusals::body(body.children().take(1000).count())));
    };
    Ok((announced(root), MessageKind::of(message), header.index(), message.index()))
}

/// The version by the attribute of the standard; public fixtures also use a plain `version`, 10.6 adds a `release`.
fn announced(root: NodeRef<'_>) -> TransactionVersion {
    let standard = root.attribute("TransactionVersion");
    let Some(text) = standard.or_else(|| root.attribute("version")) else { return TransactionVersion::Unstated };
    if text == v2017071::TABLES.literal || text == "2017071" {
        return TransactionVersion::V2017071;
    }
    let release = root.attribute("release").filter(|_| standard.is_none());
    let full = release.map_or_else(|| text.to_owned(), |release| format!("{text}.{release}"));
    TransactionVersion::Other(full.chars().filter(|c| !c.is_control()).take(40).collect())
}
