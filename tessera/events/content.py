"""The hash of all that an upload's stored rows depend on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping

from tessera import __version__
from tessera.events.pseudonym import fingerprint
from tessera.settings import RunSettings

EVENT_SETTINGS = (
    "time_zone", "decimal", "dates", "sheet", "currency_rates", "mapping", "columns", "events",
    "include_tax", "include_shipping", "doubtful_ids",
)  # fmt: skip
ATTRIBUTE_SETTINGS = (
    "time_zone",
    "decimal",
    "columns",
    "churn_label",
    "churn_ignore",
    "doubtful_ids",
)


def content_digest(
    facts: Mapping[str, object], *, settings: RunSettings, read_by: Iterable[str], secret: bytes
) -> str:
    """Return 16 hex digits: equal where the stored rows would be equal.

    Parameters
    ----------
    facts
        What the rows are made from: the files' hashes, the currency.
    settings, read_by
        The run's settings, and which of them shape the rows.
    secret
        Makes the pseudonyms. The digest depends on it and does not reveal it.
    """
    values = settings.to_dict()
    parts = {
        **facts,
        "settings": {name: values[name] for name in read_by},
        "secret": fingerprint(secret),
        "version": __version__,
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:16]
