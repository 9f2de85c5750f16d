//! The watch over a real demonstration house, with a clock that is moved.

#![allow(clippy::unwrap_used)]

mod audits;
mod gates;
mod keeping;
mod logs;
mod telling;

use crate::commands::deployment::demonstration;
use crate::demo::cast;
use crate::demo::story::{Prescribed, contents};
use crate::demo::world::{self, Cast, PIN};
use crate::house::House;
use crate::house::clock::Clock;
use crate::house::record::Fault;
use crate::practice::Channel;
use jiff::civil::Date;
use jiff::{SignedDuration, Zoned};
use std::path::Path;
use tempfile::TempDir;
use theriac_model::{Actor, Role};
use theriac_prescriber::event::Routing;
use theriac_prescriber::stage::Agreement;

/// A house with the demonstration's cast, from a moment on.
struct Watched {
    house: House,
    cast: Cast,
    dir: TempDir,
}

/// A house whose clock stands at `start`, such as `2026-03-31T10:00[America/Phoenix]`.
fn house_at(start: &str) -> Watched {
    let start: Zoned = start.parse().unwrap();
    let dir = tempfile::tempdir().unwrap();
    let mut config = demonstration();
    config.time_zone = start.time_zone().iana_name().unwrap().to_owned();
    let clock = Clock::told(crate::house::zone(&config).unwrap(), start.timestamp());
    let house = House::found(&dir.path().join("house"), config, clock).unwrap();
    let cast = world::populate(&house).unwrap();
    Watched { house, cast, dir }
}

fn brook() -> Actor {
    world::actor(&cast::PRACTITIONER, Role::Prescriber)
}

fn ola() -> Actor {
    world::actor(&cast::OPERATOR, Role::Operator)
}

fn fern() -> Actor {
    world::actor(&cast::PHARMACIST, Role::Pharmacist)
}

fn code<T: std::fmt::Debug>(outcome: Result<T, Fault>) -> String {
    match outcome {
        Err(Fault::Refused(refusal)) => refusal.code.to_string(),
        other => panic!("{other:?}"),
    }
}

impl Watched {
    fn today(&self) -> Date {
        self.house.clock.moment().date()
    }

    /// Moves the clock to a wall-clock time at the place, which must lie ahead.
    fn move_to(&self, wall: &str) {
        let wall: jiff::civil::DateTime = wall.parse().unwrap();
        let then = wall.to_zoned(self.house.clock.zone()).unwrap().timestamp();
        let by = then.duration_since(self.house.clock.now());
        assert!(by > SignedDuration::ZERO, "{wall} has passed");
        self.house.clock.advance(by);
    }

    fn database(&self) -> std::path::PathBuf {
        Path::join(self.dir.path(), "house/theriac.db")
    }

    /// Drafts and reviews; ready to be signed.
    fn review(&self, id: &str) {
        let agent = world::actor(&cast::AGENT, Role::Agent);
        let order = Prescribed {
            id,
            patient: &cast::PATIENTS[0],
            product: &cast::ALPRAZOLAM,
            quantity: "30",
            refills: "1",
            directions: "Take 1 tablet daily",
        };
        let (number, today) = (cast::practitioner_number(), self.today().to_string());
        let written = contents(&order, &today, &cast::PRACTITIONER, number.as_str()).unwrap();
        let routing =
            Routing { patient: "p-1".into(), practitioner: brook().id, pharmacy: cast::PHARMACY_NCPDP.into() };
        self.house.draft(&agent, id, routing, written).unwrap();
        self.house.mark_ready(&agent, id).unwrap();
        self.house.review(&brook(), id, Agreement::Agreed).unwrap();
    }

    fn try_to_sign(&self, id: &str) -> Result<(), Fault> {
        let token = &self.cast.practitioner;
        let answer = |challenge: &_| token.answer(challenge, PIN);
        self.house.sign(&brook(), &[id], &token.registration, &token.credential, Channel::Electronic, answer)
    }

    /// A prescription signed now.
    fn sign(&self, id: &str) {
        self.review(id);
        self.try_to_sign(id).unwrap();
    }

    /// Sends what waits, and brings answers back.
    fn send(&self) -> usize {
        let carrier = crate::relaying::HouseRelay(&self.house);
        self.house.work(&carrier).unwrap().delivered.len()
    }
}
