//! The header.

use super::super::table::{Kind, Part, code, many, numbered, one, text};

pub(super) static HEADER: Part = Part::of(
    "header",
    &numbered([
        one("To", Kind::Part(&PARTY)).expected(),
        one("From", Kind::Part(&PARTY)).expected(),
        code("MessageID").max(35).expected(),
        code("RelatesToMessageID").max(35),
        one("SentTime", Kind::Instant).expected(),
        one("Security", Kind::Part(&SECURITY)),
        one("SenderSoftware", Kind::Part(&SOFTWARE)).expected(),
        one("Mailbox", Kind::Part(&MAILBOX)),
        one("TestMessage", Kind::Code),
        code("RxReferenceNumber").max(35),
        code("TertiaryIdentifier"),
        code("PrescriberOrderNumber").max(35),
        one("DigitalSignature", Kind::Part(&SIGNATURE)),
        one("PrescriberOrderGroup", Kind::Part(&ORDER_GROUP)),
        one("RxReferenceOrderGroup", Kind::Part(&ORDER_GROUP)),
    ]),
);

/// A text with a qualifier; no elements.
static PARTY: Part = Part::with("party", &[], &["Qualifier"]);

static SECURITY: Part = Part::of(
    "security",
    &numbered([
        one("UsernameToken", Kind::Part(&USERNAME_TOKEN)),
        one("Sender", Kind::Part(&IDENTIFICATION)),
        one("Receiver", Kind::Part(&IDENTIFICATION)),
    ]),
);

static USERNAME_TOKEN: Part = Part::of(
    "username token",
    &numbered([code("Username"), one("Password", Kind::Part(&PASSWORD)), code("Nonce"), one("Created", Kind::Instant)]),
);

static PASSWORD: Part = Part::with("password", &[], &["Type"]);

static IDENTIFICATION: Part =
    Part::of("security identification", &numbered([code("SecondaryIdentification"), code("TertiaryIdentification")]));

static SOFTWARE: Part = Part::of(
    "sender software",
    &numbered([
        text("SenderSoftwareDeveloper", 35).expected(),
        text("SenderSoftwareProduct", 35).expected(),
        text("SenderSoftwareVersionRelease", 35).expected(),
    ]),
);

static MAILBOX: Part = Part::of(
    "mailbox",
    &numbered([code("MailboxID"), code("DeliveredID"), code("AdditionalTraceNumber"), code("AcknowledgementID")]),
);

/// The indicator, then a group that may repeat: its four elements share one place.
static SIGNATURE: Part = Part::with(
    "digital signature",
    &numbered([
        one("DigitalSignatureIndicator", Kind::Flag),
        many("DigestMethod", Kind::Code),
        many("DigestValue", Kind::Base64).along(),
        many("SignatureValue", Kind::Base64).along(),
        many("X509Data", Kind::Base64).along(),
    ]),
    &["Version"],
);

static ORDER_GROUP: Part = Part::of(
    "order group",
    &numbered([
        code("OrderGroupNumber"),
        one("ItemCountInOrderGroup", Kind::Count),
        one("TotalCountForOrderGroup", Kind::Count),
        code("OrderGroupReason"),
    ]),
);
