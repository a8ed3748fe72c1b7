"""People in JSON: what of a document goes, and what stays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tessera.erasure.people import Needles
from tessera.events.names import normalised

ERASED = "[erased]"
_DROP = object()


def without_people(
    value: Any,  # noqa: ANN401 (a JSON value)
    needles: Needles,
    *,
    headers: frozenset[str],
) -> tuple[Any, int]:
    """Return a document without some people, and how many entries of it went.

    An object of a list that names a person goes as a whole. Elsewhere the text gives way to
    ``[erased]``.

    Parameters
    ----------
    headers
        Names of members that identify a customer, normalised.
    """
    walker = _Walker(needles, headers)
    after = walker.value(value, in_list=False)
    return (None if after is _DROP else after), walker.removed


class _Walker:
    def __init__(self, needles: Needles, headers: frozenset[str]) -> None:
        self._needles, self._headers = needles, headers
        self.removed = 0

    def value(self, value: Any, *, in_list: bool) -> Any:  # noqa: ANN401
        if isinstance(value, Mapping):
            return self._mapping(value, in_list=in_list)
        if isinstance(value, list):
            kept = [self.value(each, in_list=True) for each in value]
            return [each for each in kept if each is not _DROP]
        if isinstance(value, str) and self._needles.is_in(value):
            self.removed += 1
            return _DROP if in_list else ERASED
        return value

    def _mapping(self, value: Mapping[str, Any], *, in_list: bool) -> Any:  # noqa: ANN401
        if in_list and any(self._names(name, each) for name, each in value.items()):
            self.removed += 1
            return _DROP
        kept: dict[str, Any] = {}
        for name, each in value.items():
            if self._needles.is_in(name):  # an object by customer
                self.removed += 1
            elif self._names(name, each):
                self.removed += 1
                kept[name] = ERASED
            else:
                kept[name] = self.value(each, in_list=False)
        return kept

    def _names(self, name: str, value: Any) -> bool:  # noqa: ANN401
        """Return whether a member names a person."""
        if not isinstance(value, str | int) or isinstance(value, bool):
            return False
        text = str(value)
        identifies = normalised(name) in self._headers and self._needles.is_id(text)
        return identifies or self._needles.is_in(text)
