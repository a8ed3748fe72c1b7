"""What a pull is asked for, and the shop's key: from a variable or a file, never an argument."""

from __future__ import annotations

import dataclasses
import json
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path

from adapters.aws.secrets import parse_fields
from adapters.connectors.connect import ShopKey
from local.commands.run.request import RunOptions
from tessera.errors import InvalidInput
from tessera.sources.connectors.catalog import ConnectorKind, kind_of


@dataclasses.dataclass(frozen=True, kw_only=True)
class PullOptions:
    """What to pull, and the run that follows.

    Parameters
    ----------
    connector, shop
        Which shop: ``shopify`` and ``my-shop.myshopify.com``.
    key_file
        Where its key is. None: in an environment variable.
    reload
        Whether to ask for everything again.
    to
        The folder for the orders alone. None: they are run.
    run
        The run, whose source is known only after the pull.
    state
        The folder of what is remembered.
    """

    connector: str
    shop: str
    state: Path
    run: RunOptions
    key_file: Path | None = None
    reload: bool = False
    to: Path | None = None


def variable_of(connector: str, field: str) -> str:
    """Return the environment variable of a field of a connector's key."""
    return f"TESSERA_{connector.upper()}_{field.upper()}"


def key_of(options: PullOptions, *, environment: Mapping[str, str]) -> ShopKey:
    """Return the shop's key.

    Raises
    ------
    InvalidInput
        It is neither in the variables nor in the file, or others can read the file.
    """
    kind = kind_of(options.connector)
    if kind.account and not options.shop:
        raise InvalidInput(f"name the shop of {options.connector}: --shop {_example(kind)}")
    given = {kind.account: options.shop} if kind.account else {}
    forms = [
        tuple(field for field in fields if field != kind.account)
        for fields in (kind.fields, kind.other_fields)
        if fields
    ]
    if options.key_file is not None:
        return _key({**given, **_from_file(options.key_file, forms)}, name=f"{options.key_file}")
    for fields in forms:
        names = [variable_of(options.connector, field) for field in fields]
        values = {
            field: environment.get(name, "").strip()
            for field, name in zip(fields, names, strict=True)
        }
        if all(values.values()):
            return _key({**given, **values}, name=" and ".join(names))
    wanted = " or ".join(
        " and ".join(variable_of(options.connector, field) for field in fields) for fields in forms
    )
    raise InvalidInput(
        f"the key of {options.connector} is missing: set {wanted}, or name a file that only you "
        "can read with --key. docs/connectors.md shows how to get one"
    )


def _key(secret: Mapping[str, str], *, name: str) -> ShopKey:
    return ShopKey(read=lambda: secret, name=name)


def _from_file(path: Path, forms: Sequence[tuple[str, ...]]) -> dict[str, str]:
    try:
        mode, text = path.stat().st_mode, path.read_text("utf-8").strip()
    except (OSError, ValueError):
        raise InvalidInput(f"{path} cannot be read: expected a file with the key") from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise InvalidInput(f"{path} can be read by others: run chmod 600 {path}")
    for fields in forms:
        if len(fields) == 1 and text and not text.startswith("{"):
            return {fields[0]: text}
    there = next((fields for fields in forms if f'"{fields[0]}"' in text), forms[0])
    form = json.dumps(dict.fromkeys(there, "…"), ensure_ascii=False)
    return parse_fields(text, where=str(path), fields=there, advice=f"expected {form}")


def _example(kind: ConnectorKind) -> str:
    return {"shop": "my-shop.myshopify.com"}.get(kind.account, "https://shop.example.com")
