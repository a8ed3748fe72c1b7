"""An explanation's facts as sentences. Needs no NumPy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tessera.segments.sets.rules import QUANTILE

Facts = Mapping[str, Any]


def about(facts: Facts) -> list[str]:
    """Return sentences about a customer of a run (see ``explanation.explain``)."""
    return [
        *_scores(facts),
        *_visits(facts),
        _segment(facts),
        *(_set(name, one) for name, one in facts["sets"].items()),
        *(_model(place, one) for place, one in facts["models"].items()),
        *_forecast(facts["forecast"]),
        *_loyalty(facts["loyalty"]),
        *_cancellation(facts["cancellation"]),
        *_history(facts),
    ]


def about_absence(facts: Facts) -> list[str]:
    """Return sentences about a customer that only the previous run has."""
    before, move = facts["previous"], facts["move"]
    why = f", because {move['words']}" if move else ""
    return [
        f"On {before['as_of']} the segment was {before['segment']}.",
        f"The present run doesn't know the customer any more{why}.",
    ]


# ---- scores and segment ------------------------------------------------------------------------


def _scores(facts: Facts) -> Iterator[str]:
    for measure, one in (facts["scores"] or {}).items():
        value = _measured(measure, one["value"], as_of=facts["as_of"])
        limits = _limits(measure, one["above"], one["up_to"])
        yield f"{value}: {measure} score {one['score']} of {one['of']}{limits}."


def _measured(measure: str, value: object, *, as_of: object) -> str:
    if value is None:
        return f"By events of any kind, as the AWS guidance counts {measure}"
    if measure == "recency":
        return f"The last purchase was {_many(value, 'day')} before {as_of}"
    return _many(value, "order") if measure == "frequency" else f"{_amount(value)} net of refunds"


def _limits(measure: str, above: float | None, up_to: float | None) -> str:
    text_of = _amount if measure == "monetary" else _number
    parts = [f"more than {text_of(above)}"] if above is not None else []
    parts += [f"at most {text_of(up_to)}"] if up_to is not None else []
    return f" ({', '.join(parts)})" if parts else ""


def _visits(facts: Facts) -> Iterator[str]:
    """Yield when the customer was at the shop. Runs of earlier versions don't know it."""
    seen = facts["values"]
    if seen["sessions"]:
        yield (
            f"{_many(seen['sessions'], 'session')}, {_number(seen['sessions_30d'])} of them in the "
            f"last 30 days. The last visit was {_many(seen['last_view_days'], 'day')} before "
            f"{facts['as_of']}."
        )


def _segment(facts: Facts) -> str:
    segment = facts["segment"]
    meaning = f" {segment['meaning']}" if segment["meaning"] else ""
    if facts["scores"] is None:
        return f"No scores, so the segment is {segment['label']}.{meaning}"
    return (
        f"The cell {segment['cell']} belongs to {segment['label']} in the definition "
        f"{segment['definition']}.{meaning}"
    )


# ---- sets and models ---------------------------------------------------------------------------


def _set(name: str, one: Facts) -> str:
    if "of" in one:
        pair = " and ".join(f"{other} is {label or 'empty'}" for other, label in one["of"].items())
        return f"{name} is {one['label']}, because {pair}."
    if "by_conditions" in one:
        return f"{name} is {one['label']}, because its condition is the first that holds."
    if one["column"] == name:
        return f"{name} is {one['label']}."
    withheld = "".join(f"; {column} is withheld" for column in one["withheld"])
    if one["column"] is None:
        return f"{name} is {one['label']}, because no column has values for it{withheld}."
    if one["value"] is None:
        return f"{name} is {one['label']}, because {one['column']} is empty{withheld}."
    value = one["value"] if isinstance(one["value"], str) else _number(one["value"])
    limits = _range(one["from"], one["below"], by=one["by"])
    return f"{name} is {one['label']}, because {one['column']} is {value}{limits}{withheld}."


def _range(low: float | None, high: float | None, *, by: str | None) -> str:
    quantile = by == QUANTILE
    parts = []
    if low is not None:
        parts.append(f"more than {_number(low)}" if quantile else f"{_number(low)} or more")
    if high is not None:
        parts.append(f"at most {_number(high)}" if quantile else f"less than {_number(high)}")
    end = ", by quantiles of all customers" if parts and quantile else ""
    return f" ({', '.join(parts)}{end})" if parts else ""


