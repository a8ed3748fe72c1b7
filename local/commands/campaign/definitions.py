"""Make campaigns of ready definitions, and list them."""

from __future__ import annotations

import copy
import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from adapters.http.console_api import ConsoleApi
from tessera.campaigns.definitions.checks import is_slug
from tessera.errors import InvalidInput
from tessera.segments.toml_tables import listed


@dataclasses.dataclass(frozen=True, kw_only=True)
class NewCampaign:
    """A campaign as the command line asks for it.

    Parameters
    ----------
    ready
        The name of a ready definition.
    id
        The campaign's id. Empty for that of the definition.
    templates
        Template ids by variant. A variant that is absent has the template of its name.
    holdout
        The share that is held out. None for the definition's.
    hours
        The hours of the day in which messages are sent, such as ``09:00-20:00``. None for the
        definition's.
    days
        How many days count as days of result. None for the definition's.
    """

    ready: str
    id: str = ""
    templates: Mapping[str, str] = dataclasses.field(default_factory=dict)
    holdout: float | None = None
    hours: tuple[str, str] | None = None
    days: int | None = None


def create(api: ConsoleApi, wanted: NewCampaign, *, today: dt.date) -> Any:
    """Save a new campaign. Return it as the API has it.

    Raises
    ------
    InvalidInput
        There is no such ready definition, a template is not published, or the campaign exists.
    """
    definition = _ready(api, wanted.ready)
    definition["schedule"]["first_day"] = today.isoformat()
    if wanted.id:
        definition["id"] = wanted.id
    if wanted.holdout is not None:
        definition["holdout"]["share"] = wanted.holdout
    if wanted.hours is not None:
        definition["schedule"]["hours"] = dict(zip(("from", "until"), wanted.hours, strict=True))
    if wanted.days is not None:
        definition["result_days"] = wanted.days
    published = _published(api)
    for variant in definition["variants"]:
        template = wanted.templates.get(variant["name"], variant["name"])
        variant["template"] = {"id": template, "version": _version(template, published)}
    change = {"version": 0, "definition": definition}
    return api.send("PUT", f"/v1/campaigns/{definition['id']}", change)


def send_test(api: ConsoleApi, template: str, *, to: str) -> Any:
    """Send the last published version of a template to one address. Return what became of it.

    Raises
    ------
    InvalidInput
        It is not published, or there is no sender.
    """
    wanted = {"version": _version(template, _published(api)), "to": to}
    return api.send("POST", f"/v1/templates/{campaign_id(template)}/test-sends", wanted)


def campaign_id(text: str) -> str:
    """Return an id that can stand in an address. Raises InvalidInput for any other text."""
    if not is_slug(text):
        raise InvalidInput(f"{text!r} is no id of a campaign: `tessera campaign list` has them")
    return text


def lines(campaigns: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return a line for each campaign."""
    return [
        f"  {one['id']:28} {one['state']:7} {one['last_run'] or 'no run':34}"
        f" {one['last_run_state'] or ''}".rstrip()
        for one in campaigns
    ]


def _ready(api: ConsoleApi, name: str) -> dict[str, Any]:
    ready = {one["name"]: one["definition"] for one in api.get("/v1/ready-campaigns")["items"]}
    if name not in ready:
        raise InvalidInput(f"there is no ready campaign {name!r}: there are {listed(ready)}")
    return copy.deepcopy(ready[name])


def _published(api: ConsoleApi) -> dict[str, int]:
    """Return the last published version of each template that has one."""
    templates = api.get("/v1/templates")["items"]
    return {one["id"]: one["published"]["number"] for one in templates if one["published"]}


def _version(template: str, published: Mapping[str, int]) -> int:
    if template not in published:
        raise InvalidInput(
            f"there is no published template {template!r}, but {listed(published) or 'none'}: "
            "publish it in the console, name another with --template VARIANT=ID, or bring those of "
            "the example with `tessera campaign setup`"
        )
    return published[template]
