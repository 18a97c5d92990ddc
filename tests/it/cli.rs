//! The program `interdict`, driven as a user does.

use std::io::{BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Output, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use serde_json::{Value, json};

#[test]
fn a_decision_as_json_has_the_shape_that_is_documented() {
    let run = decide(&["--format", "json"], &delegation().to_string());
    assert_eq!(code(&run), 0, "{}", error(&run));
    let decision: Value = serde_json::from_slice(&run.stdout).expect("it prints JSON");
    assert_eq!(decision["verdict"], "requires_authorisation");
    assert_eq!(
        decision["bounds"],
        json!({ "at_least": "requires_authorisation", "at_most": "requires_authorisation" })
    );
    assert_eq!(decision["exact"], true);
    let finding = &decision["findings"][0];
    assert_eq!((&finding["regime"], &finding["verdict"]), (&json!("dprk"), &json!("requires_authorisation")));
    assert_eq!(finding["missing"], json!([]));
    let norm = &finding["norms"][0];
    assert_eq!(norm["id"], "R2321/11(a)");
    assert_eq!(norm["citation"], "S/RES/2321 (2016), para. 11(a)");
    assert_eq!((&norm["effect"], &norm["status"]), (&json!("prohibit"), &json!("applies")));
    assert_eq!(norm["source"]["file"], "un_dprk/res_2321.interdict");
    assert!(norm["source"]["line"].as_u64().is_some_and(|line| line > 1));
    for list in ["missing", "assumed", "readings", "duties", "advice", "cautions", "routes", "acts"] {
        assert!(decision[list].is_array(), "{list}");
    }
    let route = &decision["routes"][0];
    assert_eq!(route["lifts"], json!(["R2321/11(a)"]));
    assert_eq!(route["needs"][0]["kind"], "approval");
    assert_eq!(route["needs"][0]["by"], "committee");
    assert_eq!(route["exceptional"], false);
    assert_eq!(decision["policy"]["digest"].as_str().map(str::len), Some(64));
}

#[test]
fn the_same_question_gives_the_same_bytes_from_a_file_and_from_standard_input() {
    let path = scratch("same.json", &delegation().to_string());
    let policy = example("secondary_risk.interdict");
    let ask = |activity| {
        interdict(&["decide", "--policy", text(&policy), "--format", "json", activity], &delegation().to_string())
    };
    let from_file = ask(text(&path));
    let from_input = ask("-");
    assert!(output(&from_file).contains("\"verdict\": \"not_covered\""));
    assert_eq!(from_file.stdout, from_input.stdout);
}

#[test]
fn a_missing_fact_is_asked_for() {
    let mut activity = delegation();
    activity["parties"][0]["sponsored_by"] = json!("unknown");
    let run = decide(&["--format", "json"], &activity.to_string());
    let decision: Value = serde_json::from_slice(&run.stdout).expect("it prints JSON");
    assert_eq!(decision["verdict"], "undetermined");
    assert_eq!(decision["missing"][0]["fact"], "counterparty.sponsored_by");
    assert!(decision["missing"][0]["question"].as_str().is_some_and(|question| question.ends_with('?')));
}

#[test]
fn a_fact_that_is_not_understood_is_named_and_there_is_no_verdict() {
    // What facts may be is said by the vocabulary, so any policy will do.
    let policy = example("first_policy.interdict");
    for (field, value, named, helps) in [
        ("actor_stat", json!("RU"), "actor_stat", "actor_state"),
        ("quantity", json!("10 bushel"), "quantity", "bbl"),
        ("origin", json!("PRK"), "origin", "3166"),
        ("date", json!("13.09.2023"), "date", ""),
        ("value", json!(2.5), "value", ""),
    ] {
        let mut activity = delegation();
        activity[field] = value;
        let run = interdict(&["decide", "--policy", text(&policy), "--format", "json", "-"], &activity.to_string());
        assert_eq!(code(&run), 3, "{field}");
        let answer: Value = serde_json::from_slice(&run.stdout).expect("the error is JSON");
        assert_eq!(answer.as_object().map(serde_json::Map::len), Some(1), "nothing but the error: {answer}");
        let problem = &answer["error"]["problems"][0];
        assert_eq!(problem["path"], named);
        assert!(problem["message"].is_string());
        assert!(problem.to_string().contains(helps), "{problem}");
        assert!(!output(&run).contains("verdict"));

        let run = interdict(&["decide", "--policy", text(&policy), "-"], &activity.to_string());
        assert_eq!((code(&run), output(&run)), (3, String::new()), "{field}: as text, nothing on standard output");
        assert!(error(&run).contains(named), "{}", error(&run));
    }
}

#[test]
fn every_fault_of_an_activity_is_reported_at_once() {
    let mut activity = delegation();
    activity["origin"] = json!("PRK");
    activity["quantity"] = json!("10 bushel");
    activity["shipped_form"] = json!("KP");
    let run = decide(&["--format", "json"], &activity.to_string());
    let answer: Value = serde_json::from_slice(&run.stdout).expect("the error is JSON");
    assert_eq!(answer["error"]["problems"].as_array().map(Vec::len), Some(3), "{answer}");
}

#[test]
fn one_bad_line_of_a_batch_is_an_error_of_that_line_only() {
    let mut bad = delegation();
    bad["origin"] = json!("PRK");
    let batch = format!("{}\n{bad}\n\n{{\n{}\n", delegation(), delegation());
    let run = decide(&["--format", "json", "--lines"], &batch);
    assert_eq!(code(&run), 3);
    let answers: Vec<Value> =
        output(&run).lines().map(|line| serde_json::from_str(line).expect("a line is JSON")).collect();
    assert_eq!(answers.len(), 4);
    assert_eq!(answers[0], answers[3]);
    assert_eq!(answers[0]["verdict"], "requires_authorisation");
    assert_eq!((&answers[1]["error"]["line"], &answers[2]["error"]["line"]), (&json!(2), &json!(4)));
}

#[test]
fn exit_codes_say_whether_it_may_go_ahead_when_asked_to() {
    let mut unknown = delegation();
    unknown["parties"][0]["sponsored_by"] = json!("unknown");
    let mut talks = delegation();
    talks["action"] = json!("consultation");
    for (activity, expected) in [(delegation(), 1), (unknown, 5), (talks, 0)] {
        assert_eq!(code(&decide(&[], &activity.to_string())), 0);
        assert_eq!(code(&decide(&["--exit-code"], &activity.to_string())), expected, "{activity}");
    }
}

#[test]
fn a_second_policy_adds_its_cautions_and_changes_no_verdict() {
    let activity = json!({ "complete": true, "date": "2023-09-13", "actor_state": "RU", "action": "procurement",
                           "item": "battle_tank", "origin": "KP" });
    let risk = example("secondary_risk.interdict");
    let run = decide(&["--policy", text(&risk), "--format", "json"], &activity.to_string());
    let decision: Value = serde_json::from_slice(&run.stdout).expect("it prints JSON");
    assert_eq!(decision["verdict"], "prohibited");
    assert!(decision["cautions"].as_array().is_some_and(|cautions| !cautions.is_empty()));
}

#[test]
fn an_explanation_names_verdict_paragraph_and_route() {
    let run = decide(&[], &delegation().to_string());
    for words in ["REQUIRES AUTHORISATION", "S/RES/2321 (2016), para. 11(a)", "approval by committee"] {
        assert!(output(&run).contains(words), "{}", output(&run));
    }
}

#[test]
fn a_file_with_three_faults_gets_three_reports() {
    let path = scratch("three.interdict", THREE_FAULTS);
    let full = interdict(&["check", text(&path)], "");
    assert_eq!(code(&full), 4);
    for words in ["unknown-name", "did you mean `arms`?", "wrong-unit", "empty-period", "^^^", "3 errors"] {
        assert!(output(&full).contains(words), "{words} is not in\n{}", output(&full));
    }
    let concise = interdict(&["check", "--format", "concise", text(&path)], "");
    assert_eq!(output(&concise).lines().count(), 3, "{}", output(&concise));
    let tools = interdict(&["check", "--format", "json", text(&path)], "");
    let report: Value = serde_json::from_slice(&tools.stdout).expect("it prints JSON");
    assert_eq!(report.as_array().map(Vec::len), Some(3));
    assert_eq!((&report[0]["code"], &report[0]["severity"]), (&json!("unknown-name"), &json!("error")));
    assert_eq!((&report[0]["at"]["from"]["line"], &report[0]["help"]), (&json!(4), &json!("did you mean `arms`?")));
    assert!(!output(&full).contains('\u{1b}'), "no colours but on a terminal");
}

#[test]
fn a_refused_policy_decides_nothing() {
    let path = scratch("refused.interdict", THREE_FAULTS);
    let activity = delegation().to_string();
    let run = interdict(&["decide", "--policy", text(&path), "-"], &activity);
    assert_eq!((code(&run), output(&run)), (4, String::new()));
    assert!(error(&run).contains("wrong-unit"));
    let run = interdict(&["decide", "--policy", text(&path), "--format", "json", "-"], &activity);
    let answer: Value = serde_json::from_slice(&run.stdout).expect("the error is JSON");
    assert_eq!((code(&run), answer["error"]["diagnostics"].as_array().map(Vec::len)), (4, Some(3)));
}

#[test]
fn sound_policies_are_said_to_be_sound() {
    for policy in ["un_dprk", "std"] {
        let run = interdict(&["check", policy], "");
        assert_eq!(code(&run), 0, "{}", output(&run));
        assert!(output(&run).starts_with("sound: "), "{}", output(&run));
    }
    let folder = example("");
    assert_eq!(code(&interdict(&["check", text(&folder)], "")), 0);
}

#[test]
fn formatting_twice_changes_nothing_more() {
    let path = scratch("wide.interdict", "use    std\n// why\nlist   blocked \"Blocked\"   { freeze }\n");
    let check = interdict(&["fmt", "--check", text(&path)], "");
    assert_eq!(code(&check), 1);
    assert!(output(&check).contains("wide.interdict would change"));
    assert_eq!(code(&interdict(&["fmt", text(&path)], "")), 0);
    let once = std::fs::read_to_string(&path).expect("it was written");
    assert_eq!(once, "use std\n\n// why\nlist blocked \"Blocked\" { freeze }\n");
    assert_eq!(code(&interdict(&["fmt", "--check", text(&path)], "")), 0);
    assert_eq!(code(&interdict(&["fmt", text(&path)], "")), 0);
    assert_eq!(std::fs::read_to_string(&path).expect("it is there"), once);
}

#[test]
fn a_file_that_cannot_be_read_is_not_formatted() {
    let broken = "use std\nregime {\n";
    let path = scratch("broken.interdict", broken);
    assert_eq!(code(&interdict(&["fmt", text(&path)], "")), 4);
    assert_eq!(std::fs::read_to_string(&path).expect("it is there"), broken);
}

#[test]
fn the_scenarios_of_a_pack_pass() {
    let run = interdict(&["test", "un_dprk"], "");
    assert_eq!(code(&run), 0, "{}", output(&run));
    assert!(output(&run).contains(" passed, 0 failed"));
}

#[test]
fn a_scenario_that_fails_says_what_was_decided_instead() {
    let sound = std::fs::read_to_string(example("first_policy.interdict")).expect("it is there");
    let path = scratch("fails.interdict", &sound.replace("expect requires_authorisation", "expect prohibited"));
    let run = interdict(&["test", text(&path)], "");
    assert_eq!(code(&run), 1);
    assert!(output(&run).contains("FAIL"), "{}", output(&run));
    assert!(output(&run).contains("expected prohibited, decided requires_authorisation"), "{}", output(&run));
}

#[test]
fn arguments_that_make_no_sense_are_told_apart_from_answers() {
    for arguments in [
        &["decide"][..],
        &["list", "x.xml", "--format", "un-xml"],
        &["check", "no_such_pack"],
        &["decide", "--policy", "un_dprk", "no_such.json"],
    ] {
        let run = interdict(arguments, "");
        assert_eq!((code(&run), output(&run)), (2, String::new()), "{arguments:?}");
        assert!(!error(&run).is_empty());
    }
    let help = output(&interdict(&["--help"], ""));
    for exit in 0..=5 {
        assert!(help.contains(&format!("\n  {exit}  ")), "--help does not explain exit code {exit}");
    }
}

/// A party described by its name, which is on no list.
fn venture() -> Value {
    json!({ "complete": true, "date": "2023-09-13", "actor_state": "RU", "action": "joint_venture",
            "parties": [{ "role": "partner", "kind": "company", "nationality": "KP", "name": "Some Trading Company" }] })
}

fn verdict(run: &Output) -> String {
    let decision: Value = serde_json::from_slice(&run.stdout).unwrap_or_else(|_| panic!("{}", error(run)));
    decision["verdict"].as_str().expect("a verdict").to_owned()
}

#[test]
fn shipped_lists_settle_who_is_listed_while_they_can_be_trusted() {
    let of = |arguments: &[&str], change: &dyn Fn(&mut Value)| {
        let mut activity = venture();
        change(&mut activity);
        verdict(&decide(&[&["--format", "json"], arguments].concat(), &activity.to_string()))
    };
    assert_eq!(of(&[], &|_| {}), "requires_authorisation");
    assert_eq!(of(&["--no-shipped-lists"], &|_| {}), "undetermined");
    assert_eq!(of(&[], &|it| it["date"] = json!("2026-02-28")), "undetermined");
    assert_eq!(of(&[], &|it| it["complete"] = json!(false)), "undetermined");
    assert_eq!(of(&[], &|it| it["parties"][0]["ids"] = json!({ "ref": "KPe.002" })), "prohibited");
    // A name alone accuses nobody, and clears nobody whose name is on the list.
    assert_eq!(of(&[], &|it| it["parties"][0]["name"] = json!("Korea Ryonbong General Corporation")), "undetermined");
    let candidate = json!([{ "list": "un_1718", "ref": "KPe.002", "score": "0.91" }]);
    assert_eq!(of(&[], &|it| it["parties"][0]["candidates"] = candidate.clone()), "undetermined");
}

#[test]
fn a_list_that_is_given_takes_the_place_of_the_shipped_one_and_is_named_by_its_digest() {
    let json = |arguments: &[&str]| -> Value {
        let run = decide(&[&["--format", "json"], arguments].concat(), &venture().to_string());
        serde_json::from_slice(&run.stdout).expect("it prints JSON")
    };
    let shipped = json(&[]);
    assert_eq!(shipped["policy"]["lists"].as_str().map(str::len), Some(64));
    assert_eq!(json(&[])["policy"], shipped["policy"]);
    assert!(json(&["--no-shipped-lists"])["policy"]["lists"].is_null());

    // Trusted on another day only.
    let own = scratch(
        "own_list.json",
        r#"{ "list": "un_1718", "trusted": { "from": "2020-01-01", "through": "2020-01-01" },
        "entries": [] }"#,
    );
    let own = json(&["--list", text(&own)]);
    assert_eq!(own["verdict"], "undetermined");
    assert_ne!(own["policy"]["lists"], shipped["policy"]["lists"]);
}

