//! Cost and Usage Reports: the definitions, five to a page and five in all. What CUR asks of a definition stands in
//! `cur_rules`.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::{Map, Value, json};
use time::OffsetDateTime;
use time::macros::format_description;

use super::refusal::Refusal;
use super::{Aws, cur_rules};
use crate::sandbox::message::{Answer, Request};

/// The page's size is fixed, whatever MaxResults says.
const PAGE: usize = 5;
/// AWS raises this quota for those who ask.
const QUOTA: usize = 5;

/// The CUR service.
#[derive(Debug)]
pub struct Reports {
    list: Mutex<BTreeMap<String, Report>>,
    delivery: Option<Duration>,
}

#[derive(Clone, Debug)]
struct Report {
    definition: Value,
    tags: BTreeMap<String, String>,
    made: OffsetDateTime,
}

impl Report {
    /// As CUR shows it: from so long after it was made on, it was delivered, if nothing else was said of that.
    fn shown(&self, delivery: Option<Duration>) -> Value {
        let mut shown = self.definition.clone();
        if let Some(at) = delivery.map(|delivery| self.made + delivery)
            && at <= OffsetDateTime::now_utc()
            && shown["ReportStatus"].is_null()
        {
            shown["ReportStatus"] = json!({"lastStatus": "SUCCESS", "lastDelivery": compact(at)});
        }
        shown
    }
}

fn compact(at: OffsetDateTime) -> String {
    at.format(format_description!("[year][month][day]T[hour][minute][second]Z")).unwrap_or_default()
}

type Outcome = Result<Value, Refusal>;

/// Carries out one action; CUR lives in us-east-1 alone, so that a client that signs for elsewhere finds no service.
pub async fn answer(aws: &Aws, region: &str, action: &str, request: &Request) -> Result<Answer, Refusal> {
    if region != "us-east-1" {
        let message =
            format!("Credential should be scoped to a valid region, not '{region}': cur is served by us-east-1 alone.");
        return Err(Refusal::new(403, "InvalidSignatureException", message));
    }
    let body = request.json().ok_or_else(|| Refusal::new(400, "SerializationException", "The request is no JSON."))?;
    let reports = || aws.reports.lock();
    let body = match action {
        "PutReportDefinition" => put(aws, &body).await?,
        "ModifyReportDefinition" => modify(aws, &body).await?,
        "DescribeReportDefinitions" => describe(&reports(), &body, aws.reports.delivery)?,
        "DeleteReportDefinition" => delete(&mut reports(), &body)?,
        "TagResource" | "UntagResource" | "ListTagsForResource" => tags(&mut reports(), action, &body)?,
        _ => {
            return Err(Refusal::new(
                400,
                "UnknownOperationException",
                format!("The sandbox does not know cur:{action}"),
            ));
        }
    };
    Ok(Answer::of(200, "application/x-amz-json-1.1", body.to_string()))
}

impl Reports {
    /// None yet; each is delivered so long after it was made, or never.
    pub fn new(delivery: Option<Duration>) -> Self {
        Self { list: Mutex::default(), delivery }
    }

    /// Every definition with its tags.
    pub fn state(&self) -> Value {
        let shown = |report: &Report| json!({ "definition": report.definition, "tags": report.tags });
        self.lock().iter().map(|(name, report)| (name.clone(), shown(report))).collect()
    }

