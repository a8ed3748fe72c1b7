"""Where a pull is: all that the next request depends on, kept after each page."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any, Self

from tessera.errors import InvalidInput

VERSION = 1
Place = Mapping[str, Any]  # a small JSON object, whose form each connector owns
_RELOAD = "pull again with --reload, which reads everything"


@dataclasses.dataclass(frozen=True, kw_only=True)
class PullCursor:
    """Where a pull is.

    Parameters
    ----------
    connector, account
        Of which shop: ``shopify`` and ``my.myshopify.com``.
    pull
        The number of this pull, from 1.
    load
        Whether it reads everything, and so forgets what the shop no longer has.
    started_at
        When it began: ISO 8601, UTC.
    since
        What changed at or after this instant is asked for. Empty for everything.
    next_since
        What the next pull asks for. The connector gives it, by the vendor's clock.
    place
        Where the connector is. Empty before its first page.
    pages
        How many pages are stored as change files.
    done
        Whether the pull is complete.
    counts
        What the pages came to so far, for messages and for checks at the end.
    notes
        What people should know, in sentences.
    """

    connector: str
    account: str
    pull: int
    load: bool
    started_at: str
    since: str = ""
    next_since: str = ""
    place: Place = dataclasses.field(default_factory=dict)
    pages: int = 0
    done: bool = False
    counts: Mapping[str, int] = dataclasses.field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def text(self) -> str:
        """Return the document that keeps it."""
        value = {"version": VERSION, **dataclasses.asdict(self)}
        return json.dumps(value, indent=1, sort_keys=True) + "\n"

    @classmethod
    def parse(cls, text: str | bytes, *, where: str) -> Self:
        """Return the cursor of a document.

        Parameters
        ----------
        where
            The document, for messages.

        Raises
        ------
        InvalidInput
            It is damaged, or of another version of Tessera.
        """
        try:
            value = json.loads(text)
            version = value.pop("version")
        except (ValueError, AttributeError, KeyError, TypeError):
            raise InvalidInput(f"{where} is damaged: expected a cursor; {_RELOAD}") from None
        if version != VERSION:
            raise InvalidInput(
                f"{where} has the version {version!r}: expected {VERSION}. It was written by "
                f"another version of Tessera; {_RELOAD}"
            )
        try:
            return cls(**{**value, "notes": tuple(value["notes"])})
        except (KeyError, TypeError):
            raise InvalidInput(f"{where} is damaged: it lacks fields; {_RELOAD}") from None


def check_account(before: PullCursor, *, connector: str, account: str) -> None:
    """Refuse to go on where the orders of another shop are.

    Raises
    ------
    InvalidInput
        They are another shop's.
    """
    if before.account != account:
        raise InvalidInput(
            f"{connector}: the orders kept here are of {before.account}, and {account} is asked "
            "for: use another tenant, or another --out, for another shop"
        )


def first(
    *,
    connector: str,
    account: str,
    pull: int,
    started_at: str,
    before: PullCursor | None,
    load: bool,
) -> PullCursor:
    """Return the cursor at the beginning of a pull.

    Parameters
    ----------
    connector, account, pull, started_at
        As in ``PullCursor``.
    before
        The cursor of the pull before. None for the first pull, which asks for everything.
    load
        Whether everything is asked for.
    """
    load = load or before is None or not before.next_since
    return PullCursor(
        connector=connector,
        account=account,
        pull=pull,
        load=load,
        started_at=started_at,
        since="" if load or before is None else before.next_since,
    )
