"""E-mail addresses in their normal form, by columns: most are normal already, but for their case.

It needs no library of phone numbers, so that a function can read addresses without one.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tessera.events.contact_points import email
from tessera.events.contact_points.channels import EMAIL_CHANNELS


def usual_emails(plain: pa.Array) -> pa.Array:
    """Return addresses that are normal without their case, null for others.

    Parameters
    ----------
    plain
        Texts without spaces around them.
    """
    lower = pc.ascii_lower(plain)
    good = pc.and_(
        matching(lower, email.USUAL), pc.less_equal(pc.binary_length(lower), email.USUAL_LENGTH)
    )
    return kept(lower, pc.and_not(good, matching(lower, email.RESERVED)))


def normal_emails(given: pa.Array) -> pa.Array:
    """Return addresses in their normal form, null where a text is none or absent."""
    normal = usual_emails(pc.utf8_trim_whitespace(given))
    one_by_one = np.asarray(
        pc.and_(pc.is_valid(given), pc.is_null(normal)).to_numpy(zero_copy_only=False), np.bool_
    )
    if not one_by_one.any():
        return normal
    texts = given.filter(pa.array(one_by_one)).to_pylist()
    read = pa.array([email.normal_email(text) or None for text in texts], pa.string())
    return pc.replace_with_mask(normal, pa.array(one_by_one), read)


def matching(texts: pa.Array, pattern: str) -> pa.Array:
    """Return which texts match a pattern, false where there is none."""
    return pc.fill_null(pc.match_substring_regex(texts, pattern), pa.scalar(value=False))


def kept(texts: pa.Array, good: pa.Array) -> pa.Array:
    """Return texts where they are good, null elsewhere."""
    return pc.if_else(good, texts, pa.scalar(None, pa.string()))


@dataclasses.dataclass(frozen=True)
class EmailAddresses:
    """Makes rows of identities with nothing but e-mail addresses, in their normal form.

    Parameters
    ----------
    names
        The columns to keep.
    """

    names: Sequence[str]

    def __call__(self, rows: pa.RecordBatch) -> pa.RecordBatch:
        """Return the same rows. Other channels, and unreadable texts, have no address."""
        given = pc.if_else(
            pc.is_in(rows.column("channel_type"), pa.array(list(EMAIL_CHANNELS))),
            rows.column("address"),
            pa.scalar(None, pa.string()),
        )
        columns = [
            normal_emails(given) if name == "address" else rows.column(name) for name in self.names
        ]
        return pa.RecordBatch.from_arrays(columns, list(self.names))
