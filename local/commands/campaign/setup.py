"""Bring what the example's campaigns need into a console: ``tessera campaign setup``."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from adapters.http.console_api import ConsoleApi
from local.commands.campaign.connection import put_file
from local.commands.campaign.consents import PutFile, import_consents

FOLDER = Path(__file__).resolve().parents[3] / "examples" / "campaigns"
TEMPLATES = ("win-back", "newsletter")


def set_up(api: ConsoleApi, *, folder: Path = FOLDER, put: PutFile = put_file) -> Iterator[str]:
    """Bring settings, brand kit, templates and simulated consents. Yield a line for each.

    What is there already stays as it is.

    Raises
    ------
    InvalidInput
        The API refuses a part.
    """
    yield _settings(api, folder / "settings.toml")
    yield _brand(api, folder / "brand.json")
    known = {one["id"]: one for one in api.get("/v1/templates")["items"]}
    for name in TEMPLATES:
        yield _template(api, folder / f"{name}.json", known=known.get(name))
    yield _consents(api, folder / "simulated_consents.csv", put=put)


def _settings(api: ConsoleApi, file: Path) -> str:
    saved = api.get("/v1/settings")
    if "campaigns" in saved["settings"]:
        return "settings: there are some for campaigns, which stay"
    campaigns = tomllib.loads(file.read_text(encoding="utf-8"))
    change = {"version": saved["version"], "settings": saved["settings"] | campaigns}
    api.send("PUT", "/v1/settings", change)
    return f"settings: those of {file.name}"


def _brand(api: ConsoleApi, file: Path) -> str:
    saved = api.get("/v1/brand")
    if saved["version"]:
        return "brand kit: there is one, which stays"
    api.send("PUT", "/v1/brand", {"version": 0, "brand": _json(file)})
    return f"brand kit: that of {file.name}"


def _template(api: ConsoleApi, file: Path, *, known: dict[str, Any] | None) -> str:
    path = f"/v1/templates/{file.stem}"
    if known and known["published"]:
        return f"template {file.stem}: there is one, which stays"
    draft = known or api.send("POST", f"{path}/import", _json(file))
    api.send("POST", f"{path}/publish", {"version": draft["version"]})
    return f"template {file.stem}: imported and published"


def _consents(api: ConsoleApi, file: Path, *, put: PutFile) -> str:
    if api.get("/v1/consent")["people"]:
        return "consents: there are some, which stay"
    report = import_consents(api, file, put=put)
    return f"consents: {report['added']:,} of {file.name}, which nobody really gave"


def _json(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))
