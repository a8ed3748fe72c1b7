"""Contents of many customers at once: the JSON that ``Content`` says of each, written by columns.

A customer's text is the one that ``tessera.destinations.port.compact`` gives, letter by letter, so
that digests and lines are the same whichever way a content was rendered.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from adapters.destinations.files.customer_batches import CustomerBatch
from tessera.contracts.customer_profiles import CAMPAIGN_ATTRIBUTE, set_attribute
from tessera.destinations import content
from tessera.destinations.capabilities import Capabilities
from tessera.destinations.content import Content, Field
from tessera.destinations.planning.plan import digest_of, step
from tessera.destinations.port import labels_of

_ODD_LIST = r"[\\|]|^\[\]$"  # with an escape or a bar, or without any entry
_ESCAPED = r'["\\\x00-\x1f]'  # what JSON writes otherwise than it is


class Contents:
    """The profile fields of a batch's customers at a destination.

    Parameters
    ----------
    batch
        The customers, sorted by customer_key.
    rendering
        The attributes to write, and how.
    capabilities
        Which of it is no reason to send a customer.
    """

    def __init__(
        self, batch: CustomerBatch, *, rendering: Content, capabilities: Capabilities
    ) -> None:
        self._volatile = capabilities.volatile
        self._drifting = capabilities.drifting
        self._keys = batch.profiles.column("customer_key")
        self._ids = _quoted(batch.profiles.column("customer_id"))
        columns = dict(sorted(_columns(batch, rendering).items()))
        self._members = {name: _member(name, column) for name, column in columns.items()}
        self.keys: list[str] = self._keys.to_pylist()
        self.digests = self._digests(columns)

    def lines(self, chosen: Sequence[int]) -> list[str]:
        """Return some customers as lines of an import file, as ``Item.to_line`` writes them."""
        rows = pa.array(chosen, pa.int64())
        every = len(chosen) == len(self.keys)

        def of(column: pa.Array) -> pa.Array:
            return column if every else column.take(rows)

        ids, members = of(self._ids), map(of, self._members.values())
        digests = pa.array([self.digests[row] for row in chosen], pa.string())
        lines = _joined(
            '{"content":{"customer_id":', ids, *members, '},"customer_id":', ids,
            ',"digest":"', digests, '","key":', _quoted(of(self._keys)), "}\n",
        )  # fmt: skip
        return list(lines.to_pylist())

    def _digests(self, columns: Mapping[str, pa.Array]) -> list[str]:
        lasting = [self._lasting(name, column) for name, column in columns.items()]
        texts = _joined('{"customer_id":', self._ids, *lasting, "}")
        _, offsets, data = texts.buffers()
        ends = np.frombuffer(offsets, np.int32)[texts.offset :][: len(texts) + 1].tolist()
        every = memoryview(data or b"")
        cuts = itertools.pairwise(ends)
        return list(map(digest_of, [every[begin:end] for begin, end in cuts]))

    def _lasting(self, name: str, column: pa.Array) -> pa.Array:
        """Return an attribute's member as far as it is a reason to send a customer."""
        if name.startswith(CAMPAIGN_ATTRIBUTE):  # an empty label is to be removed
            return _member(name, _by_value(column, lambda label: label or None))
        if name in self._volatile:
            there = pc.is_valid(column)
            return pc.if_else(there, f',"{name}":""', pa.scalar(None, pa.string()))
        if name in self._drifting:
            return _member(name, _by_value(column, step))
        return self._members[name]


def _member(name: str, column: pa.Array) -> pa.Array:
    """Return an attribute as a member of a JSON object, null where a customer has none."""
    if isinstance(column, pa.DictionaryArray):
        return _quoted(column.dictionary, before=f',"{name}":').take(column.indices)
    return _quoted(column, before=f',"{name}":')


def _joined(*pieces: pa.Array | str) -> pa.Array:
    return pc.binary_join_element_wise(*pieces, "", null_handling="replace", null_replacement="")


def _columns(batch: CustomerBatch, rendering: Content) -> dict[str, pa.Array]:
    """Return every attribute but the id as texts by its name, null where a customer has none."""
    profiles = batch.profiles
    columns = {
        field.name: _attribute(profiles.column(field.column), field) for field in content.FIELDS
    }
    columns |= _labels(profiles.column("labels"))
    if not rendering.addressed:
        return columns
    columns["email"] = batch.emails
    columns["phone"] = batch.phones
    return columns


def _attribute(column: pa.Array, field: Field) -> pa.Array:
    if field.form == "list":
        return _lists(column, field)
    if field.form == "day":
        column = column.cast(pa.int64()).cast(pa.timestamp("us")).cast(pa.date32())
    elif field.form == "whole":
        column = pc.round(column, ndigits=0, round_mode="half_to_even").cast(pa.int64())
    coded = column.dictionary_encode()
    return pa.DictionaryArray.from_arrays(coded.indices, coded.dictionary.cast(pa.string()))


def _lists(column: pa.Array, field: Field) -> pa.Array:
    """Return JSON lists as texts. Those with odd letters or too many are read one by one."""
    plain = pc.replace_substring(pc.utf8_slice_codeunits(column, 2, -2), '","', content.BAR)
    odd = pc.or_(
        pc.match_substring_regex(column, _ODD_LIST),
        pc.greater(pc.utf8_length(plain), content.LIST_CHARACTERS),
    )
    odd = pc.fill_null(odd, pa.scalar(value=False))
    if not pc.any(odd).as_py():
        return plain
    texts = [field.text(text) for text in column.filter(odd).to_pylist()]
    return pc.replace_with_mask(plain, odd, pa.array(texts, pa.string()))


def _labels(column: pa.Array) -> dict[str, pa.Array]:
    """Return the label in every segment set that anybody has one of. Customers share few texts."""
    coded = column.dictionary_encode()
    known = [labels_of(text) for text in coded.dictionary.to_pylist()]
    names = dict.fromkeys(name for labels in known for name in labels)
    return {
        set_attribute(name): pa.DictionaryArray.from_arrays(
            coded.indices, pa.array([labels.get(name) for labels in known], pa.string())
        )
        for name in names
    }


def _by_value(coded: pa.DictionaryArray, of: Callable[[str], str | None]) -> pa.DictionaryArray:
    values = [of(value) for value in coded.dictionary.to_pylist()]
    return pa.DictionaryArray.from_arrays(coded.indices, pa.array(values, pa.string()))


def _quoted(texts: pa.Array, *, before: str = "") -> pa.Array:
    """Return texts as JSON writes them. Few have a letter that it writes otherwise."""
    plain = pc.binary_join_element_wise(f'{before}"', texts, '"', "")
    special = pc.fill_null(pc.match_substring_regex(texts, _ESCAPED), pa.scalar(value=False))
    if not pc.any(special).as_py():
        return plain
    texts_with_escapes = texts.filter(special).to_pylist()
    written = [before + json.dumps(text, ensure_ascii=False) for text in texts_with_escapes]
    return pc.replace_with_mask(plain, special, pa.array(written, pa.string()))
