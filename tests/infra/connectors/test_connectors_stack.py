"""The stack of pulls: what is deployed, what the states do, and what each function may touch."""

from __future__ import annotations

import json

import pytest

from infra.settings import StageSettings
from tessera.contracts.connectors import CONNECTORS
from tessera.environments.pulls import PlanPullsEnvironment, PullSourceEnvironment
from tessera.errors import InvalidInput
from tessera.sources.connectors.catalog import CATALOG
from tests.infra.rights import may


def settings(**groups):
    return StageSettings.parse("dev", {"stages": {"dev": {"retain": False, **groups}}})


@pytest.fixture(scope="module")
def pulls(full):
    """The name and the definition of the state machine of pulls."""
    machines = full.templates["connectors"]["Resources"].values()
    [made] = [m["Properties"] for m in machines if m["Type"] == "AWS::StepFunctions::StateMachine"]
    return made["StateMachineName"], json.loads(full.resolve(made["DefinitionString"]))


def test_a_stage_without_connectors_has_no_stack(app):
    assert "connectors" not in app.templates


def test_each_shop_is_pulled_until_nothing_is_left_and_then_curated(pulls):
    name, machine = pulls
    assert name == "tessera-full-pulls"
    states = machine["States"]["EachShop"]["ItemProcessor"]["States"]
    assert machine["States"]["PlanPulls"]["Next"] == "EachShop"
    assert states["Pull"]["Next"] == "More?"
    assert states["More?"]["Choices"][0]["Next"] == "Pull"
    assert states["More?"]["Default"] == "Curate"
    assert states["Curate"]["Resource"].endswith(":states:::glue:startJobRun.sync")
    assert states["Curate"]["Arguments"]["JobName"] == "tessera-full-curate"
    assert {**states["Curate"]["Arguments"]["Arguments"], "--extra-py-files": ""} == {
        "--tenant": "{% $tenant %}",
        "--source": "{% $source %}",
        "--extra-py-files": "",
    }


def test_a_shop_that_fails_leaves_the_others_alone_and_fails_the_day_with_its_name(pulls):
    machine = pulls[1]
    states = machine["States"]["EachShop"]["ItemProcessor"]["States"]
    for name in ("Pull", "Curate"):
        assert states[name]["Catch"][0]["Next"] == "NotPulled"
    assert "$connector & ' of ' & $tenant" in states["NotPulled"]["Output"]["failure"]
    assert machine["States"]["SomeFailed"]["Type"] == "Fail"
    assert "failure" in machine["States"]["SomeFailed"]["Cause"]


def test_the_template_does_not_grow_with_tenants(pulls):
    assert pulls[1]["States"]["EachShop"]["Items"] == "{% $states.input.pulls %}"


def test_functions_get_what_they_read(full):
    for folder, environment in (
        ("plan_pulls", PlanPullsEnvironment),
        ("pull_source", PullSourceEnvironment),
    ):
        [made] = [
            one
            for one in full.resources("AWS::Lambda::Function")
            if one["Handler"] == f"lambdas.{folder}.handler.handler"
        ]
        fields = {name.upper() for name in environment.__dataclass_fields__}
        assert fields <= {*made["Environment"]["Variables"]}


def test_pull_source_reads_its_secrets_and_writes_raw_orders_alone(full):
    outputs = full.outputs()
    data = f"arn:aws:s3:::{outputs['DataBucket']}/"
    identities = f"arn:aws:s3:::{outputs['IdentitiesBucket']}/"

    def can(action, resource):
        return may(full, "PullSource", action, resource)

    raw = f"{identities}tenants/acme/raw/stripe-orders/LOAD-00000001-00000000.parquet"
    assert can("s3:PutObject", raw)
    assert can("s3:DeleteObject", raw)
    assert can("s3:GetObject", f"{data}tenants/acme/settings.toml")
    secrets = "arn:aws:secretsmanager:us-east-1:111122223333:secret:tessera/full/"
    for name in ("sources/stripe-AbCdEf", "sources/woocommerce/acme-AbCdEf"):
        assert can("secretsmanager:GetSecretValue", secrets + name)
    for action, other in (
        ("secretsmanager:GetSecretValue", f"{secrets}destinations/klaviyo-AbCdEf"),
        ("secretsmanager:GetSecretValue", f"{secrets}sources/database-AbCdEf"),
        ("s3:PutObject", f"{identities}tenants/acme/raw/database/public/orders/LOAD1.parquet"),
        ("s3:PutObject", f"{data}uploads/acme/stripe-orders/part-1.parquet"),
        ("s3:GetObject", f"{identities}tenants/acme/identities/upload=1/part.parquet"),
    ):
        assert not can(action, other), other


def test_plan_pulls_learns_which_keys_are_there_and_reads_none(full):
    secret = "arn:aws:secretsmanager:us-east-1:111122223333:secret:tessera/full/sources/"
    assert may(full, "PlanPulls", "secretsmanager:DescribeSecret", f"{secret}stripe-AbCdEf")
    assert not may(full, "PlanPulls", "secretsmanager:GetSecretValue", f"{secret}stripe-AbCdEf")


def test_curation_writes_the_folders_of_the_shops(full):
    outputs = full.outputs()
    for name in CONNECTORS:
        part = f"arn:aws:s3:::{outputs['DataBucket']}/uploads/acme/{name}-orders/part-1.parquet"
        assert may(full, "Curate", "s3:PutObject", part)


def test_settings_name_every_connector():
    assert {*CONNECTORS} == {*CATALOG}


@pytest.mark.parametrize(
    ("connectors", "words"),
    [
        ({"names": ["magento"]}, r"connectors\.names.*shopify, stripe, woocommerce"),
        ({"names": ["stripe", "stripe"]}, r"connectors\.names.*each once"),
        ({"names": ["stripe"], "hour": 24}, r"connectors\.hour"),
    ],
)
def test_a_wrong_setting_of_connectors_is_refused_by_name(connectors, words):
    with pytest.raises(InvalidInput, match=words):
        settings(connectors=connectors)
