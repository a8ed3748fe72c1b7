"""The stacks of curation and of exports: what is deployed, and exactly what the job may touch."""

from __future__ import annotations

import json

import pytest

from infra.settings import StageSettings
from tessera.environments.curate import CurateEnvironment
from tessera.errors import InvalidInput
from tests.infra.rights import may
from tests.infra.switches import OWN_BUCKET, synthesize_switches

ELSEWHERE = "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d"
SALESFORCE = {"objects": ["salesforce-accounts"], "appflow": True, "appflow_connection": "x"}


def settings(**groups):
    return StageSettings.parse("dev", {"stages": {"dev": {"retain": False, **groups}}})


@pytest.fixture(scope="module")
def exports(full):
    """The definition of the state machine of exports."""
    machines = full.templates["crm"]["Resources"].values()
    [made] = [m["Properties"] for m in machines if m["Type"] == "AWS::StepFunctions::StateMachine"]
    return made["StateMachineName"], json.loads(full.resolve(made["DefinitionString"]))


def test_a_stage_without_objects_has_neither_stack(app):
    assert {"curation", "crm"} & {*app.templates} == set()
    jobs = app.resources("AWS::Glue::Job")
    assert "curate" not in {job["DefaultArguments"]["--module"] for job in jobs}


def test_each_object_is_curated_and_one_that_fails_fails_the_day_after_the_others(exports):
    name, machine = exports
    each = machine["States"]["EachObject"]
    curate = each["ItemProcessor"]["States"]["Curate"]
    assert name == "tessera-full-crm"
    assert each["Items"] == [
        {"source": "crm-salesforce-opportunities"},
        {"source": "crm-hubspot-deals"},
    ]
    assert curate["Resource"].endswith(":states:::glue:startJobRun.sync")
    assert curate["Arguments"]["JobName"] == "tessera-full-curate"
    assert {k: v for k, v in curate["Arguments"]["Arguments"].items() if "extra" not in k} == {
        "--tenant": "default",
        "--source": "{% $source %}",
    }
    assert curate["Catch"][0]["Next"] == "NotCurated"
    assert machine["States"]["SomeFailed"]["Type"] == "Fail"


def test_the_job_gets_what_its_entry_point_reads_in_the_stages_network(full):
    [job] = [
        job
        for job in full.resources("AWS::Glue::Job")
        if job["DefaultArguments"]["--module"] == "curate"
    ]
    arguments = {k.removeprefix("--"): v for k, v in job["DefaultArguments"].items()}
    assert {*CurateEnvironment.__dataclass_fields__} <= {*arguments}
    assert job["GlueVersion"] == "6.0"
    assert job["Connections"]["Connections"] == ["tessera-full-curate"]


def test_the_job_reads_files_and_writes_its_folders_alone(full):
    outputs = full.outputs()
    data = f"arn:aws:s3:::{outputs['DataBucket']}/"
    identities = f"arn:aws:s3:::{outputs['IdentitiesBucket']}/"

    def can(verb, resource):
        return may(full, "Curate", f"s3:{verb}Object", resource)

    part = f"{data}uploads/acme/crm-hubspot-deals/part-00000-0a.parquet"
    assert can("Put", part)
    assert can("Delete", part)
    assert can("Get", f"{identities}tenants/acme/raw/database/public/orders/LOAD00000001.parquet")
    assert can("Get", f"{identities}tenants/acme/crm/hubspot-deals/2026-11-28/deals.csv")
    for raw in ("crm/hubspot-deals/LOAD-1", "database/public/orders/LOAD1", "stripe-orders/a"):
        for verb in ("Put", "Delete"):
            assert can(verb, f"{identities}tenants/acme/raw/{raw}.parquet")
    assert can("Get", f"{data}tenants/acme/sources/crm.toml")
    assert can("Put", f"{data}tenants/acme/sources/crm-hubspot-deals.json")
    for verb, other in (
        ("Put", f"{data}uploads/acme/orders/part-1.csv"),
        ("Put", f"{data}tenants/acme/sources/crm.toml"),
        ("Get", f"{data}tenants/acme/events/upload=1/part.parquet"),
        ("Get", f"{identities}tenants/acme/identities/upload=1/part.parquet"),
        ("Put", f"{identities}tenants/acme/raw/paypal-orders/LOAD00000001.parquet"),
        ("Delete", f"{identities}tenants/acme/crm/hubspot-deals/2026-11-28/deals.csv"),
    ):
        assert not can(verb, other), other


@pytest.fixture(scope="module")
def own_bucket():
    """The templates of a stage whose exports arrive in a bucket of the user's, by stack."""
    paths = synthesize_switches().glob("Tessera-ownbucket-*.template.json")
    return {path.name.split(".")[0].split("-")[-1]: json.loads(path.read_text()) for path in paths}


