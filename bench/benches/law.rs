//! How long a decision takes: the rulebook's, and beside it cedar-policy deciding six comparable rules of a refill.
//!
//! The rulebook decides from the prescription and its history, under dated parameters of several editions, and returns
//! every rule asked with its citation. Cedar gets the history already counted and dates already compared as numbers of
//! days, and returns allow or deny with the policies that decided. Both are warm; nothing is parsed in the loop.

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityUid, PolicySet, Request, RestrictedExpression,
};
use criterion::{Criterion, criterion_group, criterion_main};
use std::collections::{HashMap, HashSet};
use std::hint::black_box;
use theriac_bench::{cases, profiles};
use theriac_law::decide;

/// A refill: permitted, unless one of six rules forbids it.
const POLICIES: &str = r#"
permit(principal is Pharmacist, action == Action::"refill", resource is Prescription);
@cite("21 CFR 1306.12(a)")
forbid(principal, action == Action::"refill", resource) when { resource.schedule == "II" };
@cite("21 CFR 1306.22(a)")
forbid(principal, action == Action::"refill", resource) when { ["III", "IV"].contains(resource.schedule) && context.day > resource.lastDay };
@cite("21 CFR 1306.22(a)")
forbid(principal, action == Action::"refill", resource) when { ["III", "IV"].contains(resource.schedule) && (context.refills >= 5 || context.refills >= resource.authorized) };
@cite("21 CFR 1306.22")
forbid(principal, action == Action::"refill", resource) when { context.quantity > resource.quantity || context.dispensed + context.quantity > resource.quantity * (resource.authorized + 1) };
@cite("21 CFR 1306.25")
forbid(principal, action == Action::"refill", resource) when { context.transferred };
@cite("21 U.S.C. 903")
forbid(principal, action == Action::"refill", resource) unless { context.statePermits };
"#;

struct Cedar {
    authorizer: Authorizer,
    policies: PolicySet,
    entities: Entities,
    request: Request,
}

fn uid(text: &str) -> EntityUid {
    text.parse().expect("an entity")
}

fn context(day: i64) -> Context {
    let long = RestrictedExpression::new_long;
    let pairs = [
        ("day", long(day)),
        ("refills", long(2)),
        ("dispensed", long(90)),
        ("quantity", long(30)),
        ("transferred", RestrictedExpression::new_bool(false)),
        ("statePermits", RestrictedExpression::new_bool(true)),
    ];
    Context::from_pairs(pairs.map(|(name, value)| (name.to_owned(), value))).expect("a context")
}

fn request(day: i64) -> Request {
    let (who, act, what) = (uid("Pharmacist::\"p\""), uid("Action::\"refill\""), uid("Prescription::\"rx\""));
    Request::new(who, act, what, context(day), None).expect("a request")
}

impl Cedar {
    /// The refill of the rulebook's first case, on a day counted from the day of issue.
    fn new(day: i64) -> Self {
        let attributes: HashMap<String, RestrictedExpression> = [
            ("schedule", RestrictedExpression::new_string("IV".to_owned())),
            ("lastDay", RestrictedExpression::new_long(183)),
            ("authorized", RestrictedExpression::new_long(5)),
            ("quantity", RestrictedExpression::new_long(30)),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into();
        let prescription = Entity::new(uid("Prescription::\"rx\""), attributes, HashSet::new()).expect("an entity");
        let pharmacist = Entity::new_no_attrs(uid("Pharmacist::\"p\""), HashSet::new());
        Self {
            authorizer: Authorizer::new(),
            policies: POLICIES.parse().expect("policies"),
            entities: Entities::from_entities([prescription, pharmacist], None).expect("entities"),
            request: request(day),
        }
    }

    fn decide(&self) -> Decision {
        self.authorizer.is_authorized(&self.request, &self.policies, &self.entities).decision()
    }
}

fn rulebook(bench: &mut Criterion) {
    for profile in profiles() {
        let mut group = bench.benchmark_group(format!("rulebook, {}", profile.name()));
        for case in cases() {
            let decision = decide(&profile, &case.question).expect("a rule");
            assert_eq!(decision.is_permitted(), case.permitted, "{}: {:?}", case.name, decision.refusal);
            group.bench_function(case.name, |bencher| {
                bencher.iter(|| decide(black_box(&profile), black_box(&case.question)));
            });
        }
        group.finish();
    }
}

fn cedar(bench: &mut Criterion) {
    let mut group = bench.benchmark_group("cedar-policy, six rules of a refill");
    for (name, day, expected) in [("refill", 92, Decision::Allow), ("refill, too late", 184, Decision::Deny)] {
        let cedar = Cedar::new(day);
        assert_eq!(cedar.decide(), expected);
        group.bench_function(name, |bencher| bencher.iter(|| black_box(&cedar).decide()));
    }
    let cedar = Cedar::new(92);
    group.bench_function("refill, with its request made", |bencher| {
        bencher.iter(|| {
            let request = request(black_box(92));
            cedar.authorizer.is_authorized(&request, &cedar.policies, &cedar.entities).decision()
        });
    });
    group.finish();
}

criterion_group!(decisions, rulebook, cedar);
criterion_main!(decisions);