def _model(place: str, one: Facts) -> str:
    name = f"The {place} model" + (f" ({one['name']})" if one["name"] else "")
    if one["withheld"]:
        return f"{name} is withheld: {one['withheld'].rstrip('.')}."
    inputs = ", ".join(f"{key} {_cell(value)}" for key, value in one["inputs"].items())
    outputs = ", ".join(
        f"{key} {_cell(value)}" for key, value in one["outputs"].items() if value is not None
    )
    return f"{name} sees {inputs or 'nothing'}" + (f" and says {outputs}." if outputs else ".")


def _forecast(one: Facts | None) -> Iterator[str]:
    if one is None:
        return
    yield from map(_quantity, one["quantities"])
    if one["orders"]:
        yield f"Why these orders: {'; '.join(one['orders'])}."


def _quantity(one: Facts) -> str:
    title, why = one["title"], "; ".join(text.rstrip(".") for text in one["why"])
    if one["grade"] == "none":
        return f"{title}: not shown, because {why}."
    tenth = "" if one["tenth"] is None else f"tenth {_number(one['tenth'])} of 10"
    if one["grade"] == "ranking":
        return f"{title}: {tenth or 'ranked'}, without a figure, because {why}."
    range_ = (
        f", 80 % range {_cell(one['from'])} to {_cell(one['to'])}" if one["to"] is not None else ""
    )
    return f"{title}: {one['column']} {_cell(one['value'])}{range_}{tenth and ', ' + tenth}."


def _loyalty(one: Facts | None) -> Iterator[str]:
    if one is None:
        return
    if one["withheld"]:
        yield f"The score of loyalty is withheld: {one['withheld'].rstrip('.')}."
    elif one["score"] is not None:
        pushes = f": {'; '.join(one['pushes'])}" if one["pushes"] else ""
        yield (
            f"The score of loyalty is {_number(one['score'])} of 100, by {one['weights']} "
            f"weights{pushes}."
        )


def _cancellation(one: Facts | None) -> Iterator[str]:
    if one is None:
        return
    if one["from"] is None:
        yield f"There is no chance to cancel: {one['why'].rstrip('.')}."
        return
    chance = f"The chance to cancel within 30 days is {_number(one['chance'])}"
    if one["from"] == "attributes":
        visits = " and visits" if one.get("clicks") else ""
        yield f"{chance}, by the customer's attributes{visits} (model {one['model']})."
        return
    paid, due = _many(one["periods_paid"], "period"), _many(one["renewals_due"], "renewal")
    yield f"{chance}, by the subscription's age: {paid} paid, {due} due in these days."


# ---- the previous run --------------------------------------------------------------------------


def _history(facts: Facts) -> Iterator[str]:
    before, move, after = facts["previous"], facts["move"], facts["segment"]["label"]
    if before is None:
        yield f"New in this run, because {move['words']}." if move else "No earlier run to compare."
        return
    changed = before["segment"] != after
    was = f"On {before['as_of']} the segment was {before['segment']}"
    if not changed:
        yield f"{was} too."
    else:
        yield f"{was}; it is {after} now" + (f", because {move['words']}." if move else ".")
        if move and len(move["path"]) > 1:
            yield f"Step by step: {_path(move['path'])}."
    if differences := _differences(before["values"], facts["values"]):
        yield f"Since then {differences}."


def _path(steps: list[Facts]) -> str:
    return "; ".join(f"{one['words']}: {one['label'] or 'no segment'}" for one in steps)


def _differences(before: Facts, after: Facts) -> str:
    words = {
        "recency_days": ("days since the last purchase", _number),
        "frequency": ("orders", _number),
        "monetary": ("net money", _amount),
    }
    parts = [
        f"{what} went from {text_of(before[name])} to {text_of(after[name])}"
        for name, (what, text_of) in words.items()
        if before[name] != after[name] and None not in (before[name], after[name])
    ]
    return ", ".join(parts)


# ---- numbers -----------------------------------------------------------------------------------


def _number(value: object) -> str:
    text = f"{float(str(value)):,.4f}"
    return text.rstrip("0").rstrip(".")


def _amount(value: object) -> str:
    return f"{float(str(value)):,.2f}"


def _many(value: object, unit: str) -> str:
    return f"{_number(value)} {unit}" + ("s" if value != 1 else "")


def _cell(value: object) -> str:
    if value is None:
        return "empty"
    return _number(value) if isinstance(value, (int, float)) else str(value)
