"""Two runs of a shop, from uploads to the circuit breaker: what waits, and what does not."""

from __future__ import annotations

import datetime as dt
import importlib.resources
import shutil
import tomllib
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from adapters.stores.profile_reader import ProfileReader
from steps.serve.counting import labels_of
from tessera import naming
from tessera.customers.forecasting.correction import tree_growth
from tessera.customers.forecasting.history import windows
from tessera.records.scoring.movement import Breaker
from tessera.segments.sets.catalog import SHIPPED
from tests.steps.weeks import FIRST_DAY, Order, Weeks, history

pytestmark = pytest.mark.slow  # each run learns to forecast

PRESETS = importlib.resources.files("tessera.segments.presets")
FIRST_RUN = 700  # its day, in days from the first
ORDERS = history(400, days=FIRST_RUN + 90)


def day(number: int) -> dt.date:
    return FIRST_DAY + dt.timedelta(days=number)


def between(first: int, last: int) -> list[Order]:
    return [order for order in ORDERS if day(first) <= order.day < day(last)]


def doubled(orders: list[Order]) -> list[Order]:
    return [order._replace(amount=2 * order.amount) for order in orders]


@pytest.fixture(scope="module", autouse=True)
def quick_lessons() -> Iterator[None]:
    """Learn few trees from few windows: what surrounds forecasts is tested, not how good they are.

    Runs need forecasts that differ from day to day.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(tree_growth._SHAPE, "max_iter", 20)
        patch.setattr(windows, "CUTS", 3)
        yield


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop after a run on all orders until then."""
    shop = Weeks(tmp_path_factory.mktemp("first") / "shop")
    record = shop.score(
        between(0, FIRST_RUN), name="orders", as_of=day(FIRST_RUN), settings=SETTINGS
    )
    assert record.models.published, "forecasts must be able to change"
    return shop.folder


@pytest.fixture
def second(first: Path, tmp_path: Path) -> Callable[..., Breaker]:
    """Run once more, and return the verdict."""

    def run(orders: list[Order], *, on: int, name: str = "") -> Breaker:
        shop = Weeks(shutil.copytree(first, tmp_path / "shop"), runs=1)
        record = shop.score(orders, name=name, as_of=day(on))
        assert record.breaker is not None
        return record.breaker

    return run


def in_or_out(name: str, **when: object) -> dict[str, object]:
    """A set with one condition."""
    texts = {"meaning": "Some.", "action": "Write."}
    label = {"label": "In", "when": when, **texts}
    head = {"prefix": name.title(), "meaning": "Some."}
    return {**head, "label": [label], "otherwise": {"label": "Out", **texts}}


# Limits in the middle of the values, so that a rounding error would move somebody.
OWN_SETS: dict[str, dict[str, object]] = {
    "soon": in_or_out("soon", column="next_order_at", below=day(FIRST_RUN + 60).isoformat()),
    "basket": in_or_out("basket", column="mean_order_value", below=48.33),
    "worth": in_or_out("worth", column="clv_365d", **{"from": 100}),
    "digits": in_or_out("digits", column="rfm_score", **{"in": ["555", "554", "111", "155"]}),
    "keep": in_or_out(
        "keep",
        all=[{"set": "value_tier", "in": ["High", "Middle"]}, {"set": "soon", "not_in": ["In"]}],
    ),
}

SETTINGS = {"segment_sets": [*SHIPPED, *OWN_SETS], "sets": OWN_SETS}


def changed(breaker: Breaker, cause: str) -> int:
    return sum(one.causes[cause] for one in breaker.sets)


@pytest.mark.parametrize("name", OWN_SETS)
def test_a_set_is_counted_as_the_run_computed_it(first, name):
    shop = Weeks(first)
    record = shop.data.read_json(naming.run_key("default", "r1", naming.SCORE_RECORD))
    computed = {one["label"]: one["customers"] for one in record["sets"][name]["labels"]}
    counts, empty = labels_of(
        {"name": name, **OWN_SETS[name]},
        settings=SETTINGS,
        profiles=ProfileReader(shop.data),
        prefix=naming.profiles_prefix("default"),
    )
    assert {one.label: one.customers for one in counts} == computed
    assert min(computed.values()) > 0, "everybody has one label: it proves nothing"
    assert [one.column for one in empty] == (["next_order_at"] if name == "soon" else [])
    assert all(0 < one.customers < record["customers"] for one in empty)


