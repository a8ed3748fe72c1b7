"""What was learnt from the purchase model's past misses, for those who check it."""

from __future__ import annotations

import math
from collections.abc import Mapping

from tessera.customers.forecasting.words import FEATURES
from tessera.insights import figures
from tessera.insights.report.drawing.markup import Child, Html, element
from tessera.insights.report.drawing.table import Heading, table
from tessera.plurals import plural
from tessera.records.scoring.learnt_forecasts import LearntChance, LearntOrders

GROUPS = {
    "new": ("New customers", "known for 30 days or less"),
    "bought_once": ("Bought once", "and known for longer"),
    "repeated": ("Bought again", "on two days or more"),
}
_COLUMNS = [
    Heading("A customer with more than usual in …"),
    Heading("Orders multiplied by", number=True),
]


def corrections(learnt: LearntOrders, chances: Mapping[str, LearntChance]) -> Html:
    """Return how much of what was learnt counts, and what the factor multiplies by.

    Parameters
    ----------
    learnt, chances
        What was learnt of orders, and of the chances of none by days.
    """
    return element(
        "div", element("p", _sentence(learnt)), _clicks(learnt, chances), _factor(learnt)
    )


def _clicks(learnt: LearntOrders, chances: Mapping[str, LearntChance]) -> Html | None:
    """Return what views, sessions and e-mails proved, where there are any."""
    titled: list[tuple[str, LearntOrders | LearntChance]] = [("orders", learnt)]
    titled += [(f"no order in {days} days", one) for days, one in chances.items()]
    gates = [(title, gate) for title, one in titled for gate in (one.clicks, one.emails)]
    items = [element("li", f"Of {title}: {gate.reason}.") for title, gate in gates if gate]
    return element("ul", items) if items else None


def _sentence(learnt: LearntOrders) -> str:
    cuts = plural(learnt.cuts, "earlier day", "earlier days")
    used = [
        f"{title.lower()} {figures.share(blend.weight)} and {figures.share(blend.share)}"
        for name, (title, _) in GROUPS.items()
        if (blend := learnt.blends.get(name)) and (blend.weight or blend.share)
    ]
    counts = (
        f"The factor and the trees count for: {'; '.join(used)}."
        if used
        else "Neither factor nor trees proved better than the purchase model, so neither counts."
    )
    level = figures.signed_share(learnt.level - 1)
    return (
        f"Orders are learnt from {cuts} of this shop, each with the {learnt.learnt_days} days "
        f"after it. There, orders were {level} off what the purchase model expected. {counts}"
    )


def _factor(learnt: LearntOrders) -> Html | None:
    regression = learnt.regression
    if regression is None:
        return None
    pairs = zip(regression.names, regression.coefficients, strict=True)
    strongest = sorted(pairs, key=lambda pair: (-abs(pair[1]), pair[0]))
    body: list[list[Child]] = [
        [FEATURES.get(name, name), figures.number(math.exp(coefficient), 2)]
        for name, coefficient in strongest
    ]
    caption = (
        "The factor, for a customer one standard deviation above the mean, before its weight. "
        "Features overlap, so each says something only beside the others"
    )
    return table(caption, _COLUMNS, body)
