"""The marks of erased people, in the data bucket: a file for each erasure, which never expires."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from concurrent.futures import ThreadPoolExecutor

from adapters.aws.objects import Objects
from tessera.naming import erased_prefix

_AT_ONCE = 16
_MARKS = "marks"


class ErasedMarks:
    """The marks of one tenant.

    Parameters
    ----------
    data, tenant
        The data bucket, and whose customers they were.
    """

    def __init__(self, data: Objects, *, tenant: str) -> None:
        self._data, self._prefix = data, erased_prefix(tenant)

    def all(self) -> frozenset[str]:
        """Return every mark. For a tenant without erasures that is one listing."""
        return frozenset().union(*self._read().values())

    def write(self, case: str, marks: Iterable[str]) -> None:
        """Keep the marks of an erasure. The same again changes nothing."""
        self._data.write_json(f"{self._prefix}{case}.json", {_MARKS: sorted({*marks})})

    def cases_of(self, marks: Collection[str]) -> tuple[str, ...]:
        """Return the erasures that any of these marks is of."""
        wanted = {*marks}
        return tuple(sorted(case for case, kept in self._read().items() if wanted & kept))

    def _read(self) -> dict[str, frozenset[str]]:
        keys = list(self._data.keys(self._prefix))
        if not keys:
            return {}
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            documents = list(pool.map(self._data.read_json, keys))
        names = (key.removeprefix(self._prefix).removesuffix(".json") for key in keys)
        return {
            name: frozenset(document[_MARKS])
            for name, document in zip(names, documents, strict=True)
        }
