"""The port of a connector: requests as data, and what a shop's responses come to.

A connector is pure. From the cursor, and the responses of the page so far, it returns the next
request. When a page is complete it returns the page's records and where to go on. ``steps.pull``
stores the records as a change file, and then the cursor.

Rules that the conformance suite checks (tests/sources/connectors/test_conformance.py):

- The same cursor gives the same first request. So a page that was not stored is asked for again.
- A page is asked for by what the one before it had (an instant, an id), never by its number alone.
  Orders that change between two pages are then neither lost nor counted twice: the latest counts.
- A record has all rows of its key. A record without rows deletes what the key had.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import NoReturn, Protocol, runtime_checkable

from tessera.destinations.http_vendor import HttpApi
from tessera.destinations.requests import Request, Response
from tessera.sources.connectors.cursor import Place, PullCursor
from tessera.sources.recognition.contract import COLUMNS

SOURCE_KEY = "source_key"  # the column of a change file whose rows are replaced together
HEADERS = tuple(column.header for column in COLUMNS)
Row = Mapping[str, str]  # cells by the data contract's headers


@dataclasses.dataclass(frozen=True, slots=True)
class BulkFile:
    """A file of JSON lines that a vendor has made, asked for in parts of bounded size.

    A line that has ``parent_field`` belongs to the line with that id. Both are in one part, in
    whichever order they stand in the file. The response's body is the list of the part's lines.

    Parameters
    ----------
    url
        Where it is. The URL is a secret: no message shows it.
    name
        What it is called: two URLs of one file have one name.
    size_bytes
        How large it is, so that a file that was cut short is noticed. 0 if unknown.
    part, parts
        Which part is asked for, from 0, and how many there are.
    id_field, parent_field
        The fields of a line's id, and of its parent's.
    """

    url: str = dataclasses.field(repr=False)
    name: str
    size_bytes: int
    part: int
    parts: int
    id_field: str = "id"
    parent_field: str = "__parentId"


@dataclasses.dataclass(frozen=True, slots=True)
class PulledRecord:
    """An order, payment or refund as the shop has it now.

    Parameters
    ----------
    key
        Its id in the shop: a newer record with this key replaces all rows of an older one.
    changed_at
        When it changed last: ISO 8601 with an offset. The beginning of the pull is best: clocks of
        vendors may be behind ours.
    rows
        Its rows. Empty where it is no sale, such as a cancelled order.
    reason
        Why it has no rows: a code of ``tessera.events.reasons``. Empty for a record with rows.
    """

    key: str
    changed_at: str
    rows: tuple[Row, ...] = dataclasses.field(repr=False)
    reason: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class PulledPage:
    """What the responses of one page came to.

    Parameters
    ----------
    records
        Its records. Empty where the page only moved the pull on, as when a job is started.
    place
        Where the connector goes on.
    done
        Whether nothing is left to ask for.
    next_since
        What the next pull asks for, by the vendor's clock. Empty where this page does not show it.
    counts
        What is added to the cursor's counts.
    notes
        What people should know, in sentences.
    restart
        Whether all pages of this pull before this one are void: they are asked for again.
    trouble
        Why this call ends here, once the cursor is kept: the next one goes on. Empty if it doesn't.
    """

    records: Sequence[PulledRecord] = ()
    place: Place = dataclasses.field(default_factory=dict)
    done: bool = False
    next_since: str = ""
    counts: Mapping[str, int] = dataclasses.field(default_factory=dict)
    notes: tuple[str, ...] = ()
    restart: bool = False
    trouble: str = ""


class Connector(HttpApi, Protocol):
    """A shop that is asked for its orders.

    ``NAME`` is the connector's in settings and folders, ``SECRET_FIELDS`` the required fields of
    its secret's JSON, and ``account`` the shop, as people know it.
    """

    NAME: str
    SECRET_FIELDS: tuple[str, ...]

    @property
    def account(self) -> str:
        """The shop."""
        ...

    def next_request(
        self, cursor: PullCursor, responses: Sequence[Response]
    ) -> Request | BulkFile | None:
        """Return the next request of the page at a cursor, None when the page is complete.

        Parameters
        ----------
        responses
            Those of the page so far. Their statuses are successes, or 400 to 499 without 401, 403
            and 429.

        Raises
        ------
        InvalidInput, Refused, Retryable
            The last response shows that the pull can't go on. The message names the shop and says
            what to do.
        Malformed
            The last response lacks what the vendor's API promises: the page is asked for again.
        """
        ...

    def read(self, cursor: PullCursor, responses: Sequence[Response]) -> PulledPage:
        """Return what the responses of a page come to.

        Raises
        ------
        InvalidInput, Refused, Retryable, Malformed
            As for ``next_request``.
        """
        ...

    def conclude(self, cursor: PullCursor) -> tuple[str, ...]:
        """Return what people should know at the end of a pull, in sentences.

        Raises
        ------
        Refused
            What came shows that a permission is missing: the pull must not count.
        """
        ...


@runtime_checkable
class Explaining(Protocol):
    """A connector that explains responses without JSON, such as redirects and web pages."""

    def unreadable(self, response: Response) -> NoReturn:
        """Raise what such a response means.

        Raises
        ------
        InvalidInput
            Its owner has to change something first.
        Malformed
            Asking again may help.
        """
        ...
