//! Days of refills that not everybody has verified: what the counter has to do, and the alarm when the law's hours are over.

use super::refill_days::Day;
use crate::house::House;
use crate::house::record::{Change, Fault};
use std::sync::PoisonError;
use theriac_model::{Cite, Edition};
use theriac_pharmacy::DayStanding;
use theriac_prescriber::notice::{Addressee, Fact, Notice, NoticeId, Sender, Subject};
use theriac_prescriber::terms::Deadline;

/// Days that are looked at, the newest.
const DAYS: u32 = 62;
const CITE: &str = "21 CFR 1306.22(f)(3)";

impl House {
    /// The days on which somebody refilled and has not yet signed for it, the oldest first. A day that was complete is not
    /// looked at again until it is refilled on or its record changes.
    pub(crate) fn unverified_days(&self) -> Result<Vec<Day>, Fault> {
        let sql = format!(
            "SELECT day, MAX(seq) FROM moving_fillings WHERE kind = 'refill' GROUP BY day ORDER BY day DESC LIMIT {DAYS}"
        );
        let mut open = Vec::new();
        for row in self.store.query(&sql, &[])?.iter().rev() {
            let (day, last) = (row.text(0)?.to_owned(), row.u64(1)?);
            let Ok(date) = day.parse() else { continue };
            let version = self.refill_day_version(date)?;
            let known = {
                let verified = self.verified_days.lock().unwrap_or_else(PoisonError::into_inner);
                verified.get(&day) == Some(&(last, version))
            };
            if known {
                continue;
            }
            let (found, version) = self.refill_day(date)?;
            match found.standing {
                DayStanding::Complete => {
                    let mut verified = self.verified_days.lock().unwrap_or_else(PoisonError::into_inner);
                    verified.insert(day, (last, version));
                }
                DayStanding::Nothing => {}
                DayStanding::Open | DayStanding::Pressing | DayStanding::Late => open.push(found),
            }
        }
        Ok(open)
    }

    /// Tells the pharmacy of each day that is late, once. Answers how many notices it raised.
    pub(crate) fn watch_the_refill_days(&self) -> Result<usize, Fault> {
        let now = self.clock.moment();
        let late = self.unverified_days()?.into_iter().filter(|day| day.standing == DayStanding::Late);
        let notices: Vec<Notice> = late
            .map(|day| {
                let about = format!("refills/{}", day.refills.day);
                let to = Addressee::Pharmacy(self.pharmacy.to_string());
                let missing = day.record.missing(&day.refills);
                let names: Vec<&str> = missing.iter().map(|person| person.full_name.as_str()).collect();
                Notice {
                    id: NoticeId::new(&about, &to),
                    about,
                    subject: Subject::RefillsUnverified,
                    from: Sender::Pharmacy,
                    to,
                    facts: vec![
                        Fact::new("day", day.refills.day.to_string()),
                        Fact::new("refills", day.refills.lines.len().to_string()),
                        Fact::new("not signed by", names.join(", ")),
                        Fact::new(
                            "what to do",
                            "print the day's refills, have everybody who refilled verify and sign, file it",
                        ),
                    ],
                    enclosures: Vec::new(),
                    raised: now,
                    deadline: day.due.map(|due| Deadline {
                        due,
                        cite: Cite::of(CITE),
                        edition: Edition::House("refill-day".into()),
                    }),
                    cite: Cite::of(CITE),
                }
            })
            .collect();
        let known = self.notices()?;
        let new: Vec<Notice> = notices.into_iter().filter(|notice| known.notices.get(&notice.id).is_none()).collect();
        if new.is_empty() {
            return Ok(0);
        }
        let count = new.len();
        let actor = crate::house::program();
        let by = self.by(&actor, "");
        self.raising(Change::default(), &by, new)?.commit(&self.store)?;
        Ok(count)
    }
}
