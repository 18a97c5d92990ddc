//! The questions of a summit: on 13 September 2023 the leaders of Russia and the DPRK met at the cosmodrome
//! Vostochny. Which of the dealings that were talked about may Russia go ahead with, by which paragraph, and what
//! would lawfully change the answer?
//!
//!     cargo run --example vostochny
//!
//! Every answer is compared with the one that was worked out by hand; when one differs, the program says so and
//! exits with 1.

use std::process::ExitCode;

use interdict::{Activity, Decision, NormStatus, Ruleset};

const RISK: &str = include_str!("policies/secondary_risk.interdict");

fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let un = Ruleset::pack("un_dprk")?;
    let un_and_risk = Ruleset::builder().pack("un_dprk").source("secondary_risk.interdict", RISK).compile()?;
    println!("THE SUMMIT AT VOSTOCHNY, 13 SEPTEMBER 2023");
    println!("Obligations of RU under the United Nations measures concerning the DPRK. Not legal advice.");
    println!("{} norms, {} exceptions, policy {}", un.size().norms, un.size().exits, &un.stamp().digest[..12]);

    let mut report = Report { rules: &un, wrong: 0 };
    report.section("Space: research, launches, a venture");
    let research = report.case(
        "Joint aerospace research with a delegation that the DPRK sponsors",
        satellite_project(),
        Expect::verdict("requires_authorisation").by("R2321/11(a)"),
    );
    report.case(
        "The same, and the Committee approved this project on 1 September",
        satellite_project().act(approval().set("on", "2023-09-01")),
        Expect::verdict("allowed").by("R2321/11(a)"),
    );
    report.case(
        "The same, and the approval ran out the day before",
        satellite_project().act(approval().set("on", "2022-09-13").set("through", "2023-09-12")),
        Expect::verdict("requires_authorisation").by("R2321/11(a)"),
    );
    report.case(
        "The same, and the approval was given for another project",
        satellite_project().act(approval().set("on", "2023-09-01").set("covers", project("lunar seismology"))),
        Expect::verdict("requires_authorisation").by("R2321/11(a)"),
    );
    report.case(
        "Help with a satellite launch, with the approval for the research",
        summit("launch_cooperation", "research")
            .set("field", "satellite_technology")
            .set("ref", "joint satellite")
            .party(delegation())
            .act(approval().set("on", "2023-09-01")),
        Expect::verdict("prohibited").by("R2270/5"),
    );
    report.case(
        "A new joint space venture with a company of the DPRK, screened and on no list",
        summit("opening", "commercial").set("field", "satellite_technology").party(
            Activity::new()
                .set("role", "partner")
                .set("kind", "company")
                .set("nationality", "KP")
                .set("listed", Vec::<&str>::new()),
        ),
        Expect::verdict("requires_authorisation").by("R2375/18"),
    );

    report.section("Arms from the DPRK, and training in their use");
    let arms = [
        ("battle_tank", "Buying battle tanks"),
        ("large_calibre_artillery", "Buying artillery"),
        ("combat_aircraft", "Buying combat aircraft"),
        ("attack_helicopter", "Buying attack helicopters"),
        ("missile_or_missile_launcher", "Buying missile launchers"),
        ("ammunition", "Buying ammunition"),
    ];
    for (item, title) in arms {
        report.case(title, purchase(item), Expect::verdict("prohibited").by("R1874/9"));
    }
    report.case(
        "Weapons training by instructors from the DPRK",
        summit("weapons_training", "military").party(Activity::new().set("role", "trainer").set("nationality", "KP")),
        Expect::verdict("prohibited").by("R1874/9"),
    );

    report.section("Talk");
    report.case(
        "A conference on satellites without anybody whom the DPRK sponsors",
        summit("conference", "research")
            .set("field", "satellite_technology")
            .party(
                Activity::new().set("role", "participant").set("nationality", "IN").set("listed", Vec::<&str>::new()),
            )
            .party(
                Activity::new().set("role", "participant").set("nationality", "ZA").set("listed", Vec::<&str>::new()),
            ),
        Expect::verdict("not_covered"),
    );
    report.case(
        "Political consultations",
        summit("consultation", "other_purpose").party(
            Activity::new()
                .set("role", "counterparty")
                .set("nationality", "KP")
                .set("represents", "KP")
                .set("listed", Vec::<&str>::new()),
        ),
        Expect::verdict("not_covered"),
    );
    let unchecked = report.case(
        "A conference on satellites, and nobody checked who sponsors the delegation",
        summit("conference", "research")
            .set("field", "satellite_technology")
            .party(Activity::new().set("role", "counterparty").set("nationality", "KP").set("sponsored_by", "unknown")),
        Expect::verdict("undetermined").needing("counterparty.sponsored_by"),
    );

    report.section("The same deed on other days");
    let rifles = || {
        let sale = Activity::new().complete().set("actor_state", "RU").set("action", "sale").set("purpose", "military");
        sale.set("item", "rifle").set("destination", "KP")
    };
    for (date, verdict, by) in
        [("2016-11-29", "not_covered", None), ("2016-11-30", "requires_authorisation", Some("R2321/11(a)"))]
    {
        let title = format!("Joint aerospace research on {date}");
        report.case(&title, satellite_project().set("date", date), Expect { verdict, by, needing: None });
    }
    for (date, verdict, by) in
        [("2016-03-01", "requires_notification", "R1874/10"), ("2016-03-02", "prohibited", "R2270/6")]
    {
        let title = format!("Rifles to the DPRK on {date}");
        report.case(&title, rifles().set("date", date), Expect::verdict(verdict).by(by));
    }

    report.section("Risk is not law: the purchase of tanks, with the cautions of a regime that does not bind");
    report.rules = &un_and_risk;
    let risk = report.case("Buying battle tanks", purchase("battle_tank"), Expect::verdict("prohibited").by("R1874/9"));
    if risk.cautions.is_empty() {
        report.differs("expected a caution beside the law, found none");
    }

    report.section("Two of them explained in full");
    println!("\n{research}\n\n{unchecked}");

    Ok(report.close())
}

