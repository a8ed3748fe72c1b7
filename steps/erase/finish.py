"""End an erasure: search once more, forget who it was, sign the receipt."""

from __future__ import annotations

import collections
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import tessera
from adapters.erasure.cases import TouchedVersion
from steps.erase.data import DONE, OPEN, STORED, moment, needles_of
from steps.erase.sweep import sweep
from steps.erase.tools import ErasureTools
from tessera.erasure.receipt import (
    AgesOut,
    ErasedObjects,
    ErasedThere,
    Receipt,
    Search,
    Signer,
    signed,
)
from tessera.errors import InvalidInput
from tessera.records.codec import decode, encode

_PENDING = "receipt"


def keep_answer(tools: ErasureTools, answer: ErasedThere) -> None:
    """Keep what a destination answered, in place of what it answered before."""
    tools.files.write_answer(answer.destination, encode(answer))


def destinations_left(tools: ErasureTools) -> list[str]:
    """Return the destinations that have not answered, or where something failed."""
    known = tools.files.people()
    answers = answers_of(tools)
    names = sorted(known.traces) if known else []
    return [name for name in names if name not in answers or answers[name].failed]


def answers_of(tools: ErasureTools) -> dict[str, ErasedThere]:
    """Return what destinations answered, by name."""
    return {
        name: decode(ErasedThere, value, document=f"the answer of {name}")
        for name, value in tools.files.answers().items()
    }


def finish(tools: ErasureTools, *, signer: Signer, ages_out: Sequence[AgesOut]) -> dict[str, Any]:
    """Sign the receipt of what is done. Return the document.

    Nothing half-erased is reported as done: with a part left, the receipt is ``open``, and who it
    is about is kept so that the part can be tried again.

    Raises
    ------
    InvalidInput
        The data is not erased yet.
    """
    state = tools.files.state()
    if DONE in state.get("steps", []):
        receipt = tools.files.receipt()
        if receipt is not None:
            return receipt
    if STORED not in state.get("steps", []):
        raise InvalidInput(f"the erasure {tools.case!r} is not done: erase the data first")
    if _PENDING not in state:
        state = _search(tools, state, ages_out)
    receipt_ = decode(Receipt, state[_PENDING], document="the receipt")
    if receipt_.status == "open":
        kept = {name: value for name, value in state.items() if name != _PENDING}
        tools.files.write_state({**kept, OPEN: True})
    else:
        tools.files.forget_people()
    document = signed(receipt_, signer)
    tools.files.write_receipt(document)
    if receipt_.status == "complete":
        tools.files.write_state({**state, "steps": [*state["steps"], DONE]})
    return document


def _search(
    tools: ErasureTools, state: dict[str, Any], ages_out: Sequence[AgesOut]
) -> dict[str, Any]:
    """Search everything once more, and keep what the receipt is going to have."""
    known = tools.files.people()
    if known is None:
        raise InvalidInput(f"the erasure {tools.case!r} lost who it is about: ask for it again")
    began = moment(state["began_at"])
    swept = sweep(tools, needles_of(known), began_at=began, only_search=True)
    answers = answers_of(tools)
    missing = [name for name in sorted(known.traces) if name not in answers]
    not_done = _not_done(answers, missing, hits=swept.hits, waiting=swept.waiting)
    is_open = bool(missing or swept.hits or any(each.failed for each in answers.values()))
    receipt = Receipt(
        tessera=tessera.__version__,
        case=tools.case,
        tenant=tools.tenant,
        subjects=tuple(state["subjects"]),
        unknown=state["unknown"],
        repeated_of=tuple(state["repeated_of"]),
        shared_addresses=state["shared_addresses"],
        requested_at=moment(state["requested_at"]),
        finished_at=tools.now(),
        status="open" if is_open else "complete",
        objects=_objects(list(tools.files.touched())),
        tables=state.get("tables", {}),
        destinations=tuple(answers[name] for name in sorted(answers)),
        search=Search(versions=swept.versions, hits=swept.hits),
        not_done=not_done,
        ages_out=tuple(ages_out),
    )
    state = {**state, _PENDING: encode(receipt)}
    tools.files.write_state(state)
    return state


def _not_done(
    answers: Mapping[str, ErasedThere], missing: Sequence[str], *, hits: int, waiting: int
) -> tuple[str, ...]:
    lines = [f"{each.title}: {each.by_hand}" for each in answers.values() if each.by_hand]
    lines += [
        f"{each.title}: {each.answers.get('failed', 0)} not erased, tried again. {each.failed}"
        for each in answers.values()
        if each.failed
    ]
    lines += [f"{name}: not asked yet" for name in missing]
    if waiting:
        lines.append(f"{waiting} uploads wait for their runs. They are rewritten after these")
    if hits - waiting:
        lines.append(f"{hits - waiting} objects were written meanwhile. They are tried again")
    return tuple(lines)


def _objects(touched: Sequence[TouchedVersion]) -> tuple[ErasedObjects, ...]:
    """Count what was done, by kind."""
    by_kind: dict[str, list[TouchedVersion]] = collections.defaultdict(list)
    for each in touched:
        by_kind[each.kind].append(each)
    return tuple(
        ErasedObjects(
            kind=kind,
            rewritten=sum(each.action == "rewritten" for each in some),
            rows=sum(each.rows for each in some),
            deleted=sum(each.action == "deleted" for each in some),
            versions=sum(each.action == "version deleted" for each in some),
            bytes=sum(each.bytes for each in some),
        )
        for kind, some in sorted(by_kind.items())
    )


def usual_ages_out(
    *, reject_days: int, run_days: int, access_log_days: int, noncurrent_days: int
) -> tuple[AgesOut, ...]:
    """Return what an erasure does not touch, and when it is gone."""
    return (
        AgesOut(
            what="backups of the tables (point-in-time recovery)",
            days=35,
            why="they can be restored, and not changed",
        ),
        AgesOut(
            what="access logs of the buckets",
            days=access_log_days,
            why="they have keys of objects and addresses of callers, and no customer",
        ),
        AgesOut(
            what="hashes of addresses in the files for Amazon SES",
            days=run_days,
            why="they have no names, and are read by the run that wrote them only",
        ),
        AgesOut(
            what="rows that came malformed after the erasure",
            days=reject_days,
            why="whose they are cannot be read",
        ),
        AgesOut(
            what="answers of the API to repeated requests",
            days=1,
            why="they expire by themselves",
        ),
        AgesOut(
            what="versions of the state of this erasure",
            days=noncurrent_days,
            why="they have counts and keyed hashes only",
        ),
    )


def now_utc() -> dt.datetime:
    """Return the present moment."""
    return dt.datetime.now(dt.UTC)
