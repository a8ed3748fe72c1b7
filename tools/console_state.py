"""Make the state that the console's tests look at: ``python -m tools.console_state``.

It has two runs, a month apart, so that every page has something to show. Every fourth customer of
the example is enough for that. One campaign is simulated, and ``truth.json`` has its true effects.
The state is kept with a digest of its sources, and made again when these change.
"""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import hashlib
import json
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from adapters.aws.objects import Objects
from adapters.campaigns.tenant_records import TenantRecords
from local.app.approval import Here
from local.app.inputs.settings_file import stage_settings
from local.app.progress import show
from local.app.started import started
from local.app.state.remembered import StatePlace, opened
from local.app.system import System
from local.terminal import Terminal
from tessera import naming
from tools.simulated_campaign import add_simulated_campaign

ROOT = Path(__file__).resolve().parents[1]
STATE = ROOT / "build" / "console-test.state"
_EVENTS = ROOT / "build" / "console-test.csv"
EXAMPLE = "examples/online_retail_events.csv.gz"
SOURCES = (
    "adapters", "glue_jobs", "infra", "lambdas", "local", "sagemaker_jobs", "steps", "tessera",
    "app.py", "cdk.json", "requirements.txt", "tools/console_state.py",
    "tools/simulated_campaign.py", EXAMPLE,
)  # fmt: skip
_EVERY = 4
_MARK = ".made-of"
TRUTH = "truth.json"  # the true changes of the three promised figures
_DAYS = ("2011-11-10", None)  # of the runs: the last one counts all rows


def digest_of(root: Path, sources: Iterable[str] = SOURCES) -> str:
    """Return the SHA-256 of the names and bytes of all sources of a run."""
    digest = hashlib.sha256()
    for name in sources:
        for path in _files(root / name):
            digest.update(f"{path.relative_to(root)}\n{path.stat().st_size}\n".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def ensure(state: Path, *, digest: str, make: Callable[[Path], None]) -> bool:
    """Make the state unless it was made of the same sources. Return whether it was made.

    Parameters
    ----------
    state
        The folder of the state.
    digest
        Of the present sources.
    make
        Makes the state in the folder.
    """
    mark = state / _MARK
    if mark.is_file() and mark.read_text("utf-8") == digest:
        return False
    shutil.rmtree(state, ignore_errors=True)
    make(state)
    mark.write_text(digest, "utf-8")
    return True


def write_some(example: Path, target: Path) -> None:
    """Write the rows of every fourth customer of a packed event file, whose ids are numbers."""
    with (
        gzip.open(example, "rt", encoding="utf-8", newline="") as source,
        target.open("w", encoding="utf-8", newline="") as file,
    ):
        rows, writer = csv.reader(source), csv.writer(file)
        header = next(rows)
        place = header.index("CustomerID")
        writer.writerow(header)
        writer.writerows(row for row in rows if int(row[place]) % _EVERY == 0)


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
        return
    for file in sorted(path.rglob("*")):
        if file.is_file() and file.suffix != ".pyc":
            yield file


def _make(state: Path) -> None:
    """Run both in one app, which is that of the console: it is synthesized once for both."""
    terminal, storage = Terminal(sys.stdout), stage_settings(campaigns=True).storage
    keep_days = {naming.RUN_FILE: storage.run_days, naming.REJECTED_ROWS: storage.reject_days}
    tenant, inbox = naming.DEFAULT_TENANT, state.with_suffix(".inbox")
    with (
        opened(state, terminal=terminal, keep_days=keep_days) as known,
        started(tenant=tenant, terminal=terminal, state=known, inbox=inbox, stream=True) as (
            system,
            place,
        ),
    ):
        for as_of in _DAYS:
            before = frozenset(system.executions())
            key = system.upload(_EVENTS, tenant=tenant, as_of=as_of)
            execution = system.execution_of(key, after=before)
            show(system, execution, terminal, decide=Here(approve=True, terminal=terminal))
            if system.wait(execution)["status"] != "SUCCEEDED":
                raise SystemExit(f"The run failed: {system.error_of(execution)}")
        truth = _simulate(system, place, tenant=tenant)
        assert known is not None  # noqa: S101 (there is a folder)
        known.save(place, now=dt.datetime.now(dt.UTC))
    (state / TRUTH).write_text(json.dumps(truth), "utf-8")


def _simulate(system: System, place: StatePlace, *, tenant: str) -> Mapping[str, float]:
    """Add the simulated campaign, measured by the deployed function. Return its true effects."""
    table, client = system.campaigns_table, place.client

    def measure(campaign: str) -> object:
        return system.call("MeasureCampaignFunction", {"tenant": tenant, "campaign": campaign})

    return add_simulated_campaign(
        Objects(system.data_bucket, client=client("s3")),
        Objects(system.identities_bucket, client=client("s3")),
        TenantRecords(table, tenant=tenant, dynamodb=client("dynamodb")),
        tenant=tenant,
        measure=measure,
    )


def main() -> None:
    """Make the state, where it is not there or was made of other sources."""
    STATE.parent.mkdir(exist_ok=True)
    write_some(ROOT / EXAMPLE, _EVENTS)
    ensure(STATE, digest=digest_of(ROOT), make=_make)


if __name__ == "__main__":
    main()
