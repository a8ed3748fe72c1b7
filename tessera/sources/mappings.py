"""Header mappings for other tools' exports, shipped as TOML in the folder beside this module."""

from __future__ import annotations

import dataclasses
import functools
import tomllib
from collections.abc import Mapping
from importlib import resources

from tessera.errors import InvalidInput
from tessera.events.names import normalised
from tessera.settings import RunSettings
from tessera.sources.contract import BY_NAME

NAMES = ("shopify", "stripe", "woocommerce")


@dataclasses.dataclass(frozen=True)
class HeaderMapping:
    """What a file's headers and words mean.

    Parameters
    ----------
    columns
        Our column to the headers that hold it, the preferred first.
    events
        The file's words for events to ours; an empty text for a row that is no event.
    time_zone
        What a date without an offset means; empty for the tenant's setting.
    blank_event
        What a blank event cell means; empty to refuse it.
    constants
        Our column to a value for every row that the file does not give.
    carry_down
        Our columns that an export gives on the first row of an order only, and that all of its
        rows mean.
    order_level
        Headers whose money is the whole order's: an amount only if the lines have no separate
        prices, and counted once however many lines repeat it.
    own
        Our columns whose headers the tenant named itself.
    shipped
        Whether it describes a known tool's whole export, rather than a few columns of a file.
    """

    columns: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    events: Mapping[str, str] = dataclasses.field(default_factory=dict)
    time_zone: str = ""
    blank_event: str = ""
    constants: Mapping[str, str] = dataclasses.field(default_factory=dict)
    carry_down: tuple[str, ...] = ()
    order_level: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()
    shipped: bool = False

    def is_order_level(self, header: str) -> bool:
        """Return whether a header's money is the whole order's."""
        return normalised(header) in self.order_level


def mapping_for(settings: RunSettings) -> HeaderMapping:
    """Return the shipped mapping that a tenant chose, its own ``columns`` over it.

    Raises
    ------
    InvalidInput
        There is no such mapping, or ``columns`` names a column that we don't have.
    """
    shipped = _shipped(settings.mapping) if settings.mapping else HeaderMapping()
    unknown = sorted(set(settings.columns) - set(BY_NAME))
    if unknown:
        raise InvalidInput(
            f"setting 'columns' names {unknown[0]!r}: expected our columns, which are "
            + ", ".join(BY_NAME)
        )
    own = {name: (header,) for name, header in settings.columns.items()}
    return dataclasses.replace(
        shipped, columns={**shipped.columns, **own}, own=frozenset(settings.columns)
    )


@functools.cache
def _shipped(name: str) -> HeaderMapping:
    if name not in NAMES:
        raise InvalidInput(f"setting 'mapping' is {name!r}: expected one of {', '.join(NAMES)}")
    text = resources.files(__package__).joinpath("shipped", f"{name}.toml").read_text("utf-8")
    values = tomllib.loads(text)
    return HeaderMapping(
        columns={name: tuple(headers) for name, headers in values["columns"].items()},
        events=values.get("events", {}),
        time_zone=values.get("time_zone", ""),
        blank_event=values.get("blank_event", ""),
        constants=values.get("constants", {}),
        carry_down=tuple(values.get("carry_down", ())),
        order_level=frozenset(normalised(header) for header in values.get("order_level", ())),
        shipped=True,
    )
