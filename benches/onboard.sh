#!/usr/bin/env bash
# The same job by hand: the AWS CLI and curl, one command after another, each thing looked at before it is made.
# Expects the AWS_* and OPTIMA_* variables that `optima-onboard sandbox` prints.
set -euo pipefail

org=$OPTIMA_ORG_ID
name=FlexeraOptimaAccess
report=flexera-optima
tags='Key=optima-onboard:org-id,Value='$org

token=$(curl -sS --fail-with-body "$OPTIMA_LOGIN_URL" --data-urlencode grant_type=refresh_token \
  --data-urlencode "refresh_token=$OPTIMA_REFRESH_TOKEN" | sed -E 's/.*"access_token": *"([^"]*)".*/\1/')
account=$(aws sts get-caller-identity --query Account --output text)
payer=$(aws organizations describe-organization --query Organization.MasterAccountId --output text)
[ "$payer" = "$account" ] || { echo "not the payer account" >&2; exit 1; }
bucket=flexera-optima-$account-$org
policy_arn=arn:aws:iam::$account:policy/$name

if ! aws s3api head-bucket --bucket "$bucket" >/dev/null 2>&1; then
  aws s3api create-bucket --bucket "$bucket" --object-ownership BucketOwnerEnforced >/dev/null
fi
aws s3api put-public-access-block --bucket "$bucket" --public-access-block-configuration \
  BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true
aws s3api put-bucket-encryption --bucket "$bucket" --server-side-encryption-configuration \
  '{"Rules":[{"ApplyServerSideEncryptionByDefault":{"SSEAlgorithm":"AES256"}}]}'
aws s3api put-bucket-tagging --bucket "$bucket" --tagging "TagSet=[{$tags}]"
condition='{"StringEquals":{"aws:SourceAccount":"'$account'","aws:SourceArn":"arn:aws:cur:us-east-1:'$account':definition/*"}}'
service='"Effect":"Allow","Principal":{"Service":"billingreports.amazonaws.com"}'
aws s3api put-bucket-policy --bucket "$bucket" --policy '{"Version":"2012-10-17","Statement":[
  {'"$service"',"Action":["s3:GetBucketAcl","s3:GetBucketPolicy"],"Resource":"arn:aws:s3:::'"$bucket"'","Condition":'"$condition"'},
  {'"$service"',"Action":"s3:PutObject","Resource":"arn:aws:s3:::'"$bucket"'/*","Condition":'"$condition"'}]}'

reports=$(aws cur describe-report-definitions --query 'ReportDefinitions[].ReportName' --output text)
if ! grep -qw "$report" <<<"$reports"; then
  aws cur put-report-definition --report-definition '{"ReportName":"'$report'","TimeUnit":"HOURLY","Format":"textORcsv",
    "Compression":"GZIP","AdditionalSchemaElements":["RESOURCES"],"S3Bucket":"'"$bucket"'","S3Prefix":"billing",
    "S3Region":"us-east-1","RefreshClosedReports":true,"ReportVersioning":"CREATE_NEW_REPORT"}' >/dev/null
fi

if ! aws iam get-policy --policy-arn "$policy_arn" >/dev/null 2>&1; then
  aws iam create-policy --policy-name $name --tags "$tags" --policy-document '{"Version":"2012-10-17","Statement":[
    {"Effect":"Allow","Action":["s3:ListBucket","s3:GetBucketLocation"],"Resource":"arn:aws:s3:::'"$bucket"'"},
    {"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::'"$bucket"'/*"},
    {"Effect":"Allow","Action":["organizations:Describe*","organizations:List*"],"Resource":"*"},
    {"Effect":"Allow","Action":"ce:GetReservationUtilization","Resource":"*"}]}' >/dev/null
fi
if ! aws iam get-role --role-name $name >/dev/null 2>&1; then
  aws iam create-role --role-name $name --tags "$tags" --assume-role-policy-document '{"Version":"2012-10-17",
    "Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::451234325714:role/production_customer_access"},
    "Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"'"$org"'"}}}]}' >/dev/null
fi
aws iam attach-role-policy --role-name $name --policy-arn "$policy_arn"

connects=$OPTIMA_API_URL/api/onboarding/orgs/$org/bill_connects/aws
api() { curl -sS -H "Authorization: Bearer $token" -H 'Api-Version: 1.0' "$@"; }
if ! api --fail "$connects/aws-$account" >/dev/null 2>&1; then
  api --fail-with-body -H 'Content-Type: application/json' "$connects/iam_role" -d '{"aws_bill_account_id":"'"$account"'",
    "aws_bucket_name":"'"$bucket"'","aws_bucket_path":"billing","aws_sts_role_arn":"arn:aws:iam::'"$account"':role/'$name'"}' >/dev/null
fi
