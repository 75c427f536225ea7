//! Which addresses a run uses in place of AWS's and Flexera's own, and who said so: told in the plan, and once more in
//! the question when it was not this command line, so that nobody sends a payer's keys to a stranger by inheritance. What
//! shows no plan says it on stderr.

use crate::aws::endpoints::{Endpoint, Origin};
use crate::spec::answers::{Raw, Source, name_of};

/// One address in place of its owner's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Elsewhere {
    who: String,
    url: String,
    owner: &'static str,
    origin: String,
    pub(super) typed: bool,
}

impl Elsewhere {
    /// Whether the same is asked at the same address, whoever said so.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        (&self.who, &self.url) == (&other.who, &other.url)
    }
}

/// All of them, AWS's first.
pub(super) fn all(endpoints: &[Endpoint], raw: &Raw) -> Vec<Elsewhere> {
    let mut all = aws(endpoints, raw);
    all.extend(flexera(&[API, LOGIN], raw));
    all
}

/// Those of AWS's.
pub(super) fn aws(endpoints: &[Endpoint], raw: &Raw) -> Vec<Elsewhere> {
    let elsewhere = |endpoint: &Endpoint| {
        let (origin, typed) = match &endpoint.origin {
            Origin::Given => given(raw, "endpoint_url"),
            Origin::Variable(name) => (name.clone(), false),
            Origin::Profile => ("the AWS configuration file".to_owned(), false),
        };
        Elsewhere { who: endpoint.who(), url: endpoint.url.clone(), owner: "AWS's", origin, typed }
    };
    endpoints.iter().map(elsewhere).collect()
}

/// The onboarding API's.
pub(super) const API: Place = ("api_url", "the onboarding API");
/// The token endpoint's.
pub(super) const LOGIN: Place = ("login_url", "the token endpoint");

/// The answer that says an address of Flexera's, and who is asked there.
type Place = (&'static str, &'static str);

/// Those of Flexera's.
pub(super) fn flexera(places: &[Place], raw: &Raw) -> Vec<Elsewhere> {
    let elsewhere = |(key, who): &Place| {
        let url = raw.get(key)?.text.clone();
        let (origin, typed) = given(raw, key);
        Some(Elsewhere { who: (*who).to_owned(), url, owner: "Flexera's", origin, typed })
    };
    places.iter().filter_map(elsewhere).collect()
}

fn given(raw: &Raw, key: &'static str) -> (String, bool) {
    let source = raw.get(key).map_or(Source::Flag, |given| given.source.clone());
    (name_of(key, &source), source == Source::Flag)
}

/// A warning of the plan for each.
pub(super) fn warnings<'a>(all: impl IntoIterator<Item = &'a Elsewhere>) -> impl Iterator<Item = String> {
    all.into_iter().map(|Elsewhere { who, url, owner, origin, .. }| {
        let verb = if who.contains(", ") { "are" } else { "is" };
        format!("{who} {verb} asked at {url}, not at {owner} own address (from {origin})")
    })
}

/// The question, below a line for every address that this command line did not name.
pub(super) fn question(all: &[Elsewhere], question: &str) -> String {
    let inherited: Vec<String> = all
        .iter()
        .filter(|elsewhere| !elsewhere.typed)
        .map(|Elsewhere { who, url, origin, .. }| format!("  {who} at {url} (from {origin})\n"))
        .collect();
    if inherited.is_empty() {
        return question.to_owned();
    }
    format!("Not at its owner's address:\n{}{question}", inherited.concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::answers::Given;

    fn raw(source: Source) -> Raw {
        let mut raw = Raw::default();
        for (key, text) in [("endpoint_url", "http://127.0.0.1:1"), ("api_url", "https://flexera.example")] {
            raw.offer(key, Given { text: text.into(), source: source.clone() });
        }
        raw
    }

    fn endpoint(origin: Origin, services: &[&'static str]) -> Endpoint {
        Endpoint { services: services.to_vec(), url: "http://127.0.0.1:1".into(), origin }
    }

    #[test]
    fn what_was_typed_is_in_the_plan_and_not_in_the_question() {
        let all = all(&[endpoint(Origin::Given, &[])], &raw(Source::Flag));
        let warnings: Vec<String> = warnings(&all).collect();
        assert_eq!(warnings[0], "AWS is asked at http://127.0.0.1:1, not at AWS's own address (from --endpoint-url)");
        assert!(warnings[1].starts_with("the onboarding API is asked at https://flexera.example"), "{warnings:?}");
        assert_eq!(question(&all, "Apply?"), "Apply?");
    }

    #[test]
    fn what_is_inherited_is_in_both_with_where_from() {
        let variable = Origin::Variable("AWS_ENDPOINT_URL_STS".into());
        let aws = [endpoint(variable, &["STS"]), endpoint(Origin::Profile, &["IAM", "S3"])];
        let all = all(&aws, &raw(Source::File("one.toml".into(), 3)));
        assert!(warnings(&all).any(|warning| warning.starts_with("IAM, S3 are asked at")));
        let asked = question(&all, "Apply?");
        assert!(asked.ends_with(")\nApply?"), "{asked}");
        for part in [
            "STS at http://127.0.0.1:1 (from AWS_ENDPOINT_URL_STS)",
            "IAM, S3 at http://127.0.0.1:1 (from the AWS configuration file)",
            "the onboarding API at https://flexera.example (from one.toml:3: api_url)",
        ] {
            assert!(asked.contains(part), "{part} missing in {asked}");
        }
    }
}
