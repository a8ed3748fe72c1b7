"""``python -m bench forecasts [--data DIR]``: the tables of docs/model.md, and their targets."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np

from bench.forecasts.generated import KINDS, Drawn, pareto_nbd
from bench.forecasts.shops import CUTS, shops
from bench.forecasts.trial import Trial, trial
from bench.report import Ratio, Section, table
from tessera.customers.report_card.decision import title
from tessera.customers.report_card.measures import auc, top_share
from tessera.records.scoring.report_card import Accuracy, Verdict

_DRAWS = 20
_LAST = dt.date(2025, 12, 31)
_ACCURACY = ("Shop", "Forecast", "Total", "MAE", "RMSE", "Deviance", "AUC", "Top tenth",
             "Brier 90 d", "Money, top tenth")  # fmt: skip
_VERDICTS = ("Shop", "Days", "Orders", "None in 30", "90", "180 days", "Money")
_GAP_STATES = ("active", "at_risk", "lapsed")
_MEANS = ("Shop", "Cuts", "Deviance", "worst", "RMSE", "Model off by", "Forecast off by",
          "Totals in range", "Customers in range")  # fmt: skip


def measure(folder: Path | None, *, say: Callable[[str], None]) -> Section:
    """Measure all shops and draws."""
    trials: dict[str, list[Trial]] = {}
    for name, days, last in shops(folder):
        for unused, held_out in CUTS[name]:
            say(f"{name}: {held_out} days after a cut")
            shop, day = days.until(unused), last - dt.timedelta(days=unused)
            trials.setdefault(name, []).append(trial(shop, day=day, holdout_days=held_out))
    say("shops drawn from known laws")
    drawn = {name: _drawn(kind(7)) for name, kind in KINDS.items()}
    plain = [_drawn(pareto_nbd(seed)) for seed in range(_DRAWS)]
    first = {name: some[0] for name, some in trials.items()}
    lines = (
        *table(_ACCURACY, [row for name, one in first.items() for row in _accuracy(name, one)]),
        "",
        *table(_VERDICTS, [_verdicts(name, one) for name, one in first.items()]),
        "",
        *table(("Shop", *_GAP_STATES), [_states(name, one) for name, one in first.items()]),
        "",
        *table(_MEANS, [_means(name, some) for name, some in trials.items()]),
        "",
        *table(("Drawn shop", "Deviance", "Off by", "Learnt", "Season", "Orders"), [
            *(_drawn_row(name, one) for name, one in drawn.items()),
            _draws_row(plain),
        ]),
    )  # fmt: skip
    return Section("Forecasts", lines, tuple(_targets(trials, plain, drawn)))


def _drawn(shop: Drawn) -> Trial:
    return trial(shop.days, day=_LAST, holdout_days=shop.holdout_days)


def _accuracy(name: str, one: Trial) -> Iterator[list[str]]:
    card, backtest = one.card, one.holdout.backtest
    silent = backtest.orders == 0

    def row(what: str, accuracy: Accuracy, orders: np.ndarray | None) -> list[str]:
        ranked: tuple[float | None, float | None, float | None] = (None, None, None)
        if orders is not None:
            prices = one.lesson.mean_spend()
            ranked = (
                auc(-orders, outcome=silent, weights=backtest.weights),
                top_share(orders, value=backtest.orders, weights=backtest.weights),
                None
                if prices is None
                else top_share(orders * prices, value=backtest.spend, weights=backtest.weights),
            )
        brier = one.briers.get(what)
        return [
            name,
            title(what).replace("_", " "),
            f"{accuracy.total_error or 0:+.1%}",
            f"{accuracy.mae:.3f}",
            f"{accuracy.rmse:.3f}",
            "" if accuracy.deviance is None else f"{accuracy.deviance:.3f}",
            _number(ranked[0], ".3f"),
            _number(ranked[1], ".1%"),
            _number(brier, ".4f"),
            _number(ranked[2], ".1%"),
        ]

    for what, accuracy in card.baselines.items():
        yield row(what, accuracy, None)
    for model, fitted in zip(card.models, one.holdout.fits, strict=True):
        orders = fitted.model.expected_orders(backtest.history, days=backtest.holdout_days)
        yield row(model.name, model.accuracy, orders)
    if card.forecast is not None:
        yield row("forecast", card.forecast, one.lesson.orders())


def _number(value: float | None, form: str) -> str:
    return "" if value is None else format(value, form)


def _verdicts(name: str, one: Trial) -> list[str]:
    verdicts = one.card.verdicts
    assert verdicts is not None  # noqa: S101 (made by this version)
    days = f"{one.card.calibration_days:.0f} + {one.card.holdout_days:.0f}"
    chances = [_verdict(verdict) for verdict in verdicts.no_order.values()]
    return [name, days, _verdict(verdicts.orders), *chances, _verdict(verdicts.money)]


def _verdict(verdict: Verdict) -> str:
    if not verdict.savings:
        return "–"
    nearest = min(verdict.savings.values(), key=lambda one: one.at_least)
    return f"{verdict.grade} ({nearest.mean:+.1%}, at least {nearest.at_least:+.1%})"


def _states(name: str, one: Trial) -> list[str]:
    """Return the share of each state of the gap rule that ordered in the holdout."""
    ordered = {state.state: f"{state.ordered:.2f}" for state in one.card.gap_states}
    return [name, *(ordered.get(state, "") for state in _GAP_STATES)]


def _means(name: str, some: list[Trial]) -> list[str]:
    ranges = [one.card.ranges for one in some if one.card.ranges]
    inside = [one.customers_inside for one in ranges if one.customers_inside is not None]
    return [
        name,
        str(len(some)),
        f"{np.mean([one.deviance for one in some]):+.1%}",
        f"{max(one.deviance for one in some):+.1%}",
        f"{np.mean([one.rmse for one in some]):+.1%}",
        f"{np.mean([abs(one.model_total) for one in some]):.1%}",
        f"{np.mean([abs(one.total) for one in some]):.1%}",
        f"{sum(one.held for one in ranges)} of {len(ranges)}",
        f"{min(inside):.0%} to {max(inside):.0%}",
    ]


def _drawn_row(name: str, one: Trial) -> list[str]:
    verdicts, season = one.card.verdicts, one.lesson.learnt.season
    assert verdicts is not None  # noqa: S101 (made by this version)
    levels = "" if season is None else f"{np.exp(max(season.levels)):.2f} at most"
    learnt = "yes" if one.learnt else "nothing"
    return [
        name,
        f"{one.deviance:+.1%}",
        f"{one.total:+.0%}",
        learnt,
        levels,
        verdicts.orders.grade,
    ]


def _draws_row(plain: list[Trial]) -> list[str]:
    learnt = sum(one.learnt for one in plain)
    return [
        f"Pareto/NBD, {len(plain)} draws",
        f"{np.mean([one.deviance for one in plain]):+.1%}",
        f"{np.mean([abs(one.total) for one in plain]):.0%}",
        f"in {learnt}",
        "",
        "",
    ]


def _targets(
    trials: Mapping[str, list[Trial]], plain: list[Trial], drawn: Mapping[str, Trial]
) -> Iterator[Ratio]:
    first = [some[0] for some in trials.values()]
    every = [one for some in trials.values() for one in some]
    yield Ratio("deviance over the model's, worst shop", 1 + max(o.deviance for o in first), 1.01)
    better = sum(one.deviance <= -0.03 for one in first)
    yield Ratio("shops with 3 % less deviance", better, min(3, len(first) - 1), least=True)
    yield Ratio("RMSE over the model's, worst shop", 1 + max(o.rmse for o in first), 1.01)
    untouched = sum(not one.learnt for one in plain)
    yield Ratio("of 20 Pareto/NBD draws, nothing learnt", untouched, 18, least=True)
    mean = 1 + float(np.mean([one.deviance for one in plain]))
    yield Ratio("their mean deviance over the model's", mean, 1.01)
    ranges = [one.card.ranges for one in every if one.card.ranges]
    held = sum(one.held for one in ranges) / len(ranges)
    yield Ratio("80 % ranges of totals that held, at least", held, 0.65, least=True)
    yield Ratio("80 % ranges of totals that held, at most", held, 0.95)
    inside = [one.customers_inside for one in ranges if one.customers_inside is not None]
    yield Ratio("customers inside their range, least", min(inside), 0.80, least=True)
    yield Ratio("customers inside their range, most", max(inside), 0.98)
    seasons = float(drawn["seasons"].lesson.learnt.season is not None)
    yield Ratio("seasons learnt where there are some", seasons, 1, least=True)
    invented = float(drawn["no seasons"].lesson.learnt.season is not None)
    yield Ratio("seasons learnt where there are none", invented, 0)
