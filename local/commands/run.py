"""``python -m local run``: one file through the whole system, on this machine."""

from __future__ import annotations

import dataclasses
import json
import re
import threading
import time
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from local.app import assembly, outputs
from local.app.approval import Here, questioner
from local.app.attributes import attribute_files, store_attributes
from local.app.progress import show
from local.app.secret import kept_secret
from local.app.settings_file import read_settings, stage_settings
from local.app.stand_ins import give_keys, services
from local.app.system import GLUE_ARGUMENTS, System, check_source
from local.aws.jobs import spark
from local.aws.server import EmbeddedAws
from local.terminal import Terminal, plan_table, segment_table
from tessera import naming
from tessera.errors import InvalidInput


@dataclasses.dataclass(frozen=True, kw_only=True)
class RunRequest:
    """What to run, and where to leave the results."""

    source: Path
    out: Path
    attributes: Path | None = None  # a file or folder about the customers
    tenant: str = naming.DEFAULT_TENANT
    as_of: str | None = None
    settings: Path | None = None
    destinations: tuple[str, ...] = ()  # in place of the stage's, unless it is empty
    log: Path | None = None
    engine: str | None = None  # where Prepare runs, whatever the settings say
    approve: bool = False  # in advance, should the run wait for it
    plan: bool = False  # send nothing, whatever the settings say


class RunFailed(Exception):  # noqa: N818 (what happened)
    """The run failed; ``record`` is its error.json."""

    def __init__(self, record: dict[str, Any]) -> None:
        super().__init__(record["message"])
        self.record = record


def run(request: RunRequest, *, terminal: Terminal) -> bool:
    """Run a file or folder and leave the results in ``request.out``.

    Return whether every destination got all that was due.

    Raises
    ------
    InvalidInput
        The request can't be run; nothing was started or replaced.
    RunFailed
        The run failed; ``request.out`` holds its error.json.
    """
    began = time.monotonic()
    check(request)
    with started(
        tenant=request.tenant, terminal=terminal, destinations=request.destinations
    ) as system:
        settings = _settings(request)
        if settings:
            system.put_settings(request.tenant, settings)
        _store(system, request, terminal)
        key = system.upload(request.source, tenant=request.tenant, as_of=request.as_of)
        execution = system.execution_of(key)
        decide = Here(approve=request.approve, terminal=terminal, ask=questioner())
        show(system, execution, terminal, decide=decide)
        described = system.wait(execution)
        if request.log is not None:
            lines = [f"{group}: {line}\n" for group, line in system.logs()]
            request.log.write_text("".join(lines), encoding="utf-8")
        if described["status"] != "SUCCEEDED":
            raise _failure(system, execution, request, names=_own_names(request, key))
        ours = system.run_of(execution)
        assert ours is not None  # noqa: S101 (an execution that succeeded has named its run)
        tenant, run_id = ours
        outputs.write_results(system, request.out, tenant=tenant, run_id=run_id, held=True)
        return _conclude(system, request, terminal, run=ours, seconds=time.monotonic() - began)


def _store(system: System, request: RunRequest, terminal: Terminal) -> None:
    """Upload the attributes, before the events so that the events' run counts them."""
    for path in attribute_files(request.attributes):
        with terminal.step(f"Store attributes {path.name}"):
            failed = store_attributes(system, path, tenant=request.tenant, as_of=request.as_of)
            if failed:
                key = system.describe(failed)["input"]["key"]
                names = {**_own_names(request, key), key: str(path)}
                raise _failure(system, failed, request, names=names)


def _failure(
    system: System, execution: str, request: RunRequest, *, names: Mapping[str, str]
) -> RunFailed:
    """Leave an execution's error.json in the user's own words, and return it to be raised."""
    record = system.error_of(execution) or _bare(system.describe(execution), request)
    record = _in_own_words(record, names, bucket=system.data_bucket)
    outputs.write_error(request.out, record)
    return RunFailed(record)


def check(request: RunRequest) -> None:
    """Refuse what could not be run, before anything starts."""
    naming.check_tenant(request.tenant)
    check_source(request.source)
    attribute_files(request.attributes)
    outputs.check_target(request.out)
    engine = read_settings(request.settings, destinations=request.destinations).engine
    for name in _overriding(request):
        if request.settings and name in _toml(request.settings):
            raise InvalidInput(
                f"settings file {request.settings} sets {name!r}, and so does the "
                "command: remove one of the two"
            )
    if "spark" in (request.engine, engine) and not spark.is_installed():
        raise InvalidInput(
            "Spark is not installed here: run 'make spark', which installs it (half a gigabyte)"
        )


def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8-sig"))


def _settings(request: RunRequest) -> bytes:
    """Return the tenant's settings file, what the command says before all tables in it."""
    forced = "".join(f"{name} = {value}\n" for name, value in _overriding(request).items())
    return forced.encode() + (request.settings.read_bytes() if request.settings else b"")


def _overriding(request: RunRequest) -> dict[str, str]:
    """Return the settings that the command makes, by name, as TOML."""
    engine = {"engine": f'"{request.engine}"'} if request.engine else {}
    return engine | ({"dry_run": "true"} if request.plan else {})


