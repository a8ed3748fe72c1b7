"""Addresses in their normal form, by columns, while identities are read for a destination."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from adapters.tables.email_addresses import kept, matching, usual_emails
from tessera.countries import region_of
from tessera.destinations.mapping import CONTACT_POINTS
from tessera.events.contact_points import plans
from tessera.events.contact_points.channels import EMAIL_CHANNELS, KINDS, PHONE_CHANNELS
from tessera.events.contact_points.reading import normal_address

_SPACED = r"^\+[0-9 -]{6,38}$"  # a calling code, and nothing between digits that has a meaning
_NATIONAL = r"^[0-9 ()-]{5,40}$"


@dataclasses.dataclass(frozen=True)
class ContactPoints:
    """Makes rows of CONTACT_POINTS from rows of IDENTITIES. Spark sends it to executors.

    Most addresses are normal already, or become so without case, spaces or a trunk digit: whole
    columns show that at once. Only the others are read one by one.

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
        emails = _where(_in(channels, EMAIL_CHANNELS), plain, usual_emails)
        phones = _in(channels, PHONE_CHANNELS)
        normal = pc.coalesce(emails, _where(phones, plain, _numbers))
        national = _flags(phones) & _flags(pc.is_null(normal)) & _flags(matching(plain, _NATIONAL))
        normal = pc.coalesce(normal, self._national(plain, rows.column("country"), national))
        asked = _flags(_in(channels, list(KINDS))) & _flags(pc.is_valid(given))
        one_by_one = asked & _flags(pc.is_null(normal))
        read = [*self._one_by_one(rows.filter(pa.array(one_by_one)))]
        normal = _scattered(normal, one_by_one, [address for address, _ in read])
        nothing = pa.nulls(len(given), pa.string())
        made = {
            "address": pc.if_else(pa.array(asked), normal, given),
            "unreadable": _scattered(nothing, one_by_one, [kind for _, kind in read]),
        }
        names = CONTACT_POINTS.names
        return pa.RecordBatch.from_arrays(
            [made[name] if name in made else rows.column(name) for name in names], list(names)
        )

    def _national(
        self, plain: pa.Array, countries: pa.Array, chosen: NDArray[np.bool_]
    ) -> pa.Array:
        """Return the chosen numbers by their countries' plans, null where that is not simple."""
        coded = countries.dictionary_encode()
        known = [region_of(name) or self.phone_region for name in coded.dictionary.to_pylist()]
        codes = coded.indices.fill_null(len(known)).to_numpy(zero_copy_only=False)
        regions = np.array([*known, self.phone_region], object)[codes]
        numbers = pa.nulls(len(plain), pa.string())
        for region in sorted(set(regions[chosen])):
            plan = plans.national_plan(region)
            if plan is not None:
                mask = chosen & (regions == region)
                digits = _without(plain.filter(pa.array(mask)), "[ ()-]")
                numbers = _scattered(numbers, mask, _by_plan(digits, plan))
        return numbers

    def _one_by_one(self, rows: pa.RecordBatch) -> Iterator[tuple[str | None, str | None]]:
        """Yield each row's address, or what kind of address can't be read."""
        known: dict[tuple[str, str, str | None], str] = {}
        names = ("channel_type", "address", "country")
        for asked in zip(*(rows.column(name).to_pylist() for name in names), strict=True):
            if asked not in known:
                channel, address, country = asked
                known[asked] = normal_address(
                    channel, address, country=country or "", phone_region=self.phone_region
                )
            yield (known[asked], None) if known[asked] else (None, KINDS[asked[0]])


def _numbers(plain: pa.Array) -> pa.Array:
    """Return numbers that are normal without their spaces and hyphens, null for others."""
    numbers = _without(plain, "[ -]")
    return kept(numbers, pc.and_(matching(plain, _SPACED), matching(numbers, plans.usual())))


def _by_plan(digits: pa.Array, plan: plans.NationalPlan) -> pa.Array:
    """Return numbers in national form by a country's plan, null for those that it leaves."""
    number = _without(digits, f"^{plan.trunk}") if plan.trunk else digits
    abroad = pc.and_(pc.starts_with(digits, plan.code), pc.equal(digits, number))
    kinds = [_meets(number, kind) for kind in plan.kinds]
    good = pc.and_not(matching(digits, plan.given), abroad if plan.trunk else pc.is_null(digits))
    for flags in (_meets(number, plan.general), _any(kinds, len(digits))):
        good = pc.and_(good, flags)
    return kept(pc.binary_join_element_wise(f"+{plan.code}", number, ""), good)


def _meets(numbers: pa.Array, pattern: plans.Pattern) -> pa.Array:
    text, lengths = pattern
    long_enough = pc.is_in(pc.binary_length(numbers), pa.array(sorted(lengths), pa.int32()))
    return pc.and_(matching(numbers, text), long_enough)


def _any(flags: Sequence[pa.Array], length: int) -> pa.Array:
    combined = pa.array(np.zeros(length, np.bool_))
    for each in flags:
        combined = pc.or_(combined, each)
    return combined


def _where(mask: pa.Array, texts: pa.Array, of: Callable[[pa.Array], pa.Array]) -> pa.Array:
    """Return a column made of some of the texts, null for the others."""
    chosen = _flags(mask)
    return (
        of(texts)
        if chosen.all()
        else _scattered(pa.nulls(len(texts), pa.string()), chosen, of(texts.filter(mask)))
    )


def _scattered(
    column: pa.Array, mask: NDArray[np.bool_], values: pa.Array | Sequence[str | None]
) -> pa.Array:
    """Return a column with other values in some places."""
    if not mask.any():
        return column
    there = values if isinstance(values, pa.Array) else pa.array(values, pa.string())
    return pc.replace_with_mask(column, pa.array(mask), there)


def _without(texts: pa.Array, pattern: str) -> pa.Array:
    return pc.replace_substring_regex(texts, pattern, "")


def _in(channels: pa.Array, some: Sequence[str]) -> pa.Array:
    return pc.is_in(channels, pa.array(list(some)))


def _flags(column: pa.Array) -> NDArray[np.bool_]:
    return np.asarray(column.to_numpy(zero_copy_only=False), np.bool_)