// ---- what was talked about --------------------------------------------------------------------------------------------

/// An activity of that day. What is not said does not apply.
fn summit(action: &str, purpose: &str) -> Activity {
    Activity::new()
        .complete()
        .set("date", "2023-09-13")
        .set("actor_state", "RU")
        .set("action", action)
        .set("purpose", purpose)
        .set("location", "vostochny")
}

fn satellite_project() -> Activity {
    summit("research", "research")
        .set("field", "satellite_technology")
        .set("ref", "joint satellite")
        .party(delegation())
}

fn delegation() -> Activity {
    Activity::new()
        .set("role", "partner")
        .set("nationality", "KP")
        .set("sponsored_by", "KP")
        .set("listed", Vec::<&str>::new())
}

fn purchase(item: &str) -> Activity {
    summit("procurement", "military").set("item", item).set("origin", "KP")
}

/// An approval by the Committee of the project called `joint satellite`; the day is still to be said.
fn approval() -> Activity {
    Activity::new()
        .set("kind", "approval")
        .set("by", "committee")
        .set("under", "R2321/11(a)")
        .set("covers", project("joint satellite"))
}

fn project(name: &str) -> Activity {
    Activity::new().set("ref", name)
}

// ---- the report --------------------------------------------------------------------------------------------------------

/// What the answer should be.
struct Expect {
    verdict: &'static str,
    by: Option<&'static str>,
    needing: Option<&'static str>,
}

impl Expect {
    fn verdict(verdict: &'static str) -> Expect {
        Expect { verdict, by: None, needing: None }
    }

    fn by(self, norm: &'static str) -> Expect {
        Expect { by: Some(norm), ..self }
    }

    fn needing(self, fact: &'static str) -> Expect {
        Expect { needing: Some(fact), ..self }
    }
}

struct Report<'a> {
    rules: &'a Ruleset,
    wrong: usize,
}

impl Report<'_> {
    fn section(&self, title: &str) {
        println!("\n━━ {title} {}", "━".repeat(112usize.saturating_sub(title.chars().count())));
    }

    /// Decides, prints in a few lines, and compares.
    fn case(&mut self, title: &str, activity: Activity, expect: Expect) -> Decision {
        let decision = self.rules.decide(&activity).unwrap_or_else(|error| panic!("{title}: {error}"));
        println!("\n  {title}");
        print(&decision);
        if decision.verdict_name() != expect.verdict {
            self.differs(&format!("expected {}", expect.verdict));
        }
        if let Some(by) = expect.by
            && !decision.deciding().any(|norm| norm.id == by)
        {
            self.differs(&format!("expected {by} to decide"));
        }
        if let Some(fact) = expect.needing
            && !decision.missing.iter().any(|missing| missing.fact == fact)
        {
            self.differs(&format!("expected it to ask for {fact}"));
        }
        decision
    }

    fn differs(&mut self, what: &str) {
        self.wrong += 1;
        println!("    ✗ {what}");
    }

    fn close(self) -> ExitCode {
        match self.wrong {
            0 => {
                println!("\nEvery answer is as expected.");
                ExitCode::SUCCESS
            }
            wrong => {
                println!("\n{wrong} answers differ from what was expected.");
                ExitCode::FAILURE
            }
        }
    }
}

/// The verdict, what makes it, what would change it, and what is not known.
fn print(decision: &Decision) {
    println!("  → {}", decision.verdict_name().replace('_', " ").to_uppercase());
    for norm in decision.findings.iter().flat_map(|finding| &finding.norms) {
        let status = match norm.status {
            NormStatus::Applies => "applies",
            NormStatus::Lifted => "lifted",
            NormStatus::Undetermined => "depends",
        };
        let title = norm.title.as_deref().unwrap_or_default();
        println!("    {status:<8} {:<30} {title}", norm.citation);
    }
    for act in &decision.acts {
        let use_of_it = act.why_not.as_ref().map_or("counts".to_owned(), |why| format!("does not count, {why}"));
        println!("    act      {}: {use_of_it}", act.act);
    }
    for route in &decision.routes {
        let needs = route.needs.iter().map(|need| {
            let last = need.last_day.map_or(String::new(), |day| format!(", last day {day}"));
            let to = need.to.as_ref().map_or(String::new(), |to| format!(" to {to}"));
            format!("{} by {}{to} {} under {}{last}", need.kind, need.by, need.when, need.under)
        });
        let lead = if route.exceptional { "unusual " } else { "route   " };
        println!("    {lead} {}", needs.collect::<Vec<_>>().join("; and "));
    }
    for missing in &decision.missing {
        println!("    missing  {}: {}", missing.fact, missing.question);
    }
    for caution in &decision.cautions {
        println!("    caution  {}", caution.text);
        println!("             {} ({})", caution.citation, caution.regime);
    }
}
