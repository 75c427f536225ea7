"""The same job as a boto3 script: one request after another, each thing looked at before it is made.

Expects the AWS_* and OPTIMA_* variables that `optima-onboard sandbox` prints.
"""

import json
import os
import urllib.error
import urllib.parse
import urllib.request

import boto3
from botocore.exceptions import ClientError

ORG = os.environ["OPTIMA_ORG_ID"]
NAME = "FlexeraOptimaAccess"
REPORT = "flexera-optima"
TAGS = [{"Key": "optima-onboard:org-id", "Value": ORG}]


def absent(call, **arguments):
    """Whether a read says that there is no such thing."""
    try:
        call(**arguments)
        return False
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
            return True
        raise


def send(url, body=None, **headers):
    with urllib.request.urlopen(urllib.request.Request(url, body, headers)) as answer:
        return json.loads(answer.read() or b"{}")


def make_bucket(bucket, account):
    s3 = boto3.client("s3")
    if absent(s3.head_bucket, Bucket=bucket):
        s3.create_bucket(Bucket=bucket, ObjectOwnership="BucketOwnerEnforced")
    s3.put_public_access_block(
        Bucket=bucket,
        PublicAccessBlockConfiguration={
            "BlockPublicAcls": True,
            "IgnorePublicAcls": True,
            "BlockPublicPolicy": True,
            "RestrictPublicBuckets": True,
        },
    )
    sse = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [sse]})
    s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": TAGS})
    shared = {
        "Effect": "Allow",
        "Principal": {"Service": "billingreports.amazonaws.com"},
        "Condition": {
            "StringEquals": {
                "aws:SourceAccount": account,
                "aws:SourceArn": f"arn:aws:cur:us-east-1:{account}:definition/*",
            }
        },
    }
    arn = f"arn:aws:s3:::{bucket}"
    statements = [
        {**shared, "Action": ["s3:GetBucketAcl", "s3:GetBucketPolicy"], "Resource": arn},
        {**shared, "Action": "s3:PutObject", "Resource": f"{arn}/*"},
    ]
    s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps({"Version": "2012-10-17", "Statement": statements}))


def make_report(bucket):
    cur = boto3.client("cur", region_name="us-east-1")
    if any(report["ReportName"] == REPORT for report in cur.describe_report_definitions()["ReportDefinitions"]):
        return
    cur.put_report_definition(
        ReportDefinition={
            "ReportName": REPORT,
            "TimeUnit": "HOURLY",
            "Format": "textORcsv",
            "Compression": "GZIP",
            "AdditionalSchemaElements": ["RESOURCES"],
            "S3Bucket": bucket,
            "S3Prefix": "billing",
            "S3Region": "us-east-1",
            "RefreshClosedReports": True,
            "ReportVersioning": "CREATE_NEW_REPORT",
        }
    )


def make_role(bucket, account):
    iam = boto3.client("iam")
    policy_arn = f"arn:aws:iam::{account}:policy/{NAME}"
    arn = f"arn:aws:s3:::{bucket}"
    may_read = [
        {"Effect": "Allow", "Action": ["s3:ListBucket", "s3:GetBucketLocation"], "Resource": arn},
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": f"{arn}/*"},
        {"Effect": "Allow", "Action": ["organizations:Describe*", "organizations:List*"], "Resource": "*"},
        {"Effect": "Allow", "Action": "ce:GetReservationUtilization", "Resource": "*"},
    ]
    trust = [
        {
            "Effect": "Allow",
            "Principal": {"AWS": "arn:aws:iam::451234325714:role/production_customer_access"},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"sts:ExternalId": ORG}},
        }
    ]
    document = lambda statements: json.dumps({"Version": "2012-10-17", "Statement": statements})
    if absent(iam.get_policy, PolicyArn=policy_arn):
        iam.create_policy(PolicyName=NAME, PolicyDocument=document(may_read), Tags=TAGS)
    if absent(iam.get_role, RoleName=NAME):
        iam.create_role(RoleName=NAME, AssumeRolePolicyDocument=document(trust), Tags=TAGS)
    iam.attach_role_policy(RoleName=NAME, PolicyArn=policy_arn)
    return f"arn:aws:iam::{account}:role/{NAME}"


def connect(token, bucket, account, role_arn):
    connects = f"{os.environ['OPTIMA_API_URL']}/api/onboarding/orgs/{ORG}/bill_connects/aws"
    headers = {"Authorization": f"Bearer {token}", "Api-Version": "1.0", "Content-Type": "application/json"}
    try:
        send(f"{connects}/aws-{account}", **headers)
        return
    except urllib.error.HTTPError as error:
        if error.code != 404:
            raise
    body = {
        "aws_bill_account_id": account,
        "aws_bucket_name": bucket,
        "aws_bucket_path": "billing",
        "aws_sts_role_arn": role_arn,
    }
    send(f"{connects}/iam_role", json.dumps(body).encode(), **headers)


def main():
    form = {"grant_type": "refresh_token", "refresh_token": os.environ["OPTIMA_REFRESH_TOKEN"]}
    token = send(os.environ["OPTIMA_LOGIN_URL"], urllib.parse.urlencode(form).encode())["access_token"]
    account = boto3.client("sts").get_caller_identity()["Account"]
    organization = boto3.client("organizations").describe_organization()["Organization"]
    if organization["MasterAccountId"] != account:
        raise SystemExit("not the payer account")
    bucket = f"flexera-optima-{account}-{ORG}"
    make_bucket(bucket, account)
    make_report(bucket)
    connect(token, bucket, account, make_role(bucket, account))


main()
