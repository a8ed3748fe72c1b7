"""``tessera label``: whose label it is, what is printed, and what is answered without one."""

from __future__ import annotations

import io

import pytest

from adapters.stores.records import write_record
from local.commands import label as command
from local.terminal import Terminal
from steps.label.label import labelled
from tessera import naming
from tessera.errors import InvalidInput
from tessera.labels.rules import Rules
from tessera.labels.state import LiveState
from tests.bucket_in_memory import BucketInMemory
from tests.labels.test_state import BUY
from tests.steps.label.test_label import NOTHING_KEPT, RULES, StatesInMemory

KEY = "00000001-0000-8000-8000-000000000000"


class Finder:
    """In place of the search: the ids that it knows, with their keys."""

    def __init__(self, *_):
        self.known = {"C1": (KEY,), "twins@example.com": (KEY, "another"), "C3": ("nobody",)}

    def find(self, _tenant, term):
        return self.known.get(term)


@pytest.fixture
def place(monkeypatch):
    monkeypatch.setattr(command, "CustomerFinder", Finder)
    states, data = StatesInMemory(), BucketInMemory()
    write_record(RULES, data, naming.label_rules_key("default"))
    rules, state = Rules(RULES), LiveState()
    new = rules.fold(state, [BUY])
    states.write("default", KEY, labelled(NOTHING_KEPT, rules.label(state), new=new, rules=rules))
    return command.LabelPlace(data, data, states)


@pytest.mark.parametrize("who", ["C1", KEY])
def test_a_customer_is_named_by_id_or_key(place, who):
    lines = list(command.lines_of(command.facts_of(place, who, tenant="default"), who))
    assert lines == [
        f"Customer {who}: Promising, as of 2026-11-29, by the rules of classic-11",
        "  recency 5: 1 day (thresholds: 1, 2, 3, 4)",
        "  frequency 1: 1 order (thresholds: 1, 2, 3, 4)",
        "  monetary 5: 25.00 (thresholds: 0, 0.0001, 0.0002, 0.0003)",
        "  Since the PURCHASED of 2026-11-28 12:00 UTC. Before: no label.",
        "  1 event since the run.",
    ]


def test_a_stage_without_labels_is_refused_with_what_to_set():
    with pytest.raises(InvalidInput, match=r"'labels\.enabled'"):
        command.label(
            "C1", tenant="default", stage="", endpoint="http://127.0.0.1:1", as_json=True,
            terminal=Terminal(io.StringIO()),
        )  # fmt: skip


@pytest.mark.parametrize(
    ("who", "tenant", "words"),
    [
        ("C2", "default", "no customer 'C2' in the uploads"),
        ("C3", "default", "no customer 'nobody' has a live label"),
        ("twins@example.com", "default", "stands for 2 customers"),
        ("C1", "acme", "tenant 'acme' has no live labels yet"),
    ],
)
def test_who_has_no_label_is_answered_with_a_reason(place, who, tenant, words):
    with pytest.raises(InvalidInput, match=words):
        command.facts_of(place, who, tenant=tenant)
