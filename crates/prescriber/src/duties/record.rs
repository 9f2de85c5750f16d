//! A practitioner's duties as performed: acknowledgements, determinations, reported tokens, disputed prescriptions.

use super::event::{Acknowledged, DutyEvent, Ground, Outcome};
use crate::access::Signer;
use crate::access_event::AccessEvent;
use crate::audit::AuditGate;
use crate::log::Line;
use crate::notice::{Addressee, Channel, Enclosure, Fact, NoticeEvent, Notices, Occasion, Sender, Subject};
use crate::terms::{Terms, Timeliness};
use crate::token_event::Loss;
use jiff::Timestamp;
use jiff::tz::Offset;
use std::collections::BTreeMap;
use theriac_law::Moment;
use theriac_model::{Actor, Edition, Refusal, Role};

/// What follows from a reported token: one act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenReported {
    /// The report and the revocation of each credential that was not revoked before: records of the right to sign.
    pub events: Vec<AccessEvent>,
    /// The notices, the provider's already given.
    pub notices: Vec<NoticeEvent>,
    /// Whether it was told within the period.
    pub timeliness: Timeliness,
}

/// What a practitioner says of a prescription.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dispute<'a> {
    /// Who enters it.
    pub by: Actor,
    /// The prescription as the log shows it.
    pub line: &'a Line,
    /// Why.
    pub ground: Ground,
    /// When the practitioner discovered it.
    pub discovered: Moment,
    /// Archived copies that go to the authority, beside the signed contents.
    pub archived: Vec<Enclosure>,
}

/// What follows from a dispute: one act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disputed {
    /// The dispute.
    pub event: DutyEvent,
    /// The notices, the provider's already given.
    pub notices: Vec<NoticeEvent>,
}

/// One use of a credential.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// The credential.
    pub credential: String,
    /// When.
    pub at: Timestamp,
    /// At which registered location.
    pub place: String,
    /// The prescription that was signed.
    pub prescription: String,
    /// The journal position of the signing record, by which a use is disputed.
    pub seq: u64,
}

/// Every use of a practitioner's credentials for signing, the latest first, from the lines of all prescriptions.
pub fn uses(lines: &[Line]) -> Vec<Use> {
    let mut uses: Vec<Use> = lines
        .iter()
        .map(|line| Use {
            credential: line.credential.clone(),
            at: line.signed_at,
            place: line.place.clone(),
            prescription: line.prescription.clone(),
            seq: line.seq,
        })
        .collect();
    uses.sort_by_key(|one| std::cmp::Reverse((one.at, one.seq)));
    uses
}

/// A determination from an audit report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Determination {
    pub(crate) outcome: Outcome,
    pub(crate) at: Moment,
}

/// A practitioner's duties, folded from their records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duties {
    practitioner: String,
    acknowledged: BTreeMap<Acknowledged, (String, Moment)>,
    determination: Option<Determination>,
    told: Vec<DutyEvent>,
}

impl Duties {
    /// A practitioner of whom nothing is recorded.
    pub fn new(practitioner: impl Into<String>) -> Self {
        Self { practitioner: practitioner.into(), acknowledged: BTreeMap::new(), determination: None, told: Vec::new() }
    }

    /// Takes in one record.
    pub fn apply(&mut self, event: &DutyEvent) {
        match event {
            DutyEvent::Acknowledged { what, version, at, .. } => {
                self.acknowledged.insert(*what, (version.clone(), *at));
            }
            DutyEvent::Determined { outcome, at, .. } => {
                self.determination = Some(Determination { outcome: *outcome, at: *at });
            }
            DutyEvent::Disputed { .. } => self.told.push(event.clone()),
        }
    }

