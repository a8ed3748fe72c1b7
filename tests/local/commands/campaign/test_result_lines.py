"""What a campaign changed, in the terminal."""

from __future__ import annotations

import datetime as dt

from local.commands.campaign.results import result_lines
from tessera.campaign_settings import CampaignSettings
from tessera.campaigns.definitions.document import parse_definition
from tessera.campaigns.results.measuring import measure
from tessera.records.codec import encode
from tests.campaigns.made import document, variant
from tests.campaigns.results.made import assigned, group, orders_of, purchases


def test_variants_are_compared_with_each_other_in_words_and_money():
    people = [
        *group(500, 100, prefix="a", held_out=False, variant="a"),
        *group(500, 180, prefix="b", held_out=False, variant="b"),
        *group(100, 20, prefix="h", held_out=True),
    ]
    both = [variant("a", 0.5), variant("b", 0.5)]
    made = measure(
        [assigned(*people)],
        purchases(*orders_of(people)),
        definition=parse_definition(document(audience={}, variants=both, holdout={"share": 0.1})),
        today=dt.date(2027, 1, 15),
        settings=CampaignSettings(margin_rate=0.5),
    )
    shown = "\n".join(result_lines(encode(made)))
    assert "  More buyers with b than with a: +16.00 points" in shown
    assert "orders a person +0.1600 (" in shown
    assert "revenue a person +1.6000 (" in shown
    assert "margin a person +0.8000 (" in shown
