"""What a run of Prepare was told, and what it refuses, whatever engine reads."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from adapters.aws.logs import Decided
from adapters.aws.objects import Objects
from adapters.stores.events import EventStore
from tessera import __version__, naming
from tessera.errors import InvalidInput
from tessera.events.pseudonym import fingerprint
from tessera.events.reasons import BY_CODE
from tessera.settings import RunSettings


@dataclasses.dataclass(frozen=True)
class Stores:
    """The two buckets."""

    data: Objects
    identities: Objects


@dataclasses.dataclass(frozen=True, kw_only=True)
class Run:
    """What Prepare was told, and where it works.

    Parameters
    ----------
    ticket
        What ticket.json holds.
    secret
        Makes pseudonyms; never written anywhere.
    folder
        An empty folder, as large as a few times the history.
    decided
        Logs decisions, without personal data.
    """

    ticket: Mapping[str, Any]
    stores: Stores
    secret: bytes
    folder: Path
    decided: Decided
    laps: dict[str, float] = dataclasses.field(default_factory=dict)

    @functools.cached_property
    def settings(self) -> RunSettings:
        """The run's settings."""
        return RunSettings.parse(self.ticket["settings"])

    @property
    def tenant(self) -> str:
        """Whose run it is."""
        return str(self.ticket["tenant"])

    @property
    def events(self) -> EventStore:
        """The tenant's history."""
        return EventStore(self.stores.data, tenant=self.tenant)

    def key(self, name: str) -> str:
        """Return the key of one of the run's files."""
        return naming.run_key(self.tenant, self.ticket["run_id"], name)

    def lap(self, name: str, began: float) -> None:
        """Add the seconds since ``began`` to a timing."""
        self.laps[name] = round(self.laps.get(name, 0) + time.perf_counter() - began, 3)


def currency_of(run: Run, *, but: str = "") -> str:
    """Return the currency in force: the setting, or that of the tenant's other uploads, or none.

    Raises
    ------
    InvalidInput
        An upload is stored in another one.
    """
    inside = run.settings.currency
    said = "the setting 'currency'" if inside else ""
    for record in run.events.uploads():
        if record.id == but or not record.currency:
            continue
        inside, said = inside or record.currency, said or f"upload {record.name!r}"
        if record.currency != inside:
            raise InvalidInput(
                f"upload {record.name!r} is stored in {record.currency} and {said} says {inside}: "
                f"money of both can't be added. Set 'currency' to {record.currency}, with a rate "
                f"for {inside} in 'currency_rates', or upload {inside} to a tenant of its own"
            )
    return inside


def check_share(run: Run, *, name: str, read: int, rejected: Mapping[str, int]) -> None:
    """Refuse an upload with no rows, or with too many bad ones.

    Parameters
    ----------
    name
        Its file, or the first of them.
    read, rejected
        Rows; ``rejected`` by code.
    """
    bad = sum(rejected.values())
    if read == 0:
        raise InvalidInput(f"{name} has a header but no rows: nothing to do")
    if bad <= run.settings.max_bad_share * read:
        return
    most = sorted(rejected.items(), key=lambda item: (-item[1], item[0]))
    listed = ", ".join(f"{code} {count}" for code, count in most)
    where = f"s3://{run.stores.identities.bucket}/{run.key(naming.REJECTS)}"
    raise InvalidInput(
        f"{bad} of {read} rows are bad ({bad / read:.1%}), more than "
        f"'max_bad_share' = {run.settings.max_bad_share:.1%} allows: {listed}. "
        f"{BY_CODE[most[0][0]].advice}. The rows, with their lines, are in {where}; "
        "nothing was stored"
    )


def content_of(run: Run, *, sha256: Sequence[str], currency: str) -> str:
    """Hash what an upload's stored events depend on: its parts' bytes and how they are read."""
    settings = run.settings.to_dict()
    read_by = ("time_zone", "decimal", "currency_rates", "mapping", "columns")
    parts = {
        "sha256": list(sha256),
        "settings": {name: settings[name] for name in read_by},
        "currency": currency,
        "secret": fingerprint(run.secret),
        "version": __version__,
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]
