"""What ``tessera campaign`` does, by its verb."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from adapters.http.console_api import ConsoleApi
from local.commands.campaign import consents, definitions, inbox, offers, results, runs, setup
from local.commands.campaign.connection import console_api
from local.commands.campaign.verbs import VERBS
from local.terminal import Terminal
from tessera.campaigns.unsubscribing.delivered import delivered_problems
from tessera.errors import InvalidInput

_Does = Callable[[ConsoleApi, argparse.Namespace, Terminal], None]
_INBOX = "/local/inbox"
_LONGEST_SIMULATION_S = 900.0


def campaign(arguments: argparse.Namespace, terminal: Terminal) -> None:
    """Do what the command line asks for.

    Raises
    ------
    InvalidInput
        There is no console, or it refuses.
    """
    needed = VERBS[arguments.does]
    if needed and not arguments.name:
        raise InvalidInput(f"`tessera campaign {arguments.does}` needs {needed}")
    if arguments.does in _ALONE:
        _ALONE[arguments.does](Path(arguments.name), terminal)
    else:
        _DOES[arguments.does](console_api(arguments.url), arguments, terminal)


def _setup(api: ConsoleApi, _arguments: argparse.Namespace, terminal: Terminal) -> None:
    for line in setup.set_up(api):
        terminal.say(f"  {line}")


def _consents(api: ConsoleApi, arguments: argparse.Namespace, terminal: Terminal) -> None:
    with terminal.step(f"Import {arguments.name}"):
        report = consents.import_consents(api, Path(arguments.name))
    _show(report, consents.consent_lines, arguments, terminal)


def _list(api: ConsoleApi, arguments: argparse.Namespace, terminal: Terminal) -> None:
    _show(api.get("/v1/campaigns"), lambda it: definitions.lines(it["items"]), arguments, terminal)


def _new(api: ConsoleApi, arguments: argparse.Namespace, terminal: Terminal) -> None:
    wanted = definitions.NewCampaign(
        ready=arguments.name, id=arguments.id, templates=dict(arguments.template),
        holdout=arguments.holdout, hours=arguments.hours, days=arguments.days,
    )  # fmt: skip
    saved = definitions.create(api, wanted, today=dt.datetime.now(dt.UTC).date())
    _show(saved, _saved_lines, arguments, terminal)


def _plan(api: ConsoleApi, arguments: argparse.Namespace, terminal: Terminal) -> None:
    with terminal.step(f"Plan {arguments.name}"):
        run = runs.plan(api, arguments.name)
    _show(run, runs.planned_lines, arguments, terminal)
    terminal.say(f"  Approve it: tessera campaign approve {run['run_id']}")


def _decide(api: ConsoleApi, arguments: argparse.Namespace, terminal: Terminal) -> None:
    run = runs.decide(api, arguments.name, arguments.does, why=arguments.why)
    _show(run, lambda it: [f"  {it['run_id']} is {it['state']}"], arguments, terminal)


def _send(api: ConsoleApi, arguments: argparse.Namespace, terminal: Terminal) -> None:
    if runs.read(api, arguments.name)["state"] == "AWAITING_APPROVAL":
        runs.decide(api, arguments.name, "approve")
    for run in runs.watch(api, arguments.name):
        terminal.say(runs.progress_line(run))


def _status(api: ConsoleApi, arguments: argparse.Namespace, terminal: Terminal) -> None:
    run = runs.read(api, arguments.name)
    _show(run, lambda it: [*runs.planned_lines(it), runs.progress_line(it)], arguments, terminal)


def _doubts(api: ConsoleApi, arguments: argparse.Namespace, terminal: Terminal) -> None:
    if arguments.release:
        terminal.say(f"  {runs.release(api, arguments.name):,} are sent the message again")
        return
    _show(runs.doubts(api, arguments.name), runs.doubt_lines, arguments, terminal)


def _simulate(api: ConsoleApi, arguments: argparse.Namespace, terminal: Terminal) -> None:
    path = f"/local/campaign-runs/{definitions.campaign_id(arguments.name)}/simulate"
    with terminal.step(f"Simulate {arguments.name}"):
        wanted = {"seed": arguments.seed}
        report = api.send("POST", path, wanted, timeout_s=_LONGEST_SIMULATION_S)
    _show(report, results.simulated_lines, arguments, terminal)


def _results(api: ConsoleApi, arguments: argparse.Namespace, terminal: Terminal) -> None:
    measured = api.get(f"/v1/campaigns/{definitions.campaign_id(arguments.name)}/results")
    _show(measured, results.result_lines, arguments, terminal)


def _offer(api: ConsoleApi, arguments: argparse.Namespace, terminal: Terminal) -> None:
    planned = offers.plan(
        api, arguments.name, cost=arguments.cost, margin=arguments.margin, budget=arguments.budget
    )
    _show(planned, offers.offer_lines, arguments, terminal)
    if arguments.save:
        name = offers.save_set(api, planned)
        terminal.say(f"  the next run labels everybody in the segment set {name}")


def _figures(api: ConsoleApi, arguments: argparse.Namespace, terminal: Terminal) -> None:
    run = definitions.campaign_id(arguments.name)
    _show(api.get(f"/v1/campaign-runs/{run}/figures"), results.figure_lines, arguments, terminal)


def _test(api: ConsoleApi, arguments: argparse.Namespace, terminal: Terminal) -> None:
    if not arguments.to:
        raise InvalidInput("`tessera campaign test` needs --to, the address that gets the test")
    sent = definitions.send_test(api, arguments.name, to=arguments.to)
    _show(sent, lambda it: [f"  {it['problem'] or 'sent as ' + it['message_id']}"],
          arguments, terminal)  # fmt: skip


def _check(mail: Path, terminal: Terminal) -> None:
    """Read a delivered mail as a mailbox provider does."""
    try:
        raw = mail.read_bytes()
    except OSError as error:
        raise InvalidInput(f"{mail}: {error.strerror}") from None
    problems = delivered_problems(raw)
    if problems:
        raise InvalidInput(f"{mail}: " + "; ".join(problems))
    terminal.say("  Both List-Unsubscribe headers are there, and in the sender's DKIM signature")


def _inbox(api: ConsoleApi, arguments: argparse.Namespace, terminal: Terminal) -> None:
    if arguments.name:
        message = api.get(f"{_INBOX}/{arguments.name}")
        _show(message, inbox.message_lines, arguments, terminal)
    else:
        listed = api.get(_INBOX, limit=str(arguments.limit))
        _show(listed, inbox.inbox_lines, arguments, terminal)


def _saved_lines(saved: Mapping[str, Any]) -> Iterable[str]:
    yield f"  {saved['id']} is saved, version {saved['version']}"
    yield from (f"  problem: {one}" for one in saved["problems"])
    yield f"  Plan a run: tessera campaign plan {saved['id']}"


def _show(
    value: Mapping[str, Any], lines: Callable[[Mapping[str, Any]], Iterable[str]],
    arguments: argparse.Namespace, terminal: Terminal,
) -> None:  # fmt: skip
    if arguments.json:
        terminal.json(value)
        return
    for line in lines(value):
        terminal.say(line)


# Verbs that need no console.
_ALONE: Mapping[str, Callable[[Path, Terminal], None]] = {"check": _check}
_DOES: Mapping[str, _Does] = {
    "setup": _setup,
    "consents": _consents,
    "list": _list,
    "test": _test,
    "new": _new,
    "plan": _plan,
    "approve": _decide,
    "send": _send,
    "pause": _decide,
    "resume": _decide,
    "cancel": _decide,
    "status": _status,
    "doubts": _doubts,
    "simulate": _simulate,
    "results": _results,
    "offer": _offer,
    "figures": _figures,
    "inbox": _inbox,
}
