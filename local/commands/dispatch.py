"""What each command of ``tessera`` does with its arguments, and the status it exits with.

Each imports what it needs: ``--help`` and a wrong argument are answered at once.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from local.commands.exits import DONE, FAILED, NOT_ALL_SENT
from local.terminal import Terminal


def run(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Run a file or folder to its end."""
    from local.commands.run.command import run  # noqa: PLC0415
    from local.commands.run.database import DatabaseOptions  # noqa: PLC0415
    from local.commands.run.request import RunOptions  # noqa: PLC0415

    database = DatabaseOptions.of(
        arguments.database,
        source=arguments.source,
        mapping=arguments.mapping,
        slot=arguments.changes,
        reload=arguments.reload,
    )
    request = RunOptions(
        source=arguments.source,
        attributes=arguments.attributes,
        out=arguments.out,
        state=None if arguments.fresh else state_of(arguments),
        tenant=arguments.tenant,
        as_of=arguments.as_of.isoformat() if arguments.as_of else None,
        settings=arguments.settings,
        mapping=None if database else arguments.mapping,
        destinations=arguments.destinations,
        log=arguments.log,
        engine=arguments.engine,
        approve=arguments.approve,
        plan=arguments.plan,
        as_json=arguments.json,
    )
    return DONE if run(request, terminal=terminal, database=database) else NOT_ALL_SENT


