//! Texts with what they compile to, or with what is said against them.

use super::program::*;
use crate::diagnostics::{Report, Severity};
use crate::limits::Limits;
use crate::source::{Source, SourceId, Sources};
use crate::syntax::{self, tree};
use crate::value::{Date, Raw, Unit};

/// A schema with everything that conditions can ask for.
const SCHEMA: &str = r#"
taxonomy action { supply { gift } procurement technical_cooperation inspection }
taxonomy place { KP { rajin } RU { vostochny } CN US }
taxonomy item { arms { small_arms hs 9301..9303 battle_tank hs 8710 } food hs 07, 0801..0803 { rice hs 1006 } other_goods }
taxonomy concern { objection refusal military_capability { missiles } }
taxonomy party_role { counterparty recipient { end_user } owner }
taxonomy purpose { humanitarian livelihood medical_exchange }
record finding { kind : concern by : reference under : text on : date through : date }
record party { id : text role : party_role nationality : list of country located : place sponsored_by : list of reference
  controlled_by : list of reference listed : list of listing earns_income : yes_no findings : list of finding }
record vessel { flag : country }
activity { date : date required action : action actor_state : country "Whose?" omission : yes_no ref : text
  item : item coded by hs hs : hs origin : place destination : place via : list of place contract_date : date
  quantity : quantity value : money purpose : purpose links : list of concern flag : country
  parties : list of party vessels : list of vessel findings : list of finding }
unit bbl "barrel"  unit t "tonne"  unit litre = 0.00628981 bbl "42 gallons"  unit hectolitre = 100 litre
group members of place { RU, CN from 2010-01-01 }
list un_1718 { asset_freeze, travel_ban }
regime r "Measures" { authority committee "Committee" binds members }
"#;

/// A norm's condition in paragraph R1/1.
fn law(when: &str) -> String {
    format!(
        "instrument R1 \"S/RES/1 (2009)\" of r adopted 2009-06-12 {{ paragraph 1 {{ prohibit supply when {when} }} }}"
    )
}

fn compile(texts: &[&str]) -> (Program, Report, Sources) {
    let mut sources = Sources::default();
    let mut report = Report::default();
    let files: Vec<(SourceId, tree::File)> = texts
        .iter()
        .enumerate()
        .map(|(at, text)| {
            let id = sources.add(Source::new(format!("{at}"), *text));
            let file = syntax::parse(id, text, &Limits::default(), &mut report).expect("test texts are small");
            (id, file)
        })
        .collect();
    assert!(!report.has_errors(), "{}", report.concise(&sources));
    let declarations = crate::resolve::from_syntax(&files, &mut report);
    let program = super::from_resolved(&files, &declarations, &mut report);
    report.sort();
    (program, report, sources)
}

#[track_caller]
fn sound(text: &str) -> Program {
    let (program, report, sources) = compile(&[SCHEMA, text]);
    assert!(!report.has_errors(), "{}", report.concise(&sources));
    program
}

#[track_caller]
fn condition(when: &str) -> Cond {
    sound(&law(when)).norms.remove(0).when
}

/// Everything said against `text`, as `code: message / help`.
fn faults(texts: &[&str]) -> Vec<String> {
    let (_, report, _) = compile(texts);
    let said = report.iter().map(|d| match &d.help {
        Some(help) => format!("{}: {} / {help}", d.code.id(), d.message),
        None => format!("{}: {}", d.code.id(), d.message),
    });
    said.collect()
}

#[track_caller]
fn refused(text: &str, wanted: &[&str]) {
    let found = faults(&[SCHEMA, text]);
    assert_eq!(found.len(), wanted.len(), "{found:#?}");
    for (found, wanted) in found.iter().zip(wanted) {
        assert!(found.contains(wanted), "{found}\n  is not\n{wanted}");
    }
}

#[track_caller]
fn refused_when(when: &str, wanted: &str) {
    refused(&law(when), &[wanted]);
}

fn date(text: &str) -> Date {
    Date::parse(text).expect("a test writes a date")
}

fn field(name: &str) -> FieldId {
    sound("").schema.records[0].by_name[name]
}

fn terms(taxonomy: &str, names: &[&str]) -> Terms {
    let schema = sound("").schema;
    let taxonomy = schema.taxonomies.iter().find(|t| t.name == taxonomy).expect("it is declared");
    let branch = |name: &&str| {
        let term = taxonomy.by_name[*name];
        (term, taxonomy.terms[term as usize].end)
    };
    Terms(names.iter().map(branch).collect())
}

mod schema {
    use super::*;

    #[test]
    fn taxonomies_are_numbered_after_every_extension_in_any_order_of_files() {
        let more = "extend taxonomy item under torpedo { light_torpedo }  extend taxonomy item under arms { torpedo }
                    extend taxonomy item { machinery hs 84 }";
        for texts in [[SCHEMA, more], [more, SCHEMA]] {
            let (program, report, sources) = compile(&texts);
            assert!(!report.has_errors(), "{}", report.concise(&sources));
            let item = program.schema.taxonomies.iter().find(|t| t.name == "item").unwrap();
            let names: Vec<&str> = item.terms.iter().map(|term| term.name.as_str()).collect();
            let all = "arms small_arms battle_tank torpedo light_torpedo food rice other_goods machinery";
            assert_eq!(names.join(" "), all);
            let ends: Vec<u32> = item.terms.iter().map(|term| term.end).collect();
            assert_eq!(ends, [5, 2, 3, 5, 5, 7, 7, 8, 9]);
            assert_eq!(item.terms[5].codes, [(700_000_000, 800_000_000), (801_000_000, 804_000_000)]);
        }
    }

