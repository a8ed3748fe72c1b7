"""The rules of others: cdk-nag, cfn-lint, and no surprises in the template."""

from __future__ import annotations

import json

import pytest

from tests.infra.linting import findings


@pytest.mark.parametrize("stage", ["app", "other", "full", "console", "own_domain", "campaigns"])
def test_cdk_nag_has_nothing_to_say(stage, request):
    folder = request.getfixturevalue(stage).folder
    report = json.loads((folder / "validation-report.json").read_text())
    assert not [
        violation for plugin in report["pluginReports"] for violation in plugin["violations"]
    ]


@pytest.mark.parametrize(
    ("stage", "region"),
    [
        ("app", "us-east-1"),
        ("other", "eu-west-1"),
        ("full", "us-east-1"),
        ("console", "us-east-1"),
        ("own_domain", "eu-central-1"),
        ("campaigns", "eu-central-1"),
    ],
)
def test_cfn_lint_has_nothing_to_say(stage, region, request):
    assert not findings(request.getfixturevalue(stage).templates.values(), region=region)


def _broken(excuses: dict[str, str], tmp_path) -> str:
    import aws_cdk as cdk
    from aws_cdk import aws_sqs as sqs

    from infra.kit import nag

    app = cdk.App(outdir=str(tmp_path))
    queue = sqs.Queue(cdk.Stack(app, "Stack"), "Queue")
    nag.acknowledge(queue, excuses)
    nag.attach(app)
    with pytest.raises(RuntimeError, match="ValidationFailed"):
        app.synth()
    return (tmp_path / "validation-report.json").read_text()


def test_a_finding_that_nobody_excused_stops_the_synth(tmp_path):
    assert "AwsSolutions-SQS4" in _broken({}, tmp_path)


def test_an_excuse_for_everything_names_each_action_that_it_covers(tmp_path):
    import aws_cdk as cdk
    from aws_cdk import aws_iam as iam

    from infra.kit import grants, nag

    app = cdk.App(outdir=str(tmp_path))
    stack = cdk.Stack(app, "Stack")
    role = iam.Role(stack, "Role", assumed_by=iam.AccountRootPrincipal())
    for action in ("xray:PutTraceSegments", "s3:ListAllMyBuckets"):
        grants.allow(role, [action], "*")
    nag.acknowledge(
        role, {r"AwsSolutions-IAM5\[Resource::\*\]": "No resource: xray:PutTraceSegments."}
    )
    nag.attach(app)
    with pytest.raises(RuntimeError, match="ValidationFailed"):
        app.synth()
    report = (tmp_path / "validation-report.json").read_text()
    assert "no excuse names s3:ListAllMyBuckets" in report
    assert "no excuse names xray:PutTraceSegments" not in report


def test_an_excuse_that_excuses_nothing_stops_the_synth(tmp_path):
    excuses = {"AwsSolutions-SQS.*|Serverless-SQS.*": "All of them.", "AwsSolutions-S1": "Stale."}
    report = _broken(excuses, tmp_path)
    assert "StaleAcknowledgement" in report
    assert "AwsSolutions-SQS4" not in report


@pytest.mark.parametrize("stage", ["app", "other", "full"])
def test_there_are_no_custom_resources(stage, request):
    kinds = request.getfixturevalue(stage).kinds()
    assert not [kind for kind in kinds if kind.startswith("Custom::")]
    assert "AWS::CloudFormation::CustomResource" not in kinds


def test_the_outputs_name_what_others_need(app):
    assert app.outputs().keys() >= {
        "DataBucket",
        "IdentitiesBucket",
        "RunsTable",
        "Database",
        "ProfilesDomain",
        "ErasuresMachineArn",
        "ReceiptKeyArn",
        "StateMachineArn",
        "TopicArn",
    }
    assert app.outputs()["ProfilesDomain"] == "amazon-connect-tessera-dev"


def test_everything_is_tagged(app):
    for table in app.resources("AWS::DynamoDB::Table"):
        assert {"Key": "project", "Value": "tessera"} in table["Tags"]
        assert {"Key": "stage", "Value": "dev"} in table["Tags"]
