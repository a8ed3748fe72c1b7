"""Deploy a cloud assembly: publish its assets, create its stacks in order."""

from __future__ import annotations

import io
import json
import os
import py_compile
import sys
import tempfile
import threading
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from moto.awslambda.models import lambda_backends
from moto.stepfunctions.parser.models import stepfunctions_parser_backends

from local.aws import stacks
from local.aws.functions.lambdas import LambdaRuntime
from local.aws.states import parsing
from local.aws.warming import Warming


class DeployError(Exception):
    """A stack could not be created. The message says which resource and why."""


def deploy(
    assembly: Path,
    *,
    client: Callable[[str], Any],
    lambdas: LambdaRuntime,
    warming: Warming | None,
    secrets: Mapping[str, str],
    account: str,
    region: str,
) -> dict[str, dict[str, str]]:
    """Create every stack of an assembly.

    Parameters
    ----------
    assembly
        The folder that ``cdk synth`` wrote.
    client
        Makes a boto3 client of a service.
    lambdas
        Gets the path of functions' code, so that it need not be unpacked.
    warming
        Starts processes before they are needed. None: nothing is started ahead.
    secrets
        Texts of secrets that would be generated, by the start of their logical ids.
    account, region
        What the template's pseudo parameters mean.

    Returns
    -------
    dict
        Stack name to its outputs.

    Raises
    ------
    DeployError
        A template has something that embedded AWS does not know, or a resource failed.
    """
    ordered = list(_stacks(assembly))
    templates = {name: json.loads(path.read_text()) for name, path, _ in ordered}
    for name, template in templates.items():
        unknown = stacks.unknown(template)
        if unknown:
            raise DeployError(
                f"embedded AWS does not know {len(unknown)} thing(s) in stack {name}: "
                f"{'; '.join(unknown)}. Teach local/aws/resources"
            )
    publisher = _Publisher(
        assembly, client("s3"), lambdas, keys=set(_function_keys(templates.values())),
        account=account, region=region,
    )  # fmt: skip
    for _, _, assets in ordered:
        publisher.publish(assets)
    if warming is not None:
        warming.begin(templates.values())
    exports: dict[str, Any] = {}
    try:
        with parsing.kept_in(assembly):
            outputs = {
                name: stacks.Stack(
                    name, template, exports=exports, client=client, secrets=secrets
                ).create()
                for name, template in templates.items()
            }
    except stacks.StackError as error:
        raise DeployError(str(error)) from error
    if warming is not None:
        functions = lambda_backends[account][region].list_functions()
        for machine in stepfunctions_parser_backends[account][region].state_machines:
            warming.go_on(machine.name, json.loads(machine.definition), functions)
    return outputs


def _stacks(assembly: Path) -> Iterator[tuple[str, Path, Path]]:
    """Yield (name, template, assets file) of each stack, after those that it depends on."""
    manifest = json.loads((assembly / "manifest.json").read_text())["artifacts"]
    waiting = {id_ for id_, item in manifest.items() if item["type"] == "aws:cloudformation:stack"}
    done: set[str] = set()

    def ready(id_: str) -> bool:
        return not (set(manifest[id_].get("dependencies", [])) & waiting)

    while waiting:
        id_ = next(id_ for id_ in manifest if id_ in waiting and ready(id_))
        waiting.discard(id_)
        done.add(id_)
        properties = manifest[id_]["properties"]
        name = properties.get("stackName", id_)
        yield name, assembly / properties["templateFile"], assembly / f"{id_}.assets.json"


def _function_keys(templates: Iterable[dict[str, Any]]) -> Iterator[str]:
    for template in templates:
        for resource in template["Resources"].values():
            if resource["Type"] == "AWS::Lambda::Function":
                yield resource["Properties"]["Code"].get("S3Key", "")


class _Publisher:
    """Puts file assets where the templates expect them.

    Functions run from the asset's own folder, so what S3 has for them is only a stand-in: each
    function would otherwise hold a copy of all code.
    """

    def __init__(
        self,
        assembly: Path,
        s3: Any,
        lambdas: LambdaRuntime,
        *,
        keys: set[str],
        account: str,
        region: str,
    ) -> None:
        self._keys = keys
        self._assembly = assembly
        self._s3 = s3
        self._lambdas = lambdas
        self._values = {"AccountId": account, "Region": region, "Partition": "aws"}
        self._buckets: set[str] = set()
        self._done: set[tuple[str, str]] = set()

    def publish(self, assets: Path) -> None:
        """Publish what one stack's assets file lists."""
        if not assets.exists():
            return
        for asset in json.loads(assets.read_text())["files"].values():
            source = self._assembly / asset["source"]["path"]
            if asset["source"]["path"].endswith(".template.json"):
                continue  # CreateStack gets the template itself
            for destination in asset["destinations"].values():
                bucket = self._filled(destination["bucketName"])
                self._put(bucket, self._filled(destination["objectKey"]), source)

    def _put(self, bucket: str, key: str, source: Path) -> None:
        if (bucket, key) in self._done:
            return
        self._done.add((bucket, key))
        if bucket not in self._buckets:
            self._s3.create_bucket(Bucket=bucket)
            self._buckets.add(bucket)
        if source.is_dir() and key in self._keys:
            self._lambdas.publish(bucket, key, source)
            body = _stand_in(source)
        elif source.is_dir():
            body = packed(source)
        else:
            body = source.read_bytes()
        self._s3.put_object(Bucket=bucket, Key=key, Body=body)

    def _filled(self, text: str) -> str:
        for name, value in self._values.items():
            text = text.replace(f"${{AWS::{name}}}", value)
        return text


def _stand_in(folder: Path) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("runs-from.txt", folder.name)
    return buffer.getvalue()


def packed(folder: Path) -> bytes:
    """Return a folder as a zip, kept beside it: a cached assembly packs once.

    Modules are compiled on the way in, since Python keeps no bytecode of what it reads from a zip.
    Compiled libraries are omitted: they are the containers', and this Python has its own.
    """
    kept = folder.with_name(f"{folder.name}.{sys.implementation.cache_tag}.zip")
    if not kept.exists():
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for path in sorted(folder.rglob("*")):
                if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".so":
                    _pack(archive, path, path.relative_to(folder))
        # Two processes may pack at once: each writes its own file, and either result will do.
        fresh = kept.with_suffix(f".{os.getpid()}-{threading.get_ident()}.new")
        fresh.write_bytes(buffer.getvalue())
        fresh.replace(kept)
    return kept.read_bytes()


def _pack(archive: zipfile.ZipFile, path: Path, name: Path) -> None:
    archive.write(path, name)
    if path.suffix == ".py":
        with tempfile.NamedTemporaryFile(suffix=".pyc") as compiled:
            unchecked = py_compile.PycInvalidationMode.UNCHECKED_HASH
            py_compile.compile(
                str(path), cfile=compiled.name, dfile=str(name), invalidation_mode=unchecked
            )
            archive.write(compiled.name, name.with_suffix(".pyc"))
