//! In how many facts and acts two scenarios differ.

use std::collections::BTreeMap;

use crate::value::Raw;

/// The facts in which two activities differ: `date`, `parties[0].nationality`, `acts`. Goods stated by name and by
/// code are one fact. Records are compared one by one in the order given; one more or less is one difference.
pub(super) fn differences(a: &Raw, b: &Raw) -> Vec<String> {
    let mut found = Vec::new();
    facts(a, b, "", &mut found);
    if found.iter().any(|fact| fact == "item") && found.iter().any(|fact| fact == "hs") {
        found.retain(|fact| fact != "hs");
    }
    found
}

fn facts(a: &Raw, b: &Raw, path: &str, found: &mut Vec<String>) {
    match (a, b) {
        _ if a == b => {}
        (Raw::Map(a), Raw::Map(b)) => {
            let (a, b) = (by_name(a), by_name(b));
            let names = a.keys().chain(b.keys().filter(|name| !a.contains_key(*name)));
            for name in names {
                let path = if path.is_empty() { (*name).to_owned() } else { format!("{path}.{name}") };
                match (a.get(name), b.get(name)) {
                    (Some(a), Some(b)) => facts(a, b, &path, found),
                    (Some(one), None) | (None, Some(one)) => match one {
                        // One entry more, not one list more.
                        Raw::List(elements) if elements.iter().all(is_map) && !elements.is_empty() => {
                            found.extend((0..elements.len()).map(|at| format!("{path}[{at}]")));
                        }
                        _ => found.push(path),
                    },
                    (None, None) => {}
                }
            }
        }
        (Raw::List(a), Raw::List(b)) if a.iter().chain(b).all(is_map) => records(a, b, path, found),
        _ => found.push(path.to_owned()),
    }
}

/// Records of two lists: in order if there are as many, else what is in one and not in the other.
fn records(a: &[Raw], b: &[Raw], path: &str, found: &mut Vec<String>) {
    if a.len() != b.len() || path == "acts" {
        let lacking = |of: &[Raw], other: &[Raw]| of.iter().filter(|record| !other.contains(record)).count();
        let most = lacking(a, b).max(lacking(b, a));
        found.extend((0..most).map(|at| format!("{path}[{at}]")));
        return;
    }
    for (at, (a, b)) in a.iter().zip(b).enumerate() {
        facts(a, b, &format!("{path}[{at}]"), found);
    }
}

fn by_name(entries: &[(String, Raw)]) -> BTreeMap<&str, &Raw> {
    entries.iter().map(|(name, value)| (name.as_str(), value)).collect()
}

fn is_map(value: &Raw) -> bool {
    matches!(value, Raw::Map(_))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(json: &str) -> Raw {
        serde_json::from_str(json).expect("the test states JSON")
    }

    #[track_caller]
    fn differ(a: &str, b: &str, expected: &[&str]) {
        assert_eq!(differences(&raw(a), &raw(b)), expected);
        assert_eq!(differences(&raw(b), &raw(a)).len(), expected.len(), "the other way round");
    }

    #[test]
    fn each_fact_counts_once() {
        differ(r#"{"date":"2017-01-01","item":"coal"}"#, r#"{"date":"2017-01-01","item":"coal"}"#, &[]);
        differ(r#"{"date":"2017-01-01"}"#, r#"{"date":"2017-01-02"}"#, &["date"]);
        differ(r#"{"item":"coal"}"#, r#"{"hs":"84"}"#, &["item"]);
        differ(r#"{"readings":{"a":true,"b":true}}"#, r#"{"readings":{"a":false,"b":true}}"#, &["readings.a"]);
    }

    #[test]
    fn records_are_compared_field_by_field() {
        differ(
            r#"{"parties":[{"role":"buyer","listed":[]}]}"#,
            r#"{"parties":[{"role":"buyer","listed":["un_1718"]}]}"#,
            &["parties[0].listed"],
        );
        differ(
            r#"{"parties":[{"role":"buyer"}]}"#,
            r#"{"parties":[{"role":"buyer"},{"role":"payer"}]}"#,
            &["parties[0]"],
        );
        differ(r#"{"parties":[{"role":"buyer"},{"role":"payer"}]}"#, r"{}", &["parties[0]", "parties[1]"]);
    }

    #[test]
    fn an_act_counts_once() {
        differ(
            r#"{"acts":[{"kind":"notice","on":"2017-01-01","under":"R1/1"}]}"#,
            r#"{"acts":[{"kind":"notice","on":"2017-01-02","under":"R1/2"}]}"#,
            &["acts[0]"],
        );
    }
}
