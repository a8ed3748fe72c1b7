"""What the functions of campaigns answer, as records."""

from __future__ import annotations

import datetime as dt

from adapters.campaigns.functions import CampaignFunctions
from tessera.campaigns.consent.report import ConsentReport
from tessera.campaigns.definitions.variants import TemplateChoice
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


def functions(called):
    return CampaignFunctions(count_audience=called, import_consent=called, send_test=called)


def test_counts_are_read_with_what_is_wrong_with_a_list():
    called = Answers({
        "counts": encode(COUNTS), "note": "", "problems": [], "refused_lines": 1,
        "refusals": ["line 2: address"], "added_later": True,
    })  # fmt: skip
    counted = functions(called).count_audience("acme", {"id": "spring"})
    assert called.asked == [{"tenant": "acme", "definition": {"id": "spring"}}]
    assert (counted.counts, counted.refused_lines) == (COUNTS, 1)


def test_problems_come_without_counts():
    called = Answers({"counts": None, "problems": ["No such segment."]})
    counted = functions(called).count_audience("acme", {})
    assert (counted.counts, counted.problems) == (None, ("No such segment.",))


def test_a_report_of_an_import_is_read():
    report = ConsentReport(
        import_id="1" * 16, imported_at=dt.datetime(2026, 12, 1, tzinfo=dt.UTC), added=1,
        refused=0, refusals=(), states={"granted": 1},
    )  # fmt: skip
    called = Answers(encode(report))
    assert functions(called).import_consent("acme", "1" * 16) == report
    assert called.asked == [{"tenant": "acme", "import": "1" * 16}]


def test_a_test_names_the_template_who_gets_it_and_what_it_shows():
    called = Answers({"message_id": "m-1", "problem": "", "tenant": "acme"})
    template = TemplateChoice(id="welcome", version=2)
    made = functions(called).send_test(
        "acme", template, to="ann@shop.example", fields={"segment": "Lost"}
    )
    assert made.message_id == "m-1"
    assert called.asked == [{
        "tenant": "acme", "template": "welcome", "version": 2, "to": "ann@shop.example",
        "fields": {"segment": "Lost"},
    }]  # fmt: skip
