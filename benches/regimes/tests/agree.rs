//! The scan and the rules in Rust say the same.

use interdict_regimes::{Regime, SIZES, Scan, Verdict, activities, listed, named, straight};

#[test]
fn scan_and_rules_in_rust_agree() {
    for norms in SIZES {
        let (Some(listed), Some(straight)) = (listed(norms), straight(norms)) else { continue };
        let regime = Regime::standard(norms);
        let scan = Scan::of(&regime);
        let (mut by_scan, mut by_rules) = (Vec::new(), Vec::new());
        let mut seen = [0_usize; 5];
        for deal in activities(&regime, 7, 20_000) {
            let codes = deal.codes();
            assert_eq!(deal, codes.deal());
            let verdict = straight(&codes);
            assert_eq!(scan.decide(&codes.slots()), verdict, "{norms} norms: {deal:?}");
            assert_eq!(listed(&codes), verdict, "{norms} norms: {deal:?}");
            assert_eq!(scan.decide_naming(&codes.slots(), &mut by_scan), verdict, "{norms} norms: {deal:?}");
            if let Some(named) = named(norms) {
                assert_eq!(named(&codes, &mut by_rules), verdict, "{norms} norms: {deal:?}");
                by_scan.sort_unstable();
                by_rules.sort_unstable();
                assert_eq!(by_rules, by_scan, "{norms} norms: {deal:?}");
            }
            seen[verdict as usize] += 1;
        }
        println!("{norms} norms: {seen:?}");
        assert!(norms == 20 || seen.iter().all(|count| *count > 50), "every verdict comes out: {seen:?}");
        assert!(seen[Verdict::NotCovered as usize] < 18_000);
    }
}
