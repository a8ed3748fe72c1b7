"""A stage's settings: what is refused, and in which words."""

from __future__ import annotations

import json

import pytest

from infra.foundation.settings import check_address
from infra.settings import StageSettings
from tessera.contracts.destinations import DESTINATIONS, of_kind
from tessera.destinations import catalog
from tessera.errors import InvalidInput


def parse(stage="dev", *, defaults=None, **settings):
    return StageSettings.parse(stage, {"defaults": defaults or {}, "stages": {"dev": settings}})


def test_every_stage_of_cdk_json_is_valid(root):
    context = json.loads((root / "cdk.json").read_text())["context"]
    stages = context["tessera"]["stages"]
    assert {"dev", "prod"} <= stages.keys()
    assert context["stage"] in stages
    made = {name: StageSettings.parse(name, context["tessera"]) for name in stages}
    assert made["prod"].retain
    assert not made["dev"].retain


def test_a_stage_wins_over_the_defaults_key_by_key():
    settings = parse(
        defaults={"jobs": {"volume_gb": 10, "glue_workers": 3}, "run": {"clusters": 3}},
        jobs={"volume_gb": 20},
        run={"window_months": 12},
    )
    assert (settings.jobs.volume_gb, settings.jobs.glue_workers) == (20, 3)
    assert (settings.run.clusters, settings.run.window_months) == (3, 12)


def test_a_run_goes_to_the_stages_destinations_by_default():
    assert parse().run.destinations == ("export", "customer_profiles")
    assert parse(destinations=["export"]).run.destinations == ("export",)
    assert parse(run={"destinations": ["export"]}).has_customer_profiles


def test_a_stage_may_have_every_destination_of_the_catalog_and_has_few_by_default():
    everything = parse(
        destinations=list(DESTINATIONS), allow_retired=True, pinpoint={"application_id": "a"}
    )
    assert set(everything.destinations) == set(catalog.CATALOG)
    assert everything.http_destinations == of_kind("http")
    assert parse().http_destinations == ()


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"colour": 1}, ["unknown setting 'colour'", "region"]),
        ({"jobs": {"gpu": 1}}, ["unknown setting 'jobs.gpu'", "jobs.volume_gb"]),
        ({"jobs": 3}, ["'jobs'", "a group of settings"]),
        ({"run": {"colour": 1}}, ["unknown setting 'colour'"]),
        ({"run": {"window_months": 7}}, ["'window_months'", "(0, 12, 24, 36)"]),
        ({"region": "mars-1"}, ["'region'", "'mars-1'", "eu-west-1"]),
        ({"region": "eu-west-1"}, ["Customer Profiles", "eu-west-2", "['export']"]),
        ({"account": "12"}, ["'account'", "12 digits"]),
        (
            {"permissions_boundary": "Bound"},
            ["'permissions_boundary'", "the ARN of a managed policy"],
        ),
        ({"approval_days": 0}, ["'approval_days'", "from 1 to 90"]),
        ({"retain": "yes"}, ["'retain'", "bool, got str"]),
        ({"log_retention_days": 8}, ["'log_retention_days'", "7, 14"]),
        ({"destinations": ["fax"]}, ["'destinations'", "customer_profiles"]),
        ({"destinations": []}, ["'destinations'"]),
        ({"destinations": "export"}, ["'destinations'", "a list of names"]),
        (
            {"destinations": ["export"], "run": {"destinations": ["customer_profiles"]}},
            ["'run.destinations'", "'export'"],
        ),
        ({"tenants": ["acme"]}, ["'tenants' is gone", "first upload"]),
        ({"max_upload_gb": 0}, ["'max_upload_gb'", "at least 1"]),
        ({"storage": {"upload_days": -1}}, ["'storage.upload_days'", "-1"]),
        ({"storage": {"raw_days": 7}}, ["'storage.raw_days'", "at least 14 days"]),
        ({"storage": {"noncurrent_days": 0}}, ["'storage.noncurrent_days'", "at least 1 day"]),
        ({"jobs": {"train_instance": "m5.large"}}, ["'jobs.train_instance'", "ml.m5.xlarge"]),
        ({"jobs": {"train_instance": "ml.m5d.large"}}, ["'jobs.train_instance'"]),
        ({"jobs": {"volume_gb": 0}}, ["'jobs.volume_gb'", "16384"]),
        ({"jobs": {"glue_worker": "Z"}}, ["'jobs.glue_worker'", "G.1X"]),
        ({"jobs": {"job_hours": 10, "run_hours": 9}}, ["'jobs.run_hours'"]),
        ({"schedule": {"hour": 24}}, ["'schedule.hour'", "UTC"]),
        ({"alarms": {"email": "nobody"}}, ["'alarms.email'", "an address"]),
        ({"customer_profiles": {"domain": "a b"}}, ["'customer_profiles.domain'", "64"]),
    ],
)
def test_what_could_not_be_deployed_is_refused_by_name(settings, words):
    with pytest.raises(InvalidInput) as refused:
        parse(**settings)
    for word in words:
        assert word in str(refused.value)


def test_a_setting_by_its_old_name_is_refused_with_the_new_one():
    with pytest.raises(InvalidInput, match=r"'campaign' is now called 'connect_campaign'"):
        parse(campaign={"connect_instance_id": "an-instance"})


def test_a_stage_that_retains_needs_an_address_for_its_alarms():
    with pytest.raises(InvalidInput, match=r"'alarms.email' is empty: stage 'dev' ret") as refused:
        check_address(parse())
    assert "'make configure STAGE=dev ALARM_EMAIL=<address>'" in str(refused.value)
    check_address(parse(alarms={"email": "ops@example.com"}))
    check_address(parse(retain=False))


def test_an_unknown_stage_is_refused_with_the_known_ones():
    with pytest.raises(InvalidInput, match=r"'nowhere'.*one of dev"):
        parse("nowhere")


def test_a_stage_name_must_fit_into_the_names_of_jobs():
    with pytest.raises(InvalidInput, match="'stage'"):
        StageSettings.parse("far-too-long-a-name", {"stages": {"far-too-long-a-name": {}}})
