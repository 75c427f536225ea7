//! Setting a bucket's policy: what S3 checks before it stores one.

use serde_json::Value;

use super::S3;
use crate::sandbox::aws::iam::{Iam, check_principal};
use crate::sandbox::aws::refusal::Refusal;
use crate::sandbox::message::{Answer, Request, text_of};
use crate::sandbox::policy::{grammar, statements};

/// A bucket policy's quota, in bytes.
const SIZE: usize = 20 * 1024;

impl S3 {
    /// PutBucketPolicy.
    pub(super) async fn put_policy(&self, request: &Request, bucket: &str, iam: &Iam) -> Result<Answer, Refusal> {
        let document = check(&String::from_utf8_lossy(&request.body), bucket, iam)?;
        if is_public(&document) && self.blocks_public_policies(bucket).await {
            let message = "User is not authorized to perform: s3:PutBucketPolicy because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.";
            return Err(Refusal::new(403, "AccessDenied", message));
        }
        Ok(self.inner(request).await)
    }

    async fn blocks_public_policies(&self, bucket: &str) -> bool {
        let answer = self.ask("GET", bucket, "publicAccessBlock", "").await;
        text_of(&String::from_utf8_lossy(&answer.body), "BlockPublicPolicy") == Some("true")
    }
}

fn check(text: &str, bucket: &str, iam: &Iam) -> Result<Value, Refusal> {
    let malformed = |message: String| Refusal::new(400, "MalformedPolicy", message);
    if text.len() > SIZE {
        return Err(malformed("Policy exceeds the maximum allowed document size.".into()));
    }
    let document = grammar::bucket(text, bucket).map_err(malformed)?;
    for statement in statements(&document) {
        for (kind, name) in grammar::principals(statement) {
            check_principal(&iam.store(), kind, name).map_err(malformed)?;
        }
    }
    Ok(document)
}

/// Whether a statement lets everybody in. AWS weighs conditions; we let any condition count as a fence.
fn is_public(document: &Value) -> bool {
    statements(document).into_iter().any(|statement| {
        statement["Effect"] == "Allow"
            && statement.get("Condition").is_none()
            && grammar::principals(statement).contains(&("AWS", "*"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"billingreports.amazonaws.com"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::b/*"}]}"#;

    #[test]
    fn principals_must_exist() {
        let iam = Iam::default();
        assert!(check(GOOD, "b", &iam).is_ok());
        for (from, to) in [
            ("billingreports.amazonaws.com", "billingreport.amazonaws.com"),
            ("billingreports.amazonaws.com", "billingreports.aws.com"),
            (r#"{"Service":"billingreports.amazonaws.com"}"#, r#"{"AWS":"arn:aws:iam::111122223333:role/nobody"}"#),
            (r#"{"Service":"billingreports.amazonaws.com"}"#, r#"{"AWS":"me"}"#),
        ] {
            assert_eq!(check(&GOOD.replace(from, to), "b", &iam).expect_err(to).code, "MalformedPolicy");
        }
    }

    #[test]
    fn knows_a_public_policy() {
        let public = |principal: &str| {
            let text = GOOD.replace(r#"{"Service":"billingreports.amazonaws.com"}"#, principal);
            is_public(&serde_json::from_str(&text).unwrap())
        };
        assert!(public("\"*\""));
        assert!(public("{\"AWS\":[\"*\"]}"));
        assert!(!public("{\"AWS\":\"111122223333\"}"));
        let fenced =
            GOOD.replace("\"Effect\"", "\"Condition\":{\"StringEquals\":{\"aws:SourceAccount\":\"1\"}},\"Effect\"");
        assert!(!is_public(&serde_json::from_str(&fenced).unwrap()));
    }
}
