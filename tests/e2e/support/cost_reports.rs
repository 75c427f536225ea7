//! The Cost and Usage Report service for a server that has none.
//! <https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_Operations_AWS_Cost_and_Usage_Report_Service.html>

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::front::{Answer, Seen};
use super::strictness::Refusal;

/// The page's size is fixed, whatever MaxResults says.
const PAGE: usize = 5;

/// The definitions of one account, each with its tags, by name.
#[derive(Default)]
pub struct CostReports(BTreeMap<String, (Value, BTreeMap<String, String>)>);

impl CostReports {
    /// Carries out one request.
    pub fn answer(&mut self, request: &Seen) -> Result<Answer, Refusal> {
        let body: Value = serde_json::from_slice(&request.body)
            .map_err(|_| Refusal::new(400, "SerializationException", "The request is no JSON."))?;
        let answer = match request.action.as_str() {
            "DescribeReportDefinitions" => self.describe(&body)?,
            "PutReportDefinition" => self.put(&body)?,
            "ModifyReportDefinition" => self.modify(&body)?,
            "ListTagsForResource" => {
                let tags = self.found(&body)?.1.iter();
                json!({ "Tags": tags.map(|(key, value)| json!({ "Key": key, "Value": value })).collect::<Vec<_>>() })
            }
            "TagResource" => {
                self.found(&body)?.1.extend(tags(&body));
                json!({})
            }
            "DeleteReportDefinition" => {
                self.0.remove(name(&body)).ok_or_else(|| validation("Report definition does not exist."))?;
                json!({ "ResponseMessage": format!("Successfully deleted report {}.", name(&body)) })
            }
            other => return Err(Refusal::new(400, "UnknownOperationException", other)),
        };
        Ok(Answer::of(200, "application/x-amz-json-1.1", answer.to_string()))
    }

    fn describe(&self, body: &Value) -> Result<Value, Refusal> {
        let start = match &body["NextToken"] {
            Value::Null => 0,
            token => {
                token.as_str().and_then(|text| text.parse().ok()).ok_or_else(|| validation("Invalid NextToken."))?
            }
        };
        let page: Vec<&Value> = self.0.values().skip(start).take(PAGE).map(|(definition, _)| definition).collect();
        let mut answer = json!({ "ReportDefinitions": page });
        if start + PAGE < self.0.len() {
            answer["NextToken"] = json!((start + PAGE).to_string());
        }
        Ok(answer)
    }

    fn put(&mut self, body: &Value) -> Result<Value, Refusal> {
        let definition = complete(body)?;
        let name = definition["ReportName"].as_str().unwrap_or_default().to_owned();
        if self.0.contains_key(&name) {
            let message = format!("A report named {name} already exists.");
            return Err(Refusal::new(400, "DuplicateReportNameException", message));
        }
        self.0.insert(name, (definition, tags(body)));
        Ok(json!({}))
    }

    fn modify(&mut self, body: &Value) -> Result<Value, Refusal> {
        let definition = complete(body)?;
        let found = self.found(body)?;
        for fixed in ["ReportName", "TimeUnit", "AdditionalSchemaElements", "ReportVersioning"] {
            if definition[fixed] != found.0[fixed] {
                return Err(validation(format!("{fixed} cannot be modified.")));
            }
        }
        found.0 = definition;
        Ok(json!({}))
    }

    fn found(&mut self, body: &Value) -> Result<&mut (Value, BTreeMap<String, String>), Refusal> {
        let missing = || Refusal::new(400, "ResourceNotFoundException", "The report does not exist.");
        self.0.get_mut(name(body)).ok_or_else(missing)
    }
}

fn name(body: &Value) -> &str {
    body["ReportName"].as_str().unwrap_or_default()
}

/// The members that the service requires; of the empty ones only the list may be so.
fn complete(body: &Value) -> Result<Value, Refusal> {
    let definition = &body["ReportDefinition"];
    for member in ["ReportName", "TimeUnit", "Format", "Compression", "S3Bucket", "S3Prefix", "S3Region"] {
        if definition[member].as_str().is_none_or(str::is_empty) {
            return Err(validation(format!("{member} must not be null")));
        }
    }
    if !definition["AdditionalSchemaElements"].is_array() {
        return Err(validation("AdditionalSchemaElements must not be null"));
    }
    if (definition["Format"] == "Parquet") != (definition["Compression"] == "Parquet") {
        return Err(validation(""));
    }
    Ok(definition.clone())
}

fn tags(body: &Value) -> BTreeMap<String, String> {
    let text = |tag: &Value, member: &str| tag[member].as_str().unwrap_or_default().to_owned();
    body["Tags"].as_array().into_iter().flatten().map(|tag| (text(tag, "Key"), text(tag, "Value"))).collect()
}

fn validation(message: impl Into<String>) -> Refusal {
    Refusal::new(400, "ValidationException", message)
}
