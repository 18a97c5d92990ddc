//! What is said of two versions is true of activities.

use proptest::prelude::*;

use crate::check::program::{
    Cond, DefinitionId, Fact, FieldId, ListId, NormId, Program, QuotaPeriod, RecordId, Schema, Type,
};
use crate::diff::{Difference, Shift};
use crate::evaluate::answer::Possible;
use crate::facts::Activity;
use crate::reference;
use crate::ruleset::Ruleset;
use crate::strategy::{Config, Draft, drafts};
use crate::value::Verdict;

use super::enough::house;
use super::{activity, law, policies, questions, shown};

#[test]
fn what_is_called_equal_is_and_what_changes_is_shown() {
    let policies = (policies::policy(), policies::policy(), prop::collection::vec(questions(Config::default()), 1..6));
    let (flips, equal) = (std::cell::Cell::new(0), std::cell::Cell::new(0));
    law(24, policies, |(old, new, drafts): (policies::Policy, policies::Policy, Vec<Draft>)| {
        // Two policies that have little in common, and two that differ in their last paragraph.
        let related = new.with_last_of(&old);
        for (old, new) in [(&old, &new), (&related, &new), (&new, &new)] {
            let (before, after) = (old.compile(), new.compile());
            let difference = before.difference(&after).expect("they share their words");
            let told = || format!("{difference}\n--- old\n{}\n--- new\n{}", old.text(), new.text());
            for shift in &difference.shifts {
                check_shift(&before, &after, shift).map_err(|why| TestCaseError::fail(format!("{why}\n{}", told())))?;
            }
            equal.set(equal.get() + usize::from(difference.is_equal()));
            for draft in &drafts {
                let activity = activity(draft, &after);
                let (Some(was), Some(is)) = (possible(&before, &activity), possible(&after, &activity)) else {
                    continue;
                };
                if was == is {
                    continue;
                }
                prop_assert!(!difference.is_equal(), "{}", shown(&told(), &activity));
                if let (Some(was), Some(is)) = (was.settled(), is.settled())
                    && activity.raw().get("lines").is_none()
                {
                    flips.set(flips.get() + 1);
                    let is_told = difference.shifts.iter().any(|shift| (shift.before, shift.after) == (was, is));
                    let is_open = !difference.unsettled.is_empty() || difference.shifts.iter().any(|shift| shift.more);
                    prop_assert!(is_told || is_open, "{}", shown(&told(), &activity));
                }
            }
        }
        Ok(())
    });
    assert!(flips.get() > 4 && equal.get() > 0, "{} flips, {} equal", flips.get(), equal.get());
}

/// What an activity may be; nothing when it is not understood, or beyond the budget.
fn possible(rules: &Ruleset, activity: &Activity) -> Option<Possible> {
    let question = rules.bind(activity.raw()).ok()?;
    let answer = rules.answer(&question);
    answer.exact.then_some(answer.possible)
}

/// Each example is decided as it is said, by the reference evaluator too. Of one that is open in one version, the other says it for
/// sure.
fn check_shift(old: &Ruleset, new: &Ruleset, shift: &Shift) -> Result<(), String> {
    for region in &shift.regions {
        let before = region.before.as_ref().unwrap_or(&region.example);
        let mut settled = 0;
        for (rules, activity, verdict) in [(old, before, shift.before), (new, &region.example, shift.after)] {
            let said = possible(rules, activity).ok_or("over the budget")?;
            let question = rules.bind(activity.raw()).map_err(|error| error.to_string())?;
            let judged = reference::decide(rules.program(), rules.loaded(), &question, reference::CONFIRMING);
            let confirmed = judged.is_some_and(|judged| judged.possible == said.verdicts);
            if !confirmed || !said.verdicts.contains(&verdict) {
                return Err(shown(&format!("{said:?} and not {verdict:?}"), activity));
            }
            settled += usize::from(said.settled() == Some(verdict));
        }
        if settled != if region.is_open { 1 } else { 2 } {
            return Err(shown("it is not as open as it is said to be", &region.example));
        }
    }
    Ok(())
}

