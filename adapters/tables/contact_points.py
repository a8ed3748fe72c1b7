"""Addresses in their normal form, by columns, while identities are read for a destination."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tessera.destinations.mapping import CONTACT_POINTS
from tessera.events.contact_points import email, phone
from tessera.events.contact_points.channels import EMAIL_CHANNELS, KINDS, PHONE_CHANNELS
from tessera.events.contact_points.reading import normal_address

_SPACED = r"^\+[0-9 -]{6,38}$"  # a calling code, and nothing between digits that has a meaning


@dataclasses.dataclass(frozen=True)
class ContactPoints:
    """Makes rows of CONTACT_POINTS from rows of IDENTITIES. Spark sends it to executors.

    Most addresses are normal already, or become so without case and spaces: whole columns show
    that at once. Only the others are read one by one.

    Parameters
    ----------
    phone_region
        The country of numbers in national form where the customer's is unknown.
    """

    phone_region: str = ""

    def __call__(self, rows: pa.RecordBatch) -> pa.RecordBatch:
        """Return the rows with addresses in their normal form, or with what kind can't be read."""
        channels, given = rows.column("channel_type"), rows.column("address")
        plain = pc.utf8_trim_whitespace(given)
        usual, normal = _usual_emails(channels, plain)
        usual_phones, numbers = _usual_phones(channels, plain)
        normal = pc.if_else(usual, normal, pc.if_else(usual_phones, numbers, given))
        known = pc.or_(usual, usual_phones)
        asked = _flags(pc.is_in(channels, pa.array(list(KINDS))))
        places = np.flatnonzero(_flags(pc.is_valid(given)) & asked & ~_flags(known))
        address, unreadable = self._read(rows, normal, pa.array(places, pa.int64()))
        made = {"address": address, "unreadable": unreadable}
        names = CONTACT_POINTS.names
        return pa.RecordBatch.from_arrays(
            [made[name] if name in made else rows.column(name) for name in names], list(names)
        )

    def _read(
        self, rows: pa.RecordBatch, normal: pa.Array, places: pa.Array
    ) -> tuple[pa.Array, pa.Array]:
        """Read the addresses at some places; return all, and the kinds of those unreadable."""
        nothing = pa.nulls(len(normal), pa.string())
        if not len(places):
            return normal, nothing
        found = list(self._one_by_one(rows.take(places)))
        chosen = np.zeros(len(normal), np.bool_)
        chosen[places.to_numpy()] = True
        mask = pa.array(chosen)
        kinds = [KINDS[channel] if read is None else None for channel, read in found]
        read = pa.array([read for _, read in found], pa.string())
        return (
            pc.replace_with_mask(normal, mask, read),
            pc.replace_with_mask(nothing, mask, pa.array(kinds, pa.string())),
        )

    def _one_by_one(self, rows: pa.RecordBatch) -> Iterator[tuple[str, str | None]]:
        """Yield each row's channel and address, None for one that can't be read."""
        known: dict[tuple[str, str, str | None], str] = {}
        names = ("channel_type", "address", "country")
        for asked in zip(*(rows.column(name).to_pylist() for name in names), strict=True):
            if asked not in known:
                channel, address, country = asked
                known[asked] = normal_address(
                    channel, address, country=country or "", phone_region=self.phone_region
                )
            yield asked[0], known[asked] or None


def _usual_emails(channels: pa.Array, plain: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Tell which addresses are normal without their case; return them too."""
    lower = pc.ascii_lower(plain)
    good = pc.and_(_in(channels, EMAIL_CHANNELS), pc.match_substring_regex(lower, email.USUAL))
    good = pc.and_(good, pc.less_equal(pc.binary_length(lower), email.USUAL_LENGTH))
    reserved = pc.match_substring_regex(lower, email.RESERVED)
    return pc.fill_null(pc.and_not(good, reserved), pa.scalar(value=False)), lower


def _usual_phones(channels: pa.Array, plain: pa.Array) -> tuple[pa.Array, pa.Array]:
    """Tell which numbers are normal without their spaces and hyphens; return them too."""
    of_phones = _in(channels, PHONE_CHANNELS)
    if not pc.any(of_phones).as_py():
        return pa.array(np.zeros(len(plain), np.bool_)), plain
    numbers = pc.replace_substring_regex(plain, "[ -]", "")
    good = pc.and_(of_phones, pc.match_substring_regex(plain, _SPACED))
    good = pc.and_(good, pc.match_substring_regex(numbers, phone.usual()))
    return pc.fill_null(good, pa.scalar(value=False)), numbers


def _in(channels: pa.Array, some: tuple[str, ...]) -> pa.Array:
    return pc.is_in(channels, pa.array(some))


def _flags(column: pa.Array) -> np.ndarray:
    return np.asarray(column.to_numpy(zero_copy_only=False))
