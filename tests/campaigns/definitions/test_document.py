"""A definition's document: what it means, and what each mistake says."""

from __future__ import annotations

import copy
import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tessera.campaigns.definitions.definition import CampaignDefinition
from tessera.campaigns.definitions.document import (
    check_change,
    check_labels,
    definition_document,
    parse_definition,
    parse_reuse,
    reused,
)
from tessera.errors import InvalidInput
from tests.campaigns.made import document, schedule, variant

DAILY = schedule(kind="daily")
RISES = {"set": "churn_band", "into": ["High"], "out_of": ["Low", "Middle"]}
FULL = document(
    audience={
        "segments": ["At Risk", "Loyal"],
        "churn_bands": ["High"],
        "conditions": {"any": [{"column": "monetary", "from": 100}]},
    },
    variants=[variant("a", 0.25, "At Risk"), variant("b", 0.75, "At Risk"), variant("news")],
    schedule=DAILY | {"last_day": "2027-01-31", "hours": {"from": "10:00", "until": "12:30"}},
    trigger=RISES,
    holdout={"share": 0.2, "salt": "winter"},
    cap={"messages": 2, "days": 7},
    quiet_hours={"from": "20:00", "until": "08:00"},
    again_after_days=60,
)  # fmt: skip


def test_a_definition_reads_back_equal():
    definition = parse_definition(FULL)
    written = json.loads(json.dumps(definition_document(definition)))
    assert parse_definition(written) == definition
    assert written["schedule"]["hours"] == {"from": "10:00", "until": "12:30"}


def test_a_short_document_has_a_holdout_and_its_id_as_salt():
    definition = parse_definition(document())
    assert definition.holdout.share == 0.1
    assert definition.salt == "win-back"


def problem(**changes: object) -> str:
    with pytest.raises(InvalidInput) as caught:
        parse_definition(document(**changes))
    return str(caught.value)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"colour": "red"}, "campaign 'win-back': unknown member 'colour', expected one of 'id'"),
        ({"name": 3}, "campaign 'win-back'.name: expected a text, got 3"),
        ({"id": "Win back"}, "id is 'Win back': expected 1 to 48 lower-case letters"),
        ({"id": "win-r001"}, "not ending as a run's does"),
        ({"purpose": "promo"}, ".purpose: expected one of 'marketing', 'transactional'"),
        ({"audience": {"segments": ["a", "a"]}}, ".audience: segments is ('a', 'a'): expected"),
        (
            {"audience": {"conditions": {"column": "moneyary", "from": 1}}},
            ".audience: conditions over 'moneyary': no condition can read this column",
        ),
        (
            {"audience": {"conditions": {"set": "value_tier", "in": ["High"]}}},
            ".audience: conditions read the set 'value_tier': a campaign's conditions read columns",
        ),
        (
            {"audience": {"receivers": "vip.csv", "segments": ["At Risk"]}},
            "receivers is 'vip.csv': expected null beside labels",
        ),
        ({"holdout": {"share": 0.95}}, ".holdout: share is 0.95: expected from 0 to 0.9"),
        ({"holdout": {"share": 0.0}}, "holdout.share is 0.0: expected above 0 for marketing"),
        ({"purpose": "transactional"}, "holdout.share is 0.1: expected 0 for transactional"),
        ({"variants": []}, "variants are []: expected 1 to 20"),
        ({"variants": [variant("a", 0.5), variant("b", 0.4)]}, "add to 0.9 (a 0.5, b 0.4)"),
        ({"variants": [variant("a"), variant("a")]}, "expected 1 to 20 with different names"),
        ({"variants": [variant("a", 1.0, "Lost")]}, "'Lost', which the audience has not"),
        (
            {"audience": {}, "variants": [variant("a", 1.0, "Lost")]},
            "variants have none for segments that none names: add one whose segments",
        ),
        (
            {
                "audience": {"segments": ["Lost", "Loyal"]},
                "variants": [variant("a", 1.0, "Lost"), variant("b", 1.0, "Lost", "Loyal")],
            },
            "variants name the segment 'Lost' in two lists",
        ),
        (
            {"audience": {"segments": ["Lost", "Loyal"]}, "variants": [variant("a", 1.0, "Lost")]},
            "variants have none for 'Loyal'",
        ),
        ({"variants": [{"name": "a"}]}, "variant 'a': template is null, expected a template"),
        (
            {"variants": [{"name": "a", "template": {"id": "news", "version": 0}}]},
            ".variants[0].template: version is 0: expected a whole number from 1",
        ),
        (
            {"channel": {"kind": "webhook", "to": "http://x.example"}},
            ".channel: to is 'http://x.example': expected an address such as 'https://",
        ),
        (
            {"channel": {"kind": "audience", "to": "klaviyo"}},
            "variant 'a': template is 'win-back', expected null for the channel 'audience'",
        ),
        (
            {"channel": {"kind": "audience", "to": "mailchump"}},
            ".channel: to is 'mailchump': expected one of braze, customer_profiles, customerio",
        ),
        (
            {
                "id": "w" * 42,
                "channel": {"kind": "audience", "to": "customer_profiles"},
                "variants": [{"name": "a"}],
            },
            "hands over its audience, with a segment for 'held_out'",
        ),
        ({"channel": {"to": "ann"}}, ".channel: to is 'ann': expected an empty text for e-mail"),
        ({"schedule": schedule(kind="weekly")}, ".schedule.kind: expected one of 'once', 'daily'"),
        ({"schedule": schedule(first_day="9999-12-31")}, "expected a day from 2000 to 2199"),
        ({"schedule": schedule(first_day="1.12.")}, ".schedule.first_day: expected a day such as"),
        (
            {"schedule": schedule(hours={"from": "22:00", "until": "06:00"})},
            "expected hours within one day, 'from' before 'until'",
        ),
        (
            {"schedule": schedule(hours={"from": "9:00", "until": "12:00"})},
            ".schedule.hours: from is '9:00': expected a time of day such as '09:00'",
        ),
        ({"schedule": schedule(last_day="2026-12-24")}, "expected null, or of a daily schedule"),
        ({"schedule": DAILY}, "again_after_days is 0: expected from 1 to 3650 days for a daily"),
        ({"trigger": RISES}, "expected null for a schedule of one day"),
        (
            {"schedule": DAILY, "again_after_days": 9, "trigger": RISES | {"out_of": ["High"]}},
            "out_of is ('High',): expected different labels, and none of 'into'",
        ),
        ({"quiet_hours": {"from": "08:00", "until": "08:00"}}, "another time than that of 'from'"),
        ({"cap": {"messages": 0, "days": 7}}, ".cap: messages is 0: expected from 1 to 1000"),
        ({"result_days": 0}, "result_days is 0: expected from 1 to 365 days"),
    ],
)
def test_a_mistake_is_named_with_its_value_and_what_was_expected(changes, complaint):
    assert complaint in problem(**changes)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
) | st.sampled_from([10**400, "9999-12-31", "0001-01-01", {"all": [{}]}, ["At Risk"]])
PATHS = sorted(
    {(name,) for name in FULL}
    | {(name, inner) for name, part in FULL.items() if isinstance(part, dict) for inner in part}
)


