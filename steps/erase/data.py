"""Erase people from everything that is stored: one step after another, each repeatable."""

from __future__ import annotations

import collections
from collections.abc import Callable, Sequence

from adapters.erasure.cases import PeopleOfCase
from steps.erase.contacts import shared_contacts_of
from steps.erase.ledgers import ask_again
from steps.erase.repair import repair
from steps.erase.resolve import marks_of, people_of
from steps.erase.sweep import Since, sweep
from steps.erase.tools import ErasureTools
from tessera.erasure.case import (
    MARKED,
    OPEN,
    REPAIRED,
    RESOLVED,
    SEARCHED,
    STORED,
    SWEPT,
    Progress,
    moment,
)
from tessera.erasure.objects import objects_of
from tessera.erasure.people import KnownPerson, Needles
from tessera.erasure.request import NotErasableError
from tessera.erasure.second_look import KEPT_OPT_OUTS
from tessera.errors import InvalidInput
from tessera.events.pseudonym import address_keys
from tessera.records.codec import encode

_PEOPLE_AT_ONCE = 100  # whose items are erased before their count is kept


def erase_data(tools: ErasureTools) -> Progress:
    """Carry out all steps that are left. Return how far the erasure is.

    Call it at the tenant's turn. After a crash at any moment, call it again.

    Raises
    ------
    InvalidInput
        There is no such erasure, nobody is known by what was given, or an address belongs to
        several customers.
    Retryable
        An object was written meanwhile, or AWS was busy.
    """
    progress = _again(tools, tools.files.state())
    for name, step in _STEPS:
        if name not in progress.get("steps", []):
            facts = step(tools, progress)
            progress = {**progress, **facts, "steps": [*progress.get("steps", []), name]}
            tools.files.write_state(progress)
            tools.decided("a step of an erasure is done", part=name)
    return progress


def erase_or_refuse(tools: ErasureTools) -> None:
    """Carry out all steps that are left. Who cannot be erased is refused for good.

    Raises
    ------
    InvalidInput, Retryable
        As ``erase_data`` has them. It can be tried again.
    """
    try:
        erase_data(tools)
    except NotErasableError as error:
        tools.files.refuse(str(error))
        tools.decided("refused")


def _again(tools: ErasureTools, progress: Progress) -> Progress:
    """Return where to go on. An erasure with an open part looks into everything again."""
    if not progress.get(OPEN):
        return progress
    again = {"steps": [RESOLVED, MARKED], OPEN: False, "began_at": tools.now().isoformat()}
    return {**progress, **again}


def _resolve(tools: ErasureTools, _progress: Progress) -> Progress:
    """Learn who the people are, and keep it: what is rewritten no longer says so."""
    request = tools.files.request()
    if request is None:
        raise NotErasableError(
            f"case {tools.case!r} of tenant {tools.tenant!r} has nobody to erase: ask for the "
            "erasure again"
        )
    if tools.files.people() is None:
        tools.files.write_people(people_of(tools, request.terms))
    known = _known(tools)
    marks = marks_of(tools, known)
    repeated = [case for case in tools.marks.cases_of(marks) if case != tools.case]
    return {
        "requested_at": request.requested_at.isoformat(),
        "began_at": tools.now().isoformat(),
        "unknown": known.unknown,
        "repeated_of": repeated,
        "shared_addresses": sum(len(each.shared) for each in known.people),
        "destinations": sorted(known.traces),
    }


def _mark(tools: ErasureTools, _progress: Progress) -> Progress:
    """Let Prepare know them, before anything is removed: nobody comes back meanwhile."""
    marks = marks_of(tools, _known(tools))
    tools.marks.write(tools.case, marks)
    return {"subjects": sorted(marks), "marked_at": tools.now().isoformat()}


def _sweep(tools: ErasureTools, progress: Progress) -> Progress:
    sweep(tools, needles_of(_known(tools)), since=_since(progress))
    return {}


def _since(progress: Progress) -> Since:
    """Return since when uploads are left to their runs, and since when they come too late."""
    return Since(
        turn=moment(progress["began_at"]),
        marks=moment(str(progress.get("marked_at", progress["began_at"]))),
    )


def _repair(tools: ErasureTools, progress: Progress) -> Progress:
    repair(tools)
    return ask_again(tools.files, progress)


def _erase_items(tools: ErasureTools, progress: Progress) -> Progress:
    """Erase the items of some people at a time, and keep the counts of earlier attempts too.

    A repetition deletes nothing twice, so the counts are added. Opt-outs are counted once more.
    """
    known = _known(tools)
    tables = {**progress.get("tables", {}), KEPT_OPT_OUTS: 0}
    for begin in range(0, len(known.people), _PEOPLE_AT_ONCE):
        people = known.people[begin : begin + _PEOPLE_AT_ONCE]
        for name, count in _erased_items(tools, known, people).items():
            tables[name] = tables.get(name, 0) + count
        if tools.labels is not None or tools.campaigns is not None:
            tools.files.write_state({**progress, "tables": tables})
    if tools.campaigns is None:
        del tables[KEPT_OPT_OUTS]
    return {"tables": tables}


def _erased_items(
    tools: ErasureTools, known: PeopleOfCase, people: Sequence[KnownPerson]
) -> dict[str, int]:
    keys = [each.customer_key for each in people]
    counts = {}
    if tools.labels is not None:
        counts["live labels"] = sum(tools.labels.erase(tools.tenant, key) for key in keys)
    if tools.campaigns is not None:
        hashed = address_keys(tools.secret, tenant=tools.tenant)
        own = {hashed(address) for key in keys for _, address in known.contacts.get(key, ())}
        shared = {hashed(each) for one in people for _, each in shared_contacts_of(one)}
        rows = tools.campaigns.erase(
            tools.tenant, customer_keys=keys, recipients=own, shared=shared
        )
        counts |= {"campaigns": rows.deleted, KEPT_OPT_OUTS: rows.kept_opt_outs}
    return counts


def _search(tools: ErasureTools, progress: Progress) -> Progress:
    """Search everything once more, and count what was done: the receipt has both."""
    needles = needles_of(_known(tools))
    swept = sweep(tools, needles, since=_since(progress), only_search=True)
    return {
        "search": {
            "versions": swept.versions,
            "hits": swept.hits,
            "waiting": swept.waiting,
            "later": len(swept.later),
            "last_later_at": max(swept.later).isoformat() if swept.later else None,
            "unread": dict(collections.Counter(sorted(swept.unread))),
            "unread_columns": list(tools.columns.unread),
        },
        "objects": [encode(each) for each in objects_of(tools.files.touched())],
    }


_STEPS: tuple[tuple[str, Callable[[ErasureTools, Progress], Progress]], ...] = (
    (RESOLVED, _resolve),
    (MARKED, _mark),
    (SWEPT, _sweep),
    (REPAIRED, _repair),
    (STORED, _erase_items),
    (SEARCHED, _search),
)


def needles_of(known: PeopleOfCase) -> Needles:
    """Return what the people of an erasure are recognised by."""
    return Needles.of(known.people, recipients=known.recipients)


def _known(tools: ErasureTools) -> PeopleOfCase:
    known = tools.files.people()
    if known is None:
        raise InvalidInput(f"the erasure {tools.case!r} is done: nothing is left of who it was")
    return known
