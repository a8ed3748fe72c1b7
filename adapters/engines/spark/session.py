"""A Spark session as Prepare needs it, and errors that quote no cell."""

from __future__ import annotations

import contextlib
import functools
import re
import traceback
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pyarrow as pa
from pyspark.errors import AnalysisException, PySparkException
from pyspark.sql import SparkSession

from adapters.engines.raised import raised_in
from tessera import errors

_Self = TypeVar("_Self")
_OURS = re.compile(r"tessera\.errors\.(InvalidInput|Retryable|Refused): (.+)")


def session() -> SparkSession:
    """Return the present session or a new one. Its time zone is UTC."""
    spark = SparkSession.builder.getOrCreate()
    spark.conf.set("spark.sql.session.timeZone", "UTC")
    return spark


Mapper = Callable[[_Self, Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]


def guarded(work: Mapper[_Self]) -> Mapper[_Self]:
    """Let what an executor does fail without a cell in its message: engines quote them."""

    @functools.wraps(work)
    def guard(self: _Self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        try:
            yield from work(self, batches)
        except (errors.TesseraError, GeneratorExit):
            raise
        except Exception as error:  # noqa: BLE001 (whatever it is, its text may be a customer's)
            raise RuntimeError(f"{type(error).__name__} in {raised_in(error)}") from None

    return guard


@contextlib.contextmanager
def private_errors() -> Iterator[None]:
    """Turn what Spark raises into our own error, or into one that quotes no cell.

    Raises
    ------
    TesseraError
        An executor raised it.
    RuntimeError
        Anything else that Spark raised, by its name alone.
    """
    try:
        yield
    except Exception as error:
        if not _is_engines(error):
            raise
        quoted = _OURS.search(str(error))
        if quoted is not None:
            kind: Any = getattr(errors, quoted[1])
            raise kind(quoted[2].strip()) from None
        if isinstance(error, AnalysisException):  # about a query of ours, before any row is read
            raise
        last = [frame for frame in traceback.extract_tb(error.__traceback__) if _is_ours(frame)]
        where = f"{Path(last[-1].filename).name} line {last[-1].lineno}" if last else "Spark"
        raise RuntimeError(f"the engine failed in {where}: {type(error).__name__}") from None


def _is_engines(error: Exception) -> bool:
    module = type(error).__module__
    return isinstance(error, (PySparkException, pa.ArrowException)) or module.startswith("py4j")


def _is_ours(frame: traceback.FrameSummary) -> bool:
    return "-packages" not in frame.filename and "contextlib" not in frame.filename
