"""What uploads left in a tenant's history: events, identities and their index, order ids, in step.

A run announces its upload in ``events/_pending.json``, then writes the new content beside the old.
Nothing else reads that content. When the run ends well, one pointer makes it count, and the old
content is removed. When it ends otherwise, the new content is removed. A withdrawal is content
without files. Each step may be repeated, and the next run of the tenant completes what an ended run
left half done.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import Literal

from adapters.aws.objects import Objects
from adapters.stores.events import EventStore, UploadRecord
from adapters.stores.identities import IdentityStore
from tessera.errors import InvalidInput
from tessera.naming import FOLDER_COMPLETE, identities_prefix, order_ids_prefix, search_prefix
from tessera.records.runs.prepare import Outcome

Ending = Literal["nothing", "dropped", "kept"]


class UploadHistory:
    """The uploads of a tenant in both buckets. One run at a time changes them.

    Parameters
    ----------
    data, identities
        The two buckets.
    tenant
        Whose uploads.
    """

    def __init__(self, data: Objects, identities: Objects, *, tenant: str) -> None:
        self.events = EventStore(data, tenant=tenant)
        self.people = IdentityStore(identities, tenant=tenant)
        self.order_ids = IdentityStore(identities, tenant=tenant, prefix_of=order_ids_prefix)
        self.search = IdentityStore(identities, tenant=tenant, prefix_of=search_prefix)
        self._prefixes = identities_prefix(tenant), search_prefix(tenant)

    def begin(self, record: UploadRecord) -> Outcome:
        """Announce an upload before any of its content is written.

        Returns
        -------
        Outcome
            "unchanged" if this content counts already, or if there is nothing to withdraw: then
            nothing is to be written.
        """
        before = self.events.find(record.id)
        if record.withdrawn if before is None else before.content == record.content:
            return "unchanged"
        self.events.announce(record)
        if record.withdrawn:
            return "withdrawn"
        return "new" if before is None else "replaced"

    def keep(self, upload_id: str, *, run_id: str) -> None:
        """Let a run's upload count from now on. Repeating it changes nothing.

        Raises
        ------
        InvalidInput
            What the run stored is gone.
        """
        pending = self._pending_of(run_id)
        if pending is not None:
            self.events.commit(pending)
            return
        kept = self.events.settled(upload_id)
        if kept is None or kept.run_id != run_id:
            raise _gone(run_id)

    def settle(self, run_id: str = "") -> Ending:
        """Remove what does not count: the old content of a kept upload, the new one of another.

        Parameters
        ----------
        run_id
            Only what this run stored. By default what any run stored: call that only at the
            tenant's turn, when the run has ended.

        Returns
        -------
        Ending
            Whether the upload counts. "nothing" if there was none, or another run's.
        """
        pending = self._pending_of(run_id) if run_id else self.events.pending()
        if pending is None:
            return "nothing"
        counts = self.events.settled(pending.id)
        kept = counts is not None and counts.content == pending.content
        stores = (self.people, self.order_ids, self.search)
        if kept:
            self.events.delete_others(pending)
            for store in stores:
                store.delete_others(pending.id, content=pending.content)
        else:
            self.events.clear(pending)
            for store in stores:
                store.clear(pending.id, content=pending.content)
        self.events.end_pending()
        return "kept" if kept else "dropped"

    def people_keys(self, *, run_id: str) -> list[str]:
        """Return the keys of who a run's customers are.

        Parameters
        ----------
        run_id
            The run whose upload is to count in place of what the upload had. Empty for a run that
            stores none.

        Raises
        ------
        InvalidInput
            What the run stored is gone.
        """
        pending = self.events.pending()
        if run_id and (pending is None or pending.run_id != run_id):
            raise _gone(run_id)
        if pending is None:
            return self.people.keys()
        stored, of_upload = self.people.keys(), {*self.people.keys(pending.id)}
        new = self.people.folder(pending.id, content=pending.content)
        return [
            key for key in stored if key not in of_upload or key.startswith(new) == bool(run_id)
        ]

    def index_folder(self, people_key: str) -> str:
        """Return where the index is that covers a file of identities."""
        people, search = self._prefixes
        return f"{search}{people_key.removeprefix(people).rpartition('/')[0]}/"

    def unindexed(self, people_keys: Iterable[str], *, indexes: Container[str]) -> list[str]:
        """Return the files of identities that no complete index covers.

        Parameters
        ----------
        people_keys
            The files.
        indexes
            The keys of all that indexes have.
        """
        return [
            key for key in people_keys if self.index_folder(key) + FOLDER_COMPLETE not in indexes
        ]

    def _pending_of(self, run_id: str) -> UploadRecord | None:
        pending = self.events.pending()
        return pending if pending and pending.run_id == run_id else None


def _gone(run_id: str) -> InvalidInput:
    return InvalidInput(
        f"the upload that run {run_id!r} stored is gone, because another run of the tenant began "
        "after this one had stopped: start a new execution with the same input"
    )