#[test]
fn published_lists_become_snapshots() {
    let data = |name: &str| Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data").join(name);
    let xml = data("un_sc_consolidated_2026-02-27.dprk.xml");
    let list = ["list", text(&xml), "--format", "un-xml", "--type", "DPRK", "--as", "un_1718"];
    let run = interdict(&list, "");
    assert_eq!(code(&run), 0, "{}", error(&run));
    let snapshot: Value = serde_json::from_slice(&run.stdout).expect("it prints JSON");
    assert_eq!(snapshot["entries"].as_array().map(Vec::len), Some(155));
    assert!(error(&run).starts_with(
        "list     un_1718\nentries  155, with 48 ids\ntrusted  from 2026-02-27 through 2026-02-27\ndigest   "
    ));

    let out = scratch("from_un.json", "");
    let table = data("un_1718_vessels_sample.csv");
    let vessels = ["list", text(&table), "--format", "un-vessels-csv", "--as", "un_1718_vessels"];
    let run = interdict(&[&vessels[..], &["-o", text(&out)]].concat(), "");
    assert!(output(&run).contains("trusted  on no day"), "{}", output(&run));
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/packs/un_dprk/lists/un_1718_vessels.json");
    let read = |path: &Path| std::fs::read_to_string(path).expect("it is there");
    assert_eq!(read(&out), read(&shipped));

    let cut = scratch("cut.xml", &read(&xml)[..20_000]);
    let days = ["--trusted-from", "2006-10-14", "--trusted-through", "2026-02-27"];
    for (arguments, expected) in [
        (&["list", text(&cut), "--format", "un-xml", "--as", "un_1718"][..], "cut.xml: list `un_1718`, entry `KPi.01"),
        (
            &[&list[..4], &["--type", "DPKR", "--as", "un_1718"]].concat()[..],
            "no entry is of the type `DPKR`; there are `DPRK`",
        ),
        (&[&list[..], &["--entries", "156"]].concat()[..], "there are 155 entries, not 156"),
        (&[&list[..], &["--trusted-from", "2006-10-14"]].concat()[..], "--trusted-through"),
        (&[&vessels[..], &days].concat()[..], "a table does not show where it ends"),
        (&[&vessels[..], &days, &["--entries", "15"]].concat()[..], "the table has 14 rows, not 15"),
        (&[&vessels[..], &["--type", "DPRK"]].concat()[..], "are for `--format un-xml`"),
        (
            &["list", text(&xml), "--format", "un-vessels-csv", "--as", "un_1718"][..],
            "line 1: no column is called `un_ref`",
        ),
        (
            &["list", text(&table), "--format", "un-xml", "--as", "un_1718"][..],
            "list `un_1718`: not an XML file: it begins with text",
        ),
    ] {
        let run = interdict(arguments, "");
        assert_eq!((code(&run), output(&run)), (2, String::new()), "{arguments:?}");
        assert!(error(&run).contains(expected), "{}\n{expected}", error(&run));
    }
    // Nothing half made is left behind.
    let out = scratch("untouched.json", "as it was");
    let run = interdict(&["list", text(&cut), "--format", "un-xml", "--as", "un_1718", "-o", text(&out)], "");
    assert_eq!((code(&run), read(&out).as_str()), (2, "as it was"));
}

