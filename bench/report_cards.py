"""``python -m bench.report_cards [FOLDER]``: the models' tests on five public data sets.

FOLDER holds ``oracles/clv`` with CLVTools' splits of real shops (purchases before and after a
cut), and ``data/raw`` with the Telco table; by default ``shared`` beside the checkout.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from tessera.customers.purchase.fitting import fit
from tessera.customers.purchase.history import PurchaseHistory
from tessera.customers.purchase.kinds import KINDS
from tessera.customers.report_card.backtest import Backtest
from tessera.customers.report_card.card import ReportCard, report_card
from tessera.customers.report_card.measures import Accuracy
from tessera.customers.subscriptions.churn import train_churn
from tessera.sources.attributes import parse_attributes

SHARED = Path(__file__).resolve().parents[2] / "shared"
SHOPS = {
    "CDNOW": "cdnow_sample_split19970930",
    "apparel": "apparel_split104",
    "grocery": "grocery_split52",
    "Online Retail": "online_retail_split20110909",
}


def main() -> None:
    """Print three Markdown tables."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else SHARED
    cards = {shop: _card(folder / "oracles" / "clv", name) for shop, name in SHOPS.items()}
    print(table(("Shop", "Forecast", "Total off by", "MAE", "RMSE"), _errors(cards)))
    print()
    names = ("Shop", "Published", "AUC", "by days since alone", "active", "at risk", "lapsed")
    print(table(names, _decisions(cards)))
    print()
    print(table(("Telco", "AUC", "ECE", "Brier", "log loss", "base rate's"), _churn(folder)))


def _card(folder: Path, name: str) -> ReportCard:
    path = folder / f"{name}_clvtools_pnbd_predictions.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
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
            yield shop, model.title, *_accuracy(model.accuracy)
        for name, accuracy in card.baselines.items():
            yield shop, name.replace("_", " "), *_accuracy(accuracy)


def _accuracy(found: Accuracy) -> tuple[str, ...]:
    return f"{found.total_error or 0:+.1%}", f"{found.mae:.3f}", f"{found.rmse:.3f}"


def _decisions(cards: dict[str, ReportCard]) -> Iterator[Sequence[str]]:
    for shop, card in cards.items():
        apart = card.discrimination
        if apart is None or apart.auc is None or apart.auc_of_recency is None:
            continue
        published = card.decision.model if card.decision.publish else "none"
        ordered = {one.state: f"{one.ordered:.2f}" for one in card.gap_states}
        states = (ordered.get(state, "") for state in ("active", "at_risk", "lapsed"))
        yield shop, str(published), f"{apart.auc:.3f}", f"{apart.auc_of_recency:.3f}", *states


def _churn(folder: Path) -> Iterator[Sequence[str]]:
    path = folder / "data" / "raw" / "Telco-Customer-Churn.csv"
    file = parse_attributes(path.read_bytes(), name=path.name)
    if file.cancelled is None:
        raise ValueError(f"{path.name} has no label column")
    one_day = np.zeros(len(file.customer_ids))
    record = train_churn(file.attributes, label=file.cancelled, observed=one_day, seed=42)
    figures = ("auc", "ece", "brier", "log_loss", "base_log_loss")
    yield "five folds", *(f"{record['metrics'][name]:.4f}" for name in figures)


def table(header: Sequence[str], rows: Iterator[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


if __name__ == "__main__":
    main()
