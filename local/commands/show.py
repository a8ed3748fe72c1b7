"""``tessera show``: what a destination's stand-in holds, or what the export has."""

from __future__ import annotations

import contextlib
import dataclasses
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from local.app import outputs
from local.app.elsewhere.remote import ENDPOINT, connected
from local.app.system import System
from local.commands.parser import hint
from local.loopback.held import Seen
from local.terminal import Terminal, table
from tessera import naming
from tessera.contracts.destinations import EXPORT
from tessera.destinations import catalog
from tessera.errors import InvalidInput

_EXAMPLES = 3
_ABREAST = 3  # customers beside each other in a table
_OURS = "rfm_"  # attributes that name nobody begin so


@dataclasses.dataclass(frozen=True, kw_only=True)
class ShowRequest:
    """What to show, and of where.

    ``out`` and ``endpoint`` are optional: the default is the usual ``serve`` if one answers, and
    the usual folder otherwise. Ids are shown only of the customers that are asked for.
    """

    destination: str
    out: Path | None = None
    endpoint: str = ""
    tenant: str = naming.DEFAULT_TENANT
    customers: int = 0
    customer: str = ""
    as_json: bool = False

    @property
    def ids(self) -> bool:
        """Whether customers are shown with their ids."""
        return bool(self.customers or self.customer)


class Place(Protocol):
    """Where destinations can be looked into."""

    @property
    def where(self) -> str:
        """What people call it."""

    def names(self) -> list[str]:
        """Return the destinations that are there."""

    def seen(self, destination: str, *, most: int, customer: str) -> Seen:
        """Return what a stand-in holds."""

    def exported(self) -> tuple[Mapping[str, Any], list[str]]:
        """Return the export's report, and where its files lie."""


@dataclasses.dataclass(frozen=True)
class Running:
    """A running ``serve``."""

    system: System
    tenant: str

    @property
    def where(self) -> str:
        """What people call it."""
        return f"`serve` at {self.system.endpoint}"

    def names(self) -> list[str]:
        """Return the export, and the stand-ins that are up."""
        return [EXPORT, *self.system.stand_ins]

    def seen(self, destination: str, *, most: int, customer: str) -> Seen:
        """Return what a stand-in holds now."""
        return self.system.look_into(destination, most=most, customer=customer)

    def exported(self) -> tuple[Mapping[str, Any], list[str]]:
        """Return the report and the files of the tenant's last finished run."""
        pointer = naming.latest_key(naming.check_tenant(self.tenant))
        if pointer not in self.system.keys(self.system.data_bucket, pointer):
            raise InvalidInput(f"tenant {self.tenant!r} has no finished run there: upload a file")
        run_id = self.system.read_json(self.system.data_bucket, pointer)["run_id"]
        prefix = naming.destination_prefix(self.tenant, run_id, EXPORT)
        bucket = self.system.identities_bucket
        keys = self.system.keys(bucket, prefix)
        return (
            self.system.read_json(bucket, prefix + naming.LOAD_REPORT),
            [f"s3://{bucket}/{key}" for key in keys],
        )


@dataclasses.dataclass(frozen=True)
class RunFolder:
    """What ``tessera run`` left."""

    path: Path

    @property
    def where(self) -> str:
        """What people call it."""
        return f"the run in {self.path}/"

    def names(self) -> list[str]:
        """Return the run's destinations of which something can be shown."""
        folders = sorted((self.path / "destinations").glob("*/"))
        return [one.name for one in folders if self._shown(one)]

    @staticmethod
    def _shown(folder: Path) -> bool:
        return folder.name == EXPORT or (folder / outputs.HELD).exists()

    def seen(self, destination: str, *, most: int, customer: str) -> Seen:
        """Return what the stand-in held at the run's end."""
        path = self.path / "destinations" / destination / outputs.HELD
        seen: Seen = json.loads(path.read_text(encoding="utf-8"))
        held = seen["held"]
        if not customer:
            return {**seen, "held": dict(list(held.items())[:most])}
        if customer not in held and len(held) < seen["customers"]:
            raise InvalidInput(
                f"{path} keeps {len(held):,} of the {seen['customers']:,} customers, and not "
                f"{customer!r}: `tessera serve` shows all"
            )
        return {**seen, "held": {customer: held[customer]} if customer in held else {}}

    def exported(self) -> tuple[Mapping[str, Any], list[str]]:
        """Return the run's report and files."""
        folder = self.path / "destinations" / EXPORT
        text = (folder / naming.LOAD_REPORT).read_text(encoding="utf-8")
        return json.loads(text), [str(path) for path in sorted(folder.iterdir())]


