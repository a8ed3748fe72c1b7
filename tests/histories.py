"""Shops drawn from a model whose parameters are known, as event files and as backtests.

They stand for kinds of shop of which no real history may be passed on: a boutique watched for
years, a grocer without amounts, a marketplace where nearly everybody buys once.
"""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import functools
import gzip
import io
import itertools
from collections.abc import Mapping
from email.utils import format_datetime
from pathlib import Path

import numpy as np

from tessera.customers.purchase.history import PurchaseHistory
from tests import reference

COLUMNS = (
    "EventName", "ProductCode", "ProductName", "ProductDescription", "UnitPrice", "Quantity",
    "CustomerID", "Username", "ChannelType", "Address", "City", "State", "Country", "Date",
)  # fmt: skip
CITIES = ("São Paulo", "Example City", "Foz do Iguaçu, Paraná", 'Vila "Nova"')


@dataclasses.dataclass(frozen=True, kw_only=True)
class Shop:
    """A shop's process: rates are per week, ``joined_days`` is when customers come first.

    ``kind`` and ``parameters`` are those of the purchase model, ``spend`` of the Gamma-Gamma.
    Without ``spend`` every order is 1.00, as where a source has no amounts.
    """

    name: str
    kind: str
    parameters: Mapping[str, float]
    spend: tuple[float, float, float] | None
    customers: int
    opened: dt.date
    joined_days: int
    cut_days: int
    holdout_days: int
    utc_offset_hours: int
    seed: int
    lines_per_order: int = 1
    long_ids: bool = False

    @functools.cached_property
    def drawn(self) -> Drawn:
        return draw(self)

    def events(self) -> bytes:
        """The event file that such a shop exports."""
        return _events(self)

    @property
    def counts(self) -> tuple[int, int]:
        """Rows and customers of the event file."""
        return len(self.drawn.day) * self.lines_per_order, self.customers

    def customer_id(self, number: int) -> str:
        return f"{(number + 1) * 0x9E3779B97F4A7C15 % 2**64:016x}" if self.long_ids else f"{number}"


@dataclasses.dataclass(frozen=True)
class Drawn:
    """One entry a purchase day in the first three columns, one a customer in the rest."""

    customer: np.ndarray
    day: np.ndarray
    amount: np.ndarray
    history: PurchaseHistory
    mean_spend: np.ndarray
    orders: np.ndarray
    alive: np.ndarray


BOUTIQUE = Shop(
    name="boutique", kind="pareto_nbd",
    parameters={"r": 1.5, "alpha": 50.0, "s": 0.6, "beta": 50.0}, spend=(3.0, 5.5, 55.0),
    customers=600, opened=dt.date(2005, 1, 3), joined_days=7, cut_days=728, holdout_days=1450,
    utc_offset_hours=1, seed=1,
)  # fmt: skip
GROCER = Shop(
    name="grocer", kind="mbg_nbd",
    parameters={"r": 0.8, "alpha": 5.0, "a": 0.6, "b": 4.0}, spend=None,
    customers=1_500, opened=dt.date(2006, 1, 1), joined_days=90, cut_days=364, holdout_days=364,
    utc_offset_hours=1, seed=2,
)  # fmt: skip
MARKETPLACE = Shop(
    name="marketplace", kind="bg_nbd",
    parameters={"r": 0.05, "alpha": 60.0, "a": 1.0, "b": 2.5}, spend=(2.0, 4.0, 90.0),
    customers=8_000, opened=dt.date(2016, 10, 4), joined_days=600, cut_days=600, holdout_days=100,
    utc_offset_hours=-3, seed=3, lines_per_order=2, long_ids=True,
)  # fmt: skip
SHOPS = {shop.name: shop for shop in (BOUTIQUE, GROCER, MARKETPLACE)}


def draw(shop: Shop) -> Drawn:
    """Draw every customer's purchase days until the end of the holdout."""
    random = np.random.default_rng(shop.seed)
    joined = random.integers(0, shop.joined_days, shop.customers)
    rate = random.gamma(shop.parameters["r"], 1 / shop.parameters["alpha"], shop.customers) / 7
    end = shop.cut_days + shop.holdout_days
    leaves = _lifetimes(shop, random)
    days, alive = [], np.zeros(shop.customers, bool)
    for first, own_rate, leave in zip(joined.tolist(), rate.tolist(), leaves, strict=True):
        instants = _instants(own_rate, end - first, random)
        left = leave(instants, random)
        alive[len(days)] = left > shop.cut_days - first
        # A day's purchases count once, and the first purchase opens its day.
        own = {first} | {first + int(instant) for instant in instants if instant <= left}
        days.append(np.array(sorted(own)))
    customer = np.repeat(np.arange(shop.customers), [len(own) for own in days])
    day = np.concatenate(days)
    amount = _amounts(shop, customer, random)
    return _counted(shop, customer, day, amount, alive)


