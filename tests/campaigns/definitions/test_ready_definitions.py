"""Ready definitions fit the shipped segments, and need nothing but templates."""

from __future__ import annotations

import datetime as dt

import pytest

from tessera.campaigns.definitions.document import check_labels
from tessera.campaigns.definitions.ready_definitions import READY, ready_definition
from tessera.campaigns.definitions.variants import TemplateChoice
from tessera.errors import InvalidInput
from tessera.segments.definition import load_preset
from tessera.segments.sets.catalog import segment_sets

DAY = dt.date(2026, 12, 1)
TEMPLATES = {
    "win-back": TemplateChoice(id="we-miss-you", version=2),
    "newsletter": TemplateChoice(id="monthly", version=1),
}


def known_labels() -> dict[str, list[str]]:
    definition = load_preset("classic-11")
    sets = segment_sets(("churn_band", "value_tier"), definition=definition, own={})
    beside = {one.name: [label.label for label in one.everyone] for one in sets.beside}
    return {"segment": [one.label for one in definition.everyone]} | beside


@pytest.mark.parametrize("name", READY)
def test_each_is_valid_for_the_shipped_segments(name: str):
    definition = ready_definition(name, first_day=DAY, templates=TEMPLATES)
    check_labels(definition, known=known_labels())
    assert definition.schedule.first_day == DAY
    assert definition.holdout.share > 0


def test_who_is_at_risk_gets_another_message_than_who_is_loyal():
    definition = ready_definition("at_risk", first_day=DAY, templates=TEMPLATES)
    chosen = {label: one.template for one in definition.variants for label in one.segments}
    assert chosen["At Risk"] == TEMPLATES["win-back"]
    assert chosen["Loyal"] == TEMPLATES["newsletter"]


def test_a_variant_without_a_template_is_named():
    with pytest.raises(InvalidInput, match="template for its variant 'newsletter'"):
        ready_definition("at_risk", first_day=DAY, templates={"win-back": TEMPLATES["win-back"]})


def test_an_unknown_name_is_refused():
    with pytest.raises(InvalidInput, match="'at_rsik' is unknown: expected one of 'at_risk'"):
        ready_definition("at_rsik", first_day=DAY, templates=TEMPLATES)
