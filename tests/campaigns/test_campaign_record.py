"""Campaigns and runs as they are kept."""

import datetime as dt

from tessera.campaigns.campaign_record import CampaignRecord, RunRequest
from tessera.campaigns.definitions.ready_definitions import ready_definition
from tessera.campaigns.definitions.variants import TemplateChoice
from tessera.records.codec import decode, encode

NOW = dt.datetime(2026, 11, 29, 9, tzinfo=dt.UTC)
TEMPLATE = TemplateChoice(id="welcome", version=1)
DEFINITION = ready_definition(
    "left_champions", first_day=NOW.date(), templates={"win-back": TEMPLATE}
)


def test_runs_are_counted_from_one_and_named_after_the_campaign():
    record = CampaignRecord(definition=DEFINITION, changed_by="user:a", changed_at=NOW)
    assert record.next_run == f"{DEFINITION.id}-r001"


def test_a_campaign_and_a_request_are_read_back_equal():
    record = CampaignRecord(
        definition=DEFINITION, state="active", version=3, last_run=7, changed_by="user:a",
        changed_at=NOW,
    )  # fmt: skip
    request = RunRequest(
        run_id=record.next_run, definition=DEFINITION, day=NOW.date(), asked_by="schedule",
        asked_at=NOW, is_approved=True,
    )  # fmt: skip
    for one in (record, request):
        assert decode(type(one), encode(one), document="record") == one
    assert request.run_id.endswith("-r008")
