"""After files were rewritten: bring the documents that count or list them to what they are."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from collections.abc import Iterable

import pyarrow.compute as pc
import pyarrow.parquet as pq

from adapters.aws.object_file import ObjectFile
from adapters.aws.objects import Objects
from adapters.stores.attributes import AttributeRecord
from adapters.stores.events import UploadRecord, events_folder
from steps.erase.tools import ErasureTools
from tessera import naming
from tessera.records.codec import encode
from tessera.records.folder_end import VERSION, FolderEnd, ListedPart, read_folder_end

_POINTER = re.compile(r"(tenants/[^/]+/(events|attributes)/upload=[^/]+/)")
_CONTENTS = re.compile(rf"(tenants/[^/]+/runs/[^/]+/destinations/[^/]+/{naming.CONTENTS})")
_CAMPAIGN = re.compile(r"(tenants/[^/]+/campaigns/[^/]+/)(?:chunks|holdout)/")


def repair(tools: ErasureTools) -> None:
    """Bring all documents about rewritten files up to date. Repeating it changes nothing."""
    everything = list(tools.files.touched())
    _forget_contents(tools, {each.key for each in everything if each.bucket == "identities"})
    touched = [each for each in everything if each.action == "rewritten"]
    data = {each.key for each in touched if each.bucket == "data"}
    for folder, kind in sorted(_matches(_POINTER, data)):
        (_count_events if kind == "events" else _count_attributes)(tools, folder)
    for folder in sorted({f for key in data if (f := naming.upload_folder(key))}):
        _list_parts(tools.data, folder)
    identities = {each.key for each in touched if each.bucket == "identities"}
    for (folder,) in sorted(_matches(_CAMPAIGN, identities)):
        recipients = _list_chunks(tools.identities, folder)
        if tools.campaigns is not None and recipients is not None:
            run_id = folder.rstrip("/").rpartition("/")[2]
            tools.campaigns.resize(tools.tenant, run_id, recipients=recipients)


def _matches(pattern: re.Pattern[str], keys: Iterable[str]) -> set[tuple[str, ...]]:
    return {match.groups() for key in keys if (match := pattern.match(key))}


def _forget_contents(tools: ErasureTools, keys: set[str]) -> None:
    """Delete what a run keeps of all customers for single moves: it is one file of packed blocks.

    Single moves then wait for the next run, which writes it again.
    """
    for (folder,) in sorted(_matches(_CONTENTS, keys)):
        tools.identities.forget(folder)


def _count_events(tools: ErasureTools, folder: str) -> None:
    """Count an upload's events again, in the pointer that says which of its content counts."""
    key = folder + naming.UPLOAD_POINTER
    if not tools.data.exists(key):
        return
    before = UploadRecord.parse(tools.data.read_json(key))
    counts = dict.fromkeys(("events", "event_ids", "order_ids", "products"), 0)
    first = last = None
    for name, size in tools.data.sizes(events_folder(tools.tenant, before)).items():
        with pq.ParquetFile(ObjectFile(tools.data, name, size=size)) as file:
            has = {*file.schema_arrow.names}
            wanted = ["occurred_at", "event_id", "order_id", "product_code", "product_name"]
            for group in range(file.num_row_groups):
                rows = file.read_row_group(group, columns=[each for each in wanted if each in has])
                counts["events"] += len(rows)
                counts["event_ids"] += len(rows) - rows.column("event_id").null_count
                counts["order_ids"] += len(rows) - rows.column("order_id").null_count
                limits = pc.min_max(rows.column("occurred_at")).as_py()
                first = min(each for each in (first, limits["min"]) if each) if len(rows) else first
                last = max(each for each in (last, limits["max"]) if each) if len(rows) else last
    after = dataclasses.replace(
        before,
        events=counts["events"],
        event_ids=counts["event_ids"],
        order_ids=None if before.order_ids is None else counts["order_ids"],
        first_event_at=first.isoformat() if first else None,
        last_event_at=last.isoformat() if last else None,
        voided=_voided(tools, before),
    )
    if after != before:
        tools.data.write_json(key, dataclasses.asdict(after))


def _voided(tools: ErasureTools, record: UploadRecord) -> int:
    """Return how many orders an upload voids now. A file without rows stays a file."""
    prefix = naming.events_prefix(tools.tenant, record.id) + f"voided={record.content}/"
    sizes = tools.data.sizes(prefix)
    return sum(
        pq.read_metadata(ObjectFile(tools.data, key, size=size)).num_rows
        for key, size in sizes.items()
    ) if sizes else record.voided  # fmt: skip


def _count_attributes(tools: ErasureTools, folder: str) -> None:
    key = folder + naming.UPLOAD_POINTER
    if not tools.data.exists(key):
        return
    before = AttributeRecord.parse(tools.data.read_json(key))
    sizes = tools.data.sizes(f"{folder}content={before.content}/")
    rows = sum(
        pq.read_metadata(ObjectFile(tools.data, name, size=size)).num_rows
        for name, size in sizes.items()
    )
    if sizes and rows != before.customers:
        after = dataclasses.replace(before, customers=rows)
        tools.data.write_json(key, dataclasses.asdict(after))


def _list_parts(data: Objects, folder: str) -> None:
    """Let a folder's end list its parts as they are now. It starts no run, as nothing is new."""
    key = folder + naming.FOLDER_COMPLETE
    if not data.exists(key):
        return
    end = read_folder_end(data.read(key), document=key)
    if end is None:
        return
    there = {each.key.removeprefix(folder): each for each in data.entries(folder)}
    parts = tuple(
        ListedPart(name=part.name, bytes=there[part.name].bytes, etag=there[part.name].etag)
        if part.name in there
        else part
        for part in end.parts
    )
    after = FolderEnd(version=VERSION, parts=parts)
    if after != end:
        metadata = dict(data.head(key).get("Metadata", {}))
        data.write_json(key, encode(after), metadata={**metadata, naming.REWRITTEN: "yes"})


def _list_chunks(identities: Objects, folder: str) -> int | None:
    """Let a campaign run's manifest have the hashes of its chunks as they are now.

    Return how many recipients these have. None for a run without a manifest.
    """
    key = folder + naming.MANIFEST
    if not identities.exists(key):
        return None
    manifest = identities.read_json(key)
    changed = False
    for entry in [*manifest["chunks"], *manifest["holdout"]]:
        body = identities.read(folder + entry["name"])
        sha256 = hashlib.sha256(body).hexdigest()
        if sha256 != entry["sha256"]:
            entry["sha256"], changed = sha256, True
            entry["recipients"] = len(json.loads(body)["recipients"])
    if changed:
        identities.write_json(key, manifest)
    return sum(int(entry["recipients"]) for entry in manifest["chunks"])
