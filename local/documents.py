"""The pages under docs/ that are written from the code: ``make docs`` writes them, a test compares.

A page of ours is a template ``docs/templates/<page>.md`` with ``{{ name }}`` where a generated part
goes, so that prose stays prose.
"""

from __future__ import annotations

import dataclasses
import inspect
import json
import re
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from infra.settings import StageSettings
from lambdas.api.app import published_document
from local import cost_page
from local.commands.arguments.tree import parser
from local.commands.canary.rows import PARTS as FIRST_DEPLOYMENT
from local.commands.exits import EXITS
from local.commands.parser import Parser
from local.simulator.model import DEFAULT_MODEL, BandReactions, ReactionModel
from steps.isolation import STEPS
from tessera.api.roles import ROLES
from tessera.api.routes import ROUTES
from tessera.campaign_settings import CampaignSettings
from tessera.contracts.table import Table
from tessera.contracts.tables import (
    BEHAVIOUR_DAYS,
    CUSTOMER_OUTPUT,
    CUSTOMERS,
    EVENTS,
    FEATURES,
    IDENTITIES,
    ORDER_IDS,
    SEARCH_INDEX,
)
from tessera.dashboards.picture import svg
from tessera.dashboards.sheets import SHEETS
from tessera.events import names, reasons
from tessera.segments.definition import PRESETS, Definition, load_preset
from tessera.settings import RunSettings
from tessera.shipped_files import read_text
from tessera.sources.recognition.contract import COLUMNS, MONEY
from tessera.warehouse.views import VIEWS

DOCS = Path(__file__).resolve().parents[1] / "docs"
TEMPLATES = DOCS / "templates"
_PARAMETERS = "Parameters\n----------\n"
_BORDERS = {
    "session": "IAM: its session names the tenant",
    "scanning session": "IAM: its session names the tenant. It scans whole tables for its items",
    "mounted": "its inputs are mounted by the state machine",
    "": "–",
}
_BLANK = re.compile(r"\{\{ (\w+) \}\}")


def render(template: str) -> str:
    """Return a page with every blank filled."""
    return _BLANK.sub(lambda blank: PARTS[blank[1]](), template)


def pages() -> dict[Path, str]:
    """Return each generated page and its text."""
    written = {
        DOCS / template.name: render(template.read_text(encoding="utf-8"))
        for template in sorted(TEMPLATES.glob("*.md"))
    }
    pictures = {DOCS / "images" / "dashboards" / f"{one.id}.svg": svg(one) for one in SHEETS}
    document = json.dumps(published_document(), indent=1, sort_keys=True, ensure_ascii=False)
    return {**written, **pictures, DOCS / "openapi.json": document + "\n"}


def snowflake_orders() -> str:
    """Return the script that unloads orders from Snowflake."""
    text = read_text("tessera.warehouse", "snowflake/orders.sql")
    return f"```sql\n{text.strip()}\n```"


def routes() -> str:
    """Return the API's routes, and which roles may call each."""
    header = ("Route", "Says or does", *ROLES)
    rows = [
        (
            f"`{route.method} {route.path}`",
            route.does,
            *("✓" if role in route.roles else "" for role in ROLES),
        )
        for route in ROUTES
    ]
    return _table(header, rows)


def isolation() -> str:
    """Return whose data each function and job works with."""
    header = ("Function or job", "Works for", "The tenant comes from", "Beside the code")
    rows = [(step.name, step.serves, step.knows_by, _BORDERS[step.border]) for step in STEPS]
    return _table(header, rows)


def judging_routes() -> str:
    """Return the routes that judge more than a schema can say, as a list inside a list."""
    judging = [route for route in ROUTES if route.judges]
    return "\n".join(f"  - `{route.method} {route.path}`: {route.judges}" for route in judging)


def settings() -> str:
    """Return RunSettings as a table, from its own docstring."""
    return _settings_table(RunSettings().to_dict(), _parameters(RunSettings), omitted="campaigns")


def campaign_settings() -> str:
    """Return the group of settings for campaigns as a table."""
    defaults = dataclasses.asdict(RunSettings().campaigns)
    return _settings_table(defaults, _parameters(CampaignSettings))


def reaction_bands() -> str:
    """Return the simulator's parameters by churn band."""
    meanings = _parameters(BandReactions)
    rows = [
        (f"`{band}`", *(f"{share:g}" for share in dataclasses.astuple(reacts)))
        for band, reacts in (*DEFAULT_MODEL.bands.items(), ("other", DEFAULT_MODEL.other))
    ]
    described = "\n".join(f"- `{name}`: {meaning}" for name, meaning in meanings.items())
    return f"{_table(('Churn band', *meanings), rows)}\n\n{described}"


