"""An uploaded list of receivers, read row by row, and matched with the tenant's customers."""

from __future__ import annotations

from adapters.aws.objects import Objects
from steps.campaign.uploaded_cells import read_cells
from tessera.campaigns.files import RefusedLine
from tessera.campaigns.planning.candidates import CampaignCandidates
from tessera.campaigns.planning.lists.receivers import (
    Receiver,
    check_columns,
    receivers,
    receivers_as_candidates,
)
from tessera.errors import InvalidInput
from tessera.naming import receivers_key


def read_receivers(
    tenant: str, name: str, *, identities: Objects
) -> tuple[CampaignCandidates, tuple[RefusedLine, ...]]:
    """Return the receivers of a list, and the lines that nobody could be read from.

    Parameters
    ----------
    tenant, name
        Which list.
    identities
        The identities bucket.

    Raises
    ------
    InvalidInput
        There is no such list, or it is not CSV in UTF-8 with a column of addresses.
    """
    key = receivers_key(tenant, name)
    if not identities.exists(key):
        raise InvalidInput(f"there is no list of receivers {name!r}: upload it first")
    header, cells = read_cells(identities, key, what=f"the list of receivers {name!r}")
    good: list[Receiver] = []
    refused: list[RefusedLine] = []
    for one in receivers(cells, header=header):
        (refused if isinstance(one, RefusedLine) else good).append(one)  # type: ignore[arg-type]
    return receivers_as_candidates(good, fields=check_columns(header)), tuple(refused)
