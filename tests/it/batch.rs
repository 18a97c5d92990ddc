//! Many activities: in order, on several threads, by rules that are replaced, and without allocating.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;

use interdict::{Brief, Current, Ruleset};
use interdict_regimes::{Purchase, TANKS};

fn deal(item: &'static str, origin: &'static str) -> Purchase {
    Purchase { item, origin: Some(origin), shipped_from: Some(origin), ..TANKS }
}

fn names(decided: &[Result<Brief, interdict::FactsError>]) -> Vec<Result<&str, String>> {
    decided.iter().map(|row| row.as_ref().map(Brief::verdict_name).map_err(ToString::to_string)).collect()
}

#[test]
fn rows_come_back_in_order_and_a_bad_one_harms_no_other() {
    let rules = Ruleset::pack("un_dprk").expect("a pack");
    let rows: Vec<Purchase> = ["battle_tank", "coal", "no_such_item", "diesel"]
        .into_iter()
        .cycle()
        .take(37)
        .enumerate()
        .map(|(at, item)| deal(item, if at % 3 == 0 { "CN" } else { "KP" }))
        .collect();
    let alone: Vec<_> = rows.iter().map(|row| rules.clerk().decide(row)).collect();
    assert!(
        alone.iter().any(Result::is_err)
            && alone.iter().any(|row| row.as_ref().is_ok_and(|brief| !brief.deciding().is_empty()))
    );
    assert_eq!(names(&rules.decide_batch(&rows)), names(&alone));
    for threads in [1, 2, 3, 40, 100] {
        let threads = NonZeroUsize::new(threads).expect("not zero");
        assert_eq!(names(&rules.decide_batch_on(threads, &rows)), names(&alone), "{threads} threads");
    }
    assert!(rules.decide_batch_on(NonZeroUsize::MIN, &[] as &[Purchase]).is_empty());
}

#[test]
fn a_reader_sees_new_rules_when_it_asks_again() {
    let current = Current::new(Ruleset::pack("std").expect("a pack"));
    let (tank, verdict) = (deal("battle_tank", "KP"), |reader: &mut interdict::Reader<'_>, tank: &Purchase| {
        reader.rules().clerk().decide(tank).expect("understood").verdict_name()
    });
    let mut reader = current.reader();
    assert_eq!(verdict(&mut reader, &tank), "not_covered");
    std::thread::scope(|scope| {
        scope.spawn(|| current.replace(Ruleset::pack("un_dprk").expect("a pack")));
    });
    assert_eq!(verdict(&mut reader, &tank), "prohibited");
}

#[test]
fn after_the_first_activities_nothing_is_allocated() {
    let rules = Ruleset::pack("un_dprk").expect("a pack");
    let mut clerk = rules.clerk();
    let rows = [
        deal("battle_tank", "KP"),
        deal("coal", "KP"),
        deal("coal", "CN"),
        Purchase { purpose: None, ..deal("rifle", "KP") },
    ];
    let coded: Vec<_> = rows.iter().map(|row| clerk.code(row).expect("understood")).collect();
    let (item, origin) = (rules.field("item").expect("a field"), rules.field("origin").expect("a field"));
    let (quantity, via) = (rules.field("quantity").expect("a field"), rules.field("via").expect("a field"));
    let (kp, tonnes) = (rules.term(origin, "KP").expect("a term"), rules.unit("t").expect("a unit"));
    let goods = ["battle_tank", "coal"].map(|name| rules.term(item, name).expect("a term"));
    let mut sheet = rules.sheet();
    sheet.complete(true);
    for (name, value) in [("actor_state", "RU"), ("action", "purchase")] {
        let field = rules.field(name).expect("a field");
        sheet.term(field, rules.term(field, value).expect("a term"));
    }
    sheet.date(rules.field("date").expect("a field"), interdict::Date::try_new(2024, 1, 15).expect("a day"));
    let parties = rules.field("parties").expect("a field");
    let seller = |name| BTreeMap::from([("role", "seller"), ("name", name), ("nationality", "KP")]);
    let sellers = ["Korea Mining", "Korea Kumsan"].map(|name| [seller(name), seller("somebody else")]);
    let mut decide = |clerk: &mut interdict::Clerk<'_>| -> usize {
        let of_good = |(good, sellers)| {
            sheet
                .value(parties, sellers)
                .term(item, good)
                .term(origin, kp)
                .amount(quantity, 20, tonnes)
                .terms(via, &[kp]);
            clerk.decide_sheet(&sheet).expect("understood").deciding().len()
        };
        let on_sheet: usize = goods.into_iter().zip(&sellers).map(of_good).sum();
        let straight: usize = rows.iter().map(|row| clerk.decide(row).expect("understood").deciding().len()).sum();
        let all: usize = rows.iter().map(|row| clerk.applying(row).expect("understood").norms().len()).sum();
        let all_coded: usize = coded.iter().map(|row| clerk.applying_coded(row).norms().len()).sum();
        assert_eq!(all, all_coded);
        on_sheet + straight + all + coded.iter().map(|row| clerk.decide_coded(row).deciding().len()).sum::<usize>()
    };
    let first = decide(&mut clerk);
    // What is put on a sheet anew stands beside what stood there before, until it is tidied.
    (0..100).for_each(|_| assert_eq!(decide(&mut clerk), first));
    let mut again = 0;
    let counted = allocation_counter::measure(|| (0..100).for_each(|_| again = decide(&mut clerk)));
    assert_eq!(again, first);
    assert!(first > 0, "some norm decides");
    assert_eq!(counted.count_total, 0, "allocations of 1,800 decisions");
}

/// More shapes than a clerk keeps patterns of, in turn, so that patterns are learnt late and drive each other out.
#[test]
fn activities_of_many_shapes_are_decided_as_by_a_new_clerk() {
    let rules = Ruleset::pack("un_dprk").expect("a pack");
    let facts = [
        ("origin", "KP"),
        ("destination", "RU"),
        ("purpose", "livelihood"),
        ("location", "RU"),
        ("shipped_from", "KP"),
        ("hs", "2701"),
        ("omission", "no"),
    ];
    let plain =
        [("complete", "yes"), ("date", "2016-06-15"), ("actor_state", "RU"), ("action", "purchase"), ("item", "coal")];
    let activities: Vec<BTreeMap<&str, &str>> = (0..1 << facts.len())
        .map(|shape| {
            let stated = facts.iter().enumerate().filter(|(at, _)| shape >> at & 1 == 1).map(|(_, fact)| *fact);
            stated.chain(plain).collect()
        })
        .collect();
    let of = |brief: Brief| (brief.bounds(), brief.deciding().to_vec());
    let wanted: Vec<_> =
        activities.iter().map(|activity| of(rules.clerk().decide(activity).expect("understood"))).collect();
    let kinds = wanted.iter().map(|(bounds, _)| (bounds.at_least, bounds.at_most)).collect::<BTreeSet<_>>();
    assert!(kinds.len() > 1, "{kinds:?}");
    let mut clerk = rules.clerk();
    for round in 0..70 {
        for (activity, wanted) in activities.iter().zip(&wanted) {
            let found = of(clerk.decide(activity).expect("understood"));
            assert_eq!(&found, wanted, "round {round}: {activity:?}");
        }
    }
}
