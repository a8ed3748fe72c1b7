"""The documents of campaigns: each member is described, and the schema accepts what is written."""

from __future__ import annotations

import datetime as dt
import json

import jsonschema
import pytest

from tessera.campaigns.consent.row import ConsentRow
from tessera.campaigns.definitions.definition import CampaignDefinition
from tessera.campaigns.definitions.document import CampaignReuse, parse_definition, parse_reuse
from tessera.campaigns.planning.chunks import RecipientChunk
from tessera.campaigns.planning.manifest import RunManifest, run_manifest
from tessera.campaigns.recipients import Recipient
from tessera.campaigns.results.campaign_results import CampaignResults
from tessera.campaigns.results.measuring import measure
from tessera.records.codec import encode
from tessera.records.schema import schema
from tests.campaigns.consent.made import opt_in
from tests.campaigns.made import document
from tests.campaigns.planning.made import planned, shopper
from tests.campaigns.results.made import Person, assigned, purchases

NOW = dt.datetime(2026, 12, 1, 6, tzinfo=dt.UTC)
DEFINITION = parse_definition(
    document(
        audience={"conditions": {"column": "monetary", "from": 1}},
        cap={"messages": 1, "days": 2},
    )
)
EXAMPLES = {
    CampaignDefinition: DEFINITION,
    CampaignReuse: parse_reuse({"audience": {"receivers": "vip.csv"}}),
    ConsentRow: opt_in(3, country="DE"),
    RecipientChunk: RecipientChunk(
        name="chunks/000001.json",
        opens_at=NOW,
        closes_at=NOW,
        zones=("Europe/Berlin",),
        recipients=(
            Recipient(recipient="0" * 32, customer_key="k", address="a@m.example", variant="a"),
        ),
    ),
    RunManifest: run_manifest(
        "win-back-r001",
        definition=DEFINITION,
        planned_at=NOW,
        counts=planned([shopper("ann", address=None)]).counts,
        zone_unknown=0,
        entries=[],
    ),
    CampaignResults: measure(
        [assigned(Person("ann"), Person("bo", held_out=True))],
        purchases(),
        definition=DEFINITION,
        today=dt.date(2027, 1, 15),
    ),
}


@pytest.mark.parametrize("kind", EXAMPLES, ids=lambda kind: kind.__name__)
def test_a_document_fits_its_schema_which_describes_every_member(kind: type):
    made = schema(kind)
    jsonschema.Draft202012Validator(made).validate(json.loads(json.dumps(encode(EXAMPLES[kind]))))
    for each in (made, *made.get("$defs", {}).values()):
        members = each.get("properties", {})
        assert [name for name, member in members.items() if "description" not in member] == []
