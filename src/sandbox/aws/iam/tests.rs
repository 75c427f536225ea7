//! Where IAM is strict.

use super::*;

const DOCUMENT: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::b"}]}"#;
const TRUST: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"arn:aws:iam::451234325714:role/production_customer_access"},"Condition":{"StringEquals":{"sts:ExternalId":"12345"}}}]}"#;
const POLICY: &str = "arn:aws:iam::111122223333:policy/p";

fn ask(iam: &Iam, action: &str, fields: &[(&str, &str)]) -> Result<String, &'static str> {
    let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    match iam.answer(action, &fields) {
        Ok(answer) => Ok(String::from_utf8(answer.body.to_vec()).unwrap()),
        Err(refusal) => Err(refusal.code),
    }
}

/// A policy `p`, a role `r` and a user `u`, both with the policy attached.
fn account() -> Iam {
    let iam = Iam::default();
    ask(
        &iam,
        "CreatePolicy",
        &[("PolicyName", "p"), ("PolicyDocument", DOCUMENT), ("Tags.member.1.Key", "k"), ("Tags.member.1.Value", "v")],
    )
    .unwrap();
    ask(
        &iam,
        "CreateRole",
        &[
            ("RoleName", "r"),
            ("AssumeRolePolicyDocument", TRUST),
            ("Tags.member.1.Key", "k"),
            ("Tags.member.1.Value", "v"),
        ],
    )
    .unwrap();
    ask(&iam, "CreateUser", &[("UserName", "u"), ("Tags.member.1.Key", "k"), ("Tags.member.1.Value", "v")]).unwrap();
    ask(&iam, "AttachRolePolicy", &[("RoleName", "r"), ("PolicyArn", POLICY)]).unwrap();
    ask(&iam, "AttachUserPolicy", &[("UserName", "u"), ("PolicyArn", POLICY)]).unwrap();
    iam
}

#[test]
fn gives_back_tags_and_encoded_documents() {
    let iam = account();
    let role = ask(&iam, "GetRole", &[("RoleName", "r")]).unwrap();
    assert!(role.contains("%22sts%3AAssumeRole%22") && role.contains("<Key>k</Key><Value>v</Value>"), "{role}");
    assert!(ask(&iam, "GetUser", &[("UserName", "u")]).unwrap().contains("<Key>k</Key>"));
    let policy = ask(&iam, "GetPolicy", &[("PolicyArn", POLICY)]).unwrap();
    assert!(policy.contains("<Key>k</Key>") && policy.contains("<AttachmentCount>2<"), "{policy}");
    assert!(
        ask(&iam, "GetPolicyVersion", &[("PolicyArn", POLICY), ("VersionId", "v1")]).unwrap().contains("%22Version%22")
    );
}

#[test]
fn refuses_documents_that_aws_refuses() {
    let iam = account();
    let create = |document: &str| ask(&iam, "CreatePolicy", &[("PolicyName", "q"), ("PolicyDocument", document)]);
    assert_eq!(create("{}"), Err("MalformedPolicyDocument"));
    assert_eq!(
        create(&DOCUMENT.replace("arn:aws:s3:::b", &format!("arn:aws:s3:::{}", "b".repeat(6144)))),
        Err("LimitExceeded")
    );
    assert!(create(&format!("{DOCUMENT}{}", " ".repeat(9000))).is_ok());
    for principal in [
        "arn:aws:iam::451234325714:role/production_custmer_access",
        "arn:aws:iam::111122223333:user/ghost",
        "flexera",
        "arn:aws:iam::4512:root",
    ] {
        let trust = TRUST.replace("arn:aws:iam::451234325714:role/production_customer_access", principal);
        assert_eq!(
            ask(&iam, "CreateRole", &[("RoleName", "s"), ("AssumeRolePolicyDocument", &trust)]),
            Err("MalformedPolicyDocument"),
            "{principal}"
        );
        assert_eq!(
            ask(&iam, "UpdateAssumeRolePolicy", &[("RoleName", "r"), ("PolicyDocument", &trust)]),
            Err("MalformedPolicyDocument")
        );
    }
}

