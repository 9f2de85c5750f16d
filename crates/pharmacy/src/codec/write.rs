//! Events to JSON.

use super::parts::{duty, duty_done, law, object, person, quantity, refusal, registrant};
use super::sources::source;
use super::stored::{Stored as Member, body as stored};
use crate::annotation::Annotation;
use crate::closing::Closed;
use crate::conditions::{LabelStep, StillNeeded};
use crate::event::Event;
use crate::filling::{Filling, FillingState, Stated};
use crate::received::{Received, Rejected, Signed};
use serde_json::{Value, json};
use theriac_law::vocab::Word;

pub(super) fn body(event: &Event) -> Value {
    match event {
        Event::Received(received) => write_received(received),
        Event::Rejected(rejected) => write_rejected(rejected),
        Event::Opened(opening) => {
            json!({"by": person(&opening.by), "at": opening.at.to_string(), "purpose": opening.purpose})
        }
        Event::Filled(filling) => write_filling(filling),
        Event::HandedOver { no, at, by, recipient, details } => object([
            ("no", Some(json!(no))),
            ("at", Some(json!(at.to_string()))),
            ("by", Some(person(by))),
            ("recipient", Some(json!(recipient))),
            ("details", details.write()),
        ]),
        Event::Returned { no, at, by, reason } => {
            json!({"no": no, "at": at.to_string(), "by": person(by), "reason": reason})
        }
        Event::Annotated(annotation) => write_annotation(annotation),
        Event::RefillsAdded(added) => json!({
            "at": added.authorization.at.to_string(),
            "additional": added.authorization.additional,
            "quantity": quantity(&added.authorization.quantity),
            "practitioner": added.authorization.practitioner,
            "by": person(&added.by),
        }),
        Event::DutyRaised(item) => duty(item),
        Event::DutyDone(done) => duty_done(done),
        Event::Closed(closed) => write_closed(closed),
        Event::OriginalPresented(presented) => stored(presented),
        Event::DoubtSettled(settled) => stored(settled),
        Event::TwinArrived(record) => stored(&**record),
        Event::FollowedUp(record) => stored(&**record),
        Event::FollowsEmergency(record) => stored(&**record),
        Event::DeaNotified(record) => stored(&**record),
        Event::Screened(record) => stored(&**record),
        Event::FlagDecided(record) => stored(&**record),
        Event::LabelAffixed(record) => stored(&**record),
        Event::TransferFreed(record) => stored(&**record),
        Event::TransferSent(record) | Event::TransferredOut(record) => stored(&**record),
        Event::DowntimeException(record) => stored(&**record),
        Event::SentToCentral(record) => stored(&**record),
        Event::BackFromCentral(record) => stored(&**record),
        Event::CentralUnfilled(record) => stored(&**record),
        Event::Amended(record) => stored(&**record),
        Event::Filed(record) => stored(&**record),
        Event::CodeVerified(record) => stored(&**record),
        Event::Refused(attempt) => json!({
            "command": attempt.command,
            "by": person(&attempt.by),
            "at": attempt.at.to_string(),
            "refusal": refusal(&attempt.refusal),
        }),
    }
}

fn write_received(received: &Received) -> Value {
    let signed = match &received.signed {
        Signed::Verified { subject } => json!({"how": "verified", "subject": subject}),
        Signed::Indicated => json!({"how": "indicated"}),
        Signed::Seen => json!({"how": "seen"}),
        Signed::Oral => json!({"how": "oral"}),
    };
    let (source, came) = source(&received.source);
    json!({
        "number": received.number.as_str(),
        "pharmacy": received.pharmacy.as_str(),
        "archive": received.archive.to_string(),
        source: came,
        "at": received.at.to_string(),
        "contents": received.contents.to_json(),
        "schedule": received.schedule.roman(),
        "signed": signed,
        "registrant": registrant(&received.registrant),
        "law": law(&received.law),
        "duties": received.duties.iter().map(duty).collect::<Value>(),
    })
}

fn write_rejected(rejected: &Rejected) -> Value {
    let (source, came) = source(&rejected.source);
    object([
        ("pharmacy", Some(json!(rejected.pharmacy.as_str()))),
        ("archive", Some(json!(rejected.archive.to_string()))),
        (source, came),
        ("at", Some(json!(rejected.at.to_string()))),
        ("contents", Some(rejected.contents.to_json())),
        ("refusals", Some(rejected.refusals.iter().map(refusal).collect())),
        ("reply", rejected.reply.map(|reply| json!(reply.word()))),
        ("twin", rejected.twin.as_ref().map(|number| json!(number.as_str()))),
        ("profile", Some(json!(rejected.profile))),
    ])
}

/// A word, left out where it is the ordinary one.
fn said<T: Word>(word: T, ordinary: T) -> Option<Value> {
    (word != ordinary).then(|| json!(word.word()))
}

/// What later becomes of a filling is later events' matter, so its state is not written here.
fn write_filling(filling: &Filling) -> Value {
    debug_assert_eq!(filling.state, FillingState::Filled);
    let stated = match filling.stated {
        Stated::Stated => "stated",
        Stated::Presumed => "presumed",
    };
    let part = filling.part.as_ref().map(|part| {
        object([
            ("basis", Some(json!(part.basis.word()))),
            ("notation", part.notation.map(|notation| json!(notation.word()))),
        ])
    });
    let judgment = object([
        ("at", Some(json!(filling.judgment.at.to_string()))),
        ("note", filling.judgment.note.as_ref().map(|note| json!(note))),
        ("still-needed", said(filling.judgment.still_needed, StillNeeded::NotAsked)),
        ("known", filling.judgment.known.write()),
        ("ghb", filling.judgment.ghb.write()),
    ]);
    object([
        ("no", Some(json!(filling.no))),
        ("filling", Some(json!(filling.kind.word()))),
        ("quantity", Some(quantity(&filling.quantity))),
        ("amount", Some(json!(stated))),
        ("at", Some(json!(filling.at.to_string()))),
        ("pharmacist", Some(person(&filling.pharmacist))),
        ("ndc", Some(json!(filling.ndc.as_str()))),
        ("refills-allowed", Some(json!(filling.refills_allowed))),
        ("remaining", Some(json!(filling.remaining))),
        ("part", part),
        ("judgment", Some(judgment)),
        ("monitoring", filling.monitoring.write()),
        ("label", said(filling.label, LabelStep::Affixed)),
        ("central", filling.central.write()),
        ("on-sheet", filling.on_sheet.write()),
        ("intern", filling.intern.write()),
        ("law", Some(law(&filling.law))),
    ])
}

fn write_annotation(annotation: &Annotation) -> Value {
    let contact =
        annotation.contact.as_ref().map(|contact| json!({"person": contact.person, "method": contact.method}));
    object([
        ("no", Some(json!(annotation.no))),
        ("about", Some(json!(annotation.kind.word()))),
        ("text", Some(json!(annotation.text))),
        ("contact", contact),
        ("corrects", annotation.corrects.map(|no| json!(no))),
        ("by", Some(person(&annotation.by))),
        ("at", Some(json!(annotation.at.to_string()))),
    ])
}

fn write_closed(closed: &Closed) -> Value {
    object([
        ("at", Some(json!(closed.at.to_string()))),
        ("by", Some(person(&closed.by))),
        ("reason", Some(json!(closed.reason))),
        ("message", closed.message.as_ref().map(|message| json!(message))),
    ])
}