#[test]
fn packs_are_listed() {
    let listed = output(&interdict(&["packs"], ""));
    for pack in interdict::packs::names() {
        assert!(listed.lines().any(|line| line.starts_with(pack)), "{pack}");
    }
}

#[test]
fn a_policy_is_written_as_a_page() {
    let policy = example("first_policy.interdict");
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("page.html");
    assert_eq!(code(&interdict(&["doc", text(&policy), "-o", text(&path)], "")), 0);
    let page = std::fs::read_to_string(&path).expect("it was written");
    assert!(page.starts_with("<!DOCTYPE html>") && page.contains("<strong>It is prohibited</strong>"));
    let markdown = interdict(&["doc", text(&policy), "--format", "markdown", "--date", "1990-01-01"], "");
    assert!(output(&markdown).contains("Not in force on 1 January 1990"), "{}", output(&markdown));
    assert_eq!(code(&interdict(&["doc", text(&policy), "--date", "1990-02-30"], "")), 2);
}

#[test]
fn scenarios_are_listed_and_those_that_are_missing_are_written() {
    let listed = interdict(&["scenarios", "un_dprk"], "");
    assert_eq!(code(&listed), 0);
    let first =
        "un_dprk/scenarios.interdict:11: D01 a State buys tanks from the DPRK: prohibited by R1718/8(b), R1874/9";
    assert!(output(&listed).lines().any(|line| line == first), "{}", output(&listed));

    let policy = scratch("gaps.interdict", GAPS);
    let written = interdict(&["scenarios", text(&policy), "--missing"], "");
    assert_eq!(code(&written), 0, "{}", error(&written));
    assert!(output(&written).contains(":4: A/1 acting\n"), "{}", output(&written));
    assert_eq!(code(&interdict(&["test", text(&policy), "--coverage"], "")), 1);
    let pasted = scratch("filled.interdict", &format!("{GAPS}\n{}", output(&written)));
    assert_eq!(code(&interdict(&["test", text(&pasted), "--coverage"], "")), 0);
    assert_eq!(output(&interdict(&["scenarios", text(&pasted), "--missing"], "")), "// Nothing is missing.\n");

    let tools = interdict(&["scenarios", text(&policy), "--missing", "--format", "json"], "");
    let missing: Value = serde_json::from_slice(&tools.stdout).expect("it prints JSON");
    assert_eq!(missing["not_found"], json!([]));
    let made = &missing["scenarios"][0];
    assert_eq!((&made["title"], &made["verdict"]), (&json!("A/1 acts"), &json!("prohibited")));
    assert_eq!((&made["shows"][0]["id"], &made["shows"][0]["gap"]), (&json!("A/1"), &json!("acts")));
    assert!(made["activity"]["date"].is_string() && made["text"].is_string(), "{made}");
    let tools = interdict(&["scenarios", text(&pasted), "--format", "json"], "");
    let listed: Value = serde_json::from_slice(&tools.stdout).expect("it prints JSON");
    assert_eq!(listed[0]["expects"], json!(["prohibited by A/1"]));
    assert_eq!(code(&interdict(&["scenarios", "no_such_pack"], "")), 2);
}

