"""The runs of campaigns whose people a destination gets, as documents in the data bucket.

They have no people: MapSchema takes these from the runs' files.
"""

from __future__ import annotations

from adapters.aws.objects import Objects
from adapters.stores.records import read_record, write_record
from tessera.campaigns.handover import Handover
from tessera.naming import handover_key, handovers_prefix


class Handovers:
    """The handovers of one tenant.

    Parameters
    ----------
    data
        The data bucket.
    tenant
        Whose.
    """

    def __init__(self, data: Objects, *, tenant: str) -> None:
        self._data, self._tenant = data, tenant

    def all(self) -> list[Handover]:
        """Return every handover of a campaign that has not ended."""
        keys = self._data.keys(handovers_prefix(self._tenant))
        return [read_record(Handover, self._data, key, tolerant=True) for key in keys]

    def write(self, handover: Handover) -> None:
        """Let the next run of the pipeline hand over a run's people. Repeating it is harmless."""
        write_record(handover, self._data, handover_key(self._tenant, handover.run))

    def end(self, campaign: str) -> None:
        """Let the next run of the pipeline remove a campaign from its destination."""
        runs = [one.run for one in self.all() if one.campaign == campaign]
        self._data.delete([handover_key(self._tenant, run) for run in runs])