def _instants(rate: float, span: float, random: np.random.Generator) -> list[float]:
    count = int(random.poisson(rate * span))
    return sorted(random.uniform(0, span, count).tolist())


def _lifetimes(shop: Shop, random: np.random.Generator):
    """For each customer, when it leaves, given the instants at which it would buy."""
    if shop.kind == "pareto_nbd":
        chance = random.gamma(shop.parameters["s"], 1 / shop.parameters["beta"], shop.customers) / 7
        return [functools.partial(_after_a_time, at=float(1 / own)) for own in chance]
    chance = random.beta(shop.parameters["a"], shop.parameters["b"], shop.customers)
    at_once = shop.kind == "mbg_nbd"
    return [functools.partial(_after_a_purchase, chance=float(own), at_once=at_once)
            for own in chance]  # fmt: skip


def _after_a_time(instants: list[float], random: np.random.Generator, *, at: float) -> float:
    return float(random.exponential(at))


def _after_a_purchase(
    instants: list[float], random: np.random.Generator, *, chance: float, at_once: bool
) -> float:
    places = itertools.chain([0.0] if at_once else [], instants)
    return next((place for place in places if random.random() < chance), np.inf)


def _amounts(shop: Shop, customer: np.ndarray, random: np.random.Generator) -> np.ndarray:
    if shop.spend is None:
        return np.ones(len(customer))
    p, q, v = shop.spend
    scale = random.gamma(q, 1 / v, shop.customers)
    return np.maximum(np.round(random.gamma(p, 1 / scale[customer]), 2), 0.01)


def _counted(
    shop: Shop, customer: np.ndarray, day: np.ndarray, amount: np.ndarray, alive: np.ndarray
) -> Drawn:
    past = day <= shop.cut_days
    size = {"minlength": shop.customers}
    first = np.full(shop.customers, np.iinfo(np.int64).max)
    last = np.full(shop.customers, -1)
    np.minimum.at(first, customer, day)
    np.maximum.at(last, customer[past], day[past])
    repeat = past & (day > first[customer])
    repeats = np.bincount(customer[repeat], **size).astype(float)
    spent = np.bincount(customer[repeat], weights=amount[repeat], **size)
    return Drawn(
        customer=customer,
        day=day,
        amount=amount,
        history=PurchaseHistory(
            repeats=repeats, last_day=(last - first) / 1.0, age_days=(shop.cut_days - first) / 1.0
        ),
        mean_spend=spent / np.maximum(repeats, 1),
        orders=np.bincount(customer[~past], **size).astype(float),
        alive=alive,
    )


def _events(shop: Shop) -> bytes:
    zone = dt.timezone(dt.timedelta(hours=shop.utc_offset_hours))
    opened = dt.datetime.combine(shop.opened, dt.time(12), zone)
    buffer = io.StringIO(newline="")
    lines = csv.writer(buffer, lineterminator="\n")
    lines.writerow(COLUMNS)
    drawn = shop.drawn
    for place in np.lexsort((drawn.customer, drawn.day)).tolist():
        number = int(drawn.customer[place])
        who, cents = shop.customer_id(number), round(100 * drawn.amount[place])
        date = format_datetime(opened + dt.timedelta(days=int(drawn.day[place])))
        for line, part in enumerate(_parts(cents, shop.lines_per_order)):
            lines.writerow([
                "PURCHASED", f"P-{line}", "Product", f"order {place}", f"{part / 100:.2f}", 1, who,
                f"user-{who}", "EMAIL", f"customer-{who}@example.com", CITIES[number % 4],
                "Example State", "ZZZ", date,
            ])  # fmt: skip
    return buffer.getvalue().encode()


def _parts(cents: int, count: int) -> list[int]:
    """Split an amount into that many lines, the last one with what remains."""
    each = cents // count
    return [*[each] * (count - 1), cents - each * (count - 1)]


def event_file(name: str, folder: Path) -> Path:
    """Return the event file of a known shop, written packed, or of a real one."""
    if name in reference.EVENTS:
        return reference.EVENTS[name]
    path = folder / f"{name}.csv.gz"
    path.write_bytes(gzip.compress(SHOPS[name].events(), compresslevel=1))
    return path
