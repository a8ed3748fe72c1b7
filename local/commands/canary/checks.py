"""One thing to check on a first account, and the group that it belongs to."""

from __future__ import annotations

import dataclasses

_ANY = ".*"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Check:
    """One thing to check.

    Parameters
    ----------
    id
        The row's name on the page: a letter for the part, and a number.
    title
        What must hold.
    command
        How to look at it.
    mend
        What to do when it does not hold.
    states, pattern
        When a failed canary points here: the state that failed, and a regular expression that its
        error matches. A row without states is never looked up.
    """

    id: str
    title: str
    command: str
    mend: str
    states: tuple[str, ...] = ()
    pattern: str = _ANY


@dataclasses.dataclass(frozen=True, kw_only=True)
class CheckGroup:
    """Rows that belong together."""

    title: str
    checks: tuple[Check, ...]