const GAPS: &str = r#"use std
regime house "House rules" { authority committee "Committee" }
instrument A "Act A" of house adopted 2020-01-01 {
    paragraph 1 "Arms" { prohibit supply when item under arms or destination is KP }
}
"#;

#[test]
fn the_fate_of_every_paragraph_is_printed() {
    let run = interdict(&["coverage", "--law", "un_dprk"], "");
    assert_eq!(code(&run), 0, "{}", output(&run));
    for words in ["S/RES/1718 (2006)", "R1718/8(d).freeze", "187 paragraphs: ", "deliberately not"] {
        assert!(output(&run).contains(words), "{words} is not in\n{}", output(&run));
    }
    let tools = interdict(&["coverage", "--law", "un_dprk", "--format", "json"], "");
    let fates: Value = serde_json::from_slice(&tools.stdout).expect("it prints JSON");
    assert_eq!((fates["rows"].as_array().map(Vec::len), &fates["faults"]), (Some(187), &json!([])));
    assert_eq!(fates["rows"][1]["ids"], json!(["R1695/3"]));
    let run = interdict(&["coverage", "--law", "std"], "");
    assert_eq!((code(&run), output(&run)), (2, String::new()));
    assert!(error(&run).contains("`un_dprk`"));
}

const THREE_FAULTS: &str = r#"use std
regime house "House rules" { authority committee "Committee" }
instrument A "Act A" of house adopted 2020-01-01 {
    paragraph 1 "Arms" { prohibit supply when item under amrs }
    paragraph 2 "Money" { prohibit finance when value > 500 bbl }
    paragraph 3 "Period" from 2021-01-01 through 2020-12-31 { prohibit transit }
}
"#;

/// Joint research with a delegation that the DPRK sponsors.
fn delegation() -> Value {
    json!({ "complete": true, "date": "2023-09-13", "actor_state": "RU", "action": "research",
            "field": "satellite_technology", "purpose": "research",
            "parties": [{ "role": "counterparty", "nationality": ["KP"], "sponsored_by": ["KP"] }] })
}