    #[test]
    fn units_go_to_their_base() {
        let units = sound("").schema.units;
        assert_eq!(units[3].base.0, units[0].base.0);
        assert_eq!(units[3].base.1.to_string(), "0.628981");
    }

    #[test]
    fn the_fields_of_a_decision_are_found() {
        let core = sound("").schema.core;
        assert_eq!(core.date, field("date"));
        assert_eq!(core.omission, Some(field("omission")));
        assert_eq!(core.goods, Some((field("item"), field("hs"))));
        assert_eq!(core.parties, Some(field("parties")));
    }

    #[test]
    fn an_incomplete_activity_is_reported_once() {
        let found = faults(&["activity { date : text }"]);
        let wanted = "activity-incomplete: every decision needs these fields of the activity: `date : date`, \
                      `action` of a taxonomy, `actor_state : country`";
        assert_eq!(found.len(), 1, "{found:#?}");
        assert!(found[0].starts_with(wanted), "{found:#?}");
    }

    #[test]
    fn faults_of_declarations() {
        refused("taxonomy empty_one { }", &["empty-taxonomy: taxonomy `empty_one` has no terms"]);
        refused("extend taxonomy itme { a }", &["no taxonomy is called `itme` / did you mean `item`?"]);
        refused(
            "extend taxonomy item under amrs { a }",
            &["no term of taxonomy `item` is called `amrs` / did you mean `arms`?"],
        );
        refused("extend taxonomy item { food }", &["duplicate-name: taxonomy `item` has the term `food` twice"]);
        refused("extend taxonomy item { x hs 847 }", &["malformed-code: `847` is no HS code"]);
        refused("extend taxonomy item { x hs 85..84 }", &["malformed-code: `84` is no HS code"]);
        refused("extend record party { age : nmuber }", &["unknown-type: no type is called `nmuber`"]);
        refused("extend record party { age : txt }", &["unknown-type: no type is called `txt` / did you mean `text`?"]);
        refused("extend record party { id : text }", &["duplicate-name: `party` has the field `id` twice"]);
        refused("extend activity { asked_on : date }", &["name-taken: `asked_on`"]);
        refused("extend activity { x : item coded by ref }", &["not-coded: `x` cannot be coded by `ref`"]);
        refused("record party { a : text }", &["there is already a record called `party`"]);
        refused("unit x = 2 y", &["no unit is called `y`"]);
        refused("unit x = 2 y unit y = 2 x", &["impossible-unit", "impossible-unit"]);
        refused(
            "group g of place { XX, RU, RU }",
            &["no term of taxonomy `place` is called `XX`", "the member `RU` twice"],
        );
        refused("group a of place { b } group b of place { a }", &["no term of taxonomy `place` is called `b`"]);
        refused("regime q { binds membres }", &["no group is called `membres` / did you mean `members`?"]);
        refused("instrument R9 \"x\" of q adopted 2000-01-01 { }", &["no regime is called `q`"]);
        refused(
            "instrument r \"x\" of r adopted 2000-01-01 { }",
            &["there is already a regime or instrument called `r`"],
        );
    }
}

mod conditions {
    use super::*;

    fn test(name: &str, set: Set) -> Cond {
        Cond::Test { fact: Fact::Activity(field(name)), set }
    }

    #[test]
    fn terms_are_branches_and_goods_are_codes_too() {
        assert_eq!(
            condition("purpose is humanitarian"),
            test("purpose", Set::Terms(terms("purpose", &["humanitarian"])))
        );
        assert_eq!(condition("origin is KP"), condition("origin under KP"));
        let arms = Cond::Goods {
            terms: terms("item", &["arms"]),
            codes: vec![(8_710_000_000, 8_711_000_000), (9_301_000_000, 9_304_000_000)],
        };
        assert_eq!(condition("item is arms"), arms);
        assert_eq!(condition("item not under any of { arms }"), Cond::Not(Box::new(arms)));
        assert_eq!(
            condition("not not (not (via is any of { RU, KP }))"),
            Cond::Not(Box::new(test("via", Set::Terms(Terms(vec![(0, 4)])))))
        );
    }

    #[test]
    fn codes_dates_and_amounts() {
        let codes = |ranges: &[(u64, u64)]| test("hs", Set::Codes(ranges.to_vec()));
        assert_eq!(condition("hs under 72..76"), codes(&[(7_200_000_000, 7_700_000_000)]));
        assert_eq!(
            condition("hs under any of { 07, 0801 }"),
            codes(&[(700_000_000, 800_000_000), (801_000_000, 802_000_000)])
        );
        let dates = |from, to| Set::Dates(vec![(from, to)]);
        assert_eq!(
            condition("contract_date before adopted"),
            test("contract_date", dates(Date::MIN, date("2009-06-12")))
        );
        assert_eq!(
            condition("contract_date after R1.adopted + 1 months"),
            test("contract_date", dates(date("2009-07-13"), Date::MAX))
        );
        assert_eq!(condition("date is 2020-02-02"), test("date", dates(date("2020-02-02"), date("2020-02-03"))));
        let Cond::Test { set: Set::Amount { unit, op, than }, .. } = condition("quantity > 2 hectolitre") else {
            panic!()
        };
        assert_eq!((unit, op), (sound("").schema.units[0].base.0, Op::More));
        assert_eq!(than.normalize().to_string(), "1.257962");
        let Cond::Test { set: Set::Amount { unit: Unit::Money(currency), .. }, .. } = condition("value <= 2_000 USD")
        else {
            panic!()
        };
        assert_eq!(currency.code(), "USD");
    }

