"""Histories that earlier versions stored, brought to the present layout, an upload at a time."""

from __future__ import annotations

import dataclasses
import hashlib

from adapters.stores.events import UploadRecord
from adapters.tables.keyed_ids import convert
from steps.prepare.run import PrepareRun
from tessera.events.pseudonym import ID_KINDS, id_keys


def convert_history(run: PrepareRun) -> int:
    """Replace readable order and event ids of stored events by keys.

    An upload is converted into a new folder, which then counts in place of the old one. So a run
    that ends half way has converted some uploads, and the next one converts the rest.

    Returns
    -------
    int
        How many uploads were converted: 0 for a history of this version.
    """
    readable = [record for record in run.workspace.uploads.events.uploads() if not record.keyed_ids]
    for record in readable:
        _convert(run, record)
    if readable:
        run.workspace.decided("converted", uploads=len(readable))
    return len(readable)


def _convert(run: PrepareRun, record: UploadRecord) -> None:
    workspace, uploads = run.workspace, run.workspace.uploads
    folder = workspace.folder / "converted" / record.id
    key_of = {
        column: id_keys(workspace.secret, tenant=workspace.tenant, column=column)
        for column in ID_KINDS
    }
    files = uploads.events.download(record, folder)
    converted = [
        convert(file, folder=folder / str(number), key_of=key_of)
        for number, file in enumerate(files)
    ]
    order_ids = sum(file.count for file in converted)
    changed = dataclasses.replace(
        record,
        content=hashlib.sha256(f"{record.content} with keys".encode()).hexdigest()[:16],
        order_ids=order_ids,
        stored_at=record.held.stored_at,
        keyed_ids=True,
    )
    if order_ids or record.event_ids:
        for number, file in enumerate(converted):
            uploads.order_ids.write(record.id, file.order_ids, content=changed.content, part=number)
    uploads.events.write(changed, [file.events for file in converted])
    uploads.events.commit(changed)
    uploads.events.delete_others(changed)
