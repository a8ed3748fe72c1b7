"""A connector's key in Secrets Manager, in each form that its vendor has."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping

from adapters.aws.secrets import read_texts
from adapters.connectors.connect import ShopKey
from tessera.errors import InvalidInput
from tessera.sources.connectors.catalog import ConnectorKind


def stored_key(secret: str, kind: ConnectorKind) -> ShopKey:
    """Return the key in a secret, which is read when it is needed."""
    read = functools.cache(lambda: _read(secret, kind))
    return ShopKey(read=read, name=secret, forget=read.cache_clear)


def _read(secret: str, kind: ConnectorKind) -> Mapping[str, str]:
    forms = [fields for fields in (kind.fields, kind.other_fields) if fields]
    shown = " or ".join(json.dumps(dict.fromkeys(each, "…"), ensure_ascii=False) for each in forms)
    advice = f"store it in Secrets Manager as {shown}"
    texts = read_texts(secret, advice=advice)
    if not any(all(texts.get(field) for field in fields) for fields in forms):
        raise InvalidInput(f"secret {secret} does not have the required form: {advice}")
    return texts
