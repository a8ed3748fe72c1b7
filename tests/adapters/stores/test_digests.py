"""A file's digest, whatever its size."""

from __future__ import annotations

import hashlib

from adapters.stores.digests import sha256_of


def test_a_file_is_hashed_in_blocks(tmp_path):
    data = b"x" * ((1 << 20) + 7)
    (tmp_path / "f").write_bytes(data)
    assert sha256_of(tmp_path / "f") == hashlib.sha256(data).hexdigest()
