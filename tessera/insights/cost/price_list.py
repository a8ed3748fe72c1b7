"""The list prices of a region, from its file."""

from __future__ import annotations

import dataclasses
import datetime as dt
import importlib.resources
import tomllib
from collections.abc import Mapping


@dataclasses.dataclass(frozen=True, kw_only=True)
class PriceList:
    """Prices in US dollars, per hour unless stated otherwise.

    Parameters
    ----------
    region, priced_on
        Where they hold, and since which day we know them.
    sagemaker, glue
        By instance type, and by worker type.
    functions
        ``gb_hour`` of Lambda's memory, on x86.
    messages
        Per million: ``mails`` of SES, and ``writes`` and ``reads`` of DynamoDB.
    """

    region: str
    priced_on: dt.date
    sagemaker: Mapping[str, float]
    glue: Mapping[str, float]
    functions: Mapping[str, float]
    messages: Mapping[str, float]


def price_list(region: str) -> PriceList | None:
    """Return the prices of a region, None where no file has them."""
    file = importlib.resources.files("tessera.insights.cost") / "prices" / f"{region}.toml"
    if not file.is_file():
        return None
    prices = tomllib.loads(file.read_text(encoding="utf-8"))
    return PriceList(region=region, **prices)
