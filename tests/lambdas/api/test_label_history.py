"""A customer's segment over the last runs."""

from __future__ import annotations

import pytest

from steps.serve.label_history import MOST
from tests.lambdas.api.run_of_two import KEYS, label

NOW = label(KEYS[0])
STRANGER = f"{KEYS[0][:-1]}9"


@pytest.fixture
def history(world):
    """Return a customer's labels and causes, the newest first, after runs with these moves."""

    def read(moves, key=KEYS[0]):
        last = world.chain("acme", moves)
        reply = world.call(
            "GET", f"/v1/customers/{key}/labels", token=world.keys["acme", "marketer"],
            query={"run": last},
        )  # fmt: skip
        assert reply.status == 200, reply.json
        items = [(item["label"], item["cause"] is not None) for item in reply.json["items"]]
        return items, reply.json["more"]

    return read


def test_each_run_has_its_label_and_each_change_its_cause(history):
    moves = [{}, {KEYS[0]: ("Lost", "New")}, {}, {KEYS[0]: ("New", NOW)}, {}]
    labels = [(NOW, False), (NOW, True), ("New", False), ("New", True), ("Lost", False)]
    assert history(moves) == (labels, False)


def test_runs_before_a_customer_came_are_not_shown(history):
    moves = [{}, {}, {KEYS[0]: (None, NOW)}, {}]
    assert history(moves) == ([(NOW, False), (NOW, True)], False)


def test_a_customer_who_left_and_came_back_was_absent_between(history):
    moves = [{}, {KEYS[0]: ("Lost", None)}, {}, {KEYS[0]: (None, NOW)}]
    labels = [(NOW, True), (None, False), (None, True), ("Lost", False)]
    assert history(moves) == (labels, False)


def test_no_more_runs_are_read_than_are_shown(history):
    labels, more = history([{}] * (MOST + 3))
    assert labels == [(NOW, False)] * MOST
    assert more


def test_a_run_whose_insights_have_expired_ends_the_history(world):
    last = world.chain("acme", [{}] * 4)
    runs = [f"{last[:8]}{number:08x}" for number in (3, 2, 1, 0)]
    del world.data.objects[f"tenants/acme/runs/{runs[2]}/insights.json"]
    reply = world.call(
        "GET", f"/v1/customers/{KEYS[0]}/labels", token=world.keys["acme", "marketer"],
        query={"run": last},
    )  # fmt: skip
    assert [item["run_id"] for item in reply.json["items"]] == runs[:3]


def test_the_words_say_why(world):
    last = world.chain("acme", [{}, {KEYS[0]: ("Lost", NOW)}])
    reply = world.call(
        "GET", f"/v1/customers/{KEYS[0]}/labels", token=world.keys["acme", "marketer"],
        query={"run": last},
    )  # fmt: skip
    assert reply.json["items"][0]["words"] == "the customer's own behaviour changed"


def test_a_stranger_is_a_404(world):
    path = f"/v1/customers/{STRANGER}/labels"
    assert world.call("GET", path, token=world.keys["acme", "marketer"]).status == 404