    /// How the last delivery of a report went; false if there is no such report.
    pub fn set_status(&self, name: &str, status: &Value) -> bool {
        let mut reports = self.lock();
        let Some(report) = reports.get_mut(name) else { return false };
        report.definition["ReportStatus"] = status.clone();
        true
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Report>> {
        self.list.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn put(aws: &Aws, body: &Value) -> Outcome {
    let definition = &body["ReportDefinition"];
    let name = cur_rules::check(definition)?;
    has_room(&aws.reports.lock(), &name)?;
    cur_rules::check_bucket(&aws.s3, definition).await?;
    let mut reports = aws.reports.lock();
    // Again: while the bucket was looked at, another request may have come first.
    has_room(&reports, &name)?;
    let made = OffsetDateTime::now_utc();
    reports.insert(name, Report { definition: stored(definition), tags: tags_in(body), made });
    Ok(json!({}))
}

fn has_room(reports: &BTreeMap<String, Report>, name: &str) -> Result<(), Refusal> {
    if reports.contains_key(name) {
        let message = format!("A report named {name} already exists.");
        return Err(Refusal::new(400, "DuplicateReportNameException", message));
    }
    if reports.len() >= QUOTA {
        let message = format!("The limit of {QUOTA} reports has been reached.");
        return Err(Refusal::new(400, "ReportLimitReachedException", message));
    }
    Ok(())
}

async fn modify(aws: &Aws, body: &Value) -> Outcome {
    let definition = &body["ReportDefinition"];
    let name = cur_rules::check(definition)?;
    let old = aws.reports.lock().get(&name).cloned().ok_or_else(|| missing(&name))?;
    for fixed in ["ReportName", "TimeUnit", "AdditionalSchemaElements", "ReportVersioning"] {
        if !definition[fixed].is_null() && definition[fixed] != old.definition[fixed] {
            return Err(cur_rules::validation(format!("{fixed} cannot be modified.")));
        }
    }
    cur_rules::check_bucket(&aws.s3, definition).await?;
    aws.reports.lock().insert(name, Report { definition: stored(definition), ..old });
    Ok(json!({}))
}

fn describe(reports: &BTreeMap<String, Report>, body: &Value, delivery: Option<Duration>) -> Outcome {
    let start: usize = match body["NextToken"].as_str() {
        Some(token) => token.parse().map_err(|_| cur_rules::validation("Invalid NextToken."))?,
        None => 0,
    };
    let page: Vec<Value> = reports.values().skip(start).take(PAGE).map(|report| report.shown(delivery)).collect();
    let mut answer = json!({"ReportDefinitions": page});
    if start + PAGE < reports.len() {
        answer["NextToken"] = json!((start + PAGE).to_string());
    }
    Ok(answer)
}

fn delete(reports: &mut BTreeMap<String, Report>, body: &Value) -> Outcome {
    let name = body["ReportName"].as_str().unwrap_or_default();
    reports.remove(name).ok_or_else(|| cur_rules::validation(format!("Report definition {name} does not exist.")))?;
    Ok(json!({"ResponseMessage": format!("Successfully deleted report {name}.")}))
}

fn tags(reports: &mut BTreeMap<String, Report>, action: &str, body: &Value) -> Outcome {
    let name = body["ReportName"].as_str().unwrap_or_default();
    let report = reports.get_mut(name).ok_or_else(|| missing(name))?;
    match action {
        "TagResource" => report.tags.extend(tags_in(body)),
        "UntagResource" => {
            for key in body["TagKeys"].as_array().into_iter().flatten().filter_map(Value::as_str) {
                report.tags.remove(key);
            }
        }
        _ => {
            let tags: Vec<Value> = report.tags.iter().map(|(key, value)| json!({"Key": key, "Value": value})).collect();
            return Ok(json!({"Tags": tags}));
        }
    }
    Ok(json!({}))
}

fn tags_in(body: &Value) -> BTreeMap<String, String> {
    let text = |tag: &Value, field: &str| tag[field].as_str().unwrap_or_default().to_owned();
    body["Tags"].as_array().into_iter().flatten().map(|tag| (text(tag, "Key"), text(tag, "Value"))).collect()
}

/// With the values that CUR fills in; a new report has no status.
fn stored(definition: &Value) -> Value {
    let mut fields: Map<String, Value> = definition.as_object().cloned().unwrap_or_default();
    fields.remove("ReportStatus");
    fields.entry("AdditionalArtifacts").or_insert(json!([]));
    fields.entry("RefreshClosedReports").or_insert(json!(true));
    fields.entry("ReportVersioning").or_insert(json!("CREATE_NEW_REPORT"));
    Value::Object(fields)
}

fn missing(name: &str) -> Refusal {
    Refusal::new(400, "ResourceNotFoundException", format!("The report {name} does not exist."))
}