    #[test]
    fn facts_compare_with_facts_of_their_kind() {
        let same = |left, right| Cond::Same { left: Fact::Activity(field(left)), right: Fact::Activity(field(right)) };
        assert_eq!(condition("flag is actor_state"), same("flag", "actor_state"));
        assert_eq!(condition("origin is actor_state"), same("origin", "actor_state"));
        assert_eq!(
            condition("origin is any of { KP, flag }"),
            Cond::Any(vec![same("origin", "flag"), test("origin", Set::Terms(terms("place", &["KP"])))])
        );
        let order = Cond::Order {
            left: Fact::Activity(field("contract_date")),
            op: Op::Less,
            right: Fact::Activity(field("date")),
        };
        assert_eq!(condition("contract_date before date"), order);
        assert_eq!(condition("contract_date < date"), order);
    }

    #[test]
    fn records_are_counted_by_kind_or_role() {
        let program = sound(&law(
            "some counterparty { sponsored_by KP or flag is RU } and no vessel { flag CN } and at least 2 party",
        ));
        let Cond::All(parts) = &program.norms[0].when else { panic!() };
        let Cond::Count { role, body, .. } = &parts[0] else { panic!() };
        assert_eq!(*role, Some(terms("party_role", &["counterparty"])));
        let Cond::Any(tests) = &**body else { panic!() };
        let Cond::Test { fact: Fact::Own(_), set: Set::References { terms: origin, ids } } = &tests[0] else {
            panic!()
        };
        assert_eq!((origin, ids.len()), (&terms("place", &["KP"]), 0));
        assert!(
            matches!(tests[1], Cond::Test { fact: Fact::Activity(_), .. }),
            "the party has no flag, the activity has"
        );
        assert!(matches!(&parts[1], Cond::Not(count) if matches!(**count, Cond::Count { role: None, .. })));
        assert!(matches!(&parts[2], Cond::Count { at_least: 2, body, .. } if **body == Cond::Yes));
    }