    /// Folds all records, in order.
    pub fn replay<'a>(practitioner: &str, events: impl IntoIterator<Item = &'a DutyEvent>) -> Self {
        let mut duties = Self::new(practitioner);
        for event in events {
            duties.apply(event);
        }
        duties
    }

    /// The practitioner.
    pub fn practitioner(&self) -> &str {
        &self.practitioner
    }

    /// When a statement was acknowledged in its present words.
    pub fn acknowledged(&self, what: Acknowledged) -> Option<Moment> {
        self.acknowledged.get(&what).filter(|(version, _)| version == what.version()).map(|(_, at)| *at)
    }

    pub(crate) fn determination(&self) -> Option<&Determination> {
        self.determination.as_ref()
    }

    /// Prescriptions disputed, in order.
    pub fn told(&self) -> &[DutyEvent] {
        &self.told
    }

    /// The disputes of a prescription.
    pub fn disputes_of<'a>(&'a self, id: &'a str) -> impl Iterator<Item = &'a DutyEvent> {
        self.told
            .iter()
            .filter(move |one| matches!(one, DutyEvent::Disputed { prescription, .. } if prescription == id))
    }

    /// The practitioner acknowledges a statement that was shown.
    ///
    /// # Errors
    /// By anyone but the practitioner.
    pub fn acknowledge(&self, by: &Actor, what: Acknowledged, at: Moment) -> Result<DutyEvent, Refusal> {
        self.in_person(by, what.cite())?;
        Ok(DutyEvent::Acknowledged { by: by.clone(), what, version: what.version().to_owned(), at })
    }

    /// The practitioner determines from a report whether the system meets the rules.
    ///
    /// # Errors
    /// By anyone but the practitioner; from a report that is not registered; that an adverse report is met.
    pub fn determine(
        &self,
        by: &Actor,
        report: &str,
        outcome: Outcome,
        gate: &AuditGate,
        at: Moment,
    ) -> Result<DutyEvent, Refusal> {
        const CITE: &str = "73 FR 36722, proposed 21 CFR 1311.155(f)";
        self.in_person(by, CITE)?;
        let Some(found) = gate.report(report) else {
            return Err(Refusal::new(
                "RX-DUTY-REPORT",
                CITE,
                format!("no audit report {report} is on file"),
                "open the report that is published and determine from that",
            ));
        };
        if outcome == Outcome::Meets && found.is_adverse() {
            return Err(Refusal::new(
                "RX-DUTY-ADVERSE",
                CITE,
                "the report says that the system does not meet the rules",
                "stop issuing electronically; wait for a later favourable report",
            )
            .under(Edition::Proposed2008));
        }
        Ok(DutyEvent::Determined { by: by.clone(), report: report.to_owned(), outcome, at })
    }

    fn in_person(&self, by: &Actor, cite: &'static str) -> Result<(), Refusal> {
        if by.role == Role::Prescriber && by.id == self.practitioner {
            return Ok(());
        }
        Err(Refusal::new(
            "RX-DUTY-IN-PERSON",
            cite,
            format!("somebody in the role {} who is not this practitioner tried to do it", by.role),
            "let the practitioner do it in person",
        ))
    }

    /// Whether `by` may tell in the practitioner's name: in person, or as the one who took it down. No token is needed.
    fn may_tell(&self, by: &Actor) -> Result<(), Refusal> {
        let in_person = by.role == Role::Prescriber && by.id == self.practitioner;
        if in_person || matches!(by.role, Role::Operator | Role::AccessController) {
            return Ok(());
        }
        Err(Refusal::new(
            "RX-DUTY-TELL",
            "21 CFR 1311.102; 73 FR 36722, proposed 21 CFR 1311.155(c), (e)",
            format!("the role {} does not take this down", by.role),
            "let the practitioner tell it, or an operator who was told",
        ))
    }

    fn times(discovered: Moment, now: Moment) -> Result<(), Refusal> {
        if discovered.timestamp > now.timestamp {
            return Err(Refusal::new(
                "RX-DUTY-FUTURE",
                "21 CFR 1311.102; 73 FR 36722, proposed 21 CFR 1311.155(c), (e)",
                format!("{discovered} has not come yet"),
                "enter when it was discovered",
            )
            .about("discovered"));
        }
        Ok(())
    }

    /// A token is reported: its credentials are revoked at once, whether the report is in time or late; the provider is told
    /// by this very act, and the access controllers get a notice. No token is needed for it.
    ///
    /// `offset` is that of the practice's clock, in which times are shown and business days counted.
    ///
    /// # Errors
    /// As [`Signer::report_loss`]; for another person's duties.
    pub fn report_token(
        &self,
        loss: Loss,
        signer: &Signer,
        notices: &Notices,
        offset: Offset,
        terms: Terms<'_>,
    ) -> Result<TokenReported, Refusal> {
        const CITE: &str = "21 CFR 1311.102; 73 FR 36722, proposed 21 CFR 1311.155(c)";
        if signer.person() != self.practitioner {
            return Err(Refusal::new(
                "RX-DUTY-TELL",
                CITE,
                "the token is another person's",
                "report it for the person who holds it",
            ));
        }
        let moment = |timestamp| Moment { timestamp, offset };
        let (discovered, reported) = (moment(loss.discovered), moment(loss.reported));
        let deadline = terms.discovery_notice(discovered);
        let timeliness = Timeliness::of(deadline.as_ref(), reported);
        let (by, kind, channel) = (loss.by.clone(), loss.kind, loss.channel.clone());
        let events = signer.report_loss(loss)?;
        let revoked: Vec<&str> = events
            .iter()
            .filter_map(|event| match event {
                AccessEvent::CredentialRevoked { credential, .. } => Some(credential.as_str()),
                _ => None,
            })
            .collect();
        let facts = vec![
            Fact::new("practitioner", self.practitioner.clone()),
            Fact::new("what happened", kind.word()),
            Fact::new("credentials, revoked", revoked.join(", ")),
            Fact::new("discovered", discovered.to_string()),
            Fact::new("told", format!("{reported}, {channel}")),
        ];
        let about = format!("token/{}/{reported}", self.practitioner);
        let occasion = Occasion {
            about: &about,
            subject: Subject::TokenLost,
            from: Sender::Practitioner,
            facts,
            enclosures: Vec::new(),
            raised: reported,
            cite: CITE,
        };
        let provider = occasion.to(Addressee::Provider, deadline.clone());
        let told = told(&provider.id, &by, Channel::InApplication, reported);
        let mut raised = notices.raise(vec![provider, occasion.to(Addressee::AccessControllers, deadline)]);
        if !raised.is_empty() {
            raised.push(told);
        }
        Ok(TokenReported { events, notices: raised, timeliness })
    }

    /// A prescription is disputed: one act tells the provider and writes the notices to DEA and the access controllers, with
    /// the archived copy.
    ///
    /// # Errors
    /// By somebody who may not tell it; for a discovery to come.
    pub fn dispute(
        &self,
        dispute: Dispute<'_>,
        notices: &Notices,
        now: Moment,
        terms: Terms<'_>,
    ) -> Result<Disputed, Refusal> {
        self.may_tell(&dispute.by)?;
        Self::times(dispute.discovered, now)?;
        let line = dispute.line;
        let deadline = terms.discovery_notice(dispute.discovered);
        let timeliness = Timeliness::of(deadline.as_ref(), now);
        let facts = vec![
            Fact::new("practitioner", self.practitioner.clone()),
            Fact::new("registration", line.element(theriac_model::Element::Registration)),
            Fact::new("prescription", line.prescription.clone()),
            Fact::new("journal position", line.seq.to_string()),
            Fact::new("signed", line.signed_at.to_string()),
            Fact::new("drug", line.drug()),
            Fact::new("pharmacy", line.pharmacy.clone()),
            Fact::new("what is wrong", dispute.ground.word()),
            Fact::new("discovered", dispute.discovered.to_string()),
            Fact::new("told", now.to_string()),
        ];
        let mut enclosures = vec![Enclosure {
            what: "the contents as archived with their signature".to_owned(),
            digest: line.digest.clone(),
        }];
        enclosures.extend(dispute.archived);
        let about = format!("dispute/{}/{}/{}", self.practitioner, line.prescription, dispute.ground);
        let occasion = Occasion {
            about: &about,
            subject: Subject::Disputed,
            from: Sender::Practitioner,
            facts,
            enclosures,
            raised: now,
            cite: "21 CFR 1311.102; 73 FR 36722, proposed 21 CFR 1311.155(e)",
        };
        let provider = occasion.to(Addressee::Provider, deadline.clone());
        let given = told(&provider.id, &dispute.by, Channel::InApplication, now);
        let others = [Addressee::Administration, Addressee::AccessControllers];
        let mut raised = vec![provider];
        raised.extend(others.into_iter().map(|to| occasion.to(to, deadline.clone())));
        let mut events = notices.raise(raised);
        if !events.is_empty() {
            events.push(given);
        }
        let event = DutyEvent::Disputed {
            by: dispute.by,
            prescription: line.prescription.clone(),
            seq: line.seq,
            ground: dispute.ground,
            discovered: dispute.discovered,
            reported: now,
            timeliness,
        };
        Ok(Disputed { event, notices: events })
    }
}

/// What is entered in the provider's own application has been told to the provider.
fn told(id: &crate::notice::NoticeId, by: &Actor, how: Channel, at: Moment) -> NoticeEvent {
    NoticeEvent::Sent {
        id: id.clone(),
        by: by.clone(),
        at,
        how,
        reached: "the provider, by entry in this application".to_owned(),
        proof: None,
    }
}
