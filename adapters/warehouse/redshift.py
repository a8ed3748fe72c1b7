"""Redshift Serverless by its Data API: statements, and the limit of what they may use."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from adapters.aws.errors import translated
from tessera.errors import InvalidInput, Retryable
from tessera.warehouse.redshift.statements import Statement

_DONE, _FAILED, _ABORTED = "FINISHED", "FAILED", "ABORTED"
_EXISTS = "already exists"
_POLL_SECONDS = 2.0
_SERVICE = "Redshift"
_MISSING = "the warehouse is not there: deploy its stack again"


class DataApi:
    """Runs statements on a workgroup, one after the other.

    Parameters
    ----------
    client
        Of the Data API.
    workgroup, database
        Where they run.
    sleep, clock
        Wait, and the seconds of a clock that only goes on.
    budget_seconds
        How long all of them may take.
    """

    def __init__(
        self, client: Any, *, workgroup: str, database: str, budget_seconds: float,
        sleep: Callable[[float], None] = time.sleep, clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        self._client = client
        self._place = {"WorkgroupName": workgroup, "Database": database}
        self._sleep, self._clock = sleep, clock
        self._ends = clock() + budget_seconds

    def run(self, statement: Statement) -> None:
        """Run a statement and wait for its end.

        Raises
        ------
        InvalidInput
            Redshift refuses it. The message has its words.
        Retryable
            It still runs when the time is over. It may be run again.
        """
        self._finished(statement)

    def query(self, statement: Statement) -> list[tuple[str, ...]]:
        """Run a statement that only reads. Return its rows as texts, empty for NULL.

        Raises what ``run`` does.
        """
        id_ = self._finished(statement)
        what = f"the rows of {statement.name!r}"
        with translated(_SERVICE, what=what, missing=_MISSING):
            pages = self._client.get_paginator("get_statement_result").paginate(Id=id_)
            return [tuple(map(_cell, row)) for page in pages for row in page["Records"]]

    def _finished(self, statement: Statement) -> str:
        """Run a statement to its end. Return its id."""
        what = f"the statement {statement.name!r}"
        with translated(_SERVICE, what=what, missing=_MISSING):
            id_ = self._start(statement)
            while True:
                now = self._client.describe_statement(Id=id_)
                if now["Status"] == _DONE:
                    return id_
                if now["Status"] in (_FAILED, _ABORTED):
                    break
                if self._clock() > self._ends:
                    raise Retryable(f"{what} still runs: it is run again at the next time")
                self._sleep(_POLL_SECONDS)
        words = str(now.get("Error", "it gives no reason"))
        if not (statement.once and _EXISTS in words):
            raise InvalidInput(f"Redshift could not run {what}: {words}")
        return id_

    def _start(self, statement: Statement) -> str:
        named = {**self._place, "StatementName": f"tessera {statement.name}"[:500]}
        if len(statement.texts) == 1:
            return str(self._client.execute_statement(**named, Sql=statement.texts[0])["Id"])
        # All of a batch is one transaction.
        return str(self._client.batch_execute_statement(**named, Sqls=[*statement.texts])["Id"])


def _cell(field: Mapping[str, Any]) -> str:
    """Return a value, of which the Data API names the kind."""
    [(kind, value)] = field.items()
    return "" if kind == "isNull" else str(value)


class UsageLimit:
    """The RPU-hours that a workgroup may use in a month. Then it refuses queries."""

    def __init__(self, client: Any, *, workgroup_arn: str) -> None:
        self._client = client
        self._arn = workgroup_arn

    def ensure(self, hours: int) -> bool:
        """Make the limit be this many RPU-hours a month. Return whether anything changed."""
        kind = {"resourceArn": self._arn, "usageType": "serverless-compute"}
        with translated(_SERVICE, what="the usage limit of the warehouse", missing=_MISSING):
            limits = self._client.list_usage_limits(**kind).get("usageLimits", [])
            mine = [one for one in limits if one["period"] == "monthly"]
            if not mine:
                self._client.create_usage_limit(
                    **kind, amount=hours, period="monthly", breachAction="deactivate"
                )
                return True
            wanted = (hours, "deactivate")
            if (mine[0]["amount"], mine[0]["breachAction"]) == wanted:
                return False
            self._client.update_usage_limit(
                usageLimitId=mine[0]["usageLimitId"], amount=hours, breachAction="deactivate"
            )
            return True
