"""A process that erases people in a folder, as the steps do: ``worker FOLDER CASE``.

It can be killed at any moment and started again.
"""

from __future__ import annotations

import datetime as dt
import sys
import tempfile
from pathlib import Path

from bench.erasure.shop import SECRET, TENANT, buckets
from steps.erase.data import erase_data
from steps.erase.finish import finish
from steps.erase.tools import ErasureTools
from tessera.erasure.receipt import Signature
from tessera.erasure.request import ErasureRequest

_NOW = dt.datetime(2026, 12, 5, tzinfo=dt.UTC)


class NoSigner:
    """Signs nothing: the signature is not what is measured."""

    def sign(self, content: bytes) -> Signature:
        """Return how long the content is."""
        return Signature(algorithm="none", key="", public_key="", value=str(len(content)))


def silent(message: str, **facts: str | float | bool | None) -> None:
    """Log nothing."""


def tools_of(folder: Path, case: str, *, scratch: Path, at_once: int = 2) -> ErasureTools:
    """Return what the steps work with."""
    data, identities = buckets(folder)
    return ErasureTools(
        data=data,
        identities=identities,
        tenant=TENANT,
        case=case,
        secret=SECRET,
        folder=scratch,
        now=lambda: _NOW,
        decided=silent,
        at_once=at_once,
    )


def ask(folder: Path, case: str, terms: tuple[str, ...]) -> None:
    """Keep a request, which a worker then carries out."""
    tools = tools_of(folder, case, scratch=folder)
    request = ErasureRequest(case=case, tenant=TENANT, terms=terms, requested_at=_NOW)
    tools.files.open(request)


def work(folder: Path, case: str) -> None:
    """Carry out all that is left."""
    with tempfile.TemporaryDirectory(dir=folder) as scratch:
        tools = tools_of(folder, case, scratch=Path(scratch))
        erase_data(tools)
        finish(tools.files, signer=NoSigner(), ages_out=(), now=_NOW)


if __name__ == "__main__":
    work(Path(sys.argv[1]), sys.argv[2])
