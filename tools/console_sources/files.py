"""Each generated file of the console, and its text."""

from __future__ import annotations

import json
from pathlib import Path

from tessera.contracts.destinations import DESTINATIONS
from tessera.contracts.tables import PROFILES
from tessera.records.fields import descriptions
from tessera.segments.sets.conditions import DAYS, GAP_STATES, NUMBERS, TEXTS
from tessera.settings import RunSettings
from tools.console_sources.module import module

ROOT = Path(__file__).parents[2]
OPENAPI = ROOT / "docs" / "openapi.json"
SOURCES = ROOT / "console" / "src"


def generated() -> dict[Path, str]:
    """Return every generated file's path and text."""
    return {
        SOURCES / "api" / "schema.ts": module(json.loads(OPENAPI.read_text("utf-8"))),
        SOURCES / "parts" / "destinations.json": _json(
            {name: one.title for name, one in DESTINATIONS.items()}
        ),
        SOURCES / "pages" / "settings" / "meanings.json": _json(_meanings()),
        SOURCES / "pages" / "builder" / "conditions" / "columns.json": _json(_columns()),
    }


def _meanings() -> dict[str, str]:
    """Return what each setting of a run means."""
    return {name: text.replace("``", "") for name, text in descriptions(RunSettings).items()}


def _columns() -> dict[str, dict[str, object]]:
    """Return the kind, meaning and known texts of each profile column a condition can read."""
    kinds = dict.fromkeys(NUMBERS, "number") | dict.fromkeys(DAYS, "day")
    kinds |= dict.fromkeys(TEXTS, "text")
    return {
        column.name: {
            "kind": kinds[column.name],
            "meaning": column.meaning,
            "texts": GAP_STATES if column.name == "gap_state" else (),
        }
        for column in PROFILES.columns
        if column.name in kinds
    }


def _json(document: object) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
