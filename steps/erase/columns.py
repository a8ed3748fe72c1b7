"""Which columns identify a customer, by settings and mapping files of any time."""

from __future__ import annotations

import dataclasses
import functools
import tempfile
import tomllib
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from adapters.erasure.versions import VersionedObjects
from tessera import naming
from tessera.erasure.identifying import (
    IdentifyingHeaders,
    headers_of_mappings,
    headers_of_settings,
    usual_headers,
)
from tessera.errors import InvalidInput
from tessera.sources.tables.mapping import read_mappings
from tessera.sources.tables.shipped_mappings import shipped_mappings

CRM, DATABASE = "crm", "database"  # the kinds of mapping files
_AT_ONCE = 16  # small documents that are read in parallel


@dataclasses.dataclass(frozen=True, kw_only=True)
class KnownColumns:
    """The columns that identify a customer, by file of the tenant.

    Parameters
    ----------
    headers
        The columns.
    unread
        Keys of settings and mapping files that are damaged, in any version. What they name is not
        known.
    """

    headers: IdentifyingHeaders
    unread: tuple[str, ...]


def known_columns(data: VersionedObjects, *, tenant: str, folder: Path) -> KnownColumns:
    """Read them from every version of the tenant's settings and mapping files.

    An earlier version named the columns of files that are still there. A damaged one stops nothing.
    """
    reader = _Reader(data, tenant=tenant, folder=folder)
    shipped = shipped_mappings()
    more = [
        (naming.UPLOADS, reader.of_uploads()),
        *headers_of_mappings(shipped, tenant=tenant, kind=CRM),
    ]
    for kind in (CRM, DATABASE):
        key = naming.source_mappings_key(tenant, kind)
        for own in reader.versions(key, functools.partial(read_mappings, name=key)):
            known = {**shipped, **own} if kind == CRM else own
            more += headers_of_mappings(known, tenant=tenant, kind=kind)
    headers = IdentifyingHeaders.joined(usual_headers(), more)
    return KnownColumns(headers=headers, unread=tuple(sorted(reader.unread)))


class _Reader:
    def __init__(self, data: VersionedObjects, *, tenant: str, folder: Path) -> None:
        self._data, self._tenant, self._folder = data, tenant, folder
        self.unread: set[str] = set()

    def versions(
        self, key: str, parse: Callable[[str], Mapping[str, Any]]
    ) -> Iterator[Mapping[str, Any]]:
        """Yield every version of a file as it was parsed, but for damaged ones."""
        for version in self._data.all_versions(key):
            if version.key != key or version.is_marker:
                continue
            with tempfile.TemporaryDirectory(dir=self._folder) as scratch:
                body = self._data.fetch(version, Path(scratch) / "file").read_bytes()
            try:
                yield parse(body.decode("utf-8-sig"))
            except (InvalidInput, ValueError):
                self.unread.add(key)

    def of_uploads(self) -> frozenset[str]:
        """Return what the setting ``columns`` ever named: old uploads are read as then."""
        saved = self.versions(naming.settings_key(self._tenant), tomllib.loads)
        documents: list[Mapping[str, Any]] = [{"settings": one} for one in saved]
        runs = naming.runs_prefix(self._tenant)
        kept = naming.settings_versions_prefix(self._tenant)
        keys = [key for key in self._data.keys(runs) if key.endswith(f"/{naming.TICKET}")]
        keys += [key for key in self._data.keys(kept) if key.endswith(".json")]
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            documents += pool.map(self._document, keys)
        named = (one.get("settings", {}).get("columns") for one in documents)
        return frozenset().union(*(headers_of_settings(each) for each in named if each))

    def _document(self, key: str) -> Mapping[str, Any]:
        try:
            return dict(self._data.read_json(key))
        except ValueError:
            self.unread.add(key)
            return {}