def reaction_model() -> str:
    """Return the simulator's other parameters."""
    values = dataclasses.asdict(DEFAULT_MODEL)
    rows = [
        (f"`{name}`", f"`{values[name]:g}`", meaning)
        for name, meaning in _parameters(ReactionModel).items()
        if name not in ("bands", "other")
    ]
    return _table(("Parameter", "Value", "Meaning"), rows)


def _settings_table(
    defaults: Mapping[str, object], meanings: Mapping[str, str], *, omitted: str = ""
) -> str:
    rows = [
        (f"`{name}`", f"`{json.dumps(value)}`", meanings[name])
        for name, value in defaults.items()
        if name != omitted
    ]
    return _table(("Setting", "Default", "Meaning"), rows)


def stage() -> str:
    """Return StageSettings: its own fields, then each group with its defaults."""
    meanings = {
        name: meaning
        for part in StageSettings.__mro__
        if _PARAMETERS in inspect.cleandoc(part.__doc__ or "")
        for name, meaning in _parameters(part).items()
    }
    defaults = StageSettings(stage="dev")
    rows, groups = [], []
    for field in dataclasses.fields(StageSettings):
        value = getattr(defaults, field.name)
        if field.name in meanings and not dataclasses.is_dataclass(value):
            rows.append((f"`{field.name}`", f"`{_json(value)}`", meanings[field.name]))
        elif dataclasses.is_dataclass(value) and not isinstance(value, (type, RunSettings)):
            listed = ", ".join(f"`{k}` {_json(v)}" for k, v in dataclasses.asdict(value).items())
            about = (inspect.getdoc(value) or "").split("\n\n")
            text = " ".join(" ".join(about).split()).replace("``", "`")
            groups.append((f"`{field.name}`", listed, text))
    table = _table(("Setting", "Default", "Meaning"), rows)
    return f"{table}\n\n{_table(('Group', 'Settings and defaults', 'Meaning'), groups)}"


def _json(value: object) -> str:
    return json.dumps(list(value) if isinstance(value, tuple) else value)


def tables() -> str:
    """Return every table that the pipeline writes."""
    shown = (
        CUSTOMER_OUTPUT,
        EVENTS,
        CUSTOMERS,
        FEATURES,
        BEHAVIOUR_DAYS,
        IDENTITIES,
        ORDER_IDS,
        SEARCH_INDEX,
    )
    return "\n\n".join(_contract(table) for table in shown)


def upload_columns() -> str:
    """Return what an upload must and may contain."""
    rows = [
        (f"`{c.header}`", _needed(c.name, required=c.required), c.meaning, ", ".join(c.aliases))
        for c in COLUMNS
    ]
    return _table(("Header", "", "Meaning", "Also called"), rows)


def events() -> str:
    """Return the event names and what else they may be called."""
    rows = [(f"`{name}`", ", ".join(names.ALIASES[name])) for name in names.EVENTS]
    return _table(("Event", "Also called"), rows)


def rejected() -> str:
    """Return why a row can be refused."""
    return _reasons(reasons.REJECTS)


def ignored() -> str:
    """Return why a right row may not count in a run."""
    return _reasons(reasons.IGNORED)


def _reasons(listed: Iterable[reasons.Reason]) -> str:
    rows = [(f"`{reason.code}`", reason.meaning, reason.advice) for reason in listed]
    return _table(("Code", "Meaning", "What to do"), rows)


def _needed(name: str, *, required: bool) -> str:
    if name in MONEY:
        return "one of " + ", ".join(f"`{other}`" for other in MONEY)
    return "required" if required else ""


def presets() -> str:
    """Return every shipped segment definition."""
    return "\n\n".join(_definition(load_preset(name)) for name in PRESETS)


def _parameters(thing: type) -> dict[str, str]:
    doc = inspect.getdoc(thing) or ""
    section = doc.split(_PARAMETERS, 1)[1]
    blocks = re.split(r"^(?=\w)", section, flags=re.MULTILINE)
    named = (block.split("\n", 1) for block in blocks if block)
    return {
        name: " ".join(text.split()).replace("``", "`")
        for names_, text in named
        for name in names_.strip().split(", ")
    }


def _contract(table: Table) -> str:
    rows = [
        (f"`{c.name}`", c.type, "may be empty" if c.nullable else "", c.meaning)
        for c in table.columns
    ]
    key = f"A row is identified by {', '.join(table.key)}." if table.key else ""
    about = textwrap.fill(f"{table.meaning}. {key}", width=100, break_on_hyphens=False)
    heading = f"### {table.name}\n\n{about}"
    return f"{heading}\n\n{_table(('Column', 'Type', '', 'Meaning'), rows)}"


