//! Who may do what, as decided by an evaluation of policies that we did not write: Flexera, and the operator.

use aws_sdk_s3::primitives::ByteStream;
use serde_json::{Value, json};

use crate::support::Emulated;
use crate::support::emulated::{Key, root_of};
use crate::support::world::block_on;

const FLEXERA: &str = "451234325714";
const BUCKET: &str = "flexera-optima-111122223333-12345";
const ANYTHING: &str = r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#;

/// A session of a role, assumed by somebody.
fn assume(
    world: &Emulated,
    (key, token): &(Key, Option<String>),
    role: &str,
    external_id: Option<&str>,
) -> Result<(Key, Option<String>), String> {
    let sts = aws_sdk_sts::Client::new(&world.aws(key, token.clone()));
    let request = sts.assume_role().role_arn(role).role_session_name("flexera");
    let answer = block_on(request.set_external_id(external_id.map(str::to_owned)).send());
    let session = answer.map_err(|error| error.into_service_error().to_string())?.credentials.expect("credentials");
    Ok(((session.access_key_id, session.secret_access_key), Some(session.session_token)))
}

/// Flexera's own role of that name, in Flexera's account, where it may assume roles.
fn flexera(world: &Emulated, name: &str) -> (Key, Option<String>) {
    let root = root_of(FLEXERA);
    let iam = world.iam(&root);
    let trust = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"AWS":"arn:aws:iam::{FLEXERA}:root"}},"Action":"sts:AssumeRole"}}]}}"#
    );
    block_on(iam.create_role().role_name(name).assume_role_policy_document(trust).send()).expect("Flexera's role");
    let policy = format!(r#"{{"Version":"2012-10-17","Statement":[{ANYTHING}]}}"#);
    let allowed = iam.put_role_policy().role_name(name).policy_name("all").policy_document(policy);
    block_on(allowed.send()).expect("it may assume roles");
    assume(world, &(root, None), &format!("arn:aws:iam::{FLEXERA}:role/{name}"), None).expect("Flexera's own session")
}

/// A user with one managed policy, and its key.
fn operator(world: &Emulated, document: &str) -> Key {
    named_operator(world, "operator", document)
}

fn named_operator(world: &Emulated, name: &str, document: &str) -> Key {
    let iam = world.iam(&world.root());
    block_on(iam.create_user().user_name(name).send()).expect("a user");
    let policy = block_on(iam.create_policy().policy_name(name).policy_document(document).send());
    let arn = policy.expect("a policy that fits").policy.and_then(|policy| policy.arn).expect("its ARN");
    block_on(iam.attach_user_policy().user_name(name).policy_arn(arn).send()).expect("attached");
    let key = block_on(iam.create_access_key().user_name(name).send()).expect("a key").access_key.expect("a key");
    world.front.requests();
    (key.access_key_id, key.secret_access_key)
}

#[test]
fn flexera_reads_the_bill_with_its_external_id_and_does_nothing_else() {
    let world = Emulated::ministack();
    world.apply(&[]).run().ends(0);
    let ours = world.s3(&world.root(), None);
    block_on(ours.create_bucket().bucket("private-of-acme").send()).expect("another bucket");
    for bucket in [BUCKET, "private-of-acme"] {
        let put = ours.put_object().bucket(bucket).key("billing/flexera-optima/bill.csv.gz");
        block_on(put.body(ByteStream::from_static(b"bill")).send()).expect("an object");
    }

    let role = "arn:aws:iam::111122223333:role/FlexeraOptimaAccessRole";
    let caller = flexera(&world, "production_customer_access");
    assert!(assume(&world, &caller, role, None).is_err(), "without an external id");
    assert!(assume(&world, &caller, role, Some("54321")).is_err(), "with another organization's");
    let another = flexera(&world, "production_eu_customer_access");
    assert!(assume(&world, &another, role, Some("12345")).is_err(), "another zone's principal");
    let stranger = (root_of("444455556666"), None);
    assert!(assume(&world, &stranger, role, Some("12345")).is_err(), "somebody else");

    let (key, token) = assume(&world, &caller, role, Some("12345")).expect("Flexera gets in");
    let s3 = world.s3(&key, token);
    let listed = block_on(s3.list_objects_v2().bucket(BUCKET).send()).expect("it lists").contents.unwrap_or_default();
    let object = listed.first().and_then(|object| object.key()).expect("the bill");
    let read = block_on(async {
        s3.get_object().bucket(BUCKET).key(object).send().await.expect("it reads").body.collect().await
    });
    assert_eq!(read.expect("a body").into_bytes().as_ref(), b"bill");
    block_on(s3.get_bucket_location().bucket(BUCKET).send()).expect("it asks where the bucket is");
    let put = s3.put_object().bucket(BUCKET).key("billing/x").body(ByteStream::from_static(b"x"));
    assert!(block_on(put.send()).is_err(), "it writes nothing");
    assert!(block_on(s3.delete_object().bucket(BUCKET).key(object).send()).is_err(), "it deletes nothing");
    assert!(block_on(s3.get_bucket_policy().bucket(BUCKET).send()).is_err(), "it does not read the policy");
    assert!(block_on(s3.list_objects_v2().bucket("private-of-acme").send()).is_err(), "it lists no other bucket");
    assert!(block_on(s3.get_object().bucket("private-of-acme").key(object).send()).is_err(), "it reads no other");
}

