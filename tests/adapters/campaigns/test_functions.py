"""What the functions of campaigns answer, as records."""

from __future__ import annotations

from adapters.campaigns.functions import CampaignFunctions
from tessera.campaigns.planning.counts import AudienceCounts
from tessera.records.codec import encode

COUNTS = AudienceCounts(
    customers=9, selected=3, eligible=2, held_out=1, left_out={}, variants={"a": 2}
)


class Answers:
    def __init__(self, reply):
        self.reply, self.asked = reply, []

    def answer(self, event):
        self.asked.append(event)
        return self.reply


def test_counts_are_read_with_what_is_wrong_with_a_list():
    called = Answers({
        "counts": encode(COUNTS), "note": "", "problems": [], "refused_lines": 1,
        "refusals": ["line 2: address"], "added_later": True,
    })  # fmt: skip
    counted = CampaignFunctions(count_audience=called).count_audience("acme", {"id": "spring"})
    assert called.asked == [{"tenant": "acme", "definition": {"id": "spring"}}]
    assert (counted.counts, counted.refused_lines) == (COUNTS, 1)


def test_problems_come_without_counts():
    called = Answers({"counts": None, "problems": ["No such segment."]})
    counted = CampaignFunctions(count_audience=called).count_audience("acme", {})
    assert (counted.counts, counted.problems) == (None, ("No such segment.",))
