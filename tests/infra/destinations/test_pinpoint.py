"""Pinpoint, whose support has ended: only who insists gets it, and then exactly what it needs."""

from __future__ import annotations

import json

import pytest

from infra.settings import StageSettings
from tessera.errors import InvalidInput
from tests.infra.linting import findings
from tests.infra.synthesis import synthesize
from tests.infra.template import listed

APPLICATION, OTHER = "0123456789abcdef", "fedcba9876543210"
CHOSEN = {
    "destinations": ["export", "pinpoint"],
    "allow_retired": True,
    "pinpoint": {"application_id": APPLICATION, "tenant_applications": [f"acme={OTHER}"]},
}


def parse(**settings):
    return StageSettings.parse("dev", {"stages": {"dev": settings}})


@pytest.fixture(scope="module")
def chosen():
    """A stage that insists on Pinpoint, in a region without Customer Profiles."""
    stage = {"region": "eu-west-1", "account": "111122223333", "retain": False, **CHOSEN}
    context = {"stage": "old", "tessera": {"stages": {"old": stage}}}
    return synthesize(context)


def test_naming_it_is_refused_with_the_day_and_the_alternatives():
    with pytest.raises(InvalidInput) as refused:
        parse(destinations=["export", "pinpoint"], pinpoint={"application_id": APPLICATION})
    for word in ("'pinpoint'", "2026-10-30", "customer_profiles", "klaviyo", "'allow_retired'"):
        assert word in str(refused.value)


def test_a_stage_that_allows_it_has_it_and_must_name_its_application():
    settings = parse(**CHOSEN)
    assert settings.run.destinations == ("export", "pinpoint")
    assert settings.pinpoint.applications == {"default": APPLICATION, "acme": OTHER}
    with pytest.raises(InvalidInput, match=r"'pinpoint.application_id'.*expected the id"):
        parse(**CHOSEN | {"pinpoint": {}})


@pytest.mark.parametrize(
    ("group", "word"),
    [
        ({"application_id": "a/b"}, "'pinpoint.application_id'"),
        ({"application_id": "a", "tenant_applications": ["acme"]}, "acme=<"),
        ({"application_id": "a", "tenant_applications": ["=b"]}, "acme=<"),
        ({"application_id": "a", "endpoints": True}, "unknown setting 'pinpoint.endpoints'"),
    ],
)
def test_wrong_settings_are_refused_by_name(group, word):
    with pytest.raises(InvalidInput) as refused:
        parse(**CHOSEN | {"pinpoint": group})
    assert word in str(refused.value)


@pytest.mark.parametrize("stage", ["app", "other"])
def test_without_it_nobody_may_do_anything_there(stage, request):
    app = request.getfixturevalue(stage)
    assert "mobiletargeting" not in json.dumps(app.templates)
    assert "pinpoint.amazonaws.com" not in json.dumps(app.templates)


def of(app, step, action):
    """Return what a step may do an action on."""
    statements = [s for s in app.statements(f"{step}Role") if action in listed(s["Action"])]
    return {resource for statement in statements for resource in listed(statement["Resource"])}


def test_each_function_may_do_its_part_in_the_tenants_applications(chosen):
    apps = ["arn:aws:mobiletargeting:eu-west-1:111122223333:apps/*"]
    assert of(chosen, "StartLoad", "mobiletargeting:GetApp") == set(apps)
    for action in ("CreateImportJob", "GetImportJobs"):
        assert of(chosen, "PollLoad", f"mobiletargeting:{action}") == set(apps)
    jobs = {f"{app}/jobs/import/*" for app in apps}
    assert of(chosen, "PollLoad", "mobiletargeting:GetImportJob") == jobs
    for action in ("CreateSegment", "GetSegments"):
        assert of(chosen, "EnsureSegments", f"mobiletargeting:{action}") == set(apps)
    segments = {f"{app}/segments/*" for app in apps}
    for action in ("DeleteSegment", "UpdateSegment"):
        assert of(chosen, "EnsureSegments", f"mobiletargeting:{action}") == segments
    allowed = [
        (owner, action)
        for owner, statement in chosen.all_statements()
        for action in listed(statement["Action"])
        if action.startswith("mobiletargeting:")
    ]
    erases = "EraseAtDestination"
    assert of(chosen, erases, "mobiletargeting:GetApp") == set(apps)
    users = {f"{app}/users/*" for app in apps}
    assert of(chosen, erases, "mobiletargeting:DeleteUserEndpoints") == users
    assert len(allowed) == 10


def test_pinpoint_reads_the_files_of_imports_and_nothing_else(chosen):
    [role] = [
        role
        for role in chosen.resources("AWS::IAM::Role")
        if "pinpoint.amazonaws.com" in json.dumps(role)
    ]
    [trust] = role["AssumeRolePolicyDocument"]["Statement"]
    assert chosen.resolve(trust["Condition"]) == {
        "StringEquals": {"aws:SourceAccount": "111122223333"}
    }
    statements = chosen.statements("PinpointImportRole")
    actions = {action for statement in statements for action in listed(statement["Action"])}
    assert actions == {"s3:GetObject", "s3:ListBucket", "s3:GetBucketLocation", "kms:Decrypt"}
    [read] = of(chosen, "PinpointImport", "s3:GetObject")
    assert read.endswith("/tenants/*/runs/*/destinations/pinpoint/imports/*")


def test_poll_load_passes_that_role_to_pinpoint_and_removes_the_files(chosen):
    [passed] = [s for s in chosen.statements("PollLoadRole") if "iam:PassRole" in s["Action"]]
    assert passed["Condition"] == {
        "StringEquals": {"iam:PassedToService": "pinpoint.amazonaws.com"}
    }
    assert "PinpointImportRole" in passed["Resource"]
    [removed] = of(chosen, "PollLoad", "s3:DeleteObject")
    assert removed.endswith("/destinations/pinpoint/imports/*")
    for step in ("StartLoad", "EnsureSegments"):
        assert not of(chosen, step, "s3:DeleteObject")


def test_the_transport_gets_the_application_of_each_tenant(chosen):
    [variable] = {
        one["Environment"]["Variables"]["OPTIONS"]
        for one in map(chosen.resolve, chosen.resources("AWS::Lambda::Function"))
        if "OPTIONS" in one["Environment"]["Variables"]
    }
    options = json.loads(variable)["pinpoint"]
    assert chosen.document(options["applications"]) == {"default": APPLICATION, "acme": OTHER}
    assert options["addresses"] is False
    assert options["role_arn"].startswith("arn:aws:iam::111122223333:role/")


def test_cdk_nag_and_cfn_lint_have_nothing_to_say(chosen):
    report = json.loads((chosen.folder / "validation-report.json").read_text())
    assert not [
        violation for plugin in report["pluginReports"] for violation in plugin["violations"]
    ]
    assert not findings(chosen.templates.values(), region="eu-west-1")
