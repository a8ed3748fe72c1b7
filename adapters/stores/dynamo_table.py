"""A table of DynamoDB: its client, and its errors in our words."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from adapters.aws import clients
from adapters.aws.errors import code_of, translated

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_CONDITION = "ConditionalCheckFailedException"


class ConditionFailed(Exception):  # noqa: N818 (a signal between stores and their table)
    """The condition of a write did not hold."""


class DynamoTable:
    """A table.

    Parameters
    ----------
    table
        Its name.
    dynamodb
        A client. By default for the environment's credentials and region.

    Raises
    ------
    InvalidInput
        There is no such table.
    Refused
        DynamoDB denied the call.
    Retryable
        DynamoDB was busy or could not be reached.
    """

    def __init__(self, table: str, *, dynamodb: DynamoDBClient | None = None) -> None:
        self.table = table
        self._given = dynamodb

    @functools.cached_property
    def _dynamodb(self) -> DynamoDBClient:
        """The client, made when it is first needed: many calls of a function need none."""
        return self._given or clients.dynamodb()

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        """Translate the errors of a call. A condition that fails is ``ConditionFailed``."""
        what, missing = self._words()
        with translated("DynamoDB", what=what, missing=missing):
            try:
                yield
            except ClientError as error:
                if code_of(error) != _CONDITION:
                    raise
                raise ConditionFailed from error

    def _words(self) -> tuple[str, str]:
        """Return what messages call the table, and the message where there is none."""
        return f"table {self.table!r}", f"there is no table {self.table!r}: deploy again"
