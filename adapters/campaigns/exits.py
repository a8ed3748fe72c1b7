"""Who has lost the label that a run's trigger led them into, since the run was planned.

It is known once the shop's next run has new labels. The sender reads no profiles, so the recipients
are in a file beside the manifest, without addresses.
"""

from __future__ import annotations

import numpy as np

from adapters.aws.objects import Objects
from adapters.campaigns.taken import TakenPeople
from adapters.stores.profile_reader import KEY, ProfileReader
from adapters.stores.records import read_record
from tessera import naming
from tessera.campaigns.definitions.timing import EntryTrigger
from tessera.campaigns.planning.manifest import RunManifest
from tessera.records.run_of_day import RunOfDay
from tessera.records.runs.latest import Latest


class CampaignExits:
    """The exits of one run.

    Parameters
    ----------
    data, identities
        The two buckets.
    tenant, run_id
        Which run.
    """

    def __init__(self, data: Objects, identities: Objects, *, tenant: str, run_id: str) -> None:
        self._data, self._identities = data, identities
        self._tenant, self._run_id = tenant, run_id
        self._key = naming.campaign_run_prefix(tenant, run_id) + naming.CAMPAIGN_EXITS

    def update(self, manifest: RunManifest) -> None:
        """Write down who has left, where newer labels exist than those that were planned by.

        Parameters
        ----------
        manifest
            Of the run. A run without a trigger has no exits.
        """
        trigger, planned = manifest.definition.trigger, manifest.profiles
        if trigger is None or planned is None:
            return
        latest = read_record(Latest, self._data, naming.latest_key(self._tenant), tolerant=True)
        if latest.run_id in (planned.run_id, self._known_of()):
            return
        recipients = self._left(trigger, latest)
        document = {"profiles": latest.run_id, "recipients": recipients}
        self._identities.write_json(self._key, document)

    def recipients(self) -> frozenset[str]:
        """Return who has left, by the newest labels that were looked at."""
        if not self._identities.exists(self._key):
            return frozenset()
        return frozenset(self._identities.read_json(self._key)["recipients"])

    def _known_of(self) -> str:
        """Return by which run's labels the exits were written, empty before that."""
        if not self._identities.exists(self._key):
            return ""
        return str(self._identities.read_json(self._key)["profiles"])

    def _left(self, trigger: EntryTrigger, latest: RunOfDay) -> list[str]:
        people = TakenPeople(self._identities, tenant=self._tenant, run_id=self._run_id).read()
        folder = naming.profiles_partition(latest.as_of.isoformat(), latest.run_id)
        prefix = naming.profiles_prefix(self._tenant) + folder
        left: list[str] = []
        for table in ProfileReader(self._data).columns(prefix, [KEY, trigger.set]):
            labels = table.column(trigger.set).to_pylist()
            over = np.array([trigger.is_over(now=label or "") for label in labels], np.bool_)
            keys = np.asarray(table.column(KEY).to_pylist(), "S36")[over]
            left += people.recipient[np.isin(people.customer_key, keys)].astype(str).tolist()
        return sorted(left)
