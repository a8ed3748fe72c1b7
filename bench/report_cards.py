"""``python -m bench.report_cards [FOLDER]``: the models' tests on public data sets.

Reads CLVTools' splits of CDNOW and Online Retail (purchases before and after a cut) and the Telco
table from ``tests/data``. FOLDER may hold further splits, written by CLVTools in the same columns
as ``<shop>_clvtools_pnbd_predictions.csv``: data sets whose terms keep them out of this project.
"""

from __future__ import annotations

import csv
import gzip
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from tessera.customers.purchase.fitting import fit
from tessera.customers.purchase.history import PurchaseHistory
from tessera.customers.purchase.kinds import KINDS
from tessera.customers.report_card.backtest import Backtest
from tessera.customers.report_card.card import report_card
from tessera.customers.report_card.decision import title
from tessera.customers.subscriptions.churn import train_churn
from tessera.records.scoring.report_card import Accuracy, ReportCard
from tessera.sources.attributes.reading import parse_attributes

DATA = Path(__file__).resolve().parents[1] / "tests" / "data"
TELCO = DATA / "tables" / "telco.csv.gz"
SPLIT = "_clvtools_pnbd_predictions.csv"
SHOPS = {
    "CDNOW": "cdnow_sample_split19970930",
    "Online Retail": "online_retail_split20110909",
}


def main() -> None:
    """Print three Markdown tables."""
    splits = {shop: DATA / "oracles" / "clv" / f"{name}{SPLIT}.gz" for shop, name in SHOPS.items()}
    for folder in map(Path, sys.argv[1:]):
        splits |= {path.name.removesuffix(SPLIT): path for path in folder.glob(f"*{SPLIT}")}
    cards = {shop: _card(path) for shop, path in splits.items()}
    print(table(("Shop", "Forecast", "Total off by", "MAE", "RMSE"), _errors(cards)))
    print()
    names = ("Shop", "Published", "AUC", "by days since alone", "active", "at risk", "lapsed")
    print(table(names, _decisions(cards)))
    print()
    print(table(("Telco", "AUC", "ECE", "Brier", "log loss", "base rate's"), _churn()))


def _content(path: Path) -> bytes:
    body = path.read_bytes()
    return gzip.decompress(body) if path.suffix == ".gz" else body


def _card(path: Path) -> ReportCard:
    rows = list(csv.DictReader(_content(path).decode().splitlines()))
    repeats, last, age, orders = (
        np.array([float(row[column]) for row in rows])
        for column in ("x", "t.x", "T.cal", "actual.x")
    )
    nothing = np.zeros(len(rows))
    backtest = Backtest(
        history=PurchaseHistory(
            repeats=repeats, last_day=np.round(7 * last), age_days=np.round(7 * age)
        ),
        mean_spend=nothing,
        past_spend=nothing,
        orders=orders,
        spend=nothing,
        holdout_days=round(7 * float(rows[0]["period.length"])),
    )
    models = [fit(backtest.history, kind=kind).model for kind in KINDS]
    return report_card(models, backtest=backtest, spend=None)


def _errors(cards: dict[str, ReportCard]) -> Iterator[Sequence[str]]:
    for shop, card in cards.items():
        for model in card.models:
            yield shop, title(model.name), *_accuracy(model.accuracy)
        for name, accuracy in card.baselines.items():
            yield shop, name.replace("_", " "), *_accuracy(accuracy)


def _accuracy(one: Accuracy) -> tuple[str, ...]:
    return f"{one.total_error or 0:+.1%}", f"{one.mae:.3f}", f"{one.rmse:.3f}"


def _decisions(cards: dict[str, ReportCard]) -> Iterator[Sequence[str]]:
    for shop, card in cards.items():
        apart = card.discrimination
        if apart is None or apart.auc is None or apart.auc_of_recency is None:
            continue
        published = card.decision.model if card.decision.publish else "none"
        ordered = {one.state: f"{one.ordered:.2f}" for one in card.gap_states}
        states = (ordered.get(state, "") for state in ("active", "at_risk", "lapsed"))
        yield shop, str(published), f"{apart.auc:.3f}", f"{apart.auc_of_recency:.3f}", *states


def _churn() -> Iterator[Sequence[str]]:
    file = parse_attributes(_content(TELCO), name=TELCO.name)
    if file.cancelled is None:
        raise ValueError(f"{TELCO.name} has no label column")
    one_day = np.zeros(len(file.customer_ids))
    record = train_churn(file.attributes, label=file.cancelled, observed=one_day, seed=42)
    figures = ("auc", "ece", "brier", "log_loss", "base_log_loss")
    yield "five folds", *(f"{getattr(record.metrics, name):.4f}" for name in figures)


def table(header: Sequence[str], rows: Iterator[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


if __name__ == "__main__":
    main()
