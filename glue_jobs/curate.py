"""Make the upload of a source from its change files: a database's table, a CRM's object, a pull.

Arguments: --tenant, --source (the name of the upload's folder, such as database-orders),
--data_bucket, --identities_bucket. --engine duckdb or spark overrides the choice of auto.
--exports_bucket and --exports_prefix are where exports of a CRM arrive, if not in the identities
bucket.
"""

from __future__ import annotations

import argparse
import dataclasses
import datetime as dt
import tempfile
from collections.abc import Sequence
from pathlib import Path

from adapters.aws.logs import job_log
from adapters.aws.objects import Objects
from adapters.engines.choice import choose
from adapters.stores.upload_folder import UploadFolder
from steps.curate.curate import curate
from steps.curate.described import described
from steps.curate.expired import check_raw
from steps.curate.exported import OwnBucket, copy_object
from tessera import naming
from tessera.environments.curate import CurateEnvironment
from tessera.records.codec import encode

_RAW_DAYS = "raw_days"


def main(arguments: Sequence[str]) -> None:
    """Run the job once. Errors pass through to the job's runtime."""
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    names = [field.name for field in dataclasses.fields(CurateEnvironment)]
    for name in ("tenant", "source", *names):
        parser.add_argument(f"--{name}", required=name != _RAW_DAYS, default="0")
    parser.add_argument("--engine", default="auto")
    for name in ("exports_bucket", "exports_prefix"):
        parser.add_argument(f"--{name}", default="")
    parsed, _arguments_of_glue = parser.parse_known_args(arguments)
    env = CurateEnvironment.from_arguments({name: getattr(parsed, name) for name in names})
    data, identities = Objects(env.data_bucket), Objects(env.identities_bucket)
    with (
        job_log("Curate", tenant=parsed.tenant, run_id=parsed.source) as log,
        tempfile.TemporaryDirectory() as folder,
    ):
        source = described(parsed.tenant, parsed.source, data=data)
        now = dt.datetime.now(dt.UTC)
        check_raw(source, data=data, identities=identities, raw_days=int(env.raw_days), now=now)
        if source.can_be_emptied:
            identities.tag_prefix(source.raw)  # AWS DMS wrote them, without our tag
        own = _own_bucket(parsed.exports_bucket, prefix=parsed.exports_prefix)
        if copied := copy_object(source, identities=identities, data=data, own_bucket=own):
            log.decided("copied", **dataclasses.asdict(copied))
        record = curate(
            source,
            identities=identities,
            uploads=UploadFolder(data, tenant=source.tenant, name=source.name),
            engine=choose(parsed.engine),
            folder=Path(folder),
            now=now,
        )
        data.write_json(naming.curate_record_key(source.tenant, source.name), encode(record))
        log.decided(
            record.outcome,
            changes=record.changes,
            keys=record.keys,
            rows=record.rows,
            omitted=record.omitted,
            written=record.written,
            no_numbers=record.no_numbers,
            changed_types=len(record.changed_types),
            snapshot=record.snapshot,
            compacted=record.compacted,
        )


def _own_bucket(name: str, *, prefix: str) -> OwnBucket | None:
    return OwnBucket(objects=Objects(name), prefix=prefix) if name else None
