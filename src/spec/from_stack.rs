//! Answers out of a stack that was made from `export cloudformation`: its outputs name what a bill connect needs. Pure.

use crate::aws::stacks::Stack;
use crate::error::{Error, Result};
use crate::spec::answers::Answers;
use crate::spec::names::{AccountId, BucketName, Parse, Prefix, RoleName, Rule};

/// The states in which a stack's outputs are what it made.
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html>
const STANDS: [&str; 6] = [
    "CREATE_COMPLETE",
    "UPDATE_COMPLETE",
    "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
    "UPDATE_ROLLBACK_COMPLETE",
    "IMPORT_COMPLETE",
    "IMPORT_ROLLBACK_COMPLETE",
];

/// Fills what is open; an answer that was given stays.
///
/// # Errors
/// A refusal for a stack that does not stand, is not of this kind, or is another account's than the answers say.
pub fn fill(answers: &mut Answers, stack: &Stack) -> Result<()> {
    let name = &stack.name;
    if !STANDS.contains(&stack.status.as_str()) {
        return Err(Error::refused(format!("the stack {name} does not stand: it is {}", stack.status))
            .remedy("wait until it is complete, or mend it; then run this again"));
    }
    if stack.outputs.contains_key("UserArn") {
        return Err(Error::refused(format!(
            "the stack {name} made a user, and a bill connect by user carries its access key"
        ))
        .remedy(
            "optima-onboard apply --access user with the same answers adopts the stack, makes the key and registers it",
        ));
    }
    let (account, role) = output(stack, "RoleArn", role_of)?;
    if let Some(given) = answers.bill_account_id.as_ref().filter(|given| **given != account) {
        return Err(Error::refused(format!("the stack {name} is of account {account}, not of {given}"))
            .remedy("leave --bill-account-id out, or take the stack of that account"));
    }
    answers.bill_account_id = Some(account);
    answers.role_name.get_or_insert(role);
    let bucket = output(stack, "BucketName", BucketName::parse)?;
    answers.bucket.get_or_insert(bucket);
    let prefix = output(stack, "BucketPath", Prefix::of_existing_report)?;
    answers.prefix.get_or_insert(prefix);
    Ok(())
}

fn output<T>(stack: &Stack, key: &str, parse: impl Fn(&str) -> Result<T, Rule>) -> Result<T> {
    let wrong = |why: String| {
        Error::refused(format!("the stack {} is not one of optima-onboard export cloudformation", stack.name))
            .because(why)
            .remedy("name the stack that holds the role, or give --role-name, --bucket and --prefix instead")
    };
    let text = stack.outputs.get(key).ok_or_else(|| wrong(format!("it has no output {key}")))?;
    parse(text).map_err(|rule| wrong(format!("its output {key} is {text:?}: {rule}")))
}

/// Account and name; this program knows roles with the path `/` alone.
fn role_of(arn: &str) -> Result<(AccountId, RoleName), Rule> {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    let ["arn", _, "iam", "", account, resource] = parts[..] else { return Err("it is no role's ARN".to_owned()) };
    let name = resource.strip_prefix("role/").ok_or("it is no role's ARN")?;
    Ok((AccountId::parse(account)?, RoleName::parse(name)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;

    fn stack(status: &str, outputs: &[(&str, &str)]) -> Stack {
        let outputs = outputs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        Stack { name: "s".into(), status: status.into(), outputs }
    }

    const OUTPUTS: [(&str, &str); 3] =
        [("RoleArn", "arn:aws:iam::111122223333:role/R"), ("BucketName", "acme-billing"), ("BucketPath", "cur")];

    #[test]
    fn outputs_fill_what_is_open_and_answers_stay() {
        let mut answers = Answers { prefix: Some(Prefix::parse("mine").unwrap()), ..Answers::default() };
        fill(&mut answers, &stack("UPDATE_COMPLETE", &OUTPUTS)).expect("a stack of ours");
        assert_eq!(answers.bill_account_id.map(|id| id.to_string()).as_deref(), Some("111122223333"));
        assert_eq!(answers.role_name.map(|name| name.to_string()).as_deref(), Some("R"));
        assert_eq!(answers.bucket.map(|name| name.to_string()).as_deref(), Some("acme-billing"));
        assert_eq!(answers.prefix.map(|path| path.to_string()).as_deref(), Some("mine"));
    }

    #[test]
    fn what_is_no_stack_of_ours_is_refused() {
        let path = [("RoleArn", "arn:aws:iam::111122223333:role/path/R"), OUTPUTS[1], OUTPUTS[2]];
        let user = [("UserArn", "arn:aws:iam::111122223333:user/U"), OUTPUTS[1], OUTPUTS[2]];
        for (status, outputs, part) in [
            ("CREATE_IN_PROGRESS", &OUTPUTS[..], "does not stand"),
            ("ROLLBACK_COMPLETE", &OUTPUTS[..], "does not stand"),
            ("CREATE_COMPLETE", &OUTPUTS[..1], "is not one of"),
            ("CREATE_COMPLETE", &[], "is not one of"),
            ("CREATE_COMPLETE", &path, "is not one of"),
            ("CREATE_COMPLETE", &user, "made a user"),
        ] {
            let error = fill(&mut Answers::default(), &stack(status, outputs)).expect_err(part);
            assert_eq!(error.kind, Kind::Refused, "{part}");
            assert!(error.message.contains(part), "{part}: {}", error.message);
        }
    }

    #[test]
    fn another_accounts_stack_is_not_taken() {
        let other = Some(AccountId::parse("444455556666").unwrap());
        let mut answers = Answers { bill_account_id: other, ..Answers::default() };
        assert!(fill(&mut answers, &stack("CREATE_COMPLETE", &OUTPUTS)).is_err());
    }
}