def show(wanted: ShowRequest, *, terminal: Terminal) -> None:
    """Print what a destination holds.

    Raises
    ------
    InvalidInput
        There is no such destination or customer, or nothing to look into.
    """
    with _place(wanted) as place:
        if wanted.destination not in place.names():
            raise InvalidInput(_absent(wanted.destination, place))
        facts = facts_of(wanted, place)
    if wanted.as_json:
        terminal.json(facts)
        return
    for line in _lines(facts, ids=wanted.ids):
        terminal.say(line)


def _absent(destination: str, place: Place) -> str:
    there = ", ".join(place.names()) or "none"
    text = f"{place.where} has nothing to show of {destination!r}: there are {there}"
    if destination not in catalog.CATALOG:
        return text + hint(destination, catalog.CATALOG)
    return f"{text}. `tessera run FILE --destinations {destination}` brings it in"


def facts_of(wanted: ShowRequest, place: Place) -> dict[str, Any]:
    """Return what there is to show. Ids are omitted unless they were asked for."""
    about = {"destination": wanted.destination, "where": place.where}
    if wanted.destination == EXPORT:
        if wanted.ids:
            raise InvalidInput("the export is files: customers.csv among them has every customer")
        report, files = place.exported()
        sizes = {one["name"]: one["size"] for one in report["segments"]}
        return {**about, "customers": report["desired"], "segments": sizes, "files": files}
    most = wanted.customers if wanted.ids else _EXAMPLES
    seen = place.seen(wanted.destination, most=most, customer=wanted.customer)
    if wanted.customer and not seen["held"]:
        raise InvalidInput(f"{wanted.destination} holds no customer {wanted.customer!r}")
    held = seen.pop("held")  # type: ignore[misc]
    if wanted.ids:
        return {**about, **seen, "held": held}
    ours = [{name: one[name] for name in one if name.startswith(_OURS)} for one in held.values()]
    return {**about, **seen, "examples": ours}


@contextlib.contextmanager
def _place(wanted: ShowRequest) -> Iterator[Place]:
    """Give the place that is meant: what was named, or the first one that is there."""
    with contextlib.ExitStack() as stack:
        if wanted.out is None:
            try:
                system = stack.enter_context(connected(wanted.endpoint or ENDPOINT))
            except InvalidInput:
                if wanted.endpoint:
                    raise
            else:
                yield Running(system, wanted.tenant)
                return
        folder = wanted.out or Path("out")
        if not (folder / naming.MANIFEST).exists():
            other = "" if wanted.out else f"nobody answers at {ENDPOINT}, and "
            raise InvalidInput(
                f"{other}{folder} holds no results: start `tessera serve`, or run "
                "`tessera run FILE` first"
            )
        yield RunFolder(folder)


# ---- words ---------------------------------------------------------------------------------------


def _lines(facts: Mapping[str, Any], *, ids: bool) -> Iterator[str]:
    count = facts["customers"]
    yield (
        f"  {facts['destination']} holds {count:,} customer{'' if count == 1 else 's'}: "
        + (facts["where"])
    )
    if facts["segments"]:
        yield ""
        yield from table(["Segment", "Customers"], _counts(facts["segments"]))
    elif "labels" in facts:
        yield "  It has no segments: where it makes none, people do, by the rules in report.json."
    if facts.get("labels"):
        yield ""
        labels = {
            f"{name}: {label}": customers
            for name, counts in facts["labels"].items()
            for label, customers in counts.items()
        }
        yield from table(["Label", "Customers"], _counts(labels))
    if facts.get("files"):
        yield ""
        yield from (f"  {path}" for path in facts["files"])
    if ids:
        yield from _customers(list(facts["held"].items()))
    elif facts.get("examples"):
        yield ""
        yield "  Some of them as they are held; --customers N shows ids too."
        yield from _customers([(str(n), one) for n, one in enumerate(facts["examples"], start=1)])


def _counts(counts: Mapping[str, int | None]) -> list[list[str]]:
    return [[name, "–" if count is None else f"{count:,}"] for name, count in counts.items()]


def _customers(customers: Sequence[tuple[str, Mapping[str, Any]]]) -> Iterator[str]:
    for start in range(0, len(customers), _ABREAST):
        abreast = customers[start : start + _ABREAST]
        names = sorted({name for _, one in abreast for name in one})
        rows = [[name, *(str(one.get(name, "")) for _, one in abreast)] for name in names]
        yield ""
        yield from table(["Attribute", *(who for who, _ in abreast)], rows)