def test_a_week_does_not_wait(second):
    breaker = second(between(700, 707), on=707, name="week")
    assert not breaker.waits
    assert breaker.money is not None
    assert breaker.money.changed == 0


def test_a_long_pause_does_not_wait_because_of_forecasts_alone(second):
    breaker = second(between(700, 790), on=790, name="quarter")
    assert changed(breaker, "time_passing") > 100, "many are less worth or more at risk by now"
    assert changed(breaker, "data_corrected") == 0
    assert changed(breaker, "rule_changed") < 0.2 * changed(breaker, "time_passing")
    assert not breaker.waits, breaker.reason


def test_an_export_that_overlaps_exactly_does_not_wait(second):
    breaker = second(between(600, 707), on=707, name="overlap")
    assert not breaker.waits
    assert breaker.money is not None
    assert breaker.money.changed == 0
    assert changed(breaker, "data_corrected") == 0


@pytest.mark.parametrize("name", ["orders", "again"])
def test_everybody_doubling_waits(second, name):
    breaker = second(doubled(between(0, 707)), on=707, name=name)
    assert breaker.waits
    assert breaker.money is not None
    assert breaker.money.changed == breaker.money.customers
    assert changed(breaker, "data_corrected") > 0


def test_everybody_doubling_by_orders_numbered_anew_waits(second):
    renumbered = [order._replace(order_id=f"N-{order.order_id}") for order in between(0, 707)]
    breaker = second(renumbered, on=707, name="again")
    assert breaker.waits
    assert breaker.money is not None
    assert breaker.money.changed == breaker.money.customers


def test_a_few_days_doubled_count_though_they_are_young(second):
    renumbered = [order._replace(order_id=f"N-{order.order_id}") for order in between(680, 700)]
    breaker = second(renumbered, on=707, name="again")
    assert breaker.money is not None
    assert breaker.money.changed == len({order.customer for order in renumbered})


def test_settings_that_change_forecasts_wait(first, tmp_path):
    shop = Weeks(shutil.copytree(first, tmp_path / "shop"), runs=1)
    text = (PRESETS / "sets" / "value_tier.toml").read_text(encoding="utf-8")
    tiers = tomllib.loads(text.replace("0.5", "0.1").replace("0.9", "0.5"))
    record = shop.score(as_of=day(707), settings={"sets": {"value_tier": tiers}})
    assert record.breaker is not None
    assert record.breaker.waits
    assert "the model, its thresholds or the settings changed" in record.breaker.reason


def test_a_months_late_orders_are_behaviour_and_not_another_past(tmp_path):
    """Half of the customers' last weeks arrive after the run, dated before its last event."""
    shop = Weeks(tmp_path / "shop")
    on_time = [order for order in between(670, 700) if int(order.customer[1:]) % 2]
    late = [order for order in between(670, 700) if not int(order.customer[1:]) % 2]
    shop.score([*between(0, 670), *on_time], name="shop", as_of=day(700))
    record = shop.score([*late, *between(700, 707)], name="branch", as_of=day(707))
    breaker = record.breaker
    assert breaker is not None
    assert breaker.money is not None
    assert breaker.money.changed == 0
    assert changed(breaker, "data_corrected") == 0
    assert not breaker.waits
    assert record.movement is not None
    causes = {row.cause: row.customers for row in record.movement.causes}
    assert causes["data_corrected"] == 0
    assert causes["own_behaviour"] > 0


def test_years_that_come_at_once_are_another_past(tmp_path):
    shop = Weeks(tmp_path / "shop")
    shop.score(between(300, 700), name="late_years", as_of=day(700))
    breaker = shop.score(between(0, 300), name="early_years", as_of=day(707)).breaker
    assert breaker is not None
    assert breaker.waits
    assert breaker.money is not None
    assert Decimal(breaker.money.after) > Decimal(breaker.money.before)
    assert changed(breaker, "data_corrected") > 0