/// Versions of the UN regime in which one norm is another: each is reported with activities that show it, or it is proved that
/// it changes nothing. A hundred of them: `PROPTEST_CASES=100 cargo nextest run --all-features a_change_of_one_norm`.
#[test]
fn a_change_of_one_norm_of_the_regime_is_shown_or_proved_to_change_nothing() {
    let rules = Ruleset::pack("un_dprk").expect("the shipped pack compiles");
    let bound = |activity: Activity| rules.bind(activity.raw()).is_ok().then_some(activity);
    let scenarios: Vec<Activity> = rules
        .program()
        .scenarios
        .iter()
        .filter_map(|scenario| bound(Activity::from_raw(scenario.facts.clone()).ok()?))
        .collect();
    let (shown, proved, open) = (std::cell::Cell::new(0), std::cell::Cell::new(0), std::cell::RefCell::new(Vec::new()));
    let count = rules.program().norms.len();
    let cases = (0..count, 0..KINDS, any::<u8>(), prop::collection::vec(drafts(&rules, Config::default()), 6));
    law(24, cases, |(norm, kind, detail, drafts): (usize, usize, u8, Vec<Draft>)| {
        let id = NormId(norm as u32);
        let mut done = String::new();
        let changed = rules.changed(|program| done = mutate(program, id, kind, usize::from(detail)));
        let difference: Difference = rules.difference(&changed).expect("the words are the same");
        let told = || format!("{done}\n{difference}");
        for shift in &difference.shifts {
            check_shift(&rules, &changed, shift).map_err(|why| TestCaseError::fail(format!("{why}\n{}", told())))?;
        }
        if !difference.unsettled.is_empty() && difference.shifts.is_empty() {
            open.borrow_mut().push(done);
            return Ok(());
        }
        if !difference.shifts.is_empty() {
            shown.set(shown.get() + 1);
            return Ok(());
        }
        proved.set(proved.get() + 1);
        let (mut old, mut new) = (rules.clerk(), changed.clerk());
        let generated: Vec<Activity> = drafts.iter().map(|draft| activity(draft, &rules)).collect();
        for activity in scenarios.iter().skip(norm % EVERY).step_by(EVERY).chain(&generated) {
            let (Ok(was), Ok(is)) = (old.decide(activity), new.decide(activity)) else { continue };
            prop_assert_eq!(was.bounds(), is.bounds(), "{}", super::shown(&told(), activity));
        }
        for activity in &generated {
            let judged = [&rules, &changed].map(|rules| {
                let question = rules.bind(activity.raw()).ok()?;
                reference::decide(rules.program(), rules.loaded(), &question, reference::CONFIRMING)
                    .map(|it| it.possible)
            });
            if let [Some(was), Some(is)] = judged {
                prop_assert_eq!(was, is, "{}", super::shown(&told(), activity));
            }
        }
        Ok(())
    });
    println!("{} shown, {} proved equal, not settled: {:?}", shown.get(), proved.get(), open.borrow());
    let (shown, proved, open) = (shown.get(), proved.get(), open.into_inner());
    let tried = shown + proved + open.len();
    assert!(2 * shown >= tried && 20 * proved >= tried && 20 * open.len() <= tried, "not settled: {open:#?}");
}

/// Of the activities of scenarios, one in so many is decided for each change.
const EVERY: usize = 5;

const KINDS: usize = 10;

