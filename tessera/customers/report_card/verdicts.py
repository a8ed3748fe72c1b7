"""What may be published of each quantity: the figures, the order of customers, or nothing."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np

from tessera.customers.report_card.backtest import Floats
from tessera.customers.report_card.skill import leads, saving
from tessera.customers.report_card.words import MEANINGS, PAST_SPEND, SILENCE
from tessera.records.scoring.report_card import Grade, Lead, Saving, Verdict

RIGHT_TOTAL = 0.25  # of what came
RIGHT_CHANCE = 0.05  # of a mean chance
PAST_ORDERS = "past_orders"
RIVALS = {
    SILENCE: "the days since the last purchase",
    PAST_ORDERS: "past orders",
    PAST_SPEND: "past spend",
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Tried:
    """A forecast of one quantity, with what it is measured against.

    Parameters
    ----------
    what
        The quantity in words, such as ``orders``.
    loss
        Shape (n,), the forecast's.
    naive
        The losses of naive rules, by name.
    off_by
        Of the total, or of the mean chance. None when nothing happened.
    most
        How far off the level may be.
    score, rivals
        High for customers expected to bring much: the forecast's, and simple rules' by name.
    came
        Shape (n,), what came, at least 0.
    """

    what: str
    loss: Floats
    naive: Mapping[str, Floats]
    off_by: float | None
    most: float
    score: Floats
    rivals: Mapping[str, Floats]
    came: Floats


def judge(tried: Tried, *, days: float) -> Verdict:
    """Publish figures that surely beat every rule at the right level, and else perhaps ranks.

    Notes
    -----
    *Figures* need a loss below each naive rule's beyond chance, and a level that is about right.
    *Ranks* need to be worse than no simple rule, and better than one, beyond chance.
    """
    savings = {name: saving(tried.loss, naive=loss) for name, loss in tried.naive.items()}
    over = leads(tried.score, rivals=tried.rivals, value=tried.came)
    nearest = min(savings, key=lambda name: savings[name].at_least)
    beats = savings[nearest].at_least > 0
    level = tried.off_by is not None and abs(tried.off_by) <= tried.most
    full = beats and level
    grade: Grade = "full" if full else "ranking" if _ranks(over) else "none"
    reasons = (
        _on_rules(tried.what, nearest, savings[nearest], days=days),
        *(() if level else (_on_level(tried),)),
        *(() if full else (_on_ranks(tried.what, over),)),
    )
    return Verdict(
        grade=grade,
        reasons=reasons,
        off_by=None if tried.off_by is None else round(tried.off_by, 6),
        savings=savings,
        leads=over,
    )


def untested(reasons: tuple[str, ...]) -> Verdict:
    """Return the verdict of a quantity that could not be tested."""
    return Verdict(grade="none", reasons=reasons)


def rivals(*, silence: Floats, past_orders: Floats, past_spend: Floats) -> dict[str, Floats]:
    """Return the simple rules that rank customers, shape (n,) each, high for the best."""
    return {SILENCE: -silence, PAST_ORDERS: past_orders, PAST_SPEND: past_spend}


def _ranks(leads: Mapping[str, Lead]) -> bool:
    worse = any(one.high < 0 for one in leads.values())
    return not worse and any(one.low > 0 for one in leads.values())


def _on_rules(what: str, rule: str, against: Saving, *, days: float) -> str:
    surely = "surely better" if against.at_least > 0 else "not surely better"
    words = "saves" if against.mean >= 0 else "adds"
    share = f"{100 * abs(against.mean):.1f} %"
    return (
        f"over {days:g} days that it had not seen, the forecast of {what} is {surely} than to "
        f"assume that {MEANINGS[rule]}: it {words} {share} of that rule's error "
        f"(with 95 % confidence at least {_percent(against.at_least, places=1)})"
    )


def _on_level(tried: Tried) -> str:
    if tried.off_by is None:
        return f"nothing came after the cut, so the level of {tried.what} was not tested"
    if tried.most == RIGHT_CHANCE:
        return (
            f"{tried.what} was off by {_signed(100 * tried.off_by, places=1)} points in the mean, "
            f"and {100 * tried.most:.0f} are allowed"
        )
    return (
        f"the total of {tried.what} was off by {_percent(tried.off_by, 1)}, and "
        f"{100 * tried.most:.0f} % is allowed"
    )


def _percent(share: float, places: int = 0) -> str:
    return f"{_signed(100 * share, places)} %"


def _signed(number: float, places: int = 0) -> str:
    return f"{number:+.{places}f}".replace("-", "\u2212")


def _on_ranks(what: str, leads: Mapping[str, Lead]) -> str:
    worse = [RIVALS[name] for name, one in leads.items() if one.high < 0]
    better = [RIVALS[name] for name, one in leads.items() if one.low > 0]
    if worse:
        return f"it ranks customers by {what} worse than {worse[0]} would"
    if better:
        return f"it ranks customers better than {better[0]} would, so their order can be trusted"
    return "it ranks customers no better than simple rules would"


def total_off(predicted: Floats, came: Floats) -> float | None:
    """Return predicted / actual - 1 of a total. None when nothing came."""
    actual = float(came.sum())
    return float(predicted.sum()) / actual - 1 if actual > 0 else None


def mean_off(predicted: Floats, came: Floats) -> float:
    """Return predicted - actual of a mean chance."""
    return float(np.mean(predicted) - np.mean(came))
