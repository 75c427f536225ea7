//! Whom the role would trust in place of Flexera's principal, and who said so: told in the plan, and once more in the
//! question when it was not this command line, so that nobody lets a stranger in by inheritance.

use crate::spec::answers::{Answers, Raw, Source, name_of};
use crate::spec::flexera_principal;
use crate::spec::names::Access;

/// The key of the answer.
const KEY: &str = "trusted_principal";

/// Somebody who is not Flexera.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stranger {
    arn: String,
    own: &'static str,
    origin: String,
    typed: bool,
}

/// The stranger among these answers, if there is one.
pub(super) fn of(answers: &Answers, raw: &Raw) -> Option<Stranger> {
    let own = flexera_principal(answers.zone.unwrap_or_default());
    let arn = answers.trusted_principal.as_ref().map(ToString::to_string)?;
    if arn == own || answers.access.unwrap_or_default() != Access::Role {
        return None;
    }
    let source = raw.get(KEY).map_or(Source::Flag, |given| given.source.clone());
    Some(Stranger { arn, own, origin: name_of(KEY, &source), typed: source == Source::Flag })
}

impl Stranger {
    /// A warning of the plan.
    pub(super) fn warning(&self) -> String {
        let Self { arn, own, origin, .. } = self;
        format!("{arn} is trusted in place of Flexera's {own}; whoever that is gets in (from {origin})")
    }

    /// Whether the same one is trusted, whoever said so.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.arn == other.arn
    }
}

/// The question, below everyone who gets in, but for those whom this command line named.
pub(super) fn question(all: &[Stranger], question: &str) -> String {
    let inherited: Vec<String> = all
        .iter()
        .filter(|stranger| !stranger.typed)
        .map(|Stranger { arn, origin, .. }| format!("  {arn} (from {origin})\n"))
        .collect();
    if inherited.is_empty() {
        return question.to_owned();
    }
    format!("Trusted in place of Flexera:\n{}{question}", inherited.concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::answers::Given;
    use crate::spec::names::Zone;

    const THEIRS: &str = "arn:aws:iam::999999999999:root";

    fn found(pairs: &[(&'static str, &str)], source: Source) -> Option<Stranger> {
        let mut raw = Raw::default();
        for (key, text) in pairs {
            raw.offer(key, Given { text: (*text).to_owned(), source: source.clone() });
        }
        of(&Answers::parse(&raw).expect("valid answers"), &raw)
    }

    #[test]
    fn who_was_inherited_is_in_the_question_too() {
        let variable = Source::Environment("OPTIMA_TRUSTED_PRINCIPAL");
        let inherited = found(&[(KEY, THEIRS)], variable).expect("a stranger");
        assert!(inherited.warning().ends_with("gets in (from OPTIMA_TRUSTED_PRINCIPAL)"), "{}", inherited.warning());
        let asked = question(&[inherited], "Apply?");
        assert!(asked.contains(THEIRS) && asked.ends_with(")\nApply?"), "{asked}");
        let typed = found(&[(KEY, THEIRS)], Source::Flag).expect("a stranger");
        assert!(typed.warning().contains("(from --trusted-principal)"));
        assert_eq!(question(&[typed], "Apply?"), "Apply?");
    }

    #[test]
    fn flexera_is_no_stranger_in_its_own_zone() {
        let eu = flexera_principal(Zone::Eu);
        let answers = [(KEY, eu), ("api", "flexera-one"), ("zone", "eu")];
        assert_eq!(found(&answers, Source::Flag), None);
        assert!(found(&answers[..1], Source::Flag).is_some(), "of another zone");
        assert_eq!(found(&[], Source::Flag), None);
        assert_eq!(found(&[(KEY, THEIRS), ("access", "user")], Source::Flag), None, "no role, no trust");
    }
}