def _definition(definition: Definition) -> str:
    rows = [
        (
            segment.label,
            str(len(segment.cells)),
            segment.meaning,
            _cells(segment.cells, scale=definition.scale),
        )
        for segment in definition.segments
    ]
    heading = f"### {definition.name}\n\n{definition.meaning} Scores 1–{definition.scale}."
    return f"{heading}\n\n{_table(('Segment', 'Cells', 'Meaning', 'R F M'), rows)}"


def _cells(cells: Sequence[str], *, scale: int) -> str:
    """Return the cells, ``54*`` standing for every M of R 5 and F 4."""
    by_pair: dict[str, list[str]] = {}
    for cell in cells:
        by_pair.setdefault(cell[:2], []).append(cell[2])
    return " ".join(
        f"{pair}\\*" if len(last) == scale else " ".join(pair + m for m in last)
        for pair, last in by_pair.items()
    )


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(
        "| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines
    )


def first_deployment() -> str:
    """Return the rows of what to check on a first account."""
    header = ("Row", "What must hold", "Look", "If it does not hold")
    return "\n\n".join(
        f"## {part.title}\n\n"
        + _table(header, [(c.id, c.title, f"`{c.command}`", c.mend) for c in part.checks])
        for part in FIRST_DEPLOYMENT
    )


def exits() -> str:
    """Return the exit statuses."""
    return _table(("Status", "Meaning"), [(f"`{code}`", text) for code, text in EXITS.items()])


def commands() -> str:
    """Return every command with its examples and options."""
    return "\n\n".join(_command(name, command) for name, command in parser().commands())


def _command(name: str, command: Parser) -> str:
    shown = [f"tessera {line}" + (f"  # {does}" if does else "") for line, does in command.examples]
    examples = "\n".join(["```sh", *shown, "```"])
    rows = [
        (f"`{invoked}`", text) for invoked, text in command.described() if invoked != "-h, --help"
    ]
    parts = [f"## {name}", command.description or "", examples]
    return "\n\n".join([*parts, _table(("Argument", "Meaning"), rows)] if rows else parts)


def warehouse_views() -> str:
    """Return the views of the star schema, and the columns of each."""
    listed = _table(
        ("View", "Its rows"), [(f"[`{view.name}`](#{view.name})", view.meaning) for view in VIEWS]
    )
    parts = [
        f"### {view.name}\n\n"
        + _table(
            ("Column", "Type", "Meaning"),
            [(f"`{one.name}`", one.type, one.meaning) for one in view.columns],
        )
        for view in VIEWS
    ]
    return "\n\n".join([listed, *parts])


def dashboard_sheets() -> str:
    """Return each sheet with its question, its picture and what its visuals read."""
    return "\n\n".join(
        f"### {sheet.title}\n\n{sheet.about}\n\n"
        f"![Layout of the sheet {sheet.title}](images/dashboards/{sheet.id}.svg)\n\n"
        + _table(
            ("Visual", "View", "Grouped by", "Shows"),
            [
                (
                    one.title,
                    f"[`{one.data.view.name}`](warehouse.md#{one.data.view.name})",
                    ", ".join(f"`{name}`" for name in one.by) or "–",
                    ", ".join(f"{each.fold.lower()} of `{each.column}`" for each in one.measures),
                )
                for one in sheet.visuals
            ],
        )
        for sheet in SHEETS
    )


PARTS: dict[str, Callable[[], str]] = {
    "priced_on": cost_page.priced_on,
    "run_prices": lambda: _table(*cost_page.run_prices()),
    "message_prices": lambda: _table(*cost_page.message_prices()),
    "example_total": cost_page.example_total,
    "example_cost": lambda: _table(*cost_page.example_cost()),
    "settings": settings,
    "campaign_settings": campaign_settings,
    "reaction_bands": reaction_bands,
    "reaction_model": reaction_model,
    "exits": exits,
    "commands": commands,
    "stage": stage,
    "tables": tables,
    "presets": presets,
    "upload_columns": upload_columns,
    "events": events,
    "first_deployment": first_deployment,
    "rejected": rejected,
    "ignored": ignored,
    "isolation": isolation,
    "routes": routes,
    "judging_routes": judging_routes,
    "warehouse_views": warehouse_views,
    "snowflake_orders": snowflake_orders,
    "dashboard_sheets": dashboard_sheets,
}


def main() -> None:
    """Write every generated page."""
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