    #[test]
    fn lists_definitions_and_readings() {
        let program = sound(
            "instrument R1 \"S\" of r adopted 2009-06-12 { paragraph 1 {
               define designated of party when listed in un_1718 for travel_ban as \"KPe.1\" or controlled_by listed in un_1718
               reading wide \"Wide?\" default yes
               prohibit any when some party { designated and earns_income } and wide and omission } }",
        );
        let Cond::Any(parts) = &program.definitions[0].parts[0].when else { panic!() };
        assert_eq!(
            parts[0],
            Cond::Listed { who: None, list: ListId(0), measure: Some(1), entry: Some("KPe.1".into()) }
        );
        assert!(matches!(parts[1], Cond::Listed { who: Some(_), measure: None, .. }));
        let Cond::All(parts) = &program.norms[0].when else { panic!() };
        assert!(matches!(&parts[0], Cond::Count { body, .. }
            if matches!(&**body, Cond::All(all) if all[0] == Cond::Defined(DefinitionId(0)))));
        assert_eq!(parts[1], Cond::Reading(ReadingId(0)));
        assert!(program.norms[0].actions.is_none());
    }

    #[test]
    fn a_finding_counts_for_this_provision_on_this_date() {
        let Cond::Count { list, at_least: 1, role: None, body } =
            condition("found military_capability by committee in the last 120 days")
        else {
            panic!()
        };
        assert_eq!(list, Fact::Activity(field("findings")));
        let Cond::All(parts) = *body else { panic!() };
        let own = |at| Fact::Own(FieldId(at));
        let date = Fact::Activity(field("date"));
        assert_eq!(
            parts,
            [
                Cond::Test { fact: own(0), set: Set::Terms(terms("concern", &["military_capability"])) },
                Cond::Test {
                    fact: own(1),
                    set: Set::References { terms: Terms(vec![]), ids: vec!["committee".into()] }
                },
                Cond::Any(vec![
                    Cond::Absent { fact: own(2) },
                    Cond::Test { fact: own(2), set: Set::Texts(vec!["R1/1".into()]) },
                ]),
                Cond::Order { left: own(3), op: Op::LessOrEqual, right: date },
                Cond::OrderPlus { left: date, op: Op::LessOrEqual, right: own(3), days: 120 },
                Cond::Any(vec![
                    Cond::Absent { fact: own(4) },
                    Cond::Order { left: own(4), op: Op::MoreOrEqual, right: date },
                ]),
            ]
        );
        let Cond::Count { list: Fact::Activity(parties), body, .. } =
            condition("some party { found objection by actor_state this calendar year }")
        else {
            panic!()
        };
        assert_eq!(parties, field("parties"));
        let Cond::Count { list: Fact::Own(_), body, .. } = *body else { panic!("a party has findings of its own") };
        let Cond::All(parts) = *body else { panic!() };
        assert_eq!(parts[1], Cond::Same { left: own(1), right: Fact::Activity(field("actor_state")) });
        assert_eq!(parts[4], Cond::SameYear { left: own(3), right: date });
    }

    #[test]
    fn a_group_may_have_another_among_its_members_in_any_order() {
        let program = sound("group widest of place { wide } group wide of place { members, US, RU from 2012-01-01 }");
        let days = |name: &str, term: &str| {
            let group = program.schema.groups.iter().find(|group| group.name == name).expect("it is declared");
            group.members.get(&program.schema.taxonomies[group.taxonomy.at()].by_name[term]).copied()
        };
        assert_eq!(days("widest", "US"), Some((None, None)));
        assert_eq!(days("widest", "CN"), Some((Some(date("2010-01-01")), None)));
        // What the group says itself stands.
        assert_eq!(days("widest", "RU"), Some((Some(date("2012-01-01")), None)));
    }

    #[test]
    fn groups_and_absence() {
        let fact = Fact::Activity(field("actor_state"));
        assert_eq!(
            condition("actor_state not in members"),
            Cond::Not(Box::new(Cond::Member { fact, group: GroupId(0) }))
        );
        assert_eq!(condition("links is empty"), Cond::Absent { fact: Fact::Activity(field("links")) });
        assert_eq!(
            condition("origin is not none"),
            Cond::Not(Box::new(Cond::Absent { fact: Fact::Activity(field("origin")) }))
        );
    }

    #[test]
    fn faults_of_conditions() {
        refused_when("item is amrs", "no term of taxonomy `item` is called `amrs` / did you mean `arms`?");
        refused_when("itme is arms", "no field of the activity is called `itme` / did you mean `item`?");
        refused_when(
            "some party { nationalty KP }",
            "no field of `party` or of the activity is called `nationalty` / did you mean `nationality`?",
        );
        refused_when(
            "quantity > 500",
            "unit-missing: `500` has no unit, and `quantity` is counted in units / write the unit, as in `500 bbl`",
        );
        refused_when(
            "quantity > 500 USD",
            "wrong-unit: `quantity` holds an amount with a unit, and `USD` does not count that",
        );
        refused_when("value > 500 bbl", "wrong-unit: `value` holds an amount of money");
        refused_when("value > 500 UDS", "unknown-currency: `UDS`");
        refused_when("quantity > 500 bll", "no unit is called `bll` / did you mean `bbl`?");
        refused_when("hs under 847", "malformed-code: `847`");
        refused_when(
            "item < 5 bbl",
            "not-ordered: `item` is not more or less than anything: it holds a term of `item`",
        );
        refused_when("quantity before 2020-01-01", "not-ordered: `quantity` is not earlier or later");
        refused_when("contract_date is KP", "wrong-value: this is no value of `contract_date`, which holds a date");
        refused_when(
            "ref is humanitarian",
            "wrong-value: this is no value of `ref`, which holds text / text stands in quotes: `\"humanitarian\"`",
        );
        refused_when(
            "origin is purpose",
            "wrong-value: `origin` holds a term of `place`, but `purpose` holds a term of `purpose`",
        );
        refused_when("actor_state is rajin", "wrong-value: `rajin` is no country");
        refused_when(
            "links is none",
            "wrong-emptiness: `links` is a list, and a list is never `none` / write `is empty`",
        );
        refused_when("origin is empty", "wrong-emptiness: `origin` is one value");
        refused_when(
            "parties is KP",
            "wrong-value: this is no value of `parties`, which holds a list, each a record `party` / write `some party { … }`",
        );
        refused_when(
            "some conterparty { flag KP }",
            "not-countable: there is no list of records or roles called `conterparty` / did you mean `counterparty`?",
        );
        refused_when("listed in un_1718", "no-record-at-hand: `listed in un_1718` is asked of nobody");
        refused_when("some party { listed in un_1781 }", "no list is called `un_1781` / did you mean `un_1718`?");
        refused_when(
            "some party { listed in un_1718 for travel_bann }",
            "no measure of list `un_1718` is called `travel_bann`",
        );
        refused_when(
            "found objektion by committee",
            "no term of taxonomy `concern` is called `objektion` / did you mean `objection`?",
        );
        refused_when(
            "found objection by comittee",
            "no authority or field is called `comittee` / did you mean `committee`?",
        );
        refused_when("found objection by item", "not-a-country: `item` holds a term of `item`, not a country");
        refused_when("actor_state in memebers", "no group is called `memebers` / did you mean `members`?");
        refused_when(
            "purpose in members",
            "wrong-value: `purpose` holds a term of `purpose`, but `members` is a group of `place`",
        );
        refused_when("no act", "no-act-outside-property");
        refused_when("desginated", "no definition, reading or yes/no field is called `desginated`");
        refused_when("origin", "not-a-condition: `origin` holds a term of `place`, which is no condition");
        refused_when("omission is maybe", "wrong-value: this is no value of `omission`, which holds yes or no");
    }

    #[test]
    fn several_faults_are_all_reported() {
        refused(
            &law("item is amrs and origin is KQ or_ and quantity > 5").replace(" or_", ""),
            &["`amrs`", "`KQ`", "unit-missing"],
        );
    }

    #[test]
    fn deep_conditions_fit_a_small_stack() {
        let mut text = "origin is KP".to_owned();
        for _ in 0..120 {
            text = format!("flag is RU and not ({text})");
        }
        let mut quantified = "flag is KP".to_owned();
        for _ in 0..120 {
            quantified = format!("flag is RU or some party {{ {quantified} }}");
        }
        let both = law(&text) + &law(&quantified).replace("R1", "R2");
        std::thread::Builder::new()
            .stack_size(512 * 1024)
            .spawn(move || assert_eq!(sound(&both).norms.len(), 2))
            .expect("a thread can be started")
            .join()
            .expect("it does not overflow");
    }
}

mod law_of_paragraphs {
    use super::*;

    const OTHER: &str = r#"
regime s { authority board }
instrument S1 "S" of s adopted 2010-01-01 { paragraph 1 { prohibit supply } }
"#;

    fn period(program: &Program, name: &str) -> (String, Option<String>) {
        let norms = program.norms.iter().map(|norm| (&norm.name, norm.period));
        let exits = program.exits.iter().map(|exit| (&exit.name, exit.period));
        let found = norms.chain(exits).find(|(found, _)| *found == name).expect("the test names a norm or exit").1;
        (found.from.to_string(), found.through.map(|through| through.to_string()))
    }

    fn days(from: &str, through: &str) -> (String, Option<String>) {
        (from.to_owned(), (!through.is_empty()).then(|| through.to_owned()))
    }

