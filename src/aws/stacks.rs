//! CloudFormation, for one read: what a stack says that it made.

use std::collections::BTreeMap;

use crate::aws::Aws;
use crate::aws::fault::{Answer, Fault};

/// A stack that is there.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stack {
    /// Its name.
    pub name: String,
    /// `CREATE_COMPLETE`, `ROLLBACK_COMPLETE`, …
    pub status: String,
    /// Its outputs by key.
    pub outputs: BTreeMap<String, String>,
}

impl Aws {
    /// Reads a stack of the region in use, by name or ARN. CloudFormation answers `ValidationError` for one that is not
    /// there, as for every other request that it does not like; only its words tell them apart.
    pub async fn stack(&self, name: &str) -> Answer<Option<Stack>> {
        let answer = self.stacks.describe_stacks().stack_name(name).send().await;
        let answer = match answer.map_err(|e| Fault::of("cloudformation:DescribeStacks", name, &e)) {
            Ok(answer) => answer,
            Err(fault) if fault.is("ValidationError") && fault.message.contains("does not exist") => return Ok(None),
            Err(fault) => return Err(fault),
        };
        Ok(answer.stacks.unwrap_or_default().into_iter().next().map(|stack| Stack {
            name: stack.stack_name.unwrap_or_default(),
            status: stack.stack_status.map(|status| status.as_str().to_owned()).unwrap_or_default(),
            outputs: stack
                .outputs
                .unwrap_or_default()
                .into_iter()
                .filter_map(|output| Some((output.output_key?, output.output_value?)))
                .collect(),
        }))
    }
}
