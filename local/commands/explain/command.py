"""``tessera explain``: why one customer has the labels they have, in plain words."""

from __future__ import annotations

import difflib
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from local.commands.explain.files import RunFiles, files_of
from local.terminal import Terminal
from steps.explain.customer import explain_customer
from tessera.errors import InvalidInput

_WIDTH = 96
_NEAR = 5  # ids that are suggested
_COMPARED = 50_000  # ids that are compared letter by letter

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
    run = files.manifest().run
    about = {"run_id": run.run_id, "tenant": run.tenant}
    row = files.customer(customer)
    facts = explain_customer(files, row["customer_key"] if row else customer)
    if facts is None:
        raise InvalidInput(_unknown(files, customer))
    return {"customer_id": row["customer_id"] if row else None, **about, **facts}


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
