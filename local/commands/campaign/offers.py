"""To which customers an offer goes first, in the terminal, and the segment set of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from adapters.http.console_api import ConsoleApi
from local.commands.campaign.definitions import campaign_id
from tessera.errors import InvalidInput

_SHARES = (0.1, 0.25, 0.5, 0.75, 1.0)


def plan(
    api: ConsoleApi, campaign: str, *, cost: float | None, margin: float | None,
    budget: float | None,
) -> Any:  # fmt: skip
    """Return to which customers an offer goes first.

    Raises
    ------
    InvalidInput
        Cost or margin is not given, or the API refuses them.
    """
    if cost is None or margin is None:
        raise InvalidInput(
            "`tessera campaign offer` needs --cost, of one person, and --margin, the share of "
            "revenue that is left, such as 0.4"
        )
    offer = {"cost": cost, "margin": margin, "budget": budget}
    return api.send("POST", f"/v1/campaigns/{campaign_id(campaign)}/offer", offer)


def save_set(api: ConsoleApi, planned: Mapping[str, Any]) -> str:
    """Save the segment set of an offer, in use. Return its name.

    Raises
    ------
    InvalidInput
        There is nothing to choose, or the results are simulated.
    """
    if planned["simulated"]:
        raise InvalidInput(
            "the segment set is not saved, because these results are simulated: no person made the "
            "purchases. Save an offer of a campaign that was measured on real ones"
        )
    document = planned["set"]
    if document is None:
        raise InvalidInput(f"there is no segment set to save: {planned['verdict']}")
    version = api.get("/v1/segment-sets")["version"]
    change = {"version": version, "definition": document, "in_use": True}
    api.send("PUT", f"/v1/segment-sets/{document['name']}", change)
    return str(document["name"])


def offer_lines(planned: Mapping[str, Any]) -> Iterator[str]:
    """Yield what to do, the groups, and what each further part of the audience adds."""
    yield f"  {planned['verdict']}"
    for one in planned["groups"]:
        amounts = f"{one['margin']:+.2f} ({one['low']:+.2f} to {one['high']:+.2f}) each"
        yield f"  {one['label']:6} {one['customers']:9,}  {amounts}, {one['who']}"
    if planned["groups"]:
        yield f"  spent {planned['spent']:,.2f}, expected after that {planned['net']:+,.2f}"
    for one in planned["frontier"]:
        if one["share"] in _SHARES:
            ends = f"{one['low']:+,.2f} to {one['high']:+,.2f}"
            yield (
                f"  best {one['share']:4.0%} of the audience: cost {one['cost']:,.2f}, margin "
                f"{one['margin']:+,.2f} ({ends}), by chance {one['random_net'] + one['cost']:+,.2f}"
            )
