"""A shop's runs one after another: Prepare, K-Means and Score, each on what the others left."""

from __future__ import annotations

import datetime as dt
import tarfile
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from adapters.aws.container import Container
from steps.score.run import ScoreRun
from steps.score.step import score
from steps.train.clusters import train_kmeans
from tessera import naming
from tessera.records.codec import encode
from tessera.records.runs.latest import Latest
from tessera.records.scoring.score import ScoreRecord
from tests.steps.prepare.conftest import Shop
from tests.training_job import learn

FIRST_DAY = dt.date(2024, 1, 1)


class Order(NamedTuple):
    """An order of one line."""

    order_id: str
    customer: str
    day: dt.date
    amount: Decimal


class Weeks(Shop):
    """A tenant whose runs go from the upload to the verdict of the circuit breaker."""

    def score(self, orders: Iterable[Order] = (), *, name: str = "", **fields: Any) -> ScoreRecord:
        """Upload orders, run all steps, and let the run succeed. Without orders, by schedule."""
        files = {f"uploads/{name}.csv": csv_of(orders)} if name else None
        prepared = self.run(files, **fields)
        container = Container({"ML_ROOT": str(self.folder / "score" / prepared.run_id)})
        for each in ("customers/", "previous/", naming.SUBSCRIPTIONS, naming.CUSTOMER_PRODUCTS):
            self._fetch(prepared.run_id, each, container.input(each))
        self._fetch(prepared.run_id, naming.BEHAVIOUR_DAYS, container.input("behaviour_days"))
        self._fetch(prepared.run_id, naming.TICKET, container.input("ticket"))
        self._fetch(prepared.run_id, naming.PREPARE_RECORD, container.input("record"))
        self._train(prepared.run_id, container)
        learn(container)
        record = score(ScoreRun.open(container))
        profiles = container.output("profiles")
        for file in profiles.rglob("*.parquet"):
            key = naming.profiles_prefix("default") + str(file.relative_to(profiles))
            self.data.upload(file, key)
        scored = naming.run_key("default", prepared.run_id, naming.SCORE_RECORD)
        self.data.write_json(scored, encode(record))
        latest = Latest(run_id=prepared.run_id, as_of=prepared.as_of)
        self.data.write_json(naming.latest_key("default"), encode(latest))
        return record

    def _train(self, run_id: str, container: Container) -> None:
        self._fetch(run_id, naming.FEATURES, container.channel("features"))
        container.channel("ticket").symlink_to(container.input("ticket"))
        train_kmeans(container)
        container.input("model").mkdir(parents=True)
        with tarfile.open(container.input("model") / "model.tar.gz", "w:gz") as archive:
            archive.add(container.model / "model.json", "model.json")

    def _fetch(self, run_id: str, prefix: str, folder: Path) -> None:
        for key in self.data.sizes(naming.run_key("default", run_id, prefix)):
            self.data.download(key, folder / Path(key).name)


def history(customers: int, *, days: int, seed: int = 8, per_year: float = 6) -> list[Order]:
    """Draw a shop's orders of so many days: Poisson buyers of many rates, and some leave.

    They leave after an order, as BG/NBD says: its model is learnt in a third of the time.
    """
    draw = np.random.default_rng(seed)
    orders: list[Order] = []
    for number in range(customers):
        began = int(draw.integers(0, max(days - 30, 1)))
        rate = draw.gamma(1.5, per_year / 1.5 / 365)
        leaves = draw.beta(1, 9)
        spend = draw.gamma(4, 12)
        day = float(began)
        stays = True
        while stays and day < days:
            amount = Decimal(f"{max(draw.normal(spend, spend / 4), 1):.2f}")
            when = FIRST_DAY + dt.timedelta(days=int(day))
            orders.append(Order(f"o{len(orders)}", f"c{number}", when, amount))
            day += max(draw.exponential(1 / rate), 1)
            stays = draw.random() > leaves
    return orders


def csv_of(orders: Iterable[Order]) -> str:
    """Return orders as a file."""
    return "\n".join(_lines(orders)) + "\n"


def _lines(orders: Iterable[Order]) -> Iterator[str]:
    yield "CustomerID,OrderID,Date,Amount"
    for order_id, customer, day, amount in orders:
        yield f"{customer},{order_id},{day.isoformat()},{amount}"
