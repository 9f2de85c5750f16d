//! JSON to events.

use super::parts::{
    bad, items, maybe_text, maybe_word, moment, number, read_duty, read_duty_done, read_law, read_person,
    read_quantity, read_refusal, read_registrant, word,
};
use super::sources::read_source;
use super::stored::{Stored, read_body};
use crate::annotation::{Annotation, AnnotationKind, Contact};
use crate::closing::{Closed, Closing};
use crate::conditions::{LabelStep, StillNeeded};
use crate::event::{Attempt, Event};
use crate::filling::{Filling, FillingKind, FillingState, Judgment, PartDetails, Stated};
use crate::number::{ArchiveDigest, PrescriptionNumber};
use crate::prescription::Opening;
use crate::received::{Received, Rejected, Signed};
use crate::refills::{AddedRefills, OralAuthorization};
use crate::reply::ReplyCode;
use theriac_model::json::{BadField, Reader};
use theriac_model::{CanonicalContents, DeaNumber, Ndc, Schedule};

type Read<T> = Result<T, BadField>;

const KINDS: [&str; 30] = [
    "rx.received",
    "rx.rejected",
    "rx.opened",
    "rx.filled",
    "rx.handed-over",
    "rx.returned",
    "rx.annotated",
    "rx.refills-added",
    "rx.duty-raised",
    "rx.duty-done",
    "rx.original-presented",
    "rx.doubt-settled",
    "rx.twin-arrived",
    "rx.followed-up",
    "rx.follows-emergency",
    "rx.dea-notified",
    "rx.screened",
    "rx.flag-decided",
    "rx.label-affixed",
    "rx.transfer-sent",
    "rx.transfer-freed",
    "rx.transferred-out",
    "rx.downtime-exception",
    "rx.sent-to-central",
    "rx.back-from-central",
    "rx.central-unfilled",
    "rx.amended",
    "rx.filed",
    "rx.code-verified",
    "rx.refused",
];

pub(super) fn knows(kind: &str) -> bool {
    KINDS.contains(&kind) || Closing::of_event_kind(kind).is_some()
}

pub(super) fn body(kind: &str, read: Reader<'_>) -> Read<Event> {
    Ok(match kind {
        "rx.received" => Event::Received(Box::new(read_received(read)?)),
        "rx.rejected" => Event::Rejected(Box::new(read_rejected(read)?)),
        "rx.opened" => {
            let (at, purpose) = (moment(read, "at")?, read.text("purpose")?.to_owned());
            Event::Opened(Opening { by: read_person(read.object("by")?)?, at, purpose })
        }
        "rx.filled" => Event::Filled(Box::new(read_filling(read)?)),
        "rx.handed-over" => Event::HandedOver {
            no: number(read, "no")?,
            at: moment(read, "at")?,
            by: read_person(read.object("by")?)?,
            recipient: read.text("recipient")?.to_owned(),
            details: Stored::read(read.get("details"), "details")?,
        },
        "rx.returned" => Event::Returned {
            no: number(read, "no")?,
            at: moment(read, "at")?,
            by: read_person(read.object("by")?)?,
            reason: read.text("reason")?.to_owned(),
        },
        "rx.annotated" => Event::Annotated(read_annotation(read)?),
        "rx.refills-added" => Event::RefillsAdded(AddedRefills {
            authorization: OralAuthorization {
                at: moment(read, "at")?,
                additional: number(read, "additional")?,
                quantity: read_quantity(read, "quantity")?,
                practitioner: read.text("practitioner")?.to_owned(),
            },
            by: read_person(read.object("by")?)?,
        }),
        "rx.duty-raised" => Event::DutyRaised(read_duty(read)?),
        "rx.duty-done" => Event::DutyDone(read_duty_done(read)?),
        "rx.original-presented" => Event::OriginalPresented(read_body(read)?),
        "rx.doubt-settled" => Event::DoubtSettled(read_body(read)?),
        "rx.twin-arrived" => Event::TwinArrived(Box::new(read_body(read)?)),
        "rx.followed-up" => Event::FollowedUp(Box::new(read_body(read)?)),
        "rx.follows-emergency" => Event::FollowsEmergency(Box::new(read_body(read)?)),
        "rx.dea-notified" => Event::DeaNotified(Box::new(read_body(read)?)),
        "rx.screened" => Event::Screened(Box::new(read_body(read)?)),
        "rx.flag-decided" => Event::FlagDecided(Box::new(read_body(read)?)),
        "rx.label-affixed" => Event::LabelAffixed(Box::new(read_body(read)?)),
        "rx.transfer-sent" => Event::TransferSent(Box::new(read_body(read)?)),
        "rx.transfer-freed" => Event::TransferFreed(Box::new(read_body(read)?)),
        "rx.transferred-out" => Event::TransferredOut(Box::new(read_body(read)?)),
        "rx.downtime-exception" => Event::DowntimeException(Box::new(read_body(read)?)),
        "rx.sent-to-central" => Event::SentToCentral(Box::new(read_body(read)?)),
        "rx.back-from-central" => Event::BackFromCentral(Box::new(read_body(read)?)),
        "rx.central-unfilled" => Event::CentralUnfilled(Box::new(read_body(read)?)),
        "rx.amended" => Event::Amended(Box::new(read_body(read)?)),
        "rx.filed" => Event::Filed(Box::new(read_body(read)?)),
        "rx.code-verified" => Event::CodeVerified(Box::new(read_body(read)?)),
        "rx.refused" => Event::Refused(Attempt {
            command: read.text("command")?.to_owned(),
            by: read_person(read.object("by")?)?,
            at: moment(read, "at")?,
            refusal: read_refusal(read.object("refusal")?)?,
        }),
        closing => match Closing::of_event_kind(closing) {
            Some(how) => Event::Closed(read_closed(read, how)?),
            None => return bad("kind", "a kind of prescription event"),
        },
    })
}

