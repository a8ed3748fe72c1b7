"""``python -m bench erase``: people erased from a large shop, and a process killed 200 times."""

from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.erasure.shop import TENANT, customer_id, make_shop
from bench.erasure.worker import ask, tools_of
from bench.measure import command
from bench.peers import ROOT
from bench.report import Ratio, Section
from steps.erase.data import erase_data, needles_of
from steps.erase.sweep import Since, sweep
from tessera.erasure.people import Needles
from tessera.erasure.places import erasure_key
from tessera.naming import ERASURE_RECEIPT

_WORKER = [sys.executable, "-m", "bench.erasure.worker"]
_CASE = "measured"
_SMALL_CUSTOMERS, _SMALL_EVENTS = 2_000, 20_000
_MEMORY_MB = 2_048.0


def measure(*, customers: int, events: int, kills: int, say: Callable[[str], None]) -> Section:
    """Erase one customer in a thousand of a shop, then kill the erasure of a small one."""
    with tempfile.TemporaryDirectory() as made:
        lines, ratios = _large(Path(made), customers=customers, events=events, say=say)
    with tempfile.TemporaryDirectory() as made:
        more, kill_ratios = _killed(Path(made), kills=kills, say=say)
    return Section("Erasure", (*lines, *more), (*ratios, *kill_ratios))


def _large(
    folder: Path, *, customers: int, events: int, say: Callable[[str], None]
) -> tuple[list[str], list[Ratio]]:
    people = max(1, customers // 1_000)
    say(f"erase: {people:,} of {customers:,} customers, {events:,} events")
    make_shop(folder, customers=customers, events=events)
    terms = tuple(customer_id(number * 1_000) for number in range(people))
    ask(folder, _CASE, terms)
    took = command([*_WORKER, str(folder), _CASE], cwd=ROOT)
    receipt = _receipt(folder, _CASE)
    rows = sum(one["rows"] for one in receipt["objects"])
    written = sum(one["bytes"] for one in receipt["objects"])
    files = sum(one["rewritten"] for one in receipt["objects"])
    lines = [
        f"{people:,} people of {customers:,} customers with {events:,} events: "
        f"{took.seconds / 60:.1f} min wall, {took.cpu_seconds:.0f} s processor, "
        f"{took.peak_mb:.0f} MB",
        f"{rows:,} rows went, {files} files and {written / 1e6:,.0f} MB were written again, "
        f"{receipt['search']['versions']} objects searched, {receipt['search']['hits']} hits",
    ]
    hits = float(receipt["search"]["hits"])
    return lines, [
        Ratio("erasure: hits of the search afterwards", hits, 0),
        Ratio("erasure: MB of memory", took.peak_mb, _MEMORY_MB),
    ]


def _killed(
    folder: Path, *, kills: int, say: Callable[[str], None]
) -> tuple[list[str], list[Ratio]]:
    """Kill erasures at random moments. Each receipt must be that of an undisturbed one."""
    chance = random.Random(11)  # noqa: S311 (moments, no secret)
    pristine = folder / "pristine"
    make_shop(pristine, customers=_SMALL_CUSTOMERS, events=_SMALL_EVENTS)
    ask(pristine, _CASE, tuple(customer_id(number) for number in range(40)))
    needles = needles_of_case(pristine)
    calm, seconds = _calm(pristine, folder / "calm")
    killed = untrue = rounds = 0
    while killed < kills:
        rounds += 1
        shop = folder / "shop"
        shutil.copytree(pristine, shop)
        while _kill(shop, after=chance.uniform(0.3, 1.1) * seconds) and killed < kills:
            killed += 1
            untrue += not _is_true(shop, needles, calm)
        _finish(shop)
        untrue += _receipt(shop, _CASE) != calm
        shutil.rmtree(shop)
        say(f"erase: {killed} kills, {untrue} untrue receipts")
    line = f"{killed} SIGKILLs in {rounds} erasures: {untrue} receipts were not true"
    return [line], [Ratio("erasure: untrue receipts after kills", float(untrue), 0)]


def needles_of_case(folder: Path) -> Needles:
    """Return what the people of a case are recognised by, from a copy that is thrown away."""
    copy = folder.with_name("resolved")
    shutil.copytree(folder, copy)
    tools = tools_of(copy, _CASE, scratch=copy)
    erase_data(tools)
    known = tools.files.people()
    assert known is not None  # noqa: S101 (it is not finished)
    shutil.rmtree(copy)
    return needles_of(known)


def _calm(pristine: Path, folder: Path) -> tuple[dict[str, Any], float]:
    shutil.copytree(pristine, folder)
    began = time.perf_counter()
    _finish(folder)
    return _receipt(folder, _CASE), time.perf_counter() - began


def _kill(folder: Path, *, after: float) -> bool:
    """Start a worker, and kill it after so many seconds. Return whether it was still at work."""
    with subprocess.Popen([*_WORKER, str(folder), _CASE], cwd=ROOT) as process:
        try:
            process.wait(after)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            return True
    return False


def _finish(folder: Path) -> None:
    subprocess.run([*_WORKER, str(folder), _CASE], cwd=ROOT, check=True)


def _is_true(folder: Path, needles: Needles, calm: dict[str, Any]) -> bool:
    """Return whether a receipt, if there is one, is right about the files."""
    with tempfile.TemporaryDirectory() as scratch:
        tools = tools_of(folder, _CASE, scratch=Path(scratch))
        document = tools.files.receipt()
        if document is None:
            return True
        now = tools.now()
        swept = sweep(tools, needles, since=Since(turn=now, marks=now), only_search=True)
        return bool(document["receipt"] == calm and not swept.hits)


def _receipt(folder: Path, case: str) -> dict[str, Any]:
    path = folder / "data" / erasure_key(TENANT, case, ERASURE_RECEIPT)
    receipt: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["receipt"]
    return receipt
