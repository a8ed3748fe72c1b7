"""The data of the dashboard, from a state: what each visual of Quick Sight would show."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from local.commands.sql.command import warehouse
from tessera.dashboards.sheets import SHEETS
from tessera.dashboards.visuals import DashboardSheet, Visual
from tessera.naming import DEFAULT_TENANT


@dataclasses.dataclass(frozen=True, kw_only=True)
class Shown:
    """A visual with its rows: the columns that it is grouped by, then its measures."""

    sheet: DashboardSheet
    visual: Visual
    rows: list[tuple[Any, ...]]


def dashboard_data(state: Path, *, tenant: str = DEFAULT_TENANT) -> Iterator[Shown]:
    """Yield each visual of the dashboard, sheet by sheet.

    Raises
    ------
    InvalidInput
        There is no state.
    """
    with warehouse(state) as opened:
        for sheet in SHEETS:
            for visual in sheet.visuals:
                rows = list(opened.query(visual.sql(tenant=tenant)).rows)
                yield Shown(sheet=sheet, visual=visual, rows=rows)