#[test]
fn names_exist_once_and_are_asked_for_in_full() {
    let iam = account();
    assert_eq!(
        ask(&iam, "CreateRole", &[("RoleName", "R"), ("AssumeRolePolicyDocument", TRUST)]),
        Err("EntityAlreadyExists")
    );
    assert_eq!(
        ask(&iam, "CreatePolicy", &[("PolicyName", "P"), ("PolicyDocument", DOCUMENT)]),
        Err("EntityAlreadyExists")
    );
    assert_eq!(ask(&iam, "CreateUser", &[("UserName", "u")]), Err("EntityAlreadyExists"));
    assert_eq!(ask(&iam, "CreateUser", &[("UserName", "a b")]), Err("ValidationError"));
    assert_eq!(ask(&iam, "GetRole", &[("RoleName", "none")]), Err("NoSuchEntity"));
    assert_eq!(ask(&iam, "GetRole", &[]), Err("ValidationError"));
    assert_eq!(
        ask(&iam, "AttachRolePolicy", &[("RoleName", "r"), ("PolicyArn", "arn:aws:iam::aws:policy/None")]),
        Err("NoSuchEntity")
    );
    assert_eq!(ask(&iam, "Frobnicate", &[]), Err("InvalidAction"));
}

#[test]
fn deletes_in_order_only() {
    let iam = account();
    assert_eq!(ask(&iam, "DeletePolicy", &[("PolicyArn", POLICY)]), Err("DeleteConflict"));
    assert_eq!(ask(&iam, "DeleteRole", &[("RoleName", "r")]), Err("DeleteConflict"));
    assert_eq!(ask(&iam, "DeleteUser", &[("UserName", "u")]), Err("DeleteConflict"));
    ask(&iam, "DetachRolePolicy", &[("RoleName", "r"), ("PolicyArn", POLICY)]).unwrap();
    ask(&iam, "DetachUserPolicy", &[("UserName", "u"), ("PolicyArn", POLICY)]).unwrap();
    ask(&iam, "CreatePolicyVersion", &[("PolicyArn", POLICY), ("PolicyDocument", DOCUMENT), ("SetAsDefault", "true")])
        .unwrap();
    assert_eq!(ask(&iam, "DeletePolicy", &[("PolicyArn", POLICY)]), Err("DeleteConflict"));
    assert_eq!(ask(&iam, "DeletePolicyVersion", &[("PolicyArn", POLICY), ("VersionId", "v2")]), Err("DeleteConflict"));
    ask(&iam, "DeletePolicyVersion", &[("PolicyArn", POLICY), ("VersionId", "v1")]).unwrap();
    ask(&iam, "DeletePolicy", &[("PolicyArn", POLICY)]).unwrap();
    ask(&iam, "CreateAccessKey", &[("UserName", "u")]).unwrap();
    assert_eq!(ask(&iam, "DeleteUser", &[("UserName", "u")]), Err("DeleteConflict"));
}

#[test]
fn two_keys_and_five_versions_are_the_most() {
    let iam = account();
    ask(&iam, "CreateAccessKey", &[("UserName", "u")]).unwrap();
    ask(&iam, "CreateAccessKey", &[("UserName", "u")]).unwrap();
    assert_eq!(ask(&iam, "CreateAccessKey", &[("UserName", "u")]), Err("LimitExceeded"));
    let version = || ask(&iam, "CreatePolicyVersion", &[("PolicyArn", POLICY), ("PolicyDocument", DOCUMENT)]);
    for _ in 0..4 {
        version().unwrap();
    }
    assert_eq!(version(), Err("LimitExceeded"));
}