/// Makes another norm of one; what was done.
fn mutate(program: &mut Program, id: NormId, kind: usize, detail: usize) -> String {
    let norm = &mut program.norms[id.at()];
    let name = norm.name.clone();
    match kind {
        0 => {
            norm.period.from = norm.period.from.plus_days(1 + detail as i64).expect("no norm is that late");
            format!("{name} begins {} days later", 1 + detail)
        }
        1 => {
            norm.period.through = norm.period.from.plus_days(100 + detail as i64);
            format!("{name} ends after {} days", 100 + detail)
        }
        2 if !norm.exits.is_empty() => {
            let exit = norm.exits.remove(detail % norm.exits.len());
            format!("{name} without {}", program.exits[exit.at()].name)
        }
        3 => match &mut norm.when {
            Cond::All(parts) if parts.len() > 1 => {
                parts.remove(detail % parts.len());
                format!("{name} without condition {}", detail)
            }
            when => {
                *when = Cond::Not(Box::new(when.clone()));
                format!("{name} with its condition denied")
            }
        },
        4 => match &mut norm.actions {
            Some(actions) if actions.0.len() > 1 => {
                actions.0.remove(detail % actions.0.len());
                format!("{name} for fewer actions")
            }
            actions => {
                *actions = None;
                format!("{name} for all actions")
            }
        },
        5 => {
            let changed = within_records(&mut norm.when, &mut |body| lose_a_part(body, detail));
            if !changed {
                norm.when = Cond::No;
            }
            format!("{name} with {}", if changed { "another condition on records" } else { "no case" })
        }
        6 => {
            let rests_on = rests_on(program, id);
            let Some(&definition) = rests_on.get(detail % rests_on.len().max(1)) else {
                program.norms[id.at()].when = Cond::No;
                return format!("{name} never");
            };
            let definition = &mut program.definitions[definition.at()];
            let part = detail / 7 % definition.parts.len();
            let when = &mut definition.parts[part].when;
            if !lose_a_part(when, detail / 3) {
                *when = Cond::Not(Box::new(when.clone()));
            }
            format!("part {part} of `{}`, on which {name} rests, is another", definition.name)
        }
        7 => {
            let exits = norm.exits.clone();
            let counted = exits.iter().find(|exit| !program.exits[exit.at()].quotas.is_empty());
            let Some(&exit) = counted else {
                program.norms[id.at()].exits.clear();
                return format!("{name} without exits");
            };
            let exit = &mut program.exits[exit.at()];
            for quota in &mut exit.quotas {
                quota.period = match quota.period {
                    QuotaPeriod::CalendarYear => QuotaPeriod::MonthsFrom { months: 12, from: exit.period.from },
                    _ => QuotaPeriod::CalendarYear,
                };
            }
            format!("{} counts another period", exit.name)
        }
        8 => {
            let listed = program.schema.lists.len();
            let through = through_chain(program);
            let norm = &mut program.norms[id.at()];
            let added = through.filter(|_| listed > 0).is_some_and(|(record, through)| {
                let list = ListId((detail % listed) as u32);
                let more = Cond::Listed { who: Some(through), list, measure: None, entry: None };
                within_records_of(&program.schema, record, &mut norm.when, &mut |body| {
                    *body = Cond::Any(vec![body.clone(), more.clone()]);
                    true
                })
            });
            if !added {
                norm.when = Cond::Not(Box::new(norm.when.clone()));
            }
            format!("{name} with {}", if added { "whom the listed control" } else { "its condition denied" })
        }
        _ => {
            norm.when = Cond::No;
            format!("{name} never")
        }
    }
}

/// Changes the condition on the records of the first list that is asked for; whether there is one that was changed.
fn within_records(cond: &mut Cond, change: &mut dyn FnMut(&mut Cond) -> bool) -> bool {
    match cond {
        Cond::Count { body, .. } => change(body),
        Cond::All(parts) | Cond::Any(parts) => parts.iter_mut().any(|part| within_records(part, change)),
        Cond::Not(inner) => within_records(inner, change),
        _ => false,
    }
}

/// The same, of lists of one kind of record.
fn within_records_of(
    schema: &Schema,
    record: RecordId,
    cond: &mut Cond,
    change: &mut dyn FnMut(&mut Cond) -> bool,
) -> bool {
    match cond {
        Cond::Count { list: Fact::Activity(list), body, .. } => {
            schema.activity().fields[list.at()].ty == Type::Record(record) && change(body)
        }
        Cond::All(parts) | Cond::Any(parts) => {
            parts.iter_mut().any(|part| within_records_of(schema, record, part, change))
        }
        Cond::Not(inner) => within_records_of(schema, record, inner, change),
        _ => false,
    }
}

/// Parties, and who controls them.
fn through_chain(program: &Program) -> Option<(RecordId, FieldId)> {
    let parties = program.schema.core.parties?;
    let Type::Record(party) = program.schema.activity().fields[parties.at()].ty else { return None };
    Some((party, *program.schema.records[party.at()].by_name.get("controlled_by")?))
}

