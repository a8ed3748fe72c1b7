"""Parts of moto that no stack of ours uses, and that take seconds to import."""

from __future__ import annotations

import contextlib
import enum
import sys
import types
from collections.abc import Iterator, Mapping
from typing import Any


class _JobStatus(enum.StrEnum):
    """All that Step Functions' integration of Batch wants to know of Batch."""

    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"


_STAND_INS: Mapping[str, Mapping[str, Any]] = {
    # Batch imports EC2, which reads the description of every type of instance.
    "moto.batch.utils": {"JobStatus": _JobStatus},
    # Systems Manager can send commands to instances: here there are none.
    "moto.ec2": {"ec2_backends": {}},
}


@contextlib.contextmanager
def spared() -> Iterator[None]:
    """Import what needs these parts, in a ``with`` block, without importing them.

    After the block they can be imported as ever.
    """
    added = []
    for name, content in _STAND_INS.items():
        if name not in sys.modules:
            sys.modules[name] = types.ModuleType(name)
            vars(sys.modules[name]).update(content)
            added.append(name)
    try:
        yield
    finally:
        for name in added:
            del sys.modules[name]
