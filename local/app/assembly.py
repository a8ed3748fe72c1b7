"""The cloud assembly, synthesized once for each state of the sources and kept.

A run whose sources have not changed needs neither Node.js nor the seconds that a synth takes.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from local.app.cdk_file import CDK_FILE, ROOT, CdkFile
from local.app.kept_folders import KeptFolders
from local.links import link_file
from local.terminal import CommandFailure
from tessera.contracts.destinations import taking_moves

CACHE = ROOT / ".cache" / "assembly"
STAGE = "dev"
_SOURCES = ("infra", "tessera", "adapters", "steps", "lambdas", "sagemaker_jobs", "glue_jobs")
_FILES = ("app.py", "cdk.json", "requirements.txt", "requirements-console.txt")
_SUFFIXES = {".py", ".toml", ".sql", ".html", ".css", ".js", ".json"}
_KEPT = 8  # as many as the commands and their tests have ways of deploying
# The CDK takes longer to copy the code and its libraries than for the rest of a synth.
_NO_COPIES = {"aws:cdk:disable-asset-staging": True}
# Campaigns on this machine. Both names are reserved for examples. Links of messages must have
# https, so the console of this machine answers those of this origin at its own address.
LINKS_ORIGIN = "https://console.example"
_MAIL_DOMAIN = "shop.example"
PAGES_ORIGIN = "https://shop.example"  # the page that may send events to the app of this machine
_kept = KeptFolders(most=_KEPT)


class SynthError(CommandFailure):
    """The app could not be synthesized. The message has the reason."""


def cached(
    *,
    stage: str = STAGE,
    destinations: tuple[str, ...] = (),
    campaigns: bool = False,
    stream: bool = False,
    labels: bool = False,
    compute: str = "",
    folder: Path = CACHE,
) -> Path:
    """Return the cloud assembly of the present sources, made now if it was not before.

    It stays for as long as this process lives: functions start from it until then.

    Parameters
    ----------
    stage
        The stage of cdk.json.
    destinations
        In place of the stage's own, unless it is empty.
    campaigns
        Whether campaigns are deployed.
    stream
        Whether an event stream is deployed.
    labels
        Whether its events move labels.
    compute
        In place of the stage's own ``jobs.compute``, unless it is empty.
    folder
        Where assemblies are kept, each under a hash of what it was made from.

    Raises
    ------
    SynthError
        The app has a mistake.
    """
    context = for_this_machine(
        context_of(stage, destinations=destinations),
        campaigns=campaigns,
        stream=stream,
        labels=labels,
    )
    if compute:
        jobs = context["tessera"]["stages"][stage].setdefault("jobs", {})
        jobs["compute"] = compute

    def make(target: Path) -> None:
        synthesize(target, context={**context, **_NO_COPIES}, nag=False)
        _link_code(target)

    return _kept.get(folder / _digest(context), make=make)


def synthesize(outdir: Path, *, context: Mapping[str, Any], nag: bool) -> None:
    """Synthesize the app into a folder, in a separate process: the CDK is slow to import."""
    request = json.dumps({"outdir": str(outdir), "context": context, "nag": nag})
    done = subprocess.run(
        [sys.executable, "-m", "local.app.synthesis"],
        input=request, text=True, capture_output=True, cwd=ROOT, check=False,
    )  # fmt: skip
    if done.returncode:
        lines = [line for line in done.stderr.strip().splitlines() if line.strip()]
        raise SynthError("the app could not be synthesized:\n  " + "\n  ".join(lines[-25:]))


def _link_code(assembly: Path) -> None:
    """Bring the assets to where the CDK copies them: as links to the same bytes on the disk."""
    for file in assembly.glob("*.assets.json"):
        manifest = json.loads(file.read_text(encoding="utf-8"))
        for key, asset in manifest["files"].items():
            source = Path(asset["source"]["path"])
            if source.is_absolute():
                target = assembly / f"asset.{key}{source.suffix if source.is_file() else ''}"
                _link(source, target)
                asset["source"]["path"] = target.name
        file.write_text(json.dumps(manifest, indent=1), encoding="utf-8")


def _link(source: Path, target: Path) -> None:
    if target.exists():
        return  # another stack has the same asset
    if source.is_dir():
        shutil.copytree(source, target, copy_function=link_file, ignore=_compiled_for(source))
    else:
        link_file(source, target)


def _compiled_for(source: Path) -> Callable[[str, list[str]], set[str]]:
    """Return which entries of a bundle of functions are no use on this machine.

    Compiled libraries are Lambda's. This machine's environment has its own, of the same versions.
    """
    functions = (source / "lambdas").is_dir()
    names = {
        entry.name
        for entry in (source.iterdir() if functions else ())
        if entry.suffix == ".so" or (entry.is_dir() and next(entry.rglob("*.so"), None))
    }
    return lambda folder, _: names if Path(folder) == source else set()


def context_of(stage: str, *, destinations: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return the CDK context of a stage of cdk.json, with other destinations if any are given.

    Raises
    ------
    InvalidInput
        cdk.json is missing, or is not what it should be.
    """
    tree = CdkFile(CDK_FILE).tree
    chosen = tree["stages"].get(stage, {})
    if destinations:
        chosen["destinations"] = list(destinations)
    return {"stage": stage, "tessera": tree}


def for_this_machine(
    context: dict[str, Any], *, campaigns: bool, stream: bool = False, labels: bool = False
) -> dict[str, Any]:
    """Return a context without the console's stack, which needs a built page and CloudFront.

    No database is read either: AWS DMS is not here, and ``tessera run --from`` reads it.

    ``tessera console`` serves the page and the API on this machine.

    Parameters
    ----------
    context
        As of ``context_of``.
    campaigns
        Whether there are campaigns. Links of their messages have an origin of this machine, and no
        domain is warmed up.
    stream
        Whether there is an event stream. Its records need no more than one shard here.
    labels
        Whether its events move labels. Destinations that take single moves then get them.
    """
    chosen = context["tessera"]["stages"].setdefault(context["stage"], {})
    here: dict[str, dict[str, Any]] = {
        "console": {"enabled": False},
        "labels": {"enabled": stream and labels, "forward": []},
        "database": {"mode": "", "tables": [], "vpc_id": "", "aurora": False, "zero_etl": ""},
        "campaigns": {"enabled": campaigns, "links_origin": LINKS_ORIGIN, "warm_up_from": ""},
    }
    if stream and labels:
        here["labels"]["forward"] = sorted({*taking_moves()} & {*chosen.get("destinations", ())})
    if campaigns:
        here["campaigns"]["domain"] = _MAIL_DOMAIN
    if stream:
        here["stream"] = {"shards": 1, "origins": [PAGES_ORIGIN]}
    for name, settings in here.items():
        if isinstance(chosen.get(name, {}), dict):
            chosen[name] = {**chosen.get(name, {}), **settings}
    return context


def _digest(context: Mapping[str, Any]) -> str:
    asked = json.dumps(context, sort_keys=True)
    return hashlib.sha256(f"{sources_digest()} {asked}".encode()).hexdigest()[:16]


def sources_digest() -> str:
    """Return a hash of everything in the checkout that an assembly is made from."""
    digest = hashlib.sha256()
    for path in _sources():
        digest.update(f"{path.relative_to(ROOT)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _sources() -> Iterator[Path]:
    for name in _FILES:
        yield ROOT / name
    for folder in _SOURCES:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in _SUFFIXES and "__pycache__" not in path.parts:
                yield path
