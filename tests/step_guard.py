"""Watches what each step asks S3 and DynamoDB for, in the tests of its function or job.

A step that serves one tenant must name that tenant in each key, prefix and partition. A listing
above the folder of a tenant is refused too. So no test shows a step that reaches another tenant's
data, whichever test it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.client import BaseClient

from adapters.aws.logs import StepLog
from steps.isolation import BY_NAME, ONE, SCANNING
from tessera import naming

BROAD = "*"  # no tenant is named where one must be
_ROOTS = re.compile(
    rf"(?:{naming.TENANTS}|{naming.OPEN_PARTS}|{naming.LATEST_RUNS})(?P<tenant>[^/.]*)"
)
_OWNED = (naming.TENANTS, naming.OPEN_PARTS, naming.LATEST_RUNS, naming.UPLOADS)
_SHARED = re.compile(
    r"[A-Z]+(?:#.*)?"
)  # partitions by an id, such as KEY#1: no tenant is in capitals
_AFTER = re.compile(r"[#/].*", re.DOTALL)


def owner_of_key(key: str) -> str | None:
    """Return whose an object or a listing is. None for one that no tenant has."""
    if key.startswith(naming.UPLOADS):
        first, *below = key.removeprefix(naming.UPLOADS).split("/")
        if not first:
            return BROAD
        is_defaults = not below or first == naming.ATTRIBUTES_FOLDER
        return naming.DEFAULT_TENANT if is_defaults else first
    if match := _ROOTS.match(key):
        return match["tenant"] or BROAD
    return BROAD if any(root.startswith(key) for root in _OWNED) else None


def owner_of_partition(pk: str) -> str | None:
    """Return whose a partition is. None for one by an id."""
    return None if _SHARED.fullmatch(pk) else _AFTER.sub("", pk)


class StepGuard:
    """What the present step has asked for."""

    def __init__(self) -> None:
        self.owners: dict[str, str] = {}
        self.seen: dict[str, set[str]] = {}

    def begin(self) -> None:
        self.owners = {}

    def note(self, service: str, operation: str, given: dict[str, Any]) -> None:
        for what, owner in _owners(service, operation, given):
            if owner is not None:
                self.owners[f"{operation} {what}"] = owner

    def check(self, step: str, tenant: str) -> None:
        """Fail where a step that serves one tenant named another one, or none."""
        declared = BY_NAME.get(step)
        if declared is None or declared.serves != ONE or not tenant:
            return
        self.seen.setdefault(step, set()).update(self.owners.values())
        foreign = {what: owner for what, owner in self.owners.items() if owner != tenant}
        if declared.border == SCANNING:
            foreign.pop(f"Scan {BROAD}", None)
        assert not foreign, f"{step} works for {tenant!r} and asked for {foreign}"


def _owners(
    service: str, operation: str, given: dict[str, Any]
) -> Iterator[tuple[str, str | None]]:
    if service == "S3":
        deleted = [one["Key"] for one in given.get("Delete", {}).get("Objects", [])]
        named = [given[name] for name in ("Key", "Prefix") if name in given]
        for key in [*named, *deleted]:
            yield key, owner_of_key(key)
    elif service == "DynamoDB" and operation != "DescribeTable":
        for pk in partitions(given) or [BROAD]:
            yield pk, BROAD if pk == BROAD else owner_of_partition(pk)


def partitions(given: dict[str, Any]) -> list[str]:
    """Return the partitions that a call of DynamoDB names."""
    if "KeyConditionExpression" in given:
        name = given["KeyConditionExpression"].split(" = ")[1].split(" ")[0]
        return [given["ExpressionAttributeValues"][name]["S"]]
    items = [given[name] for name in ("Key", "Item") if name in given]
    for requests in given.get("RequestItems", {}).values():
        items += (
            requests["Keys"]
            if "Keys" in requests
            else [
                next(iter(one.values())).get("Item") or next(iter(one.values()))["Key"]
                for one in requests
            ]
        )
    return sorted({next(item[name] for name in ("pk", "tenant", "customer") if name in item)["S"]
                   for item in items})  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def step_guard() -> Iterator[StepGuard]:
    """Watch all steps of these tests."""
    guard = StepGuard()
    call, begin = BaseClient._make_api_call, StepLog.__init__
    decided, failed = StepLog.decided, StepLog.failed

    def noted(client: Any, operation: str, given: dict[str, Any]) -> Any:
        guard.note(client.meta.service_model.service_id, operation, given)
        return call(client, operation, given)

    def begun(log: StepLog, *args: Any, **named: Any) -> None:
        begin(log, *args, **named)
        guard.begin()

    def checked(log: StepLog, message: str, **facts: Any) -> None:
        guard.check(log._step, log._tenant)
        decided(log, message, **facts)

    def checked_too(log: StepLog, error: BaseException) -> None:
        guard.check(log._step, log._tenant)
        failed(log, error)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseClient, "_make_api_call", noted)
        patch.setattr(StepLog, "__init__", begun)
        patch.setattr(StepLog, "decided", checked)
        patch.setattr(StepLog, "failed", checked_too)
        yield guard