def clicks(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Run a file of events through the event stream."""
    from local.commands.run.command import run  # noqa: PLC0415
    from local.commands.run.request import RunOptions  # noqa: PLC0415

    request = RunOptions(
        source=arguments.source,
        is_events=True,
        out=arguments.out,
        state=None if arguments.fresh else state_of(arguments),
        tenant=arguments.tenant,
        settings=arguments.settings,
        destinations=arguments.destinations,
        log=arguments.log,
        approve=arguments.approve,
        as_json=arguments.json,
    )
    return DONE if run(request, terminal=terminal) else NOT_ALL_SENT


def pull(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Read a shop's orders, and run what changed."""
    from local.commands.pull.command import pull  # noqa: PLC0415
    from local.commands.pull.request import PullOptions  # noqa: PLC0415
    from local.commands.run.request import RunOptions  # noqa: PLC0415

    if arguments.to is not None and arguments.state is None:
        arguments.state = arguments.to.with_name(f"{arguments.to.resolve().name}.state")
    state = state_of(arguments)
    options = PullOptions(
        connector=arguments.connector,
        shop=arguments.shop,
        key_file=arguments.key,
        reload=arguments.reload,
        to=arguments.to,
        state=state,
        run=RunOptions(
            source=arguments.out,
            out=arguments.out,
            state=state,
            tenant=arguments.tenant,
            as_of=arguments.as_of.isoformat() if arguments.as_of else None,
            settings=arguments.settings,
            destinations=arguments.destinations,
            log=arguments.log,
            approve=arguments.approve,
            plan=arguments.plan,
            as_json=arguments.json,
        ),
    )
    return DONE if pull(options, terminal=terminal) else NOT_ALL_SENT


def state_of(arguments: argparse.Namespace) -> Path:
    """Return the folder of the state: the one that is named, or the one beside the results."""
    given: Path | None = arguments.state
    return given or arguments.out.with_name(f"{arguments.out.resolve().name}.state")


def sources(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """List a database's tables with a proposed mapping, or drop a slot."""
    import os  # noqa: PLC0415

    from local.commands import sources  # noqa: PLC0415

    environment = dict(os.environ)
    if arguments.does == "drop-slot":
        sources.drop_slot(
            arguments.url, name=arguments.slot, environment=environment, terminal=terminal
        )
        return DONE
    proposal = sources.list_sources(
        arguments.url, names=arguments.table, environment=environment, terminal=terminal
    )
    if arguments.propose is None:
        terminal.say(proposal)
    else:
        arguments.propose.write_text(proposal, encoding="utf-8")
        terminal.say(f"  A proposed mapping is in {arguments.propose}: check every line.")
    return DONE


def demo(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Show sources, or live labels, at work."""
    from local.commands.demo.lifecycle import demo_lifecycle  # noqa: PLC0415
    from local.commands.demo.sources import demo_sources  # noqa: PLC0415

    if arguments.what == "lifecycle":
        demo_lifecycle(arguments.out, terminal=terminal, most_events=arguments.orders)
        return DONE
    demo_sources(arguments.out, terminal=terminal, most_orders=arguments.orders)
    return DONE


def runs(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """List the runs of a state."""
    from local.commands.runs import runs  # noqa: PLC0415

    runs(state_of(arguments), as_json=arguments.json, terminal=terminal)
    return DONE


def compare(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Show what moved between two runs of a state."""
    from local.commands.compare import compare  # noqa: PLC0415

    compare(
        state_of(arguments),
        arguments.before,
        arguments.after,
        as_json=arguments.json,
        terminal=terminal,
    )
    return DONE


def sql(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Query the runs of a state."""
    from local.commands.sql.command import SqlOptions, sql  # noqa: PLC0415

    options = SqlOptions(
        state=state_of(arguments),
        out=arguments.out,
        query=arguments.query,
        form=arguments.format,
        to=arguments.to,
        ids=arguments.ids,
    )
    sql(options, terminal=terminal)
    return DONE


def serve(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Keep the app up until interrupted."""
    from local.commands.serve import serve  # noqa: PLC0415

    serve(
        port=arguments.port,
        watch=arguments.watch,
        terminal=terminal,
        destinations=arguments.destinations,
    )
    return DONE


def console(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Serve the console until interrupted."""
    from local.console.serving import PAGE, console  # noqa: PLC0415

    console(
        state=state_of(arguments),
        port=arguments.port,
        aws_port=arguments.aws_port,
        page=arguments.page or PAGE,
        terminal=terminal,
        operator=arguments.operator,
    )
    return DONE


def mcp(arguments: argparse.Namespace, _terminal: Terminal) -> int:
    """Serve an assistant. Standard output is the protocol's: nothing else is printed there."""
    from local.commands.mcp.command import serve  # noqa: PLC0415

    serve(url=arguments.url, state=state_of(arguments), tenant=arguments.tenant)
    return DONE


def console_user(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Give somebody access to a deployed console."""
    from local.commands.console_user import console_user_of  # noqa: PLC0415

    console_user_of(
        arguments.stage,
        arguments.email,
        tenant=arguments.tenant,
        role=arguments.role,
        say=terminal.say,
    )
    return DONE


def analyst(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Give an analyst a tenant's rows, take them back, or list who has which."""
    from local.commands.analyst import analyst_of  # noqa: PLC0415

    analyst_of(
        arguments.stage,
        arguments.does,
        principal=arguments.principal,
        tenant=arguments.tenant,
        without=arguments.without,
        say=terminal.say,
    )
    return DONE


def key(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Make, list or revoke an API key of a console, or a write-only key of a page."""
    from local.commands import keys  # noqa: PLC0415

    whose = "" if arguments.role == "operator" else arguments.tenant
    of = {"tenant": whose, "label": arguments.label, "days": arguments.days}
    asked = {"does": arguments.does, "tenant": whose, "key_id": arguments.key}
    if arguments.write_only:
        with keys.write_keys_at(arguments.endpoint, stage=arguments.stage) as pages:
            lines = keys.done(pages, create=lambda: keys.create_write(pages, **of), **asked)
            terminal.say("\n".join(lines))
    else:
        with keys.keys_at(arguments.endpoint, stage=arguments.stage) as at:
            role = arguments.role
            lines = keys.done(at, create=lambda: keys.create(at, role=role, **of), **asked)
            terminal.say("\n".join(lines))
    return DONE


def tenant(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Make, list, suspend, limit or remove tenants, in a state, a `serve` or a stage."""
    from local.commands.tenant.command import TenantOptions, tenant  # noqa: PLC0415

    options = TenantOptions(
        does=arguments.does,
        name=arguments.name,
        reason=arguments.reason,
        destinations=arguments.destinations,
        max_runs=arguments.max_runs,
        requests_per_minute=arguments.requests_per_minute,
        daily_run=arguments.daily_run,
        stage=arguments.stage,
        endpoint=arguments.endpoint,
        state=state_of(arguments),
        is_sure=arguments.yes,
        as_json=arguments.json,
    )
    tenant(options, terminal=terminal)
    return DONE


def campaign(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Make, plan, send or measure a campaign of a console that runs."""
    from local.commands.campaign.command import campaign  # noqa: PLC0415

    campaign(arguments, terminal)
    return DONE


def decide(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Let a run that waits go on, or stop it."""
    from local.app.elsewhere.remote import connected  # noqa: PLC0415

    with connected(arguments.endpoint) as system:
        run = system.approvals.find(arguments.run)
        system.approvals.decide(run, arguments.verb, why=arguments.why)
    goes = "it goes on" if arguments.verb == "approve" else "it stops, and nothing is sent"
    terminal.say(f"  Run {run.run_id} (tenant {run.tenant}): {goes}.")
    return DONE


def explain(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Explain why a customer has its labels."""
    from local.commands.explain.command import explain  # noqa: PLC0415

    explain(
        arguments.customer,
        out=arguments.out,
        run=arguments.run,
        state=state_of(arguments),
        endpoint=arguments.endpoint,
        as_json=arguments.json,
        terminal=terminal,
    )
    return DONE


def label(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Show a customer's live label."""
    from local.commands.label import label  # noqa: PLC0415

    label(
        arguments.customer,
        tenant=arguments.tenant,
        stage=arguments.stage,
        endpoint=arguments.endpoint,
        as_json=arguments.json,
        terminal=terminal,
    )
    return DONE


def show(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Show what a destination's stand-in holds."""
    from local.commands.show import ShowRequest, show  # noqa: PLC0415

    wanted = ShowRequest(
        destination=arguments.destination,
        out=arguments.out,
        endpoint=arguments.endpoint,
        tenant=arguments.tenant,
        customers=arguments.customers,
        customer=arguments.customer,
        as_json=arguments.json,
    )
    show(wanted, terminal=terminal)
    return DONE


def destinations(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """List where segments can go."""
    from local.commands.destinations import show  # noqa: PLC0415

    show(terminal=terminal, as_json=arguments.json)
    return DONE


def live(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Send two made-up customers to the real destination."""
    from local.commands.live.command import LiveTest, live  # noqa: PLC0415

    wanted = LiveTest(
        destination=arguments.destination,
        secret=arguments.secret,
        domain=arguments.domain,
        sure=arguments.yes,
    )
    return DONE if live(wanted, terminal=terminal) else FAILED


def migrate_pinpoint(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Turn an export of Amazon Pinpoint into ours."""
    from local.commands.migrate_pinpoint import migrate  # noqa: PLC0415

    columns = dict(arguments.column)
    done = migrate(arguments.export, out=arguments.out, columns=columns, terminal=terminal)
    return DONE if done else FAILED


def curate(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Turn exports of a CRM or ERP into an upload."""
    from local.commands.curate.command import CurateOptions, curate_exports  # noqa: PLC0415

    options = CurateOptions(
        name=arguments.object,
        exports=arguments.exports,
        mapping=arguments.mapping,
        out=arguments.out,
        as_json=arguments.json,
    )
    if not curate_exports(options, terminal=terminal):
        return FAILED
    return DONE if arguments.run is None else _run_curated(arguments, terminal)


def _run_curated(arguments: argparse.Namespace, terminal: Terminal) -> int:
    from local.commands.run.command import run  # noqa: PLC0415
    from local.commands.run.request import RunOptions  # noqa: PLC0415

    results = argparse.Namespace(state=None, out=arguments.run)
    request = RunOptions(source=arguments.out, out=arguments.run, state=state_of(results))
    return DONE if run(request, terminal=terminal) else NOT_ALL_SENT


def validate(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Check a file against the contract."""
    from local.commands.validate.command import propose_mapping, validate  # noqa: PLC0415

    if arguments.propose is not None:
        proposed = propose_mapping(
            arguments.file,
            settings=arguments.settings,
            out=arguments.propose,
            terminal=terminal,
        )
        return DONE if proposed else FAILED
    accepted = validate(
        arguments.file,
        settings=arguments.settings,
        mapping=arguments.mapping,
        as_json=arguments.json,
        terminal=terminal,
    )
    return DONE if accepted else FAILED


def synth(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Synthesize the app of a stage."""
    from local.app.assembly import synthesize  # noqa: PLC0415

    with terminal.step(f"Synthesize stage {arguments.stage}"):
        synthesize(arguments.out.resolve(), context={"stage": arguments.stage}, nag=True)
    terminal.say(f"  Cloud assembly: {arguments.out}/")
    return DONE


def canary(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Send a tiny upload through the whole system, here or in a stage of an account."""
    from local.commands.canary.command import canary  # noqa: PLC0415

    canary(stage=arguments.stage, destinations=arguments.destinations, terminal=terminal)
    return DONE


def configure(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Set a stage of cdk.json up, by questions or by flags."""
    from local.commands.configure.command import configure  # noqa: PLC0415
    from local.commands.configure.questions import QUESTIONS  # noqa: PLC0415

    given = {each.name: getattr(arguments, each.name.replace("-", "_")) for each in QUESTIONS}
    configure(
        arguments.file,
        stage=arguments.stage,
        answers={name: text for name, text in given.items() if text is not None},
        ask=input if sys.stdin.isatty() else None,
        say=terminal.say,
    )
    return DONE


def drift(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """List what was changed in a deployed stage outside CloudFormation."""
    from local.commands.drift import drift_of  # noqa: PLC0415

    changed = drift_of(arguments.stage, say=terminal.say)
    if arguments.json:
        terminal.json(changed)
    return FAILED if any(changed.values()) else DONE


def rollback(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Move a deployed stage back to the versions of an earlier moment."""
    from local.commands.rollback import rollback_of  # noqa: PLC0415

    moves = rollback_of(
        arguments.stage, before=arguments.before, sure=arguments.yes, say=terminal.say
    )
    if arguments.json:
        terminal.json(moves)
    return DONE


def completion(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Print a shell's completion."""
    from local.commands.completion import script  # noqa: PLC0415

    terminal.say(script(arguments.shell, top=arguments.top))
    return DONE


def erase(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Erase people, or check the receipt of it."""
    from local.commands.erase.command import EraseOptions, erase  # noqa: PLC0415
    from local.commands.erase.public_key import show_public_key  # noqa: PLC0415
    from local.commands.erase.verify import verify  # noqa: PLC0415

    if arguments.public_key:
        show_public_key(arguments.stage, terminal=terminal)
        return DONE
    if arguments.verify:
        is_done = verify(arguments.verify, stage=arguments.stage, terminal=terminal)
        return DONE if is_done else NOT_ALL_SENT
    if bool(arguments.terms) == bool(arguments.retry):
        arguments.parser.error("give customers to erase, or --retry CASE to go on")
    options = EraseOptions(
        terms=tuple(arguments.terms),
        tenant=arguments.tenant,
        state=state_of(arguments),
        out=arguments.out,
        case=arguments.retry or arguments.case,
        receipt=arguments.receipt,
        stage=arguments.stage,
    )
    return DONE if erase(options, terminal=terminal) else NOT_ALL_SENT


def access(arguments: argparse.Namespace, terminal: Terminal) -> int:
    """Export one person's data."""
    from local.commands.access import access  # noqa: PLC0415

    access(
        arguments.customer,
        tenant=arguments.tenant,
        stage=arguments.stage,
        state=state_of(arguments),
        to=arguments.to,
        terminal=terminal,
    )
    return DONE
