//! What S3 does with everything under a bucket's keys at once: listing it page by page, which the inner service does not
//! do, and deleting it, each key by a permission of its own.

use super::{Asker, S3};
use crate::sandbox::aws::refusal::Refusal;
use crate::sandbox::message::{Answer, Request, element, text_of};

/// The largest page, and the most keys in one deletion.
const PAGE: usize = 1000;

impl S3 {
    /// ListObjectVersions.
    pub(super) async fn list_versions(&self, request: &Request, bucket: &str) -> Answer {
        let query = request.query_fields();
        let all = self.ask("GET", bucket, "versions&max-keys=1000000", "").await;
        if all.status != 200 {
            return all;
        }
        let text = String::from_utf8_lossy(&all.body).into_owned();
        let entries = sorted_entries(&text);
        let from = query.get("key-marker").map_or(0, |key| {
            let version = query.get("version-id-marker");
            entries.iter().position(|entry| is_at(entry, key, version)).map_or(entries.len(), |at| at + 1)
        });
        let size = query.get("max-keys").and_then(|size| size.parse().ok()).unwrap_or(PAGE).min(PAGE);
        let page = &entries[from..(from + size).min(entries.len())];
        let more = from + page.len() < entries.len();
        let next = page.last().filter(|_| more).map_or(String::new(), |last| {
            let part = |name: &str| text_of(last, name).unwrap_or_default();
            format!(
                "<NextKeyMarker>{}</NextKeyMarker><NextVersionIdMarker>{}</NextVersionIdMarker>",
                part("Key"),
                part("VersionId")
            )
        });
        let head = format!("{}{}{next}", element("Name", bucket), element("IsTruncated", &more.to_string()));
        Answer::of(
            200,
            "application/xml",
            format!(
                "<ListVersionsResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">{head}{}</ListVersionsResult>",
                page.concat()
            ),
        )
    }

    /// DeleteObjects. Where AWS would refuse single keys and delete the others, here nothing is deleted.
    pub(super) async fn delete_objects(
        &self,
        request: &Request,
        bucket: &str,
        asker: &Asker<'_>,
    ) -> Result<Answer, Refusal> {
        let body = String::from_utf8_lossy(&request.body).into_owned();
        let objects: Vec<&str> = parts(&body, "Object");
        if objects.is_empty() || objects.len() > PAGE {
            return Err(Refusal::new(
                400,
                "MalformedXML",
                "The XML you provided was not well-formed or did not validate against our published schema",
            ));
        }
        let policy = self.policy(bucket).await;
        let refused = objects.iter().filter_map(|object| {
            let key = text_of(object, "Key").unwrap_or_default();
            let action = if object.contains("<VersionId>") { "s3:DeleteObjectVersion" } else { "s3:DeleteObject" };
            let resource = format!("arn:aws:s3:::{bucket}/{key}");
            let refusal = asker.caller.may(asker.iam, action, &resource, policy.as_ref()).err()?;
            let words = [("Code", refusal.code), ("Message", &refusal.message)];
            let words: String = words.iter().map(|(name, text)| element(name, text)).collect();
            Some(format!("<Error><Key>{key}</Key>{words}</Error>"))
        });
        let refused: String = refused.collect();
        if refused.is_empty() {
            return Ok(self.inner(request).await);
        }
        Ok(Answer::of(200, "application/xml", format!("<DeleteResult>{refused}</DeleteResult>")))
    }
}

/// Versions and delete markers by key, as the inner service wrote each.
fn sorted_entries(listing: &str) -> Vec<String> {
    let whole = |name: &str| {
        let entry = |inside: &&str| format!("<{name}>{inside}</{name}>");
        parts(listing, name).iter().map(entry).collect::<Vec<_>>()
    };
    let mut entries = whole("Version");
    entries.extend(whole("DeleteMarker"));
    entries.sort_by_key(|entry| text_of(entry, "Key").map(str::to_owned));
    entries
}

fn is_at(entry: &str, key: &str, version: Option<&String>) -> bool {
    entry.contains(&element("Key", key)) && version.is_none_or(|version| entry.contains(&element("VersionId", version)))
}

/// The insides of every element of that name.
fn parts<'a>(text: &'a str, name: &str) -> Vec<&'a str> {
    let (begin, end) = (format!("<{name}>"), format!("</{name}>"));
    let after = text.split(&*begin).skip(1);
    after.filter_map(|rest| Some(rest.split_once(&*end)?.0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_come_by_key_whatever_they_are() {
        let listing = "<R><Version><Key>b</Key><VersionId>1</VersionId></Version><Version><Key>c</Key><VersionId>2</VersionId></Version><DeleteMarker><Key>a&amp;b</Key><VersionId>3</VersionId></DeleteMarker></R>";
        let entries = sorted_entries(listing);
        let found: Vec<_> = entries.iter().filter_map(|entry| text_of(entry, "VersionId")).collect();
        assert_eq!(found, ["3", "1", "2"]);
        assert!(is_at(&entries[0], "a&b", Some(&"3".to_owned())) && !is_at(&entries[0], "a&b", Some(&"1".to_owned())));
    }
}
