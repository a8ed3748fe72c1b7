"""``tessera destinations``: what there is to name in the setting ``destinations``."""

from __future__ import annotations

from local.terminal import Terminal, table
from tessera.destinations import catalog
from tessera.destinations.capabilities import Capabilities
from tessera.destinations.port import Destination

_HEAD = (
    "name",
    "who is in a segment",
    "segments are made",
    "customers a request",
    "a minute",
    "erasing a person",
)
_MEMBERSHIP = {
    "attributes": "by its attributes",
    "members": "member by member",
    "file": "by a file each",
    "table": "by a table",
}
_ERASES = {"delete": "deletes", "clear": "clears", "none": "by hand"}


def rows() -> list[tuple[str, ...]]:
    """Return the head, and then a line for each destination of the catalog, by name."""
    return [_HEAD, *(_row(name, one) for name, one in sorted(catalog.CATALOG.items()))]


def show(*, terminal: Terminal, as_json: bool = False) -> None:
    """Print the table, and where to read more."""
    head, *lines = rows()
    if as_json:
        terminal.json([dict(zip(head, line, strict=True)) for line in lines])
        return
    for line in table(head, lines):
        terminal.say(line)
    terminal.say()
    terminal.say("  Try one: tessera run FILE --destinations NAME. All about them:")
    terminal.say("  docs/destinations.md; the limits are those that the plan uses.")


def _row(name: str, one: Destination) -> tuple[str, ...]:
    able = one.CAPABILITIES
    ended = f" (ended {able.ended})" if able.ended else ""
    if not able.requests:
        files = (_MEMBERSHIP[able.membership], "by the run", "–", "–", "with the run's files")
        return f"{name}{ended}", *files
    rate = f"{able.requests_per_minute:,}" if able.requests_per_minute else "–"
    batch = f"{able.batch_items:,}"
    made, erases = _made(able), _ERASES[able.erases]
    return f"{name}{ended}", _MEMBERSHIP[able.membership], made, batch, rate, erases


def _made(able: Capabilities) -> str:
    if able.membership == "file":
        return "by the run"
    return "by the run" if able.segments else "by hand, once"
