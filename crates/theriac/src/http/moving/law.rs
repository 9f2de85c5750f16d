//! The decisions of one record, asked again under a profile that is chosen.

use super::desk::{Desk, Field, Form, Grid, Section, Tried, cell, show, state};
use super::number_of;
use crate::dispensary::rejudged::Differs;
use crate::http::asked::Asked;
use crate::http::doors::Door;
use crate::http::form::Answer;
use crate::typed::{Typed, wrong};
use crate::views::profile_in_words;
use theriac_law::Profile;

/// What may be asked again here; a State's or a house's newer file is asked with `theriac law replay`.
const PROFILES: [(&str, &str); 5] = [
    ("strictest", "strictest: the proposal of 2008 with the Code"),
    ("in-force", "the Code as it stands"),
    ("proposed-2008", "the proposal of 2008 alone"),
    ("manual-2010", "the Pharmacist's Manual of 2010 alone"),
    ("cards-2021", "the study cards of 2021 alone"),
];

/// `/pharmacy/records/{number}/law?profile=`
pub(in crate::http) async fn law(asked: Asked) -> Answer {
    let number = number_of(&asked)?;
    let chosen = Typed::in_address(&asked).get("profile").to_owned();
    show(asked, Door::MoveLaw, Tried::default(), move |house, actor, _| {
        let profile = match chosen.as_str() {
            "" => house.profile.clone(),
            name if PROFILES.iter().any(|(known, _)| *known == name) => Profile::named(name)
                .map_err(|error| wrong("profile", error.to_string(), "choose one from the list"))?,
            _ => return Err(wrong("profile", "there is no such profile to ask", "choose one from the list")),
        };
        house.open_record(actor, &number, "law")?;
        let mut grid = Grid::new(
            &["Entry", "Act", "When", "As it was decided", "Under", "By", "What if"],
            "Nothing was decided on this prescription yet.",
        );
        let mut differing = 0_u32;
        for one in house.rejudged(&number, &profile)? {
            differing += u32::from(one.differs == Differs::Yes);
            let again = match one.differs {
                Differs::No => state("the same", "good"),
                Differs::Yes => state(one.again.clone(), "bad"),
                Differs::NotAsked => cell(one.again.clone()),
            };
            grid.rows.push(vec![
                cell(one.entry.to_string()),
                cell(one.what),
                cell(one.at),
                cell(one.verdict),
                cell(profile_in_words(&one.profile).to_owned()),
                cell(one.rules.join("; ")),
                again,
            ]);
        }
        let chosen = Field::choose("profile", "Ask again under", &PROFILES).value(profile.name());
        let says = match differing {
            0 => format!("Under {} nothing that was asked would be decided otherwise.", profile_in_words(profile.name())),
            1 => format!("Under {} one decision would be another.", profile_in_words(profile.name())),
            more => format!("Under {} {more} decisions would be others.", profile_in_words(profile.name())),
        };
        Ok(Desk {
            title: format!("Decisions on prescription {number}"),
            back: Some((format!("/pharmacy/prescriptions/{number}"), format!("Record {number}"))),
            lead: "Each act keeps the law under which it was decided. Asking again changes nothing: the answer is shown beside it."
                .to_owned(),
            sections: vec![Section {
                id: "decisions",
                heading: "Decisions".to_owned(),
                texts: vec![says],
                grid: Some(grid),
                forms: vec![Form::get(format!("/pharmacy/records/{number}/law"), "Ask", vec![chosen]).quiet()],
                ..Section::default()
            }],
            ..Desk::default()
        })
    })
    .await
}