@example(("holdout", "share"), 10**400)
@given(st.sampled_from(PATHS), VALUES)
def test_whatever_a_body_holds_it_is_read_or_refused_by_name(path, value):
    body = copy.deepcopy(FULL)
    part = body if len(path) == 1 else body[path[0]]
    part[path[-1]] = value
    message = "campaign"
    try:
        parse_definition(body)
    except InvalidInput as error:
        message = str(error)
    assert message.startswith("campaign")


@pytest.mark.parametrize("body", [None, [], "win-back", {}, {"id": None}, {"id": []}])
def test_what_is_no_definition_at_all_is_refused(body):
    with pytest.raises(InvalidInput, match="campaign"):
        parse_definition(body)


def test_a_mistake_in_a_definition_advises_nothing_about_uploads():
    assert "upload" not in problem(name=3)


def test_a_run_may_change_audience_and_schedule_and_nothing_else():
    definition = parse_definition(document())
    change = parse_reuse({"audience": {"receivers": "vip.csv"}})
    assert reused(definition, change).audience.receivers == "vip.csv"
    assert reused(definition, change).salt == definition.salt
    with pytest.raises(InvalidInput, match="unknown member 'holdout'"):
        parse_reuse({"holdout": {"share": 0.5}})


def test_a_run_whose_audience_no_variant_is_for_is_refused():
    definition = parse_definition(document(variants=[variant("a", 1.0, "At Risk")]))
    with pytest.raises(InvalidInput, match=r"campaign 'win-back' with this run's changes: variant"):
        reused(definition, parse_reuse({"audience": {"segments": ["At Risk", "Lost"]}}))


@pytest.mark.parametrize("changes", [{"holdout": {"share": 0.2}}, {"result_days": 60}])
def test_the_holdout_of_a_campaign_with_runs_stays(changes):
    before = parse_definition(document())
    with pytest.raises(InvalidInput, match=f"{next(iter(changes))} is .*, expected"):
        check_change(before, parse_definition(document(**changes)))
    check_change(before, parse_definition(document(name="Another name")))


KNOWN = {"segment": ["At Risk", "Loyal"], "churn_band": ["High", "Middle", "Low"]}


def labelled(**changes: object) -> CampaignDefinition:
    return parse_definition(document(**changes))


def test_labels_that_customers_can_have_pass():
    check_labels(parse_definition(FULL), known=KNOWN)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"audience": {"segments": ["At Riks"]}}, "audience, segment has 'At Riks', expected one"),
        ({"audience": {"value_tiers": ["High"]}}, "expected one of no label of this set"),
        (
            {"audience": {}, "variants": [variant("a"), variant("b", 1.0, "Lost")]},
            "variant 'b' has 'Lost', expected one of 'At Risk', 'Loyal'",
        ),
        (
            {"schedule": DAILY, "again_after_days": 9, "trigger": RISES | {"into": ["Highest"]}},
            "trigger has 'Highest', expected one of 'High', 'Middle', 'Low'",
        ),
    ],
)
def test_labels_that_no_customer_can_have_are_named(changes, complaint):
    with pytest.raises(InvalidInput) as caught:
        check_labels(labelled(**changes), known=KNOWN)
    assert complaint in str(caught.value)
