"""End an erasure: forget who it was, and sign the receipt of what is done and what is left."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import tessera
from adapters.erasure.cases import CaseFiles
from tessera.erasure.case import DONE, OPEN, SEARCHED, Progress, moment
from tessera.erasure.objects import ErasedObjects
from tessera.erasure.receipt import (
    AgesOut,
    ErasedThere,
    Receipt,
    Search,
    Signer,
    signed,
)
from tessera.errors import InvalidInput
from tessera.records.codec import decode, encode

_PENDING = "receipt"


def keep_answer(files: CaseFiles, answer: ErasedThere) -> None:
    """Keep what a destination answered, in place of what it answered before."""
    files.write_answer(answer.destination, encode(answer))


def destinations_left(files: CaseFiles) -> list[str]:
    """Return the destinations that have not answered, or where something failed."""
    answers = answers_of(files)
    names = files.state().get("destinations", [])
    return [name for name in names if name not in answers or answers[name].failed]


def answers_of(files: CaseFiles) -> dict[str, ErasedThere]:
    """Return what destinations answered, by name."""
    return {
        name: decode(ErasedThere, value, document=f"the answer of {name}")
        for name, value in files.answers().items()
    }


def finish(
    files: CaseFiles, *, signer: Signer, ages_out: Sequence[AgesOut], now: dt.datetime
) -> dict[str, Any]:
    """Sign the receipt of what is done. Return the document.

    Nothing half-erased is reported as done: with a part left, the receipt is ``open``, and who it
    is about is kept so that the part can be tried again.

    Raises
    ------
    InvalidInput
        The data is not erased and searched yet.
    """
    state = files.state()
    if DONE in state.get("steps", []):
        receipt = files.receipt()
        if receipt is not None:
            return receipt
    if SEARCHED not in state.get("steps", []):
        raise InvalidInput(f"the erasure {files.case!r} is not done: erase the data first")
    if _PENDING not in state:  # kept before anything is forgotten, so that it stays the same
        state = {**state, _PENDING: encode(_receipt(files, state, ages_out, now=now))}
        files.write_state(state)
    receipt_ = decode(Receipt, state[_PENDING], document="the receipt")
    if receipt_.status == "open":
        kept = {name: value for name, value in state.items() if name != _PENDING}
        files.write_state({**kept, OPEN: True})
    else:
        files.forget_people()
    document = signed(receipt_, signer)
    files.write_receipt(document)
    if receipt_.status == "complete":
        files.write_state({**state, "steps": [*state["steps"], DONE]})
    return document


def _receipt(
    files: CaseFiles, state: Progress, ages_out: Sequence[AgesOut], *, now: dt.datetime
) -> Receipt:
    answers = answers_of(files)
    missing = [name for name in state["destinations"] if name not in answers]
    hits, waiting = state["search"]["hits"], state["search"]["waiting"]
    is_open = bool(missing or hits or any(each.failed for each in answers.values()))
    return Receipt(
        tessera=tessera.__version__,
        case=files.case,
        tenant=files.tenant,
        subjects=tuple(state["subjects"]),
        unknown=state["unknown"],
        repeated_of=tuple(state["repeated_of"]),
        shared_addresses=state["shared_addresses"],
        requested_at=moment(state["requested_at"]),
        finished_at=now,
        status="open" if is_open else "complete",
        objects=tuple(
            decode(ErasedObjects, each, document="what was erased") for each in state["objects"]
        ),
        tables=state.get("tables", {}),
        destinations=tuple(answers[name] for name in sorted(answers)),
        search=Search(versions=state["search"]["versions"], hits=hits),
        not_done=(
            *_not_done(answers, missing, hits=hits, waiting=waiting),
            *_unread(state["search"].get("unread", {})),
        ),
        ages_out=tuple(ages_out),
    )


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


def _unread(kinds: Mapping[str, int]) -> tuple[str, ...]:
    """Return a line for each kind of file that hides who is in it."""
    return tuple(
        f"{kind}: {count} {'file' if count == 1 else 'files'} could not be searched, because of "
        "the format or a damage. Look into them by hand. The log has their keys"
        for kind, count in kinds.items()
    )


def usual_ages_out(
    *,
    reject_days: int,
    run_days: int,
    access_log_days: int,
    noncurrent_days: int,
    stream_days: int = 0,
    queue_days: int = 14,
) -> tuple[AgesOut, ...]:
    """Return what an erasure does not touch, and when it is gone. 0 days are never by itself.

    ``stream_days`` is 0 where there is no event stream, and ``queue_days`` where no queue.
    """
    stream = AgesOut(
        what="records of the event stream",
        days=stream_days,
        why="nobody can delete one. Whatever is stored of them, runs ignore the people in it",
    )
    queues = AgesOut(
        what="messages in queues: moves of labels, events of e-mails, rejects of Customer Profiles",
        days=queue_days,
        why="they are gone when they are handled. Those that failed stay, with ids and addresses",
    )
    return (
        *((stream,) if stream_days else ()),
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
        *((queues,) if queue_days else ()),
        AgesOut(
            what="versions of the state of this erasure",
            days=noncurrent_days,
            why="they have counts and keyed hashes only",
        ),
    )