    #[test]
    fn names_and_citations_come_from_the_position() {
        let program = sound(
            "instrument R1 \"S/RES/1 (2009)\" of r adopted 2009-06-12 {
               paragraph 8(d) \"Freeze\" { prohibit supply as alone except x with approval by committee }
               paragraph 9 { prohibit supply as one  prohibit any of { gift, procurement } as two  exempt from R1/8(d) as aid with approval by committee } }",
        );
        let names: Vec<&str> = program.norms.iter().map(|norm| norm.name.as_str()).collect();
        assert_eq!(names, ["R1/8(d)", "R1/9.one", "R1/9.two"]);
        let exits: Vec<&str> = program.exits.iter().map(|exit| exit.name.as_str()).collect();
        assert_eq!(exits, ["R1/8(d).x", "R1/9.aid"]);
        assert_eq!(program.paragraphs[0].citation, "S/RES/1 (2009), para. 8(d)");
        assert_eq!(program.norms[0].exits, [ExitId(0), ExitId(1)]);
        assert!(program.norms[1].exits.is_empty());
        assert_eq!(program.norms[2].actions, Some(Terms(vec![(1, 3)])), "gift and procurement stand side by side");
    }

    #[test]
    fn periods_default_and_intersect() {
        let program = sound(
            "instrument R1 \"S\" of r adopted 2009-06-12 { paragraph 1 from adopted + 1 months {
               prohibit supply through 2012-12-31 except wind_down through adopted + 60 days with approval by committee
                 except later from 2012-01-01 with approval by committee } }",
        );
        assert_eq!(period(&program, "R1/1"), days("2009-07-12", "2012-12-31"));
        assert_eq!(period(&program, "R1/1.wind_down"), days("2009-07-12", "2009-08-11"));
        assert_eq!(period(&program, "R1/1.later"), days("2012-01-01", "2012-12-31"));
    }

    #[test]
    fn what_is_replaced_ends_the_day_before() {
        let program = sound(
            "instrument R1 \"S\" of r adopted 2017-09-11 {
               paragraph 1 { prohibit supply except q with approval by committee }
               paragraph 2 { prohibit supply as one prohibit procurement as two through 2017-10-01 exempt from R1/1 as aid }
               paragraph 3 { prohibit supply except old with approval by committee } }
             instrument R2 \"S\" of r adopted 2017-12-22 {
               paragraph 1 from 2018-01-01 replaces R1/1 { prohibit supply }
               paragraph 2 replaces R1/2.one, R1/2.two, R1/3.old { prohibit supply } }",
        );
        assert_eq!(period(&program, "R1/1"), days("2017-09-11", "2017-12-31"));
        assert_eq!(period(&program, "R1/1.q"), days("2017-09-11", "2017-12-31"));
        assert_eq!(period(&program, "R1/2.one"), days("2017-09-11", "2017-12-21"));
        assert_eq!(period(&program, "R1/2.two"), days("2017-09-11", "2017-10-01"), "it ended earlier");
        assert_eq!(period(&program, "R1/2.aid"), days("2017-09-11", ""));
        assert_eq!(period(&program, "R1/3"), days("2017-09-11", ""));
        assert_eq!(period(&program, "R1/3.old"), days("2017-09-11", "2017-12-21"));
        assert_eq!(program.norms[0].replaced_by, Some(ParagraphId(3)));
        assert_eq!(program.norms[2].replaced_by, None);
    }

    #[test]
    fn general_exemptions_lift_prohibitions_and_named_ones_duties() {
        let program = sound(
            "instrument R1 \"S\" of r adopted 2009-06-12 {
               paragraph 1 { prohibit supply }
               paragraph 2 { oblige inspection \"inspect\" by 2019-12-22 }
               paragraph 3 { exempt from r as general with approval by committee
                             exempt from R1 as wide with approval by committee
                             exempt from R1/2 as named with approval by committee } }
             regime q { }  instrument Q1 \"S\" of q adopted 2009-06-12 { paragraph 1 { prohibit supply } }",
        );
        assert_eq!(program.norms[0].exits, [ExitId(0), ExitId(1)]);
        assert_eq!(program.norms[1].exits, [ExitId(2)]);
        assert_eq!(program.norms[1].deadline, Some(Deadline::By(date("2019-12-22"))));
        assert!(program.norms[2].exits.is_empty());
    }

    #[test]
    fn definitions_hold_always_and_are_widened_from_a_day() {
        let program = sound(
            "instrument R1 \"S\" of r adopted 2009-06-12 { paragraph 1 { define x when origin is KP prohibit any when x } }
             instrument R2 \"S\" of r adopted 2017-08-05 { paragraph 7 from R1.adopted { define x also when flag is KP } 
               paragraph 8 { define x also when flag is CN } }",
        );
        let days: Vec<String> = program.definitions[0].parts.iter().map(|part| part.period.from.to_string()).collect();
        assert_eq!(days, ["0001-01-01", "2009-06-12", "2017-08-05"]);
    }

    #[test]
    fn requirements_and_quotas() {
        let program = sound(
            "instrument R1 \"S\" of r adopted 2009-06-12 { paragraph 1 { prohibit supply
               except a with determination by destination and notice to committee in advance
               except b within 500 litre per calendar year and within 2 USD of value in any 12 months per actor_state
                        with notice by origin to committee more than 5 working days before \"standard\" exceptional
               except c within level t on 2017-09-11 per 12 months from adopted per holder
               except d within 500 bbl or 80 t or level litre_of_ink on 2017-09-11 of quantity in total } }
             unit litre_of_ink",
        );
        let [a, b, c, d] = program.exits.as_slice() else { panic!() };
        assert_eq!(a.requirements[0].by, Who::Field(field("destination")));
        assert_eq!(a.requirements[0].time, Time::Standing);
        assert_eq!(a.requirements[1].by, Who::Field(field("actor_state")));
        assert_eq!(a.requirements[1].to, Some(Who::Authority("committee".into())));
        assert_eq!(b.requirements[0].time, Time::MoreThanBefore { days: 5, working: true });
        assert!(matches!(&b.quotas[0].limit, Limit::Amount(limit) if limit.to_string() == "3.14490500"));
        assert_eq!(b.quotas[0].field, field("quantity"));
        assert_eq!(b.quotas[1].per, Some(Per::Field(field("actor_state"))));
        assert_eq!(c.quotas[0].limit, Limit::Level { from: date("2017-09-11"), through: date("2017-09-11") });
        assert_eq!(c.quotas[0].period, QuotaPeriod::MonthsFrom { months: 12, from: date("2009-06-12") });
        let units: Vec<_> = d.quotas.iter().map(|quota| quota.unit).collect();
        assert_eq!(units.len(), 3);
        assert_eq!(d.quotas[1].or, [units[0], units[2]]);
        assert!(b.quotas.iter().all(|quota| quota.or.is_empty()));
    }

    #[track_caller]
    fn refused_in(paragraphs: &str, wanted: &[&str]) {
        let text = format!("{OTHER} instrument R1 \"S\" of r adopted 2017-12-22 {{ {paragraphs} }}");
        refused(&text, wanted);
    }

    #[test]
    fn faults_of_norms() {
        refused_in(
            "paragraph 1 { prohibit suply }",
            &["no term of taxonomy `action` is called `suply` / did you mean `supply`?"],
        );
        refused_in(
            "paragraph 1 { prohibit supply prohibit gift as g }",
            &["norm-without-name: `R1/1` has several norms"],
        );
        refused_in(
            "paragraph 1 { prohibit supply as g prohibit gift as g }",
            &["there is already a norm or exception called `R1/1.g`"],
        );
        refused_in(
            "paragraph 1 { prohibit supply } paragraph 1 { prohibit supply }",
            &["there is already a paragraph called `R1/1`"],
        );
        refused_in(
            "paragraph 1 { prohibit supply except a except a }",
            &["there is already a norm or exception called `R1/1.a`"],
        );
        refused_in(
            "paragraph 1 from 2018-01-22 through 2017-12-22 { }",
            &["empty-period: in force from 2018-01-22 but ended on 2017-12-22"],
        );
        refused_in(
            "paragraph 1 replaces R1/11 { prohibit supply } paragraph 2 { prohibit supply }",
            &["dangling-reference: no norm, paragraph or exception in scope is called `R1/11` / did you mean `R1/1`?"],
        );
        refused_in(
            "paragraph 1 { exempt from R1/7(a) as a }",
            &["dangling-reference: no norm, paragraph, instrument or regime"],
        );
        refused_in(
            "paragraph 1 { exempt from S1/1 as a exempt from s as b }",
            &["other-regime: `S1/1` is not part of regime `r`", "other-regime: `s`"],
        );
        refused_in(
            "paragraph 1 { prohibit supply except a } paragraph 2 { exempt from R1/1.a as b }",
            &["wrong-target: `R1/1.a` is itself an exception"],
        );
        refused_in("paragraph 1 replaces S1 { }", &["wrong-target: a paragraph cannot replace all of `S1`"]);
        refused_in("paragraph 1 { exempt from R1/1 as a }", &["exempts-nothing: `R1/1` holds no norm"]);
        refused_in(
            "paragraph 1 replaces R1/2 { prohibit supply } paragraph 2 replaces R1/1 { prohibit supply }",
            &["defeat-cycle: `R1/1` and `R1/2` each defeat the other", "never-in-force", "never-in-force"],
        );
        refused_in(
            "paragraph 1 from 2018-06-01 { prohibit supply } paragraph 2 from 2018-01-01 replaces R1/1 { prohibit supply }",
            &["never-in-force: `R1/1` is replaced before it begins on 2018-06-01"],
        );
    }

    #[test]
    fn faults_of_definitions() {
        refused_in(
            "paragraph 1 { define x when y define y when x prohibit any when x }",
            &["definition-cycle: `x` is defined by way of itself"],
        );
        refused_in("paragraph 1 { define x when x }", &["definition-cycle: `x` is defined by itself"]);
        refused_in("paragraph 1 { define x when origin is KP }", &["unused-definition: no condition uses `x`"]);
        refused_in("paragraph 1 { define x also when origin is KP }", &["no definition is called `x`"]);
        refused_in(
            "paragraph 1 { define x of party when earns_income prohibit any when x }",
            &["defined-of-another: `x` is asked of a `party`, and none is at hand / write `some party { x }`"],
        );
        refused_in(
            "paragraph 1 { define omission when origin is KP prohibit any when omission }",
            &["`omission` is also a yes/no field of `activity`"],
        );
        let chain: String = (0..70).map(|n| format!("define d{n} when d{} ", n + 1)).collect();
        refused_in(
            &format!("paragraph 1 {{ {chain} define d70 when origin is KP prohibit any when d0 }}"),
            &["definitions-too-deep: `d0` rests on a chain of 71 definitions / a chain has at most 64"],
        );
    }

    #[test]
    fn faults_of_exits() {
        let refused_exit = |parts: &str, wanted: &str| {
            refused_in(&format!("paragraph 1 {{ prohibit supply except e {parts} }}"), &[wanted]);
        };
        refused_exit("with approval", "requirement-incomplete: whose approval is asked for is not said");
        refused_exit("with approval by item", "not-a-country: `item` holds a term of `item`");
        refused_exit("with approval by committee in advance", "notice-only: this approval has a time");
        refused_exit("with notice in advance", "requirement-incomplete: this notice goes to nobody");
        refused_exit("with notice to committee", "requirement-incomplete: when this notice is due is not said");
        refused_exit(
            "with approval by comittee",
            "no authority or field is called `comittee` / did you mean `committee`?",
        );
        refused_exit("within 500 per calendar year", "unit-missing");
        refused_exit("within 500 bbl of value per calendar year", "wrong-unit: `value`");
        refused_exit("within 500 bbl of item per calendar year", "not-an-amount: a quota cannot count `item`");
        refused_exit(
            "within 500 bbl of qantity per calendar year",
            "no field of the activity is called `qantity` / did you mean `quantity`?",
        );
        refused_exit("within 500 bbl in any 0 months", "not-positive");
        refused_exit("within 5 bbl or 6 litre in total", "limits-apart: a limit in `litre` is one in `bbl`");
        refused_exit("within 5 t or 6 t in total", "limits-apart: two limits in `t`");
        refused_exit("within 5 t or 6 USD in total", "limits-apart: this limit counts `value`");
        refused_exit("within 5 t or 6 USD of quantity in total", "wrong-unit: `quantity`");
        refused_exit("exceptional", "exceptional-without-requirement: `R1/1.e` is exceptional but asks for no act");
    }
}

