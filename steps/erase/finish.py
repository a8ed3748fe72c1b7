"""End an erasure: forget who it was, and sign the receipt of what is done and what is left."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import tessera
from adapters.erasure.cases import CaseFiles
from steps.erase.ages_out import ages_out_now
from tessera.erasure.case import DONE, ONLY_WAITS, OPEN, SEARCHED, Progress, moment
from tessera.erasure.objects import ErasedObjects
from tessera.erasure.receipt import (
    AgesOut,
    ErasedThere,
    Receipt,
    Search,
    Signer,
    signed,
)
from tessera.erasure.second_look import ALONE, open_until, planned_look, taken_out
from tessera.errors import InvalidInput
from tessera.records.codec import decode, encode

_PENDING = "receipt"


def keep_answer(files: CaseFiles, answer: ErasedThere) -> None:
    """Keep what a destination answered, in place of what it answered before."""
    files.write_answer(answer.destination, encode(answer))


def destinations_left(files: CaseFiles) -> list[str]:
    """Return the destinations that have not answered, or where something failed."""
    return _left_of(files.state(), answers_of(files))


def _left_of(state: Progress, answers: Mapping[str, ErasedThere]) -> list[str]:
    names = state.get("destinations", [])
    return [name for name in names if name not in answers or answers[name].failed]


def answers_of(files: CaseFiles) -> dict[str, ErasedThere]:
    """Return what destinations answered, by name."""
    return {
        name: decode(ErasedThere, value, document=f"the answer of {name}")
        for name, value in files.answers().items()
    }


def finish(
    files: CaseFiles, *, signer: Signer, ages_out: Sequence[AgesOut], now: dt.datetime,
    longest_write: dt.timedelta = ALONE,
) -> dict[str, Any]:  # fmt: skip
    """Sign the receipt of what is done. Return the document.

    Nothing half-erased is reported as done: with a part left, the receipt is ``open``, and who it
    is about is kept so that the part can be tried again. Another look is such a part.

    Parameters
    ----------
    longest_write
        How long what began before this look may still write. By default nothing else runs.

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
    answers = answers_of(files)
    if _PENDING not in state:  # kept before anything is forgotten, so that it stays the same
        state = {**state, **_planned(state, longest_write, now=now)}
        state[_PENDING] = encode(_receipt(files, state, answers, ages_out, now=now))
        files.write_state(state)
    receipt_ = decode(Receipt, state[_PENDING], document="the receipt")
    if receipt_.status == "open":
        kept = {name: value for name, value in state.items() if name != _PENDING}
        files.write_state({**kept, OPEN: True, ONLY_WAITS: not _is_left(state, answers)})
    else:
        files.forget_people()
    document = signed(receipt_, signer)
    files.write_receipt(document)
    if receipt_.status == "complete":
        files.write_state({**state, "steps": [*state["steps"], DONE]})
    return document


def _planned(state: Progress, longest: dt.timedelta, *, now: dt.datetime) -> Progress:
    objects = [decode(ErasedObjects, each, document="what was erased") for each in state["objects"]]
    taken = taken_out(objects, state.get("tables", {}))
    return planned_look(state, taken=taken, longest=longest, now=now)


def _is_left(state: Progress, answers: Mapping[str, ErasedThere]) -> bool:
    """Return whether something failed, waits or was written meanwhile."""
    return bool(_left_of(state, answers) or state["search"]["hits"])


def _receipt(
    files: CaseFiles,
    state: Progress,
    answers: Mapping[str, ErasedThere],
    ages_out: Sequence[AgesOut],
    *,
    now: dt.datetime,
) -> Receipt:
    missing = [name for name in state["destinations"] if name not in answers]
    hits, waiting = state["search"]["hits"], state["search"]["waiting"]
    until = open_until(state)
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
        status="open" if until or _is_left(state, answers) else "complete",
        open_until=until,
        objects=tuple(
            decode(ErasedObjects, each, document="what was erased") for each in state["objects"]
        ),
        tables=state.get("tables", {}),
        destinations=tuple(answers[name] for name in sorted(answers)),
        search=Search(versions=state["search"]["versions"], hits=hits),
        not_done=(
            *_not_done(answers, missing, hits=hits, waiting=waiting),
            *_looked_again(until),
            *_unread(state["search"].get("unread", {})),
            *_unread_columns(state["search"].get("unread_columns", ())),
        ),
        ages_out=tuple(ages_out_now(ages_out, state["search"])),
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


def _looked_again(until: dt.datetime | None) -> Iterator[str]:
    if until is not None:
        yield (
            f"what began before this search may write until {until:%Y-%m-%d %H:%M} UTC. After that "
            "everything is searched again, and only then the receipt is complete"
        )


def _unread_columns(keys: Iterable[str]) -> Iterator[str]:
    """Yield a line for each damaged file that would name the columns of customers."""
    for key in keys:
        yield (
            f"{key} is damaged in some version: what it names as a customer's id was searched by "
            "the usual columns only. Correct the file, and erase the person once more"
        )


def _unread(kinds: Mapping[str, int]) -> tuple[str, ...]:
    """Return a line for each kind of file that hides who is in it."""
    return tuple(
        f"{kind}: {count} {'file' if count == 1 else 'files'} could not be searched, because of "
        "the format or a damage. Look into them by hand. The log has their keys"
        for kind, count in kinds.items()
    )
