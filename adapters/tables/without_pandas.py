"""Arrow without pandas, which it would import with the first list that it gets."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from types import ModuleType

import pyarrow as pa


def keep_pandas_out() -> None:
    """Let Arrow look for pandas once while there is none: nothing of ours hands it any.

    Wherever pandas is installed, the first ``pa.array`` of a list imports it, to see whether the
    list is one of its kinds. That costs each process twice what Arrow itself does. Whatever asks
    for pandas by name, as ``to_pandas`` does, still gets it.
    """
    if "pandas" in sys.modules:
        return
    absent = _NoPandas()
    sys.meta_path.insert(0, absent)
    try:
        pa.array([])
    finally:
        sys.meta_path.remove(absent)


def let_pandas_in() -> None:
    """Let Arrow import pandas, and know its columns as such again."""
    pa.nulls(0).to_pandas()


class _NoPandas(MetaPathFinder):
    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,  # noqa: ARG002 (the interface's)
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> None:
        if fullname == "pandas":
            raise ModuleNotFoundError(fullname)
