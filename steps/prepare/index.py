"""The search index of identities, written with them, and for those of earlier versions too."""

from __future__ import annotations

import collections
import time

from adapters.engines.prepare import PrepareEngine
from steps.prepare.run import PrepareRun
from tessera.naming import FOLDER_COMPLETE


def index_identities(run: PrepareRun, engine: PrepareEngine) -> None:
    """Write the index of all stored identities that have none, those of the run's upload too.

    It counts with the identities, and goes with them. Call it once the upload is stored.
    """
    began = time.perf_counter()
    workspace, uploads = run.workspace, run.workspace.uploads
    files: dict[str, list[str]] = collections.defaultdict(list)
    indexes = {*uploads.search.keys()}
    for key in uploads.unindexed(uploads.people.keys(), indexes=indexes):
        files[uploads.index_folder(key)].append(key)
    for folder, keys in files.items():
        workspace.identities.delete_prefix(folder)  # an attempt may have left some of its parts
        entries = engine.index(keys, folder=folder)
        workspace.identities.write_json(folder + FOLDER_COMPLETE, {"entries": entries})
        workspace.decided("indexed", files=len(keys), entries=entries)
    run.lap("index_s", began=began)