mod scenarios {
    use super::*;

    const NORM: &str = "instrument R1 \"S\" of r adopted 2009-06-12 { paragraph 1 {
        reading wide \"Wide?\" default yes
        prohibit supply when wide except quota within 5 bbl per calendar year except small with approval by committee } }\n";

    fn text(text: &str) -> Raw {
        Raw::Text(text.to_owned())
    }

    #[test]
    fn facts_have_the_shape_of_a_hosts_activity() {
        let program = sound(&format!(
            "{NORM} scenario \"s\" {{ complete asked_on 2023-10-01 date 2023-09-13 action supply origin none purpose unknown hs 0801
               quantity 10_000 bbl, 1.5 t links [missiles, unknown] via [] ref \"x\" omission no
               counterparty {{ sponsored_by KP, RU }} party {{ role owner findings []  finding {{ kind objection by committee }} }}
               vessel {{ flag KP }} finding {{ kind refusal by RU on R1.adopted }}
               act approval {{ by committee under R1/1.small on 2023-09-01 covers {{ ref \"x\" }} }}
               used R1/1.quota 100 bbl level R1/1.quota 5 bbl reading wide no line {{ item food }} line {{ item rice }}
               expect undetermined by R1/1 needing counterparty.sponsored_by, item }}"
        ).replace("findings []  ", ""));
        let scenario = &program.scenarios[0];
        let stated = |name: &str| scenario.facts.get(name).cloned().unwrap_or_else(|| panic!("{name} is not stated"));
        let map = |entries: &[(&str, Raw)]| Raw::Map(entries.iter().map(|(k, v)| (k.to_string(), v.clone())).collect());
        assert_eq!(stated("complete"), Raw::Bool(true));
        assert_eq!(stated("asked_on"), text("2023-10-01"));
        assert_eq!(stated("origin"), text("none"));
        assert_eq!(stated("purpose"), Raw::Null);
        assert_eq!(stated("hs"), text("0801"));
        assert_eq!(stated("quantity"), Raw::List(vec![text("10000 bbl"), text("1.5 t")]));
        assert_eq!(stated("links"), Raw::List(vec![text("missiles"), Raw::Null]));
        assert_eq!(stated("via"), Raw::List(vec![]));
        assert_eq!(stated("omission"), Raw::Bool(false));
        assert_eq!(
            stated("parties"),
            Raw::List(vec![
                map(&[("role", text("counterparty")), ("sponsored_by", Raw::List(vec![text("KP"), text("RU")]))]),
                map(&[
                    ("role", text("owner")),
                    ("findings", Raw::List(vec![map(&[("kind", text("objection")), ("by", text("committee"))])]))
                ]),
            ])
        );
        assert_eq!(stated("vessels"), Raw::List(vec![map(&[("flag", text("KP"))])]));
        assert_eq!(
            stated("findings").clone(),
            Raw::List(vec![map(&[("kind", text("refusal")), ("by", text("RU")), ("on", text("2009-06-12"))])])
        );
        assert_eq!(
            stated("acts"),
            Raw::List(vec![map(&[
                ("kind", text("approval")),
                ("by", text("committee")),
                ("under", text("R1/1.small")),
                ("on", text("2023-09-01")),
                ("covers", map(&[("ref", text("x"))]))
            ])])
        );
        assert_eq!(stated("used"), map(&[("R1/1.quota", text("100 bbl"))]));
        assert_eq!(stated("levels"), map(&[("R1/1.quota", text("5 bbl"))]));
        assert_eq!(stated("readings"), map(&[("wide", Raw::Bool(false))]));
        assert_eq!(stated("lines"), Raw::List(vec![map(&[("item", text("food"))]), map(&[("item", text("rice"))])]));
        let expect = &scenario.expects[0];
        assert_eq!(
            (expect.verdict.as_str(), expect.by.as_slice()),
            ("undetermined", [NormRef::Paragraph(ParagraphId(0))].as_slice())
        );
        assert_eq!(expect.needing, ["counterparty.sponsored_by", "item"]);
    }

    #[test]
    fn properties_may_say_no_act() {
        let program =
            sound(&format!("{NORM} property \"p\" {{ when origin is KP and no act always at least prohibited }}"));
        let Cond::All(parts) = &program.properties[0].when else { panic!() };
        assert_eq!(parts[1], Cond::NoAct);
        assert_eq!(program.properties[0].claim, Claim::AtLeast("prohibited".into()));
    }

    #[test]
    fn presumptions_are_typed() {
        let program = sound("presume omission is no \"why\"");
        assert_eq!(
            (program.presumptions[0].field, &program.presumptions[0].value),
            (field("omission"), &Raw::Bool(false))
        );
        refused("presume omission is maybe", &["wrong-value"]);
        refused("presume omision is no", &["no field of the activity is called `omision` / did you mean `omission`?"]);
        refused("presume omission is no presume omission is yes", &["stated-twice: `omission` is presumed twice"]);
    }

    #[test]
    fn faults_of_scenarios() {
        let refused_facts =
            |facts: &str, wanted: &str| refused(&format!("{NORM} scenario \"s\" {{ {facts} }}"), &[wanted]);
        refused_facts("orign KP", "no field of `activity` is called `orign` / did you mean `origin`?");
        refused_facts("party { nationalty KP }", "no field of `party` is called `nationalty`");
        refused_facts("vesel { flag KP }", "no field of `activity` is called `vesel` / did you mean `vessel`?");
        refused_facts("origin KP origin RU", "stated-twice: `origin` is stated twice");
        refused_facts("counterparty { role owner }", "stated-twice: `role`");
        refused_facts(
            "expect prohibted",
            "unknown-verdict: no verdict is called `prohibted` / did you mean `prohibited`?",
        );
        refused_facts(
            "expect prohibited by R1/2",
            "dangling-reference: no norm or paragraph in scope is called `R1/2` / did you mean `R1/1`?",
        );
        refused_facts("used R1/1.qota 5 bbl", "dangling-reference");
        refused_facts("reading wyde no", "no reading is called `wyde` / did you mean `wide`?");
        refused_facts("act approvl { by committee }", "no kind of act is called `approvl` / did you mean `approval`?");
        refused_facts("act approval { under R9/1 }", "dangling-reference");
        refused(&format!("{NORM} property \"p\" {{ always at least undetermined }}"), &["unknown-verdict"]);
    }
}

#[test]
fn the_order_of_files_changes_no_name() {
    let norm = law("x and some party { y }");
    let define = "instrument R0 \"S\" of r adopted 2000-01-01 { paragraph 1 { define x when origin is KP define y of party when earns_income } }";
    for texts in [[SCHEMA, &norm, define], [define, &norm, SCHEMA]] {
        let (program, report, sources) = compile(&texts);
        assert!(report.iter().all(|d| d.code.severity() == Severity::Warning), "{}", report.concise(&sources));
        assert_eq!(program.norms[0].name, "R1/1");
    }
}

/// Uses most constructs once.
const LAW: &str = r#"
presume omission is no "why"
instrument R1 "S/RES/1 (2009)" of r adopted 2009-06-12 {
  paragraph 1 "Arms" {
    define designated of party when listed in un_1718 for travel_ban or controlled_by listed in un_1718
    define dealing when origin is KP and hs under 72..76
    reading wide "Wide?" default yes
    prohibit any of { supply, procurement } as trade through 2017-12-31
      when (item under arms or (dealing and wide)) and some counterparty { sponsored_by KP and designated }
        and not found objection by committee this calendar year
    except small from adopted + 30 days when value < 2_000 USD and contract_date before adopted
      within 500 bbl of quantity per calendar year per actor_state and within level t on 2017-09-11 in any 12 months
      with determination by actor_state and notice to committee at least 5 working days before "standard" exceptional
    oblige inspection by 2019-12-22 "inspect" as inspect when flag is actor_state and actor_state in members
  }
}
instrument R2 "S/RES/2 (2016)" of r adopted 2016-11-30 {
  paragraph 7 from R1.adopted + 1 months { define dealing also when links is empty and origin is not none }
  paragraph 8 from 2017-01-01 replaces R1/1.trade, R1/1.small { prohibit technical_cooperation when no vessel { flag CN } }
  paragraph 9 { exempt from r, R1/1.inspect as aid when purpose is humanitarian with approval by committee }
}
scenario "s" { complete date 2023-09-13 action supply quantity 10_000 bbl, 1_300 t counterparty { sponsored_by unknown }
  act approval { by committee under R2/9.aid on 2023-01-01 covers { ref "x" } }  used R1/1.small 5 bbl  reading wide no
  expect undetermined by R2/8 needing counterparty.sponsored_by }
property "p" { when origin is KP and no act always at least prohibited }
"#;

#[test]
fn the_law_of_the_next_test_is_sound() {
    let found = faults(&[SCHEMA, LAW]);
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn any_word_left_out_or_taken_for_its_neighbour_is_no_panic() {
    let mut sources = Sources::default();
    let ids = [SCHEMA, LAW].map(|text| sources.add(Source::new("t", text)));
    let read = |at: usize, text: &str, report: &mut Report| {
        (ids[at], syntax::parse(ids[at], text, &Limits::default(), report).expect("test texts are small"))
    };
    let mut files = [(0, SCHEMA), (1, LAW)].map(|(at, text)| read(at, text, &mut Report::default()));
    for (which, text) in [SCHEMA, LAW].into_iter().enumerate() {
        for changed in changed_by_a_word(text) {
            let mut report = Report::default();
            files[which] = read(which, &changed, &mut report);
            let declarations = crate::resolve::from_syntax(&files, &mut report);
            super::from_resolved(&files, &declarations, &mut report);
            for said in report.iter() {
                let message = &said.message;
                assert!(!message.contains('\n') && !message.ends_with('.'), "{message}");
                let place = if said.at.source() == ids[which] { &changed } else { [SCHEMA, LAW][1 - which] };
                assert!(place.get(said.at.range()).is_some(), "{message} has no place in the text");
            }
        }
        files[which] = read(which, text, &mut Report::default());
    }
}

/// The text without one of its words, and with one of them said twice in the place of the next.
fn changed_by_a_word(text: &str) -> Vec<String> {
    let words: Vec<&str> = text.split_inclusive(char::is_whitespace).collect();
    let mut all = Vec::new();
    for at in 0..words.len() - 1 {
        all.push([&words[..at], &words[at + 1..]].concat().concat());
        all.push([&words[..at], &[words[at + 1]], &words[at + 1..]].concat().concat());
    }
    all
}
