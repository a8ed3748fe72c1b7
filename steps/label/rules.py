"""The rules in force: what the last run decided, as KeepLabels wrote it."""

from __future__ import annotations

from collections.abc import Callable

from adapters.aws.objects import Objects
from adapters.stores.erased import ErasedMarks
from adapters.stores.records import read_record
from tessera import naming
from tessera.labels.reading import Keys
from tessera.labels.rules import Rules
from tessera.records.label_rules import LabelRules

_FRESH_SECONDS = 30.0


class RulesInForce:
    """Each tenant's rules and keys, read again after a while.

    Parameters
    ----------
    data
        The data bucket.
    secret
        Makes pseudonyms. Called once.
    clock
        Returns seconds that only grow.
    """

    def __init__(
        self, data: Objects, *, secret: Callable[[], bytes], clock: Callable[[], float]
    ) -> None:
        self._data, self._secret, self._clock = data, secret, clock
        self._known: dict[str, tuple[float, Rules | None]] = {}
        self._keys: dict[str, Keys] = {}
        self._erased: dict[str, frozenset[str]] = {}

    def of(self, tenant: str) -> Rules | None:
        """Return a tenant's rules. None before its first run with live labels."""
        read_at, rules = self._known.get(tenant, (float("-inf"), None))
        if self._clock() - read_at < _FRESH_SECONDS:
            return rules
        key = naming.label_rules_key(tenant)
        there = self._data.exists(key)
        rules = Rules(read_record(LabelRules, self._data, key, tolerant=True)) if there else None
        self._erased[tenant] = ErasedMarks(self._data, tenant=tenant).all()
        self._known[tenant] = (self._clock(), rules)
        return rules

    def erased(self, tenant: str) -> frozenset[str]:
        """Return the marks of a tenant's erased people, as new as its rules."""
        return self._erased.get(tenant, frozenset())

    def keys(self, tenant: str) -> Keys:
        """Return a tenant's functions from ids to keys."""
        if tenant not in self._keys:
            self._keys[tenant] = Keys.of(self._secret(), tenant=tenant)
        return self._keys[tenant]
