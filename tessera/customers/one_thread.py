"""One thread for linear algebra: several would add up in any order."""

from __future__ import annotations

import functools
import sys
from contextlib import AbstractContextManager

import threadpoolctl  # type: ignore[import-untyped]


def one_thread() -> AbstractContextManager[object]:
    """Let every library of this process compute in one thread, for a while."""
    limiter: AbstractContextManager[object] = _libraries(len(sys.modules)).limit(limits=1)
    return limiter


@functools.lru_cache(maxsize=1)
def _libraries(_modules: int) -> threadpoolctl.ThreadpoolController:
    """Return the libraries that have been loaded, which takes longer to find out than many a fit.

    They are looked for again when a module was imported since, which may have loaded another.
    """
    return threadpoolctl.ThreadpoolController()