/// Takes away one of the parts of which a condition is made, at any depth; whether there was one.
fn lose_a_part(cond: &mut Cond, which: usize) -> bool {
    match cond {
        Cond::All(parts) | Cond::Any(parts) if parts.len() > 1 => {
            let at = which % parts.len();
            if which / parts.len() % 2 == 1 && lose_a_part(&mut parts[at], which / 5) {
                return true;
            }
            parts.remove(at);
            true
        }
        Cond::All(parts) | Cond::Any(parts) => parts.iter_mut().any(|part| lose_a_part(part, which)),
        Cond::Not(inner) | Cond::Count { body: inner, .. } => lose_a_part(inner, which),
        _ => false,
    }
}

/// The definitions that the condition of a norm rests on.
fn rests_on(program: &Program, id: NormId) -> Vec<DefinitionId> {
    fn walk(program: &Program, cond: &Cond, into: &mut Vec<DefinitionId>) {
        if let Cond::Defined(id) = cond
            && !into.contains(id)
        {
            into.push(*id);
            program.definitions[id.at()].parts.iter().for_each(|part| walk(program, &part.when, into));
        }
        cond.parts().iter().for_each(|part| walk(program, part, into));
    }
    let mut all = Vec::new();
    walk(program, &program.norms[id.at()].when, &mut all);
    all
}

/// Changes of one paragraph, each shown with an activity, and nothing left unsettled: what is asked of records, whom a list reaches, what a
/// definition says, over which period a quota is counted. Both ways.
#[test]
fn what_changes_within_a_paragraph_is_shown() {
    let text = |norm: &str| {
        format!(
            r#"use std
               list black "Black" {{ freeze }}
               regime house "House" {{ authority desk "Desk" }}
               instrument H "House rules" of house adopted 2010-01-01 {{ paragraph 1 "It" {{ {norm} }} }}
            "#
        )
    };
    let house = |norm: &str| Ruleset::compile("house", text(norm)).unwrap_or_else(|error| panic!("{error}"));
    let ship = |what: &str| format!("prohibit port_call when some vessel {{ {what} }}");
    let party = |what: &str| format!("prohibit finance when some party {{ {what} }}");
    let quota =
        |period: &str| format!("prohibit supply when item under coal except few within 500 t of quantity {period}");
    let defined =
        |what: &str| format!("define tainted of party when {what} prohibit finance when some payee {{ tainted }}");
    let told = |when: &str| {
        format!("prohibit finance when some party {{ nationality KP }} except told with notice to desk {when}")
    };
    let changes = [
        (ship("flag is KP"), ship("flag is KP and kind is tanker"), "prohibited"),
        (ship("flag is KP"), ship("flag is KP and kind is not tanker"), "prohibited"),
        (ship("flag is KP"), ship("flag is KP or owner is KP"), "prohibited"),
        (
            ship("flag is KP").replace("prohibit port_call", "oblige inspection \"look\""),
            ship("flag is KP and kind is tanker").replace("prohibit port_call", "oblige inspection \"look\""),
            "allowed",
        ),
        (party("nationality is KP"), party("nationality is KP and not earns_income"), "prohibited"),
        (party("sponsored_by KP or nationality KP"), party("nationality KP"), "prohibited"),
        (party("listed in black"), party("listed in black or controlled_by listed in black"), "prohibited"),
        (
            party("listed in black").replace("some party", "some payee"),
            party("listed in black or acting_for listed in black").replace("some party", "some payee"),
            "prohibited",
        ),
        (defined("listed in black or controlled_by listed in black"), defined("listed in black"), "prohibited"),
        (defined("listed in black or nationality KP"), defined("nationality KP and listed in black"), "prohibited"),
        (quota("per calendar year"), quota("per 12 months from adopted"), "prohibited"),
        (quota("per calendar year"), quota("per calendar year per actor_state"), "prohibited"),
        (told("more than 5 working days before"), told("more than 6 working days before"), "prohibited"),
    ];
    for (one, other, verdict) in changes {
        let [one, other] = [one, other].map(|norm| (house(&norm), norm));
        for ((old, was), (new, is)) in [(&one, &other), (&other, &one)] {
            let difference = old.difference(new).expect("they share their words");
            let told = || format!("{was}\n{is}\n{difference}");
            for shift in &difference.shifts {
                check_shift(old, new, shift).unwrap_or_else(|why| panic!("{why}\n{}", told()));
                for region in &shift.regions {
                    let pasted = Ruleset::compile("house", format!("{}{}", text(is), region.scenario));
                    let pasted = pasted.unwrap_or_else(|error| panic!("{error}\n{}", told()));
                    assert!(pasted.run_scenarios().iter().all(crate::ScenarioRun::passes), "{}", told());
                }
            }
            let is_it = |shift: &Shift| [shift.before.name(), shift.after.name()].contains(&verdict);
            assert!(difference.shifts.iter().any(is_it), "{}", told());
            assert!(difference.unsettled.is_empty(), "{}", told());
        }
    }
}

