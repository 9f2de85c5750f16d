//! What the server says when it says no: a status, a stable code, the cause, and the next step.

use crate::views::RefusalView;
use axum::http::StatusCode;
use serde_json::{Value, json};
use std::borrow::Cow;
use theriac_model::Refusal;

/// A refusal of the server. Holds no patient data: it is shown, sent and counted.
#[derive(Clone, Debug)]
pub(super) struct Failure {
    pub(super) status: StatusCode,
    /// Stable code for programs: `HTTP-...`, or the rulebook's own code.
    pub(super) code: Cow<'static, str>,
    /// What was found, in one sentence without a final stop.
    pub(super) what: Cow<'static, str>,
    /// What the reader can do next, in one sentence without a final stop.
    pub(super) next: Cow<'static, str>,
    /// The rulebook's refusal behind it, if it was the law that refused.
    pub(super) law: Option<Box<RefusalView>>,
    /// What was typed and must not be lost.
    pub(super) again: Option<Box<Again>>,
}

/// A form to show again under a refusal.
#[derive(Clone, Debug)]
pub(super) struct Again {
    /// Where the form goes.
    pub(super) action: String,
    /// What was typed.
    pub(super) note: String,
    /// What the field is called.
    pub(super) label: &'static str,
    /// What the button says.
    pub(super) button: &'static str,
}

impl Failure {
    pub(super) fn new(
        status: StatusCode,
        code: &'static str,
        what: impl Into<Cow<'static, str>>,
        next: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { status, code: code.into(), what: what.into(), next: next.into(), law: None, again: None }
    }

    /// The rulebook refused what was asked.
    pub(super) fn refused(refusal: &Refusal) -> Self {
        Self::refused_as(RefusalView::from(refusal))
    }

    /// The rulebook refused, as it was shown already.
    pub(super) fn refused_as(law: RefusalView) -> Self {
        Self {
            status: StatusCode::UNPROCESSABLE_ENTITY,
            code: law.code.clone().into(),
            what: law.what.clone().into(),
            next: law.next.clone().into(),
            law: Some(Box::new(law)),
            again: None,
        }
    }

    /// The same refusal with the form that was filled in.
    #[must_use]
    pub(super) fn with_form(self, action: String, note: String) -> Self {
        self.with_words(action, note, "Your annotation", "Add the annotation")
    }

    /// The same refusal with what was typed in a form of one field.
    #[must_use]
    pub(super) fn with_words(
        mut self,
        action: String,
        note: String,
        label: &'static str,
        button: &'static str,
    ) -> Self {
        self.again = Some(Box::new(Again { action, note, label, button }));
        self
    }

    /// Nothing lies at this address.
    pub(super) fn no_such_page() -> Self {
        Self::new(
            StatusCode::NOT_FOUND,
            "HTTP-NO-SUCH-PAGE",
            "there is nothing at this address",
            "check the address, or begin at the overview",
        )
    }

    /// Nothing of this `kind` has the identifier that was given.
    pub(super) fn no_such(kind: &'static str, next: &'static str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "HTTP-NOT-FOUND", format!("there is no {kind} with this number"), next)
    }

    /// The person behind the cookie or the header is not of this deployment.
    pub(super) fn nobody(next: &'static str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "HTTP-NOBODY", "the server does not know who is asking", next)
    }

    /// The store did not answer, or something broke inside. The cause goes to the log, not to the reader.
    pub(super) fn unavailable() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "HTTP-UNAVAILABLE",
            "the record could not be read just now",
            "try again in a moment; if it stays so, the operator finds the cause in the server's log",
        )
    }

    /// The answer took longer than the server waits.
    pub(super) fn too_slow() -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "HTTP-TOO-SLOW",
            "the answer took longer than the server waits",
            "look whether the change was made before you try again",
        )
    }

    /// The body is larger than any form or request of this server.
    pub(super) fn too_large() -> Self {
        Self::longer_than(super::guard::BODY_BYTES_MAX)
    }

    /// The body is larger than its door takes.
    pub(super) fn longer_than(bytes: usize) -> Self {
        let (size, next) = match bytes / 1_024 {
            kib @ ..1_024 => (format!("{kib} KiB"), "send less; an annotation has at most 2,000 characters"),
            kib => (format!("{} MiB", kib / 1_024), "scan the document in fewer dots or in grey, then upload it again"),
        };
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "HTTP-TOO-LARGE", format!("the body is larger than {size}"), next)
    }

    /// The status in words: `Not Found`.
    pub(super) fn title(&self) -> &'static str {
        self.status.canonical_reason().unwrap_or("Refused")
    }

    /// What a page says above the refusal.
    pub(super) fn heading(&self) -> &'static str {
        match self.status.as_u16() {
            401 | 403 => "Not allowed",
            404 => "Not found",
            413 | 414 => "Too long",
            421 => "Another server's name",
            422 => "Refused",
            503 => "Not available just now",
            _ => "That cannot be done",
        }
    }

    /// As a problem document (RFC 9457). `about:blank` says that the title is that of the status; `code` tells more.
    pub(super) fn problem(&self) -> Value {
        let mut problem = json!({
            "type": "about:blank",
            "title": self.title(),
            "status": self.status.as_u16(),
            "detail": self.what,
            "code": self.code,
            "next": self.next,
        });
        if let (Some(law), Some(members)) = (&self.law, problem.as_object_mut()) {
            members.insert("cite".into(), law.cite.clone().into());
            members.insert("edition".into(), law.edition.clone().into());
            members.insert("standing".into(), law.standing.clone().into());
            if !law.field.is_empty() {
                members.insert("field".into(), law.field.clone().into());
            }
        }
        problem
    }
}