fn prescription_number(read: Reader<'_>, field: &str) -> Read<PrescriptionNumber> {
    read.parsed(field, "a prescription number", |text| PrescriptionNumber::parse(text).ok())
}

fn archive(read: Reader<'_>) -> Read<ArchiveDigest> {
    read.parsed("archive", "a digest of 64 hexadecimal digits", |text| ArchiveDigest::parse(text).ok())
}

fn pharmacy(read: Reader<'_>) -> Read<DeaNumber> {
    read.parsed("pharmacy", "a DEA number", |text| DeaNumber::parse(text).ok())
}

fn contents(read: Reader<'_>) -> Read<CanonicalContents> {
    match read.get("contents") {
        Some(value) => CanonicalContents::from_json(value),
        None => bad("contents", "an object"),
    }
}

fn read_received(read: Reader<'_>) -> Read<Received> {
    let signed = read.object("signed")?;
    let received = Received {
        number: prescription_number(read, "number")?,
        pharmacy: pharmacy(read)?,
        archive: archive(read)?,
        source: read_source(read)?,
        at: moment(read, "at")?,
        contents: contents(read)?,
        schedule: read.parsed("schedule", "a schedule I to V", Schedule::parse)?,
        signed: match signed.text("how")? {
            "verified" => Signed::Verified { subject: signed.text("subject")?.to_owned() },
            "indicated" => Signed::Indicated,
            "seen" => Signed::Seen,
            "oral" => Signed::Oral,
            _ => return bad("how", "verified, indicated, seen or oral"),
        },
        registrant: read_registrant(read)?,
        law: read_law(read)?,
        duties: items(read, "duties", read_duty)?,
    };
    Ok(received)
}

fn read_rejected(read: Reader<'_>) -> Read<Rejected> {
    let twin = match read.get("twin") {
        None => None,
        Some(_) => Some(prescription_number(read, "twin")?),
    };
    Ok(Rejected {
        pharmacy: pharmacy(read)?,
        archive: archive(read)?,
        source: read_source(read)?,
        at: moment(read, "at")?,
        contents: contents(read)?,
        refusals: items(read, "refusals", read_refusal)?,
        reply: match read.get("reply") {
            None => None,
            Some(_) => Some(read.parsed("reply", "a kind of reply", ReplyCode::parse)?),
        },
        twin,
        profile: read.text("profile")?.to_owned(),
    })
}

fn read_filling(read: Reader<'_>) -> Read<Filling> {
    let part = if read.get("part").is_none() { None } else { Some(read_part(read.object("part")?)?) };
    let judgment = read.object("judgment")?;
    Ok(Filling {
        no: number(read, "no")?,
        kind: read.parsed("filling", "a kind of filling", FillingKind::parse)?,
        quantity: read_quantity(read, "quantity")?,
        stated: match read.text("amount")? {
            "stated" => Stated::Stated,
            "presumed" => Stated::Presumed,
            _ => return bad("amount", "stated or presumed"),
        },
        at: moment(read, "at")?,
        pharmacist: read_person(read.object("pharmacist")?)?,
        ndc: read.parsed("ndc", "an NDC", |text| Ndc::parse(text).ok())?,
        refills_allowed: number(read, "refills-allowed")?,
        remaining: read.whole("remaining")?,
        part,
        judgment: Judgment {
            at: moment(judgment, "at")?,
            note: maybe_text(judgment, "note")?,
            still_needed: maybe_word(judgment, "still-needed")?.unwrap_or(StillNeeded::NotAsked),
            known: Stored::read(judgment.get("known"), "known")?,
            ghb: Stored::read(judgment.get("ghb"), "ghb")?,
        },
        monitoring: Stored::read(read.get("monitoring"), "monitoring")?,
        label: maybe_word(read, "label")?.unwrap_or(LabelStep::Affixed),
        central: Stored::read(read.get("central"), "central")?,
        on_sheet: Stored::read(read.get("on-sheet"), "on-sheet")?,
        intern: Stored::read(read.get("intern"), "intern")?,
        law: read_law(read)?,
        state: FillingState::Filled,
    })
}

fn read_part(read: Reader<'_>) -> Read<PartDetails> {
    Ok(PartDetails { basis: word(read, "basis")?, notation: maybe_word(read, "notation")? })
}

fn read_contact(read: Reader<'_>) -> Read<Contact> {
    Ok(Contact { person: read.text("person")?.to_owned(), method: read.text("method")?.to_owned() })
}

fn read_annotation(read: Reader<'_>) -> Read<Annotation> {
    let contact = if read.get("contact").is_none() { None } else { Some(read_contact(read.object("contact")?)?) };
    let corrects = if read.get("corrects").is_none() { None } else { Some(number(read, "corrects")?) };
    Ok(Annotation {
        no: number(read, "no")?,
        kind: read.parsed("about", "a kind of note", AnnotationKind::parse)?,
        text: read.text("text")?.to_owned(),
        contact,
        corrects,
        by: read_person(read.object("by")?)?,
        at: moment(read, "at")?,
    })
}

fn read_closed(read: Reader<'_>, how: Closing) -> Read<Closed> {
    let by = read_person(read.object("by")?)?;
    let (at, reason) = (moment(read, "at")?, read.text("reason")?.to_owned());
    Ok(Closed { how, at, by, reason, message: maybe_text(read, "message")? })
}
