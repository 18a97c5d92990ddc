//! Cedar: one `forbid` for each rule, `unless` what lifts it at once. It knows only permit and forbid.

use std::fmt::Write;

use cedar_policy::{
    Authorizer, Context, Decision, Entities, EntityUid, PolicySet, Request, Response, RestrictedExpression,
};
use interdict_regimes::{Regime, Verdict};

use crate::case::{Case, Value};
use crate::dialect::{Dialect, strictest_first};
use crate::measure::{Answer, Peer};

pub struct Cedar {
    authorizer: Authorizer,
    policies: PolicySet,
    entities: Entities,
    uids: [EntityUid; 3],
}

const DIALECT: Dialect = Dialect { before: "context.", and: " && ", not: "!" };

impl Cedar {
    pub fn new(regime: &Regime) -> Result<Cedar, String> {
        let mut text = String::from("permit(principal, action, resource);\n");
        for line in strictest_first(regime) {
            let _ = write!(text, "forbid(principal, action, resource) when {{ {} }}", DIALECT.all(&line.tests));
            for way in line.ways.iter().filter(|way| way.leaves == Verdict::Allowed) {
                let _ = write!(text, " unless {{ {} }}", DIALECT.all(&way.tests));
            }
            text.push_str(";\n");
        }
        let uid = |text: &str| text.parse::<EntityUid>().map_err(|error| error.to_string());
        Ok(Cedar {
            authorizer: Authorizer::new(),
            policies: text.parse().map_err(|error: cedar_policy::ParseErrors| error.to_string())?,
            entities: Entities::empty(),
            uids: [uid("State::\"CH\"")?, uid("Action::\"deal\"")?, uid("Deal::\"one\"")?],
        })
    }

    fn ask(&self, request: &Request) -> Response {
        self.authorizer.is_authorized(request, &self.policies, &self.entities)
    }
}

impl Peer for Cedar {
    type Input = Request;

    fn prepare(&mut self, case: &Case) -> Request {
        let facts = case.facts.stated().map(|(name, value)| {
            let value = match value {
                Value::Number(number) => RestrictedExpression::new_long(number),
                Value::YesNo(yes) => RestrictedExpression::new_bool(yes),
            };
            (name.to_owned(), value)
        });
        let context = Context::from_pairs(facts).expect("no name comes twice");
        let [principal, action, resource] = self.uids.clone();
        Request::new(principal, action, resource, context, None).expect("there is no schema to offend")
    }

    fn decide(&mut self, input: &Request) -> Answer {
        Answer::MayProceed(self.ask(input).decision() == Decision::Allow)
    }

    fn words(&mut self, case: &Case) -> String {
        let request = self.prepare(case);
        let response = self.ask(&request);
        let skipped = response.diagnostics().errors().count();
        let says = Answer::MayProceed(response.decision() == Decision::Allow).says();
        if skipped == 0 { says } else { format!("{says}; {skipped} policies skipped with an error") }
    }
}
