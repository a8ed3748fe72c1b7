"""Listings of versions that copy no bytes: moto copies all of a bucket's for each listing."""

from __future__ import annotations

import io
from typing import Any

from moto.s3.models import FakeKey


def _listed(key: FakeKey, _memo: dict[int, Any]) -> FakeKey:
    """Return what a listing shows of an object, and may mark as its latest version."""
    _ = key.etag  # computed from the bytes, once
    shown = FakeKey.__new__(FakeKey)
    apart = {"_value_buffer": io.BytesIO(), "multipart": None, "disposed": True}
    shown.__dict__.update(key.__dict__ | apart)
    return shown


def install() -> None:
    """Let moto list versions without their bytes. It copies objects for nothing else."""
    FakeKey.__deepcopy__ = _listed
