"""The keys of unsubscribe links, from their secret."""

from __future__ import annotations

import functools

from adapters.aws.secrets import read_texts
from tessera.campaigns.unsubscribing.tokens import LinkKeys

_CURRENT = "current"
_ADVICE = (
    'it holds {"current": "k1", "k1": "…"}, each key of 32 characters or more. Add a key, let '
    "all functions start again, then make it the current one. Keep old keys: links never expire"
)


@functools.lru_cache(maxsize=4)
def read_link_keys(secret: str) -> LinkKeys:
    """Return the keys that a secret holds. A process reads them once.

    Raises
    ------
    InvalidInput
        The secret has another form, or its current key is missing or short.
    """
    fields = read_texts(secret, advice=_ADVICE)
    keys = {name: text.encode() for name, text in fields.items() if name != _CURRENT}
    return LinkKeys(current=fields.get(_CURRENT, ""), keys=keys)