def test_the_job_reads_the_users_bucket_below_the_prefix_and_nothing_else_there(own_bucket):
    policies = [
        each["Properties"]["PolicyDocument"]["Statement"]
        for each in own_bucket["Curation"]["Resources"].values()
        if each["Type"] == "AWS::IAM::Policy"
    ]
    theirs = [
        (one["Action"], json.dumps(one["Resource"]).split(":::")[-1].strip('"]}'), one["Condition"])
        for statements in policies
        for one in statements
        if OWN_BUCKET["source_bucket"] in json.dumps(one["Resource"])
    ]
    ours = {"StringEquals": {"aws:ResourceAccount": "111122223333"}}
    bucket, prefix = OWN_BUCKET["source_bucket"], OWN_BUCKET["source_prefix"]
    assert theirs == [
        ("s3:GetObject", f"{bucket}/{prefix}*", ours),
        ("s3:ListBucket", bucket, {**ours, "StringLike": {"s3:prefix": [f"{prefix}*"]}}),
        ("s3:GetBucketLocation", bucket, ours),
    ]
    keys = [
        one["Action"]
        for statements in policies
        for one in statements
        if one["Resource"] == OWN_BUCKET["source_key_arn"]
    ]
    assert keys == ["kms:Decrypt"]
    assert "tenants/*/crm/" not in json.dumps(policies)


def test_the_machine_hands_the_users_bucket_to_the_job(own_bucket):
    text = json.dumps(own_bucket["Crm"])
    for name in ("bucket", "prefix"):
        assert f"--exports_{name}" in text
    assert OWN_BUCKET["source_bucket"] in text


def test_the_cost_page_counts_the_alarms_of_exports(full, root):
    resources = full.templates["crm"]["Resources"].values()
    alarms = [each for each in resources if each["Type"] == "AWS::CloudWatch::Alarm"]
    page = (root / "docs" / "cost.md").read_text(encoding="utf-8")
    exports = page.partition("crm-and-erp-exports")[2]
    assert f"| {len(alarms)} more alarms | ${len(alarms) / 10:.2f} |" in exports.split("\n## ")[0]


def test_appflow_reads_each_object_of_salesforce_an_hour_before(full):
    flows = full.resources("AWS::AppFlow::Flow")
    assert {flow["FlowName"] for flow in flows} == {
        "tessera-full-salesforce-opportunities",
        "tessera-full-salesforce-accounts",
        "tessera-full-salesforce-contacts",
    }
    for flow in flows:
        assert flow["TriggerConfig"]["TriggerProperties"]["ScheduleExpression"] == (
            "cron(0 23 * * ? *)"
        )
        [target] = flow["DestinationFlowConfigList"]
        place = target["DestinationConnectorProperties"]["S3"]
        assert place["BucketPrefix"].startswith("tenants/default/crm/salesforce-")


@pytest.mark.parametrize(
    ("crm", "words"),
    [
        ({"objects": ["HubSpot Deals"]}, "crm.objects"),
        ({"objects": ["a", "a"]}, "crm.objects"),
        ({"objects": ["hubspot-deals"], "hour": 24}, "crm.hour"),
        ({"objects": ["hubspot-deals"], "tenant": "No Tenant"}, "crm.tenant"),
        ({"objects": ["hubspot-deals"], "appflow": True}, "crm.appflow"),
        ({"objects": ["salesforce-opportunities"], "appflow": True}, "appflow_connection"),
        ({"appflow_connection": "x"}, "appflow_connection"),
        ({"source_bucket": "exports"}, "crm.source_bucket.*with crm.objects"),
        ({"objects": ["a"], "source_bucket": "Exports"}, "crm.source_bucket"),
        ({**SALESFORCE, "source_bucket": "exports"}, "without crm.appflow"),
        ({"objects": ["a"], "source_prefix": "crm/"}, "crm.source_prefix"),
        ({"objects": ["a"], "source_bucket": "exports", "source_prefix": "*"}, "source_prefix"),
        ({"objects": ["a"], "source_bucket": "exports", "source_prefix": "crm"}, "source_prefix"),
        ({"objects": ["a"], "source_key_arn": OWN_BUCKET["source_key_arn"]}, "source_key_arn"),
        (
            {**OWN_BUCKET, "objects": ["a"], "source_key_arn": ELSEWHERE},
            "a key in us-east-1 and in the stage's account",
        ),
    ],
)
def test_a_wrong_setting_is_refused_by_name(crm, words):
    with pytest.raises(InvalidInput, match=words):
        settings(crm=crm)


def test_wrong_machines_of_curation_are_refused():
    with pytest.raises(InvalidInput, match=r"curation\.workers"):
        settings(curation={"workers": 1})
