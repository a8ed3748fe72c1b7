"""An audience is counted before it has a run: the same numbers as its plan, and nothing written."""

from __future__ import annotations

import pytest

from steps.campaign.planning.count_audience import count_audience
from steps.campaign.planning.plan_campaign import plan_campaign
from tessera.campaigns.definitions.document import parse_definition
from tessera.records.codec import encode
from tests.campaign_shop import NOW, customer
from tests.campaigns.made import document, schedule

PEOPLE = [customer(f"p{n:03d}") for n in range(40)]


def counted(shop, **changes):
    definition = parse_definition(document(**changes))
    return count_audience(definition, services=shop.services(), now=NOW)


def everything(shop):
    return {
        objects.bucket: {key: objects.read(key) for key in objects.keys("")}
        for objects in (shop.data, shop.identities)
    }


def test_a_count_is_what_the_plan_then_says_and_writes_nothing(shop):
    shop.finish_run([*PEOPLE, customer("mute", address=None)])
    before = everything(shop)
    count = counted(shop)
    assert everything(shop) == before
    assert shop.runs.all() == []
    manifest = plan_campaign(shop.ask(), services=shop.services(), now=NOW)
    assert count.counts == manifest.counts
    assert count.problems == ()


def test_a_template_need_not_exist(shop):
    shop.finish_run(PEOPLE)
    variants = [{"name": "a", "template": {"id": "any", "version": 1}}]
    assert counted(shop, variants=variants).counts.selected == 40


def test_labels_are_those_of_the_columns(shop):
    shop.finish_run([*PEOPLE, customer("calm", churn_band="Low")])
    assert counted(shop, audience={"churn_bands": ["High"]}).counts.selected == 40
    [problem] = counted(shop, audience={"churn_bands": ["Churn Risk High"]}).problems
    assert "expected one of 'High'" in problem


def test_missing_consent_is_explained(shop):
    shop.settings(legal_basis={})
    shop.finish_run(PEOPLE)
    assert "No consent is known of 40 of 40 people" in counted(shop).note


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"audience": {"segments": ["Nobody"]}}, "'Nobody'"),
        ({"audience": {"receivers": "nowhere"}}, "no list of receivers"),
        ({"audience": {"receivers": "vip"}, "again_after_days": 1,
          "schedule": schedule(kind="daily")}, "Choose 'once'"),
    ],
)  # fmt: skip
def test_a_definition_that_fits_nobody_has_no_counts(shop, changes, problem):
    shop.finish_run(PEOPLE)
    count = counted(shop, **changes)
    assert count.counts is None
    assert problem in " ".join(count.problems)


def test_before_the_first_run_there_is_nobody(shop):
    assert "upload orders first" in counted(shop).problems[0]


def test_a_list_counts_its_lines_and_shows_no_address(shop):
    shop.finish_run([customer("known", segment="Champions", churn_band="Low")])
    shop.upload_receivers(
        "vip", "address,country\nknown@mail.example,\nnew@mail.example,DE\nnonsense@,\n\n"
        "new@mail.example,DE\nfar@mail.example,Atlantis\n\n",
    )  # fmt: skip
    count = counted(shop, audience={"receivers": "vip"})
    assert count.counts.selected == 2
    assert count.refused_lines == 4
    assert [one.partition(":")[0] for one in count.refusals] == [
        "line 4", "line 5", "line 6", "line 7",
    ]  # fmt: skip
    assert "@" not in str(encode(count))
