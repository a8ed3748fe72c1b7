"""Write examples/campaigns/simulated_consents.csv: ``python -m tools.example_consents``.

The purchases of the example are real. Nobody in it was ever asked for consent, and its addresses
are at a reserved domain. So these consents are simulated, and each line says so.
"""

from __future__ import annotations

import csv
import gzip
import io
import random
from collections.abc import Iterator
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
EVENTS = EXAMPLES / "online_retail_events.csv.gz"
FILE = EXAMPLES / "campaigns" / "simulated_consents.csv"
HEADER = ("address", "state", "at", "basis", "purpose", "proof")
_DAY = "2011-12-09"  # the last one of the example
_PROOF = "simulated"
_SEED = 7
_GRANTED, _WITHDRAWN = 0.80, 0.05  # of all addresses; the others gave no answer
_TRACKING = 0.60  # of those who granted


def addresses() -> list[str]:
    """Return the addresses of the example, sorted."""
    with gzip.open(EVENTS, "rt", encoding="utf-8", newline="") as lines:
        return sorted({row["Address"] for row in csv.DictReader(lines)})


def consents(address: str) -> Iterator[tuple[str, ...]]:
    """Yield the lines of one address, none without an answer."""
    chance = random.Random(f"{_SEED} {address}")  # noqa: S311 (made-up data, no secret)
    draw, tracking = chance.random(), chance.random()
    if draw < _GRANTED:
        yield (address, "granted", _DAY, "express", "marketing", _PROOF)
        if tracking < _TRACKING:
            yield (address, "granted", _DAY, "express", "tracking", _PROOF)
    elif draw < _GRANTED + _WITHDRAWN:
        yield (address, "withdrawn", _DAY, "", "marketing", _PROOF)


def content() -> str:
    """Return the file, the same each time."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(line for address in addresses() for line in consents(address))
    return text.getvalue()


if __name__ == "__main__":
    FILE.write_text(content(), encoding="utf-8")