/// `interdict decide --policy un_dprk … -`
#[test]
fn a_timeline_is_text_json_and_a_drawing() {
    let coal = json!({ "complete": true, "actor_state": "CN", "action": "purchase", "item": "coal", "origin": "KP",
        "purpose": "commercial" })
    .to_string();
    let drawing = scratch("coal.svg", "");
    let run =
        |arguments: &[&str]| interdict(&[&["timeline", "--policy", "un_dprk"], arguments, &["-"]].concat(), &coal);
    let told = run(&["--svg", text(&drawing)]);
    assert_eq!(code(&told), 0, "{}", error(&told));
    let told = output(&told);
    for (day, paragraph) in [
        ("2016-03-02", "S/RES/2270 (2016), para. 29"),
        ("2016-11-30", "S/RES/2321 (2016), para. 26"),
        ("2017-08-05", "S/RES/2371 (2017), para. 8"),
    ] {
        assert!(told.contains(day) && told.contains(&format!("| {paragraph} begins")), "{told}");
    }
    let periods: Value = serde_json::from_slice(&run(&["--format", "json"]).stdout).expect("it prints JSON");
    assert_eq!(periods["periods"][3]["because"][0]["id"], "R2371/8");
    let drawn = std::fs::read_to_string(&drawing).expect("it was written");
    assert!(drawn.starts_with("<svg") && drawn.ends_with("</svg>\n"));
    assert_eq!(drawn, output(&run(&["--format", "svg"])));
    let wrong = interdict(&["timeline", "--policy", "un_dprk", "-"], r#"{ "item": "cole" }"#);
    assert_eq!(code(&wrong), 3);
    assert!(error(&wrong).contains("item"), "{}", error(&wrong));
}

#[test]
fn a_diagram_is_drawn_in_every_format_with_the_way_of_an_activity() {
    let policy = scratch(
        "wigs.interdict",
        r#"
        use std
        regime mine "Mine" { authority office "The Office" }
        instrument M "Our rules" of mine adopted 2020-01-01 {
            paragraph 1 "Wigs" {
                prohibit import when item under wigs and origin is KP
                    except gift when purpose under humanitarian
            }
            paragraph 2 "Arms" from 2022-01-01 { prohibit import when item under arms and not item under ammunition }
        }
        "#,
    );
    let wigs = scratch("wigs.json", r#"{ "item": "wigs", "origin": "KP", "date": "2021-05-05", "action": "import" }"#);
    let draw = |arguments: &[&str]| {
        let all = [&["draw", text(&policy), "--action", "import", "--path", text(&wigs)], arguments].concat();
        let run = interdict(&all, "");
        assert_eq!(code(&run), 0, "{}", error(&run));
        output(&run)
    };
    insta::assert_snapshot!("drawn_text", draw(&[]));
    insta::assert_snapshot!("drawn_dot", draw(&["--format", "dot"]));
    insta::assert_snapshot!("drawn_mermaid", draw(&["--format", "mermaid"]));
    let svg = draw(&["--format", "svg"]);
    assert!(svg.starts_with("<svg") && svg.contains("prohibited by M/1") && svg.contains("class=\"o\""), "{svg}");
    let json: Value = serde_json::from_str(&draw(&["--format", "json"])).expect("it prints JSON");
    assert_eq!(json["parts"][0]["questions"], json!(["date", "item", "origin", "purpose"]));
    // What has ended on the day is no way out on it.
    let tank = scratch(
        "tank.json",
        r#"{ "complete": true, "date": "2024-01-15", "actor_state": "CN", "action": "procurement", "item": "battle_tank", "origin": "KP" }"#,
    );
    for format in ["text", "dot", "mermaid", "svg", "json"] {
        let all = ["draw", "un_dprk", "--action", "procurement", "--date", "2024-01-15", "--path", text(&tank)];
        let drawn = output(&interdict(&[&all[..], &["--format", format]].concat(), ""));
        for ended in ["R2321/46", "R2371/26.aid", "R2371/26.other", "R2375/26"] {
            assert!(!drawn.contains(ended), "{format}: {drawn}");
        }
        assert!(drawn.contains("R2397/25.aid"), "{format}: {drawn}");
    }
    // On a day before the second paragraph nothing is asked about arms.
    assert!(!draw(&["--date", "2021-01-01"]).contains("ammunition"));
    let wrong = interdict(&["draw", text(&policy), "--action", "imports"], "");
    assert_eq!(code(&wrong), 3);
    assert!(error(&wrong).contains("import"), "{}", error(&wrong));
}

#[test]
fn the_difference_of_two_versions_names_norm_reason_and_region() {
    let version = |name: &str, coal: &str, more: &str| {
        let text = format!(
            r#"
            use std
            regime mine "Mine" {{ authority office "The Office" }}
            instrument M "Our rules" of mine adopted 2020-01-01 {{
                paragraph 1 "Fuel" {{ prohibit import when item under {coal} and origin is KP }}
                paragraph 2 "Wigs" {{ prohibit import when item under wigs and origin is KP }}
                paragraph 3 "Anthracite" {{ prohibit import when item under anthracite and origin is KP }}
                {more}
            }}
            "#
        );
        scratch(name, &text)
    };
    let old = version("old.interdict", "coal", "");
    let gift = r#"paragraph 4 "Gifts" from 2022-01-01 { exempt from M/2 as gift when purpose under humanitarian with approval by office }"#;
    let new = version("new.interdict", "any of { coal, iron }", gift);
    let run = interdict(&["diff", text(&old), text(&new)], "");
    assert_eq!(code(&run), 1, "{}", error(&run));
    insta::assert_snapshot!("difference", output(&run));
    let json = interdict(&["diff", text(&old), text(&new), "--format", "json"], "");
    let json: Value = serde_json::from_slice(&json.stdout).expect("it prints JSON");
    let because = &json["shifts"].as_array().expect("there are some")[0]["because"];
    assert_eq!(*because, json!([{ "what": "condition" }]));
    let same = interdict(&["diff", text(&new), text(&new)], "");
    assert_eq!((code(&same), output(&same).as_str()), (0, "No verdict changes: that is proved.\n"));
    // What another norm prohibits anyway changes nothing.
    let less = scratch(
        "less.interdict",
        &std::fs::read_to_string(&old).expect("it was written").replace(
            "prohibit import when item under anthracite and origin is KP",
            "caution import when item under anthracite",
        ),
    );
    let hidden = interdict(&["diff", text(&old), text(&less)], "");
    assert_eq!(code(&hidden), 0, "{}{}", output(&hidden), error(&hidden));
    assert!(output(&hidden).starts_with("not the same, and no verdict changes by it: M/3\n"), "{}", output(&hidden));
}

#[test]
fn a_dialogue_asks_explains_and_decides() {
    let mut activity = delegation();
    activity["parties"][0]["sponsored_by"] = json!("unknown");
    let known = scratch("ask.json", &activity.to_string());
    let ask = |input: &str| interdict(&["ask", "un_dprk", "--activity", text(&known)], input);
    let run = ask("why\nshortest\n,\nKP\n");
    assert_eq!(code(&run), 0, "{}", error(&run));
    let talk = output(&run);
    assert!(
        talk.contains("Who officially sponsors the party's part in the activity? (counterparty.sponsored_by)"),
        "{talk}"
    );
    assert!(talk.contains("S/RES/2321 (2016), para. 11(a), Scientific and technical"), "{talk}");
    assert!(talk.contains("an answer or `none` is accepted, not `,`"), "{talk}");
    assert!(talk.contains("counterparty.sponsored_by is KP: requires authorisation"), "{talk}");
    assert!(talk.contains("\nREQUIRES AUTHORISATION"), "{talk}");
    for input in ["?\n", "quit\n", ""] {
        assert!(output(&ask(input)).contains("\nUNDETERMINED"), "{input}");
    }
}

#[test]
fn two_versions_are_compared_case_by_case() {
    let house = |until: &str| {
        format!(
            r#"use std
            regime house "House" {{ authority desk "Desk" }}
            instrument H "House rules" of house adopted 2020-01-01 {{
                paragraph 1 "Coal" {{ prohibit procurement when item under coal and origin is KP through {until} }}
            }}"#
        )
    };
    let old = scratch("diff_old.interdict", &house("2021-12-31"));
    let new = scratch("diff_new.interdict", &house("2022-12-31"));
    let coal = |date: &str, item: &str| {
        format!(
            r#"{{"complete": true, "date": "{date}", "action": "purchase", "item": "{item}", "origin": "KP", "actor_state": "CN"}}"#
        )
    };
    let cases = [coal("2021-06-01", "coal"), String::new(), coal("2022-06-01", "coal"), coal("2023-06-01", "coal")];
    let compare = |arguments: &[&str], cases: &[String]| {
        let arguments = [&["diff", text(&old), text(&new), "--cases", "-"], arguments].concat();
        interdict(&arguments, &cases.join("\n"))
    };
    let run = compare(&[], &cases);
    assert_eq!(code(&run), 1, "{}", error(&run));
    assert_eq!(
        output(&run),
        "line 3: not_covered -> prohibited by H/1\n\
         \x20  cases  verdict, or old -> new\n\
         \x20      1  not_covered\n\
         \x20      1  not_covered -> prohibited\n\
         \x20      1  prohibited\n\
         1 of the cases change\n"
    );
    let line: Value = serde_json::from_slice(&compare(&["--format", "json"], &cases).stdout).expect("one line of JSON");
    assert_eq!((&line["line"], &line["before"]["verdict"]), (&json!(3), &json!("not_covered")));
    assert_eq!(line["after"]["deciding"], json!(["H/1"]));
    assert_eq!(code(&compare(&[], &cases[..1])), 0);
    let named = cases[2].replacen('{', r#"{"ref": "barge 7", "#, 1);
    assert!(output(&compare(&[], std::slice::from_ref(&named))).starts_with("line 1 (barge 7): not_covered -> "));
    let line: Value =
        serde_json::from_slice(&compare(&["--format", "json"], &[named]).stdout).expect("one line of JSON");
    assert_eq!(line["ref"], "barge 7");

    let run = compare(&[], &[coal("2021-06-01", "no_such_thing")]);
    assert_eq!(code(&run), 3);
    assert!(output(&run).ends_with("; 1 was not understood\n"), "{}", output(&run));
    assert!(error(&run).starts_with("error: line 1, old version: item: "), "{}", error(&run));
}

#[test]
fn lint_warns_by_its_exit_code_and_information_does_not() {
    let bad = |name: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad").join(name);
        text(&path).to_owned()
    };
    let run = interdict(&["lint", "--format", "concise", &bad("never-lifts.interdict")], "");
    assert_eq!(code(&run), 1);
    assert!(output(&run).contains("warning[never-lifts]: `A/1.foreign` can never lift `A/1`"), "{}", output(&run));
    assert!(output(&run).ends_with("1 warning\n"), "{}", output(&run));

    let run = interdict(&["lint", &bad("gap.interdict")], "");
    assert_eq!(code(&run), 0);
    assert!(output(&run).contains("= note: for example"), "{}", output(&run));
    assert!(output(&run).ends_with("1 point of information\n"), "{}", output(&run));

    let run = interdict(&["lint", "--format", "json", &bad("gap.interdict")], "");
    let json: serde_json::Value = serde_json::from_str(&output(&run)).expect("JSON");
    assert_eq!(json["findings"][0]["code"], "gap");
    assert_eq!(json["findings"][0]["severity"], "information");
    assert_eq!(json["tolerated"], serde_json::json!([]));

    assert_eq!(code(&interdict(&["lint", &bad("unknown-lint.interdict")], "")), 4);
}

#[test]
fn a_folder_without_policies_is_refused() {
    let empty = folder("emp");
    for arguments in [
        &["check"][..],
        &["check", "--format", "concise"],
        &["check", "--format", "json"],
        &["lint"],
        &["test"],
        &["fmt", "--check"],
        &["decide", "-", "--policy"],
    ] {
        let run = interdict(&[arguments, &[text(&empty)]].concat(), "{}");
        assert_eq!((code(&run), output(&run)), (2, String::new()), "{arguments:?}");
        let expected = format!("error: no *.interdict file in {}\n  help: ", text(&empty));
        assert!(error(&run).starts_with(&expected), "{}", error(&run));
    }
}

#[test]
fn what_is_wrong_without_a_text_is_told_without_a_place() {
    let Err(interdict::CompileError::Refused(refusal)) = interdict::Ruleset::builder().compile() else {
        panic!("there is nothing to decide by")
    };
    let (report, sources) = (refusal.report(), refusal.sources());
    let concise = report.concise(sources);
    let told = concise.lines().any(|line| line.starts_with("error[activity-incomplete]: every decision needs"));
    assert!(told, "{concise}");
    assert!(refusal.to_string().contains(concise.trim_end()), "{refusal}");
    let drawn = report.render(sources, false);
    assert!(drawn.contains("error[activity-incomplete]: every decision needs"), "{drawn}");
    assert!(drawn.contains("help: declare them") && !drawn.contains("-->"), "{drawn}");
    assert_eq!(report.located(sources)[0].at.file, "");
}

#[test]
fn an_answer_stands_though_nobody_reads_it_and_no_answer_is_no_permission() {
    let mut talks = delegation();
    talks["action"] = json!("consultation");
    let mut unknown = delegation();
    unknown["parties"][0]["sponsored_by"] = json!("unknown");
    let decide = ["decide", "--policy", "un_dprk", "--exit-code", "-"];
    for (activity, expected) in [(delegation(), 1), (unknown, 5), (talks.clone(), 0)] {
        assert_eq!(unheard(&decide, &activity.to_string()), expected, "{activity}");
    }
    // Of a batch the rest is not decided.
    assert_eq!(unheard(&[&decide[..], &["--lines"]].concat(), &format!("{talks}\n{talks}\n")), 2);
    let json = ["decide", "--policy", "un_dprk", "--format", "json", "-"];
    assert_eq!(unheard(&json, "{"), 3);

    let refused = scratch("unheard_refused.interdict", THREE_FAULTS);
    for format in ["full", "concise", "json"] {
        assert_eq!(unheard(&["check", "--format", format, text(&refused)], ""), 4, "{format}");
    }
    let sound = std::fs::read_to_string(example("first_policy.interdict")).expect("it is there");
    let passes = scratch("unheard_passes.interdict", &sound);
    assert_eq!(unheard(&["check", text(&passes)], ""), 0);
    assert_eq!(unheard(&["test", text(&passes)], ""), 0);
    assert_eq!(unheard(&["diff", text(&passes), text(&passes)], ""), 0);
    let fails = sound.replace("expect requires_authorisation", "expect prohibited");
    let fails = scratch("unheard_fails.interdict", &fails);
    assert_ne!(unheard(&["test", text(&fails)], ""), 0);
    let never = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad/never-lifts.interdict");
    assert_eq!(unheard(&["lint", text(&never)], ""), 1);
    assert_eq!(unheard(&["coverage", "--law", "un_dprk"], ""), 0);
    let wide = scratch("unheard_wide.interdict", "use    std\n");
    assert_eq!(unheard(&["fmt", "--check", text(&wide)], ""), 2);
    assert_eq!(unheard(&["packs"], ""), 0, "an exit code that is no answer");
}

#[test]
fn a_batch_is_answered_line_by_line_while_its_input_is_open() {
    let mut run = Running::start(&["decide", "--policy", "un_dprk", "--format", "json", "--lines", "-"]);
    let mut answer = |line: &[u8]| -> Value {
        run.say(line);
        serde_json::from_str(&run.hear("\n")).expect("a line is JSON")
    };
    let sound = format!("{}\n", delegation());
    let marked = [&b"\xef\xbb\xbf"[..], sound.as_bytes()].concat();
    let first = answer(&marked);
    assert_eq!(first["verdict"], "requires_authorisation");
    let bad = answer(b"{ \"item\": \"\xff\" }\n");
    assert_eq!(bad["error"]["line"], 2);
    let message = bad["error"]["problems"][0]["message"].as_str().expect("there is one");
    assert!(message.contains("UTF-8: byte 12"), "{message}");
    assert_eq!(answer(sound.as_bytes()), first);
    assert_eq!(run.end(), 3);
}

#[test]
fn cases_are_compared_line_by_line_and_a_bad_byte_is_an_error_of_its_line() {
    let coal = r#"{"complete": true, "date": "2022-06-01", "action": "purchase", "item": "coal", "origin": "KP", "actor_state": "CN"}"#;
    let house = |what: &str| {
        format!(
            r#"use std
            regime house "House" {{ authority desk "Desk" }}
            instrument H "House rules" of house adopted 2020-01-01 {{
                paragraph 1 "Coal" {{ {what} procurement when item under coal and origin is KP }}
            }}"#
        )
    };
    let old = scratch("stream_old.interdict", &house("caution"));
    let new = scratch("stream_new.interdict", &house("prohibit"));
    let mut run = Running::start(&["diff", text(&old), text(&new), "--cases", "-"]);
    run.say(format!("\u{feff}{coal}\n").as_bytes());
    assert!(run.hear("\n").starts_with("line 1: "));
    run.say(format!("\n{coal}\n").as_bytes());
    assert!(run.hear("\n").starts_with("line 3: "));
    run.say(b"\xff\n");
    run.say(format!("{coal}\n").as_bytes());
    assert!(run.hear("\n").starts_with("line 5: "));
    assert_eq!(run.end(), 3);
}

#[test]
fn a_byte_order_mark_is_no_part_of_an_activity() {
    let marked = format!("\u{feff}{}", delegation());
    let file = scratch("marked.json", &marked);
    for path in [text(&file), "-"] {
        let run = interdict(&["decide", "--policy", "un_dprk", path], &marked);
        assert_eq!(code(&run), 0, "{}", error(&run));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_standard_error_that_takes_nothing_changes_no_exit_code() {
    let full = std::fs::File::options().write(true).open("/dev/full").expect("there is one");
    let run = started(&["decide", "--policy", "no_such_policy", "-"], Stdio::piped(), Stdio::from(full));
    assert_eq!(code(&told(run, "")), 2);
}

#[cfg(unix)]
#[test]
fn a_folder_is_read_once_whatever_links_lead_to_it() {
    use std::os::unix::fs::symlink;
    let policies = folder("linked");
    std::fs::create_dir(policies.join("inner")).expect("it is new");
    let policy = std::fs::read_to_string(example("first_policy.interdict")).expect("it is there");
    std::fs::write(policies.join("inner/first.interdict"), format!("{policy}\n\n\n")).expect("it can be written");
    symlink(".", policies.join("self")).expect("links can be made");
    symlink("inner", policies.join("other.interdict")).expect("links can be made");
    let elsewhere = folder("elsewhere");
    std::fs::write(elsewhere.join("more.interdict"), "taxonomy more { thing }\n").expect("it can be written");
    symlink(&elsewhere, policies.join("more")).expect("links can be made");
    let named = folder("links").join("named");
    symlink(&policies, &named).expect("links can be made");
    for path in [&policies, &named] {
        let run = interdict(&["check", text(path)], "");
        assert_eq!(code(&run), 0, "{}{}", output(&run), error(&run));
        let run = interdict(&["fmt", "--check", text(path)], "");
        let [first, more] =
            ["inner/first", "more/more"].map(|it| format!("{}/{it}.interdict would change\n", text(path)));
        assert_eq!(output(&run), first + &more);
    }
}

#[test]
fn a_dialogue_shows_its_prompt_before_it_waits() {
    let mut run = Running::start(&["ask", "un_dprk"]);
    assert!(run.hear("\n> ").contains("Possible: "));
    run.say(b"\n");
    assert_eq!(run.hear("> "), "> ");
    run.say(b"quit\n");
    assert_eq!(run.end(), 0);
}

#[test]
fn standard_input_is_read_for_one_thing_only() {
    for arguments in [&["ask", "un_dprk", "--activity", "-"][..], &["draw", "un_dprk", "--given", "-", "--path", "-"]] {
        let run = interdict(arguments, "{}");
        assert_eq!((code(&run), output(&run)), (2, String::new()), "{arguments:?}");
        assert!(error(&run).contains("standard input"), "{}", error(&run));
    }
}

/// The program while its input is still open.
struct Running {
    child: Child,
    to: ChildStdin,
    from: Receiver<u8>,
}

impl Running {
    fn start(arguments: &[&str]) -> Running {
        let mut child = started(arguments, Stdio::piped(), Stdio::null());
        let to = child.stdin.take().expect("it was piped");
        let out = child.stdout.take().expect("it was piped");
        let (heard, from) = mpsc::channel();
        std::thread::spawn(move || {
            BufReader::new(out).bytes().map_while(Result::ok).try_for_each(|byte| heard.send(byte))
        });
        Running { child, to, from }
    }

    fn say(&mut self, input: &[u8]) {
        self.to.write_all(input).expect("it listens");
    }

    /// What it prints up to and with these words.
    fn hear(&mut self, end: &str) -> String {
        let mut text = Vec::new();
        while !text.ends_with(end.as_bytes()) {
            match self.from.recv_timeout(Duration::from_secs(60)) {
                Ok(byte) => text.push(byte),
                Err(error) => panic!("{error}: it printed only {}", String::from_utf8_lossy(&text)),
            }
        }
        String::from_utf8(text).expect("it prints text")
    }

    /// The exit code, once its input has ended.
    fn end(self) -> i32 {
        let Running { mut child, to, from: _from } = self;
        drop(to);
        child.wait().expect("it ends").code().expect("it ended by itself")
    }
}

/// The exit code when nobody reads the output.
fn unheard(arguments: &[&str], input: &str) -> i32 {
    let (reader, writer) = std::io::pipe().expect("there are pipes");
    drop(reader);
    let run = told(started(arguments, writer.into(), Stdio::piped()), input);
    assert_eq!(error(&run), "", "{arguments:?}");
    code(&run)
}

/// An empty folder of this name in a folder of the tests' own.
fn folder(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = std::fs::remove_dir_all(&path);
    std::fs::create_dir(&path).expect("the folder for tests can be written to");
    path
}

fn decide(arguments: &[&str], input: &str) -> Output {
    interdict(&[&["decide", "--policy", "un_dprk"], arguments, &["-"]].concat(), input)
}

fn interdict(arguments: &[&str], input: &str) -> Output {
    told(started(arguments, Stdio::piped(), Stdio::piped()), input)
}

fn started(arguments: &[&str], out: Stdio, error: Stdio) -> Child {
    let mut program = Command::new(env!("CARGO_BIN_EXE_interdict"));
    program.args(arguments).stdin(Stdio::piped()).stdout(out).stderr(error).spawn().expect("the program was built")
}

/// What becomes of a program that is told this.
fn told(mut child: Child, input: &str) -> Output {
    let mut to = child.stdin.take().expect("it was piped");
    // A program that refuses its arguments does not read its input.
    let _ = to.write_all(input.as_bytes());
    drop(to);
    child.wait_with_output().expect("it ends")
}

/// A file of this name in a folder of the tests' own; each test uses a name of its own.
fn scratch(name: &str, content: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, content).expect("the folder for tests can be written to");
    path
}

fn example(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/policies").join(name)
}

fn text(path: &Path) -> &str {
    path.to_str().expect("the path is UTF-8")
}

fn code(run: &Output) -> i32 {
    run.status.code().expect("it ended by itself")
}

fn output(run: &Output) -> String {
    String::from_utf8_lossy(&run.stdout).into_owned()
}

fn error(run: &Output) -> String {
    String::from_utf8_lossy(&run.stderr).into_owned()
}