@contextmanager
def started(
    *,
    tenant: str,
    terminal: Terminal,
    port: int = 0,
    ticking: bool = False,
    destinations: tuple[str, ...] = (),
) -> Iterator[System]:
    """Give the app, deployed into an embedded AWS that ends with the block."""
    stage = stage_settings(destinations)
    made = _Background(lambda: assembly.cached(destinations=destinations))
    with terminal.step("Start embedded AWS") as step:
        aws = EmbeddedAws(
            port=port,
            services=services(stage),
            glue_arguments=GLUE_ARGUMENTS,
            ticking=ticking,
            report=terminal.error,
        ).__enter__()
    step.note(aws.endpoint)
    try:
        if not made.ready:
            with terminal.step("Synthesize the app"):
                made.result()
        with terminal.step("Deploy the app"):
            deployed = aws.deploy(made.result(), secrets={"PseudonymSecret": kept_secret()})
            give_keys(aws, tenant=tenant, stage=stage)
        yield System(aws, deployed)
    finally:
        aws.stop()


class _Background:
    """A result that is being made in another thread."""

    def __init__(self, make: Callable[[], Path]) -> None:
        self._made: Path | None = None
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, args=(make,), daemon=True)
        self._thread.start()

    def _run(self, make: Callable[[], Path]) -> None:
        try:
            self._made = make()
        except Exception as error:  # noqa: BLE001 (raised again by result)
            self._error = error

    @property
    def ready(self) -> bool:
        """Whether the result is there."""
        return not self._thread.is_alive()

    def result(self) -> Path:
        """Return the result, or raise what its making raised."""
        self._thread.join()
        if self._error is not None:
            raise self._error
        assert self._made is not None  # noqa: S101 (made or failed)
        return self._made


def _conclude(
    system: System, request: RunRequest, terminal: Terminal, *, run: tuple[str, str], seconds: float
) -> bool:
    folder = naming.run_prefix(*run)
    score = system.read_json(system.data_bucket, folder + naming.SCORE_RECORD)
    prepared = system.read_json(system.data_bucket, folder + naming.PREPARE_RECORD)
    rows = prepared["rows"]
    refused, ignored = sum(rows["rejected"].values()), sum(rows["ignored"].values())
    terminal.say()
    for line in segment_table(score, currency=prepared.get("currency") or ""):
        terminal.say(line)
    terminal.say()
    terminal.say(
        f"  {rows['read']:,} rows read: {rows['accepted']:,} accepted, {refused:,} rejected, "
        f"{ignored:,} ignored. {score['customers']:,} customers as of {score['as_of']}."
    )
    reports = list(_reports(system, folder))
    loads = reports
    if request.plan:
        loads = system.plan(*run)["loads"]
        for line in ["", *plan_table(loads), ""]:
            terminal.say(line)
    for each in loads:
        terminal.say(f"  {each['destination']}: {each['message']}")
    terminal.say(f"  Results: {request.out}/ (open report.html first)  [{seconds:.1f} s]")
    ticket = system.read_json(system.data_bucket, folder + naming.TICKET)
    held = any(report["held"] for report in reports) and not ticket["settings"]["dry_run"]
    return not held and not any(report["failed"] for report in reports)


def _reports(system: System, folder: str) -> Iterator[dict[str, Any]]:
    """Yield what became of each destination."""
    for key in system.keys(system.identities_bucket, f"{folder}destinations/"):
        if key.endswith(f"/{naming.LOAD_REPORT}"):
            yield system.read_json(system.identities_bucket, key)


def _own_names(request: RunRequest, key: str) -> dict[str, str]:
    """Return what the user calls the objects that were made of the user's files, by their keys."""
    settings = {naming.settings_key(request.tenant): f"settings file {request.settings}"}
    if request.source.is_dir():
        return {f"{key.rpartition('/')[0]}/": f"{request.source}/", **settings}
    return {key: str(request.source), **settings}


def _in_own_words(
    record: dict[str, Any], names: Mapping[str, str], *, bucket: str
) -> dict[str, Any]:
    """Return a failure's account that names the user's files, not their copies."""
    keys = "|".join(re.escape(key) for key in names)
    copy = re.compile(rf"(?<![\w/.-])(?:s3://{re.escape(bucket)}/)?({keys})")
    fields = ("message", "what_to_do")
    texts = {field: copy.sub(lambda match: names[match[1]], record[field]) for field in fields}
    return {**record, **texts}


def _bare(described: dict[str, Any], request: RunRequest) -> dict[str, Any]:
    """Return an error.json for a failure that FailRun could not describe."""
    return {
        "tenant": request.tenant,
        "run_id": described["name"],
        "state": "",
        "error": described.get("error") or described["status"],
        "message": described.get("cause") or f"the execution ended as {described['status']}",
        "what_to_do": "Run again; when it fails again, report this with the version in use.",
        "details": {},
        "execution_arn": described["executionArn"],
        "failed_at": json.loads(json.dumps(described["stopDate"], default=str)),
    }
