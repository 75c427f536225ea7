//! The Cost and Usage Report service as the report step needs it.
//! Source: <https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_Operations_AWS_Cost_and_Usage_Report_Service.html>

use aws_sdk_costandusagereport::types::{
    AdditionalArtifact, AwsRegion, CompressionFormat, ReportDefinition, ReportFormat, ReportVersioning, SchemaElement,
    Tag, TimeUnit,
};

use serde::Serialize;

use crate::aws::fault::{Answer, Fault};
use crate::aws::{Aws, complete};
use crate::spec::tags::Tags;

/// One report's definition, in the service's own words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Unique in the account.
    pub name: String,
    /// `HOURLY`, `DAILY`, `MONTHLY`.
    pub time_unit: String,
    /// `textORcsv`, `Parquet`.
    pub format: String,
    /// `GZIP`, `ZIP`, `Parquet`.
    pub compression: String,
    /// `RESOURCES`, `SPLIT_COST_ALLOCATION_DATA`, …
    pub schema_elements: Vec<String>,
    /// The bucket it goes to.
    pub bucket: String,
    /// The path prefix there.
    pub prefix: String,
    /// The bucket's region.
    pub region: String,
    /// `ATHENA`, `REDSHIFT`, `QUICKSIGHT`.
    pub artifacts: Vec<String>,
    /// Whether months that are closed are refreshed.
    pub refresh_closed: bool,
    /// `CREATE_NEW_REPORT`, `OVERWRITE_REPORT`.
    pub versioning: String,
    /// `SUCCESS`, `ERROR_PERMISSIONS`, `ERROR_NO_BUCKET`; absent before the first delivery.
    #[serde(skip)]
    pub last_status: Option<String>,
    /// When it was last delivered, as the service writes it.
    #[serde(skip)]
    pub last_delivery: Option<String>,
}

impl Aws {
    /// Every report of the account; the service gives five at a time.
    pub async fn reports(&self) -> Answer<Vec<Report>> {
        let mut pages = self.reports.describe_report_definitions().into_paginator().send();
        let mut found = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|e| Fault::of("cur:DescribeReportDefinitions", "", &e))?;
            found.extend(page.report_definitions.unwrap_or_default().into_iter().map(from_wire));
        }
        Ok(found)
    }

    /// The tags of a report.
    pub async fn report_tags(&self, name: &str) -> Answer<Tags> {
        let answer = self.reports.list_tags_for_resource().report_name(name).send().await;
        let answer = answer.map_err(|e| Fault::of("cur:ListTagsForResource", name, &e))?;
        Ok(Tags::found(answer.tags.unwrap_or_default().into_iter().map(|tag| (tag.key, tag.value))))
    }

    /// Creates the report.
    pub async fn put_report(&self, report: &Report, tags: &Tags) -> Answer<()> {
        let request =
            self.reports.put_report_definition().report_definition(to_wire(report)).set_tags(Some(cur_tags(tags)));
        request.send().await.map(drop).map_err(|e| Fault::of("cur:PutReportDefinition", &report.name, &e))
    }

    /// Changes the report of that name.
    pub async fn modify_report(&self, report: &Report) -> Answer<()> {
        let request =
            self.reports.modify_report_definition().report_name(&report.name).report_definition(to_wire(report));
        request.send().await.map(drop).map_err(|e| Fault::of("cur:ModifyReportDefinition", &report.name, &e))
    }

    /// Deletes the report's definition; what was delivered stays.
    pub async fn delete_report(&self, name: &str) -> Answer<()> {
        let answer = self.reports.delete_report_definition().report_name(name).send().await;
        answer.map(drop).map_err(|e| Fault::of("cur:DeleteReportDefinition", name, &e))
    }

    /// Adds tags to the report.
    pub async fn tag_report(&self, name: &str, tags: &Tags) -> Answer<()> {
        let request = self.reports.tag_resource().report_name(name).set_tags(Some(cur_tags(tags)));
        request.send().await.map(drop).map_err(|e| Fault::of("cur:TagResource", name, &e))
    }
}

fn from_wire(wire: ReportDefinition) -> Report {
    let status = wire.report_status;
    Report {
        name: wire.report_name,
        time_unit: wire.time_unit.as_str().to_owned(),
        format: wire.format.as_str().to_owned(),
        compression: wire.compression.as_str().to_owned(),
        schema_elements: wire.additional_schema_elements.iter().map(|e| e.as_str().to_owned()).collect(),
        bucket: wire.s3_bucket,
        prefix: wire.s3_prefix,
        region: wire.s3_region.as_str().to_owned(),
        artifacts: wire.additional_artifacts.unwrap_or_default().iter().map(|a| a.as_str().to_owned()).collect(),
        refresh_closed: wire.refresh_closed_reports.unwrap_or(false),
        // The service's default where a report of old has none.
        versioning: wire.report_versioning.map_or_else(|| "CREATE_NEW_REPORT".to_owned(), |v| v.as_str().to_owned()),
        last_status: status.as_ref().and_then(|s| s.last_status.as_ref()).map(|s| s.as_str().to_owned()),
        last_delivery: status.and_then(|s| s.last_delivery),
    }
}

fn to_wire(report: &Report) -> ReportDefinition {
    complete(
        ReportDefinition::builder()
            .report_name(&report.name)
            .time_unit(TimeUnit::from(report.time_unit.as_str()))
            .format(ReportFormat::from(report.format.as_str()))
            .compression(CompressionFormat::from(report.compression.as_str()))
            .set_additional_schema_elements(Some(
                report.schema_elements.iter().map(|e| SchemaElement::from(e.as_str())).collect(),
            ))
            .s3_bucket(&report.bucket)
            .s3_prefix(&report.prefix)
            .s3_region(AwsRegion::from(report.region.as_str()))
            .set_additional_artifacts(Some(
                report.artifacts.iter().map(|a| AdditionalArtifact::from(a.as_str())).collect(),
            ))
            .refresh_closed_reports(report.refresh_closed)
            .report_versioning(ReportVersioning::from(report.versioning.as_str()))
            .build(),
    )
}

fn cur_tags(tags: &Tags) -> Vec<Tag> {
    tags.iter().map(|(key, value)| complete(Tag::builder().key(key).value(value).build())).collect()
}
