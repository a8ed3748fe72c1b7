"""The list of destinations has every one of the catalog, and says what has ended."""

from __future__ import annotations

from local.commands.destinations import rows
from tessera.contracts.destinations import ended
from tessera.destinations import catalog


def test_every_destination_is_listed_once_with_all_its_cells():
    head, *listed = rows()
    assert [row[0].split()[0] for row in listed] == sorted(catalog.CATALOG)
    assert all(len(row) == len(head) and all(row) for row in listed)


def test_what_has_ended_says_when_and_the_stage_refuses_the_same():
    days = {name: one.CAPABILITIES.ended for name, one in catalog.CATALOG.items()}
    assert {name: day for name, day in days.items() if day} == ended()
    [pinpoint] = [row for row in rows() if row[0].startswith("pinpoint")]
    assert pinpoint[0] == "pinpoint (ended 2026-10-30)"
