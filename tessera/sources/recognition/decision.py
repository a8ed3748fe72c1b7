"""Which mapping a file needs: the one place that decides it, by the file's header."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Mapping, Sequence

from tessera.errors import InvalidInput
from tessera.events.names import EVENTS, UNCOUNTED, event_of, normalised
from tessera.records.runs.prepare import Source
from tessera.settings import RunSettings
from tessera.sources.dates.order import Dates
from tessera.sources.first_rows import Row
from tessera.sources.mappings import NAMES, HeaderMapping, shipped
from tessera.sources.orders.money import included_by
from tessera.sources.recognition.contract import BY_NAME
from tessera.sources.recognition.headers import match
from tessera.sources.recognition.plain import with_order_totals, with_status
from tessera.sources.recognition.units import with_units

OFF = "none"  # the setting 'mapping' that switches recognition off


@dataclasses.dataclass(frozen=True)
class Recognised:
    """What a file's header means, and where our columns stand in it."""

    mapping: HeaderMapping
    columns: Mapping[str, int]


def recognise(
    header: Sequence[str], *, sample: Sequence[Row], settings: RunSettings, name: str
) -> Recognised:
    """Return what a file's header means, and in a plain file what its first rows show.

    Parameters
    ----------
    sample
        The file's first rows.
    name
        The file, for messages.

    Raises
    ------
    InvalidInput
        The file can't be read so. The message says what it lacks, or which export to use.
    """
    mapping = mapping_of(header, settings=settings)
    columns = match(header, mapping=mapping, name=name)
    if mapping.name:
        return Recognised(mapping, columns)
    if "event_name" not in columns:
        mapping = with_status(mapping, header=header, columns=columns, sample=sample)
        columns = match(header, mapping=mapping, name=name)
    mapping = with_order_totals(mapping, header=header, columns=columns, sample=sample)
    return Recognised(mapping, match(header, mapping=mapping, name=name))


def mapping_of(header: Sequence[str], *, settings: RunSettings) -> HeaderMapping:
    """Return the mapping of a file with this header, the tenant's own ``columns`` over it.

    A known export is recognised by its required headers, whatever stands beside them. Of several
    the one with the most required headers counts. The setting ``mapping`` names one instead, or
    switches recognition off.

    Raises
    ------
    InvalidInput
        The settings name a mapping or a column that we don't have.
    """
    unknown = sorted(set(settings.columns) - set(BY_NAME))
    if unknown:
        raise InvalidInput(
            f"setting 'columns' names {unknown[0]!r}: expected our columns, which are "
            + ", ".join(BY_NAME)
        )
    chosen = _chosen(header, settings.mapping)
    words = (*chosen.events.items(), *own_events(settings).items())
    events = {normalised(word): event for word, event in words}
    own = {name: (text,) for name, text in settings.columns.items()}
    mapping = dataclasses.replace(
        chosen,
        columns={**chosen.columns, **own},
        events=events,
        own=frozenset(settings.columns),
    )
    return mapping if mapping.name else with_units(mapping, header=header)


def own_events(settings: RunSettings) -> dict[str, str]:
    """Return the tenant's own words for events, and what they mean.

    Raises
    ------
    InvalidInput
        A word means none of our events, and no reason why a row is no event.
    """
    # A reason's code is itself: as a shop's word, "cancelled order" would be the event CANCELLED.
    meanings = {
        word: name if name in UNCOUNTED else event_of(name) or name
        for word, name in settings.events.items()
    }
    for word, meaning in meanings.items():
        if meaning not in (*EVENTS, *UNCOUNTED):
            raise InvalidInput(
                f"setting 'events' has {meaning!r} for {word!r}: expected one of "
                f"{', '.join((*EVENTS, *filter(None, UNCOUNTED)))}, or an empty text for a row "
                "that is no event"
            )
    return meanings


def one_mapping(mappings: Iterable[tuple[str, HeaderMapping]]) -> HeaderMapping:
    """Return the mapping of an upload's parts.

    Parameters
    ----------
    mappings
        Each part's name and mapping.

    Raises
    ------
    InvalidInput
        Two parts are exports of different tools.
    """
    (first_name, first), *others = mappings
    for name, mapping in others:
        if mapping.name != first.name or (mapping.export is None) != (first.export is None):
            raise InvalidInput(
                f"{first_name} is {_of(first)} and {name} is {_of(mapping)}: upload them "
                "separately, or set 'mapping' for both"
            )
        if mapping.constants != first.constants:
            raise InvalidInput(
                f"the headers of {first_name} and {name} name different currencies, or only one "
                "names one: upload them separately, or give both a column Currency"
            )
    return first


def source_of(
    mapping: HeaderMapping, *, settings: RunSettings, dates: Dates, notes: Iterable[str] = ()
) -> Source:
    """Return as what an upload with this mapping is read, with further notes on its rows."""
    money = included_by(settings).in_words() if mapping.name and mapping.export else ""
    return Source(
        mapping=mapping.name,
        reads=mapping.in_words,
        money=money,
        dates=str(dates),
        notes=(*mapping.notes, *notes),
    )


def _of(mapping: HeaderMapping) -> str:
    plain = "a plain file with an order's total on each line" if mapping.export else "a plain file"
    return mapping.title or plain


def _chosen(header: Sequence[str], setting: str) -> HeaderMapping:
    if setting == OFF:
        return HeaderMapping(why=f"setting 'mapping' is {OFF!r}")
    keys = {normalised(text) for text in header}
    if not setting:
        best = _best(shipped().values(), keys)
        return dataclasses.replace(best, why=_reason(best, header)) if best else HeaderMapping()
    # A shop can have several exports: "woocommerce" is any of woocommerce and woocommerce-…
    family = [
        mapping
        for name, mapping in shipped().items()
        if name == setting or name.startswith(f"{setting}-")
    ]
    if not family:
        raise InvalidInput(
            f"setting 'mapping' is {setting!r}: expected one of {', '.join((*NAMES, OFF))}, or "
            "nothing to recognise files by their headers"
        )
    chosen = _best(family, keys) or max(family, key=lambda mapping: _known(mapping, keys))
    return dataclasses.replace(chosen, why=f"setting 'mapping' is {setting!r}")


def _best(mappings: Iterable[HeaderMapping], keys: Collection[str]) -> HeaderMapping | None:
    whole = [
        mapping
        for mapping in mappings
        if all(any(key in keys for key in each) for each in mapping.required)
    ]
    return max(whole, key=lambda mapping: len(mapping.required), default=None)


def _reason(mapping: HeaderMapping, header: Sequence[str]) -> str:
    wanted = {key for each in mapping.required for key in each}
    named = [text for text in header if normalised(text) in wanted]
    return f"its header has {', '.join(named[:-1])} and {named[-1]}"


def _known(mapping: HeaderMapping, keys: Collection[str]) -> int:
    """Return how many of its columns a file has. An export that can't be read comes last."""
    money = mapping.export.money.values() if mapping.export else ()
    named = {normalised(text) for each in (*mapping.columns.values(), *money) for text in each}
    return -1 if mapping.refused else len(named.intersection(keys))
