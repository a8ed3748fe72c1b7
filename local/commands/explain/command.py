"""``tessera explain``: why one customer has the labels they have, in plain words."""

from __future__ import annotations

import difflib
import json
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from local.commands.explain.cancellation import cancellation
from local.commands.explain.files import RunFiles, files_of
from local.commands.explain.forecast import forecast_of
from local.terminal import Terminal
from tessera.errors import InvalidInput
from tessera.records.scoring.forecast_models import ForecastModels
from tessera.segments.definition import definition_for
from tessera.segments.explanation import explain as explanation
from tessera.segments.explanation import explain_absence

_WIDTH = 96
_NEAR = 5  # ids that are suggested
_COMPARED = 50_000  # ids that are compared letter by letter
_ORDERS = ("p_alive", "next_order_at", "next_order_from", "next_order_to")
_VALUES = ("clv", "historic_value", "total_value")

Row = Mapping[str, Any]


def explain(
    customer: str,
    *,
    out: Path,
    run: str,
    state: Path,
    endpoint: str,
    as_json: bool,
    terminal: Terminal,
) -> None:
    """Print what there is to say about a customer.

    Parameters
    ----------
    customer
        A customer_id as in the upload, or a customer_key.
    out
        An output folder of ``tessera run``.
    run
        A run's id. One that ``out`` doesn't hold is looked for in the state, then at ``serve``.
        Empty: the folder's.
    state
        The folder of the state.
    endpoint
        Where ``serve`` answers.
    as_json
        All facts as JSON, in place of sentences.
    terminal
        Where it is printed.

    Raises
    ------
    InvalidInput
        There is no such run or customer.
    """
    with files_of(out, run=run, state=state, endpoint=endpoint) as files:
        facts = facts_of(files, customer)
    if as_json:
        terminal.json(facts)
        return
    for line in _lines(facts):
        terminal.say(line)


def facts_of(files: RunFiles, customer: str) -> dict[str, Any]:
    """Return an explanation (``tessera.segments.explanation``), and of which customer and run."""
    manifest = files.manifest()
    about = {"run_id": manifest.run.run_id, "tenant": manifest.run.tenant}
    row = files.customer(customer)
    if row is None:
        return {"customer_id": None, **about, **_absence(files, customer)}
    key, score = row["customer_key"], files.score()
    summary = files.summary(key)
    labels = json.loads(row.get("labels") or "{}")
    facts = explanation(
        {**row, **labels},
        definition=definition_for(manifest.reproducible.given.settings),
        thresholds=score.thresholds,
        sets=score.sets,
        models=_models(score.models, summary=summary),
        forecast=forecast_of(score.models, summary=summary, as_of=score.as_of),
        cancellation=cancellation(
            row["p_cancel_30d"],
            churn=score.churn,
            retention=score.retention,
            subscription=files.subscription(key),
        ),
        previous=files.previous(key),
        move=files.move(key),
    )
    return {"customer_id": row["customer_id"], **about, **facts}


def _absence(files: RunFiles, customer: str) -> dict[str, Any]:
    """Return what is known of a customer_key that only the previous run has."""
    previous = files.previous(customer)
    if previous is None:
        raise InvalidInput(_unknown(files, customer))
    return explain_absence(previous, move=files.move(customer))


def _unknown(files: RunFiles, customer: str) -> str:
    ids = [str(one) for one in files.ids().to_pylist()]
    near = _near(customer, ids)
    hint = f": did you mean {', '.join(map(repr, near))}?" if near else ""
    return f"no customer {customer!r} among the {len(ids):,} of the run{hint}"


def _near(customer: str, ids: list[str]) -> list[str]:
    """Return ids that somebody may have meant."""

    def bare(text: str) -> str:
        return text.strip().lower().lstrip("0")

    wanted = bare(customer)
    same = [one for one in ids if bare(one) == wanted]
    inside = [one for one in ids if len(wanted) > 1 and wanted in bare(one)]
    close = difflib.get_close_matches(customer, ids[:_COMPARED], n=_NEAR)
    return list(dict.fromkeys([*same, *close, *inside]))[:_NEAR]


# ---- models --------------------------------------------------------------------------------------


def _models(record: ForecastModels | None, *, summary: Row | None) -> dict[str, dict[str, Any]]:
    """Return the models that scored a customer, with their inputs. Non-buyers have none."""
    if record is None or summary is None or not summary["purchase_days"]:
        return {}
    repeats = summary["purchase_days"] - 1
    withheld = None if record.published else "; ".join(record.reasons)
    seen: dict[str, object] = {
        "repeats": repeats,
        "last_day": summary["tenure_days"] - summary["recency_days"],
        "age_days": summary["tenure_days"],
    }
    purchase = {
        "name": record.published,
        "inputs": seen,
        "outputs": _ORDERS,
        "withheld": withheld,
    }
    return {"purchase": purchase, "spend": _spend(record, summary, repeats, withheld=withheld)}


def _spend(
    record: ForecastModels, summary: Row, repeats: int, *, withheld: str | None
) -> dict[str, Any]:
    money = summary["monetary"] - summary["first_day_monetary"]
    nobody = None if record.spend else "nobody has bought twice"
    return {
        "name": "gamma_gamma",
        "inputs": {
            "repeats": repeats,
            "money per repeat purchase day": round(float(money) / repeats, 2) if repeats else None,
        },
        "outputs": _VALUES,
        "withheld": nobody or withheld,
    }


# ---- words ---------------------------------------------------------------------------------------


def _lines(facts: Row) -> Iterator[str]:
    who = facts["customer_id"] or facts["customer_key"]
    day = f", as of {facts['as_of']}" if facts.get("as_of") else ""
    yield f"Customer {who}: run {facts['run_id']} of tenant {facts['tenant']}{day}"
    for sentence in facts["sentences"]:
        yield from textwrap.wrap(sentence, _WIDTH, initial_indent="  ", subsequent_indent="    ")
    for measure, one in (facts.get("scores") or {}).items():
        edges = ", ".join(f"{edge:,.6g}" for edge in one["thresholds"])
        yield f"  Thresholds of {measure}: {edges}"
