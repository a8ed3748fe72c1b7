"""``tessera erase``: take people out of a state, of the stand-ins and of the results."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from adapters.erasure.case_numbers import new_case
from adapters.erasure.tables import CampaignItems
from adapters.erasure.versions import VersionedObjects
from local.app.inputs.settings_file import stage_settings
from local.app.receipt_key import LocalSigner
from local.app.started import started
from local.app.state.files import StateFiles
from local.app.state.folder import StateFolder
from local.app.state.remembered import State, StatePlace, opened
from local.app.state.snapshot import CAMPAIGNS, DATA, IDENTITIES
from local.commands.erase.in_stage import erasing_in, text_of
from local.commands.erase.results import erase_results
from local.terminal import Terminal
from steps.erase.ages_out import usual_ages_out
from steps.erase.data import erase_data
from steps.erase.finish import destinations_left, finish
from steps.erase.tools import ErasureTools
from tessera.erasure.receipt import AgesOut, Receipt, parse
from tessera.erasure.request import ErasureRequest
from tessera.naming import tenant_prefix
from tessera.plurals import plural

_LEDGER = re.compile(r"destinations/([^/]+)/ledger/")
_FUNCTION = "EraseAtDestinationFunction"


@dataclasses.dataclass(frozen=True, kw_only=True)
class EraseOptions:
    """What the command line asks for.

    Parameters
    ----------
    terms
        Ids or addresses. Empty to go on with an erasure.
    tenant, state, out
        Whose customers, where the state is, and the results beside it.
    case
        The case number. Empty for a new one.
    receipt
        Where the receipt goes. None for ``receipt-CASE.json``.
    stage
        A deployed stage. Empty: the state on this machine.
    """

    terms: tuple[str, ...] = dataclasses.field(repr=False)
    tenant: str
    state: Path
    out: Path
    case: str
    receipt: Path | None
    stage: str = ""

    @property
    def number(self) -> str:
        """The case number, a new one where none is given."""
        return self.case or new_case(dt.datetime.now(dt.UTC), token=secrets.token_hex(4))


def erase(options: EraseOptions, *, terminal: Terminal) -> bool:
    """Erase people, and write the receipt. Return whether no part is left.

    The state is replaced at the end and at once. Until then a crash leaves it as it was. An erasure
    in a stage runs there, whether this process lives or not.

    Raises
    ------
    InvalidInput
        There is no state, or nobody is known by what was given.
    """
    if options.stage:
        with erasing_in(options.stage) as erasing:
            case = options.number
            document = erasing.carry_out(
                options.terms, tenant=options.tenant, case=case, terminal=terminal
            )
        return _reported(document, options, case=case, terminal=terminal)
    destinations = tuple(_destinations(StateFiles(options.state), tenant=options.tenant))
    snapshot = StateFolder(options.state).read()
    has_campaigns = snapshot is not None and CAMPAIGNS in snapshot.tables
    case = options.number
    with (
        tempfile.TemporaryDirectory() as scratch,
        opened(options.state, terminal=terminal, keep_days={}) as state,
        started(
            tenant=options.tenant,
            terminal=terminal,
            destinations=destinations,
            state=state,
            inbox=Path(scratch) / "inbox" if has_campaigns else None,
            ahead=False,
        ) as (system, place),
    ):
        assert state is not None  # noqa: S101 (a folder was given)
        tools = _tools(options, case, place, state=state, folder=Path(scratch))
        if options.terms:
            _ask(tools, options)
        with terminal.step("Erase what is stored, and search"):
            erase_data(tools)
        with terminal.step("Erase the results") as step:
            changed = erase_results(tools, options.out)
            step.note(f"{plural(changed, 'file')} in {options.out}")
        for name in destinations_left(tools.files):
            with terminal.step(f"Erase at {name}") as step:
                event = {"tenant": options.tenant, "case": case, "destination": name}
                status = "MORE"
                while status == "MORE":
                    status = str(system.call(_FUNCTION, event)["status"])
                step.note(status.lower())
        with terminal.step("Sign the receipt"):
            document = finish(
                tools.files,
                signer=LocalSigner(),
                ages_out=_ages_out(),
                now=dt.datetime.now(dt.UTC),
            )
        with terminal.step("Save the state") as step:
            state.save(place, now=dt.datetime.now(dt.UTC))
            step.note(str(options.state))
    return _reported(document, options, case=case, terminal=terminal)


def _destinations(files: StateFiles, *, tenant: str) -> Iterator[str]:
    """Yield the destinations that have got customers of the tenant."""
    prefix = tenant_prefix(tenant)
    keys = files.keys(files.identities_bucket, prefix)
    names = (_LEDGER.match(key.removeprefix(prefix)) for key in keys)
    yield from dict.fromkeys(match[1] for match in names if match)


def _tools(
    options: EraseOptions, case: str, place: StatePlace, *, state: State, folder: Path
) -> ErasureTools:
    table = place.tables.get(CAMPAIGNS)
    return ErasureTools(
        data=VersionedObjects(place.buckets[DATA], client=place.client("s3")),
        identities=VersionedObjects(place.buckets[IDENTITIES], client=place.client("s3")),
        tenant=options.tenant,
        case=case,
        secret=state.secret.encode(),
        folder=folder,
        now=lambda: dt.datetime.now(dt.UTC),
        decided=_silent,
        campaigns=CampaignItems(table, dynamodb=place.client("dynamodb")) if table else None,
        at_once=1,  # the embedded AWS is in this process
    )


def _silent(message: str, **facts: str | float | bool | None) -> None:
    """Log nothing: the terminal shows the steps."""


def _ask(tools: ErasureTools, options: EraseOptions) -> None:
    request = ErasureRequest(
        case=tools.case,
        tenant=tools.tenant,
        terms=options.terms,
        requested_at=dt.datetime.now(dt.UTC),
    )
    tools.files.open(request)


def _ages_out() -> tuple[AgesOut, ...]:
    storage = stage_settings().storage
    return usual_ages_out(
        upload_days=storage.upload_days,
        reject_days=storage.reject_days,
        run_days=storage.run_days,
        access_log_days=storage.access_log_days,
        noncurrent_days=storage.noncurrent_days,
        queue_days=0,
    )


def _reported(
    document: dict[str, Any], options: EraseOptions, *, case: str, terminal: Terminal
) -> bool:
    path = options.receipt or Path(f"receipt-{case}.json")
    path.write_text(text_of(document), encoding="utf-8")
    receipt, _, _ = parse(document)
    for line in lines_of(receipt):
        terminal.say(line)
    terminal.say(f"  Receipt: {path} (check it with `tessera erase --verify {path}`)")
    return receipt.status == "complete"


def lines_of(receipt: Receipt) -> Iterator[str]:
    """Yield what a receipt says, a line each."""
    yield ""
    yield f"  Erasure {receipt.case} of tenant {receipt.tenant}: {receipt.status}"
    for one in receipt.objects:
        yield (
            f"  {one.kind}: {plural(one.rows, 'row')} in {plural(one.rewritten, 'file')}, "
            f"{plural(one.deleted, 'file')} and {plural(one.versions, 'earlier version')} deleted"
        )
    for name, count in receipt.tables.items():
        yield f"  {name}: {plural(count, 'item')}"
    for there in receipt.destinations:
        counts = ", ".join(f"{count} {status}" for status, count in there.answers.items())
        yield f"  {there.title}: {counts or 'nobody known'}"
    searched, hits = receipt.search.versions, receipt.search.hits
    yield f"  Searched afterwards: {plural(searched, 'object')}, {plural(hits, 'hit')}"
    for line in receipt.not_done:
        yield f"  Not done: {line}"
    for ages in receipt.ages_out:
        days = plural(ages.days, "day")
        when = f"Ages out in {days}" if ages.days else "Stays until you delete it"
        yield f"  {when}: {ages.what}"
