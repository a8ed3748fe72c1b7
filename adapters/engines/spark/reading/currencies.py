"""Which currency an upload is in, where neither settings nor history say so."""

from __future__ import annotations

from adapters.engines.spark.reading.judge import ReadCurrencies
from adapters.engines.spark.reading.upload import CutUpload
from tessera.events.currency_names import sign_of, usual
from tessera.sources.rows import Reading
from tessera.sources.writing import NUMBERS


def usual_currency(upload: CutUpload, reading: Reading) -> str:
    """Return the upload's most frequent currency, by its column and the signs beside amounts."""
    if not _names_currency(upload):
        return ""
    return counted_currency(upload, reading)


def counted_currency(upload: CutUpload, reading: Reading) -> str:
    """Return the upload's most frequent currency, by all of its rows."""
    names = (
        upload.cells().where("code IS NULL").mapInArrow(ReadCurrencies(reading), "currency string")
    )
    counted = names.groupBy("currency").count().collect()
    return usual({row["currency"]: row["count"] for row in counted})


def _names_currency(upload: CutUpload) -> bool:
    """Return whether the upload has a column of currencies, or signs in its first rows."""
    if "currency" in upload.read.mapping.constants:
        return True
    return any(
        "currency" in part.columns
        or any(sign_of(cell) for name in NUMBERS for cell in part.sample.get(name, ()))
        for part in upload.parts
    )