/// Two readings of the same, and a condition that no record can meet: proved, though a diagram takes conditions as independent.
#[test]
fn conditions_on_records_that_come_to_the_same_are_proved_equal() {
    let house = |what: &str| house("", &format!("paragraph 1 \"It\" {{ prohibit finance when {what} }}"), "");
    let same = [
        ("some party { nationality KP or sponsored_by KP }", "some party { sponsored_by KP or nationality KP }"),
        (
            "some party { nationality KP or sponsored_by KP }",
            "some party { nationality KP } or some party { sponsored_by KP }",
        ),
        ("some party { kind is bank }", "some party { kind is bank and not kind is company }"),
        (
            "some payee { nationality KP }",
            "some payee { nationality KP and kind is bank } or some payee { nationality KP and kind is not bank }",
        ),
    ];
    for (old, new) in same {
        let difference = house(old).difference(&house(new)).expect("they share their words");
        assert!(difference.is_equal(), "{old}\n{new}\n{difference}");
    }
    let other = [("some payee { nationality KP }", "some payee { nationality KP and kind is bank }")];
    for (old, new) in other {
        assert!(!house(old).difference(&house(new)).expect("they share their words").is_equal());
    }
}

/// A quota that lifts nothing makes a norm that did not change depend on an amount that nobody stated.
#[test]
fn versions_that_count_other_amounts_are_not_equal() {
    let small = "paragraph 1 \"Small lots\" { prohibit import when item under coal and not quantity > 5 t }";
    let version = |more: &str| house("", &format!("{small} {more}"), "");
    let wigs = r#"paragraph 2 "Wigs" { advise import "a look at the wigs" when item under wigs
                                       except few within 10 t of quantity per calendar year }"#;
    let (old, new) = (version(""), version(wigs));
    let coal = Activity::new().complete().set("date", "2024-01-01").set("actor_state", "CN");
    let coal = coal.set("action", "import").set("item", "coal");
    let said = [&old, &new].map(|rules| possible(rules, &coal).and_then(|possible| possible.settled()));
    assert_eq!(said, [Some(Verdict::Prohibited), None]);
    let difference = old.difference(&new).expect("they share their words");
    assert!(difference.shifts.is_empty() && !difference.is_equal(), "{difference}");
    assert!(difference.besides.iter().any(|besides| besides.contains("`quantity`")), "{difference}");
}

/// What is not named, and what is: with and without a whole resolution.
#[test]
fn the_change_that_a_resolution_made_names_it_everywhere() {
    let new = Ruleset::pack("un_dprk").expect("the shipped pack compiles");
    let old = without_the_last();
    let difference = old.difference(&new).expect("the words are the same");
    assert!(difference.shifts.len() > 50, "{difference}");
    for shift in &difference.shifts {
        let because: Vec<String> = shift.because.iter().map(ToString::to_string).collect();
        let is_named = shift.norm.starts_with("R2397/") || because.iter().any(|why| why.contains("R2397/"));
        assert!(is_named, "{shift}");
        check_shift(&old, &new, shift).expect("examples show it");
    }
    let textiles =
        difference.shifts.iter().find(|shift| shift.norm == "R2397/7" && shift.before == Verdict::NotCovered);
    assert!(textiles.is_some(), "{difference}");
}

