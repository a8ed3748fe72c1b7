"""Destinations that got a person after they had answered: a move was under way to them."""

from __future__ import annotations

import collections

from adapters.erasure.cases import CaseFiles
from tessera.erasure.case import Progress
from tessera.erasure.places import ledger_of

_LEDGERS = "ledgers"  # what all looks together took out of each destination's ledger


def ask_again(files: CaseFiles, progress: Progress) -> Progress:
    """Forget the answers of destinations whose ledger had the people again since.

    A single move is noted in the ledger before it is sent, so one that was under way during the
    look before leaves its note.
    """
    named = (ledger_of(each.key) for each in files.touched())
    counts = collections.Counter(name for name in named if name)
    before = progress.get(_LEDGERS)
    if before is not None:
        for name in counts:
            if counts[name] > before.get(name, 0):
                files.forget_answer(name)
    asked = sorted({*progress.get("destinations", ()), *counts})
    return {_LEDGERS: dict(counts), "destinations": asked}
