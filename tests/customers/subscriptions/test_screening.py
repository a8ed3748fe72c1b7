"""What a model may not learn from, and what it need not."""

from __future__ import annotations

import numpy as np
import pytest

from tessera.customers.subscriptions.attributes import Attribute, AttributeColumns, category
from tessera.customers.subscriptions.screening import screen
from tessera.errors import InvalidInput


def screened(*columns, cancelled):
    return screen(AttributeColumns(columns), cancelled)


@pytest.fixture
def cancelled(shop):
    return shop.label == 1


def number(name, values):
    return Attribute(name, "number", np.asarray(values, np.float64))


def leaks(cancelled):
    draw = np.random.default_rng(5)
    noise = draw.normal(size=len(cancelled))
    reasons = np.array(["price", "moved", "service"])[draw.integers(0, 3, len(cancelled))]

    def words(rows, otherwise):
        return [word if row else otherwise for word, row in zip(reasons, rows, strict=True)]

    some = cancelled & (draw.random(len(cancelled)) < 0.4)
    return {
        "copy": Attribute("copy", "flag", cancelled.astype(float)),
        "opposite": Attribute("opposite", "flag", 1.0 - cancelled),
        "noisy copy": number("noisy copy", cancelled + 0.2 * noise),
        "cancel date": Attribute(
            "cancel date", "date", np.where(cancelled, 20_000 + noise, np.nan)
        ),
        "next renewal": number("next renewal", np.where(cancelled, np.nan, noise)),
        "reason": category("reason", words(cancelled, None)),
        "some reasons": category("some reasons", words(some, "")),
        "days since call": number("days since call", np.where(some, 30 + noise.round(), np.nan)),
    }


@pytest.mark.parametrize("name", [
    "copy", "opposite", "noisy copy", "cancel date", "next renewal", "reason", "some reasons",
    "days since call",
])  # fmt: skip
def test_what_all_but_equals_the_label_is_refused_by_name(shop, cancelled, name):
    with pytest.raises(InvalidInput, match=f"attribute '{name}' all but equals") as refused:
        screened(*shop.attributes.columns, leaks(cancelled)[name], cancelled=cancelled)
    assert "churn_ignore" in str(refused.value)


def test_honest_attributes_pass_however_strong(shop, cancelled):
    strong = number("risk score", shop.risk)
    kept, notes = screened(*shop.attributes.columns, strong, cancelled=cancelled)
    assert kept.names == ("plan", "tenure", "card", "joined", "risk score")
    assert notes == ()


def test_what_cannot_help_is_omitted_with_a_note(shop, cancelled):
    count = len(cancelled)
    codes = category("shop", [f"s{n % 150}" for n in range(count)])
    kept, notes = screened(
        number("country", np.ones(count)),
        number("empty", np.full(count, np.nan)),
        number("row", np.arange(count)[::-1]),
        number("account id", np.arange(count) * 977 % 100_003),
        codes,
        number("sometimes", np.where(np.arange(count) % 3, 1.0, np.nan)),
        *shop.attributes.columns,
        cancelled=cancelled,
    )
    assert kept.names == ("sometimes", "plan", "tenure", "card", "joined")
    assert [note.split("'")[1] for note in notes] == ["country", "empty", "row", "account id",
                                                      "shop"]  # fmt: skip
    assert "numbers the customers" in notes[2]
    assert "150 different values" in notes[4]


def test_many_rare_levels_do_not_pass_for_a_leak(cancelled):
    """Each level's own rate would reveal its few customers' outcomes. Others' rates do not."""
    levels = category("town", [f"t{n * 7 % 90}" for n in range(len(cancelled))])
    assert screened(levels, cancelled=cancelled)[0].names == ("town",)