#[test]
fn simulates() {
    let iam = account();
    let decision = |arn: &str, action: &str, resource: &str| {
        let answer = ask(
            &iam,
            "SimulatePrincipalPolicy",
            &[("PolicySourceArn", arn), ("ActionNames.member.1", action), ("ResourceArns.member.1", resource)],
        )?;
        Ok::<_, &str>(crate::sandbox::message::text_of(&answer, "EvalDecision").unwrap_or_default().to_owned())
    };
    let role = "arn:aws:iam::111122223333:role/r";
    assert_eq!(decision(role, "s3:ListBucket", "arn:aws:s3:::b").as_deref(), Ok("allowed"));
    assert_eq!(decision(role, "s3:PutObject", "arn:aws:s3:::b/k").as_deref(), Ok("implicitDeny"));
    assert_eq!(decision(crate::sandbox::ADMIN_ARN, "iam:CreateRole", "*").as_deref(), Ok("allowed"));
    assert_eq!(decision("arn:aws:iam::111122223333:role/none", "s3:ListBucket", "*"), Err("NoSuchEntity"));
    assert_eq!(decision("arn:aws:sts::111122223333:assumed-role/r/s", "s3:ListBucket", "*"), Err("InvalidInput"));
}

#[test]
fn a_boundary_bounds_and_cannot_go_while_it_does() {
    let iam = account();
    let decision = || {
        let answer = ask(
            &iam,
            "SimulatePrincipalPolicy",
            &[
                ("PolicySourceArn", "arn:aws:iam::111122223333:role/r"),
                ("ActionNames.member.1", "s3:ListBucket"),
                ("ResourceArns.member.1", "arn:aws:s3:::b"),
            ],
        );
        crate::sandbox::message::text_of(&answer.unwrap(), "EvalDecision").unwrap_or_default().to_owned()
    };
    let tight = DOCUMENT.replace("s3:ListBucket", "s3:GetObject");
    ask(&iam, "CreatePolicy", &[("PolicyName", "b"), ("PolicyDocument", &tight)]).unwrap();
    let boundary = "arn:aws:iam::111122223333:policy/b";
    assert_eq!(decision(), "allowed");
    ask(&iam, "PutRolePermissionsBoundary", &[("RoleName", "r"), ("PermissionsBoundary", boundary)]).unwrap();
    assert_eq!(decision(), "implicitDeny");
    assert!(ask(&iam, "GetRole", &[("RoleName", "r")]).unwrap().contains(boundary));
    assert_eq!(ask(&iam, "DeletePolicy", &[("PolicyArn", boundary)]), Err("DeleteConflict"));
    ask(&iam, "DeleteRolePermissionsBoundary", &[("RoleName", "r")]).unwrap();
    assert_eq!(decision(), "allowed");
    let none = ask(&iam, "PutUserPermissionsBoundary", &[("UserName", "u"), ("PermissionsBoundary", "arn:none")]);
    assert_eq!(none, Err("NoSuchEntity"));
}

#[test]
fn a_trust_shows_the_id_of_whom_it_trusted_and_takes_no_id() {
    let iam = account();
    ask(&iam, "CreateRole", &[("RoleName", "gone"), ("AssumeRolePolicyDocument", TRUST)]).unwrap();
    let trust = TRUST.replace("451234325714:role/production_customer_access", "111122223333:role/gone");
    ask(&iam, "UpdateAssumeRolePolicy", &[("RoleName", "r"), ("PolicyDocument", &trust)]).unwrap();
    ask(&iam, "DeleteRole", &[("RoleName", "gone")]).unwrap();
    let shown = ask(&iam, "GetRole", &[("RoleName", "r")]).unwrap();
    assert!(shown.contains("AROASANDBOX") && !shown.contains("role%2Fgone"), "{shown}");
    let with_id = TRUST.replace("arn:aws:iam::451234325714:role/production_customer_access", "AROASANDBOX0000000003");
    let put = ask(&iam, "UpdateAssumeRolePolicy", &[("RoleName", "r"), ("PolicyDocument", &with_id)]);
    assert_eq!(put, Err("MalformedPolicyDocument"));
}
