//! Which answers the SDK should try again although it does not by itself.

use aws_smithy_runtime_api::client::interceptors::context::InterceptorContext;
use aws_smithy_runtime_api::client::retries::classifiers::{ClassifyRetry, RetryAction, RetryClassifierPriority};

/// A success that does not hold what the service promises: something in between has answered, a hotel's sign-in page or a
/// proxy, and the next attempt may reach AWS.
#[derive(Debug)]
pub struct WrongBody;

impl ClassifyRetry for WrongBody {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let failed = matches!(context.output_or_error(), Some(Err(_)));
        let success = context.response().is_some_and(|response| response.status().is_success());
        if failed && success { RetryAction::transient_error() } else { RetryAction::NoActionIndicated }
    }

    fn name(&self) -> &'static str {
        "wrong body"
    }

    fn priority(&self) -> RetryClassifierPriority {
        RetryClassifierPriority::run_after(RetryClassifierPriority::modeled_as_retryable_classifier())
    }
}

/// S3 answers 409 OperationAborted, and IAM ConcurrentModification, while another change to the same thing is under
/// way; both say to try again, and the SDK does not know either.
#[derive(Debug)]
pub struct ConcurrentChange;

impl ClassifyRetry for ConcurrentChange {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let Some(response) = context.response() else { return RetryAction::NoActionIndicated };
        if response.status().as_u16() != 409 {
            return RetryAction::NoActionIndicated;
        }
        let body = response.body().bytes().unwrap_or_default();
        let names = |code: &str| body.windows(code.len()).any(|window| window == code.as_bytes());
        if names("<Code>OperationAborted</Code>") || names("<Code>ConcurrentModification</Code>") {
            return RetryAction::throttling_error();
        }
        RetryAction::NoActionIndicated
    }

    fn name(&self) -> &'static str {
        "concurrent change"
    }

    fn priority(&self) -> RetryClassifierPriority {
        RetryClassifierPriority::run_after(RetryClassifierPriority::modeled_as_retryable_classifier())
    }
}
