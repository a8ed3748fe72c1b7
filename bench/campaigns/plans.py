"""What the plan of a campaign costs: a million customers, from columns to files of chunks.

Customers are made up, in batches as a reader of Parquet gives them. A process that makes their
columns, twice as a plan reads them, is measured with and without the plan.
"""

from __future__ import annotations

import datetime as dt
import functools
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from bench.measure import Measured, command
from bench.report import Ratio, Section
from tessera.campaign_settings import CampaignSettings
from tessera.campaigns.consent.row import ConsentRow
from tessera.campaigns.consent.standing import consent_states
from tessera.campaigns.definitions.document import parse_definition
from tessera.campaigns.planning.candidates import CampaignCandidates, Texts, texts_of
from tessera.campaigns.planning.chunks import chunk_file
from tessera.campaigns.planning.known import EarlierMessages, KnownRecipients, keys_of
from tessera.campaigns.planning.manifest import run_manifest
from tessera.campaigns.planning.plan import PlanTerms, make_plan
from tessera.campaigns.planning.planned_recipients import chunked, planned_recipients
from tessera.campaigns.planning.send_times import windows_for
from tessera.events.pseudonym import address_keys

ROOT = Path(__file__).resolve().parents[2]
CUSTOMERS = 1_000_000
_BATCH = 50_000
_SECONDS, _MB = 30.0, 1000.0
_NOW = dt.datetime(2026, 12, 1, 6, tzinfo=dt.UTC)
_KEY_OF = address_keys(b"a secret of the bench", tenant="shop")
_SEGMENTS = ["Champions", "Loyal", "At Risk", "Can't Lose Them"]
_COUNTRIES = ["DE", "US", "France", "GB", None]
_TEMPLATE = {"id": "news", "version": 1}
_DEFINITION = {
    "id": "bench",
    "name": "Bench",
    "audience": {
        "segments": _SEGMENTS,
        "conditions": {"any": [{"column": "monetary", "from": 0}]},
    },
    "variants": [
        {"name": "a", "share": 0.5, "template": _TEMPLATE},
        {"name": "b", "share": 0.5, "template": _TEMPLATE},
    ],
    "schedule": {"kind": "once", "first_day": "2026-12-01"},
    "again_after_days": 30,
}


def measure(*, say: Callable[[str], None]) -> Section:
    """Plan a run for a million customers with a row of consent each."""
    say(f"the plan of a campaign for {CUSTOMERS:,} customers")
    without, planned = (_process(what) for what in ("columns", "plan"))
    seconds = planned.cpu_seconds - without.cpu_seconds
    lines = (
        f"{CUSTOMERS:,} customers, each with an address and a row of consent, one in twenty "
        f"opted out: {seconds:.1f} s of processor time beside their columns "
        f"({without.cpu_seconds:.1f} s), and {planned.peak_mb:.0f} MB at the peak.",
    )
    ratios = (
        Ratio("campaigns: seconds to plan a million customers", seconds, _SECONDS),
        Ratio("campaigns: MB at the peak of that plan", planned.peak_mb, _MB),
    )
    return Section("Campaigns", lines, ratios)


def _process(what: str) -> Measured:
    return command([sys.executable, "-m", "bench.campaigns.plans", what], cwd=ROOT)


def _batches(customers: int) -> Iterator[CampaignCandidates]:
    for start in range(0, customers, _BATCH):
        chance = np.random.default_rng(start)
        count = min(_BATCH, customers - start)
        numbers = range(start, start + count)
        pick = functools.partial(_picked, chance, count)
        yield CampaignCandidates(
            customer_key=texts_of(
                [f"{number:08x}-0000-8000-8000-000000000000" for number in numbers]
            ),
            address=texts_of([_address(number) for number in numbers]),
            segment=pick(_SEGMENTS),
            churn_band=pick(["High", "Middle", "Low"]),
            value_tier=pick(["High", "Middle", "Low"]),
            country=pick(_COUNTRIES),
            time_zone=pick([None]),
            last_purchase_day=(20_000 + chance.integers(0, 700, count)).astype(np.float64),
            columns={"monetary": 100 * chance.random(count)},
            fields={
                "first_name": pick(["Ann", "Bo", "Cy", None]),
                "last_product": pick(["Lamp", "Chair", "Table"]),
            },
        )


def _address(number: int) -> str:
    return f"customer{number - (number % 50 == 1)}@mail{number % 7}.example"


def _picked(chance: np.random.Generator, count: int, words: Sequence[str | None]) -> Texts:
    return texts_of(words)[chance.integers(0, len(words), count)]


def _consents(customers: int) -> Iterator[ConsentRow]:
    granted_at = _NOW - dt.timedelta(days=90)
    for number in range(customers):
        recipient = _KEY_OF(_address(number))
        yield ConsentRow(recipient=recipient, state="granted", basis="express", source="import",
                         at=granted_at)  # fmt: skip
        if number % 20 == 0:
            yield ConsentRow(recipient=recipient, state="withdrawn", source="unsubscribe_link",
                             at=_NOW)  # fmt: skip


def _plan(customers: int) -> int:
    """Plan, make every chunk's file, and return the bytes of all."""
    definition, settings = parse_definition(_DEFINITION), CampaignSettings()
    today = _NOW.date()
    lately = keys_of(_KEY_OF(_address(number)) for number in range(0, customers, 4))
    days_ago = np.arange(len(lately), dtype=np.int32) % 30
    earlier = EarlierMessages(recipient=lately, days_ago=days_ago)
    states = consent_states(_consents(customers), purpose="marketing", now=_NOW)
    known = KnownRecipients(states=states, messages=earlier, taken=earlier)
    terms = PlanTerms(definition=definition, settings=settings, key_of=_KEY_OF, today=today,
                      is_first_run=True)  # fmt: skip
    plan = make_plan(_batches(customers), terms=terms, known=known)
    again = planned_recipients(plan, _batches(customers), definition=definition, shop_zone="UTC")
    window_of = windows_for(definition, settings=settings, today=today, now=_NOW)
    total, entries = 0, []
    for chunk in chunked(again, window_of=window_of):
        content, entry = chunk_file(chunk)
        total += len(content)
        entries.append(entry)
    run_manifest("bench-r001", definition=definition, planned_at=_NOW, counts=plan.counts,
                 zone_unknown=0, entries=entries)  # fmt: skip
    return total


def _columns(customers: int) -> int:
    """Make everything that a plan reads, as often as it does."""
    rows = sum(1 for _ in _consents(customers))
    return rows + sum(len(batch) for _ in range(2) for batch in _batches(customers))


if __name__ == "__main__":
    print({"columns": _columns, "plan": _plan}[sys.argv[1]](CUSTOMERS))
