//! Inside, the sandbox knows commercial AWS alone. In another partition everything is translated at its door: ARNs, and
//! where the report service is at home. What names the wrong partition is refused, as AWS does.

use super::refusal::Refusal;
use super::{Called, Protocol};
use crate::sandbox::message::{Answer, Request};
use crate::spec::names::Partition;

/// From the sandbox's partition to commercial AWS and back.
#[derive(Clone, Copy, Debug)]
pub struct Translation(Partition);

impl Translation {
    /// Into commercial AWS from this partition, and back.
    pub fn of(partition: Partition) -> Self {
        Self(partition)
    }

    /// Which partition.
    pub fn partition(self) -> Partition {
        self.0
    }

    /// A request as the inside understands it.
    pub fn inward(self, request: &Request, called: &Called) -> Result<Request, Refusal> {
        let mut request = request.clone();
        if self.0 == Partition::Aws {
            return Ok(request);
        }
        let text = String::from_utf8_lossy(&request.body).into_owned();
        if text.contains("arn:aws:") || text.contains("arn%3Aaws%3A") {
            return Err(wrong_partition(called));
        }
        request.body = self.pairs().iter().fold(text, |text, (theirs, ours)| text.replace(theirs, ours)).into();
        if let Some(signed) = request.header("authorization") {
            let moved = signed.replace("/us-east-1/cur/", "/elsewhere/cur/");
            let moved = moved.replace(&format!("/{}/cur/", self.home()), "/us-east-1/cur/");
            if let Ok(value) = moved.parse() {
                request.headers.insert("authorization", value);
            }
        }
        Ok(request)
    }

    /// An answer as the partition speaks.
    pub fn outward(self, mut answer: Answer) -> Answer {
        if self.0 != Partition::Aws {
            let text = String::from_utf8_lossy(&answer.body).into_owned();
            answer.body = self.pairs().iter().fold(text, |text, (theirs, ours)| text.replace(ours, theirs)).into();
        }
        answer
    }

    /// Where the report service is: one region of each partition.
    fn home(self) -> &'static str {
        match self.0 {
            Partition::Aws => "us-east-1",
            Partition::AwsCn => "cn-northwest-1",
            Partition::AwsUsGov => "us-gov-west-1",
        }
    }

    /// Theirs and ours, the longer first, plain and as a form carries it.
    fn pairs(self) -> [(String, String); 4] {
        let (partition, home) = (self.0, self.home());
        let report = (format!("arn:{partition}:cur:{home}:"), "arn:aws:cur:us-east-1:".to_owned());
        let any = (format!("arn:{partition}:"), "arn:aws:".to_owned());
        let encoded = |(theirs, ours): &(String, String)| (theirs.replace(':', "%3A"), ours.replace(':', "%3A"));
        let (report_encoded, any_encoded) = (encoded(&report), encoded(&any));
        [report, any, report_encoded, any_encoded]
    }
}

fn wrong_partition(called: &Called) -> Refusal {
    let code = match called.protocol {
        Protocol::Query => "MalformedPolicyDocument",
        Protocol::RestXml => "MalformedPolicy",
        Protocol::Json => "ValidationException",
    };
    Refusal::new(400, code, "Partition \"aws\" is not valid for resource \"arn:aws:\".")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(body: &str, scope: &str) -> Request {
        let mut headers = http::HeaderMap::new();
        headers.insert(
            "authorization",
            format!("AWS4-HMAC-SHA256 Credential=K/20260101/{scope}/aws4_request").parse().unwrap(),
        );
        Request { method: "POST".into(), path: "/".into(), query: String::new(), headers, body: body.to_owned().into() }
    }

    #[test]
    fn there_and_back() {
        let china = Translation::of(Partition::AwsCn);
        let body = "a=arn:aws-cn:s3:::b&b=arn%3Aaws-cn%3Acur%3Acn-northwest-1%3A1%3Adefinition%2F%2A";
        let asked = request(body, "cn-northwest-1/cur");
        let inside = china.inward(&asked, &Called::of(&asked)).unwrap();
        assert_eq!(inside.body, "a=arn:aws:s3:::b&b=arn%3Aaws%3Acur%3Aus-east-1%3A1%3Adefinition%2F%2A");
        assert!(inside.header("authorization").unwrap().contains("/us-east-1/cur/"));
        assert_eq!(china.outward(Answer::of(200, "text/xml", inside.body)).body, body);
    }

    #[test]
    fn the_wrong_partition_and_the_wrong_home_are_refused() {
        let china = Translation::of(Partition::AwsCn);
        let asked = request("a=arn:aws:s3:::b", "cn-north-1/iam");
        assert_eq!(china.inward(&asked, &Called::of(&asked)).unwrap_err().code, "MalformedPolicyDocument");
        let asked = request("", "us-east-1/cur");
        let inside = china.inward(&asked, &Called::of(&asked)).unwrap();
        assert!(!inside.header("authorization").unwrap().contains("/us-east-1/"));
    }
}