/// The regime before the last resolution that tightened it.
fn without_the_last() -> Ruleset {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/packs/un_dprk");
    let mut files: Vec<_> =
        std::fs::read_dir(&root).expect("it is there").map(|entry| entry.expect("it is read").path()).collect();
    files.sort();
    let mut builder = Ruleset::builder();
    for file in files {
        let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        let is_law = name.starts_with("res_") || name == "goods.interdict" || name == "regime.interdict";
        if is_law && name != "res_2397.interdict" {
            let text = std::fs::read_to_string(&file).expect("it is read");
            builder = builder.source(name, text.replace(" and date < R2397.adopted", ""));
        }
    }
    builder.compile().expect("one mention apart, nothing rests on the last resolution")
}

fn quotas(first: &str, second: &str) -> Ruleset {
    let law = format!(
        r#"paragraph 1 "Coal" {{ prohibit supply when item under coal {first} }}
           paragraph 2 "Iron" {{ prohibit supply when item under iron }}
           paragraph 3 "Iron again" {{ prohibit supply when item under iron }}
           paragraph 4 "Licence" {{ exempt from H/2, H/3 as licence with approval by desk }}
           {second}"#
    );
    house("", &law, "")
}

/// One of the commonest amendments.
#[test]
fn another_limit_of_a_quota_is_shown() {
    let version = |limit: &str| quotas(&format!("except small within {limit} t of quantity per calendar year"), "");
    let (old, new) = (version("500"), version("400"));
    for (old, new, verdicts) in [(&old, &new, ("allowed", "prohibited")), (&new, &old, ("prohibited", "allowed"))] {
        let difference = old.difference(new).expect("they share their words");
        let shown = difference.shifts.iter().find(|shift| shift.norm == "H/1");
        let shown = shown.unwrap_or_else(|| panic!("{difference}"));
        assert_eq!((shown.before.name(), shown.after.name()), verdicts, "{difference}");
        check_shift(old, new, shown).expect("an example shows it");
    }
}

/// What is used of a quota that one version does not have is understood by the other one only.
#[test]
fn a_quota_that_one_version_does_not_have_is_shown() {
    let version = |name: Option<&str>, second: &str| {
        let small = name.map(|name| format!("except {name} within 500 t of quantity in total"));
        quotas(&small.unwrap_or_default(), second)
    };
    let keeps =
        r#"paragraph 5 "Wigs" { prohibit supply when item under wigs except small within 5 t of quantity in total }"#;
    let (with, without, renamed) = (version(Some("small"), ""), version(None, ""), version(Some("little"), ""));
    let cases = [
        (&with, &without, ("allowed", "prohibited")),
        (&without, &with, ("prohibited", "allowed")),
        (&with, &version(None, keeps), ("allowed", "prohibited")),
    ];
    for (old, new, verdicts) in cases {
        let difference = old.difference(new).expect("they share their words");
        let shown = difference.shifts.iter().find(|shift| shift.norm == "H/1");
        let shown = shown.unwrap_or_else(|| panic!("{difference}"));
        assert_eq!((shown.before.name(), shown.after.name()), verdicts, "{difference}");
        check_shift(old, new, shown).expect("an example shows it");
    }
    // By another name it is another ledger.
    let difference = with.difference(&renamed).expect("they share their words");
    assert!(!difference.is_equal(), "{difference}");
    // Case by case, too.
    let coal = Activity::new().complete().set("date", "2024-01-01").set("actor_state", "CN").set("action", "supply");
    let coal = coal.set("item", "coal").set("quantity", "10 t").used("H/1.small", "20 t");
    let flip = with.compare(&without).case(&coal).expect("one of them understands it").expect("it flips");
    assert_eq!((flip.before.verdict, flip.after.verdict), ("allowed", "prohibited"));
    let flip = without.compare(&with).case(&coal).expect("one of them understands it").expect("it flips");
    assert_eq!((flip.before.verdict, flip.after.verdict), ("prohibited", "allowed"));
    let nobodys = coal.clone().used("H/1.smal", "20 t");
    assert!(with.compare(&without).case(&nobodys).is_err(), "a slip is a slip in both");
}

