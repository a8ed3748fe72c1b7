"""The mappings that ship with Tessera, by the name of their object."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from tessera.errors import InvalidInput
from tessera.shipped_files import read_text
from tessera.sources.tables.mapping import TableMapping, read_mappings

FILES = ("bank", "hubspot", "netsuite", "odoo", "salesforce", "sap")


@functools.cache
def shipped_mappings() -> Mapping[str, TableMapping]:
    """Return all of them by the name of their object, such as ``salesforce-opportunities``."""
    mappings: dict[str, TableMapping] = {}
    for file in FILES:
        name = f"{file}.toml"
        text = read_text("tessera.sources.tables", f"shipped/{name}")
        mappings |= read_mappings(text, name=name)
    return mappings


def shipped_mapping(name: str) -> TableMapping:
    """Return the mapping of an object.

    Raises
    ------
    InvalidInput
        None ships for it.
    """
    mapping = shipped_mappings().get(name)
    if mapping is None:
        raise InvalidInput(
            f"there is no mapping for the object {name!r}: expected one of "
            f"{', '.join(sorted(shipped_mappings()))}, or a section of the tenant's mapping file"
        )
    return mapping
