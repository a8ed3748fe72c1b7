"""States and events as bytes: 8 for each mark, little-endian, and equal for equal states."""

from __future__ import annotations

import struct
from collections.abc import Collection, Iterable, Iterator, Mapping

from tessera.labels.events import KINDS, LiveEvent
from tessera.labels.state import LiveState

_VERSION = 1
_HEAD = struct.Struct("<BBqqqqqq")
_COUNT = struct.Struct("<I")
_GROUP = struct.Struct("<II")
_EVENT = struct.Struct("<BBqqQQI")
_NONE_US = -(2**63)
_HAS_ORDER, _HAS_MARK = 1, 2


def pack_state(state: LiveState) -> bytes:
    """Return a state as bytes. ``unpack_state`` reads them."""
    head = _HEAD.pack(
        _VERSION,
        state.waits,
        _NONE_US if state.first_us is None else state.first_us,
        _NONE_US if state.last_us is None else state.last_us,
        state.last_event_us,
        state.monetary,
        state.events,
        state.views,
    )
    # The order of a purchase line is an order: it is kept once.
    alone = state.orders - state.sales.keys()
    void = state.sales.keys() - state.orders
    sets = (alone, void, state.cancelled, state.refunded, state.ids)
    parts = [head, *(_marks(one) for one in sets), _days(state.days)]
    return b"".join([*parts, *_lines(state.sales), *_lines(state.returns)])


def unpack_state(data: bytes) -> LiveState:
    """Return the state that ``pack_state`` made bytes of."""
    _, waits, first_us, last_us, last_event_us, monetary, events, views = _HEAD.unpack_from(data)
    place = _HEAD.size
    sets = []
    for _ in range(5):
        marks, place = _read(data, place, letter="Q")
        sets.append(set(marks))
    days, place = _read(data, place, letter="I")
    sales, place = _read_lines(data, place)
    returns, _ = _read_lines(data, place)
    alone, void, cancelled, refunded, ids = sets
    return LiveState(
        orders=alone | (sales.keys() - void),
        sales=sales,
        returns=returns,
        cancelled=cancelled,
        refunded=refunded,
        ids=ids,
        days=set(days),
        first_us=None if first_us == _NONE_US else first_us,
        last_us=None if last_us == _NONE_US else last_us,
        last_event_us=last_event_us,
        monetary=monetary,
        events=events,
        views=views,
        waits=bool(waits),
    )


def pack_events(events: Iterable[LiveEvent]) -> bytes:
    """Return events as bytes, 38 each. ``unpack_events`` reads them."""
    return b"".join(
        _EVENT.pack(
            KINDS.index(event.kind),
            _HAS_ORDER * (event.order is not None) | _HAS_MARK * (event.mark is not None),
            event.at_us,
            event.amount,
            event.order or 0,
            event.mark or 0,
            event.window,
        )
        for event in events
    )


def unpack_events(data: bytes) -> Iterator[LiveEvent]:
    """Yield the events that ``pack_events`` made bytes of."""
    for kind, has, at_us, amount, order, mark, window in _EVENT.iter_unpack(data):
        yield LiveEvent(
            KINDS[kind],
            at_us,
            amount,
            order if has & _HAS_ORDER else None,
            mark if has & _HAS_MARK else None,
            window,
        )


def _marks(marks: Collection[int]) -> bytes:
    return _COUNT.pack(len(marks)) + struct.pack(f"<{len(marks)}Q", *sorted(marks))


def _days(days: Collection[int]) -> bytes:
    return _COUNT.pack(len(days)) + struct.pack(f"<{len(days)}I", *sorted(days))


def _lines(lines: Mapping[int, int]) -> list[bytes]:
    """Return marks by their upload."""
    groups: dict[int, list[int]] = {}
    for mark, window in lines.items():
        groups.setdefault(window, []).append(mark)
    return [
        _COUNT.pack(len(groups)),
        *(
            _GROUP.pack(window, len(marks)) + struct.pack(f"<{len(marks)}Q", *sorted(marks))
            for window, marks in sorted(groups.items())
        ),
    ]


def _read(data: bytes, place: int, *, letter: str) -> tuple[tuple[int, ...], int]:
    [count] = _COUNT.unpack_from(data, place)
    form = f"<{count}{letter}"
    start = place + _COUNT.size
    return struct.unpack_from(form, data, start), start + struct.calcsize(form)


def _read_lines(data: bytes, place: int) -> tuple[dict[int, int], int]:
    [groups] = _COUNT.unpack_from(data, place)
    place += _COUNT.size
    lines: dict[int, int] = {}
    for _ in range(groups):
        window, count = _GROUP.unpack_from(data, place)
        marks = struct.unpack_from(f"<{count}Q", data, place + _GROUP.size)
        lines.update(dict.fromkeys(marks, window))
        place += _GROUP.size + 8 * count
    return lines, place