#[test]
fn an_operator_who_may_not_create_roles_is_told_so() {
    let world = Emulated::ministack();
    let document = format!(
        r#"{{"Version":"2012-10-17","Statement":[{ANYTHING},{{"Effect":"Deny","Action":"iam:CreateRole","Resource":"*"}}]}}"#
    );
    let key = operator(&world, &document);
    let ran = world.onboard_as(&key, &["apply", "--yes", "--output", "json"]).run().ends(4);
    let document = ran.json();
    let message = document["error"]["message"].as_str().unwrap_or_default();
    assert!(message.contains("iam:CreateRole"), "{document:#}");
    assert!(ran.steps().contains(&"role create failed".to_owned()), "{:?}", ran.steps());
    assert!(ran.steps().contains(&"bucket create done".to_owned()), "what could be done is: {:?}", ran.steps());
    let warning = document["warnings"].to_string();
    assert!(warning.contains("iam:CreateRole"), "the simulation said so before: {warning}");
    world.apply(&[]).run().ends(0);
}

/// The policy, and beside it what MiniStack decides without knowing the resource: it finds neither a report's ARN nor
/// that of a policy to be made in the request, and then only `*` fits. AWS finds both, so there the printed one is enough.
fn for_ministack(printed: &str) -> String {
    let mut policy: Value = serde_json::from_str(printed).expect("a policy");
    let statements = policy["Statement"].as_array_mut().expect("statements");
    let actions = statements.iter().flat_map(|statement| statement["Action"].as_array().expect("actions"));
    let unplaced =
        |action: &&Value| *action == "iam:CreatePolicy" || action.as_str().is_some_and(|a| a.starts_with("cur:"));
    let unplaced: Vec<Value> = actions.filter(unplaced).cloned().collect();
    statements.push(json!({ "Effect": "Allow", "Action": unplaced, "Resource": "*" }));
    policy.to_string()
}

#[test]
fn the_printed_policy_is_enough_for_the_operator_and_every_way() {
    for words in [
        &[][..],
        &["--api", "flexera-one", "--region", "eu-central-1", "--bucket-region", "eu-west-1", "--tag", "team=fin ops"],
        &["--api", "flexera-one", "--access", "user"],
    ] {
        let world = Emulated::ministack();
        let printed = world.onboard(&["permissions"]).args(words).run().ends(0);
        let key = operator(&world, &for_ministack(&printed.stdout));
        let run = |command: &[&str]| world.onboard_as(&key, command).args(&["--output", "json"]).args(words).run();
        let first = run(&["apply", "--yes"]).ends(0);
        assert!(first.steps().iter().all(|step| step.ends_with(" create done")), "{words:?}: {:?}", first.steps());
        assert_eq!(first.json()["warnings"].to_string().matches("lack").count(), 0, "{}", first.stdout);
        let verified = run(&["verify"]).ends(0);
        assert_eq!(verified.json()["ok"], true, "{words:?}: {}", verified.stdout);
        looked_at_by_a_reader(&world, words, &verified.json());
        let second = run(&["apply", "--yes"]).ends(0);
        assert!(second.steps().iter().all(|step| step.ends_with(" keep unchanged")), "{words:?}: {:?}", second.steps());
    }
}

/// Whoever has the policy for `verify` sees the same, and may write nothing.
fn looked_at_by_a_reader(world: &Emulated, words: &[&str], seen: &Value) {
    let printed = world.onboard(&["permissions", "--for", "verify"]).args(words).run().ends(0);
    let key = named_operator(world, "reader", &for_ministack(&printed.stdout));
    let run = |command: &[&str]| world.onboard_as(&key, command).args(&["--output", "json"]).args(words).run();
    let verified = run(&["verify"]).ends(0).json();
    assert_eq!(outcomes(&verified), outcomes(seen), "{words:?}");
    let planned = run(&["plan", "--detailed-exitcode"]).ends(0).json();
    assert!(planned["warnings"].to_string().contains("you may lack"), "{planned}");
    run(&["apply", "--yes", "--tag", "another=one"]).ends(4);
}

fn outcomes(verified: &Value) -> Vec<(Value, Value)> {
    let checks = verified["checks"].as_array().expect("checks");
    checks.iter().map(|check| (check["check"].clone(), check["status"].clone())).collect()
}
