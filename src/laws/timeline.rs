//! Between the boundaries of a timeline nothing changes, and at each of them something does.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;

use crate::evaluate::answer::Answer;
use crate::facts::Activity;
use crate::ruleset::Ruleset;
use crate::timeline::{Period, Timeline};
use crate::value::{Date, Raw};

use super::enough::house;
use super::{activity, ask, cases, deciding, law, shown, without};

#[test]
fn every_day_is_as_its_period_says() {
    law(120, (cases(3), prop::collection::vec(any::<(u16, i8)>(), 12)), |((policy, drafts), days)| {
        let rules = policy.compile();
        for draft in &drafts {
            days_are_as_said(&rules, &activity(draft, &rules), &days, &policy.text())?;
        }
        Ok(())
    });
}

pub(super) fn days_are_as_said(rules: &Ruleset, stated: &Activity, days: &[(u16, i8)], policy: &str) -> TestCaseResult {
    // On some day a list may contradict what is stated of a party.
    let Ok(timeline) = rules.timeline(stated) else { return Ok(()) };
    follow_on_one_another(&timeline, &shown(policy, stated))?;
    for day in days.iter().map(|&pick| day(rules, pick)).chain(date(stated)) {
        let shown = || format!("{day}: {timeline}\n{}", shown(policy, stated));
        let period = timeline.on(day);
        let dated = stated.clone().set("date", day);
        let answer = ask(rules, &dated)?.1;
        if stated.raw().get("used").is_none() || date(stated) == Some(day) {
            is_as_said(rules, period, &answer, &shown())?;
            continue;
        }
        // What was used on another day is known as far as the quota's period goes: between all of it and nothing.
        let unknown = ask(rules, &without(&dated, "used"))?.1;
        if answer.exact && unknown.exact && period.exact {
            let (known, bounds, unknown) = (&answer.possible, period.bounds, &unknown.possible);
            prop_assert!(unknown.at_least() <= bounds.at_least && bounds.at_least <= known.at_least(), "{}", shown());
            prop_assert!(unknown.at_most() >= bounds.at_most && bounds.at_most >= known.at_most(), "{}", shown());
        }
    }
    Ok(())
}

#[test]
fn a_run_of_holidays_hides_no_boundary() {
    let holidays: Vec<String> = (1..=8).map(|day| format!("2024-10-{day:02}")).collect();
    for time in ["at least 2", "more than 2", "at most 2"] {
        let law =
            format!("paragraph 1 {{ prohibit supply except told with notice to desk {time} working days before }}");
        let rules = house(&format!("holidays \"A long week\" {{ {} }}", holidays.join(", ")), &law, "");
        for told in ["2024-09-26", "2024-09-27", "2024-09-30", "2024-10-09", "2024-10-11"] {
            let act = Activity::new().set("kind", "notice").set("by", "CH").set("under", "H/1.told").set("on", told);
            let act = act.set("covers", Activity::new().set("ref", "7"));
            let stated = Activity::new().complete().set("actor_state", "CH").set("action", "sale");
            let stated = stated.set("ref", "7").act(act);
            let timeline = rules.timeline(&stated).expect("understood");
            let first = Date::parse("2024-09-15").expect("a day");
            for day in (0..45).filter_map(|days| first.plus_days(days)) {
                let bounds = rules.clerk().bounds(&stated.clone().set("date", day)).expect("understood");
                assert_eq!(timeline.on(day).bounds, bounds, "{time}, told {told}, on {day}:\n{timeline}");
            }
        }
    }
}

fn is_as_said(rules: &Ruleset, period: &Period, answer: &Answer, shown: &str) -> TestCaseResult {
    if !answer.exact || !period.exact {
        return Ok(());
    }
    let possible = &answer.possible;
    prop_assert_eq!(period.verdict, possible.settled(), "{}", shown);
    let bounds = (period.bounds.at_least, period.bounds.at_most);
    prop_assert_eq!(bounds, (possible.at_least(), possible.at_most()), "{}", shown);
    let norms = &rules.program().norms;
    let wanted: BTreeSet<&str> = deciding(answer).iter().map(|id| norms[id.at()].name.as_str()).collect();
    let found: BTreeSet<&str> = period.deciding.iter().map(|norm| norm.id.as_str()).collect();
    prop_assert_eq!(found, wanted, "{}", shown);
    Ok(())
}

fn follow_on_one_another(timeline: &Timeline, shown: &str) -> TestCaseResult {
    let periods = &timeline.periods;
    prop_assert!(periods[0].from.is_none() && periods[periods.len() - 1].through.is_none(), "{shown}");
    prop_assert!(periods[0].because.is_empty(), "{shown}");
    for pair in periods.windows(2) {
        prop_assert_eq!(pair[0].through.map(Date::next), pair[1].from, "{}", shown);
        let say = |period: &Period| (period.verdict, period.bounds, period.deciding.clone(), period.may_decide.clone());
        prop_assert_ne!(say(&pair[0]), say(&pair[1]), "{}", shown);
        prop_assert!(!pair[1].because.is_empty(), "nothing makes the boundary: {timeline}\n{shown}");
    }
    Ok(())
}

/// On or near a boundary of the policy, anywhere, or at an end of the calendar.
fn day(rules: &Ruleset, (pick, near): (u16, i8)) -> Date {
    let tested: Vec<Date> = rules.tested().days.iter().copied().collect();
    match (pick % 8, tested.as_slice()) {
        (0, _) => [Date::MIN, Date::LAST][usize::from(pick / 8 % 2)],
        (1 | 2, _) | (_, []) => Date::from_day_number(i32::from(pick) / 3).expect("in the calendar"),
        (_, days) => {
            let boundary = days[usize::from(pick / 8) % days.len()];
            boundary.plus_days(i64::from(near) / 8).unwrap_or(boundary).min(Date::LAST)
        }
    }
}

fn date(activity: &Activity) -> Option<Date> {
    match activity.raw().get("date")? {
        Raw::Text(date) => Date::parse(date),
        _ => None,
    }
}