/// An approval under an exception that is gone lifts nothing any more.
#[test]
fn cases_with_acts_under_what_is_gone_flip() {
    let version = |licence: &str| {
        house("", &format!("paragraph 1 \"Coal\" {{ prohibit supply when item under coal }} {licence}"), "")
    };
    let old = version(r#"paragraph 2 "Licence" { exempt from H/1 as licence with approval by desk }"#);
    let new = version("");
    let coal = Activity::new().complete().set("date", "2024-01-01").set("actor_state", "CN").set("action", "supply");
    let act = |under: &str| {
        let approval = Activity::new().set("kind", "approval").set("by", "desk").set("under", under);
        approval.set("on", "2023-12-01").set("covers", Activity::new().set("item", "coal"))
    };
    for under in ["H/2.licence", "H/2"] {
        let case = coal.clone().set("item", "coal").act(act(under));
        let flip = old.compare(&new).case(&case).expect("one of them understands it").expect("it flips");
        assert_eq!((flip.before.verdict, flip.after.verdict), ("allowed", "prohibited"), "{under}");
    }
    let case = coal.set("item", "coal").act(act("H/7"));
    assert!(old.compare(&new).case(&case).is_err(), "neither knows it");
}

/// A quota adds up the lines of a consignment, of all goods that it lets pass.
#[test]
fn versions_whose_quotas_count_other_goods_are_not_equal() {
    let version = |norms: &str| {
        quotas(
            "",
            &format!("paragraph 5 \"Small\" {{ exempt from {norms} as small within 500 t of quantity in total }}"),
        )
    };
    let (old, new) = (version("H/1, H/2"), version("H/1"));
    let line = |item: &str| Activity::new().set("item", item).set("quantity", "300 t");
    let consignment = Activity::new().complete().set("date", "2024-01-01").set("actor_state", "CN");
    let consignment = consignment.set("action", "supply").used("H/5.small", "0 t");
    let consignment = consignment.line(line("coal")).line(line("iron"));
    let said = [&old, &new].map(|rules| rules.decide(&consignment).expect("it is understood").verdict);
    assert_ne!(said[0], said[1]);
    let difference = old.difference(&new).expect("they share their words");
    assert!(!difference.is_equal(), "{difference}");
    assert!(old.difference(&old).expect("they share their words").is_equal());
}

/// What is not known may be a word that only one version has.
#[test]
fn versions_with_other_words_at_the_top_are_not_equal() {
    let version = |more: &str| {
        let words =
            format!("taxonomy grade {{ low high {more} }} extend activity {{ grade : grade \"Which grade?\" }}");
        house(
            &words,
            "paragraph 1 \"Grades\" { prohibit import when grade is low or grade is high or grade is none }",
            "",
        )
    };
    let (old, new) = (version(""), version("mid"));
    let open = Activity::new().complete().set("date", "2024-01-01").set("actor_state", "CN");
    let open = open.set("action", "import").set("grade", crate::value::Raw::Null);
    let said = [&old, &new].map(|rules| possible(rules, &open).and_then(|possible| possible.settled()));
    assert_eq!(said, [Some(Verdict::Prohibited), None]);
    let difference = old.difference(&new).expect("they share most words");
    assert!(!difference.is_equal(), "{difference}");
}

/// What one exemption changes of many norms is told once, with the names of the others; all of it in the alternate form.
#[test]
fn changes_with_one_cause_are_told_once() {
    let goods = ["coal", "iron", "copper", "nickel", "silver", "zinc", "gold", "titanium_ore", "seafood"];
    let norm = |(item, at): (&str, usize)| format!("paragraph {at} {{ prohibit supply when item under {item} }}\n");
    let norms: String = goods.into_iter().zip(1..).map(norm).collect();
    let aid = "paragraph 20 { exempt from H as aid when purpose is humanitarian with approval by desk }";
    let (old, new) = (house("", &format!("{norms}{aid}"), ""), house("", &norms, ""));
    let difference = old.difference(&new).expect("the words are the same");
    let turns = difference.shifts.len() / goods.len();
    assert!(turns > 0 && difference.shifts.len() == turns * goods.len(), "{difference}");
    let told = difference.to_string();
    assert!(told.contains("the same, for the same reason, of 8 other norms: H/2, H/3, H/4"), "{told}");
    assert!(told.contains("(H/20.aid is gone)"), "{told}");
    assert_eq!(told.matches("scenario \"").count(), turns, "{told}");
    assert!(format!("{difference:#}").matches("scenario \"").count() >= difference.shifts.len());
}
